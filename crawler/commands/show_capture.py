"""`scrapy show-capture URL [--at TIME]`: a stored page as it was delivered, on standard output."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.session import archive_path, captures_folder
from portal_archive.archive.archive import Archive
from portal_archive.archive.moments import VIETNAM
from portal_archive.archive.warc.captures import read_capture
from portal_archive.archive.warc.lookup import find_capture, original_of
from portal_archive.model.errors import ArchiveError


def moment(text: str) -> datetime:
    """Return a moment given on a command line: ISO 8601; without a time zone it is Vietnam's."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no date or time (2024-05-31, 2024-05-31T17:00)", print_help=False
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


class Command(ArchiveCommand):
    """Writes the body of the last capture of a URL, or the last until a time."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "URL [--at TIME] [--headers]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Print a page as it was captured"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--at", metavar="TIME", help="the last capture until this time (default: now)")
        parser.add_argument("--headers", action="store_true", help="status, time and headers before the body")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the capture; exit with 1 when there is none or it is damaged."""
        if len(args) != 1:
            raise UsageError
        until = moment(opts.at) if opts.at else None
        assert self.settings is not None
        try:
            with Archive(archive_path(self.settings), read_only=True) as archive:
                ref = find_capture(archive.db.conn, args[0], until)
                if ref is None:
                    raise ArchiveError(f"{archive.path}: no capture of {args[0]}")
                fetch = read_capture(captures_folder(self.settings), ref, original_of(archive.db.conn))
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1
            return
        if opts.headers:
            lines = [f"{fetch.status} {fetch.url}", f"{fetch.fetched_at.isoformat()}"]
            lines += [f"{name}: {value}" for name, value in fetch.headers]
            sys.stdout.write("\n".join(lines) + "\n\n")
            sys.stdout.flush()
        sys.stdout.buffer.write(fetch.body)
        sys.stdout.flush()
