"""Better readings of stored captures: what the reader changed, never mixed with what the portal changed."""

from __future__ import annotations

import json
import sqlite3
from itertools import pairwise
from typing import Any

from portal_archive.archive.doubt import fields
from portal_archive.archive.doubt.weighing import weigh
from portal_archive.archive.findings import findings
from portal_archive.archive.moments import from_text
from portal_archive.archive.search.order import search_order
from portal_archive.archive.sql import row, rows, update
from portal_archive.archive.storing import articles, files, removed, versions
from portal_archive.archive.storing.changes import Change
from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.observation import Observation
from portal_archive.archive.storing.series import counter_columns
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import READER_VERSION, Article, Counter, Page
from portal_archive.model.records import Visit

Differences = dict[str, tuple[Any, Any]]
# What a reading never empties.
_KEPT = ("title", "body")


def correct(db: sqlite3.Connection, capture_id: int, page: Page, *, dry_run: bool) -> Differences:
    """Correct what a capture was read as; return old and new value of each field that differs.

    A capture decides the fields of a version when it is the first that showed it, or for the current version the
    newest; of any other only the visitor counter and what shows tampering are corrected. A page in which an article
    is found for the first time becomes one. Title and body are never emptied.
    """
    capture = row(db, "SELECT * FROM captures WHERE id = ?", capture_id)
    if capture is None:
        return {}
    differences = _correct_counter(db, capture_id, page.counter, dry_run=dry_run)
    if capture["content_hash"] is None:
        if _is_doubted(db, capture):
            return differences
        return differences | _correct_kind(db, capture, page, dry_run=dry_run)
    if page.kind is not Outcome.ARTICLE or page.article is None:
        return differences | {"kind": (Outcome.ARTICLE.value, page.kind.value)}
    differences |= _correct_article(db, capture, page, page.article, dry_run=dry_run)
    if any(name in differences and differences[name][1] is None for name in _KEPT):
        return differences
    # Its content may have another hash now.
    capture = row(db, "SELECT * FROM captures WHERE id = ?", capture_id)
    assert capture is not None
    found = findings.reread(db, capture, page.findings, dry_run=dry_run)
    if found is not None:
        differences["findings"] = found
    if differences and not dry_run:
        findings.settle(db, capture["article_id"])
    return differences


def _is_doubted(db: sqlite3.Connection, capture: sqlite3.Row) -> bool:
    """Whether a capture shows what was read, and was not believed."""
    found = db.execute(
        "SELECT 1 FROM doubts WHERE (portal = ? AND url = ? AND ? BETWEEN first_seen AND last_seen"
        " OR capture_id = ?) AND state NOT IN ('believed', 'accepted') LIMIT 1",
        (capture["portal"], capture["url"], capture["fetched_at"], capture["id"]),
    )
    return found.fetchone() is not None


def _correct_article(
    db: sqlite3.Connection, capture: sqlite3.Row, page: Page, article: Article, *, dry_run: bool
) -> Differences:
    stored = row(db, "SELECT * FROM articles WHERE id = ?", capture["article_id"])
    assert stored is not None
    version = row(
        db,
        "SELECT * FROM article_versions WHERE article_id = ? AND content_hash = ? AND first_seen <= ?"
        " ORDER BY first_seen DESC LIMIT 1",
        stored["id"],
        capture["content_hash"],
        capture["fetched_at"],
    )
    is_newest = stored["capture_id"] == capture["id"]
    if version is None or not (
        is_newest or (version["capture_id"] == capture["id"] and not version["is_current"])
    ):
        return {}
    content = Content.of(article, version["url"])
    if version["capture_id"] != capture["id"]:
        # What was kept of an earlier day when this was captured is kept now too.
        seen = Observation(
            _visit_of(capture, page), page, article, content, capture["id"], capture["fetched_at"]
        )
        content = fields.keep(db, stored, seen)[0].content
    columns = content.columns()
    for name in _KEPT:
        if version[name] and not columns[name]:
            return {name: (version[name], None)}
    new = {name: value for name, value in columns.items() if value != version[name]}
    of_article = articles.reading_columns(article, page) if is_newest else {}
    if _addresses(db, stored["id"]) > 1:
        # Each may have an id of its own; the one that was stored first stays.
        of_article.pop("cms_id", None)
    new_of_article = {name: value for name, value in of_article.items() if value != stored[name]}
    differences: Differences = {name: (version[name], value) for name, value in new.items()}
    differences |= {name: (stored[name], value) for name, value in new_of_article.items()}
    if dry_run:
        return differences
    _rewrite(db, stored, version, content, new, new_of_article)
    if is_newest:
        files.replace(db, stored["portal"], stored["id"], article)
    return differences


