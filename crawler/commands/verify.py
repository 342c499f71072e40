"""`scrapy verify`: whether everything that was stored is still there, to the last byte."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from scrapy.exceptions import UsageError
from sqlite_utils import Database

from crawler.commands.base import ArchiveCommand
from crawler.progress import progress
from crawler.rereading import verify_readings
from crawler.session import captures_folder, existing_archive, reader_pool
from portal_archive.archive import checksums, migrations
from portal_archive.archive.archive import Archive
from portal_archive.archive.errors import clear_errors
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import FACETS, verify_database
from portal_archive.archive.verify.search import rebuild
from portal_archive.archive.verify.verify import open_read_only, verify
from portal_archive.model.errors import ArchiveError

# Captures that are read again each time: some seconds.
SAMPLE = 200


class Command(ArchiveCommand):
    """Checks database, search index and every capture; names what is damaged."""

    requires_project = True
    is_job = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "[--sample NUMBER | --accept TABLE:ID | --rebuild-search]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Check the archive and its captures to the last byte"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument(
            "--sample",
            type=int,
            default=SAMPLE,
            metavar="NUMBER",
            help=f"read so many captures again, others each day (default: {SAMPLE}; 0: none)",
        )
        parser.add_argument(
            "--accept", metavar="TABLE:ID", help="take a row for right that was named as altered, once it is"
        )
        parser.add_argument(
            "--rebuild-search",
            action="store_true",
            help="make the search indexes anew, if nothing else is damaged",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check, and exit with 1 where something is damaged."""
        if args:
            raise UsageError
        assert self.settings is not None
        try:
            path = existing_archive(self.settings)
            if opts.accept:
                _accept(path, opts.accept)
            elif opts.rebuild_search:
                _rebuild_search(path)
            else:
                self.job.begins()
                self._verify(path, opts.sample)
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1

    def _verify(self, path: Path, sample: int) -> None:
        assert self.settings is not None
        _bring_up_to_date(path)
        damaged = 0
        with (
            clear_errors(path),
            open_read_only(path) as db,
            progress("capture files read") as advance,
            ExitStack() as stack,
        ):
            folder = captures_folder(self.settings)
            found: Iterator[Damage] = verify(db, folder, advance)
            if sample > 0:
                readers = stack.enter_context(reader_pool(self.settings, 1))
                today = datetime.now(UTC).date()
                found = chain(found, verify_readings(db, folder, readers, sample, today))
            for damage in found:
                damaged += not damage.note
                print(damage, file=sys.stdout)  # noqa: T201
        if damaged:
            self.exitcode = 1
        else:
            print(f"{path}: sound")  # noqa: T201


def _bring_up_to_date(path: Path) -> None:
    """Migrate an archive of an older version; one that is a backup stays as it is. Raises ArchiveError."""
    with clear_errors(path), open_read_only(path) as db:
        outdated = migrations.check(Database(db), path)
        mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    if outdated and mode != "wal":
        raise ArchiveError(
            f"{path}: a backup of an archive of an older version: it can be verified by the version that made it,"
            " or once it is restored"
        )
    if outdated:
        Archive(path).close()


def _accept(path: Path, place: str) -> None:
    table, _, number = place.partition(":")
    with Archive(path) as archive:
        archive.claim("verify --accept")
        with archive.batch():
            if not number.isdecimal() or not checksums.accept(archive.db.conn, table, int(number)):
                raise ArchiveError(f"{path}: no row {place} (a table and a number, such as articles:7)")
    print(f"{path}: {place} is taken for right as it is now")  # noqa: T201


def _rebuild_search(path: Path) -> None:
    with Archive(path) as archive:
        archive.claim("verify --rebuild-search")
        damage = [
            found for found in verify_database(archive.db.conn) if not found.note and found.place != FACETS
        ]
        if damage:
            raise ArchiveError(
                f"{path}: the articles themselves are damaged, and an index made of them would hide it: {damage[0]}"
            )
        with archive.batch():
            rebuild(archive.db.conn)
    print(f"{path}: the search indexes are made anew")  # noqa: T201
