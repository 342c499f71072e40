"""Where an article stands in the search index, whose rowids are in order of publication."""

from __future__ import annotations

import sqlite3

from archive.moments import epoch

# Articles of one second are told apart by the low bits; the whole stays exact in a double.
SAME_SECOND = 2**20


def search_order(db: sqlite3.Connection, published_at: str | None, first_seen: str) -> int:
    """Return a free place: by publication, else by first sight; newest highest."""
    start = epoch(published_at or first_seen) * SAME_SECOND
    highest = db.execute(
        "SELECT max(search_order) FROM articles WHERE search_order >= ? AND search_order < ?",
        (start, start + SAME_SECOND),
    ).fetchone()[0]
    return start if highest is None else int(highest) + 1
