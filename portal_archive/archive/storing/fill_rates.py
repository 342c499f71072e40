"""The figures of a crawl: what it did, and in how many articles each field could be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from statistics import median

from portal_archive.model.page import Article, Page
from portal_archive.model.records import Stored

# The fields of which it is counted how many articles have them.
FIELDS = (
    "title",
    "summary",
    "body",
    "captions",
    "author",
    "source",
    "published_at",
    "category",
    "tags",
    "views",
    "rating",
    "comments",
    "images",
    "attachments",
)
# Values from the metadata of a page stand there still when a redesign has emptied what people see.
NOT_FROM_THE_PAGE = frozenset({"meta", "microdata"})
# So many pages that lack a field are named.
EXAMPLES = 3
# Articles whose lengths are compared, and how many there must be.
COMPARED = 50
ENOUGH = 10


def count(
    db: sqlite3.Connection, crawl_id: int, seen: str, stored: Stored, problems: int, *, page: bool
) -> None:
    """Add one visit at `seen` to the figures of its crawl; `page`: it was to a page of the frontier."""
    db.execute(
        "UPDATE crawls SET pages = pages + ?, last_active_at = max(last_active_at, ?),"
        " new_articles = new_articles + ?, changed_articles = changed_articles + ?,"
        " gone_articles = gone_articles + ?, problems = problems + ? WHERE id = ?",
        (page, seen, stored.is_new, stored.changed is not None, stored.newly_gone, problems, crawl_id),
    )


def count_kind(db: sqlite3.Connection, crawl_id: int, url: str, *, is_article: bool) -> None:
    """Add one page that was taken for an article and answered: the field "article" says how many were one."""
    _count(db, crawl_id, url, {"article": is_article})


def count_presence(db: sqlite3.Connection, crawl_id: int, url: str, *, is_there: bool) -> None:
    """Add one known article that was not missing: the field "present" says how many are still there."""
    _count(db, crawl_id, url, {"present": is_there})


def count_lengths(db: sqlite3.Connection, crawl_id: int) -> None:
    """Add the articles a crawl has found: the field "body_length" says how many are as long as is usual.

    That is half of the median of those before, which are compared with where there are enough.
    """
    crawl = db.execute("SELECT portal, started_at FROM crawls WHERE id = ?", (crawl_id,)).fetchone()
    sql = "SELECT url, length(body) FROM articles WHERE portal = ? AND first_seen {} ? ORDER BY first_seen DESC LIMIT ?"
    before = db.execute(sql.format("<"), (*crawl, COMPARED)).fetchall()
    if len(before) < ENOUGH:
        return
    usual = median(length or 0 for _, length in before)
    for url, length in db.execute(sql.format(">="), (*crawl, COMPARED)).fetchall():
        _count(db, crawl_id, url, {"body_length": (length or 0) * 2 >= usual})


def count_fields(db: sqlite3.Connection, crawl_id: int, url: str, page: Page, article: Article) -> None:
    """Add one article page to the fill rates of its crawl; "counter" counts pages with a visitor counter."""
    filled = {
        name: bool(getattr(article, name) not in (None, [], "", {}))
        and page.methods.get(name) not in NOT_FROM_THE_PAGE
        for name in FIELDS
    }
    counter = page.counter
    filled["counter"] = counter is not None and (counter.total, counter.today, counter.online) != (None,) * 3
    _count(db, crawl_id, url, filled)


def _count(db: sqlite3.Connection, crawl_id: int, url: str, filled: Mapping[str, bool]) -> None:
    db.executemany(
        "INSERT INTO crawl_fields (crawl_id, field, articles, filled, examples)"
        " VALUES (:crawl, :field, 1, :filled, iif(:filled, '[]', json_array(:url)))"
        " ON CONFLICT (crawl_id, field) DO UPDATE SET"
        " articles = articles + 1, filled = filled + :filled, examples ="
        f" iif(:filled OR json_array_length(examples) >= {EXAMPLES}, examples, json_insert(examples, '$[#]', :url))",
        [
            {"crawl": crawl_id, "field": name, "filled": is_filled, "url": url}
            for name, is_filled in filled.items()
        ],
    )
