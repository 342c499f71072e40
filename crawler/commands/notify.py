"""`scrapy notify --test`: whether all that are to be told of changes can be told."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.notify import NOTIFY_URLS, Event, notifiers


class Command(ArchiveCommand):
    """Sends a message to each address in `ARCHIVE_NOTIFY_URLS`; exits with 1 when one does not take it."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "--test"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Send a message to all that are told of changes, to see whether it comes"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--test", action="store_true", help="send the message")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Send and print what came of it."""
        if args or not opts.test:
            raise UsageError("say --test")
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
