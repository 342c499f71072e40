"""`/portal/NAME`: what a portal is, how much of it the archive holds, and what happened to it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from portal_archive.archive.counters import series
from portal_archive.archive.counters.marks import Mark, Reading
from portal_archive.model import messages
from portal_archive.model.kinds import PortalState
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.parts import cards, charts, counter_charts, formats, portals, tampering
from portal_archive.publish.parts.cards import card, change_words

_LINES = 8
_PROBLEMS = 20
_CHART_DAYS = 90

_MONTHS = """
SELECT substr(published_at, 1, 7) AS month, count(*) AS articles FROM articles WHERE portal = ? GROUP BY month
"""
_NEWEST = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN} WHERE a.portal = ?
ORDER BY a.published_at DESC LIMIT {_LINES}
"""
# CROSS JOIN and the plus keep SQLite at the few that changed or went, away from all articles of the portal.
_CHANGED = f"""
SELECT {cards.COLUMNS}, v.changed, v.old_changed
FROM versions v CROSS JOIN articles a ON a.id = v.article_id {cards.JOIN}
WHERE v.version > 1 AND a.portal = ? ORDER BY v.first_seen DESC LIMIT {_LINES}
"""
_GONE = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN}
WHERE a.gone_at IS NOT NULL AND a.came_back_at IS NULL AND +a.portal = ? ORDER BY a.gone_at DESC LIMIT {_LINES}
"""
_OPEN_PROBLEMS = f"""
SELECT kind, field, count(*) AS pages, min(url) AS example, max(last_seen) AS last_seen FROM problems
WHERE portal = ? AND closed_at IS NULL GROUP BY kind, field ORDER BY pages DESC LIMIT {_PROBLEMS}
"""


@dataclass(frozen=True, slots=True)
class _Found:
    portal: sqlite3.Row
    months: list[tuple[str | None, int]]
    ends: sqlite3.Row
    newest: list[sqlite3.Row]
    changed: list[sqlite3.Row]
    gone: list[sqlite3.Row]
    tampered: list[sqlite3.Row]
    problems: list[sqlite3.Row]
    readings: list[Reading]
    marks: list[Mark]


def _read(db: sqlite3.Connection, path: str, name: str) -> _Found:
    row = db.execute(f"{portals.SQL} WHERE p.name = ?", [name]).fetchone()
    if row is None:
        raise MissingError
    readings = series.last_of_days(db, name, _CHART_DAYS)
    found = series.contradictions(db, path, name) if readings else []
    return _Found(
        portal=row,
        months=[(month, articles) for month, articles in db.execute(_MONTHS, [name])],
        ends=db.execute(
            "SELECT min(published_at) AS first, max(published_at) AS last FROM articles WHERE portal = ?",
            [name],
        ).fetchone(),
        newest=db.execute(_NEWEST, [name]).fetchall(),
        changed=db.execute(_CHANGED, [name]).fetchall(),
        gone=db.execute(_GONE, [name]).fetchall(),
        tampered=tampering.recent(db, _LINES, portal=name),
        problems=db.execute(_OPEN_PROBLEMS, [name]).fetchall(),
        readings=readings,
        marks=[mark for mark in found if mark.reading.day >= readings[0].day],
    )


async def portal(ctx: PageContext) -> Any:
    """Show a portal."""
    name = ctx.request.url_vars["name"]
    found = await ctx.read(lambda db: _read(db, ctx.archive_path, name))
    row = found.portal
    summary = portals.summary(ctx, row, sum(count for _, count in found.months), datetime.now(UTC))
    return await ctx.page(
        "room_portal.html",
        title=row["title"],
        portal=summary,
        facts=_facts(ctx, row, summary),
        note=row["note"],
        home_url=row["home_url"],
        is_live=row["health"] != PortalState.HIJACKED,
        months=_coverage(ctx, found.months),
        coverage=ctx.t(
            "portal.coverage_range",
            first=formats.day(found.ends["first"]),
            last=formats.day(found.ends["last"]),
            undated=sum(count for month, count in found.months if month is None),
        )
        if found.ends["first"]
        else "",
        newest=[card(ctx, item, with_portal=False) for item in found.newest],
        changed=[card(ctx, item, change_words(ctx, item), with_portal=False) for item in found.changed],
        gone=[card(ctx, item, with_portal=False) for item in found.gone],
        tampered=[tampering.card(ctx, item, with_portal=False) for item in found.tampered],
        tampered_url=ctx.url("/findings", [("portal", name)]),
        problems=[
            {
                "kind": " · ".join(part for part in (item["kind"], item["field"]) if part),
                "pages": ctx.number(item["pages"]),
                "example": item["example"],
                "last_seen": formats.minute(item["last_seen"]),
            }
            for item in found.problems
        ],
        problems_url=ctx.table_url("problems", [("portal", name), ("closed_at__isnull", "1")]),
        counter=counter_charts.chart(ctx, name, row["title"], found.readings, found.marks)
        if found.readings
        else None,
        search_url=ctx.url("/search", [("portal", name)]),
        gone_url=ctx.url("/changes", [("kind", "gone"), ("portal", name)]),
        changed_url=ctx.url("/changes", [("kind", "changed"), ("portal", name)]),
        feed_url=ctx.url("/changes.atom", [("portal", name)]),
    )


def _facts(ctx: PageContext, row: sqlite3.Row, summary: dict[str, Any]) -> list[tuple[str, str]]:
    known = f"structure.{row['known']}"
    now = summary["province_now"] if summary["province_now"] != summary["province"] else ""
    facts = (
        (ctx.t("portal.body"), row["body"]),
        (ctx.t("list.province"), summary["province"]),
        (ctx.t("portal.province_now"), now),
        (ctx.t("portal.family"), row["family"]),
        (ctx.t("portal.structure"), ctx.t(known) if messages.known(known) else row["known"]),
        (ctx.t("list.articles"), ctx.number(summary["articles"])),
        (ctx.t("list.last_crawl"), summary["last_crawl"]),
    )
    return [(label, value) for label, value in facts if value]


def _coverage(ctx: PageContext, months: list[tuple[str | None, int]]) -> Markup:
    dated = sorted((month, count) for month, count in months if month)
    points = [
        charts.Point(
            int(month[:4]) * 12 + int(month[5:7]),
            count,
            ctx.t("portal.month_label", month=formats.month(month), n=count),
        )
        for month, count in dated
    ]
    ends = (formats.month(dated[0][0]), formats.month(dated[-1][0])) if dated else ("", "")
    return charts.bars(points, ctx.t("portal.coverage"), ends)
