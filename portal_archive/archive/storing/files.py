"""Images and attachments of an article, and the texts of these files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from portal_archive.archive.sql import insert, row, rows, update
from portal_archive.model.file_text import FileText
from portal_archive.model.page import Article
from portal_archive.model.records import Visit

# What is known of a file, by the table that names it.
_KNOWN: Mapping[str, str] = {
    "images": "text, confidence, recognised_at",
    "attachments": "text, capture_id, page_spans, reason, recognised_at",
}


def replace(db: sqlite3.Connection, portal: str, article_id: int, article: Article) -> None:
    """Let `images` and `attachments` show what the article has now; texts of files already fetched stay."""
    images = [(image.url, image.caption) for image in article.images]
    attachments = [(attachment.url, attachment.title) for attachment in article.attachments]
    replaced = [
        _replace(db, portal, article_id, "images", "caption", images),
        _replace(db, portal, article_id, "attachments", "title", attachments),
    ]
    if any(replaced):
        _gather(db, article_id)


def _replace(
    db: sqlite3.Connection,
    portal: str,
    article_id: int,
    table: str,
    label: str,
    now: list[tuple[str, str | None]],
) -> bool:
    """Write the files of an article anew where they differ from what is stored; tell whether they do."""
    stored = db.execute(
        f"SELECT url, {label} FROM {table} WHERE article_id = ? ORDER BY position", (article_id,)
    ).fetchall()
    if stored == now:
        return False
    known = {url: _known(db, portal, table, url) for url, _ in now}
    db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    for position, (url, text) in enumerate(now, start=1):
        insert(
            db, table, {"article_id": article_id, "position": position, "url": url, label: text} | known[url]
        )
        if table == "attachments":
            db.execute("DELETE FROM unclaimed_texts WHERE portal = ? AND url = ?", (portal, url))
    return True


def _known(db: sqlite3.Connection, portal: str, table: str, url: str) -> dict[str, Any]:
    """Return what was read from a file before, be it for another article."""
    is_read = "t.recognised_at" if table == "images" else "t.capture_id"
    columns = _KNOWN[table]
    found = row(
        db,
        f"SELECT {', '.join(f't.{name}' for name in columns.split(', '))} FROM {table} t"
        f" JOIN articles a ON a.id = t.article_id WHERE t.url = ? AND a.portal = ? AND {is_read} IS NOT NULL",
        url,
        portal,
    )
    if found is None and table == "attachments":
        found = row(
            db,
            "SELECT text, capture_id, page_spans, reason FROM unclaimed_texts WHERE portal = ? AND url = ?",
            portal,
            url,
        )
    return dict(found) if found else {}


def store(db: sqlite3.Connection, visit: Visit, capture_id: int | None) -> None:
    """Enter what a fetched file says with every article that offers it, or keep it until one does.

    What was recognised stays as long as the file is the same; a text that is no longer there stays too.
    """
    offered = _offered(db, "attachments", visit.portal, visit.url, visit.final_url)
    read = visit.file_text
    for attachment in offered:
        if read is None or _is_same(db, attachment["capture_id"], capture_id, attachment["text"], read):
            values: dict[str, Any] = {"capture_id": capture_id}
        elif read.text is None:
            values = {"capture_id": capture_id, "reason": read.reason, "recognised_at": None}
            if attachment["text"] is None:
                values["page_spans"] = read.spans
        else:
            values = _columns(read) | {"capture_id": capture_id, "recognised_at": None}
        _enter(db, "attachments", attachment, values)
    if read is not None and not offered:
        values = _columns(read) | {"portal": visit.portal, "url": visit.url, "capture_id": capture_id}
        db.execute("DELETE FROM unclaimed_texts WHERE portal = ? AND url = ?", (visit.portal, visit.url))
        insert(db, "unclaimed_texts", values)
    for image in _offered(db, "images", visit.portal, visit.url, visit.final_url):
        if image["recognised_at"] is not None and not _is_repeated(db, capture_id):
            _enter(db, "images", image, {"recognised_at": None})


def recognised(db: sqlite3.Connection, portal: str, url: str, read: FileText, at: str) -> int:
    """Enter what was recognised in a file at the moment `at`; return with how many articles it is offered.

    Text that was there stays where nothing was recognised.
    """
    attachments = _offered(db, "attachments", portal, url)
    for attachment in attachments:
        values = _columns(read) if read.text or attachment["text"] is None else {"reason": read.reason}
        _enter(db, "attachments", attachment, values | {"recognised_at": at})
    images = _offered(db, "images", portal, url)
    for image in images:
        confidence = read.pages[0].confidence if read.pages else None
        _enter(db, "images", image, {"text": read.text, "confidence": confidence, "recognised_at": at})
    return len({found["article_id"] for found in (*attachments, *images)})


def _columns(read: FileText) -> dict[str, Any]:
    return {"text": read.text, "page_spans": read.spans, "reason": read.reason}


def _offered(db: sqlite3.Connection, table: str, portal: str, *urls: str) -> list[sqlite3.Row]:
    return rows(
        db,
        f"SELECT t.rowid AS number, t.* FROM {table} t JOIN articles a ON a.id = t.article_id"
        f" WHERE t.url IN ({', '.join('?' * len(urls))}) AND a.portal = ?",
        *urls,
        portal,
    )


def _is_same(
    db: sqlite3.Connection, before: int | None, now: int | None, text: str | None, read: FileText
) -> bool:
    """Tell whether two captures are of the same bytes, and a reader has nothing to add to what is known of them."""
    same = db.execute(
        "SELECT (SELECT digest FROM captures WHERE id = ?) = (SELECT digest FROM captures WHERE id = ?)",
        (before, now),
    ).fetchone()[0]
    return bool(same) and (text is not None or read.text is None)


def _is_repeated(db: sqlite3.Connection, capture_id: int | None) -> bool:
    found = db.execute("SELECT revisit_of FROM captures WHERE id = ?", (capture_id,)).fetchone()
    return found is not None and found[0] is not None


def _enter(db: sqlite3.Connection, table: str, known: sqlite3.Row, values: dict[str, Any]) -> None:
    """Set columns of a file, where they differ, and let its article be found by what it says now."""
    changed = {name: value for name, value in values.items() if value != known[name]}
    if not changed:
        return
    names = ", ".join(f"{name} = ?" for name in changed)
    db.execute(f"UPDATE {table} SET {names} WHERE rowid = ?", (*changed.values(), known["number"]))
    if "text" in changed:
        _gather(db, known["article_id"])


def _gather(db: sqlite3.Connection, article_id: int) -> None:
    """Let the article be found by the texts of its files."""
    texts = db.execute(
        "SELECT text FROM (SELECT 1 AS part, position, text FROM attachments WHERE article_id = ?1"
        " UNION ALL SELECT 2, position, text FROM images WHERE article_id = ?1)"
        " WHERE text != '' ORDER BY part, position",
        (article_id,),
    )
    text = "\n\n".join(found for (found,) in texts) or None
    before = row(db, "SELECT attachment_text FROM articles WHERE id = ?", article_id)
    assert before is not None
    if before["attachment_text"] != text:
        update(db, "articles", article_id, {"attachment_text": text})
