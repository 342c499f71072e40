"""`scrapy status`: how every portal is, and what to do about it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.commands.base import ArchiveCommand
from crawler.disk import forecast
from crawler.jobs import DISK, JobState, folder, records
from crawler.registry import declared_portals
from crawler.session import archive_path, captures_folder
from portal_archive.archive.archive import Archive
from portal_archive.archive.health.states import NEWS_DAYS, PortalHealth, as_json, current, new_portal
from portal_archive.archive.lock import WriterLock
from portal_archive.model import messages
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import PortalState

NEEDS_PERSON = 2
# As wide as a table is where the output is no terminal.
_WIDE = 160
_COLOURS: dict[str, str] = {
    PortalState.OK: "green",
    PortalState.NEW: "cyan",
    PortalState.SILENT: "yellow",
    PortalState.OVERDUE: "yellow",
}


def portal_states(settings: BaseSettings, now: datetime) -> list[PortalHealth]:
    """Return the state of every portal declared or in the archive, by name; works while a crawl runs.

    Raises ArchiveError when there is an archive and it cannot be read.
    """
    path = archive_path(settings)
    declared = {portal.name: portal for portal in declared_portals(settings)}
    known: list[PortalHealth] = []
    if path.is_file():
        with Archive(path, read_only=True) as archive:
            known = current(archive.db.conn, now, declared)
    for state in known:
        declared.pop(state.portal, None)
    never = (new_portal(portal.name, portal.title, portal.exceptions) for portal in declared.values())
    return sorted([*known, *never], key=lambda state: state.portal)


class Command(ArchiveCommand):
    """Prints a table, or JSON; exits with 2 when a portal needs a person."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "How every portal is, and what to do about it"

    def long_desc(self) -> str:
        """Return the text of `scrapy status --help`."""
        return f"{self.short_desc()}. Exit codes: 0 nobody is needed, 1 the archive cannot be read, 2 look."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print a JSON array of objects")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the states and set the exit code."""
        if args:
            raise UsageError
        assert self.settings is not None
        path = archive_path(self.settings)
        try:
            states = portal_states(self.settings, datetime.now(UTC))
        except ArchiveError as error:
            print(error, file=sys.stderr)  # noqa: T201
            self.exitcode = 1
            return
        disk = forecast(path, captures_folder(self.settings), datetime.now(UTC))
        troubles = [*_broken_off(path), *_troubled_jobs(path)]
        if disk is not None and disk.is_short:
            troubles.append(messages.text("disk.failed", "en", **disk.values))
        if opts.json:
            print(json.dumps([as_json(state) for state in states], ensure_ascii=False, indent=2))  # noqa: T201
        else:
            console = Console()
            if not console.is_terminal:
                console = Console(width=max(console.width, _WIDE))
            console.print(_table(states))
            if disk is not None and not disk.is_short:
                said = "disk.unknown" if disk.days is None else "disk.ok"
                console.print(messages.text(said, "en", **disk.values))
        for line in troubles:
            print(line, file=sys.stderr)  # noqa: T201
        if troubles or any(state.needs_person for state in states):
            self.exitcode = NEEDS_PERSON


def _broken_off(path: Path) -> list[str]:
    """Return a line for each crawl that nobody ended, as one whose disk was full, while nothing goes on with it."""
    if not path.is_file() or WriterLock(path).is_held():
        return []
    with Archive(path, read_only=True) as archive:
        rows = archive.db.execute(
            "SELECT portal, started_at FROM crawls WHERE finished_at IS NULL ORDER BY 2"
        ).fetchall()
    return [
        f"{portal}: its crawl of {started_at} broke off; the next start goes on. See its log, and the room on the disk."
        for portal, started_at in rows
    ]


def _troubled_jobs(path: Path) -> list[str]:
    """Return a line for each job that failed, or has not ended for longer than usual."""
    now = datetime.now(UTC)
    known = [one for one in records(folder(path)) if one.name != DISK]
    stand = [one.as_state(JobState.OVERDUE) if one.is_overdue(now) else one for one in known]
    return [one.line("en") for one in stand if one.state != JobState.OK]


def _table(states: list[PortalHealth]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("portal", overflow="fold")
    table.add_column("state", no_wrap=True)
    table.add_column("last good crawl (UTC)")
    table.add_column(f"new in {NEWS_DAYS} days", justify="right")
    table.add_column("open problems", justify="right")
    table.add_column("next step", ratio=1, overflow="fold")
    for state in states:
        good = (state.last_good_crawl or "-").replace("T", " ").removesuffix("Z")[:16]
        table.add_row(
            Text(state.portal),
            Text(state.state, style=_COLOURS.get(state.state, "bold red")),
            good,
            str(state.new_articles),
            str(state.open_problems),
            Text("\n".join(_lines(state))),
        )
    return table


def _lines(state: PortalHealth) -> list[str]:
    since = f" (since {state.since[:10]})" if state.since and state.needs_person else ""
    lines = [f"{state.reason.en}{since}"] if state.reason.en else []
    lines += [f"warning: {said.en}" for said in state.warnings]
    if state.exceptions:
        lines.append(f"exception: {state.exceptions}")
    if state.needs_person or state.state == PortalState.NEW:
        lines.append(state.next_step.en)
        lines += state.examples
    return lines
