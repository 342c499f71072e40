"""`/`: search box, what is new, changed and vanished this week, the portals, and their counters."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portal_archive.archive.counters import series
from portal_archive.archive.counters.marks import Reading
from portal_archive.archive.moments import VIETNAM, to_text
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import cards, counter_charts, formats, portals, tampering
from portal_archive.publish.parts.cards import card, change_words
from portal_archive.vietnamese.folding import sort_key

_LINES = 6
_CHARTS = 6
_CHART_DAYS = 30

# What a portal dates into the future stands last among the new.
_PUBLISHED = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN}
WHERE a.published_at >= :day ORDER BY a.published_at > :tomorrow, a.published_at DESC, a.id DESC LIMIT {_LINES}
"""
# Found only now: older, or without a date.
_FOUND_NOW = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN}
WHERE a.first_seen >= :since AND coalesce(a.published_at, '') < :day
ORDER BY a.first_seen DESC, a.search_order DESC LIMIT {_LINES}
"""
_CHANGED = f"""
SELECT {cards.COLUMNS}, v.changed, v.old_changed
FROM versions v JOIN articles a ON a.id = v.article_id {cards.JOIN}
WHERE v.version > 1 AND v.first_seen >= ? ORDER BY v.first_seen DESC LIMIT {_LINES}
"""
_VANISHED = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN}
WHERE a.gone_at IS NOT NULL AND a.came_back_at IS NULL AND a.gone_at >= ? ORDER BY a.gone_at DESC LIMIT {_LINES}
"""
_NEWEST = """
SELECT id, title, published_at FROM articles WHERE portal = ? AND published_at IS NOT NULL
ORDER BY published_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class _Found:
    published: list[sqlite3.Row]
    found_now: list[sqlite3.Row]
    changed: list[sqlite3.Row]
    vanished: list[sqlite3.Row]
    tampered: list[sqlite3.Row]
    portals: list[sqlite3.Row]
    newest: dict[str, sqlite3.Row | None]
    counts: dict[str, int]
    counters: dict[str, list[Reading]]


def _read(db: sqlite3.Connection, now: datetime, archive: str) -> _Found:
    week_ago = now - timedelta(days=7)
    since = to_text(week_ago)
    local = [moment.astimezone(VIETNAM).isoformat() for moment in (week_ago, now + timedelta(days=1))]
    days = {"since": since, "day": local[0], "tomorrow": local[1]}
    known = sorted(db.execute(portals.SQL).fetchall(), key=lambda row: sort_key(row["title"]))
    names = [row["name"] for row in known]
    return _Found(
        published=db.execute(_PUBLISHED, days).fetchall(),
        found_now=db.execute(_FOUND_NOW, days).fetchall(),
        changed=db.execute(_CHANGED, [since]).fetchall(),
        vanished=db.execute(_VANISHED, [since]).fetchall(),
        tampered=tampering.recent(db, _LINES, since=since),
        portals=known,
        newest={name: db.execute(_NEWEST, [name]).fetchone() for name in names},
        counts=portals.article_counts(db, archive),
        counters={name: series.last_of_days(db, name, _CHART_DAYS) for name in names},
    )


async def home(ctx: PageContext) -> Any:
    """Show the home page."""
    now = datetime.now(UTC)
    found = await ctx.read(lambda db: _read(db, now, ctx.archive_path))
    return await ctx.page(
        "room_home.html",
        title=ctx.t("home.title"),
        about=ctx.t("home.lead", articles=sum(found.counts.values()), portals=len(found.counts)),
        lead=ctx.t("home.lead", articles=sum(found.counts.values()), portals=len(found.counts)),
        published_url=ctx.url("/search", [("since", _day(now - timedelta(days=7))), ("sort", "newest")]),
        found_url=ctx.table_url("new_this_week"),
        feed_url=ctx.url("/changes.atom"),
        changed_url=ctx.url("/changes", [("kind", "changed")]),
        vanished_url=ctx.url("/changes", [("kind", "gone")]),
        published=[card(ctx, row) for row in found.published],
        found_now=[card(ctx, row) for row in found.found_now],
        changed=[card(ctx, row, change_words(ctx, row)) for row in found.changed],
        vanished=[card(ctx, row) for row in found.vanished],
        tampered=[tampering.card(ctx, row) for row in found.tampered],
        portals=[_line(ctx, row, found, now) for row in _fullest_first(found)],
        charts=_charts(ctx, found),
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).date().isoformat()


def _fullest_first(found: _Found) -> list[sqlite3.Row]:
    return sorted(found.portals, key=lambda row: -found.counts.get(row["name"], 0))


def _line(ctx: PageContext, row: sqlite3.Row, found: _Found, now: datetime) -> dict[str, Any]:
    line = portals.summary(ctx, row, found.counts.get(row["name"], 0), now)
    newest = found.newest[row["name"]]
    if newest:
        line["newest"] = {
            "url": ctx.url(f"/article/{newest['id']}"),
            "title": newest["title"] or ctx.t("article.untitled"),
            "date": formats.day(newest["published_at"]),
        }
    return line


def _charts(ctx: PageContext, found: _Found) -> list[dict[str, Any]]:
    titles = {row["name"]: row["title"] for row in found.portals}
    charts = [
        counter_charts.chart(ctx, name, titles[name], readings)
        for name, readings in found.counters.items()
        if sum(reading.total is not None for reading in readings) > 1
    ]
    return charts[:_CHARTS]
