"""What a visit means for its page in the frontier: how it ended, and when the page is looked at again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from portal_archive.archive.frontier.frontier import Queue, queue_of
from portal_archive.archive.frontier.schedule import (
    CONFIRM_AFTER,
    SELDOM_DAYS,
    START_RETRY_AFTER,
    again,
    next_crawl,
    retry,
)
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import insert, row, update
from portal_archive.archive.storing.presence import LATEST_VISITS, is_confirmed, missing_since
from portal_archive.model.kinds import LinkKind, Outcome, PageState
from portal_archive.model.records import Visit

# Answers that say nothing about the page: the server, or something before it, refuses or fails.
_FAILING = frozenset({401, 403, 407, 408, 425, 429})
# Pages of an import were reached by no click; their lists are taken for old ones until a crawl finds them
# nearer.
_IMPORTED_DEPTH = 2
# A page that was taken for an article and shows none is tried so often soon, then seldom.
FIRST_TRIES = 3
# Pages that must have answered in a crawl before one that is forbidden is forbidden alone.
_ANSWERING = 3


class Result(Enum):
    """How a visit ended."""

    READ = "read"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    FAILED = "failed"
    MOVED = "moved"
    REFUSED = "refused"
    # It answered, and nothing is to be concluded from it: a login form, an empty page, what is not believed.
    SAYS_NOTHING = "says nothing"


@dataclass(frozen=True, slots=True)
class Shown:
    """The article a visit showed: its id, whether it is as before, and since when it reads so."""

    article_id: int
    same: bool
    since: str


def result_of(db: sqlite3.Connection, visit: Visit, home_url: str) -> Result:
    """Return how a visit ended; a redirect to the home page says "missing", whatever the status.

    Missing needs a sign of missing: at an article's address any other page than that is no statement about it.
    """
    status = visit.status or 0
    if visit.kind in (Outcome.ERROR, Outcome.BLOCKED) or status in _FAILING or status >= 500:
        return Result.MISSING if status == 403 and _is_refused_alone(db, visit) else Result.FAILED
    if visit.kind == Outcome.REFUSED:
        return Result.REFUSED
    page = row(db, "SELECT * FROM pages WHERE portal = ? AND url = ?", visit.portal, visit.url)
    if visit.kind == Outcome.UNCHANGED:
        return Result.UNCHANGED if _can_be_unchanged(page) else Result.FAILED
    if visit.kind in (Outcome.GONE, Outcome.SOFT_404) or status in (404, 410):
        return Result.MISSING
    is_of_article = page is not None and page["article_id"] is not None
    if visit.kind == Outcome.REDIRECT:
        return Result.MISSING if is_of_article else Result.MOVED
    leads_on = visit.url != visit.final_url
    if leads_on and _is_start(db, visit, visit.final_url, home_url):
        return Result.READ if _is_start(db, visit, visit.url, home_url) else Result.MISSING
    if is_of_article and visit.kind == Outcome.LIST and leads_on:
        # A portal sends people from a removed article to its category.
        return Result.MISSING
    crawled = visit.crawl_id is not None or visit.gathered is not None
    if is_of_article and visit.kind != Outcome.ARTICLE and crawled:
        return Result.SAYS_NOTHING
    return Result.SAYS_NOTHING if crawled and _is_tried_again(page, visit) else Result.READ


def _can_be_unchanged(page: sqlite3.Row | None) -> bool:
    """Whether 304 is an answer to something: to validators that came with a page."""
    return page is not None and bool(page["last_digest"]) and bool(page["etag"] or page["last_modified"])


def _is_tried_again(page: sqlite3.Row | None, visit: Visit) -> bool:
    """Whether what was taken for an article and is none, at its first visits, may have met a fault."""
    return (
        page is not None
        and page["kind"] == LinkKind.ARTICLE
        and visit.kind == Outcome.OTHER
        and not (visit.page is not None and visit.page.is_stated)
        and page["attempts"] < FIRST_TRIES
        and page["depth"] > 0
    )


def _is_refused_alone(db: sqlite3.Connection, visit: Visit) -> bool:
    """Whether 403 is of one article only, as Drupal answers for one that was taken offline."""
    signs = visit.fingerprint
    if visit.crawl_id is None or (signs is not None and signs.refusal not in (None, "http-403")):
        return False
    if find(db, visit.portal, visit.url, "article_id") is None:
        return False
    answered, refused = db.execute(
        "SELECT coalesce(sum(state = 'done'), 0), coalesce(sum(last_status IN (401, 403, 429)), 0)"
        " FROM (SELECT p.state, p.last_status FROM pages p JOIN crawls c ON c.id = ?"
        " WHERE p.portal = ? AND p.last_visit >= c.started_at ORDER BY p.last_visit DESC LIMIT ?)",
        (visit.crawl_id, visit.portal, LATEST_VISITS),
    ).fetchone()
    return bool(answered >= _ANSWERING and refused * 5 <= answered)


def find(db: sqlite3.Connection, portal: str, url: str, column: str) -> Any:
    """Return a column of a page, or None when the page is not known."""
    found = db.execute(f"SELECT {column} FROM pages WHERE portal = ? AND url = ?", (portal, url)).fetchone()
    return found[0] if found else None


def _is_start(db: sqlite3.Connection, visit: Visit, url: str, home_url: str) -> bool:
    return url.rstrip("/") == home_url.rstrip("/") or find(db, visit.portal, url, "depth") == 0


def leave(
    db: sqlite3.Connection, visit: Visit, result: Result, crawl_start: datetime | None, shown: Shown | None
) -> set[int]:
    """Write what a visit means for its page, and for the page it was redirected to.

    Returns the articles whose presence it may have changed.
    """
    if visit.url == visit.final_url or result is not Result.READ:
        return _leave(db, visit, visit.url, result, crawl_start, shown)
    concerned = _leave(db, visit, visit.final_url, result, crawl_start, shown)
    was = find(db, visit.portal, visit.url, "article_id")
    if was is not None and (shown is None or shown.article_id != was):
        # Its own article is no longer here: the URL leads to something else.
        return concerned | _leave(db, visit, visit.url, Result.MISSING, crawl_start, None)
    return concerned | _leave(db, visit, visit.url, Result.MOVED, crawl_start, shown)


def _leave(
    db: sqlite3.Connection,
    visit: Visit,
    url: str,
    result: Result,
    crawl_start: datetime | None,
    shown: Shown | None,
) -> set[int]:
    visited = to_text(visit.fetched_at)
    page = row(db, "SELECT * FROM pages WHERE portal = ? AND url = ?", visit.portal, url)
    if page is None:
        page = _enter(db, visit, url, visited)
    article_id = shown.article_id if shown else page["article_id"]
    concerned = {number for number in (article_id, page["article_id"]) if number is not None}
    # A crawl sees a page as it is now, whatever the clock said when it was seen last.
    if visit.crawl_id is None and page["last_visit"] is not None and page["last_visit"] > visited:
        _look_back(db, page, article_id)
        return concerned
    started = crawl_start or visit.fetched_at
    values: dict[str, Any] = {"last_visit": visited, "last_status": visit.status, "article_id": article_id}
    if result is Result.FAILED:
        values |= _failed(page, visit)
    elif result is Result.MISSING:
        values |= _missing(db, page, visit, started, crawl_start)
    elif result is Result.SAYS_NOTHING:
        values |= _says_nothing(page, visit)
    elif result in (Result.MOVED, Result.REFUSED) and page["depth"] > 0:
        values |= _not_read(page, visit, result, started)
    else:
        values |= {"attempts": 0, "missing_since": None}
        values |= _read(page, visit, result, shown, article_id, started)
    kind, depth = values.get("kind", page["kind"]), page["depth"]
    never_read = (
        result is Result.FAILED
        and page["state"] in (PageState.WAITING, PageState.FAILED)
        and not page["last_digest"]
    )
    values["queue"] = queue_of(kind, depth, visited=not never_read)
    if isinstance(values["next_visit"], datetime):
        # A clock that is set back during a crawl makes nothing due in it again.
        values["next_visit"] = to_text(max(values["next_visit"], next_crawl(visit.fetched_at, started)))
    update(db, "pages", page["id"], values)
    return concerned


def _look_back(db: sqlite3.Connection, page: sqlite3.Row, article_id: int | None) -> None:
    """Let an older capture, imported later, say whose page this was, and since when it is missing.

    It says nothing of how the page is now.
    """
    values: dict[str, Any] = {}
    if page["article_id"] is None and article_id is not None:
        values = {"article_id": article_id, "kind": Outcome.ARTICLE}
    # Of a page that led elsewhere before it was known that it had shown an article, the article has left.
    left = page["state"] == PageState.MOVED and bool(values)
    if left or page["state"] in (PageState.MISSING, PageState.GONE):
        since = missing_since(db, page["portal"], page["url"]) or page["missing_since"] or page["last_visit"]
        stays = page["state"] == PageState.GONE and since <= page["missing_since"]
        confirmed = stays or is_confirmed(
            db, page["portal"], page["id"], since, from_text(page["last_visit"]), None
        )
        values |= {"missing_since": since, "state": PageState.GONE if confirmed else PageState.MISSING}
        if not confirmed and page["state"] != PageState.MISSING:
            values["next_visit"] = to_text(from_text(page["last_visit"]) + CONFIRM_AFTER)
    update(db, "pages", page["id"], values)


def _enter(db: sqlite3.Connection, visit: Visit, url: str, visited: str) -> sqlite3.Row:
    depth = max(visit.depth, _IMPORTED_DEPTH) if visit.crawl_id is None else visit.depth
    page_id = insert(
        db,
        "pages",
        {
            "portal": visit.portal,
            "url": url,
            "kind": visit.kind,
            "state": PageState.WAITING,
            "queue": Queue.AGAIN,
            "depth": depth,
            "discovered_at": visited,
        },
    )
    page = row(db, "SELECT * FROM pages WHERE id = ?", page_id)
    assert page is not None
    return page


def _failed(page: sqlite3.Row, visit: Visit) -> dict[str, Any]:
    failures = page["attempts"] + (not visit.begun)
    # An error neither confirms that a page is missing nor denies it.
    state = page["state"] if page["state"] in (PageState.MISSING, PageState.GONE) else PageState.FAILED
    next_visit = retry(failures, visit.fetched_at)
    if page["queue"] == Queue.START:
        next_visit = min(next_visit, visit.fetched_at + START_RETRY_AFTER)
    return {"state": state, "attempts": failures, "next_visit": next_visit}


def _says_nothing(page: sqlite3.Row, visit: Visit) -> dict[str, Any]:
    """Look again soon; what is known of the page stays as it was."""
    tries = page["attempts"] + (not visit.begun)
    state = PageState.DONE if page["state"] in (PageState.WAITING, PageState.FAILED) else page["state"]
    return {"state": state, "attempts": tries, "next_visit": retry(tries, visit.fetched_at)}


def _not_read(page: sqlite3.Row, visit: Visit, result: Result, started: datetime) -> dict[str, Any]:
    """Look again seldom; that an article's address is not to be asked for does not bring it back."""
    is_missing = page["state"] in (PageState.MISSING, PageState.GONE) and page["article_id"] is not None
    values: dict[str, Any] = {"state": page["state"] if is_missing else result.value}
    if not is_missing:
        values["missing_since"] = None
    if page["article_id"] is not None:
        tries = page["attempts"] + (not visit.begun)
        return values | {"attempts": tries, "next_visit": retry(tries, visit.fetched_at)}
    next_visit = again(from_text(page["discovered_at"]), visit.fetched_at, started, SELDOM_DAYS)
    return values | {"attempts": 0, "next_visit": next_visit}


