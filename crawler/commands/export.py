"""`scrapy export`: a table of the archive as CSV, JSON or JSON Lines."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.session import archive_path
from portal_archive.archive.archive import Archive
from portal_archive.archive.export.export import export
from portal_archive.archive.export.formats import EXPORTERS
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.replace_file import replacing
from portal_archive.model.errors import ArchiveError


def day(text: str) -> date:
    """Return a date given on a command line as 2024-05-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2024-05-31") from None


class Command(ArchiveCommand):
    """Streams a table, with the provenance of every row, to a file or to standard output."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        chosen = f"[--format {'|'.join(EXPORTERS)}] [--table TABLE]"
        return f"{chosen} [--portal NAME] [--since DATE] [--until DATE] [-o FILE]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Export a table of the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--format", choices=list(EXPORTERS), default="csv", help="(default: csv)")
        parser.add_argument("--table", choices=list(EXPORTS), default="articles", help="(default: articles)")
        parser.add_argument("--portal", metavar="NAME", help="only rows of this portal")
        parser.add_argument("--since", metavar="DATE", type=day, help="only rows from this day on")
        parser.add_argument("--until", metavar="DATE", type=day, help="only rows up to this day")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="(default: standard output)")
        parser.add_argument(
            "--no-inert",
            action="store_true",
            help="leave CSV cells as they are that a spreadsheet would run as a formula, or that are too long for it",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the rows; exits with 1 when archive or file cannot be used."""
        if args:
            raise UsageError
        assert self.settings is not None
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
                )
                out.flush()
        except BrokenPipeError:
            # The reader of the pipe (`| head`) has seen enough.
            sys.stderr.close()
        except OSError as error:
            self._fail(f"{opts.output or 'standard output'}: {error.strerror or error}")
        except ArchiveError as error:
            self._fail(str(error))

    def _fail(self, message: str) -> None:
        print(message, file=sys.stderr)  # noqa: T201
        self.exitcode = 1
