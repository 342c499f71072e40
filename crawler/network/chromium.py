"""The handler that opens a page in the browser, where the optional extra `browser` is installed."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.network.guards import Guarded, problem_of
from crawler.network.proxy import FilteringProxy
from crawler.network.tls import ExplainsTls
from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem
from portal_archive.model.site import site_of


class Chromium(ScrapyPlaywrightDownloadHandler, ExplainsTls):  # type: ignore[misc]
    """Asks like our other handler whatever is not for the browser, which goes out through `FilteringProxy` alone.

    Raises Guarded for a page that has led the browser away from its site.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        sites = crawler.settings["PLAYWRIGHT_ABORT_REQUEST"].sites
        self._proxy = FilteringProxy(lambda url: site_of(url) in sites)
        self._proxy_url: str | None = None

    async def download_request(self, request: Request) -> Response:
        """Return the response, of the browser where the request says so."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        if self._proxy_url is None:
            self._proxy_url = await self._proxy.start()
            # The bypass that Chromium has by itself, for this machine, is taken away.
            self.config.launch_options["proxy"] = {"server": self._proxy_url, "bypass": "<-loopback>"}
        response: Response = await super().download_request(request)
        if site_of(response.url) != site_of(request.url):
            led = f"{request.url} led the browser to {response.url}"[:200]
            raise Guarded(problem_of(response.url) or Problem(ProblemKind.REDIRECTS, led))
        return response

    async def close(self) -> None:
        """End the browser and its proxy."""
        await super().close()
        await self._proxy.close()


async def keep_to_itself(page: Any, request: Request) -> None:
    """Let a page of the browser open no windows and no sockets; `request` is the one that it is opened for."""
    await page.route_web_socket("**/*", lambda socket: socket.close())
    page.on("popup", lambda popup: popup.close())
