"""`scrapy verify`: whether everything that was stored is still there, to the last byte."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.session import archive_path, captures_folder
from portal_archive.archive.archive import Archive
from portal_archive.archive.verify.verify import verify
from portal_archive.model.errors import ArchiveError


class Command(ArchiveCommand):
    """Checks database, search index and every capture; names what is damaged."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Check the archive and its captures to the last byte"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check, and exit with 1 where something is damaged."""
        if args:
            raise UsageError
        assert self.settings is not None
        path = archive_path(self.settings)
        damaged = 0
        try:
            if not path.is_file():
                raise ArchiveError(f"{path}: no such archive")
            with Archive(path) as archive, Console(stderr=True).status("reading every byte"):
                for damage in verify(archive.db.conn, captures_folder(self.settings)):
                    damaged += not damage.note
                    print(damage, file=sys.stdout)  # noqa: T201
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            damaged += 1
        if damaged:
            self.exitcode = 1
        else:
            print(f"{path}: sound")  # noqa: T201
