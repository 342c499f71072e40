"""Portals crawled side by side: one process, one event loop, one archive."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.session import FAILURES, Session
from crawler.shared import Shared, SharedCrawler
from crawler.watchdog import Watchdog
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Problem
from portal_archive.model.records import Visit

logger = logging.getLogger(__name__)

TIME_LIMIT = "time-limit"
SHUTDOWN = "shutdown"
# The kind of the problem that a mistake in a portal's file, or in this program, leaves.
CRASHED = "crashed"
SHOW_SECONDS = 0.5
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(eq=False)
class PortalCrawl:
    """The crawl of one portal beside others: what is to run, and how far it has come.

    `spider` is None where the portal's file cannot be read. `fault` says in words what the program did wrong.
    """

    portal: str
    spider: type[Spider] | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None
    crawler: SharedCrawler | None = None
    has_begun: bool = False
    has_ended: bool = False
    _figures: Mapping[str, Any] = field(default_factory=dict)
    _verdict: str | None = None

    @property
    def session(self) -> Session | None:
        """Its session, while there is one."""
        # Asked earlier than that, the crawler raises.
        has_extensions = self.crawler is not None and self.crawler._extensions is not None
        return self.crawler.get_extension(Session) if self.crawler and has_extensions else None

    def end(self) -> None:
        """Keep what the crawl came to, and let go of all it worked with."""
        if self.session is not None:
            self.has_begun = self.session.crawl is not None
            self._verdict = self.session.state.state if self.session.state else None
        if self.crawler is not None and self.crawler._stats is not None:
            self._figures = dict(self.crawler.stats.get_stats())
        self.crawler, self.has_ended = None, True

    @property
    def reason(self) -> str | None:
        """Why it ended; None while it has not."""
        if not self.has_ended:
            return None
        return CRASHED if self.fault else self.figure("finish_reason")

    @property
    def state(self) -> str:
        """How it stands, in a word: while it runs, and what it says of its portal once it has ended."""
        if not self.has_ended:
            return "crawling" if self.session is not None and self.session.is_open else "waiting"
        return (None if self.fault else self._verdict) or self.reason or "-"

    @property
    def has_failed(self) -> bool:
        """Whether it ended in a way that needs a person."""
        pages, failed = self.count("pages"), self.count("failed")
        return self.reason in (CRASHED, *FAILURES) or 0 < pages == failed

    def note_error(self, failure: Failure) -> None:
        """Take note of what the spider failed with; the first is kept."""
        self.fault = self.fault or f"{type(failure.value).__name__}: {failure.value}"

    def figure(self, name: str) -> Any:
        """Return a value of the crawl's statistics; None while there is none."""
        if self.crawler is None or self.crawler._stats is None:
            return self._figures.get(name)
        return self.crawler.stats.get_value(name)

    def count(self, name: str) -> int:
        """Return how many "pages", "new", "changed", "gone" ... there were so far."""
        return int(self.figure(f"archive/{name}") or 0)

    def rate(self, now: datetime) -> float:
        """Return how many pages a second were visited, until it ended or the moment `now`."""
        started, ended = self.figure("start_time"), self.figure("finish_time") or now
        return self.count("pages") / max((ended - started).total_seconds(), 1) if started else 0.0


