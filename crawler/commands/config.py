"""`portal-archive config`: what is in force, and from where."""

from __future__ import annotations

import argparse

from scrapy.settings import SETTINGS_PRIORITIES

from crawler import config
from crawler.commands.base import ArchiveCommand


class Command(ArchiveCommand):
    """Prints every setting an operator may give."""

    requires_project = False
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return the line of `portal-archive --help`."""
        return "Show which settings are in force, and from where"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print a line for each setting."""
        assert self.settings is not None
        file = config.path()
        given = config.read(file) if file else {}
        for option in config.OPTIONS:
            if self.settings.getpriority(option.setting) == SETTINGS_PRIORITIES["cmdline"]:
                origin = "command line"
            else:
                origin = str(file) if option.setting in given else "the program"
            print(f"{option.table}.{option.key} = {self.settings.get(option.setting)!r} ({origin})")  # noqa: T201
        print(f"file of settings: {file or 'none; `portal-archive init` writes one'}")  # noqa: T201
