"""What a running crawl works with: the archive, its captures and the crawl's own row."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings

from crawler.registry import declared_portals
from crawler.response_reader import Reading, read_response, unread
from crawler.shared import Shared, shared_by
from crawler.watchdog import Watchdog
from crawler.workers.limits import Limits, ReaderStopped
from crawler.workers.pool import ReaderPool, Readers, cores
from portal_archive.archive.archive import Archive
from portal_archive.archive.health.judge import after_crawl
from portal_archive.archive.health.verdict import Verdict
from portal_archive.archive.warc.captures import CaptureWriter, payload_digest, read_capture
from portal_archive.archive.warc.lookup import last_page, last_page_at, original_of
from portal_archive.archive.warc.open_captures import open_captures
from portal_archive.model.errors import ArchiveBusyError, ArchiveError
from portal_archive.model.expectations import Expect
from portal_archive.model.page import Link
from portal_archive.model.records import CaptureRef, Crawl, Fetch, FrontierPage, Portal, Stored, Visit
from portal_archive.model.site import site_of

logger = logging.getLogger(__name__)

FINISHED = "finished"
# Reasons to stop that are failures: the command then exits with 1.
ARCHIVE_FAILED = "archive-failed"
ARCHIVE_BUSY = "archive-busy"
NO_HOME = "no-home"
PORTAL_DOWN = "portal-down"
PORTAL_BLOCKED = "portal-blocked"
FAILURES = (ARCHIVE_FAILED, ARCHIVE_BUSY, NO_HOME, PORTAL_DOWN, PORTAL_BLOCKED)


def archive_path(settings: BaseSettings) -> Path:
    """Return where the archive is, from `ARCHIVE_DB`."""
    return Path(settings["ARCHIVE_DB"])


def existing_archive(settings: BaseSettings) -> Path:
    """Return where the archive is. Raises ArchiveError where none is there."""
    path = archive_path(settings)
    if not path.is_file():
        raise ArchiveError(f"{path}: no such archive")
    return path


def captures_folder(settings: BaseSettings) -> Path:
    """Return where the captures are, from `CAPTURES_DIR`; beside the archive unless it says otherwise."""
    return Path(settings["CAPTURES_DIR"] or archive_path(settings).absolute().parent / "captures")


def reader_limits(settings: BaseSettings) -> Limits:
    """Return what the reading of one response may cost."""
    return Limits(
        settings.getfloat("READER_CPU_SECONDS"),
        settings.getfloat("READER_SECONDS"),
        settings.getint("READER_MEMORY"),
    )


def readers_on(cluster: str | None, settings: BaseSettings, size: int) -> Readers:
    """Return the readers on a cluster, or where none is named `size` readers here."""
    if cluster is None:
        return reader_pool(settings, size)
    # Imported here: whoever has no cluster needs nothing of it.
    from crawler.workers.cluster import ClusterReaders

    return ClusterReaders(cluster, reader_limits(settings), [captures_folder(settings)])


def reader_pool(settings: BaseSettings, size: int | None = None) -> ReaderPool:
    """Return the readers within the limits that `settings` give.

    Without `size` two more than there are cores: a page that is slow to read keeps no core from another portal's.
    """
    return ReaderPool(size or cores() + 2, reader_limits(settings), [captures_folder(settings)])


class Session:
    """Opened with the spider and closed with it; an extension, so that every component finds it.

    `archive` exists while it is open. A spider of one portal has a `crawl`; one that only looks at several
    (see `crawler.counter_spider`) has none. A crawl that runs beside others works with the archive that they share,
    and leaves it open. `failed` says that the archive cannot be written any more: the spider is ending, and
    nothing is stored or captured from there on. `state` is what the crawl, once it has ended, says of its portal;
    None where it says nothing.
    """

    archive: Archive
    readers: ReaderPool
    crawl: Crawl | None = None
    state: Verdict | None = None

    def __init__(self, crawler: Crawler, portal: Portal | None, shared: Shared | None) -> None:
        self._crawler = crawler
        self._portal = portal
        self._shared = shared
        self._opened = ExitStack()
        self._stopping: asyncio.Future[None] | None = None
        self._captures: dict[str, CaptureWriter] = {}
        self._began = datetime.now(UTC)
        self._rest_until: datetime | None = None
        self.is_open = False
        self.failed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the session of a crawl, to be opened when its spider is."""
        portal: Portal | None = getattr(crawler.spider, "portal", None)
        session = cls(crawler, portal, shared_by(crawler))
        crawler.signals.connect(session.open, signals.spider_opened)
        crawler.signals.connect(session.close, signals.spider_closed)
        return session

    def open(self) -> None:
        """Open the archive and begin the crawl, or log why that cannot be and end."""
        if self._portal is not None and not site_of(self._portal.home_url):
            logger.error("%r is no home page of a portal", self._portal.home_url)
            raise CloseSpider(NO_HOME)
        if self._shared is not None and self._shared.stopping:
            raise CloseSpider(self._shared.stopping)
        try:
            with ExitStack() as opened:
                if self._shared is None:
                    self.archive = opened.enter_context(Archive(archive_path(self._crawler.settings)))
                    self.archive.claim(f"crawl {self._crawler.spider.name}")  # type: ignore[union-attr]
                    self.archive.register(declared_portals(self._crawler.settings))
                    self.readers = opened.enter_context(reader_pool(self._crawler.settings))
                    patience = self._crawler.settings.getfloat("STANDSTILL_SECONDS")
                    opened.enter_context(Watchdog(patience))
                else:
                    self.archive, self.readers = self._shared.archive, self._shared.readers
                self._begin()
                self._opened = opened.pop_all()
        except ArchiveError as error:
            logger.error("%s", error)
            busy = isinstance(error, ArchiveBusyError)
            raise CloseSpider(ARCHIVE_BUSY if busy else ARCHIVE_FAILED) from error
        self.is_open = True

    def _begin(self) -> None:
        if self._portal is not None:
            self.archive.register([self._portal])
            self.crawl = self.archive.begin_crawl(self._portal.name, self._began)
            self._began = self.crawl.started_at
            if self.crawl.resumed:
                logger.info("Going on with the crawl of %s", self._began.isoformat(" ", "seconds"))

    def close(self, reason: str) -> None:
        """End the crawl and close the archive, unless others use it."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            for captures in self._captures.values():
                captures.close()
            if self.crawl is not None:
                outcome = FINISHED if reason == FINISHED else "closed"
                now = datetime.now(UTC)
                if self._rest_until is not None:
                    self.archive.frontier.rest(self.crawl.portal, self._rest_until)
                self.archive.end_crawl(self.crawl, now, outcome)
                if not self.failed:
                    expect: Expect = getattr(self._crawler.spider, "expect", Expect())
                    self.state = after_crawl(self.archive, self.crawl.id, expect, now)
        except ArchiveError as error:
            logger.error("%s", error)
        finally:
            self._opened.close()

    def due_page(self, exclude_ids: Collection[int]) -> FrontierPage | None:
        """Return the page that is due next; None when none is, or the crawl is ending."""
        if self.failed or self.crawl is None:
            return None
        try:
            return self.archive.frontier.next_page(self.crawl, exclude_ids)
        except ArchiveError as error:
            self._fail(error)
        return None

    def add_pages(self, links: Iterable[Link]) -> None:
        """Enter the pages that every crawl begins with."""
        assert self.crawl is not None
        try:
            self.archive.frontier.add(self.crawl.portal, links, None, 0, self.crawl.started_at)
        except ArchiveError as error:
            self._fail(error)

    @property
    def crawl_id(self) -> int | None:
        """The id of the crawl, if it is one."""
        return self.crawl.id if self.crawl else None

    def capture(self, portal: str, fetch: Fetch, *, is_rendered: bool = False) -> CaptureRef | None:
        """Write a response to the captures, as a revisit of a known payload; None when that failed.

        What a browser made of a page is written as a conversion of what the page answered.
        """
        if self.failed:
            return None
        try:
            if portal not in self._captures:
                folder = captures_folder(self._crawler.settings)
                with self.archive.batch():
                    writer = open_captures(self.archive.db.conn, folder, portal, self._began)
                self._captures[portal] = writer
            if is_rendered:
                original = last_page_at(self.archive.db.conn, fetch.url)
                return self._captures[portal].write_rendered(fetch, original)
            earlier = self.archive.payload(payload_digest(fetch.body))
            return self._captures[portal].write(fetch, earlier)
        except ArchiveError as error:
            self._fail(error)
        return None

    def last_body(self, url: str) -> bytes | None:
        """Return the body of the last capture of a page; None when there is none that can be read."""
        if self.failed:
            return None
        db = self.archive.db.conn
        ref = last_page(db, url)
        try:
            return (
                read_capture(captures_folder(self._crawler.settings), ref, original_of(db)).body
                if ref
                else None
            )
        except ArchiveError:
            return None

    async def read(self, page: FrontierPage | None, url: str, *arguments: Any) -> Reading:
        """Read a response in a worker: `arguments` are those of `read_response` but for its URL.

        The attempt at `page` is counted before, so that it counts when this process dies of it.
        """
        if page is not None:
            try:
                self.archive.frontier.begin(page, datetime.now(UTC))
            except ArchiveError as error:
                self._fail(error)
        body, *others = arguments
        # What was captured goes to the disk while a worker reads it, so that storing need not wait for that.
        synced = asyncio.create_task(asyncio.to_thread(self._sync_captures))
        try:
            reading = await asyncio.wrap_future(self.readers.submit(read_response, body, url, *others))
        except ReaderStopped as stopped:
            reading = unread(url, stopped)
        with suppress(ArchiveError):  # storing tries once more, and says so
            await synced
        if reading.trace:
            logger.error("Reading %s failed: %s", url, reading.trace)
        return reading

    def _sync_captures(self) -> None:
        for captures in tuple(self._captures.values()):
            captures.sync()

    def store(self, visit: Visit) -> Stored | None:
        """Store a visit once its capture is on the disk, so that no row names lost bytes; None when that failed."""
        if self.failed:
            return None
        try:
            if visit.capture is not None:
                self._captures[visit.portal].sync()
            return self.archive.store(visit)
        except ArchiveError as error:
            self._fail(error)
        return None

    def rest(self, seconds: float) -> None:
        """Let no page of this portal be due, once this crawl has ended, before so many seconds have passed."""
        self._rest_until = datetime.now(UTC) + timedelta(seconds=seconds)

    def stop(self, reason: str) -> None:
        """Let what is in flight end, then end the crawl."""
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))

    def _fail(self, error: ArchiveError) -> None:
        self.failed = True
        logger.error("%s", error)
        self.stop(ARCHIVE_FAILED)


def session_of(crawler: Crawler) -> Session:
    """Return the session of a crawl."""
    session = crawler.get_extension(Session)
    assert session is not None
    return session
