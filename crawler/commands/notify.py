"""`scrapy notify`: whether all that are to be told of changes can be told; that a job was killed."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.jobs import Job, folder
from crawler.notify import NOTIFY_URLS, Event, notifiers
from crawler.session import archive_path

_JOB_NAME = re.compile(r"[a-z][a-z-]{0,30}")


class Command(ArchiveCommand):
    """Sends a message to each address in `ARCHIVE_NOTIFY_URLS`; exits with 1 when one does not take it.

    With --failed it tells of a job that could not tell itself, and nothing where it did.
    """

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "--test | --failed JOB"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Send a message to all that are told of changes: a test, or that a job failed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--test", action="store_true", help="send the message")
        parser.add_argument(
            "--failed",
            metavar="JOB",
            help="say that this job failed, unless it said so itself (for OnFailure=)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Send and print what came of it."""
        if args or opts.test == (opts.failed is not None):
            raise UsageError("say --test, or --failed JOB")
        if opts.failed is not None:
            if not _JOB_NAME.fullmatch(opts.failed):
                raise UsageError(f"{opts.failed!r} is no name of a job", print_help=False)
            assert self.settings is not None
            Job(opts.failed, folder(archive_path(self.settings))).ends(1, is_well=False, disk=None)
            return
        told_of = notifiers()
        if not told_of:
            print(f"Nobody is told of anything: {NOTIFY_URLS} is not set")  # noqa: T201
            self.exitcode = 1
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        text = f"A message that was asked for ({at}): changes of the portals will come this way."
        event = Event("[portal-archive] test", text)
        for notifier in told_of:
            why = notifier.send(event)
            print(f"{notifier.name}: {'sent' if why is None else why}")  # noqa: T201
            if why is not None:
                self.exitcode = 1
