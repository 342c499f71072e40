"""`portal-archive doubts`: what portals showed and is not believed at once, and what a person decides about it."""

from __future__ import annotations

import argparse
import dataclasses
import json

from rich.console import Console
from rich.table import Table
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.commands.review import add_decision_options, decide_all
from crawler.session import existing_archive
from portal_archive.archive.archive import Archive
from portal_archive.archive.doubt import doubts
from portal_archive.archive.known_portals import check_portal
from portal_archive.archive.review import Subject

_WIDE = 2000
_DECISIONS = ("accept", "reject")


class Command(ArchiveCommand):
    """Lists what is held; keeps that it is accepted or rejected, and why."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "list [--portal NAME] [--all] [--json] | accept ID... --why TEXT | reject ID... --why TEXT"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "List what portals showed and is not believed yet; accept or reject it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="list: only those of this portal")
        parser.add_argument("--all", action="store_true", help="list: also those that are over")
        parser.add_argument("--json", action="store_true", help="list: an array of objects")
        add_decision_options(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List or decide; raises ArchiveError where the archive or a number cannot be used."""
        assert self.settings is not None
        action, numbers = (args[0], args[1:]) if args else ("list", [])
        path = existing_archive(self.settings)
        if action == "list" and not numbers:
            with Archive(path, read_only=True) as archive:
                check_portal(archive.db.conn, opts.portal)
                self._list(doubts.listing(archive.db.conn, opts.portal, open_only=not opts.all), opts.json)
            return
        if action not in _DECISIONS or not numbers or not all(number.isdecimal() for number in numbers):
            raise UsageError
        things = [(Subject.DOUBT, int(number)) for number in numbers]
        for _, number, said in decide_all(path, things, action, opts):
            print(f"{number}: {said}")  # noqa: T201

    def _list(self, found: list[doubts.Doubt], as_json: bool) -> None:
        if as_json:
            print(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False))  # noqa: T201
            return
        table = Table("id", "portal", "rule", "state", "since", "seen", "times", "address", "shows")
        for one in found:
            shows = str(one.details.get("title") or json.dumps(one.details, ensure_ascii=False))
            since, seen = one.first_seen[:10], one.last_seen[:10]
            table.add_row(
                str(one.id), one.portal, one.rule, one.state, since, seen, str(one.times), one.url, shows
            )
        if found:
            console = Console()
            # Piped on, a row is one line.
            console.width = console.width if console.is_terminal else _WIDE
            console.print(table)
        else:
            print("nothing is held")  # noqa: T201