class CrawlGroup:
    """Runs crawls in the process that Scrapy's command line made, on an archive that is open and claimed.

    A crawl that crashes, in whatever way, ends alone. SIGTERM, SIGINT and a time limit end all of them as soon
    as what is in flight is stored; what hangs is given up after `STOP_SECONDS`, and its watchdog ends a process
    that hangs. A second signal ends the process at once. The next start goes on.
    """

    def __init__(self, process: CrawlerProcessBase, shared: Shared) -> None:
        self._process = process
        self._shared = shared
        self._crawls: list[PortalCrawl] = []
        self._tasks: dict[PortalCrawl, asyncio.Task[None]] = {}

    def run(
        self,
        crawls: Iterable[PortalCrawl],
        max_seconds: float | None = None,
        show: Callable[[], None] | None = None,
    ) -> None:
        """Run crawls until all have ended; can be called once in a process.

        What becomes of them stands in the crawls themselves. `show` is called twice a second.
        """
        loop = asyncio.get_event_loop()
        self._watchdog = Watchdog(self._process.settings.getfloat("STANDSTILL_SECONDS"))
        self._crawls = list(crawls)
        for crawl in self._crawls:
            self._begin(crawl)
        if not self._tasks:
            return
        if max_seconds is not None:
            loop.call_later(max_seconds, self.stop, TIME_LIMIT)
            self._watchdog.expect_end(max_seconds + self._patience)
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._on_signal, number)
        if show is not None:
            _repeat(loop, show)
        try:
            with self._watchdog:
                self._process.start(install_signal_handlers=False)
        finally:
            _leave_signals(loop)

    def stop(self, reason: str) -> None:
        """Begin nothing any more, and end the crawls when what is in flight is stored."""
        self._shared.stopping = self._shared.stopping or reason
        logger.info("Stopping (%s)", reason)
        for crawl in self._crawls:
            if crawl.session is not None and crawl.session.is_open:
                crawl.session.stop(reason)
        asyncio.get_running_loop().call_later(self._patience, self._give_up)
        self._watchdog.expect_end(self._patience)

    @property
    def _patience(self) -> float:
        return self._process.settings.getfloat("STOP_SECONDS")

    def _give_up(self) -> None:
        """End what hangs, so that the archive is free for the next start."""
        for crawl, task in self._tasks.items():
            if not crawl.has_ended:
                crawl.fault = crawl.fault or f"did not end in {self._patience:.0f} s"
                task.cancel()

    def _begin(self, crawl: PortalCrawl) -> None:
        if crawl.spider is None:
            self._end(crawl, crawl.fault)
            return
        assert isinstance(self._process.settings, Settings)
        try:
            crawl.crawler = SharedCrawler(crawl.spider, self._process.settings, self._shared)
        except Exception as error:  # a portal's file may do anything
            self._end(crawl, f"{type(error).__name__}: {error}")
            return
        crawl.crawler.signals.connect(crawl.note_error, signals.spider_error)
        task = self._process.crawl(crawl.crawler, **crawl.arguments)
        assert isinstance(task, asyncio.Task)
        task.add_done_callback(partial(self._task_ended, crawl))
        self._tasks[crawl] = task

    def _task_ended(self, crawl: PortalCrawl, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            logger.error("%s crashed", crawl.portal, exc_info=error)
        self._end(crawl, f"{type(error).__name__}: {error}" if error else crawl.fault)

    def _end(self, crawl: PortalCrawl, fault: str | None) -> None:
        crawl.fault = fault
        crawl.end()
        if fault is not None:
            self._record(crawl, fault)
        figures = ", ".join(f"{crawl.count(name)} {name}" for name in ("pages", "new", "changed", "gone"))
        logger.info("%s: %s: %s, %d problems", crawl.portal, crawl.reason, figures, crawl.count("problems"))

    def _record(self, crawl: PortalCrawl, fault: str) -> None:
        known = "SELECT home_url FROM portals WHERE name = ?"
        row = self._shared.archive.db.execute(known, (crawl.portal,)).fetchone()
        if row is None:
            return
        problem = Problem(CRASHED, f"{crawl.portal}: {fault}"[:200])
        now = datetime.now(UTC)
        visit = Visit(crawl.portal, row[0], row[0], now, Outcome.ERROR, problems=[problem], off_frontier=True)
        try:
            self._shared.archive.store(visit)
        except ArchiveError as error:
            logger.error("%s", error)

    def _on_signal(self, number: signal.Signals) -> None:
        _leave_signals(asyncio.get_running_loop())
        logger.info("%s: send it again to stop at once", number.name)
        self.stop(SHUTDOWN)


def _leave_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Let the next signal do what it does to any program."""
    for number in _SIGNALS:
        loop.remove_signal_handler(number)


def _repeat(loop: asyncio.AbstractEventLoop, show: Callable[[], None]) -> None:
    show()
    loop.call_later(SHOW_SECONDS, _repeat, loop, show)
