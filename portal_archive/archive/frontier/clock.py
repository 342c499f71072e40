"""A clock that was set back between two crawls: what it had put off is due."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from portal_archive.archive.frontier.frontier import Queue
from portal_archive.archive.frontier.schedule import REVISIT_DAYS
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.storing.problems import Closes, note
from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem

# No page is ever put off for longer than this.
_LONGEST = timedelta(days=REVISIT_DAYS[-1])


def reset_future_visits(db: sqlite3.Connection, portal: str, now: str) -> None:
    """Make due, for a crawl that begins at the moment `now`, what a clock that was ahead has put off; say so.

    Does nothing where no crawl of the portal was active later than `now`. Start pages are due at once, as in
    every crawl, others that were put off for longer than any page is. Moments of captures stay as they were
    written.
    """
    latest = db.execute("SELECT max(last_active_at) FROM crawls WHERE portal = ?", (portal,)).fetchone()[0]
    if latest is None or latest <= now:
        return
    for queue in Queue:
        limit = now if queue is Queue.START else to_text(from_text(now) + _LONGEST)
        db.execute(
            "UPDATE pages SET next_visit = ? WHERE portal = ? AND queue = ? AND next_visit > ?",
            (now, portal, queue, limit),
        )
    home = db.execute("SELECT home_url FROM portals WHERE name = ?", (portal,)).fetchone()[0]
    said = f"the clock was set back: a crawl was active at {latest}, and now it is {now}"
    note(db, portal, home, [Problem(ProblemKind.CLOCK, said)], now, Closes.NONE)
