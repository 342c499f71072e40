"""Every response is written to the captures before anything else sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK

from crawler.network.redirects import REDIRECTS
from crawler.session import Session, session_of
from portal_archive.archive.warc.captures import RENDERED
from portal_archive.model.kinds import Outcome
from portal_archive.model.records import CaptureRef, Fetch, Visit


@dataclass(frozen=True, slots=True)
class Captured:
    """A response among the captures: what was asked, what was answered, when, and where it is kept."""

    url: str
    status: int
    content_type: str | None
    fetched_at: datetime
    ref: CaptureRef

    def as_visit(self, portal: str, crawl_id: int | None) -> Visit:
        """Return the visit that enters this capture into the archive and does nothing else."""
        return Visit(
            portal=portal,
            url=self.url,
            final_url=self.url,
            fetched_at=self.fetched_at,
            kind=Outcome.REDIRECT if self.status in REDIRECTS else Outcome.OTHER,
            status=self.status,
            crawl_id=crawl_id,
            content_type=self.content_type,
            capture=self.ref,
            off_frontier=True,
        )


class CaptureResponses(HttpCompressionMiddleware):
    """Next to the network, so that robots.txt, redirects and retries pass here too.

    It unpacks a compressed body, within `DOWNLOAD_MAXSIZE`, and captures it with the headers as they were
    sent. What was captured for a request stands in its `meta["captured"]`, in order: hops and retries
    first. Raises IgnoreRequest when the captures cannot be written.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    @property
    def _session(self) -> Session:
        return session_of(self._crawler)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Response:
        """Capture a response and return it unpacked."""
        sent = header_pairs(response.headers)
        if "playwright" in response.flags:
            sent.append((RENDERED, "by Chromium after its scripts ran"))
        unpacked = super().process_response(request, response)
        assert isinstance(unpacked, Response)
        fetch = Fetch(
            url=request.url,
            status=unpacked.status,
            headers=sent,
            body=unpacked.body,
            fetched_at=datetime.now(UTC),
            request_headers=header_pairs(request.headers),
            method=request.method,
        )
        portal = self._crawler.spider.portal_of(fetch.url)  # type: ignore[union-attr]
        ref = self._session.capture(portal, fetch)
        if ref is None:
            raise IgnoreRequest("the captures cannot be written")
        content_type = unpacked.headers.get("Content-Type")
        captured = Captured(
            fetch.url,
            fetch.status,
            content_type.decode("latin-1") if content_type else None,
            fetch.fetched_at,
            ref,
        )
        if request.callback is NO_CALLBACK:  # robots.txt, of which no spider hears
            self._session.store(captured.as_visit(portal, self._session.crawl_id))
        else:
            request.meta["captured"] = (*request.meta.get("captured", ()), captured)
        return unpacked


def header_pairs(headers: Headers) -> list[tuple[str, str]]:
    """Return headers as text, a pair for each time a name was sent."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]
