"""`portal-archive init`: a commented file of settings and an empty archive, where there are none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from crawler import config
from crawler.commands.base import ArchiveCommand
from crawler.registry import declared_portals, table_portals
from crawler.session import archive_path
from portal_archive.archive.archive import Archive


class Command(ArchiveCommand):
    """Overwrites nothing that is there."""

    requires_project = False
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return the line of `portal-archive --help`."""
        return "Write a file of settings and make the archive"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write what is missing in this folder; exit 2 where arguments are given."""
        assert self.settings is not None
        if args:
            print(f"init: {args[0]!r} is not understood", file=sys.stderr)  # noqa: T201
            self.exitcode = 2
            return
        file = config.path() or Path(config.NAME)
        if file.exists():
            print(f"{file}: it is there, and stays as it is")  # noqa: T201
        else:
            file.write_text(config.new_file(), encoding="utf-8")
            print(f"{file}: written; every setting stands in it with its usual value")  # noqa: T201
        archive = archive_path(self.settings)
        archive.parent.mkdir(parents=True, exist_ok=True)
        is_new = not archive.exists()
        with Archive(archive) as opened:
            declared = declared_portals(self.settings)
            opened.register(declared)
            opened.declare([*declared, *table_portals()])
        print(f"{archive}: {'made' if is_new else 'it is there, and stays as it is'}")  # noqa: T201
