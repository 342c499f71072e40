"""Which portals are to be crawled now."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from portal_archive.archive.frontier.frontier import Queue
from portal_archive.archive.moments import to_text

# Start pages are due again as soon as a crawl is over: they say that a crawl may begin, not that it must.
_LATER_QUEUES = tuple(int(queue) for queue in Queue if queue is not Queue.START)


def is_due(db: sqlite3.Connection, portal: str, now: datetime, interval: timedelta) -> bool:
    """Return whether a portal is to be crawled at the moment `now`.

    It is when it was never crawled; when its last crawl began later than now, by a clock that was set back; when
    articles, lists or files of its frontier are due; or when its last finished crawl began `interval` ago or
    longer and a start page may be asked, which rests after a failure.
    """
    at = to_text(now)
    if not _exists(db, "SELECT 1 FROM crawls WHERE portal = ?", portal):
        return True
    for queue in _LATER_QUEUES:
        if _exists(
            db, "SELECT 1 FROM pages WHERE portal = ? AND queue = ? AND next_visit <= ?", portal, queue, at
        ):
            return True
    begun = "SELECT 1 FROM crawls WHERE portal = ? AND started_at > ?"
    if _exists(
        db, f"{begun} AND started_at <= ? AND outcome = 'finished'", portal, to_text(now - interval), at
    ):
        return False
    if _exists(db, begun, portal, at):
        return True
    known = "SELECT 1 FROM pages WHERE portal = ? AND queue = ?"
    return _exists(db, f"{known} AND next_visit <= ?", portal, int(Queue.START), at) or not _exists(
        db, known, portal, int(Queue.START)
    )


def _exists(db: sqlite3.Connection, sql: str, *values: object) -> bool:
    return db.execute(f"{sql} LIMIT 1", values).fetchone() is not None
