"""`/status`: how every portal is, since when, and what to do; the same as `scrapy status`."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from datasette.utils.asgi import Response
from markupsafe import Markup

from portal_archive.archive.health import states
from portal_archive.archive.health.states import PortalHealth
from portal_archive.archive.health.words import words_of
from portal_archive.archive.moments import VIETNAM, from_text, to_text
from portal_archive.model.messages import Message
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import charts, formats
from portal_archive.publish.parts.charts import Span
from portal_archive.vietnamese.folding import sort_key

_DAYS = 90
# A first crawl finds years of articles in a day: bars end at so many times what is usual.
_CUT = 4
_LEAST_SCALE = 4

# Days are Vietnamese days; the index on portal and start keeps each portal to its 90 days.
_NEWS = """
SELECT p.name AS portal, date(c.started_at, '+7 hours') AS day, sum(c.new_articles) AS articles
FROM portals p CROSS JOIN crawls c ON c.portal = p.name AND c.started_at >= ?
GROUP BY p.name, day
"""
_STATES = """
SELECT portal, state, since, until, reason, next_step, old_words FROM portal_states
WHERE until IS NULL OR until >= ? ORDER BY since
"""
# What a person has to look at comes first.
_ORDER = (
    "hijacked",
    "gone",
    "moved",
    "blocked",
    "unreachable",
    "degraded",
    "silent",
    "overdue",
    "new",
    "ok",
    "closed",
)


@dataclass(frozen=True, slots=True)
class _Found:
    states: list[PortalHealth]
    news: dict[str, dict[str, int]]
    spans: dict[str, list[sqlite3.Row]]


def _read(db: sqlite3.Connection, now: datetime) -> _Found:
    since = to_text(now - timedelta(days=_DAYS))
    news: dict[str, dict[str, int]] = {}
    for row in db.execute(_NEWS, [since]):
        news.setdefault(row["portal"], {})[row["day"]] = row["articles"]
    spans: dict[str, list[sqlite3.Row]] = {}
    for row in db.execute(_STATES, [since]):
        spans.setdefault(row["portal"], []).append(row)
    return _Found(states.current(db, now), news, spans)


async def status(ctx: PageContext) -> Any:
    """Show the states of all portals."""
    now = datetime.now(UTC)
    found = await ctx.read(lambda db: _read(db, now))
    ordered = sorted(found.states, key=lambda state: (_ORDER.index(state.state), sort_key(state.title)))
    waiting = sum(state.needs_person for state in ordered)
    counts = Counter(state.state for state in ordered)
    return await ctx.page(
        "room_status.html",
        title=ctx.t("status.title"),
        lead=ctx.t("status.waiting", n=waiting) if waiting else ctx.t("status.none_waiting"),
        counts=[
            (state, ctx.t(f"health.{state}"), ctx.number(counts[state])) for state in _ORDER if counts[state]
        ],
        portals=[
            _portal(ctx, state, found.news.get(state.portal, {}), found.spans.get(state.portal, []), now)
            for state in ordered
        ],
        json_url=ctx.url("/status.json"),
        problems_url=ctx.table_url("problems_now", [("portal", "")]),
        states_url=ctx.table_url("portal_states", [("_sort_desc", "since")]),
    )


async def status_json(ctx: PageContext) -> Any:
    """Answer with the states of all portals as `scrapy status --json` prints them."""
    now = datetime.now(UTC)
    found = await ctx.read(lambda db: states.current(db, now))
    return Response.json([states.as_json(state) for state in found])


def _portal(
    ctx: PageContext, state: PortalHealth, news: dict[str, int], spans: list[sqlite3.Row], now: datetime
) -> dict[str, Any]:
    return {
        "name": state.portal,
        "title": state.title,
        "url": ctx.url(f"/portal/{state.portal}"),
        "state": state.state,
        "label": ctx.t(f"health.{state.state}"),
        "since": ctx.t("status.since", when=formats.day(state.since)) if state.since else "",
        "reason": _in(ctx, state.reason),
        "warnings": [_in(ctx, said) for said in state.warnings],
        "exception": state.exceptions,
        "step": _in(ctx, state.next_step) if state.needs_person or state.state == "new" else "",
        "examples": state.examples,
        "last_good": formats.minute(state.last_good_crawl) or ctx.t("status.never"),
        "last_crawl": formats.minute(state.last_crawl) or ctx.t("status.never"),
        "new": ctx.number(state.new_articles),
        "problems": ctx.number(state.open_problems) if state.open_problems else "",
        "problems_url": ctx.table_url("problems", [("portal", state.portal), ("closed_at__isnull", "1")]),
        "news": _news(ctx, news, now),
        "strip": _strip(ctx, spans, now),
        "history": [_sentence(ctx, row) for row in reversed(spans)] if len(spans) > 1 else [],
    }


def _in(ctx: PageContext, said: Message) -> str:
    return said.vi if ctx.lang == "vi" else said.en


def _news(ctx: PageContext, news: dict[str, int], now: datetime) -> Markup:
    if not news:
        return Markup("")
    today = now.astimezone(VIETNAM).date()
    counts = [news.get((today - timedelta(days=_DAYS - 1 - place)).isoformat(), 0) for place in range(_DAYS)]
    usual = median(count for count in counts if count) if any(counts) else 0
    title = ctx.t("status.news_chart", days=_DAYS, n=sum(counts), most=max(counts))
    return charts.outline(counts, max(min(max(counts), usual * _CUT), _LEAST_SCALE), title)


def _strip(ctx: PageContext, spans: list[sqlite3.Row], now: datetime) -> Markup:
    first = now - timedelta(days=_DAYS)
    drawn = [
        Span(
            max(_days(row["since"], first), 0),
            _days(row["until"], first) if row["until"] else _DAYS,
            row["state"],
            _sentence(ctx, row),
        )
        for row in spans
    ]
    title = ctx.t(
        "status.strip", days=_DAYS, states=", ".join(dict.fromkeys(span.label for span in drawn[-5:]))
    )
    return charts.strip(drawn, _DAYS, title) if drawn else Markup("")


def _days(moment: str, first: datetime) -> float:
    return (from_text(moment) - first) / timedelta(days=1)


def _sentence(ctx: PageContext, row: sqlite3.Row) -> str:
    state = ctx.t(f"health.{row['state']}")
    until = formats.day(row["until"]) if row["until"] else ctx.t("status.now")
    why = words_of(row)[0].text(ctx.lang)
    return f"{formats.day(row['since'])} – {until}: {state}" + (f" ({why})" if why else "")
