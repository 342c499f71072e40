"""Changes of state that somebody is to be told of, and that they were told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal_archive.archive.archive import Archive
from portal_archive.archive.health.words import words_of
from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import rows
from portal_archive.model.messages import Message


@dataclass(frozen=True, slots=True)
class ChangeOfState:
    """A portal's state that is not told yet by every way; `before` is the state it followed, `sent_by` the ways."""

    id: int
    portal: str
    title: str
    state: str
    before: str | None
    since: str
    reason: Message
    next_step: Message
    field: str | None
    examples: tuple[str, ...]
    sent_by: frozenset[str]


def pending(db: sqlite3.Connection) -> list[ChangeOfState]:
    """Return the states that portals are in now and that are still to be told, oldest first."""
    found = rows(
        db,
        "SELECT s.*, p.title, (SELECT state FROM portal_states b WHERE b.portal = s.portal AND b.id < s.id"
        " ORDER BY b.id DESC LIMIT 1) AS state_before FROM portal_states s JOIN portals p ON p.name = s.portal"
        " WHERE s.until IS NULL AND s.sent_at IS NULL ORDER BY s.since, s.id",
    )
    return [
        ChangeOfState(
            row["id"],
            row["portal"],
            row["title"],
            row["state"],
            row["state_before"],
            row["since"],
            *words_of(row),
            row["field"],
            tuple(json.loads(row["examples"])),
            frozenset(json.loads(row["sent_by"])),
        )
        for row in found
    ]


def mark_sent(
    archive: Archive, change: ChangeOfState, sent_by: Collection[str], at: datetime, *, all_sent: bool
) -> None:
    """Write by which ways a change was told so far; `all_sent`: no way is left. Raises ArchiveError."""
    with archive.batch():
        archive.db.execute(
            "UPDATE portal_states SET sent_by = ?, sent_at = ? WHERE id = ?",
            (json.dumps(sorted(sent_by)), to_text(at) if all_sent else None, change.id),
        )
