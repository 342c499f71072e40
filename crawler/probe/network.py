"""Probing over the network: the ordinary crawl of a portal, which asks for what a plan says and for no more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self, cast
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from twisted.internet.ssl import Certificate

from crawler.crawl_group import CrawlGroup, PortalCrawl
from crawler.pipeline import FAILED
from crawler.probe.hands import other_hands
from crawler.probe.look import Look, look_of
from crawler.probe.pages import Answers, ProbedPage
from crawler.probe.plan import ARTICLES, REQUESTS, Plan
from crawler.registry import declared_portals
from crawler.scheduler import FrontierScheduler
from crawler.session import reader_pool, session_of
from crawler.shared import Shared
from crawler.spider import PortalSpider
from portal_archive.archive.archive import Archive
from portal_archive.archive.health.words import words_of
from portal_archive.archive.sql import row
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import LinkKind, PortalState
from portal_archive.model.page import Link
from portal_archive.model.probe import CertificateSeen, RobotsSeen
from portal_archive.model.records import FrontierPage, Visit
from portal_archive.model.site import site_of

logger = logging.getLogger(__name__)

USED_UP = "the requests of a probe are used up"
# Of the frontier; the archive is thrown away afterwards.
_PAGE = (
    "SELECT id, url, kind, depth, attempts, etag, last_modified, conditional, last_digest"
    " FROM pages WHERE portal = ? AND url = ?"
)
_STATE = "SELECT * FROM portal_states WHERE until IS NULL AND portal = ?"
_STATES = (
    PortalState.BLOCKED,
    PortalState.UNREACHABLE,
    PortalState.MOVED,
    PortalState.GONE,
    PortalState.HIJACKED,
)
_PLACE = "crawler.probe.network"


@dataclass(slots=True)
class Target:
    """A portal to be probed: its spider, what it is started with, and how far one looks."""

    spider: type[PortalSpider]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    articles: int = ARTICLES
    requests: int = REQUESTS

    def made(self) -> PortalSpider:
        """Return the spider as it would crawl."""
        return self.spider(**self.arguments)


class Undeclared(PortalSpider):
    """A portal that is known by its address alone."""

    name = "undeclared"
    known = "generic"


class _ProbedSpider(Protocol):
    probe: Plan
    probe_requests: int
    home: str


def _spider(crawler: Crawler) -> _ProbedSpider:
    return cast("_ProbedSpider", crawler.spider)


class ProbeScheduler(FrontierScheduler):
    """Hands out the page that the plan asks for next."""

    def _due_page(self) -> FrontierPage | None:
        session, spider = session_of(self._crawler), _spider(self._crawler)
        if session.failed or session.crawl is None or spider.probe.answers.requests >= spider.probe_requests:
            return None
        while (url := spider.probe.next()) is not None:
            found = row(session.archive.db.conn, _PAGE, session.crawl.portal, url)
            if found is not None:
                return FrontierPage(**dict(found))
            spider.probe.ask(url)  # no page of this portal
        return None

    def next_request(self) -> Request | None:
        """Return what to ask for now, and note it in the plan."""
        request = super().next_request()
        if request is not None and "page" in request.meta:
            _spider(self._crawler).probe.ask(request.meta["page"].url)
        return request


class AskLittle:
    """Next to the network: counts every request, robots.txt, redirects and retries too, and lets no more pass."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a probe."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count a request. Raises IgnoreRequest for one too many."""
        spider = _spider(self._crawler)
        if spider.probe.answers.requests >= spider.probe_requests:
            raise IgnoreRequest(USED_UP)
        spider.probe.answers.requests += 1


class Watch:
    """Enters what comes into the plan of the spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a probe."""
        watch = cls(crawler)
        crawler.signals.connect(watch.stored, signals.item_scraped)
        crawler.signals.connect(watch.received, signals.response_received)
        crawler.signals.connect(watch.robots_parsed, signals.robots_parsed)
        return watch

    @property
    def _plan(self) -> Plan:
        return _spider(self._crawler).probe

    def stored(self, item: Visit, response: Any) -> None:
        """Take in a visit, as far as it was to a page."""
        counted = item.page is not None and item.page.counter is not None
        if item.off_frontier and not counted and item.kind not in FAILED:
            return  # a hop, robots.txt, a page that only its script fills
        if any(USED_UP in problem.detail for problem in item.problems):
            return
        answered = isinstance(response, Response)
        self._plan.take(
            ProbedPage(
                item,
                response.body if answered else b"",
                self._plan.taken_for(item.url),
                _certificate(response, item) if answered else None,
            )
        )

    def received(self, response: Response, request: Request) -> None:
        """Note how robots.txt was answered."""
        if request.callback is NO_CALLBACK and self._is_of_portal(request):
            self._plan.answers.robots = RobotsSeen(response.status)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note what robots.txt says."""
        if not isinstance(robotparser, ProtegoRobotParser) or not self._is_of_portal(request):
            return
        seen = self._plan.answers.robots
        if seen is None or seen.status != 200:
            return
        delay = robotparser.rp.crawl_delay(self._crawler.settings["USER_AGENT"])
        sitemaps = tuple(urljoin(request.url, url) for url in robotparser.rp.sitemaps)
        self._plan.answers.robots = RobotsSeen(seen.status, float(delay) if delay else None, sitemaps)
        self._plan.find([Link(url, LinkKind.SITEMAP) for url in sitemaps], request.url)

    def _is_of_portal(self, request: Request) -> bool:
        return site_of(request.url) == site_of(_spider(self._crawler).home)


