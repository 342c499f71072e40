"""How much a portal may send before its page begins, and how many cookies it may leave with us."""

from __future__ import annotations

from typing import Any, NoReturn

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response

from crawler.network.posts import on_the_wire

# Of all headers of a response, those of `100 Continue` before it included. A Content-Security-Policy of 38 KB is
# met; browsers stop at 256 KB.
HEADERS_MAX_BYTES = 256 * 1024
# As RFC 6265 (6.1) asks of a browser at least, and of what is sent what servers commonly take.
COOKIES_MAX = 50
COOKIE_MAX_BYTES = 4096
COOKIE_HEADER_MAX_BYTES = 16 * 1024

TOO_LARGE = "HeadersTooLarge"


class HeadersTooLarge(Exception):  # noqa: N818  # it is no error of ours
    """A response whose headers do not end in time; its name is what is left of it in the downloader's error."""


class _Parser(_LenientHTTPClientParser):
    """Counts the bytes of lines until the body begins; without own state in `__init__`, which is never called."""

    # Of one line, where Twisted allows 16 KB.
    MAX_LENGTH = HEADERS_MAX_BYTES
    _received = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  # Twisted's name
        self._received += len(line) + 1
        if self._received > HEADERS_MAX_BYTES:
            raise HeadersTooLarge
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> NoReturn:  # noqa: N802  # Twisted's name
        raise HeadersTooLarge


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        """Send a request, and read its answer within bounds."""
        answered = super().request(request)
        # As Scrapy does: Twisted names the class of its parser within a method.
        self._parser.__class__ = _Parser
        return answered


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  # Twisted's name
        make: Any = _Protocol
        return make(self._quiescentCallback)


class BoundedHeaders(HTTP11DownloadHandler):
    """Scrapy's handler, which gives up a response with more than `HEADERS_MAX_BYTES` of headers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        """Send a request as the form that its address stands for, where it does; the response keeps the address."""
        sent = on_the_wire(request)
        response = await super().download_request(sent)
        return response if sent is request else response.replace(url=request.url)


# The list of public suffixes that tldextract brings along: a crawl asks nobody but its portals for anything.
cookies._split_domain = cookies.TLDExtract(  # type: ignore[attr-defined]
    suffix_list_urls=(), include_psl_private_domains=True
)


class BoundedCookies(CookiesMiddleware):
    """Scrapy's cookies, a jar a portal, of which the first `COOKIES_MAX` are kept and none that is too long.

    The first, since a server's session cookie comes with its first answer.
    """

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Add the cookies of the portal that is asked."""
        request.meta.setdefault("cookiejar", self.crawler.spider.portal_of(request.url))  # type: ignore[union-attr]
        super().process_request(request)
        sent = request.headers.get("Cookie") or b""
        if len(sent) > COOKIE_HEADER_MAX_BYTES:
            request.headers["Cookie"] = sent[:COOKIE_HEADER_MAX_BYTES].rpartition(b"; ")[0]

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Keep the cookies of a response, as far as there is room."""
        lines = response.headers.getlist("Set-Cookie")
        if lines:
            kept = [line for line in lines if len(line) <= COOKIE_MAX_BYTES][:COOKIES_MAX]
            response.headers.setlist("Set-Cookie", kept)
        result = super().process_response(request, response)
        jar = self.jars[request.meta.get("cookiejar")]
        for cookie in list(jar)[COOKIES_MAX:]:
            jar.clear(cookie.domain, cookie.path, cookie.name)
        return result
