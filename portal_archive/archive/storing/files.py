"""Images and attachments of an article, and the text of attached files."""

from __future__ import annotations

import sqlite3
from typing import Any

from portal_archive.archive.sql import insert, row, rows, update
from portal_archive.model.page import Article
from portal_archive.model.records import Visit


def replace(db: sqlite3.Connection, portal: str, article_id: int, article: Article) -> None:
    """Let `images` and `attachments` show what the article has now; texts of files already fetched stay."""
    images = [(image.url, image.caption) for image in article.images]
    if images != _stored(db, "images", "caption", article_id):
        db.execute("DELETE FROM images WHERE article_id = ?", (article_id,))
        db.executemany(
            "INSERT INTO images (article_id, position, url, caption) VALUES (?, ?, ?, ?)",
            [(article_id, position, *image) for position, image in enumerate(images, start=1)],
        )
    attachments = [(attachment.url, attachment.title) for attachment in article.attachments]
    if attachments != _stored(db, "attachments", "title", article_id):
        texts = {url: _known_text(db, portal, url) for url, _ in attachments}
        db.execute("DELETE FROM attachments WHERE article_id = ?", (article_id,))
        for position, (url, title) in enumerate(attachments, start=1):
            values = {"article_id": article_id, "position": position, "url": url, "title": title}
            insert(db, "attachments", values | texts[url])
            db.execute("DELETE FROM unclaimed_texts WHERE portal = ? AND url = ?", (portal, url))
        _gather(db, article_id)


def _stored(db: sqlite3.Connection, table: str, label: str, article_id: int) -> list[tuple[str, str | None]]:
    return db.execute(
        f"SELECT url, {label} FROM {table} WHERE article_id = ? ORDER BY position", (article_id,)
    ).fetchall()


def _known_text(db: sqlite3.Connection, portal: str, url: str) -> dict[str, Any]:
    """Return text and capture of a file that was fetched before, be it for another article."""
    found = row(
        db,
        "SELECT t.text, t.capture_id FROM attachments t JOIN articles a ON a.id = t.article_id"
        " WHERE t.url = ? AND a.portal = ? AND t.capture_id IS NOT NULL",
        url,
        portal,
    ) or row(db, "SELECT text, capture_id FROM unclaimed_texts WHERE portal = ? AND url = ?", portal, url)
    return dict(found) if found else {}


def store(db: sqlite3.Connection, visit: Visit, capture_id: int | None) -> None:
    """Enter the text of a fetched file with every article that offers it, or keep it until one does."""
    offered = rows(
        db,
        "SELECT t.rowid, t.article_id FROM attachments t JOIN articles a ON a.id = t.article_id"
        " WHERE t.url IN (?, ?) AND a.portal = ?",
        visit.url,
        visit.final_url,
        visit.portal,
    )
    text = visit.attachment_text
    for attachment in offered:
        db.execute(
            "UPDATE attachments SET capture_id = ?, text = coalesce(?, text) WHERE rowid = ?",
            (capture_id, text, attachment["rowid"]),
        )
        _gather(db, attachment["article_id"])
    if text and not offered:
        db.execute(
            "INSERT INTO unclaimed_texts (portal, url, text, capture_id) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (portal, url) DO UPDATE SET text = excluded.text, capture_id = excluded.capture_id",
            (visit.portal, visit.url, text, capture_id),
        )


def _gather(db: sqlite3.Connection, article_id: int) -> None:
    """Let the article be found by the text of its attachments."""
    texts = db.execute(
        "SELECT text FROM attachments WHERE article_id = ? AND text != '' ORDER BY position", (article_id,)
    )
    text = "\n\n".join(found for (found,) in texts) or None
    before = row(db, "SELECT attachment_text FROM articles WHERE id = ?", article_id)
    assert before is not None
    if before["attachment_text"] != text:
        update(db, "articles", article_id, {"attachment_text": text})
