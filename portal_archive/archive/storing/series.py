"""What grows from visit to visit: read counts and ratings of articles, and the portals' visitor counters."""

from __future__ import annotations

import json
import sqlite3

from portal_archive.archive.sql import insert, row
from portal_archive.model.page import COUNTER_FIELDS, Article, Counter

Figures = tuple[int | None, int | None, int | None]


def figures(article: Article) -> Figures:
    """Return views, rating points and rating votes as a page prints them."""
    rating = article.rating or {}
    return article.views, rating.get("points"), rating.get("votes")


def add_views(
    db: sqlite3.Connection, article_id: int, seen_at: str, values: Figures, capture_id: int | None
) -> None:
    """Enter what a page printed at `seen_at`; a new row only when it differs from the row before.

    The order of calls does not matter: an older sighting goes to its place in time.
    """
    if values == (None, None, None):
        return
    before = row(
        db,
        "SELECT * FROM article_views WHERE article_id = ? AND seen_at <= ? ORDER BY seen_at DESC LIMIT 1",
        article_id,
        seen_at,
    )
    if before and seen_at <= before["last_seen"]:
        if _values(before) == values or seen_at == before["seen_at"]:
            return
        # Something else in the midst of a row: what the row holds was there before, and again after.
        _end(db, before, before["seen_at"])
        if seen_at < before["last_seen"]:
            _insert(db, article_id, before["last_seen"], _values(before), before["capture_id"])
        _insert(db, article_id, seen_at, values, capture_id)
        return
    after = row(
        db,
        "SELECT * FROM article_views WHERE article_id = ? AND seen_at > ? ORDER BY seen_at LIMIT 1",
        article_id,
        seen_at,
    )
    joins = after is not None and _values(after) == values
    if before and _values(before) == values:
        _end(db, before, after["last_seen"] if after and joins else seen_at)
        if after and joins:
            db.execute(
                "DELETE FROM article_views WHERE article_id = ? AND seen_at = ?",
                (article_id, after["seen_at"]),
            )
    elif after and joins:
        db.execute(
            "UPDATE article_views SET seen_at = ?, capture_id = ? WHERE article_id = ? AND seen_at = ?",
            (seen_at, capture_id, article_id, after["seen_at"]),
        )
    else:
        _insert(db, article_id, seen_at, values, capture_id)


def _values(found: sqlite3.Row) -> Figures:
    return found["views"], found["rating_points"], found["rating_votes"]


def _end(db: sqlite3.Connection, found: sqlite3.Row, last_seen: str) -> None:
    db.execute(
        "UPDATE article_views SET last_seen = ? WHERE article_id = ? AND seen_at = ?",
        (last_seen, found["article_id"], found["seen_at"]),
    )


def _insert(
    db: sqlite3.Connection, article_id: int, seen_at: str, values: Figures, capture_id: int | None
) -> None:
    views, points, votes = values
    insert(
        db,
        "article_views",
        {
            "article_id": article_id,
            "seen_at": seen_at,
            "last_seen": seen_at,
            "views": views,
            "rating_points": points,
            "rating_votes": votes,
            "capture_id": capture_id,
        },
    )


def move_views(db: sqlite3.Connection, source: int, target: int) -> None:
    """Put the series of the article `source` into that of `target`."""
    cursor = db.execute(
        "DELETE FROM article_views WHERE article_id = ?"
        " RETURNING seen_at, last_seen, views, rating_points, rating_votes, capture_id",
        (source,),
    )
    for seen_at, last_seen, views, points, votes, capture_id in cursor.fetchall():
        for moment in dict.fromkeys((seen_at, last_seen)):
            add_views(db, target, moment, (views, points, votes), capture_id)


def counter_columns(counter: Counter) -> dict[str, int | str | None]:
    """Return a counter as columns of `counter_readings`."""
    return {
        **{name: getattr(counter, name) for name in COUNTER_FIELDS},
        "printed": json.dumps(counter.printed, ensure_ascii=False),
        "reasons": json.dumps(counter.reasons, ensure_ascii=False),
    }


def add_counter(
    db: sqlite3.Connection, portal: str, url: str, read_at: str, counter: Counter, capture_id: int | None
) -> None:
    """Enter the visitor counter that the page `url` showed; the same page and second is one reading."""
    values = {
        "portal": portal,
        "url": url,
        "read_at": read_at,
        "capture_id": capture_id,
        **counter_columns(counter),
    }
    places = ", ".join("?" * len(values))
    db.execute(
        f"INSERT INTO counter_readings ({', '.join(values)}) VALUES ({places}) ON CONFLICT DO NOTHING",
        tuple(values.values()),
    )
