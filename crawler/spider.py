"""The spider that all portals share; a portal's own file only declares what is particular to it."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.declaration import check_declaration
from crawler.fingerprint import fingerprint_of
from crawler.network.browser import NO_BROWSER, browser_request, has_browser, use_browser
from crawler.network.capture import Captured
from crawler.network.failures import describe
from crawler.network.guards import is_private, problem_of
from crawler.network.politeness import retry_after
from crawler.network.traps import TrapWatch
from crawler.response_reader import Reading, at_visit
from crawler.scheduler import FrontierScheduler
from crawler.script_pages import (
    ANSWERS,
    SHELL,
    as_answer,
    kept_beside,
    request_to_fill,
    without_capture,
)
from crawler.session import PORTAL_BLOCKED, PORTAL_DOWN, Session, session_of
from portal_archive.model.expectations import Expect as Expect  # what a portal's file declares with
from portal_archive.model.expectations import Range as Range
from portal_archive.model.kinds import LinkKind, Outcome, ProblemKind
from portal_archive.model.page import Link, Problem
from portal_archive.model.records import REDIRECTS, FrontierPage, Portal, Visit
from portal_archive.model.site import site_of
from portal_archive.reading.cms import Layout as Layout
from portal_archive.reading.endpoints import Endpoint as Endpoint
from portal_archive.reading.listing.json_lists import json_list
from portal_archive.reading.portal_rules import PortalRules

logger = logging.getLogger(__name__)

# As many pages in a row without an answer, and the portal is taken to be down.
FAILURES_IN_A_ROW = 10
# What the readers are told of a response beside its moment.
_READ_HEADERS = ("Content-Type", "Refresh")
# Seconds for which a portal that asks for it is left alone.
REST_AT_MOST = 24 * 3600


class PortalSpider(scrapy.Spider):
    """Visits what is due of one portal and yields a `Visit` for each page.

    The attributes are what a portal's file declares. `family` is "generic" where the pages are to tell it;
    `lists` and `feeds` are addresses or paths known to be there (of a list in JSON see `reading.listing.json_lists`);
    `allow` and `deny` are regular expressions on path and query;
    `storage_hosts` are other hosts that keep this portal's images and attachments;
    `counter_endpoint` is what a script asks for the visitor counter, and `counter_fields` says which field of a
    counter each key of its JSON answer is; `counter_by_script` says that one does and its address is not known.
    `endpoints` say where a script asks for what a page shows, `rendered` that pages which show nothing are looked at
    in a browser, where one is installed. `tls_seclevel_1` accepts the weak keys and digests of an old server;
    `layouts` say where an article's fields stand on this portal's pages, `labels` how it labels them, by the groups of
    `portal_archive/reading/labels.toml`; both are for this portal alone.
    `of_table` says that it stands in `spiders/portals.csv` and has no file of its own;
    `expect` says what it should give (see `model.expectations`). `-a home=URL`, or the setting PORTAL_HOMES,
    crawls a copy of the portal at another address.
    """

    title: str = ""
    home: str = ""
    province: str | None = None
    body: str | None = None
    family: str = "generic"
    known: str = "generic"
    note: str | None = None
    lists: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    allow: str | None = None
    deny: str | None = None
    storage_hosts: tuple[str, ...] = ()
    counter_endpoint: str | None = None
    counter_fields: Mapping[str, str] = MappingProxyType({})
    counter_by_script: bool = False
    endpoints: tuple[Endpoint, ...] = ()
    rendered: bool = False
    layouts: tuple[Layout, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    expect: Expect = Expect()
    tls_seclevel_1: bool = False
    of_table: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        check_declaration(cls)

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._allowed = re.compile(self.allow or "")
        self._denied = re.compile(self.deny or r"(?!)")
        self._traps = TrapWatch()
        self._failures = 0

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Name the contact in the User-Agent, unless one is given for this run."""
        super().update_settings(settings)
        if contact := settings["CONTACT"]:
            named = settings["USER_AGENT"].replace(")", f"; +{contact})")
            settings.set("USER_AGENT", named, priority="spider")
        if cls.tls_seclevel_1:
            settings.set("TLS_SECLEVEL_1", True, priority="spider")
        is_needed = cls.rendered or (cls.counter_by_script and not cls.counter_endpoint)
        if is_needed and not use_browser(settings) and cls.rendered:
            logger.warning("%s: its pages stay empty: %s", cls.name, NO_BROWSER)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider of a crawl."""
        if home := crawler.settings.getdict("PORTAL_HOMES").get(cls.name):
            kwargs.setdefault("home", home)
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        return spider

    @classmethod
    def rules(cls) -> PortalRules:
        """Return what the readers are told of the portal's pages; the family only where its file knows one."""
        family = None if cls.family == "generic" else cls.family
        listed = tuple(filter(None, map(json_list, cls.lists)))
        return PortalRules(family, cls.layouts, dict(cls.labels), listed, cls.endpoints)

    @property
    def portal(self) -> Portal:
        """The portal as a row of the archive."""
        return Portal(
            name=self.name,
            title=self.title or self.name,
            home_url=self.home,
            family=self.family,
            known=self.known,
            province=self.province,
            body=self.body,
            note=self.note,
            exceptions="TLS SECLEVEL=1" if self.tls_seclevel_1 else None,
        )

    def portal_of(self, url: str) -> str:
        """Return the name of the portal that `url` is asked for: this one."""
        return self.name

    def lives_at(self, url: str) -> bool:
        """Return whether a URL is of the portal's own home, or of its storage beside a home that is private."""
        if site_of(url) == site_of(self.home):
            return True
        return is_private(urlsplit(self.home).hostname or "") and urlsplit(url).hostname in self.storage_hosts

    @property
    def session(self) -> Session:
        """The archive, the captures and the crawl."""
        return session_of(self.crawler)

    # --- what to ask for -------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Enter the start pages into the frontier, which hands them out again."""
        urls = {self.home: LinkKind.LIST}
        first = (listed.page(1) if (listed := json_list(path)) else path for path in self.lists)
        urls |= {urljoin(self.home, path): LinkKind.LIST for path in first}
        urls |= {urljoin(self.home, path): LinkKind.FEED for path in self.feeds}
        self.session.add_pages(Link(url, kind) for url, kind in urls.items())
        for request in self.counter_requests(self.settings):
            yield request.replace(callback=self.parse, errback=self.failed)

    def counter_requests(self, settings: BaseSettings) -> list[Request]:
        """Return what to ask for once a crawl where pages come without their visitor counter.

        That is the counter's own endpoint, or the home page in a browser where one is installed.
        """
        if self.counter_endpoint:
            url = urljoin(self.home, self.counter_endpoint)
            return [Request(url, meta={"counter_fields": self.counter_fields})]
        if self.counter_by_script and has_browser(settings):
            return [browser_request(self.home, settings)]
        return []

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Enter the sitemaps that robots.txt names, and keep the distance it asks for."""
        if not isinstance(robotparser, ProtegoRobotParser) or site_of(request.url) != site_of(self.home):
            return
        if has_browser(self.settings):
            agent = self.settings["USER_AGENT"]
            robots = self.settings["PLAYWRIGHT_ABORT_REQUEST"].robots
            robots[site_of(request.url)] = lambda url: robotparser.allowed(url, agent)
        self.session.add_pages(
            Link(url, LinkKind.SITEMAP)
            for sitemap in robotparser.rp.sitemaps
            if site_of(url := urljoin(request.url, sitemap)) == site_of(self.home)
        )
        delay = robotparser.rp.crawl_delay(self.settings["USER_AGENT"])
        if delay:
            self._slow_down(request, min(float(delay), self.settings.getfloat("PAUSE_MAX_SECONDS")))

    def _slow_down(self, request: Request, seconds: float) -> None:
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        if seconds > self.settings.getfloat("DOWNLOAD_DELAY"):
            downloader.per_slot_settings[key] = {"delay": seconds}
            if key in downloader.slots:
                downloader.slots[key].delay = seconds

    def request_for(self, page: FrontierPage) -> Request:
        """Return the request for a page that is due."""
        headers = {}
        if page.conditional is not False:
            if page.etag:
                headers["If-None-Match"] = page.etag
            if page.last_modified:
                headers["If-Modified-Since"] = page.last_modified
        meta: dict[str, Any] = {"page": page}
        if page.kind == LinkKind.FILE:
            meta["download_maxsize"] = self.settings.getint("FILE_MAXSIZE")
            meta["download_timeout"] = self.settings.getfloat("FILE_TIMEOUT")
        return Request(page.url, headers=headers, callback=self.parse, errback=self.failed, meta=meta)

    def is_trap(self, request: Request) -> bool:
        """Return whether a page that is due has turned out, since it was found, to be part of a trap."""
        page: FrontierPage = request.meta["page"]
        return page.depth > 0 and page.kind == LinkKind.LIST and self._traps.is_trap(page.url)

    # --- what came of it -------------------------------------------------------------------------------

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Visit | Request]:
        """Read a response into a visit; ask again later where the portal wants us to wait."""
        request = response.request
        assert request is not None
        captured: tuple[Captured, ...] = request.meta.get("captured", ())
        if not captured:
            return  # the archive failed, and the crawl is ending
        for hop in captured[:-1]:
            yield hop.as_visit(self.name, self.session.crawl_id)
        visit = self._visit(request, response, captured[-1])
        shell: Visit | None = request.meta.get(SHELL)
        if shell is not None:
            as_answer(visit, shell, is_rendered="playwright" in response.flags)
        try:
            again = await self._read(request, response, visit)
        except Exception as error:  # whatever a portal sent, its page was visited
            self.logger.exception("What %s answered could not be dealt with", request.url)
            visit.kind, again = Outcome.ERROR, None
            visit.problems = [Problem(ProblemKind.READER_FAILED, f"{request.url}: {error!r}"[:200])]
        if again is None:
            self._count_failures(visit)
            again = self._to_fill(request, visit)
            if again is not None:
                yield kept_beside(visit)
                yield again
                return
        if shell is not None and visit.kind not in ANSWERS:
            yield kept_beside(visit)
            visit = without_capture(shell, visit)
        yield visit
        if again is not None:
            yield again

    def _to_fill(self, request: Request, visit: Visit) -> Request | None:
        """Return what is asked for beside a page that only a script fills."""
        page: FrontierPage | None = request.meta.get("page")
        if page is None or SHELL in request.meta:
            return None
        fill = request_to_fill(visit, page, self.rules(), self.settings, is_rendered=self.rendered)
        return fill.replace(callback=self.parse, errback=self.failed) if fill else None

    async def _read(self, request: Request, response: Response, visit: Visit) -> Request | None:
        """Fill in a visit from the response; returns the request that asks again, where the portal wants us to wait."""
        if response.status in REDIRECTS and "Location" in response.headers:
            visit.kind = Outcome.REDIRECT
            visit.fingerprint = fingerprint_of(response, None)
            target = urljoin(response.url, _text(response, "Location") or "")
            if not self.lives_at(target) and (problem := problem_of(target)):
                visit.problems.append(problem)
        elif response.status == 304:
            visit.kind = Outcome.UNCHANGED
            if not any(name in request.headers for name in ("If-None-Match", "If-Modified-Since")):
                visit.kind = Outcome.ERROR
                reason = f"{request.url} answered 304, and nothing of it is known"
                visit.problems.append(Problem(ProblemKind.NEVER_FETCHED, reason))
        else:
            page: FrontierPage | None = request.meta.get("page")
            reading = await self.session.read(
                page,
                visit.final_url if response.status < 400 else response.url,
                response.body,
                {name: value for name in _READ_HEADERS if (value := _text(response, name))}
                | at_visit(visit.fetched_at),
                response.status,
                self.rules(),
                page.kind if page else None,
                request.meta.get("counter_fields"),
                visit.data_url is not None,
            )
            visit.begun = page is not None
            if (wait := self._asks_to_wait(response, reading)) is not None:
                visit.kind = Outcome.BLOCKED
                visit.fingerprint = fingerprint_of(response, reading.page)
                visit.problems.append(
                    Problem(ProblemKind.BLOCKED, f"{response.url} asks to wait {wait:.0f} s")
                )
                return self._refused(request, visit, wait)
            visit.kind = reading.kind
            visit.page = reading.page
            if reading.page is not None:
                visit.fingerprint = fingerprint_of(response, reading.page)
            if page is not None:
                assert visit.capture is not None
                digest = visit.capture.digest
                leads_on = self._traps.leads_on(visit.url, visit.final_url, digest, reading, page.kind)
                visit.links = [link for link in leads_on if self._is_wanted(link)]
            visit.problems += reading.problems
            visit.file_text = reading.file_text
        return None

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """Make a visit of a request that got no response."""
        if self.session.failed:
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        yield from (
            hop.as_visit(self.name, self.session.crawl_id) for hop in request.meta.get("captured", ())
        )
        visit = self._visit(request)
        assert failure.value is not None
        visit.kind, problems = describe(failure.value, request.url)
        # That robots.txt keeps crawlers from some pages is as it should be; from the home page it matters.
        visit.problems += [
            problem for problem in problems if problem.kind != ProblemKind.ROBOTS or visit.url == self.home
        ]
        self._count_failures(visit)
        yield without_capture(request.meta[SHELL], visit) if SHELL in request.meta else visit

    def _visit(
        self, request: Request, response: Response | None = None, captured: Captured | None = None
    ) -> Visit:
        page: FrontierPage | None = request.meta.get("page")
        visit = Visit(
            portal=self.name,
            url=page.url if page else request.url,
            final_url=request.url,
            fetched_at=captured.fetched_at if captured else datetime.now(UTC),
            kind=Outcome.ERROR,
            crawl_id=self.session.crawl_id,
            off_frontier=page is None,
            depth=page.depth if page else 0,
        )
        if response is not None and captured is not None:
            visit.final_url = response.url
            visit.status = response.status
            visit.content_type = captured.content_type
            visit.capture = captured.ref
            visit.etag = _text(response, "ETag")
            visit.last_modified = _text(response, "Last-Modified")
        return visit

    def _asks_to_wait(self, response: Response, reading: Reading) -> float | None:
        """Return for how many seconds the portal wants to be left alone, None where it does not."""
        if response.status not in (429, 503) and reading.wait is None:
            return None
        asked = retry_after(_text(response, "Retry-After"), datetime.now(UTC)) or reading.wait
        return asked or self.settings.getfloat("PAUSE_SECONDS")

    def _refused(self, request: Request, visit: Visit, wait: float) -> Request | None:
        """Wait as the portal asks, and return the request that asks again; else leave the page, or end the crawl.

        Refusals are the host's, whichever page and portal they come for. After so many in a row that were waited for,
        one other page is tried; if it is refused too, the crawl ends. So it does at once when the portal asks for more
        than a crawl waits, and then the portal is left alone as long as it asks, at most a day.
        """
        refusals = self._scheduler.refused()
        patience = self.settings.getint("PAUSE_TIMES")
        too_long = wait > self.settings.getfloat("PAUSE_MAX_SECONDS")
        if too_long:
            self.session.rest(min(wait, REST_AT_MOST))
        if too_long or refusals > patience + 1:
            self.logger.error("%s asks to wait %.0f s: the crawl ends", request.url, wait)
            self.session.stop(PORTAL_BLOCKED)
        if too_long or refusals > patience:
            return None
        self._scheduler.pause(wait)
        self.logger.warning("%s asks to wait: %.0f s", request.url, wait)
        visit.off_frontier = True
        page: FrontierPage | None = request.meta.get("page")
        return self.request_for(page) if page else request.replace(meta={})

    @property
    def _scheduler(self) -> FrontierScheduler:
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler

    def _count_failures(self, visit: Visit) -> None:
        if site_of(visit.url) != site_of(self.home):
            return
        if visit.kind not in (Outcome.ERROR, Outcome.BLOCKED):
            self._failures = 0
            self._scheduler.answered()
            return
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            self.logger.error("%d pages in a row failed: %s seems to be down", self._failures, self.home)
            self.session.stop(PORTAL_DOWN)

    def _is_wanted(self, link: Link) -> bool:
        if link.kind == LinkKind.FILE and not self.settings.getbool("FETCH_FILES"):
            return False
        parts = urlsplit(link.url)
        if site_of(link.url) != site_of(self.home):
            return link.kind == LinkKind.FILE and parts.hostname in self.storage_hosts
        if link.kind not in (LinkKind.ARTICLE, LinkKind.LIST):
            return True
        if link.kind == LinkKind.LIST and self._traps.is_trap(link.url):
            return False
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return bool(self._allowed.search(path)) and not self._denied.search(path)


def _text(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
