"""What a crawl says of its portal: a state, why, and what to do."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from portal_archive.archive.health.evidence import Evidence
from portal_archive.model.messages import Message

# More than this share are most.
MAJORITY = 0.5
# So many URLs are named as examples.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state with its reason and what to do. `cause`, `field`, `before` and `after` where it has them."""

    state: str
    reason: Message
    next_step: Message
    cause: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    examples: tuple[str, ...] = ()
    warnings: tuple[Message, ...] = ()


def visited(db: sqlite3.Connection, crawl: Evidence, *kinds: str) -> tuple[str, ...]:
    """Return some of the URLs whose visits in a crawl came to one of these outcomes."""
    places = ", ".join("?" * len(kinds))
    found = db.execute(
        f"SELECT DISTINCT url FROM captures WHERE crawl_id = ? AND kind IN ({places})"
        " AND url NOT LIKE '%/robots.txt' ORDER BY id LIMIT ?",
        (crawl.crawl["id"], *kinds, EXAMPLES),
    )
    return tuple(url for (url,) in found)
