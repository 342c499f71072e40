"""Events chosen, counted and ordered, for pages, feeds and watches alike: what the view `events` holds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal_archive.archive.moments import VIETNAM, from_text, to_text
from portal_archive.archive.sql import rows
from portal_archive.model.kinds import ChangeWeight, EventKind

# What is held is not believed yet, so it is not published as an event of the portal.
PUBLIC = tuple(kind for kind in EventKind if kind is not EventKind.HELD)
FACETS = ("kind", "weight", "portal", "province")

# The heaviest first; a change stands where its weight does.
_RANKING: tuple[EventKind | ChangeWeight, ...] = (
    EventKind.INJECTED,
    EventKind.GONE,
    ChangeWeight.FIGURE,
    ChangeWeight.NAME,
    ChangeWeight.DATE,
    ChangeWeight.SENTENCE,
    EventKind.CAME_BACK,
    ChangeWeight.WORDING,
    ChangeWeight.FILE,
    EventKind.MOVED,
    ChangeWeight.COMMA,
)
_RANK = (
    "CASE coalesce(e.weight, e.kind) "
    + " ".join(f"WHEN '{what}' THEN {rank}" for rank, what in enumerate(_RANKING))
    + f" ELSE {len(_RANKING)} END"
)
_PUBLIC = f"e.kind IN {tuple(map(str, PUBLIC))}"
# By indexes alone; an article that moved or came back has no later one.
_NEWEST = """
SELECT max(at) FROM (
    SELECT max(first_seen) AS at FROM versions WHERE version > 1
    UNION ALL SELECT max(gone_at) FROM articles WHERE gone_at IS NOT NULL
    UNION ALL SELECT max(came_back_at) FROM articles WHERE gone_at IS NOT NULL
    UNION ALL SELECT max(first_seen) FROM findings
)
"""
_DAY = "date(e.seen_at, '+7 hours')"
_OF_PROVINCE = (
    "e.portal IN (SELECT w.name FROM portals w JOIN provinces o ON o.id = w.province"
    " JOIN provinces n ON n.id = coalesce(o.successor, o.id) WHERE n.slug = ?)"
)
_PROVINCES = (
    "SELECT w.name, n.slug FROM portals w JOIN provinces o ON o.id = w.province"
    " JOIN provinces n ON n.id = coalesce(o.successor, o.id)"
)


class Order(StrEnum):
    """In which order events come: the newest day first and in it the heaviest; the heaviest; the newest."""

    DAYS = "days"
    WEIGHT = "weight"
    NEWEST = "newest"


_ORDERS = {
    Order.DAYS: f"{_DAY} DESC, {_RANK}, e.seen_at DESC, e.id",
    Order.WEIGHT: f"{_RANK}, e.seen_at DESC, e.id",
    Order.NEWEST: f"e.seen_at DESC, {_RANK}, e.id",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What events are asked for; "" and None ask for any. `province` is the slug of one of today's.

    `since` and `until` are days in Vietnam, both included.
    """

    kind: str = ""
    weight: str = ""
    portal: str = ""
    province: str = ""
    article: int | None = None
    since: date | None = None
    until: date | None = None


def of_the_last(db: sqlite3.Connection, asked: Asked, days: int) -> Asked:
    """Return the same question for the `days` up to the newest event: going through all of them takes seconds."""
    newest = db.execute(_NEWEST).fetchone()[0]
    if newest is None:
        return asked
    return replace(asked, since=from_text(newest).astimezone(VIETNAM).date() - timedelta(days=days - 1))


def find(
    db: sqlite3.Connection, asked: Asked, order: Order, limit: int, offset: int = 0
) -> list[sqlite3.Row]:
    """Return events: rows of the view `events`."""
    where, values = _conditions(asked)
    return rows(
        db,
        f"SELECT e.* FROM events e WHERE {where} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?",
        *values,
        limit,
        offset,
    )


def seen_since(db: sqlite3.Connection, moment: str) -> list[sqlite3.Row]:
    """Return the events that were seen since a moment of the archive, oldest first."""
    return rows(
        db, f"SELECT e.* FROM events e WHERE {_PUBLIC} AND e.seen_at >= ? ORDER BY e.seen_at, e.id", moment
    )


def count(db: sqlite3.Connection, asked: Asked) -> tuple[int, dict[str, Counter[str]]]:
    """Return how many events there are, and for each facet how many would be with each of its values instead."""
    within = replace(asked, kind="", weight="", portal="", province="")
    where, values = _conditions(within)
    found = rows(
        db,
        "SELECT e.kind, coalesce(e.weight, '') AS weight, e.portal, count(*) AS events"
        f" FROM events e WHERE {where} GROUP BY 1, 2, 3",
        *values,
    )
    provinces = dict(db.execute(_PROVINCES).fetchall())
    total = 0
    facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for row in found:
        of = {"kind": row["kind"], "weight": row["weight"], "portal": row["portal"]}
        of["province"] = provinces.get(row["portal"], "")
        other = [name for name in FACETS if getattr(asked, name) not in ("", of[name])]
        total += row["events"] if not other else 0
        for name in FACETS:
            if of[name] and set(other) <= {name}:
                facets[name][of[name]] += row["events"]
    return total, facets


def _conditions(asked: Asked) -> tuple[str, list[str | int]]:
    conditions = [_PUBLIC]
    values: list[str | int] = []
    given = (
        ("e.kind = ?", asked.kind),
        ("e.weight = ?", asked.weight),
        ("e.portal = ?", asked.portal),
        (_OF_PROVINCE, asked.province),
        ("e.article_id = ?", asked.article),
        ("e.seen_at >= ?", _midnight(asked.since)),
        ("e.seen_at < ?", _midnight(asked.until and asked.until + timedelta(days=1))),
    )
    for condition, value in given:
        if value is not None and value != "":
            conditions.append(condition)
            values.append(value)
    return " AND ".join(conditions), values


def _midnight(day: date | None) -> str:
    return to_text(datetime.combine(day, time(), VIETNAM)) if day else ""
