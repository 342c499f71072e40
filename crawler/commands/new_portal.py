"""`scrapy new-portal NAME URL`: the file of a portal, to be filled in."""

from __future__ import annotations

import argparse
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from scrapy.exceptions import UsageError
from scrapy.utils.conf import closest_scrapy_cfg

from crawler.commands.base import ArchiveCommand
from crawler.registry import portal_spiders
from portal_archive.model.site import site_of

_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")


class Command(ArchiveCommand):
    """Writes the one file that a new portal needs; see docs/adding-a-portal.md."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "NAME URL"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Write the file of a new portal"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the file; exit with 2, and write nothing, where it is there already."""
        if len(args) != 2:
            raise UsageError
        name, home = args
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name!r}: a name is lower-case letters, digits and underscores", print_help=False
            )
        if not site_of(home):
            raise UsageError(f"{home!r}: the home page begins with http:// or https://", print_help=False)
        for spider in portal_spiders():
            if site_of(spider.home) == site_of(home):
                where = " (spiders/portals.csv: take its row out first)" if spider.of_table else ""
                raise UsageError(f"{home} is the home of {spider.name} already{where}", print_help=False)
        root = Path(closest_scrapy_cfg()).parent
        path = root / "spiders" / f"{name}.py"
        if path.exists():
            raise UsageError(f"{path.relative_to(root)} is there already", print_help=False)
        text = Template((files("crawler") / "templates" / "spider.txt").read_text(encoding="utf-8"))
        class_name = "".join(part.capitalize() for part in name.split("_"))
        path.write_text(text.substitute(name=name, home=home, class_name=class_name), encoding="utf-8")
        print(path.relative_to(root))  # noqa: T201
        print(f"Fill it in, then: scrapy check {name} --save")  # noqa: T201
