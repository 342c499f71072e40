"""`scrapy backup DEST`: a copy of archive and captures, consistent while a crawl runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.progress import progress
from crawler.session import archive_path, captures_folder
from portal_archive.archive.backup import backup
from portal_archive.model.errors import ArchiveError


class Command(ArchiveCommand):
    """Brings the backup in a folder up to date, and verifies it."""

    requires_project = True
    is_job = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "DEST"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Bring a backup of archive and captures up to date, and verify it"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Copy and verify; exits with 1 when the copy failed or is damaged."""
        if len(args) != 1:
            raise UsageError
        assert self.settings is not None
        try:
            self.job.begins()
            archive, captures = archive_path(self.settings), captures_folder(self.settings)
            with progress("capture files verified") as advance:
                done = backup(archive, captures, Path(args[0]), advance)
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1
            return
        for damage in done.damage:
            print(damage)  # noqa: T201
        print(f"{args[0]}: {done.files} capture files new or grown, {done.bytes:,} bytes")  # noqa: T201
        self.exitcode = 1 if done.damage else 0
