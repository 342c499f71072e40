"""`scrapy watch`: what is new of saved searches, portals, articles and people is told, each once."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import settings, watching
from crawler.commands.base import FAILED, ArchiveCommand
from crawler.session import existing_archive
from crawler.watching import Digest
from portal_archive.archive.archive import Archive
from portal_archive.archive.watches import declared, found
from portal_archive.archive.watches.declared import Watch


class Command(ArchiveCommand):
    """Tells what is new of the operator's watches."""

    requires_project = True
    requires_crawler_process = False
    is_job = True

    def syntax(self) -> str:
        """Return the arguments."""
        return "[--dry-run]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Tell what is new of saved searches, portals, articles and people"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="print it; send and remember nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look, send and remember; exits with 1 where somebody could not be told. Raises WatchError."""
        if args:
            raise UsageError
        assert self.settings is not None
        file = Path(self.settings["WATCHES"])
        if not file.is_file() and self.settings["WATCHES"] == settings.WATCHES_DEFAULT:
            print(f"nothing is watched: there is no {file}")  # noqa: T201
            return
        path = existing_archive(self.settings)
        watches = declared.read(file)
        if opts.dry_run:
            self._show(path, watches)
        else:
            self.job.begins()
            self._tell(path, watches)

    def _tell(self, path: Path, watches: list[Watch]) -> None:
        with Archive(path) as archive:
            now = datetime.now(UTC)
            made = watching.digests(archive, watches, now, os.environ, dry_run=False)
            for line in watching.send(archive, made, now):
                print(line)  # noqa: T201
                if line.startswith(watching.NOT_TOLD):
                    self.exitcode = FAILED

    def _show(self, path: Path, watches: list[Watch]) -> None:
        with Archive(path, read_only=True) as archive:
            now = datetime.now(UTC)
            for one in watching.digests(archive, watches, now, os.environ, dry_run=True):
                self._print(archive, one)

    def _print(self, archive: Archive, one: Digest) -> None:
        print(f"--- {one.way} ({one.language})")  # noqa: T201
        for news in one.news:
            if news.progress.is_first and news.watch.since is None:
                number = found.count(archive.db.conn, news.watch)
                print(f"{news.watch.name}: begins with the first run; {number} articles are of it now")  # noqa: T201
        event = one.event(os.environ.get(watching.ADDRESS, "").rstrip("/"))
        print(f"{event.title}\n\n{event.text}" if event else "nothing new")  # noqa: T201
