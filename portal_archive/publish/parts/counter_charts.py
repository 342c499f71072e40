"""A portal's counter readings: reading them from the archive, and drawing them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from portal_archive.archive.counters.marks import Mark, Reading, by_day, marks
from portal_archive.archive.moments import from_text
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import charts, formats

# Charts and contradictions go back so many days.
A_YEAR = 366
_COLUMNS = "id, read_at, url, today, month, year, total"
# One reading a day, the last. SQLite takes bare columns from the row that max() chose.
_LAST_OF_DAYS = f"""
SELECT {_COLUMNS}, max(read_at) FROM counter_readings
WHERE portal = :portal AND total IS NOT NULL AND read_at >= strftime('%Y-%m-%dT%H:%M:%SZ',
      (SELECT max(read_at) FROM counter_readings WHERE portal = :portal), :days)
GROUP BY date(read_at, '+7 hours') ORDER BY read_at
"""
# What can hold a contradiction: the first reading of every hour, and those that contradict themselves or the one
# before or after. A crawl reads the counter on every page.
_TELLING = f"""
WITH readings AS (
    SELECT {_COLUMNS}, substr(read_at, 1, 13) AS hour, substr(datetime(read_at, '+7 hours'), 1, 7) AS calendar,
           count(*) OVER (PARTITION BY substr(read_at, 1, 13)) AS pages
    FROM counter_readings WHERE portal = :portal AND read_at >= strftime('%Y-%m-%dT%H:%M:%SZ',
         (SELECT max(read_at) FROM counter_readings WHERE portal = :portal), :days)
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY hour, total IS NULL ORDER BY read_at, id) AS place,
           lag(total) OVER in_time AS total_before, lead(total) OVER in_time AS total_after,
           lag(calendar) OVER in_time AS calendar_before, lead(calendar) OVER in_time AS calendar_after
    FROM readings WINDOW in_time AS (ORDER BY read_at, id)
)
SELECT {_COLUMNS}, iif(total IS NOT NULL AND place = 1, pages, 0) AS pages FROM placed
WHERE (total IS NOT NULL AND place = 1) OR today > coalesce(month, year, total) OR month > coalesce(year, total)
   OR year > total OR total < total_before OR total_after < total
   OR calendar <> calendar_before OR calendar <> calendar_after
ORDER BY read_at, id
"""
# Contradictions of a year, by archive and portal, with the newest reading they were looked for in.
_FOUND: dict[tuple[str, str], tuple[int, list[Mark]]] = {}


def last_of_days(db: sqlite3.Connection, portal: str, days: int) -> list[Reading]:
    """Return the last reading with a total of each of the portal's newest `days` days, in order of time."""
    return [_reading(row) for row in db.execute(_LAST_OF_DAYS, {"portal": portal, "days": f"-{days} days"})]


def contradictions(db: sqlite3.Connection, path: str, portal: str) -> list[Mark]:
    """Return where the portal's counter contradicts itself in its newest year; `path` names the archive."""
    newest = db.execute("SELECT max(id) FROM counter_readings WHERE portal = ?", [portal]).fetchone()[0]
    if newest is None:
        return []
    known = _FOUND.get((path, portal))
    if known is None or known[0] != newest:
        rows = db.execute(_TELLING, {"portal": portal, "days": f"-{A_YEAR} days"})
        known = _FOUND[path, portal] = newest, marks([_reading(row, row["pages"]) for row in rows])
    return known[1]


def _reading(row: sqlite3.Row, pages: int = 1) -> Reading:
    return Reading(
        id=row["id"],
        read_at=from_text(row["read_at"]),
        url=row["url"],
        today=row["today"],
        month=row["month"],
        year=row["year"],
        total=row["total"],
        pages=pages,
    )


def chart(
    ctx: PageContext, name: str, title: str, readings: Sequence[Reading], found: Sequence[Mark] | None = None
) -> dict[str, Any]:
    """Return what the template of a counter shows: charts of visits a day and of the total, marks, table.

    `readings` are in order of time; `found` are marks from more readings than these, if there are any.
    """
    days = by_day(readings)
    found = marks(readings) if found is None else found
    marked: dict[Any, Mark] = {mark.reading.day: mark for mark in found}
    shown = [(day, formats.day(day.day.isoformat())) for day in days]
    visits = [
        charts.Point(
            day.day.toordinal(),
            day.visits,
            ctx.t("counters.label", day=label, n=round(day.visits)),
            day.day in marked,
        )
        for day, label in shown
        if day.visits is not None
    ]
    totals = [
        charts.Point(
            day.day.toordinal(),
            day.total,
            ctx.t("counters.label", day=label, n=day.total),
            day.day in marked,
        )
        for day, label in shown
    ]
    ends = (shown[0][1], shown[-1][1]) if shown else ("", "")
    return {
        "name": name,
        "title": title,
        "url": ctx.url("/counters") + f"#{name}",
        "portal_url": ctx.url(f"/portal/{name}"),
        "total": ctx.number(days[-1].total) if days else None,
        "visits": charts.bars(visits, f"{title}: {ctx.t('counters.per_day')}", ends),
        "totals": charts.line(totals, f"{title}: {ctx.t('counters.total')}", ends),
        "marks": [
            {
                "when": formats.minute(mark.reading.read_at.isoformat()),
                "text": sentence(ctx, mark),
                "row": ctx.table_url("counter_readings") + f"/{mark.reading.id}",
            }
            for mark in found
        ],
        "rows": [
            {
                "day": label,
                "total": ctx.number(day.total),
                "visits": ctx.number(None if day.visits is None else round(day.visits)),
                "mark": sentence(ctx, marked[day.day]) if day.day in marked else "",
            }
            for day, label in reversed(shown)
        ],
    }


def sentence(ctx: PageContext, mark: Mark) -> str:
    """Return a contradiction in words."""
    return ctx.t(mark.kind, **mark.values)
