"""`scrapy merge OTHER.db...`: what other archives visited, gathered into this one."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.registry import declared_portals
from crawler.replay import Replay
from crawler.session import archive_path, captures_folder, reader_pool
from crawler.workers.pool import cores
from portal_archive.archive.archive import Archive
from portal_archive.archive.gathering.gather import gather
from portal_archive.model.errors import ArchiveError


class Command(ArchiveCommand):
    """Makes of several archives what one would hold that had made all the visits."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "OTHER.db..."

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Gather what other archives visited into this one"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Gather; exits with 1 where an archive cannot be read."""
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
        theirs, ours = other.absolute().parent / "captures", captures_folder(self.settings)
        with (
            Console(stderr=True).status(f"gathering {other}"),
            reader_pool(self.settings, cores()) as readers,
        ):
            replay = Replay(archive, ours, theirs, readers, datetime.now(UTC))
            done = gather(archive, ours, other, theirs, replay)
        print(  # noqa: T201
            f"{other}: {len(done.taken)} portals gathered with {done.articles} articles, {len(done.both)} visited by"
            f" both with {done.captures} captures, {len(done.known)} known already"
        )
