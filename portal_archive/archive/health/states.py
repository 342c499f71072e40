"""The states of all portals as they stand, for `scrapy status` and for the reading room; reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from portal_archive.archive.health import words
from portal_archive.archive.health.evidence import last_good
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import row, rows
from portal_archive.model.kinds import PortalState
from portal_archive.model.messages import Message, say

# News of so many days are counted.
NEWS_DAYS = 7
# A portal is expected to be crawled as often as it was; it is overdue after so many times that, and after so long
# at least; the second where it was crawled once.
_TIMES = 3
_AT_LEAST = timedelta(days=2)
_ONCE = timedelta(days=8)
_LATEST = 10


@dataclass(frozen=True, slots=True)
class PortalHealth:
    """A portal, its state and what to do; moments are text in UTC, see `archive.moments`."""

    portal: str
    title: str
    state: str
    reason: Message
    next_step: Message
    since: str | None = None
    cause: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    examples: tuple[str, ...] = ()
    warnings: tuple[Message, ...] = ()
    last_crawl: str | None = None
    last_good_crawl: str | None = None
    new_articles: int = 0
    open_problems: int = 0
    open_doubts: int = 0
    exceptions: str | None = None

    @property
    def needs_person(self) -> bool:
        """Whether somebody should look."""
        return self.state not in words.FINE


def current(
    db: sqlite3.Connection, now: datetime, declared: Collection[str] | None = None
) -> list[PortalHealth]:
    """Return the state of every portal in the archive at the moment `now`, by name.

    `declared` are the names of the portals that have a file; None where that is not known.
    """
    portals = rows(
        db,
        "SELECT p.name, p.title, p.home_url, p.exceptions, s.state, s.since, s.cause, s.reason,"
        " s.next_step, s.old_words, s.field, s.before, s.after, s.examples, s.warnings,"
        " (SELECT count(*) FROM problems x WHERE x.portal = p.name AND x.closed_at IS NULL) AS open_problems,"
        " (SELECT count(*) FROM doubts d WHERE d.portal = p.name AND d.state IN ('held', 'refused')) AS open_doubts,"
        " (SELECT coalesce(sum(new_articles), 0) FROM crawls c WHERE c.portal = p.name AND c.started_at >= ?)"
        " AS new_articles"
        " FROM portals p LEFT JOIN portal_states s ON s.portal = p.name AND s.until IS NULL ORDER BY p.name",
        to_text(now - timedelta(days=NEWS_DAYS)),
    )
    return [
        _state(
            db,
            portal,
            now,
            words.new_step(
                portal["name"],
                None if declared is None or portal["name"] in declared else portal["home_url"],
            ),
        )
        for portal in portals
    ]


def as_json(state: PortalHealth) -> dict[str, Any]:
    """Return a state as plain values; Vietnamese sentences stand beside the English ones as `..._vi`."""
    values = asdict(state)
    for name in ("reason", "next_step"):
        said = getattr(state, name)
        values[name], values[f"{name}_vi"] = said.en, said.vi
    values["warnings"] = [{"en": said.en, "vi": said.vi} for said in state.warnings]
    values["needs_person"] = state.needs_person
    values[f"new_articles_{NEWS_DAYS}_days"] = values.pop("new_articles")
    return values


def new_portal(name: str, title: str, exceptions: str | None = None) -> PortalHealth:
    """Return the state of a portal that is declared, and not in the archive."""
    return PortalHealth(
        name, title, PortalState.NEW, say("verdict.new"), words.new_step(name), exceptions=exceptions
    )


def _state(db: sqlite3.Connection, portal: sqlite3.Row, now: datetime, step: Message) -> PortalHealth:
    name = portal["name"]
    last = row(db, "SELECT * FROM crawls WHERE portal = ? ORDER BY started_at DESC LIMIT 1", name)
    state, since = portal["state"], portal["since"]
    if state is not None:
        reason, step = words.words_of(portal)
    elif last is None:
        state, reason = PortalState.NEW, say("verdict.new")
    else:
        state, reason = PortalState.NEW, say("verdict.not_judged")
    if last is not None and state in words.FINE and (silence := _overdue(db, name, now)):
        state, since = PortalState.OVERDUE, last["last_active_at"]
        reason = say("verdict.overdue", days=silence.days, since=since[:10])
        step = say("step.overdue")
    return PortalHealth(
        portal=name,
        title=portal["title"],
        state=state,
        reason=reason,
        next_step=step,
        since=since,
        **{key: portal[key] for key in ("cause", "field", "before", "after", "exceptions")},
        examples=tuple(json.loads(portal["examples"] or "[]")),
        warnings=words.warnings_of(portal["warnings"] or "[]"),
        last_crawl=last["last_active_at"] if last is not None else None,
        last_good_crawl=last_good(db, name),
        new_articles=portal["new_articles"],
        open_problems=portal["open_problems"],
        open_doubts=portal["open_doubts"],
    )


def _overdue(db: sqlite3.Connection, portal: str, now: datetime) -> timedelta | None:
    """Return for how long a portal was not crawled, None where that is not longer than usual."""
    crawls = rows(
        db,
        "SELECT started_at, last_active_at FROM crawls WHERE portal = ? ORDER BY started_at DESC LIMIT ?",
        portal,
        _LATEST,
    )
    started = [from_text(crawl["started_at"]) for crawl in crawls]
    gaps = [(late - early).total_seconds() for late, early in pairwise(started)]
    usual = max(timedelta(seconds=median(gaps)) * _TIMES, _AT_LEAST) if gaps else _ONCE
    silence = now - from_text(crawls[0]["last_active_at"])
    return silence if silence > usual else None
