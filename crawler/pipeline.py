"""Visits go into the archive, each in one transaction."""

from __future__ import annotations

import logging
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.session import Session, session_of
from portal_archive.model.kinds import Outcome
from portal_archive.model.records import Stored, Visit

# Visits after which a portal cannot be said to have answered.
FAILED = (Outcome.ERROR, Outcome.REFUSED, Outcome.BLOCKED)

logger = logging.getLogger(__name__)


class StoreVisits:
    """Stores every visit, counts what it changed, and says so in a line."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self._crawler = crawler
        self._session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawl."""
        return cls(crawler, session_of(crawler))

    def process_item(self, item: Any) -> Any:
        """Store a visit and return it."""
        visit: Visit = item
        stored = self._session.store(visit)
        if stored is not None and not visit.off_frontier:
            self._report(visit, stored)
        counter = visit.page.counter if visit.page else None
        if counter is not None and counter.total is not None:
            self._crawler.stats.set_value("archive/counter", counter.total)
        for problem in visit.problems:
            self._count("problems")
            logger.info("problem %s: %s", problem.kind, problem.detail)
        return item

    def _report(self, visit: Visit, stored: Stored) -> None:
        self._count("pages")
        if visit.kind in FAILED:
            self._count("failed")
        title = visit.page.article.title if visit.page and visit.page.article else None
        what = f"{title} <{visit.url}>" if title else visit.url
        if visit.kind == Outcome.ARTICLE:
            self._count("articles")
        if stored.is_new:
            self._count("new")
            logger.info("new: %s", what)
        elif stored.changed is not None:
            self._count("changed")
            logger.info("changed (%s): %s", stored.changed.en, what)
        if stored.newly_missing:
            logger.info("missing: %s", what)
        if stored.newly_gone:
            self._count("gone")
            logger.info("gone: %s", what)
        if stored.came_back:
            logger.info("back: %s", what)

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(f"archive/{name}")
