"""Every response is written to the captures before anything else sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Headers, Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.responsetypes import responsetypes

from crawler.network.posts import method_of
from crawler.session import Session, session_of
from portal_archive.archive.warc.body import ACCEPTED, BadBodyError, TooLargeError, decode_body
from portal_archive.model.kinds import Outcome
from portal_archive.model.records import REDIRECTS, CaptureRef, Fetch, Visit

# 206 Partial Content and 226 IM Used (RFC 9110, RFC 3229) answer what this crawler never asks.
_PARTS = (206, 226)
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_TAIL = 4096


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


class CaptureResponses:
    """Next to the network, so that robots.txt, redirects and retries pass here too.

    It unpacks a compressed body, within `DOWNLOAD_MAXSIZE`, and captures it with the headers as they were
    sent. What was captured for a request stands in its `meta["captured"]`, in order: hops and retries
    first. An answer that is not all there is asked for again, and never captured: a part of a page would pass for an
    edited page. Raises ResponseDataLossError when it stays so, and IgnoreRequest when the body is too large or the
    captures cannot be written.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._max_size = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    @property
    def _session(self) -> Session:
        return session_of(self._crawler)

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Say which compressions can be read."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Response | Request:
        """Capture a response and return it unpacked; or the request to be made again."""
        sent = header_pairs(response.headers)
        try:
            response = self._unpacked(request, response)
            self._check_whole(request, response)
        except TooLargeError as error:
            raise IgnoreRequest(f"{request.url}: after decompression {error}") from error
        except BadBodyError as error:
            again = get_retry_request(request, spider=self._crawler.spider, reason="cut-short")  # type: ignore[arg-type]
            if again is not None:
                return again
            raise ResponseDataLossError(str(error)) from error
        self._capture(request, response, sent)
        return response

    def _unpacked(self, request: Request, response: Response) -> Response:
        # Only this: the downloader has undone the transfer's own encoding.
        encoding = ",".join(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))
        if not encoding:
            return response
        limit = request.meta.get("download_maxsize", self._max_size)
        headers = {"Content-Encoding": encoding}
        body = decode_body(response.body, lambda name, default: headers.get(name, default), limit)
        del response.headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        # A text whose charset was found in compressed bytes has none yet.
        unset = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, body=body, **unset)

    def _check_whole(self, request: Request, response: Response) -> None:
        """Raise BadBodyError when a response is a part of what there is."""
        if response.status in _PARTS and "Range" not in request.headers:
            raise BadBodyError(f"answered {response.status} with a part that was not asked for")
        # Without a length, only the page itself shows that the connection was closed too early.
        if "partial" in response.flags and not _END.search(response.body[-_TAIL:]):
            before = self._session.last_body(request.url)
            if before is not None and _END.search(before[-_TAIL:]):
                raise BadBodyError("ends without </html>, which it had before")

    def _capture(self, request: Request, response: Response, sent: list[tuple[str, str]]) -> None:
        fetch = Fetch(
            url=request.url,
            status=response.status,
            headers=sent,
            body=response.body,
            fetched_at=datetime.now(UTC),
            request_headers=header_pairs(request.headers),
            method=method_of(request.url),
        )
        portal = self._crawler.spider.portal_of(fetch.url)  # type: ignore[union-attr]
        ref = self._session.capture(portal, fetch, is_rendered="playwright" in response.flags)
        if ref is None:
            raise IgnoreRequest("the captures cannot be written")
        content_type = response.headers.get("Content-Type")
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


def header_pairs(headers: Headers) -> list[tuple[str, str]]:
    """Return headers as text, a pair for each time a name was sent."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]