def _missing(
    db: sqlite3.Connection, page: sqlite3.Row, visit: Visit, started: datetime, crawl_start: datetime | None
) -> dict[str, Any]:
    since = page["missing_since"] or to_text(visit.fetched_at)
    values: dict[str, Any] = {"attempts": 0, "missing_since": since}
    if page["state"] == PageState.GONE or is_confirmed(
        db, visit.portal, page["id"], since, visit.fetched_at, crawl_start or visit.gathered
    ):
        values["state"] = PageState.GONE
        values["next_visit"] = (
            None
            if page["kind"] == LinkKind.FILE
            else again(from_text(since), visit.fetched_at, started, SELDOM_DAYS)
        )
    else:
        values["state"] = PageState.MISSING
        # What is not confirmed for long is looked at less and less often.
        values["next_visit"] = visit.fetched_at + max(CONFIRM_AFTER, visit.fetched_at - from_text(since))
    if page["depth"] == 0:
        values["next_visit"] = next_crawl(visit.fetched_at, started)
    return values


def _read(
    page: sqlite3.Row,
    visit: Visit,
    result: Result,
    shown: Shown | None,
    article_id: int | None,
    started: datetime,
) -> dict[str, Any]:
    # A page that once showed an article remains an article's page, however it reads now.
    kind = (
        page["kind"] if result is not Result.READ else visit.kind if article_id is None else Outcome.ARTICLE
    )
    digest = visit.capture.digest if visit.capture else None
    same = result is Result.UNCHANGED or (digest is not None and digest == page["last_digest"])
    nothing_new = same or (shown is not None and shown.same)
    values: dict[str, Any] = {
        "kind": kind,
        "state": PageState.DONE,
        "unchanged": page["unchanged"] + 1 if nothing_new else 0,
        "conditional": _conditional(page, visit, result, nothing_new=nothing_new),
        "next_visit": _next_visit(page, visit, kind, shown, started),
    }
    if result is Result.READ:
        values |= {"etag": visit.etag, "last_modified": visit.last_modified, "last_digest": digest}
    return values


def _conditional(page: sqlite3.Row, visit: Visit, result: Result, *, nothing_new: bool) -> int | None:
    """Learn whether the server's validators can be trusted: not if they change while the page does not."""
    if result is Result.UNCHANGED:
        return 1
    for before, now in ((page["etag"], visit.etag), (page["last_modified"], visit.last_modified)):
        if before and now:
            if before != now and nothing_new:
                return 0
            break
    known: int | None = page["conditional"]
    return known


def _next_visit(
    page: sqlite3.Row, visit: Visit, kind: str, shown: Shown | None, started: datetime
) -> datetime | None:
    if queue_of(kind, page["depth"], visited=True) is Queue.START:
        return next_crawl(visit.fetched_at, started)
    if kind == LinkKind.FILE:
        return None
    if shown is not None:
        return again(from_text(shown.since), visit.fetched_at, started)
    return again(from_text(page["discovered_at"]), visit.fetched_at, started, SELDOM_DAYS)
