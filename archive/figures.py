"""The figures of a crawl: what it did, and in how many articles each field could be read."""

from __future__ import annotations

import sqlite3

from archive.records import Stored
from crawler.reading.page import Article, Page

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
# A value from the metadata of a page stands there still when a redesign has emptied what people see.
_NOT_FROM_THE_PAGE = "meta"


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


def count_fields(db: sqlite3.Connection, crawl_id: int, page: Page, article: Article) -> None:
    """Add one article page to the fill rates of its crawl; "counter" counts pages with a visitor counter."""
    filled = {
        name: bool(getattr(article, name) not in (None, [], "", {}))
        and page.methods.get(name) != _NOT_FROM_THE_PAGE
        for name in FIELDS
    }
    counter = page.counter
    filled["counter"] = counter is not None and (counter.total, counter.today, counter.online) != (None,) * 3
    db.executemany(
        "INSERT INTO crawl_fields (crawl_id, field, articles, filled) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (crawl_id, field) DO UPDATE SET"
        " articles = articles + 1, filled = filled + excluded.filled",
        [(crawl_id, name, is_filled) for name, is_filled in filled.items()],
    )
