"""What crawls that run side by side in one process share: the archive, the readers, and the pace of each host."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrapy import Request, Spider
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.network.pace import Pace
from crawler.workers.pool import ReaderPool
from portal_archive.archive.archive import Archive


@dataclass(slots=True)
class Shared:
    """An archive that is open and claimed, and the pace that all crawls keep together.

    `readers` read what all of them fetch. `stopping` is the reason for which no crawl is to begin any more, None as
    long as there is none.
    """

    archive: Archive
    readers: ReaderPool
    pace: Pace = field(default_factory=Pace)
    stopping: str | None = None


class SharedCrawler(Crawler):
    """A crawl that runs beside others."""

    def __init__(self, spidercls: type[Spider], settings: Settings, shared: Shared) -> None:
        own = settings.copy()
        own.set("DOWNLOADER", PacedDownloader, priority="cmdline")
        super().__init__(spidercls, own)
        self.shared = shared


class PacedDownloader(Downloader):
    """Asks a host only when it is this crawl's turn."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pace = pace_of(crawler)

    async def _enqueue_request(self, request: Request) -> Response:
        async with self._pace.turn(request.url) as host:
            key, slot = self._get_slot(request)
            try:
                return await super()._enqueue_request(request)
            finally:
                # A slot that rested for long is made anew.
                slot = self.slots.get(key, slot)
                host.last, host.distance = slot.lastseen, max(host.distance, slot.delay)


def shared_by(crawler: Crawler) -> Shared | None:
    """Return what a crawl shares with others, None for one that runs alone."""
    return crawler.shared if isinstance(crawler, SharedCrawler) else None


def pace_of(crawler: Crawler) -> Pace:
    """Return the pace a crawl keeps: that of all that run beside it, else one of its own."""
    shared = shared_by(crawler)
    return shared.pace if shared else Pace()
