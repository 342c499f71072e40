"""Texts that stand at many addresses which had texts of their own: a notice, a login page, a parked domain.

Such a text is a page of the site, not an article; what was taken for an article by it alone is withdrawn. So it is
with one that a first crawl meets at three new addresses, none of which says that they are one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from portal_archive.archive.doubt.doubts import Doubt
from portal_archive.archive.moments import VIETNAM, from_text
from portal_archive.archive.sql import row, rows
from portal_archive.archive.storing.identity import By, Match
from portal_archive.archive.storing.observation import Observation
from portal_archive.model.kinds import DoubtRule, DoubtState

# An address that names its article in so many words.
_NAMED = 3
_WORDS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
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


def stands_everywhere(db: sqlite3.Connection, seen: Observation, matches: Sequence[Match]) -> bool:
    """Tell whether a crawl, or an import, has met this text at so many new addresses that it is no article.

    One article under several addresses has its name, its id or its canonical address in common; one that is dated may
    have been put in three times, with three numbers.
    """
    if len(matches) != 1 or matches[0].by is not By.TEXT:
        return False
    is_new = (
        "SELECT 1 FROM articles a JOIN crawls c ON c.id = ? WHERE a.id = ? AND a.first_seen >= c.started_at"
    )
    if not seen.visit.imported and row(db, is_new, seen.visit.crawl_id, matches[0].article_id) is None:
        return False
    is_dated = _has_date_of_its_own(seen.content.published_at, seen.seen)
    return len(_names(db, matches[0].article_id, seen.url, numbers=not is_dated)) >= ADDRESSES


def _names(db: sqlite3.Connection, article_id: int, *more: str, numbers: bool) -> set[str]:
    """Return what the addresses of an article, and `more`, call it, with or without the numbers in it."""
    urls = db.execute("SELECT url FROM article_urls WHERE article_id = ?", (article_id,))
    names = {_name(url) for url in (*more, *(url for (url,) in urls))}
    if not numbers:
        names = {_DIGITS.sub("", name) for name in names}
    different: set[str] = set()
    for name in sorted(names, key=len):
        # "tin-nhanh-mua-gat" and "mua-gat" are one.
        if not any(shorter in name for shorter in different):
            different.add(name)
    return different


def _name(url: str) -> str:
    """Return what an address calls its page: its last part, with its query where that names nothing."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    name = last.lower().removesuffix(".html")
    return name if len(_WORDS.findall(name)) >= _NAMED else f"{last}?{parts.query}"


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
    """Take back the articles that were made of a text alone since the day `since`.

    One that is dated otherwise, and stands at an address of its own, is the article that the others showed.

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
        is_dated = _has_date_of_its_own(article["published_at"], article["first_seen"])
        if is_dated and len(_names(db, article["id"], numbers=False)) == 1:
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
