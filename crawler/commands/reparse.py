"""`scrapy reparse`: the current readers over the stored captures."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import datetime

from rich.console import Console
from rich.table import Table

from crawler.capture_reader import CaptureJob, read_again
from crawler.commands.base import CLUSTER_HELP, ArchiveCommand
from crawler.commands.show_capture import moment
from crawler.progress import progress
from crawler.registry import rules_of
from crawler.session import captures_folder, existing_archive, readers_on
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import batched, cores
from portal_archive.archive.archive import Archive
from portal_archive.archive.doubt.repair import melted, part
from portal_archive.archive.known_portals import check_portal
from portal_archive.archive.warc.lookup import captured_pages, count_captured_pages
from portal_archive.model.errors import ArchiveError


class Command(ArchiveCommand):
    """Corrects the readings of the archive; what the portals changed stays as it is."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "[--portal NAME] [--since DATE] [--split] [--dry-run]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Read the stored captures again with the current readers"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="only captures of this portal")
        parser.add_argument("--since", metavar="DATE", help="only captures made since this date")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument(
            "--split", action="store_true", help="first part articles whose addresses show different texts"
        )
        parser.add_argument("--cores", type=int, help="how many to use (default: all)")
        parser.add_argument("--cluster", metavar="ADDRESS", help=CLUSTER_HELP)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read and correct, print what changed; exits with 1 where a capture is damaged."""
        assert self.settings is not None
        since = moment(opts.since) if opts.since else None
        try:
            with Archive(existing_archive(self.settings)) as archive:
                check_portal(archive.db.conn, opts.portal)
                archive.claim("reparse")
                if opts.split:
                    self._part(archive, opts)
                self._reparse(archive, opts, since)
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1

    def _part(self, archive: Archive, opts: argparse.Namespace) -> None:
        """Part the articles that a bad day melted into one."""
        with archive.batch():
            for number in melted(archive.db.conn, opts.portal):
                made = [] if opts.dry_run else part(archive.db.conn, number)
                said = f"is {len(made) + 1} articles" if made else "is several"
                print(f"article {number} {said}")  # noqa: T201

    def _reparse(self, archive: Archive, opts: argparse.Namespace, since: datetime | None) -> None:
        assert self.settings is not None
        folder = captures_folder(self.settings)
        number = count_captured_pages(archive.db.conn, opts.portal, since)
        jobs = (
            CaptureJob(folder, capture, rules_of(capture.portal, capture.family))
            for capture in captured_pages(archive.db.conn, opts.portal, since)
        )
        changed: Counter[tuple[str, str]] = Counter()
        readers = readers_on(opts.cluster, self.settings, opts.cores or cores())
        with readers, progress("captures read again", number) as advance:
            done = readers.in_order(read_again, jobs)
            for some in batched(done, 200):
                with archive.batch():
                    for job, page in some:
                        if isinstance(page, ReaderStopped):
                            print(f"{job.capture.url}: {page.kind}: {page}", file=sys.stderr)  # noqa: T201
                            continue
                        if isinstance(page, str):
                            print(page, file=sys.stderr)  # noqa: T201
                            self.exitcode = 1
                            continue
                        differences = archive.correct(job.capture.id, page, dry_run=opts.dry_run)
                        changed.update((job.capture.portal, field) for field in differences)
                advance(len(some))
        if not opts.dry_run:
            with progress("texts compared") as advance:
                for grouped in archive.group_stories():
                    advance(grouped)
        if not changed:
            print(f"{number} captures read again: nothing differs")  # noqa: T201
            return
        title = "would change" if opts.dry_run else "changed"
        table = Table("portal", "field", title, title=f"{number} captures read again", title_justify="left")
        for (portal, field), count in sorted(changed.items()):
            table.add_row(portal, field, str(count))
        Console().print(table)
