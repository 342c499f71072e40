"""Two stored articles that turned out to be one: edited and moved, or imported out of order."""

from __future__ import annotations

import sqlite3
from typing import Any

from portal_archive.archive.findings import findings
from portal_archive.archive.sql import row, rows, update
from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.series import move_views
from portal_archive.archive.storing.versions import rebuild
from portal_archive.model.page import READER_VERSION

# Columns that stay with the article that is kept, or follow from its versions.
_KEPT = ("id", "first_seen", "version")


def merge(db: sqlite3.Connection, one: int, other: int) -> int:
    """Make one article of two; return its id, the older one, which has all of both."""
    kept, dropped = sorted((one, other))
    contents = _contents(db, kept) | _contents(db, dropped)
    articles = {number: row(db, "SELECT * FROM articles WHERE id = ?", number) for number in (kept, dropped)}
    first, second = articles[kept], articles[dropped]
    assert first is not None
    assert second is not None
    newest: dict[str, Any] = {}
    if second["fetched_at"] > first["fetched_at"]:
        newest = {name: value for name, value in dict(second).items() if name not in _KEPT}
        newest["cms_id"] = second["cms_id"] or first["cms_id"]
    newest["last_seen"] = max(first["last_seen"], second["last_seen"])
    move_views(db, dropped, kept)
    for table in ("captures", "article_urls", "pages"):
        db.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (kept, dropped))
    for table in ("images", "attachments"):
        if len(newest) > 1:
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", (kept,))
            db.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (kept, dropped))
        else:
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", (dropped,))
    findings.merge(db, dropped, kept)
    db.execute("DELETE FROM versions WHERE article_id = ?", (dropped,))
    db.execute("DELETE FROM articles WHERE id = ?", (dropped,))
    update(db, "articles", kept, newest)
    rebuild(db, kept, contents, READER_VERSION)
    if first["flagged"] or second["flagged"]:
        findings.settle(db, kept)
    return kept


def _contents(db: sqlite3.Connection, article_id: int) -> dict[str, Content]:
    found = rows(db, "SELECT * FROM article_versions WHERE article_id = ?", article_id)
    return {version["content_hash"]: Content.from_row(version) for version in found}
