"""What was shown and not believed: kept with the rule that says why, until it lasts, passes, or a person decides."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import row, rows, update
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import DoubtRule, DoubtState

OPEN = (DoubtState.HELD, DoubtState.REFUSED)
_IS_OPEN = f"state IN ('{DoubtState.HELD}', '{DoubtState.REFUSED}')"
_NOTE = """
INSERT INTO doubts (portal, url, article_id, rule, text_hash, content_hash, details, first_seen, last_seen,
    capture_id, state)
VALUES (:portal, :url, :article_id, :rule, :text_hash, :content_hash, :details, :seen, :seen, :capture_id, :state)
ON CONFLICT (portal, url, content_hash) DO UPDATE SET
    first_seen = iif(state IN ('held', 'refused'), first_seen, excluded.first_seen),
    times = iif(state IN ('held', 'refused'), times + 1, 1),
    rule = excluded.rule, details = excluded.details, article_id = excluded.article_id, state = excluded.state,
    last_seen = excluded.last_seen, capture_id = excluded.capture_id,
    decided_at = iif(excluded.state = 'rejected', decided_at, NULL),
    why = iif(excluded.state = 'rejected', why, NULL)
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a page showed and that is not believed; the hashes are "" where no article was shown.

    `article_id` is the article whose address it is, None for an address of none, or of the portal as a whole.
    """

    portal: str
    url: str
    rule: DoubtRule
    article_id: int | None = None
    text_hash: str = ""
    content_hash: str = ""
    details: Mapping[str, Any] | None = None
    capture_id: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of `doubts`; moments are text in UTC."""

    id: int
    portal: str
    url: str
    article_id: int | None
    rule: DoubtRule
    state: DoubtState
    text_hash: str
    content_hash: str
    details: dict[str, Any]
    first_seen: str
    last_seen: str
    times: int
    capture_id: int | None
    decided_at: str | None
    why: str | None


def note(db: sqlite3.Connection, shown: Shown, seen: str, state: DoubtState = DoubtState.HELD) -> None:
    """Enter what was shown at the moment `seen`, once for its address and content."""
    values = {name: getattr(shown, name) for name in Shown.__slots__}
    details = json.dumps(shown.details or {}, ensure_ascii=False)
    db.execute(_NOTE, values | {"details": details, "seen": seen, "state": state})


def of(db: sqlite3.Connection, portal: str, url: str, content_hash: str) -> Doubt | None:
    """Return what is known of a content at an address, whatever became of it."""
    found = row(
        db,
        "SELECT * FROM doubts WHERE portal = ? AND url = ? AND content_hash = ?",
        portal,
        url,
        content_hash,
    )
    return _doubt(found) if found else None


def listing(
    db: sqlite3.Connection,
    portal: str | None = None,
    article_id: int | None = None,
    *,
    open_only: bool = True,
) -> list[Doubt]:
    """Return the doubts of all portals, of one, or of one article, newest first; all or only those still open."""
    conditions = {"portal = ?": portal, "article_id = ?": article_id}
    given = {condition: value for condition, value in conditions.items() if value is not None}
    where = " AND ".join([*given, *([_IS_OPEN] if open_only else [])]) or "1"
    found = rows(db, f"SELECT * FROM doubts WHERE {where} ORDER BY last_seen DESC, id DESC", *given.values())
    return [_doubt(one) for one in found]


def number_open(db: sqlite3.Connection, portal: str) -> int:
    """Return how many doubts about a portal are open."""
    found = db.execute(f"SELECT count(*) FROM doubts WHERE portal = ? AND {_IS_OPEN}", (portal,)).fetchone()
    return int(found[0])


def close(db: sqlite3.Connection, portal: str, url: str, seen: str) -> list[Doubt]:
    """Write that the page `url` shows at `seen` what it showed before; return the doubts that this ends."""
    # What vanished at once is about the portal as a whole, though it stands at its home page.
    about_the_page = f"{_IS_OPEN} AND rule != '{DoubtRule.VANISHED}'"
    found = rows(db, f"SELECT * FROM doubts WHERE portal = ? AND url = ? AND {about_the_page}", portal, url)
    for one in found:
        update(db, "doubts", one["id"], {"state": DoubtState.PASSED, "decided_at": seen})
    return [_doubt(one) for one in found]


def believe(db: sqlite3.Connection, doubt: Doubt, seen: str) -> None:
    """Write that what was shown has lasted, and is believed since the moment `seen`."""
    if doubt.state in OPEN:
        update(db, "doubts", doubt.id, {"state": DoubtState.BELIEVED, "decided_at": seen})


def decide(
    db: sqlite3.Connection, number: int, state: DoubtState, at: datetime, why: str | None = None
) -> Doubt:
    """Enter what a person decided, ACCEPTED, REJECTED or HELD again, and have the page looked at in the next crawl.

    What is accepted is stored when it is seen the next time; what is rejected is never stored as long as that page
    shows it. Raises ArchiveError for a number that is none, or a doubt that is over.
    """
    found = row(db, "SELECT * FROM doubts WHERE id = ?", number)
    if found is None:
        raise ArchiveError(f"no doubt has the number {number}: scrapy doubts lists them")
    if found["state"] in (DoubtState.BELIEVED, DoubtState.PASSED):
        raise ArchiveError(f"doubt {number} is over: it was {found['state']} on {found['decided_at']}")
    if state is not DoubtState.ACCEPTED and _is_stored(db, found):
        raise ArchiveError(
            f"doubt {number} is over: what it showed was accepted, and is a version of its article"
        )
    now = to_text(at)
    decided_at = None if state is DoubtState.HELD else now
    update(db, "doubts", number, {"state": state, "decided_at": decided_at, "why": why})
    db.execute(
        "UPDATE pages SET next_visit = min(next_visit, ?) WHERE portal = ? AND url = ?",
        (now, found["portal"], found["url"]),
    )
    return _doubt({**dict(found), "state": state, "decided_at": decided_at, "why": why})


def _is_stored(db: sqlite3.Connection, found: sqlite3.Row) -> bool:
    stored = row(
        db,
        "SELECT 1 FROM versions WHERE article_id = ? AND content_hash = ? AND first_seen >= ?",
        found["article_id"],
        found["content_hash"],
        found["first_seen"],
    )
    return stored is not None


def _doubt(found: sqlite3.Row | dict[str, Any]) -> Doubt:
    values = {name: found[name] for name in Doubt.__slots__}
    values |= {
        "rule": DoubtRule(found["rule"]),
        "state": DoubtState(found["state"]),
        "details": json.loads(found["details"]),
    }
    return Doubt(**values)
