"""A portal's counter readings as they are stored, and the contradictions that are found in them.

Contradictions are looked for in a year of readings at a time, back from the newest: what is usual for a counter, and
how seldom chance would do something, are judged by the year it happened in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from portal_archive.archive.counters.marks import Mark, Reading, marks
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import rows

A_YEAR = 366
MEASURES = (
    *("online", "members", "bots", "guests", "today", "yesterday", "week", "last_week"),
    *("month", "last_month", "year", "last_year", "total"),
)
_COLUMNS = "id, read_at, url, today, month, year, total"
# One reading a day, the last. SQLite takes bare columns from the row that max() chose.
_LAST_OF_DAYS = f"""
SELECT {_COLUMNS}, max(read_at) FROM counter_readings
WHERE portal = ?1 AND total IS NOT NULL AND read_at >= strftime('%Y-%m-%dT%H:%M:%SZ',
      (SELECT max(read_at) FROM counter_readings WHERE portal = ?1), ?2)
GROUP BY date(read_at, '+7 hours') ORDER BY read_at
"""
# What can hold a contradiction: the first reading of every hour, and those that contradict themselves or the one
# before or after. A crawl reads the counter on every page.
_TELLING = f"""
WITH readings AS (
    SELECT {_COLUMNS}, substr(read_at, 1, 13) AS hour, substr(datetime(read_at, '+7 hours'), 1, 7) AS calendar,
           count(*) OVER (PARTITION BY substr(read_at, 1, 13)) AS pages
    FROM counter_readings WHERE portal = ? AND read_at >= ? AND read_at <= ?
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
    return [_reading(row) for row in rows(db, _LAST_OF_DAYS, portal, f"-{days} days")]


def contradictions(db: sqlite3.Connection, path: str, portal: str) -> list[Mark]:
    """Return where the portal's counter contradicts itself in its newest year; `path` names the archive."""
    newest = db.execute("SELECT max(id) FROM counter_readings WHERE portal = ?", [portal]).fetchone()[0]
    if newest is None:
        return []
    known = _FOUND.get((path, portal))
    if known is None or known[0] != newest:
        known = _FOUND[path, portal] = newest, next(_by_year(db, portal))
    return known[1]


def every_contradiction(db: sqlite3.Connection, portal: str) -> list[Mark]:
    """Return where the portal's counter contradicts itself in all its readings, in order of time."""
    return [mark for year in reversed([*_by_year(db, portal)]) for mark in year]


# Contradictions of a portal's counter by reading and measure.
Known = dict[str, dict[tuple[int, str], list[Mark]]]


def define_functions(db: sqlite3.Connection, found: Known | None = None) -> None:
    """Give a connection SQL functions for contradictions; they keep in `found` what they found before.

    `counter_contradictions(portal)` is a JSON array of objects: reading_id, measure, kind, details;
    `counter_marks(portal, reading_id, measure)` one of the kinds at that number, NULL where there is none.
    """
    known = {} if found is None else found

    def of(portal: str) -> dict[tuple[int, str], list[Mark]]:
        if portal not in known:
            known[portal] = {}
            for mark in every_contradiction(db, portal):
                known[portal].setdefault((mark.reading.id, measure(mark)), []).append(mark)
        return known[portal]

    def all_of(portal: str) -> str:
        return json.dumps(
            [
                {"reading_id": number, "measure": name, "kind": kind(mark), "details": mark.values}
                for (number, name), here in of(portal).items()
                for mark in here
            ]
        )

    def at(portal: str, reading_id: int, name: str) -> str | None:
        here = of(portal).get((reading_id, name))
        return json.dumps([kind(mark) for mark in here]) if here else None

    db.create_function("counter_contradictions", 1, all_of)
    db.create_function("counter_marks", 3, at)


def kind(mark: Mark) -> str:
    """Return the name of a contradiction: "total_fell"."""
    return mark.kind.removeprefix("mark.")


def measure(mark: Mark) -> str:
    """Return which number of a reading contradicts another."""
    name = kind(mark).partition("_")[0]
    return name if name in MEASURES else "total"


def _by_year(db: sqlite3.Connection, portal: str) -> Iterator[list[Mark]]:
    """Give the contradictions of a year of readings, the newest year first."""
    first, last = db.execute(
        "SELECT min(read_at), max(read_at) FROM counter_readings WHERE portal = ?", [portal]
    ).fetchone()
    while last is not None and first <= last:
        start = to_text(from_text(last) - timedelta(days=A_YEAR))
        found = rows(db, _TELLING, portal, start, last)
        yield marks([_reading(row, row["pages"]) for row in found])
        last = to_text(from_text(start) - timedelta(seconds=1))


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
