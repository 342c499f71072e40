"""`/counters`: every portal's visitor counter over time, and where its numbers contradict themselves."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import Any

from portal_archive.archive.counters.marks import Mark, Reading
from portal_archive.model import messages
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import counter_charts, formats
from portal_archive.publish.parts.counter_charts import chart
from portal_archive.vietnamese.folding import sort_key

_MARKS_SHOWN = 12
_ROWS_SHOWN = 31
_COUNTERS = """
SELECT p.name, p.title, count(*) AS readings, min(r.read_at) AS first, max(r.read_at) AS last,
       (SELECT reasons FROM counter_readings WHERE portal = p.name ORDER BY read_at DESC LIMIT 1) AS reasons
FROM counter_readings r JOIN portals p ON p.name = r.portal GROUP BY p.name
"""


def _read(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return sorted(db.execute(_COUNTERS).fetchall(), key=lambda row: sort_key(row["title"]))


def _read_one(db: sqlite3.Connection, path: str, name: str) -> tuple[list[Reading], list[Mark]]:
    found = counter_charts.contradictions(db, path, name)
    return counter_charts.last_of_days(db, name, counter_charts.A_YEAR), found


async def counters(ctx: PageContext) -> Any:
    """Show every counter."""
    path = ctx.archive_path
    counters = []
    for row in await ctx.read(_read):
        readings, found = await ctx.read(partial(_read_one, path=path, name=row["name"]))
        counters.append(await ctx.compute(partial(_counter, ctx, row, readings, found)))
    return await ctx.page(
        "room_counters.html",
        title=ctx.t("counters.title"),
        counters=counters,
    )


def _counter(
    ctx: PageContext, row: sqlite3.Row, readings: list[Reading], found: list[Mark]
) -> dict[str, Any]:
    drawn = chart(ctx, row["name"], row["title"], readings, found)
    why = json.loads(row["reasons"]).get("total", "unknown")
    shown, rows = drawn["marks"], drawn["rows"]
    return {
        **drawn,
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