def _addresses(db: sqlite3.Connection, article_id: int) -> int:
    return int(
        db.execute("SELECT count(*) FROM article_urls WHERE article_id = ?", (article_id,)).fetchone()[0]
    )


def _correct_kind(db: sqlite3.Connection, capture: sqlite3.Row, page: Page, *, dry_run: bool) -> Differences:
    """Store the article of a page in which no reader has found one before."""
    if page.kind is not Outcome.ARTICLE or page.article is None:
        if page.findings and not dry_run:
            place = (capture[name] for name in ("portal", "url", "fetched_at", "id"))
            findings.note(db, findings.Sighting(*place), page.findings)
        return {}
    if not dry_run:
        visit = _visit_of(capture, page)
        seen = Observation.of(visit, page, page.article, capture["id"])
        put = articles.put(db, weigh(db, seen))
        update(db, "captures", capture["id"], {"kind": page.kind})
        db.execute(
            "UPDATE pages SET article_id = ?, kind = ? WHERE portal = ? AND url = ? AND article_id IS NULL",
            (put.article_id, page.kind, visit.portal, visit.url),
        )
    return {"kind": (capture["kind"], page.kind.value)}


def _visit_of(capture: sqlite3.Row, page: Page) -> Visit:
    return Visit(
        portal=capture["portal"],
        url=capture["url"],
        final_url=capture["url"],
        fetched_at=from_text(capture["fetched_at"]),
        kind=page.kind,
    )


def _rewrite(
    db: sqlite3.Connection,
    stored: sqlite3.Row,
    version: sqlite3.Row,
    content: Content,
    new: dict[str, Any],
    new_of_article: dict[str, Any],
) -> None:
    hashes = {"content_hash": content.content_hash, "text_hash": content.text_hash}
    is_current = bool(version["is_current"])
    of_version = {name: value for name, value in new.items() if not (is_current and name in versions.TEXTS)}
    update(db, "versions", version["id"], of_version | hashes | {"reader_version": READER_VERSION})
    if is_current:
        of_article = {name: value for name, value in new.items() if name in versions.TEXTS} | new_of_article
        if "published_at" in of_article:
            of_article["search_order"] = search_order(db, of_article["published_at"], stored["first_seen"])
        update(db, "articles", stored["id"], of_article | hashes | {"reader_version": READER_VERSION})
    if content.content_hash == version["content_hash"]:
        return
    # Every capture of the version is read like the one that was corrected.
    db.execute(
        "UPDATE captures SET content_hash = ? WHERE article_id = ? AND content_hash = ?"
        " AND fetched_at BETWEEN ? AND ?",
        (
            content.content_hash,
            stored["id"],
            version["content_hash"],
            version["first_seen"],
            version["last_seen"],
        ),
    )
    db.execute(
        "UPDATE article_urls SET content_hash = ? WHERE article_id = ? AND content_hash = ?",
        (content.content_hash, stored["id"], version["content_hash"]),
    )
    _describe_again(db, stored["id"], version["version"])
    findings.rename(db, stored["id"], version["content_hash"], content.content_hash)


def _describe_again(db: sqlite3.Connection, article_id: int, number: int) -> None:
    """Say again what this version and the next changed; join versions that no longer differ."""
    near = rows(
        db,
        "SELECT * FROM article_versions WHERE article_id = ? AND version BETWEEN ? AND ? ORDER BY version",
        article_id,
        number - 1,
        number + 1,
    )
    for before, after in pairwise(near):
        if before["content_hash"] == after["content_hash"]:
            versions.rebuild(db, article_id, {}, READER_VERSION)
            return
        change = Change.between(Content.from_row(before), Content.from_row(after))
        update(db, "versions", after["id"], change.columns())
    removed.renew(db, article_id)


def _correct_counter(
    db: sqlite3.Connection, capture_id: int, counter: Counter | None, *, dry_run: bool
) -> Differences:
    stored = row(db, "SELECT * FROM counter_readings WHERE capture_id = ?", capture_id)
    if stored is None or counter is None:
        return {}
    columns = counter_columns(counter)
    new = {name: value for name, value in columns.items() if _loaded(stored[name]) != _loaded(value)}
    if not dry_run:
        update(db, "counter_readings", stored["id"], new)
    return {f"counter.{name}": (stored[name], value) for name, value in new.items()}


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
