"""Problems: each once for a URL, with how often and when it was seen; closed when it no longer occurs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from enum import Enum

from portal_archive.model.kinds import OF_ACCESS
from portal_archive.model.page import Problem


class Closes(Enum):
    """Which problems of a URL a visit closes that did not occur again."""

    NONE = "none"  # it says nothing about the page
    ACCESS = "access"  # the page answered, and was not read again
    EVERY = "every"  # it was read, or is not there, or is not to be asked for


def note(
    db: sqlite3.Connection,
    portal: str,
    url: str,
    problems: Iterable[Problem],
    seen: str,
    closes: Closes,
) -> int:
    """Enter what went wrong with a URL at `seen`; return how many problems that were.

    Problems of the URL that did not occur this time are closed as `closes` says.
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
    if closes is Closes.NONE:
        return len(found)
    still_open = db.execute(
        "SELECT id, kind, field FROM problems"
        " WHERE portal = ? AND url = ? AND closed_at IS NULL AND last_seen <= ?",
        (portal, url, seen),
    )
    for problem_id, kind, field in still_open.fetchall():
        if (kind, field) not in found and (closes is Closes.EVERY or _is_of_access(kind)):
            db.execute("UPDATE problems SET closed_at = ? WHERE id = ?", (seen, problem_id))
    return len(found)


def _is_of_access(kind: str) -> bool:
    return kind in OF_ACCESS or kind.startswith("http-")
