"""Two stored articles that turned out to be one, and how they are parted again.

What both were stands in `merges`: the number of the one that is no more still answers, and `split` brings it back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from portal_archive.archive.findings import findings
from portal_archive.archive.search.order import search_order
from portal_archive.archive.sql import insert, row, rows, update
from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.series import move_views
from portal_archive.archive.storing.versions import TEXTS, rebuild
from portal_archive.model.errors import ArchiveError
from portal_archive.model.page import READER_VERSION

# Columns that stay with the article that is kept, or follow from its versions.
_KEPT = ("id", "first_seen", "version")
# What belongs to an article, with the columns that name it there; captures and pages stay and change hands.
_PARTS = ("absences", "article_urls", "article_views", "images", "attachments")


def merge(db: sqlite3.Connection, one: int, other: int, at: str) -> int:
    """Make one article of two at the moment `at`; return its id, the older one, which has all of both."""
    kept, dropped = sorted((one, other))
    contents = _contents(db, kept) | _contents(db, dropped)
    _remember(db, kept, dropped, at)
    articles = {number: row(db, "SELECT * FROM articles WHERE id = ?", number) for number in (kept, dropped)}
    first, second = articles[kept], articles[dropped]
    assert first is not None
    assert second is not None
    newest: dict[str, Any] = {}
    # As captures are ordered: of two of one second the later one.
    if _newest(second) > _newest(first):
        newest = {name: value for name, value in dict(second).items() if name not in _KEPT}
        newest["cms_id"] = second["cms_id"] or first["cms_id"]
    newest["last_seen"] = max(first["last_seen"], second["last_seen"])
    move_views(db, dropped, kept)
    db.execute("UPDATE OR REPLACE absences SET article_id = ? WHERE article_id = ?", (kept, dropped))
    for table in ("captures", "article_urls", "pages", "doubts"):
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


def _newest(article: sqlite3.Row) -> tuple[str, int]:
    return article["fetched_at"], article["capture_id"] or 0


def merged_into(db: sqlite3.Connection, number: int) -> int | None:
    """Return the article that the one with this number is now, None where it is none or still itself."""
    found = db.execute("SELECT merged_into FROM merges WHERE article_id = ?", (number,)).fetchone()
    return None if found is None else int(found[0])


def split(db: sqlite3.Connection, number: int) -> None:
    """Part the article that had this number from the one it was merged into, with all that is known of its URLs.

    Raises ArchiveError where no article of this number was merged.
    """
    found = row(db, "SELECT * FROM merges WHERE article_id = ?", number)
    if found is None:
        raise ArchiveError(f"article {number} was not merged into another")
    kept, was = found["merged_into"], json.loads(found["rows"])["dropped"]
    known = {one["content_hash"]: Content.from_row(one) for one in was["versions"]}
    contents = _contents(db, kept) | known
    article = was["article"]
    place = search_order(db, article["published_at"], article["first_seen"])
    insert(db, "articles", article | {"search_order": place})
    urls = [one["url"] for one in was["article_urls"]]
    marks = ", ".join("?" * len(urls))
    captures = ", ".join(map(str, was["captures"])) or "NULL"
    db.execute(
        "UPDATE captures SET article_id = ? WHERE article_id = ? AND portal = ?"
        f" AND (id IN ({captures}) OR url IN ({marks}))",
        (number, kept, article["portal"], *urls),
    )
    for table in ("article_urls", "pages", "doubts"):
        db.execute(
            f"UPDATE {table} SET article_id = ? WHERE article_id = ? AND portal = ? AND url IN ({marks})",
            (number, kept, article["portal"], *urls),
        )
    for view in was["article_views"]:
        db.execute(
            "DELETE FROM article_views WHERE article_id = ? AND seen_at = ? AND last_seen = ?",
            (kept, view["seen_at"], view["last_seen"]),
        )
    for absence in was.get("absences", ()):
        db.execute("DELETE FROM absences WHERE article_id = ? AND gone_at = ?", (kept, absence["gone_at"]))
    for table in ("absences", "article_views", "images", "attachments"):
        for one in was.get(table, ()):
            insert(db, table, one)
    db.execute("DELETE FROM merges WHERE article_id = ?", (number,))
    for one in (kept, number):
        show_newest(db, one, contents)
        rebuild(db, one, contents, READER_VERSION)
        db.execute(
            "UPDATE articles SET url = coalesce((SELECT url FROM article_urls u WHERE u.article_id = articles.id"
            " AND u.url = articles.url), (SELECT url FROM article_urls u WHERE u.article_id = articles.id"
            " ORDER BY last_seen DESC LIMIT 1), url) WHERE id = ?",
            (one,),
        )
        findings.settle(db, one)


def show_newest(db: sqlite3.Connection, article_id: int, contents: Mapping[str, Content]) -> None:
    """Let `articles` show what the newest of an article's captures shows, as far as `contents` knows it."""
    newest = row(
        db,
        "SELECT id, fetched_at, content_hash FROM captures WHERE article_id = ? AND content_hash IS NOT NULL"
        " ORDER BY fetched_at DESC, id DESC LIMIT 1",
        article_id,
    )
    if newest is None or newest["content_hash"] not in contents:
        return
    content = contents[newest["content_hash"]]
    stored = row(db, "SELECT * FROM articles WHERE id = ?", article_id)
    assert stored is not None
    values: dict[str, Any] = {name: getattr(content, name) for name in TEXTS}
    values |= {"content_hash": content.content_hash, "text_hash": content.text_hash}
    values |= {
        "capture_id": newest["id"],
        "fetched_at": newest["fetched_at"],
        "last_seen": newest["fetched_at"],
    }
    update(db, "articles", article_id, {key: value for key, value in values.items() if value != stored[key]})


def _remember(db: sqlite3.Connection, kept: int, dropped: int, at: str) -> None:
    """Keep what two articles are, before they become one."""
    db.execute("UPDATE merges SET merged_into = ? WHERE merged_into = ?", (kept, dropped))
    what = {"dropped": _rows_of(db, dropped), "kept": {"article": dict(_article(db, kept))}}
    values = {"article_id": dropped, "merged_into": kept, "merged_at": at}
    insert(db, "merges", values | {"rows": json.dumps(what, ensure_ascii=False)})


def _rows_of(db: sqlite3.Connection, number: int) -> dict[str, Any]:
    captures = db.execute("SELECT id FROM captures WHERE article_id = ?", (number,)).fetchall()
    return {
        "article": dict(_article(db, number)),
        "versions": [
            dict(one) for one in rows(db, "SELECT * FROM article_versions WHERE article_id = ?", number)
        ],
        "captures": [capture for (capture,) in captures],
        **{
            table: [dict(one) for one in rows(db, f"SELECT * FROM {table} WHERE article_id = ?", number)]
            for table in _PARTS
        },
    }


def _article(db: sqlite3.Connection, number: int) -> sqlite3.Row:
    found = row(db, "SELECT * FROM articles WHERE id = ?", number)
    if found is None:
        raise ArchiveError(f"no article has the number {number}")
    return found


def _contents(db: sqlite3.Connection, article_id: int) -> dict[str, Content]:
    found = rows(db, "SELECT * FROM article_versions WHERE article_id = ?", article_id)
    return {version["content_hash"]: Content.from_row(version) for version in found}
