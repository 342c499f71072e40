"""`scrapy import FILE...`, `scrapy import --wayback HOST`: captures that others made, into the archive."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.commands.base import CLUSTER_HELP, ArchiveCommand
from crawler.importer import BATCH, Importer, all_portals
from crawler.progress import progress
from crawler.session import archive_path, captures_folder, readers_on
from crawler.workers.pool import AHEAD, cores
from portal_archive.archive.archive import Archive
from portal_archive.archive.known_portals import check_portal
from portal_archive.archive.warc.foreign import read_foreign, stored_payloads
from portal_archive.archive.warc.foreign_records import BadRecord
from portal_archive.archive.warc.lookup import has_capture
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import Fetch


class Command(ArchiveCommand):
    """Reads WARC, ARC and WACZ files, or a Wayback-style archive, with the readers of a crawl.

    Importing the same captures twice changes nothing.
    """

    requires_project = True
    is_job = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "FILE... | --wayback HOST [--from DATE] [--to DATE] [--base URL]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Import captures that others made (.warc, .warc.gz, .arc.gz, .wacz, Wayback)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="the portal they show (default: found by host)")
        parser.add_argument("--cores", type=int, help="how many to read with (default: all)")
        parser.add_argument("--cluster", metavar="ADDRESS", help=CLUSTER_HELP)
        parser.add_argument("--wayback", metavar="HOST", help="what a Wayback-style archive has of this host")
        parser.add_argument("--from", dest="first", metavar="DATE", help="from this year, month or day on")
        parser.add_argument("--to", dest="last", metavar="DATE", help="to this year, month or day")
        parser.add_argument(
            "--base", metavar="URL", help="the archive's address (default: the Internet Archive)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Import the files; exits with 1 where nothing could be read or stored, 2 for a missing file."""
        if bool(args) == bool(opts.wayback):
            raise UsageError
        paths = [Path(name) for name in args]
        for path in paths:
            if not path.is_file():
                raise UsageError(f"{path}: no such file", print_help=False)
        opts.first, opts.last = _index_date(opts.first), _index_date(opts.last)
        assert self.settings is not None
        try:
            with Archive(archive_path(self.settings)) as archive:
                archive.claim(f"import {opts.wayback or ', '.join(args)}"[:200])
                self.job.begins()
                self._import(archive, paths, opts)
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1

    def _import(self, archive: Archive, paths: list[Path], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        check_portal(archive.db.conn, opts.portal)
        portal = next((known for known in all_portals(archive) if known.name == opts.portal), None)
        # What comes over the network is stored in short batches, and not asked for ahead: a kill costs little.
        batch, ahead = (10, 0) if opts.wayback else (BATCH, AHEAD)
        readers = readers_on(opts.cluster, self.settings, 1 if opts.wayback else opts.cores or cores())
        folder = captures_folder(self.settings)
        importer = Importer(archive, folder, datetime.now(UTC), readers, portal, batch, ahead)
        bad = 0

        def whole(records: Iterator[Fetch | BadRecord]) -> Iterator[Fetch]:
            nonlocal bad
            for record in records:
                if isinstance(record, BadRecord):
                    bad += 1
                    place = f"{record.file}, offset {record.offset}" if paths else record.file
                    print(f"{place}: {record.reason}", file=sys.stderr)  # noqa: T201
                else:
                    yield record

        with readers, progress("responses read") as advance:
            responses = self._wayback(archive, opts) if opts.wayback else self._files(archive, paths)
            fetches = whole(responses)
            for number in importer.store(fetches):
                advance(number)
        with progress("texts compared") as advance:
            for number in archive.group_stories():
                advance(number)
        counts = importer.counts
        print(  # noqa: T201
            f"{counts['read']} responses read, {counts['known']} known already, {counts['stored']} stored: "
            f"{counts['new']} new articles, {counts['changed']} new versions, "
            f"{counts['problems']} problems, {bad} bad records"
        )
        if bad and not counts["read"]:
            self.exitcode = 1

    def _files(self, archive: Archive, paths: list[Path]) -> Iterator[Fetch | BadRecord]:
        assert self.settings is not None
        return read_foreign(
            paths,
            files=self.settings.getbool("FETCH_FILES"),
            find_payload=stored_payloads(archive.db.conn, captures_folder(self.settings)),
        )

    def _wayback(self, archive: Archive, opts: argparse.Namespace) -> Iterator[Fetch | BadRecord]:
        # Imported here: it takes a while, and files need none of it.
        from crawler.wayback import INTERNET_ARCHIVE, Wayback

        assert self.settings is not None
        with Wayback(
            self.settings["USER_AGENT"],
            self.settings.getfloat("DOWNLOAD_DELAY"),
            opts.base or INTERNET_ARCHIVE,
        ) as wayback:
            yield from wayback.fetches(
                opts.wayback,
                opts.first,
                opts.last,
                files=self.settings.getbool("FETCH_FILES"),
                max_body=self.settings.getint("FILE_MAXSIZE"),
                is_known=partial(has_capture, archive.db.conn),
            )


def _index_date(text: str | None) -> str | None:
    """Return a date of the command line, cut where one likes ("2015", "2015-03"), as an index writes it."""
    if text is None:
        return None
    digits = text.replace("-", "")
    if not digits.isdigit() or len(digits) not in (4, 6, 8, 14):
        raise UsageError(f"{text!r} is no date (2015, 2015-03, 2015-03-31)", print_help=False)
    return digits
