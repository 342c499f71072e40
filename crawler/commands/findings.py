"""`scrapy findings`: what seems to have been tampered with, and what a person decides about it."""

from __future__ import annotations

import argparse
import sqlite3
import sys

from rich.console import Console
from rich.table import Column, Table
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.commands.review import add_decision_options, decide_all
from crawler.session import archive_path, existing_archive
from portal_archive.archive.archive import Archive
from portal_archive.archive.export.export import export
from portal_archive.archive.known_portals import check_portal
from portal_archive.archive.review import Subject
from portal_archive.archive.sql import rows
from portal_archive.model.errors import ArchiveError

_DECISIONS = ("dismiss", "confirm")
_LONGEST_SPAN = 80
# Equal spans of a field are one line: a verdict holds for all of them.
_LIST = """
SELECT f.id, f.portal, f.kind, f.score, f.span, count(*) AS places, min(f.first_seen) AS first_seen,
       max(f.last_seen) AS last_seen, f.verdict, coalesce(a.title, f.url) AS what, f.original
FROM findings f LEFT JOIN articles a ON a.id = f.article_id WHERE ? IS NULL OR f.portal = ?
GROUP BY f.portal, f.article_id, iif(f.article_id IS NULL, f.url, ''), f.kind, f.span ORDER BY first_seen, f.id
"""


class Command(ArchiveCommand):
    """Lists the findings; keeps that one is confirmed or dismissed, and why."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "list [--portal NAME] [--json] | dismiss ID... --why TEXT | confirm ID... --why TEXT"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "List what seems tampered with; confirm or dismiss it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="list: only those of this portal")
        parser.add_argument(
            "--json", action="store_true", help="list: an array of objects, one for each place"
        )
        add_decision_options(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List or decide; exits with 1 when the archive, or one of the findings, cannot be used."""
        assert self.settings is not None
        action, numbers = (args[0], args[1:]) if args else ("", [])
        try:
            if action == "list" and not numbers:
                with Archive(archive_path(self.settings), read_only=True) as archive:
                    self._list(archive, opts)
            elif action in _DECISIONS:
                things = [(Subject.FINDING, number) for number in _ids(numbers)]
                for _, number, said in decide_all(existing_archive(self.settings), things, action, opts):
                    print(f"{number}: {said}")  # noqa: T201
            else:
                raise UsageError
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1

    def _list(self, archive: Archive, opts: argparse.Namespace) -> None:
        if opts.json:
            export(archive.db.conn, "findings", "json", sys.stdout.buffer, portal=opts.portal)
            sys.stdout.buffer.flush()
            return
        check_portal(archive.db.conn, opts.portal)
        table = Table(
            "id", "portal", "kind", "score", "span", Column("since", no_wrap=True), "verdict", "article"
        )
        for one in rows(archive.db.conn, _LIST, opts.portal, opts.portal):
            table.add_row(
                str(one["id"]),
                one["portal"],
                one["kind"],
                f"{one['score']:.2f}",
                _span(one),
                one["first_seen"][:10],
                one["verdict"] or "-",
                one["what"],
            )
        if table.row_count:
            Console().print(table)
        else:
            print("no findings")  # noqa: T201


def _ids(numbers: list[str]) -> list[int]:
    wrong = next((number for number in numbers if not number.isdecimal() or len(number) > 18), None)
    if wrong is not None:
        raise UsageError(f"{wrong!r} is no number of a finding", print_help=False)
    if not numbers:
        raise UsageError("name a finding by its number: 'scrapy findings list' shows them", print_help=False)
    return [int(number) for number in numbers]


def _span(one: sqlite3.Row) -> str:
    span = " ".join(one["span"].split())
    shown = span if len(span) <= _LONGEST_SPAN else span[: _LONGEST_SPAN - 1] + "…"
    times = f" ×{one['places']}" if one["places"] > 1 else ""
    return f"{shown}{times}" + (f" <- {one['original']}" if one["original"] else "")
