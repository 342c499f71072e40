"""`scrapy demo`: crawl the synthetic demo portals with the real spiders, then browse what was stored."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.commands.crawl import quiet
from crawler.commands.serve import serve as serve_archive
from crawler.crawl_group import CrawlGroup, PortalCrawl
from crawler.importer import Importer
from crawler.ocr import Recognition
from crawler.registry import declared_portals, table_portals
from crawler.shared import Shared
from crawler.spider import Endpoint, PortalSpider
from crawler.summary import Board
from crawler.workers.pool import ReaderPool
from crawler.workers.tesseract import INSTALL, Tesseract
from portal_archive.archive.archive import Archive
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import Fetch, Portal

if TYPE_CHECKING:
    from demo.server import Served, Site

FOLDER = Path("demo-run")
# The hijacked copy stands on a host that no portal owns: it is crawled as a portal without a file.
GENERIC = "hijacked"
_SUMMARY = """
SELECT p.name, count(a.id), substr(min(a.published_at), 1, 10), substr(max(a.published_at), 1, 10),
       (SELECT count(*) FROM counter_readings c WHERE c.portal = p.name),
       (SELECT count(*) FROM problems q WHERE q.portal = p.name AND q.closed_at IS NULL)
FROM portals p JOIN articles a ON a.portal = p.name GROUP BY p.name ORDER BY p.name
"""


class Command(ArchiveCommand):
    """Makes an archive of the demo portals in `demo-run/`, anew each time."""

    default_settings = {"LOG_LEVEL": "ERROR"}  # noqa: RUF012  # Scrapy's own declaration

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Crawl synthetic portals on this machine and browse the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options."""
        super().add_options(parser)
        parser.add_argument("--no-serve", action="store_true", help="stop before serving the archive")
        parser.add_argument(
            "--port", type=int, default=8001, help="port of the archive's pages (default: 8001)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the summary, serve."""
        try:
            from demo.server import serve, serve_shells  # the checkout has it, an installed wheel has not
        except ModuleNotFoundError:
            raise UsageError(
                "the demo portals are in the checkout: run this in the folder with scrapy.cfg"
            ) from None
        quiet()
        _make_folder()
        archive = FOLDER / "archive.db"
        console = Console()
        assert self.settings is not None
        for name, value in {"ARCHIVE_DB": str(archive), "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "WARNING"}.items():
            self.settings.set(name, value, priority="cmdline")
        now = datetime.now(timezone(timedelta(hours=7)))
        with serve(now=now) as sites, serve_shells(now) as shells:
            crawls = self._crawl(sites, shells, archive, console)
        if any(crawl.has_failed for crawl in crawls):
            self.exitcode = 1
            return
        _recognise(archive, console)
        console.print(_summary(archive))
        if opts.no_serve:
            return
        console.print(f"browse the archive at http://127.0.0.1:{opts.port}/ (Ctrl-C ends)")
        serve_archive(archive, "127.0.0.1", opts.port)

    def _crawl(
        self, sites: dict[str, Site], shells: dict[str, Served], archive: Path, console: Console
    ) -> list[PortalCrawl]:
        assert self.crawler_process is not None
        load = self.crawler_process.spider_loader.load
        crawls = [
            PortalCrawl(stem, load("portal"), {"url": f"{site.url}/"})
            if stem == GENERIC
            else PortalCrawl(stem, load(stem), {"home": f"{site.url}/"})
            for stem, site in sites.items()
        ]
        with Archive(archive) as opened:
            opened.claim("demo")
            opened.register(declared_portals())
            opened.declare([*declared_portals(), *table_portals()])
            with ReaderPool() as readers:
                for crawl in crawls:
                    assert crawl.spider is not None
                    portal = crawl.spider(**crawl.arguments).portal  # type: ignore[attr-defined]
                    _live_through(opened, portal, sites[crawl.portal], readers)
                crawls += [PortalCrawl(stem, _spider_of(site)) for stem, site in shells.items()]
                with Board(crawls, console) as board:
                    CrawlGroup(self.crawler_process, Shared(opened, readers)).run(crawls, show=board.show)
        return crawls


def _spider_of(site: Served) -> type[PortalSpider]:
    """Return the spider of a small portal, which has no file: of what it says of itself."""
    from demo.shells import SmallPortal

    portal = site.served
    assert isinstance(portal, SmallPortal)
    declared = dict(portal.declared)
    declared["endpoints"] = tuple(Endpoint(*one) for one in declared.get("endpoints", ()))
    about = {"name": portal.stem, "title": portal.title, "home": f"{site.url}/", "known": "described"}
    return type(portal.stem.capitalize(), (PortalSpider,), about | declared)


def _recognise(archive: Path, console: Console) -> None:
    """Recognise the scans, where Tesseract is installed."""
    tesseract = Tesseract.find()
    if tesseract is None:
        console.print(f"scans are not recognised: {INSTALL}")
        return
    with ReaderPool(1, readable=[FOLDER / "captures"]) as readers:
        recognition = Recognition(archive, FOLDER / "captures", readers, tesseract, pages=5, seconds=120)
        found = sum(read.text is not None for _, read in recognition.run(None, monotonic() + 300))
    console.print(f"text recognised in {found} scans")


def _make_folder() -> None:
    """Make `FOLDER` anew. Raises ArchiveError where it is there and was not made by the demo: it is somebody's own."""
    mark = FOLDER / ".made-by-the-demo"
    if FOLDER.exists() and not mark.is_file():
        raise ArchiveError(
            f"{FOLDER.absolute()}: it was not made by the demo; move it away, or run this elsewhere"
        )
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    mark.touch()


def _live_through(archive: Archive, portal: Portal, site: Site, readers: ReaderPool) -> None:
    """Import what the portal showed in the past weeks, so that there are changes to see on the first day."""
    archive.register([portal])
    importer = Importer(archive, FOLDER / "captures", datetime.now(UTC), readers, portal)
    for _ in importer.store(
        Fetch(
            seen.url,
            seen.response.status,
            [("Content-Type", seen.response.type), *seen.response.headers],
            seen.response.body,
            seen.at.astimezone(UTC),
        )
        for seen in site.past()
    ):
        pass


def _summary(archive: Path) -> Table:
    table = Table(title=str(archive))
    for heading in ("portal", "articles", "from", "to", "readings", "problems"):
        figures = heading in ("articles", "readings", "problems")
        table.add_column(heading, justify="right" if figures else "left", no_wrap=True)
    with closing(sqlite3.connect(archive)) as db:
        for row in db.execute(_SUMMARY):
            table.add_row(*(str(value or 0) for value in row))
    return table
