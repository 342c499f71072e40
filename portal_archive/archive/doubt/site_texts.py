"""Texts that stand at many addresses which had texts of their own: a notice, a login page, a parked domain.

Such a text is a page of the site, not an article; what was taken for an article by it alone is withdrawn.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from portal_archive.archive.doubt.doubts import Doubt
from portal_archive.archive.moments import VIETNAM, from_text
from portal_archive.archive.sql import rows
from portal_archive.model.kinds import DoubtRule, DoubtState

# A text at so many addresses that had others is no article.
ADDRESSES = 3
# Tables whose rows go with an article that was none.
_OF_ARTICLE = ("versions", "article_urls", "article_views", "images", "attachments", "findings")


def is_doubted(db: sqlite3.Connection, portal: str, text_hash: str) -> bool:
    """Tell whether a text is, or was, shown at an address that had another, and not believed there."""
    found = db.execute(
        "SELECT 1 FROM doubts WHERE portal = ? AND text_hash = ? AND state IN ('held', 'refused', 'passed', 'rejected')"
        " LIMIT 1",
        (portal, text_hash),
    ).fetchone()
    return found is not None


def is_of_site(db: sqlite3.Connection, portal: str, text_hash: str, url: str) -> bool:
    """Tell whether a text is shown now, this `url` counted, at so many addresses that it is no article."""
    others = db.execute(
        "SELECT count(DISTINCT url) FROM doubts WHERE portal = ? AND text_hash = ? AND url != ?"
        " AND state IN ('held', 'refused')",
        (portal, text_hash, url),
    ).fetchone()[0]
    return bool(others + 1 >= ADDRESSES)


def refuse(db: sqlite3.Connection, portal: str, text_hash: str) -> None:
    """Write of all addresses that show a text that it is a page of the site, and withdraw what it made."""
    db.execute(
        "UPDATE doubts SET rule = ?, state = ? WHERE portal = ? AND text_hash = ? AND state = 'held'",
        (DoubtRule.SAME_TEXT, DoubtState.REFUSED, portal, text_hash),
    )
    since = db.execute(
        "SELECT min(first_seen) FROM doubts WHERE portal = ? AND text_hash = ? AND state = 'refused'",
        (portal, text_hash),
    ).fetchone()[0]
    withdraw(db, portal, text_hash, since)


def passed(db: sqlite3.Connection, ended: list[Doubt]) -> None:
    """Withdraw what texts made that an address showed for a time in place of its own."""
    for doubt in ended:
        if doubt.rule in (DoubtRule.REPLACED, DoubtRule.SAME_TEXT) and doubt.article_id is not None:
            withdraw(db, doubt.portal, doubt.text_hash, doubt.first_seen)


def withdraw(db: sqlite3.Connection, portal: str, text_hash: str, since: str) -> None:
    """Take back the articles that were made of a text alone since the day `since`, and are not dated otherwise.

    Their captures stay, and their pages are looked at again as new ones.
    """
    made = rows(
        db,
        "SELECT DISTINCT a.* FROM versions v INDEXED BY versions_text CROSS JOIN articles a ON a.id = v.article_id"
        " WHERE substr(v.text_hash, 1, 16) = substr(?1, 1, 16) AND +v.text_hash = ?1 AND a.text_hash = ?1"
        " AND a.portal = ?2 AND a.version = 1 AND substr(a.first_seen, 1, 10) >= substr(?3, 1, 10)",
        text_hash,
        portal,
        since,
    )
    for article in made:
        if _has_date_of_its_own(article["published_at"], article["first_seen"]):
            continue
        if db.execute("SELECT 1 FROM doubts WHERE article_id = ? LIMIT 1", (article["id"],)).fetchone():
            continue
        db.execute(
            "UPDATE captures SET article_id = NULL, content_hash = NULL WHERE article_id = ?",
            (article["id"],),
        )
        db.execute(
            "UPDATE pages SET article_id = NULL, state = 'waiting', queue = 1, next_visit = last_visit,"
            " last_digest = NULL, etag = NULL, last_modified = NULL, unchanged = 0, attempts = 1 WHERE article_id = ?",
            (article["id"],),
        )
        db.execute("UPDATE findings SET original_article = NULL WHERE original_article = ?", (article["id"],))
        for table in _OF_ARTICLE:
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article["id"],))
        db.execute("DELETE FROM articles WHERE id = ?", (article["id"],))


def _has_date_of_its_own(published_at: str | None, first_seen: str) -> bool:
    """Tell whether an article is dated, and not by the day on which it was seen: a notice has a clock at most."""
    if published_at is None:
        return False
    return datetime.fromisoformat(published_at).date() != from_text(first_seen).astimezone(VIETNAM).date()
