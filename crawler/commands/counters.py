"""`scrapy counters`: only the visitor counters, one page of each portal; for an hourly line in cron."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from crawler.commands.base import ArchiveCommand
from crawler.commands.crawl import quiet
from crawler.counter_spider import CounterSpider
from crawler.session import ARCHIVE_BUSY, FAILURES, archive_path
from portal_archive.archive.archive import Archive
from portal_archive.archive.moments import to_text

NOBODY_ANSWERED = 1
SOME_DID_NOT = 2


class Command(ArchiveCommand):
    """Reads the counters of the portals named, of all portals in the archive by default."""

    requires_project = True
    is_job = True

    def syntax(self) -> str:
        """Return the arguments."""
        return "[NAME...]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Read the visitor counters of the portals, and nothing else"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read and print them; exits with 1 when the archive fails or no portal answered, with 2 when some did not.

        While a crawl is running it leaves that to the crawl, which reads the counters of the pages it visits.
        """
        quiet()
        assert self.crawler_process is not None
        assert self.settings is not None
        crawler = self.crawler_process.create_crawler(CounterSpider)
        self.crawler_process.crawl(crawler, portals=tuple(args))
        self.crawler_process.start()
        if crawler.stats.get_value("finish_reason") == ARCHIVE_BUSY:
            return
        # Not before: a crawl that is running does this job.
        self.job.begins()
        if self.crawler_process.bootstrap_failed or crawler.stats.get_value("finish_reason") in FAILURES:
            self.exitcode = 1
            return
        table = Table("portal", "today", "total", "read at (UTC)", "problem")
        started = crawler.stats.get_value("start_time")
        with Archive(archive_path(self.settings), read_only=True) as archive:
            rows = archive.db.execute(_READINGS, {"since": to_text(started)}).fetchall()
        for row in rows:
            table.add_row(*("-" if value is None else str(value) for value in row))
        Console().print(table)
        # Of a portal that answered there is a reading, be it without a number.
        silent = sum(read_at is None for *_, read_at, _ in rows)
        if silent:
            self.exitcode = NOBODY_ANSWERED if silent == len(rows) else SOME_DID_NOT


_READINGS = """
SELECT p.name, c.today, c.total, c.read_at,
       coalesce((SELECT group_concat(q.kind, ', ') FROM problems q
                 WHERE q.portal = p.name AND q.last_seen >= :since), json_extract(c.reasons, '$.total'), '')
FROM portals p LEFT JOIN counter_readings c ON c.portal = p.name AND c.read_at >= :since
WHERE c.id IS NOT NULL OR EXISTS (SELECT 1 FROM problems q WHERE q.portal = p.name AND q.last_seen >= :since)
ORDER BY p.name
"""
