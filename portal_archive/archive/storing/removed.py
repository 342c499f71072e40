"""What older versions of an article said and the current one does not: the text that a search finds as removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from portal_archive.archive.sql import row, rows, update
from portal_archive.archive.storing.content import plain

_FIELDS = ("title", "summary", "body", "captions", "author")
# A page that changes daily must not make its row grow for ever: what was removed last is kept.
_MOST_CHARACTERS = 1_000_000

# A row of `versions`, `article_versions` or `articles`, or `Content.columns()`.
Texts = sqlite3.Row | Mapping[str, Any]


def after(removed: str | None, before: Texts, now: Texts) -> str | None:
    """Return the removed paragraphs, a line each, of an article that read `before` and reads `now`; None for none.

    `removed` is what was removed until then. What was removed last comes first; what came back is left out.
    """
    present = set(_paragraphs(now))
    gone = [*_paragraphs(before), *(removed or "").splitlines()]
    kept, size = [], 0
    for line in dict.fromkeys(gone):
        if line not in present:
            size += len(line) + 1
            if size > _MOST_CHARACTERS:
                break
            kept.append(line)
    return "\n".join(kept) or None


def renew(db: sqlite3.Connection, article_id: int) -> None:
    """Work the removed text of an article out from its versions, and store it where it is another."""
    stored = row(db, "SELECT * FROM articles WHERE id = ?", article_id)
    if stored is None:
        return
    superseded = rows(
        db,
        "SELECT * FROM versions WHERE article_id = ? AND version < ? ORDER BY version",
        article_id,
        stored["version"],
    )
    removed: str | None = None
    for before, now in pairwise([*superseded, stored]):
        removed = after(removed, before, now)
    if stored["removed_text"] != removed:
        update(db, "articles", article_id, {"removed_text": removed})


def _paragraphs(texts: Texts) -> Iterator[str]:
    for field in _FIELDS:
        yield from (line for part in (texts[field] or "").splitlines() if (line := plain(part)))
