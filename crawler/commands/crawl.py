"""`scrapy crawl`: Scrapy's own, with an exit code that tells a failed crawl from one that ended well."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterable

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from crawler import log
from crawler.commands.base import ArchiveCommand
from crawler.notify import tell
from crawler.session import ARCHIVE_BUSY, ARCHIVE_FAILED, FAILURES, NO_HOME, archive_path
from portal_archive.archive.archive import Archive
from portal_archive.model.errors import ArchiveError
from portal_archive.model.nearest import nearest

logger = logging.getLogger(__name__)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True


def quiet() -> None:
    """Leave out the pages of settings and classes that Scrapy logs first, and the traceback of a dead host."""
    log.install()
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_without_traceback)
    for name in ("scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.extensions.logstats"):
        logging.getLogger(name).setLevel(logging.WARNING)


def unknown_portal(name: str, known: Iterable[str]) -> str:
    """Return the sentence for a name that no portal has, with the names that are like it."""
    return f"no portal has the name {name}; {nearest(name, known)}"


class Command(ArchiveCommand, ScrapyCrawl):
    """Runs a spider, and tells what became of its portal; exits with 1 when the archive failed, or no page answered."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the crawl and set the exit code."""
        quiet()
        assert self.crawler_process is not None
        known = self.crawler_process.spider_loader.list()
        if len(args) == 1 and args[0] not in known:
            raise UsageError(unknown_portal(args[0], known), print_help=False)
        super().run(args, opts)
        stats = self._crawler.stats
        pages, failed = stats.get_value("archive/pages"), stats.get_value("archive/failed")
        reason = stats.get_value("finish_reason")
        if reason in FAILURES or (pages and pages == failed):
            self.exitcode = 1
        assert self.settings is not None
        if reason in (None, ARCHIVE_BUSY, ARCHIVE_FAILED, NO_HOME):
            return
        try:
            with Archive(archive_path(self.settings)) as archive:
                tell(archive)
        except ArchiveError as error:
            logger.error("%s", error)

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self._crawler = super()._create_crawler(spidercls)
        return self._crawler
