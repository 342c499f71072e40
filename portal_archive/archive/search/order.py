"""Where an article stands in the search index, whose rowids are in order of publication."""

from __future__ import annotations

import sqlite3

from portal_archive.archive.moments import epoch

# Places a second has. The search index holds the distances between places, so that few make it small; where a
# second has more articles, as midnight has of those that print a date alone, they go on into the seconds after.
SAME_SECOND = 2**4
# No place: while it stands in `search_waiting`, what is stored waits to be indexed until it is taken away.
ALL_AT_ONCE = -(2**62)


def search_order(db: sqlite3.Connection, published_at: str | None, first_seen: str) -> int:
    """Return a free place: by publication, else by first sight; newest highest."""
    start = epoch(published_at or first_seen) * SAME_SECOND
    size = SAME_SECOND
    while True:
        highest = db.execute(
            "SELECT max(search_order) FROM articles WHERE search_order >= ? AND search_order < ?",
            (start, start + size),
        ).fetchone()[0]
        if highest is None:
            return start
        if highest + 1 < start + size:
            return int(highest) + 1
        size *= 64
