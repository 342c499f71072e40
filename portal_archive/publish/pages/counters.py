"""`/counters`: every portal's visitor counter over time, and where its numbers contradict themselves.

`/counters.csv`, `.json`, `.jsonl` are all readings in long form, with their contradictions; `/counters/marks.csv` ...
the contradictions alone. `?portal=NAME` narrows either.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from portal_archive.archive.counters import series
from portal_archive.archive.counters.marks import Mark, Reading
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.model import messages
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats
from portal_archive.publish.parts.counter_charts import chart
from portal_archive.publish.parts.counter_comparison import MOST, articles_chart, comparison, published
from portal_archive.publish.parts.downloads import Download, Part
from portal_archive.publish.parts.feeds import absolute
from portal_archive.vietnamese.folding import sort_key

_MARKS_SHOWN = 12
_READINGS_A_PART = 500
_ROWS_SHOWN = 31
_COUNTERS = """
SELECT p.name, p.title, count(*) AS readings, min(r.read_at) AS first, max(r.read_at) AS last,
       (SELECT reasons FROM counter_readings WHERE portal = p.name ORDER BY read_at DESC LIMIT 1) AS reasons
FROM counter_readings r JOIN portals p ON p.name = r.portal GROUP BY p.name
"""


def _read(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return sorted(db.execute(_COUNTERS).fetchall(), key=lambda row: sort_key(row["title"]))


@dataclass(frozen=True, slots=True)
class _One:
    readings: list[Reading]
    marks: list[Mark]
    published: dict[date, int]


def _read_one(db: sqlite3.Connection, path: str, name: str) -> _One:
    readings = series.last_of_days(db, name, series.A_YEAR)
    days = [reading.day.toordinal() for reading in readings]
    return _One(readings, series.contradictions(db, path, name), published(db, name, days))


async def counters(ctx: PageContext) -> Any:
    """Show every counter."""
    path = ctx.archive_path
    counters = []
    for row in await ctx.read(_read):
        found = await ctx.read(partial(_read_one, path=path, name=row["name"]))
        counters.append(await ctx.compute(partial(_counter, ctx, row, found)))
    chosen = ctx.request.args.getlist("with")[: len(counters)]
    compared = [one for one in counters if one["name"] in chosen]
    return await ctx.page(
        "room_counters.html",
        title=ctx.t("counters.title"),
        counters=counters,
        chosen=chosen,
        most=MOST,
        comparison=await ctx.compute(lambda: comparison(ctx, compared)),
    )


def _counter(ctx: PageContext, row: sqlite3.Row, found: _One) -> dict[str, Any]:
    drawn = chart(ctx, row["name"], row["title"], found.readings, found.marks)
    why = json.loads(row["reasons"]).get("total", "unknown")
    shown, rows = drawn["marks"], drawn["rows"]
    return {
        **drawn,
        "articles": articles_chart(ctx, row["title"], found.published, drawn["days"]),
        "marks_url": ctx.url("/counters/marks.csv", [("portal", row["name"])]),
        "readings": ctx.t(
            "counters.readings",
            n=row["readings"],
            first=formats.day(row["first"]),
            last=formats.day(row["last"]),
        ),
        "marks": shown[-_MARKS_SHOWN:],
        "more_marks": ctx.t("counters.marks_more", n=len(shown) - _MARKS_SHOWN)
        if len(shown) > _MARKS_SHOWN
        else "",
        "rows": rows[:_ROWS_SHOWN],
        "no_total": ctx.t("counters.no_total", why=_reason(ctx, why)),
        "csv_url": ctx.table_url(
            "counters_by_day", [("portal", row["name"]), ("_size", "max"), ("_dl", "1")], "csv"
        ),
        "all_url": ctx.table_url("counter_readings", [("portal", row["name"]), ("_sort_desc", "id")]),
    }


def _reason(ctx: PageContext, why: str) -> str:
    key = f"reason.{why}"
    return ctx.t(key) if messages.known(key) else why


async def download(ctx: PageContext) -> Any:
    """Answer with all readings as a series: a row for each number, with its contradictions."""
    return Download(ctx, ctx.request.url_vars["form"], "counters", _series_of(ctx))


async def download_marks(ctx: PageContext) -> Any:
    """Answer with all contradictions."""
    read = partial(_marks, ctx.arg("portal"), absolute(ctx, "/").rstrip("/"))
    return Download(ctx, ctx.request.url_vars["form"], "counter_marks", read)


def _portals(db: sqlite3.Connection, portal: str) -> list[str]:
    """Return the portals with readings, all or the one that is asked for."""
    found = db.execute("SELECT name FROM portals ORDER BY name").fetchall()
    return [row[0] for row in found if portal in ("", row[0])]


def _series_of(ctx: PageContext) -> Callable[[Any, sqlite3.Connection], Part]:
    known: series.Known = {}
    return partial(_series, ctx.arg("portal"), absolute(ctx, "/").rstrip("/"), known)


def _series(
    portal: str, address: str, known: series.Known, then: tuple[str, int] | None, db: sqlite3.Connection
) -> Part:
    """Read a part of a portal's readings, whose place is the portal and the reading before."""
    export = EXPORTS["counter_series"]
    series.define_functions(db, known)
    columns = export.columns(db, address)
    portals = _portals(db, portal)
    here, before = then or (portals[0] if portals else "", 0)
    numbers = db.execute(
        "SELECT id FROM counter_readings WHERE portal = ? AND id > ? ORDER BY id LIMIT ?",
        [here, before, _READINGS_A_PART],
    ).fetchall()
    last = numbers[-1][0] if numbers else before
    rows = db.execute(
        f"SELECT {', '.join(columns.values())} FROM {export.rows}"
        f" WHERE t.portal = ? AND t.reading_id > ? AND t.reading_id <= ? ORDER BY {export.order}",
        [here, before, last],
    ).fetchall()
    following = next((name for name in portals if name > here), None)
    place = (here, last) if len(numbers) == _READINGS_A_PART else following and (following, 0)
    return Part(list(columns), [tuple(row) for row in rows], place)


def _marks(portal: str, address: str, then: str | None, db: sqlite3.Connection) -> Part:
    """Read the contradictions of one portal, whose place is its name."""
    export = EXPORTS["counter_marks"]
    series.define_functions(db)
    columns = export.columns(db, address)
    portals = _portals(db, portal)
    here = then or (portals[0] if portals else "")
    rows = db.execute(
        f"SELECT {', '.join(columns.values())} FROM {export.rows} WHERE t.portal = ? ORDER BY {export.order}",
        [here],
    ).fetchall()
    return Part(
        list(columns), [tuple(row) for row in rows], next((name for name in portals if name > here), None)
    )
