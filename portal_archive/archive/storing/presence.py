"""Whether an article is still there: missing at first sight, gone when a later visit confirms it.

An article is as present as the pages that showed it. It is missing when none of its URLs shows it any more,
gone when each was found missing by two visits at least a day apart, the later one while the rest of the
portal answered. `gone_at` stays when an article comes back, beside `came_back_at`: it is gone now if
`came_back_at` is NULL.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal_archive.archive.doubt import vanishing
from portal_archive.archive.frontier.schedule import CONFIRM_AFTER
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import row, update

# How many visits before this one tell whether the portal answers.
LATEST_VISITS = 1000
# States of a page under which its article counts as there: it was seen, or nothing is known against it.
_LIVE = ("waiting", "done", "failed")


@dataclass(frozen=True, slots=True)
class Presence:
    """What became of an article's presence."""

    newly_missing: bool = False
    newly_gone: bool = False
    came_back: bool = False


def is_confirmed(
    db: sqlite3.Connection,
    portal: str,
    page_id: int,
    missing_since: str,
    visited: datetime,
    crawl_start: datetime | None,
) -> bool:
    """Return whether a page missing since `missing_since`, and again at `visited`, may be called gone."""
    if visited - from_text(missing_since) < CONFIRM_AFTER:
        return False
    if crawl_start is not None and vanishing.is_held(db, portal, missing_since, visited):
        return False
    return _portal_answers(db, portal, page_id, visited, crawl_start)


def _portal_answers(
    db: sqlite3.Connection, portal: str, page_id: int, visited: datetime, crawl_start: datetime | None
) -> bool:
    """Whether other pages of the portal answer, of late in this crawl or (outside a crawl) in the last day.

    The home page alone proves nothing, since a portal under maintenance may answer everything with it. Pages
    that are missing for a day themselves are no sign of a fault, they wait to be confirmed like this one; nor are
    dead links, which never answered.
    """
    day = visited - timedelta(days=1)
    found = db.execute(
        "SELECT coalesce(sum(state = 'done' AND kind IN ('article', 'list') AND depth > 0), 0),"
        " coalesce(sum(last_digest IS NOT NULL AND (state = 'failed' OR state = 'missing' AND missing_since > ?)), 0)"
        " FROM (SELECT * FROM pages WHERE portal = ? AND last_visit >= ? AND id != ?"
        " ORDER BY last_visit DESC LIMIT ?)",
        (to_text(day), portal, to_text(crawl_start or day), page_id, LATEST_VISITS),
    ).fetchone()
    answered, failing = found
    return bool(answered > failing)


def missing_since(db: sqlite3.Connection, portal: str, url: str) -> str | None:
    """Return the first of the captures in a row, to the newest, in which a URL showed no page."""
    found: tuple[str | None] = db.execute(
        "SELECT min(fetched_at) FROM captures WHERE portal = :portal AND url = :url AND fetched_at >"
        " (SELECT coalesce(max(fetched_at), '') FROM captures WHERE portal = :portal AND url = :url"
        " AND status BETWEEN 200 AND 299 AND kind NOT IN ('gone', 'soft-404', 'blocked', 'error'))"
        " AND (kind IN ('gone', 'soft-404', 'redirect') OR status IN (404, 410))",
        {"portal": portal, "url": url},
    ).fetchone()
    return found[0]


def _confirmed_at(db: sqlite3.Connection, article_id: int) -> str | None:
    """Return when the last page of an article was found missing a second time, a day later or more."""
    found: tuple[str | None] = db.execute(
        "SELECT max((SELECT min(c.fetched_at) FROM captures c WHERE c.portal = p.portal AND c.url = p.url"
        " AND c.fetched_at >= strftime('%Y-%m-%dT%H:%M:%SZ', p.missing_since, ?)))"
        " FROM pages p WHERE p.article_id = ? AND p.state = 'gone'",
        (f"+{CONFIRM_AFTER.total_seconds():.0f} seconds", article_id),
    ).fetchone()
    return found[0]


def settle(db: sqlite3.Connection, article_id: int, visited: datetime) -> Presence:
    """Set the dates of an article's presence from the state of its pages after a visit at `visited`."""
    article = row(
        db, "SELECT portal, url, missing_since, gone_at, came_back_at FROM articles WHERE id = ?", article_id
    )
    pages = row(
        db,
        f"SELECT sum(state IN {_LIVE}) AS live, sum(state = 'missing') AS missing,"
        " sum(state = 'gone') AS gone, max(missing_since) AS missing_since, max(last_visit) AS last_visit"
        " FROM pages WHERE article_id = ?",
        article_id,
    )
    assert article is not None
    assert pages is not None
    is_gone = article["gone_at"] is not None and article["came_back_at"] is None
    if pages["live"] or not (pages["missing"] or pages["gone"]):
        _follow(db, article_id, article["portal"], article["url"])
        if article["missing_since"] is None:
            return Presence()
        back = to_text(visited) if is_gone else article["came_back_at"]
        update(db, "articles", article_id, {"missing_since": None, "came_back_at": back})
        return Presence(came_back=is_gone)
    newly_missing = article["missing_since"] is None
    if article["missing_since"] != pages["missing_since"]:
        update(db, "articles", article_id, {"missing_since": pages["missing_since"]})
    newly_gone = not pages["missing"] and not is_gone
    if newly_gone:
        seen = to_text(visited)
        # An older capture, imported later, may be what shows that it is gone.
        at = seen if seen >= pages["last_visit"] else _confirmed_at(db, article_id) or pages["last_visit"]
        update(db, "articles", article_id, {"gone_at": at, "came_back_at": None})
    return Presence(newly_missing, newly_gone)


def _follow(db: sqlite3.Connection, article_id: int, portal: str, url: str) -> None:
    """Know an article that has left its URL by one where it still is."""
    left = db.execute(
        "SELECT 1 FROM pages WHERE portal = ? AND url = ? AND state IN ('missing', 'gone', 'moved')",
        (portal, url),
    )
    if left.fetchone():
        db.execute(
            "UPDATE articles SET url = coalesce((SELECT url FROM pages WHERE article_id = articles.id"
            " AND state = 'done' ORDER BY last_visit DESC LIMIT 1), url) WHERE id = ?",
            (article_id,),
        )
