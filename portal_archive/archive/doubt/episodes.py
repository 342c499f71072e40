"""Crawls in which a portal showed its articles otherwise than before: what was new on such a day was read badly too."""

from __future__ import annotations

import sqlite3

from portal_archive.archive.doubt.vanishing import IN_PART as PARTLY_THERE
from portal_archive.archive.doubt.vanishing import PRESENT, THERE, UNKNOWN
from portal_archive.archive.sql import row
from portal_archive.model.kinds import ProblemKind

# Problems of an article of which a part is not as it was.
IN_PART = (ProblemKind.FIELD_VANISHED, ProblemKind.FIELD_DOUBTED)
# So many known articles, and more than this share of those looked at, make it a bad day.
_LEAST = 2
_SHARE = 1 / 2


def was_read_badly(db: sqlite3.Connection, portal: str, first_seen: str) -> bool:
    """Tell whether an article was first seen in a crawl that met most known articles changed beyond belief."""
    crawl = row(
        db,
        "SELECT id FROM crawls WHERE portal = ? AND started_at <= ? ORDER BY started_at DESC LIMIT 1",
        portal,
        first_seen,
    )
    if crawl is None:
        return False
    counts = dict(
        db.execute(
            "SELECT value, pages FROM crawl_tallies WHERE crawl_id = ? AND tally = ?", (crawl["id"], PRESENT)
        ).fetchall()
    )
    bad = counts.get(UNKNOWN, 0) + counts.get(PARTLY_THERE, 0)
    return bool(bad >= _LEAST and bad > (bad + counts.get(THERE, 0)) * _SHARE)
