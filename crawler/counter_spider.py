"""A look at the visitor counters of all portals: one page each, no crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.network.browser import use_browser
from crawler.network.failures import describe
from crawler.registry import portal_spiders
from crawler.response_reader import at_visit
from crawler.session import NO_HOME, session_of
from portal_archive.model.kinds import Outcome
from portal_archive.model.nearest import nearest
from portal_archive.model.page import Page
from portal_archive.model.records import Visit
from portal_archive.model.site import site_of


class CounterSpider(scrapy.Spider):
    """Asks each portal for the page its counter is read on, and yields a `Visit` that holds nothing else."""

    name = "counters"

    def __init__(self, portals: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Prepare a look at the portals with these names, at all of the archive where none is named."""
        super().__init__(**kwargs)
        self._names = portals
        self._portal_of_site: dict[str, str] = {}

    def portal_of(self, url: str) -> str:
        """Return the name of the portal that `url` is asked for."""
        return self._portal_of_site[site_of(url)]

    def lives_at(self, url: str) -> bool:
        """Return whether a URL is of the home of one of the portals."""
        return site_of(url) in self._portal_of_site

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Use a browser, if there is one, for portals whose counter a script fills in."""
        super().update_settings(settings)
        # One request for each portal: they need not wait for each other.
        settings.set("CONCURRENT_REQUESTS", 16, priority="spider")
        use_browser(settings)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for one page of each portal."""
        spiders = {spider.name: spider for spider in portal_spiders()}
        known = session_of(self.crawler).archive.db.query("SELECT name, home_url, family FROM portals")
        portals = {row["name"]: row for row in known}
        for name in self._names or portals:
            if name not in portals:
                self.logger.error("The archive has no portal %r; %s", name, nearest(name, portals))
                raise CloseSpider(NO_HOME)
            home, family = portals[name]["home_url"], portals[name]["family"]
            self._portal_of_site[site_of(home)] = name
            declared = spiders.get(name)
            for request in (declared and declared.counter_requests(self.settings)) or [Request(home)]:
                yield request.replace(
                    callback=self.parse, errback=self.failed, cb_kwargs={"portal": name, "family": family}
                )

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Visit]:
        """Read the counter of a page."""
        request = response.request
        assert request is not None
        *hops, last = request.meta["captured"]
        for hop in hops:
            yield hop.as_visit(kwargs["portal"], None)
        visit = last.as_visit(kwargs["portal"], None)
        reading = await session_of(self.crawler).read(
            None,
            response.url,
            response.body,
            {"Content-Type": last.content_type or ""} | at_visit(visit.fetched_at),
            response.status,
            kwargs["family"],
            None,
            request.meta.get("counter_fields"),
        )
        visit.kind = reading.kind
        if reading.page is not None:
            visit.page = Page(reading.page.url, Outcome.OTHER, reading.page.cms, counter=reading.page.counter)
        visit.problems = reading.problems
        yield visit

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """Record why a portal did not answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if session_of(self.crawler).failed:
            return
        assert failure.value is not None
        kind, problems = describe(failure.value, request.url)
        yield Visit(
            portal=request.cb_kwargs["portal"],
            url=request.url,
            final_url=request.url,
            fetched_at=datetime.now(UTC),
            kind=kind,
            problems=problems,
            off_frontier=True,
        )
