"""`scrapy merge OTHER.db...`: portals that other archives crawled, gathered into this one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.registry import declared_portals
from crawler.session import archive_path, captures_folder
from portal_archive.archive.archive import Archive
from portal_archive.archive.gather import gather
from portal_archive.model.errors import ArchiveError


class Command(ArchiveCommand):
    """Takes over the portals that this archive has never visited, with all that is known of them."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "OTHER.db..."

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Gather the portals of other archives into this one"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Gather; exits with 1 where an archive cannot be read or a portal was visited by both."""
        if not args:
            raise UsageError
        assert self.settings is not None
        with Archive(archive_path(self.settings)) as archive:
            archive.claim("merge")
            archive.register(declared_portals())
            for name in args:
                try:
                    self._gather(archive, Path(name))
                except ArchiveError as error:
                    print(error, file=sys.stderr)  # noqa: T201
                    self.exitcode = 1
            with Console(stderr=True).status("comparing texts"):
                for _ in archive.group_stories():
                    pass

    def _gather(self, archive: Archive, other: Path) -> None:
        assert self.settings is not None
        theirs = other.absolute().parent / "captures"
        with Console(stderr=True).status(f"gathering {other}"):
            done = gather(archive, captures_folder(self.settings), other, theirs)
        print(  # noqa: T201
            f"{other}: {len(done.taken)} portals gathered with {done.articles} articles,"
            f" {len(done.known)} known already"
        )
        for portal in done.both:
            where = theirs / portal / "*.warc.gz"
            print(  # noqa: T201
                f"{portal}: both archives have visited it; 'scrapy import {where}' takes in what this one lacks",
                file=sys.stderr,
            )
            self.exitcode = 1
