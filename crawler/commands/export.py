"""`scrapy export`: a table of the archive as CSV, JSON, JSON Lines or a workbook, or all of them as a data package."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.session import archive_path
from portal_archive.archive.archive import Archive
from portal_archive.archive.export import package, parquet
from portal_archive.archive.export.export import export
from portal_archive.archive.export.formats import EXPORTERS
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.export.written import Choice
from portal_archive.archive.moments import VIETNAM, to_text
from portal_archive.archive.replace_file import replacing
from portal_archive.model.errors import ArchiveError
from portal_archive.publish import dictionary
from portal_archive.publish.metadata import METADATA


def day(text: str) -> date:
    """Return a date given on a command line as 2024-05-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2024-05-31") from None


def moment(text: str) -> datetime:
    """Return a moment given on a command line: a day in Vietnam from its midnight on, or ISO 8601 with a time zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment such as 2024-05-31") from None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def _address() -> str:
    return os.environ.get("ARCHIVE_ADDRESS", "").rstrip("/")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201


class Command(ArchiveCommand):
    """Streams a table, with the provenance of every row, to a file or to standard output."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        chosen = f"[--format {'|'.join(EXPORTERS)}] [--table TABLE]"
        rows = "[--portal NAME] [--since DATE] [--until DATE] [--changed-since MOMENT]"
        return f"{chosen} [--columns A,B] {rows} [-o FILE] | --all FOLDER [--monthly] [--no-parquet]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Export a table of the archive, or all of them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--format", choices=list(EXPORTERS), default="csv", help="(default: csv)")
        parser.add_argument("--table", choices=list(EXPORTS), default="articles", help="(default: articles)")
        parser.add_argument("--portal", metavar="NAME", help="only rows of this portal")
        parser.add_argument("--since", metavar="DATE", type=day, help="only rows from this day on")
        parser.add_argument("--until", metavar="DATE", type=day, help="only rows up to this day")
        parser.add_argument(
            "--changed-since",
            metavar="MOMENT",
            type=moment,
            help="only rows written to since this day in Vietnam, or moment such as 2026-11-22T05:31:28Z",
        )
        parser.add_argument("--columns", metavar="A,B", help="only these columns, in this order")
        parser.add_argument(
            "--all",
            metavar="FOLDER",
            type=Path,
            dest="folder",
            help="every table as CSV and Parquet, with datapackage.json and CITATION.cff",
        )
        parser.add_argument("--monthly", action="store_true", help="with --all: a file for each month")
        parser.add_argument("--no-parquet", action="store_true", help="with --all: CSV alone")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="(default: standard output)")
        parser.add_argument(
            "--no-inert",
            action="store_true",
            help="leave CSV cells as they are that a spreadsheet would run as a formula, or that are too long for it",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the rows; exits with 1 when archive or file cannot be used."""
        if args or (opts.folder and (opts.output or opts.columns or opts.since or opts.until)):
            raise UsageError
        assert self.settings is not None
        if opts.folder:
            self._write_all(opts)
            return
        try:
            with ExitStack() as stack:
                archive = stack.enter_context(Archive(archive_path(self.settings), read_only=True))
                out = stack.enter_context(replacing(opts.output)) if opts.output else sys.stdout.buffer
                export(
                    archive.db.conn,
                    opts.table,
                    opts.format,
                    out,
                    portal=opts.portal,
                    since=opts.since,
                    until=opts.until,
                    inert=not opts.no_inert,
                    address=_address(),
                    columns=opts.columns.split(",") if opts.columns else (),
                    changed_since=to_text(opts.changed_since) if opts.changed_since else None,
                )
                out.flush()
        except BrokenPipeError:
            # The reader of the pipe (`| head`) has seen enough.
            sys.stderr.close()
        except OSError as error:
            self._fail(f"{opts.output or 'standard output'}: {error.strerror or error}")
        except ArchiveError as error:
            self._fail(str(error))

    def _write_all(self, opts: argparse.Namespace) -> None:
        """Write a data package; raises ArchiveError and OSError, which `ArchiveCommand` says in a sentence."""
        assert self.settings is not None
        with_parquet = not opts.no_parquet and parquet.is_available()
        if not with_parquet and not opts.no_parquet:
            _say('without Parquet, which needs DuckDB: pip install "portal-archive[parquet]"')
        choice = Choice(opts.portal, opts.changed_since, opts.monthly, with_parquet, _address())
        metadata = Path(self.settings.get("SERVE_METADATA") or METADATA)
        with Archive(archive_path(self.settings), read_only=True) as archive:
            about = dictionary.about(json.loads(metadata.read_text(encoding="utf-8")))
            try:
                tables = package.write(archive.db.conn, opts.folder, about, choice, datetime.now(UTC), _say)
            except KeyboardInterrupt:
                _say(f"{opts.folder} is as it was before; the same command begins anew")
                raise
        rows = sum(table.rows for table in tables)
        cut = sum(file.cut for table in tables for file in table.csv)
        _say(f"{opts.folder}: {len(tables)} tables, {rows:,} rows; {package.DESCRIPTOR} says what they are")
        if cut:
            _say(f"{cut:,} cells are longer than Excel takes: CSV has their beginning, and says so")

    def _fail(self, message: str) -> None:
        print(message, file=sys.stderr)  # noqa: T201
        self.exitcode = 1
