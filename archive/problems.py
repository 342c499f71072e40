"""Problems: each once for a URL, with how often and when it was seen; closed when it no longer occurs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from crawler.reading.page import Problem


def note(
    db: sqlite3.Connection, portal: str, url: str, problems: Iterable[Problem], seen: str, *, was_read: bool
) -> int:
    """Enter what went wrong with a URL at `seen`; return how many problems that were.

    If the page `was_read`, problems of the URL that did not occur this time are closed.
    """
    found = {(problem.kind, problem.field or ""): problem.detail for problem in problems}
    for (kind, field), detail in found.items():
        db.execute(
            "INSERT INTO problems (portal, url, kind, field, detail, first_seen, last_seen)"
            " VALUES (:portal, :url, :kind, :field, :detail, :seen, :seen)"
            " ON CONFLICT (portal, url, kind, field) DO UPDATE SET count = count + 1,"
            " detail = iif(:seen >= last_seen, :detail, detail),"
            " closed_at = iif(:seen >= coalesce(closed_at, ''), NULL, closed_at),"
            " first_seen = min(first_seen, :seen), last_seen = max(last_seen, :seen)",
            {"portal": portal, "url": url, "kind": kind, "field": field, "detail": detail, "seen": seen},
        )
    if was_read:
        still_open = db.execute(
            "SELECT id, kind, field FROM problems"
            " WHERE portal = ? AND url = ? AND closed_at IS NULL AND last_seen <= ?",
            (portal, url, seen),
        )
        for problem_id, kind, field in still_open.fetchall():
            if (kind, field) not in found:
                db.execute("UPDATE problems SET closed_at = ? WHERE id = ?", (seen, problem_id))
    return len(found)
