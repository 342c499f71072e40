"""Which stored article a page shows: one article, however many URLs it has or had."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from portal_archive.archive.sql import row, rows
from portal_archive.archive.storing.content import Content, plain
from portal_archive.archive.storing.observation import Observation

# A shorter body may be boilerplate that different articles share; it proves nothing.
TELLING_BODY = 200
# The share of three-word sequences that two bodies of an article, edited between, have in common; reports
# written after one template stay below it.
ALIKE = 0.5
# A body that keeps so much is edited, and nothing else.
EDITED = 0.9


class By(Enum):
    """What two pages were recognised by as the same article."""

    CMS_ID = "cms id"
    URL = "url"
    CANONICAL = "canonical url"
    REDIRECT = "redirect"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Match:
    """A stored article that a visit shows."""

    article_id: int
    by: By


def find(db: sqlite3.Connection, seen: Observation) -> list[Match]:
    """Return the stored articles that a page shows, the surest first.

    More than one when the archive has taken for several articles what this page shows to be one.
    """
    candidates = (
        (By.CMS_ID, _by_cms_id(db, seen)),
        (By.URL, by_url(db, seen.portal, seen.url)),
        (By.CANONICAL, _by_canonical(db, seen)),
        (By.REDIRECT, _by_redirect(db, seen)),
    )
    found: dict[int, By] = {}
    for by, article_id in candidates:
        if article_id is not None:
            found.setdefault(article_id, by)
    first = next(iter(found), None)
    # The text is looked up only when it is new to the article: then it may show two articles to be one.
    if first is None or not shows(db, first, seen.content):
        for article_id in _by_text(db, seen.portal, seen.content):
            found[article_id] = found.get(article_id, By.TEXT)
    return [Match(article_id, by) for article_id, by in found.items()]


def by_url(db: sqlite3.Connection, portal: str, url: str) -> int | None:
    """Return the article that was seen under `url`."""
    found = db.execute(
        "SELECT article_id FROM article_urls WHERE portal = ? AND url = ?", (portal, url)
    ).fetchone()
    return found[0] if found else None


def _by_cms_id(db: sqlite3.Connection, seen: Observation) -> int | None:
    if seen.article.cms_id is None:
        return None
    known = rows(
        db,
        "SELECT id, url, title, body FROM articles WHERE portal = ? AND cms_id = ? ORDER BY id",
        seen.portal,
        seen.article.cms_id,
    )
    for candidate in known:
        # Under the URL it had, an id means its article even when everything was rewritten. Under another
        # one it may be another module's: modules of one CMS number their articles each from 1.
        if (
            by_url(db, seen.portal, seen.url) == candidate["id"]
            or alike(candidate, seen.content)
            or not _is_live(db, candidate["id"])
        ):
            return int(candidate["id"])
    return None


def alike(stored: sqlite3.Row, content: Content) -> bool:
    """Whether a content can be an edit of a stored article: same title, or a body mostly the same."""
    if plain(stored["title"]) == plain(content.title):
        return True
    return likeness(stored["body"], content.body) >= ALIKE


def likeness(one: str | None, other: str | None) -> float:
    """Return the share of three-word sequences that two bodies have in common, 0 to 1."""
    old, new = _shingles(one), _shingles(other)
    both = old.total() + new.total()
    return 2 * (old & new).total() / both if both else 0.0


def _shingles(text: str | None) -> Counter[tuple[str, str, str]]:
    words = plain(text).split()
    return Counter(zip(words, words[1:], words[2:], strict=False))


def _is_live(db: sqlite3.Connection, article_id: int) -> bool:
    live = db.execute(
        "SELECT 1 FROM pages WHERE article_id = ? AND state IN ('done', 'failed', 'waiting')", (article_id,)
    )
    return live.fetchone() is not None


def _by_redirect(db: sqlite3.Connection, seen: Observation) -> int | None:
    visit = seen.visit
    if visit.url == visit.final_url:
        return None
    article_id = by_url(db, visit.portal, visit.url)
    if article_id is None:
        return None
    # A removed article may lead to a notice, or to any other article.
    found = row(db, "SELECT title, body FROM articles WHERE id = ?", article_id)
    return article_id if found and alike(found, seen.content) else None


def _by_canonical(db: sqlite3.Connection, seen: Observation) -> int | None:
    url = seen.content.url
    if url == seen.url:
        return None
    article_id = by_url(db, seen.portal, url)
    if article_id is None:
        return None
    # A canonical URL that a template prints on many pages must not make one article of them.
    found = row(db, "SELECT title FROM articles WHERE id = ?", article_id)
    return article_id if found and plain(found["title"]) == plain(seen.content.title) else None


def shows(db: sqlite3.Connection, article_id: int, content: Content) -> bool:
    """Tell whether an article has the title and body of a content now."""
    found = row(db, "SELECT text_hash FROM articles WHERE id = ?", article_id)
    return found is not None and found["text_hash"] == content.text_hash


def _by_text(db: sqlite3.Connection, portal: str, content: Content) -> list[int]:
    """Return articles that have, or had, the same title and body, and no other publication date."""
    if not plain(content.title) or len(plain(content.body)) < TELLING_BODY:
        return []
    found = rows(
        db,
        "SELECT DISTINCT a.id, iif(v.version = a.version, a.published_at, v.published_at) AS published_at"
        " FROM versions v INDEXED BY versions_text CROSS JOIN articles a ON a.id = v.article_id"
        " WHERE substr(v.text_hash, 1, 16) = substr(?1, 1, 16) AND +v.text_hash = ?1 AND a.portal = ?2 ORDER BY 1",
        content.text_hash,
        portal,
    )
    return [
        found_row["id"]
        for found_row in found
        if None in (found_row["published_at"], content.published_at)
        or found_row["published_at"][:10] == str(content.published_at)[:10]
    ]
