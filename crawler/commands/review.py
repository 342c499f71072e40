"""`portal-archive review`: findings and what is held, in one place, one by one or many at once."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.session import existing_archive
from portal_archive.archive import review
from portal_archive.archive.archive import Archive
from portal_archive.archive.findings.findings import Verdict
from portal_archive.archive.review import VERDICTS, Item, Subject
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import DoubtState

ACTIONS: dict[str, str] = {
    "dismiss": Verdict.DISMISSED,
    "confirm": Verdict.CONFIRMED,
    "accept": DoubtState.ACCEPTED,
    "reject": DoubtState.REJECTED,
}
_LONGEST = 80
# As wide as a table is where the output is no terminal: a row is one line.
_WIDE = 400


def add_decision_options(parser: argparse.ArgumentParser) -> None:
    """Add what every decision is made with."""
    parser.add_argument("--why", metavar="TEXT", help="the reason of a decision, which is kept and shown")
    parser.add_argument("--who", metavar="NAME", help="who decides (default: the user of this machine)")


def decide_all(
    path: Path, things: list[tuple[Subject, int]], action: str, opts: argparse.Namespace
) -> list[tuple[Subject, int, str]]:
    """Decide about all of `things`, or about none; return what it holds for. Raises ArchiveError, UsageError."""
    if not opts.why or not opts.why.strip():
        raise UsageError("say why, for those who come after: --why TEXT", print_help=False)
    why, who = opts.why.strip(), _who(opts)
    held: dict[tuple[Subject, int], str] = {}
    with Archive(path) as archive, archive.batch():
        for subject, number in things:
            now = datetime.now(UTC)
            done = review.decide(archive.db.conn, subject, number, ACTIONS[action], why=why, who=who, at=now)
            held |= {(subject, one): f"{ACTIONS[action]}: {what}" for one, what in done}
    return [(subject, number, said) for (subject, number), said in held.items()]


def _who(opts: argparse.Namespace) -> str:
    return (opts.who or "").strip() or getpass.getuser()


class Command(ArchiveCommand):
    """Lists what waits for a person; keeps what was decided, by whom and why, and takes it back."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return (
            "[list] [--portal NAME] [--kind KIND] [--decided] [--json] | dismiss|confirm|accept|reject NAME..."
            " --why TEXT [--who NAME] | dismiss|... --portal NAME and/or --kind KIND --why TEXT | undo NUMBER..."
        )

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Review findings and what is held, in one place; undo a decision"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="NAME", help="only those of this portal")
        parser.add_argument("--kind", metavar="KIND", help="only findings of this kind, or held by this rule")
        parser.add_argument(
            "--decided", action="store_true", help="list: what was decided, with the numbers for undo"
        )
        parser.add_argument("--json", action="store_true", help="list: an array of objects")
        add_decision_options(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List, decide or undo; raises ArchiveError where the archive or a name cannot be used."""
        assert self.settings is not None
        action, names = (args[0], args[1:]) if args else ("list", [])
        path = existing_archive(self.settings)
        if action == "list" and not names:
            with Archive(path, read_only=True) as archive:
                if opts.decided:
                    _show_decided(archive)
                else:
                    _show(review.waiting(archive.db.conn, opts.portal, opts.kind), as_json=opts.json)
        elif action == "undo" and names and all(name.isdecimal() for name in names):
            with Archive(path) as archive, archive.batch():
                for name in names:
                    what = review.undo(archive.db.conn, int(name), who=_who(opts), at=datetime.now(UTC))
                    print(f"{name}: undone: {what}")  # noqa: T201
        elif action in ACTIONS:
            chosen = [review.parse(name) for name in names] or _chosen(path, ACTIONS[action], opts)
            for subject, number, said in decide_all(path, chosen, action, opts):
                print(f"{subject}:{number}: {said}")  # noqa: T201
        else:
            raise UsageError


def _chosen(path: Path, verdict: str, opts: argparse.Namespace) -> list[tuple[Subject, int]]:
    """Return all that wait for such a verdict, of a portal or kind. Raises UsageError for all there is."""
    if not opts.portal and not opts.kind:
        raise UsageError("name what is decided about, or say --portal or --kind", print_help=False)
    with Archive(path, read_only=True) as archive:
        waiting = review.waiting(archive.db.conn, opts.portal, opts.kind)
    if chosen := [(item.subject, item.id) for item in waiting if verdict in VERDICTS[item.subject]]:
        return chosen
    raise ArchiveError(f"{path}: nothing of that waits to be {verdict}")


def _show(items: list[Item], *, as_json: bool) -> None:
    if as_json:
        print(review.as_json(items))  # noqa: T201
        return
    table = Table("name", "portal", "kind", "since", "places", "shows", "of")
    for item in items:
        table.add_row(
            item.name,
            item.portal,
            item.kind,
            item.since[:10],
            str(item.places),
            _short(item.shows),
            _short(item.what),
        )
    _print(table, "nothing waits")


def _show_decided(archive: Archive) -> None:
    table = Table("number", "when (UTC)", "who", "what", "verdict", "why", "undone")
    for one in review.decided(archive.db.conn):
        undone = f"{one['undone_at'][:16]} {one['undone_by']}" if one["undone_at"] else ""
        table.add_row(
            str(one["id"]),
            one["decided_at"][:16],
            one["who"],
            _short(one["what"]),
            one["verdict"],
            one["why"],
            undone,
        )
    _print(table, "nothing was decided")


def _print(table: Table, none: str) -> None:
    if not table.row_count:
        print(none)  # noqa: T201
        return
    console = Console()
    console.width = console.width if console.is_terminal else _WIDE
    console.print(table)


def _short(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= _LONGEST else joined[: _LONGEST - 1] + "…"
