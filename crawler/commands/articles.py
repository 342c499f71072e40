"""`portal-archive articles`: what is one article and what is two, as a person decides it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from scrapy.exceptions import UsageError

from crawler.commands.base import ArchiveCommand
from crawler.session import existing_archive
from portal_archive.archive.archive import Archive
from portal_archive.archive.moments import to_text
from portal_archive.archive.storing.merge import merge, split
from portal_archive.model.errors import ArchiveError


class Command(ArchiveCommand):
    """Makes one article of two, or parts what was made one."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "merge ID ID | split ID"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Make one article of two, or part two that were made one"

    def long_desc(self) -> str:
        """Return what the command does, and what stays."""
        return (
            "merge: the older number stays, the other leads to it. split: the article that had this number gets it"
            " back, with all that is known of its addresses."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Merge or split; raises ArchiveError for a number that is no article."""
        assert self.settings is not None
        action, numbers = (args[0], args[1:]) if args else ("", [])
        if not all(number.isdecimal() and len(number) < 18 for number in numbers):
            raise UsageError("name articles by their numbers", print_help=False)
        ids = [int(number) for number in numbers]
        if (action, len(ids)) not in (("merge", 2), ("split", 1)):
            raise UsageError
        path = existing_archive(self.settings)
        with Archive(path) as archive:
            archive.claim("articles")
            with archive.batch():
                db = archive.db.conn
                if action == "split":
                    split(db, ids[0])
                    print(f"article {ids[0]} is one of its own again")  # noqa: T201
                    return
                portals = {
                    portal
                    for number in ids
                    for (portal,) in db.execute("SELECT portal FROM articles WHERE id = ?", (number,))
                }
                if len(set(ids)) < 2 or len(portals) != 1:
                    raise ArchiveError("two articles of one portal can become one")
                kept = merge(db, ids[0], ids[1], to_text(datetime.now(UTC)))
                print(f"both are article {kept} now")  # noqa: T201
