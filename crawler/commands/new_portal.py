"""`scrapy new-portal NAME URL`: a spider file, a folder for saved pages, and a test that waits for them."""

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
    """Writes the three files that a new portal needs; see docs/adding-a-portal.md."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the arguments."""
        return "NAME URL"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Write spider, fixture folder and test of a new portal"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files; exit with 2, and write nothing, where one is there already."""
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
                raise UsageError(f"{home} is the home of {spider.name} already", print_help=False)
        root = Path(closest_scrapy_cfg()).parent
        class_name = "".join(part.capitalize() for part in name.split("_"))
        written = {
            root / "spiders" / f"{name}.py": "spider.txt",
            root / "tests" / "spiders" / f"test_{name}.py": "test.txt",
            root / "tests" / "spiders" / name / "README.txt": "fixtures.txt",
        }
        for path in written:
            if path.exists():
                raise UsageError(f"{path.relative_to(root)} is there already", print_help=False)
        for path, template in written.items():
            text = Template((files("crawler") / "templates" / template).read_text())
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.substitute(name=name, home=home, class_name=class_name))
            print(path.relative_to(root))  # noqa: T201
