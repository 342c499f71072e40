"""The frontier: every URL of a portal that was ever found, and when it is looked at next."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path

from sqlite_utils import Database

from portal_archive.archive.errors import clear_errors, transaction
from portal_archive.archive.frontier.schedule import retry
from portal_archive.archive.moments import epoch, to_text
from portal_archive.archive.sql import rows, update
from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.model.records import Crawl, FrontierPage

# More links than a page has, sitemaps apart.
_LONGEST_LIST = 10_000
# Pages that were found so lately are looked at again where no article was found yet.
_LATELY = timedelta(days=7)
_PUT_OFF = timedelta(days=2)
_COLUMNS = "id, url, kind, depth, attempts, etag, last_modified, conditional, last_digest"


class Queue(IntEnum):
    """The queues of the frontier; a crawl takes a page of a later one only when the earlier are empty."""

    START = 0  # start pages, feeds, first list pages: due in every crawl, they say what is new
    NEW = 1  # articles never seen
    DEEP = 2  # list pages behind the first, which lead to older articles
    AGAIN = 3  # pages to look at again
    FILE = 4


def queue_of(kind: str, depth: int, *, visited: bool) -> Queue:
    """Return the queue of a page by what it is (taken for) and its clicks from a start page."""
    if depth == 0 or kind == LinkKind.FEED:
        return Queue.START
    if kind == LinkKind.FILE:
        return Queue.FILE
    if kind in (LinkKind.LIST, LinkKind.SITEMAP):
        return Queue.START if depth == 1 else Queue.DEEP
    return Queue.AGAIN if visited else Queue.NEW


def add_links(
    db: sqlite3.Connection, portal: str, links: Iterable[Link], found_on: str | None, depth: int, at: str
) -> dict[LinkKind, int]:
    """Enter the links that are new, due at `at`; return how many of each kind were.

    A known page that turns out to be nearer to a start page takes the rank that gives it.
    """
    new: dict[LinkKind, int] = {}
    by_kind: dict[LinkKind, list[Link]] = {}
    for link in links:
        by_kind.setdefault(link.kind, []).append(link)
    for kind, group in by_kind.items():
        queue = queue_of(kind, depth, visited=False)
        # Not `total_changes`, which counts what triggers write too.
        new[kind] = db.executemany(
            "INSERT INTO pages (portal, url, kind, state, queue, priority, depth, found_on, discovered_at,"
            " next_visit) VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?) ON CONFLICT (portal, url) DO NOTHING",
            [
                (portal, link.url, kind, queue, _priority(link, depth, position), depth, found_on, at, at)
                for position, link in enumerate(group)
            ],
        ).rowcount
        if queue is Queue.START and new[kind] < len(group):
            db.executemany(
                "UPDATE pages SET depth = ?, queue = ?,"
                " next_visit = CASE WHEN last_visit >= ? THEN next_visit ELSE ? END"
                " WHERE portal = ? AND url = ? AND depth > ? AND kind != 'article'",
                [(depth, queue, at, at, portal, link.url, depth) for link in group],
            )
    return new


def _priority(link: Link, depth: int, position: int) -> int:
    """Return the publication time that the list states, else a rank below: near ones first, as the list has them."""
    if link.published_at is not None:
        with suppress(ValueError, OverflowError):
            return epoch(link.published_at)
    return -(depth * _LONGEST_LIST + min(position, _LONGEST_LIST))


class Frontier:
    """The pages of the archive `db`, the file at `path`, as a queue; they leave it through `Archive.store` only."""

    def __init__(self, db: Database, path: Path) -> None:
        self._database = db
        self._db = db.conn
        self._path = path

    def add(self, portal: str, links: Iterable[Link], found_on: str | None, depth: int, at: datetime) -> int:
        """Enter the links that are new, due at the moment `at`; return how many were.

        For start pages: `found_on` None, `depth` 0, `at` the start of the crawl. Pages of depth 0 are due in
        every crawl. The links of a visit need no call: `Archive.store` enters them.
        """
        with transaction(self._database, self._path):
            return sum(add_links(self._db, portal, links, found_on, depth, to_text(at)).values())

    def rest(self, portal: str, until: datetime) -> None:
        """Let no page of a portal be due before `until`."""
        with transaction(self._database, self._path):
            self._db.execute(
                "UPDATE pages SET next_visit = ? WHERE portal = ? AND next_visit < ?",
                (to_text(until), portal, to_text(until)),
            )

    def ask_again_where_nothing_was_found(self, portal: str, at: datetime) -> None:
        """Where no crawl has found an article yet, let the next one look at all that was found lately.

        The first crawl of a portal may fall on a day on which every list shows a notice. What the portal itself has
        put off, by a day at most, stays put off.
        """
        with transaction(self._database, self._path):
            self._db.execute(
                "UPDATE pages SET next_visit = :at WHERE portal = :portal AND state = 'done' AND next_visit > :soon"
                " AND discovered_at >= :lately AND kind != 'file'"
                " AND NOT EXISTS (SELECT 1 FROM articles WHERE portal = :portal)",
                {
                    "portal": portal,
                    "at": to_text(at),
                    "soon": to_text(at + _PUT_OFF),
                    "lately": to_text(at - _LATELY),
                },
            )

    def begin(self, page: FrontierPage, at: datetime) -> None:
        """Count an attempt at a page before its response is read; a visit takes the count back where it succeeds.

        Whatever ends the process meanwhile may be the page's doing: from the second time on it rests, as after a
        failure.
        """
        attempts = page.attempts + 1
        rests = {} if attempts == 1 else {"next_visit": to_text(retry(attempts, at))}
        with transaction(self._database, self._path):
            update(self._db, "pages", page.id, {"attempts": attempts, **rests})

    def next_page(self, crawl: Crawl, exclude_ids: Collection[int] = ()) -> FrontierPage | None:
        """Return the page that `crawl` should visit next, or None when nothing is due.

        `exclude_ids` are the pages in flight. In this order: start pages and feeds, articles never seen
        (newest first, as far as lists state dates), list pages, pages to look at again, files.
        """
        with clear_errors(self._path):
            return self._next_page(crawl, exclude_ids)

    def _next_page(self, crawl: Crawl, exclude_ids: Collection[int]) -> FrontierPage | None:
        started = to_text(crawl.started_at)
        for queue in Queue:
            # What was found last comes first, so that news is not kept waiting by a backfill; what is to be
            # looked at again comes in the order in which it fell due, so that nothing is put off forever.
            # The home page goes before its categories: what it shows says whether all of them are asked.
            way = "ASC" if queue >= Queue.AGAIN else "DESC"
            order = f"next_visit {way}, priority {way}"
            if queue is Queue.START:
                order = "depth, last_visit, priority DESC"
            due = rows(
                self._db,
                f"SELECT {_COLUMNS} FROM pages WHERE portal = ? AND queue = ? AND next_visit <= ?"
                f" ORDER BY {order} LIMIT ?",
                crawl.portal,
                queue,
                started,
                len(exclude_ids) + 1,
            )
            for page in due:
                if page["id"] not in exclude_ids:
                    values = dict(page)
                    if values["conditional"] is not None:
                        values["conditional"] = bool(values["conditional"])
                    return FrontierPage(**values)
        return None
