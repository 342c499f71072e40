"""The figures of a crawl: what it did, and in how many articles each field could be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

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
_NOT_FROM_THE_PAGE = frozenset({"meta", "microdata"})
# So many pages that lack a field are named.
EXAMPLES = 3


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


def count_fields(db: sqlite3.Connection, crawl_id: int, url: str, page: Page, article: Article) -> None:
    """Add one article page to the fill rates of its crawl; "counter" counts pages with a visitor counter."""
    filled = {
        name: bool(getattr(article, name) not in (None, [], "", {}))
        and page.methods.get(name) not in _NOT_FROM_THE_PAGE
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