def _certificate(response: Response, visit: Visit) -> CertificateSeen | None:
    if not isinstance(response.certificate, Certificate) or visit.fingerprint is None:
        return None
    try:
        until = response.certificate.original.to_cryptography().not_valid_after_utc.isoformat()
    except ValueError:  # a certificate may hold anything
        until = None
    return CertificateSeen(visit.fingerprint.owner, visit.fingerprint.issuer, until)


def settings_of_probes() -> dict[str, Any]:
    """Return what a probe sets otherwise than a crawl."""
    return {
        "FETCH_FILES": False,
        # A portal that asks to wait has answered what there was to ask.
        "PAUSE_TIMES": 0,
        "RETRY_TIMES": 1,
        "SCHEDULER": f"{_PLACE}.ProbeScheduler",
    }


def probe(
    process: CrawlerProcessBase,
    targets: Sequence[Target],
    archive: Path,
    show: Callable[[PortalCrawl], None],
) -> list[Look]:
    """Probe portals side by side, on an archive that is thrown away; can be done once in a process.

    What they show is held against the good crawls in `archive`, where there is one. `show` is called once for each
    portal when it has ended.
    """
    settings = process.settings
    spiders = [target.made() for target in targets]
    plans = [_plan_of(target, spider) for target, spider in zip(targets, spiders, strict=True)]
    with TemporaryDirectory() as folder, ExitStack() as opened:
        path = Path(folder) / "probe.db"
        for name, value in {
            **settings_of_probes(),
            "ARCHIVE_DB": str(path),
            "CAPTURES_DIR": str(path.parent / "captures"),
        }.items():
            settings.set(name, value, priority="cmdline")
        settings["EXTENSIONS"][f"{_PLACE}.Watch"] = 10
        settings["DOWNLOADER_MIDDLEWARES"][f"{_PLACE}.AskLittle"] = 995
        probed, readers = opened.enter_context(Archive(path)), opened.enter_context(reader_pool(settings))
        probed.claim("probe")
        probed.register(declared_portals(settings))
        crawls = [
            PortalCrawl(
                spider.name,
                target.spider,
                {**target.arguments, "probe": plan, "probe_requests": target.requests},
            )
            for target, spider, plan in zip(targets, spiders, plans, strict=True)
        ]
        _run(CrawlGroup(process, Shared(probed, readers)), crawls, show)
        before = _before(archive, opened)
        looks = []
        for crawl, spider, plan in zip(crawls, spiders, plans, strict=True):
            answers = plan.answers
            answers.fault = crawl.fault
            try:
                answers.verdict = _verdict(probed, crawl.portal)
                if before is not None:
                    read = (page.page.article for page in answers.pages if page.page.article is not None)
                    dates = [article.published_at for article in read]
                    answers.hands = other_hands(probed.db.conn, before.db.conn, crawl.portal, dates)
                looks.append(look_of(spider, answers, readers))
            except Exception as error:  # whatever one portal showed, it is not the others'
                logger.exception("What %s showed could not be dealt with", crawl.portal)
                fault = Answers(
                    spider.home, requests=answers.requests, fault=f"{type(error).__name__}: {error}"
                )
                looks.append(look_of(spider, fault, readers))
        return looks


def _before(archive: Path, opened: ExitStack) -> Archive | None:
    """Return the archive to compare with; None where there is none that can be read as it is."""
    if not archive.is_file():
        return None
    try:
        return opened.enter_context(Archive(archive, read_only=True))
    except ArchiveError as error:
        logger.warning("What was captured before is not compared: %s", error)
        return None


def _run(group: CrawlGroup, crawls: list[PortalCrawl], show: Callable[[PortalCrawl], None]) -> None:
    waiting = list(crawls)

    def tell() -> None:
        for crawl in [one for one in waiting if one.has_ended]:
            waiting.remove(crawl)
            show(crawl)

    group.run(crawls, show=tell)
    tell()


def _plan_of(target: Target, spider: PortalSpider) -> Plan:
    return Plan(
        spider.home,
        [urljoin(spider.home, path) for path in spider.lists],
        # One declared feed is enough to see how they are read.
        [urljoin(spider.home, path) for path in spider.feeds[:1]],
        articles=target.articles,
        pages=target.requests,
    )


def _verdict(archive: Archive, portal: str) -> tuple[str, str, str] | None:
    state = row(archive.db.conn, _STATE, portal)
    if state is None or state["state"] not in _STATES:
        return None
    reason, step = words_of(state)
    return state["state"], reason.en, step.en
