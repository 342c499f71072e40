"""What a portal says to crawlers in its robots.txt, and what is made of one that cannot be had."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from crawler.network.failures import describe
from crawler.session import session_of
from portal_archive.model.kinds import Outcome, http_status
from portal_archive.model.page import Problem
from portal_archive.model.records import Visit

# What a crawler must read at least (RFC 9309, 2.5), and no more is read.
ROBOTS_MAX_BYTES = 500 * 1024


class Robots(ProtegoRobotParser):
    """A robots.txt, of which the first `ROBOTS_MAX_BYTES` count, to the end of the last whole line."""

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        if len(robotstxt_body) > ROBOTS_MAX_BYTES:
            robotstxt_body = robotstxt_body[:ROBOTS_MAX_BYTES].rpartition(b"\n")[0]
        super().__init__(robotstxt_body, spider)


class RobotsProblems:
    """Enters a robots.txt that could not be had into the problems; the portal is then read as if it had none.

    RFC 9309 (2.3.1.4) lets a crawler that meets server errors assume the worst. Portals whose server answers every
    missing file with 500 would then never be archived, so the error is shown to people instead.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note an answer that is a server's error."""
        if request.callback is NO_CALLBACK and response.status >= 500:
            problem = Problem(http_status(response.status), f"{request.url} answered {response.status}")
            self._note(request.url, [problem], response.status)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note an answer that is too large; of a portal that does not answer at all its pages tell."""
        if request.callback is NO_CALLBACK and isinstance(exception, DownloadCancelledError):
            self._note(request.url, describe(exception, request.url)[1])

    def _note(self, url: str, problems: list[Problem], status: int | None = None) -> None:
        session = session_of(self._crawler)
        assert self._crawler.spider is not None
        session.store(
            Visit(
                portal=self._crawler.spider.portal_of(url),  # type: ignore[attr-defined]
                url=url,
                final_url=url,
                fetched_at=datetime.now(UTC),
                kind=Outcome.ERROR,
                status=status,
                crawl_id=session.crawl_id,
                problems=problems,
                off_frontier=True,
            )
        )
