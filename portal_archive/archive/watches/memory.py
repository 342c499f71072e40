"""What each recipient of a watch was told already, kept in the archive: everything is told once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal_archive.archive.archive import Archive
from portal_archive.archive.errors import transaction
from portal_archive.archive.moments import VIETNAM, from_text, to_text
from portal_archive.archive.sql import row

# An event may become known later than its date: what was held is dated by when it was seen, not when it was believed.
_LATE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recipient (`way`) was told of a watch.

    Events since `begun_at` are told, and articles with numbers above `last_article`; `is_first` where none ever was.
    """

    watch: str
    way: str
    begun_at: str
    last_article: int
    last_run_at: str
    is_first: bool = False

    @property
    def events_since(self) -> str:
        """The earliest moment of events that may not have been sent yet."""
        return max(self.begun_at, to_text(from_text(self.last_run_at) - _LATE))


def progress(
    db: sqlite3.Connection, watch: str, way: str, now: datetime, since: date | None = None
) -> Progress:
    """Return how far a recipient was told; one that never was is told of what is new from `since` or `now` on."""
    found = row(db, "SELECT * FROM watch_progress WHERE watch = ? AND way = ?", watch, way)
    if found is not None:
        return Progress(watch, way, found["begun_at"], found["last_article"], found["last_run_at"])
    begun_at = to_text(datetime.combine(since, time(), VIETNAM)) if since else to_text(now)
    return Progress(watch, way, begun_at, 0 if since else newest_article(db), to_text(now), is_first=True)


def newest_article(db: sqlite3.Connection) -> int:
    """Return the highest number of an article, 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])


def sent(db: sqlite3.Connection, progress: Progress) -> set[str]:
    """Return the names of what the recipient was told of."""
    found = db.execute(
        "SELECT event FROM watch_sent WHERE watch = ? AND way = ?", (progress.watch, progress.way)
    )
    return {name for (name,) in found}


def remember(
    archive: Archive, told: Iterable[tuple[Progress, Iterable[str]]], newest: int, now: datetime
) -> None:
    """Write down of which events recipients were told, and that they know all articles up to `newest`.

    Raises ArchiveError. Needs no claim: nobody else writes to these tables, and SQLite waits for a crawl's page.
    """
    at = to_text(now)
    forgotten = to_text(now - 2 * _LATE)
    db = archive.db.conn
    with transaction(archive.db, archive.path):
        for progress, events in told:
            db.execute(
                "INSERT INTO watch_progress VALUES (:watch, :way, :begun_at, :newest, :at)"
                " ON CONFLICT DO UPDATE SET last_article = :newest, last_run_at = :at",
                {
                    "watch": progress.watch,
                    "way": progress.way,
                    "begun_at": progress.begun_at,
                    "newest": newest,
                    "at": at,
                },
            )
            db.executemany(
                "INSERT OR IGNORE INTO watch_sent VALUES (?, ?, ?, ?)",
                [(progress.watch, progress.way, event, at) for event in events],
            )
        db.execute("DELETE FROM watch_sent WHERE sent_at < ?", (forgotten,))
