"""`scrapy crawl-all`: every portal that is due, side by side; the one line that cron needs."""

from __future__ import annotations

import argparse
import logging
import re
import sys
from datetime import UTC, datetime, timedelta

from rich.console import Console
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from crawler.commands.base import NEEDS_A_PERSON, ArchiveCommand
from crawler.commands.crawl import quiet, unknown_portal
from crawler.crawl_group import CrawlGroup, PortalCrawl
from crawler.notify import tell
from crawler.registry import Selection, SpiderLoader, declared_portals, table_portals
from crawler.session import ARCHIVE_FAILED, archive_path, reader_pool
from crawler.shared import Shared
from crawler.summary import Board
from portal_archive.archive.archive import Archive
from portal_archive.archive.frontier.due import is_due
from portal_archive.archive.health.states import current
from portal_archive.model.bodies import Body
from portal_archive.model.errors import ArchiveBusyError, ArchiveError

logger = logging.getLogger(__name__)

# As wide as a table may be where the output is no terminal.
_WIDE = 160
# A crawl without --max-time that takes longer than this is taken to hang.
_LONGEST_SECONDS = 24 * 3600
FAILED = 1
_UNITS = {"s": 1, "m": 60, "h": 3600}
_DURATION = re.compile(r"([0-9]{1,6})([smh])")


class Command(ArchiveCommand):
    """Exits with 0 when all is well, 1 when it failed, 2 when it ended but a portal needs a person."""

    requires_project = True
    is_job = True

    def syntax(self) -> str:
        """Return the arguments."""
        return "[options]"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Crawl every portal that is due, side by side"

    def long_desc(self) -> str:
        """Return the text of `scrapy crawl-all --help`."""
        return (
            "Crawl every portal that is due, side by side in one process. A start that finds another one running"
            " ends at once: with 0, or with 1 when that one should have ended long ago (--max-time, else a day)."
            " Exit codes: 0 all is well, 1 failed, 2 ended but a portal needs a person, 70 hung and was ended."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options."""
        super().add_options(parser)
        parser.add_argument("--only", metavar="A,B", help="these portals and no others, if they are due")
        parser.add_argument(
            "--province", metavar="ID", help="portals of this province, as it was or as it is: lao-cai"
        )
        parser.add_argument("--body", metavar="BODY", help=f"portals of this body: {', '.join(Body)}")
        parser.add_argument("--known", metavar="HOW", help="portals known so well: described ...")
        parser.add_argument(
            "--max-time", metavar="TIME", help="stop cleanly after this long, such as 90s, 30m or 2h"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl and set the exit code."""
        quiet()
        logging.getLogger("scrapy.core.engine").setLevel(logging.WARNING)
        try:
            if args:
                raise ValueError(f"{args[0]!r} is not understood; name portals with --only")
            limit = seconds(opts.max_time) if opts.max_time is not None else None
            selection = Selection(opts.province, opts.body, opts.known)
            assert self.settings is not None
            named = self.settings.getlist("PORTALS") if selection == Selection() else []
            crawls = self._crawls(",".join(named) or None if opts.only is None else opts.only, selection)
        except ValueError as error:
            self._fail(str(error))
            return
        try:
            with Archive(archive_path(self.settings)) as archive:
                archive.claim("crawl-all", self._at_most(limit))
                self.job.begins()
                with reader_pool(self.settings) as readers:
                    self._run(Shared(archive, readers), crawls, limit)
                tell(archive)
        except ArchiveBusyError as error:
            if error.until is not None and error.until < datetime.now(UTC):
                self._fail(
                    f"another one is running, and should have ended at {error.until:%Y-%m-%d %H:%M} UTC: {error}"
                )
                return
            print(f"Another one is running, nothing to do: {error}")  # noqa: T201
            return
        except ArchiveError as error:
            self._fail(str(error))

    def _at_most(self, limit: float | None) -> timedelta:
        assert self.settings is not None
        names = ("STOP_SECONDS", "STANDSTILL_SECONDS")
        stopping = sum(self.settings.getfloat(name) for name in names)
        return timedelta(seconds=stopping + (_LONGEST_SECONDS if limit is None else limit))

    def _fail(self, message: str) -> None:
        print(f"crawl-all: {message}", file=sys.stderr)  # noqa: T201
        self.exitcode = FAILED

    def _crawls(self, only: str | None, selection: Selection) -> list[PortalCrawl]:
        """Return the crawls of the portals chosen; raises ValueError for a name that no portal has."""
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SpiderLoader)
        spiders = {name: loader.load(name) for name in loader.list()}
        crawls = {
            name: PortalCrawl(name, spider) for name, spider in spiders.items() if getattr(spider, "home", "")
        }
        crawls |= {name: PortalCrawl(name, fault=reason) for name, reason in loader.broken.items()}
        if only is None:
            return [crawls[name] for name in sorted(crawls) if selection.takes(spiders.get(name))]
        chosen = {name.strip(): None for name in only.split(",") if name.strip()}
        unknown = [name for name in chosen if name not in crawls]
        if unknown or not chosen:
            raise ValueError(unknown_portal(", ".join(unknown) or repr(only), crawls))
        return [crawls[name] for name in chosen]

    def _run(self, shared: Shared, crawls: list[PortalCrawl], limit: float | None) -> None:
        assert self.crawler_process is not None
        assert self.settings is not None
        archive = shared.archive
        declared = declared_portals(self.settings)
        archive.register(declared)
        archive.declare([*declared, *table_portals()])
        due = [crawl for crawl in crawls if _is_due(archive, crawl, self.settings)]
        logger.info(
            "%d of %d portals are due: %s",
            len(due),
            len(crawls),
            ", ".join(crawl.portal for crawl in due) or "-",
        )
        console = Console() if sys.stdout.isatty() else Console(width=_WIDE, force_terminal=False)
        if console.is_terminal and self.settings.getpriority("LOG_LEVEL") != SETTINGS_PRIORITIES["cmdline"]:
            # The table says the rest.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        with Board(due, console) as board:
            CrawlGroup(self.crawler_process, shared).run(due, limit, board.show)
        for crawl in due:
            if crawl.fault:
                console.print(f"{crawl.portal} crashed: {crawl.fault}", markup=False, soft_wrap=True)
        troubled = _troubled(archive, crawls)
        for line in troubled:
            console.print(line, markup=False, soft_wrap=True)
        self.exitcode = _exit_code(due) or (NEEDS_A_PERSON if troubled else 0)


