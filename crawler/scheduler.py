"""A scheduler whose queue is the archive's frontier: there is no second list of what is still to be done."""

from __future__ import annotations

from collections import deque
from typing import Protocol, Self, cast

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from crawler.session import session_of
from crawler.shared import pace_of
from portal_archive.model.records import FrontierPage


class FrontierSpider(Protocol):
    """A spider whose pages come from the frontier."""

    def request_for(self, page: FrontierPage) -> Request:
        """Return the request for a page that is due."""


class FrontierScheduler(BaseScheduler):
    """Hands out the page that is due next, and requests that middlewares made for a page in flight.

    Requests of middlewares and spider (redirects, retries, a page asked for again) are kept in memory only:
    when the process is killed, their page is still due. The next page is handed out when the last one is
    stored, so that a kill repeats at most the pages being fetched.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._requests: deque[Request] = deque()
        self._handed_out: set[int] = set()
        # Handed out and still due: in flight, or its visit could not be stored. Not to be asked for again.
        self._unfinished: set[int] = set()
        self._pace = pace_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler of a crawl."""
        return cls(crawler)

    @property
    def _spider(self) -> FrontierSpider:
        return cast("FrontierSpider", self._crawler.spider)

    @property
    def _home(self) -> str:
        # The spider that reads counters asks many portals, and is of none.
        return getattr(self._crawler.spider, "home", "")

    def pause(self, seconds: float) -> None:
        """Hand out nothing for so many seconds from now, nor let another crawl ask this portal's host."""
        self._pace.pause(self._home, seconds)

    def refused(self) -> int:
        """Count a refusal of this portal's host; return how many there were in a row, of all who ask it."""
        return self._pace.refused(self._home)

    def answered(self) -> None:
        """Write that this portal's host has answered."""
        self._pace.answered(self._home)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request of a middleware or of the spider."""
        self._requests.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return what to ask for now, None while that is nothing."""
        if self._pace.is_paused(self._home):
            return None
        if self._requests:
            return self._requests.popleft()
        slot = self._crawler.engine.scraper.slot
        if slot is None or not slot.is_idle():
            return None
        page = self._due_page()
        if page is None:
            return None
        self._handed_out.add(page.id)
        return self._spider.request_for(page)

    def has_pending_requests(self) -> bool:
        """Return whether anything is left to ask for in this crawl, be it later."""
        return bool(self._requests) or self._due_page() is not None

    def _due_page(self) -> FrontierPage | None:
        while True:
            page = session_of(self._crawler).due_page(self._unfinished)
            if page is None or page.id not in self._handed_out:
                return page
            self._unfinished.add(page.id)
