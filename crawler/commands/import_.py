"""`scrapy import FILE...`: captures that others made, into the archive."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive.archive import Archive
from archive.foreign import read_foreign, stored_payloads
from archive.foreign_records import BadRecord
from archive.records import ArchiveError, Fetch
from crawler.imports import Importer, all_portals
from crawler.session import archive_path, captures_folder


class Command(ScrapyCommand):
    """Reads WARC, ARC and WACZ files with the readers of a crawl. Importing a file twice changes nothing."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "FILE... [--portal NAME]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Import captures that others made (.warc, .warc.gz, .arc.gz, .wacz)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="the portal they show (default: found by host)")
        parser.add_argument("--cores", type=int, help="how many to read with (default: all)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Import the files; exits with 1 where nothing could be read or stored, 2 for a missing file."""
        if not args:
            raise UsageError
        paths = [Path(name) for name in args]
        for path in paths:
            if not path.is_file():
                raise UsageError(f"{path}: no such file", print_help=False)
        assert self.settings is not None
        try:
            with Archive(archive_path(self.settings)) as archive:
                archive.claim(f"import {', '.join(args)}"[:200])
                self._import(archive, paths, opts)
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1

    def _import(self, archive: Archive, paths: list[Path], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        portal = None
        if opts.portal:
            portal = next((known for known in all_portals(archive) if known.name == opts.portal), None)
            if portal is None:
                raise ArchiveError(f"{archive.path}: no portal {opts.portal} in it")
        importer = Importer(archive, captures_folder(self.settings), datetime.now(UTC), portal, opts.cores)
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), TextColumn("{task.completed}"), TimeElapsedColumn())
        bad = 0

        def whole(records: Iterator[Fetch | BadRecord]) -> Iterator[Fetch]:
            nonlocal bad
            for record in records:
                if isinstance(record, BadRecord):
                    bad += 1
                    progress.console.print(f"{record.file}, offset {record.offset}: {record.reason}")
                else:
                    yield record

        with Progress(*columns, console=console) as progress:
            task = progress.add_task("responses read")
            responses = read_foreign(
                paths,
                files=self.settings.getbool("FETCH_FILES"),
                find_payload=stored_payloads(archive.db.conn, captures_folder(self.settings)),
            )
            fetches = whole(responses)
            for number in importer.store(fetches):
                progress.advance(task, number)
        counts = importer.counts
        print(  # noqa: T201
            f"{counts['read']} responses read, {counts['known']} known already, {counts['stored']} stored: "
            f"{counts['new']} new articles, {counts['changed']} new versions, "
            f"{counts['problems']} problems, {bad} bad records"
        )
        if bad and not counts["read"]:
            self.exitcode = 1
