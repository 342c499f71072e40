"""`/counters`: every portal's visitor counter over time, and where its numbers contradict themselves."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from portal_archive.archive.counters.marks import Mark, Reading, marks
from portal_archive.model import messages
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import counter_charts, formats
from portal_archive.publish.parts.counter_charts import chart
from portal_archive.vietnamese.folding import sort_key

_MARKS_SHOWN = 12
# The charts go back a year, day by day; contradictions are looked for in the newest readings, page by page.
_DAYS = 366
_READINGS = 3000
_ROWS_SHOWN = 31
_COUNTERS = """
SELECT p.name, p.title, count(*) AS readings, min(r.read_at) AS first, max(r.read_at) AS last,
       (SELECT reasons FROM counter_readings WHERE portal = p.name ORDER BY read_at DESC LIMIT 1) AS reasons
FROM counter_readings r JOIN portals p ON p.name = r.portal GROUP BY p.name
"""


def _read(db: sqlite3.Connection) -> list[tuple[sqlite3.Row, list[Reading], list[Mark]]]:
    rows = sorted(db.execute(_COUNTERS).fetchall(), key=lambda row: sort_key(row["title"]))
    return [
        (
            row,
            counter_charts.last_of_days(db, row["name"], _DAYS),
            marks(counter_charts.newest(db, row["name"], _READINGS)),
        )
        for row in rows
    ]


async def counters(ctx: PageContext) -> Any:
    """Show every counter."""
    found = await ctx.read(_read)
    return await ctx.page(
        "room_counters.html",
        title=ctx.t("counters.title"),
        counters=[_counter(ctx, *one) for one in found],
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