def _troubled(archive: Archive, crawls: list[PortalCrawl]) -> list[str]:
    """Return a line for each portal that needs a person, whether it was due or not."""
    names = {crawl.portal for crawl in crawls}
    return [
        f"{found.portal} is {found.state}: {found.reason.en}. {found.next_step.en}"
        for found in current(archive.db.conn, datetime.now(UTC))
        if found.portal in names and found.needs_person
    ]


def _is_due(archive: Archive, crawl: PortalCrawl, settings: Settings) -> bool:
    if crawl.spider is None:
        return True
    own = settings.copy()
    try:
        crawl.spider.update_settings(own)
    except Exception:  # a portal's file may do anything; it is told when the crawl of it begins
        return True
    interval = timedelta(hours=own.getfloat("CRAWL_INTERVAL_HOURS"))
    return is_due(archive.db.conn, crawl.portal, datetime.now(UTC), interval)


def _exit_code(crawls: list[PortalCrawl]) -> int:
    if any(crawl.reason == ARCHIVE_FAILED for crawl in crawls):
        return FAILED
    if crawls and not any(crawl.has_begun for crawl in crawls) and any(crawl.fault for crawl in crawls):
        return FAILED
    return NEEDS_A_PERSON if any(crawl.has_failed for crawl in crawls) else 0


def seconds(text: str) -> int:
    """Return the seconds that "90s", "30m" or "2h" means; raises ValueError for anything else."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise ValueError(f"--max-time {text!r} is no time; say it as 90s, 30m or 2h")
    return int(found[1]) * _UNITS[found[2]]
