"""The frontier: every URL of a portal that was ever found, and when it is looked at next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlite_utils import Database

from archive.records import Crawl, FrontierPage
from crawler.reading.page import Link


class Frontier:
    """The pages of the archive `db` as a queue. A page leaves it only through `Archive.store`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, portal: str, links: Iterable[Link], found_on: str | None, depth: int, at: datetime) -> int:
        """Enter the links that are new, due at the moment `at`; return how many were.

        For start pages: `found_on` None, `depth` 0, `at` the start of the crawl. Pages of depth 0 are due in
        every crawl. The links of a visit need no call: `Archive.store` enters them.
        """
        raise NotImplementedError

    def next_page(self, crawl: Crawl, exclude_ids: Collection[int] = ()) -> FrontierPage | None:
        """Return the page that `crawl` should visit next, or None when nothing is due.

        `exclude_ids` are the pages in flight. In this order: start pages and feeds, articles never seen (newest
        first, as far as lists state dates), list pages, pages to look at again, files.
        """
        raise NotImplementedError

    def due_count(self, crawl: Crawl) -> int:
        """Return how many pages are due in `crawl`."""
        raise NotImplementedError
