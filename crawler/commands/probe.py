"""`scrapy probe`: what a portal is, in at most fifteen requests, and what to declare for it."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.conf import arglist_to_dict, closest_scrapy_cfg

from crawler.commands.base import FAILED, ArchiveCommand
from crawler.commands.crawl import quiet, unknown_portal
from crawler.crawl_group import PortalCrawl
from crawler.probe.look import Look, look_of
from crawler.probe.network import Target, Undeclared, probe
from crawler.probe.plan import ARTICLES, REQUESTS, Plan
from crawler.probe.printing import print_report, table_of
from crawler.probe.proposal import proposal
from crawler.probe.saved import Saved, look_through
from crawler.probe.writing import as_text, save, save_pages
from crawler.registry import Selection, SpiderLoader, portal_for_host
from crawler.session import archive_path, reader_pool
from crawler.spider import PortalSpider
from portal_archive.archive.archive import Archive
from portal_archive.archive.probes import changes_since, last_reports, store_reports
from portal_archive.model.bodies import Body
from portal_archive.model.errors import ArchiveBusyError, BadInputError
from portal_archive.model.kinds import ProbeState
from portal_archive.model.probe import ProbeReport
from portal_archive.model.site import site_of

_NEEDS_A_PERSON = 2
# Seconds for which another program that writes is waited for: reading the counters takes a minute or two.
_PATIENCE = 180
_WIDE = 200
_ANY = ("portal", Undeclared.name)  # spiders of portals that are not declared
_GIVEN = ("name", "title", "province", "body")


class Command(ArchiveCommand):
    """Looks at portals as a crawl would, at the same pace, and keeps nothing of it but what is asked for."""

    requires_project = True

    def syntax(self) -> str:
        """Return the arguments."""
        return "URL|NAME|FILE|FOLDER... [--save [FOLDER]] | --all"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Look at portals in a few requests, and say what to declare for them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        add = parser.add_argument
        add("-a", dest="arguments", action="append", default=[], metavar="NAME=VALUE",
            help="as for crawl: home=URL looks at a copy of the portal")  # fmt: skip
        add("--all", action="store_true", help="every declared portal; print one table and store it")
        add("--articles", type=int, default=ARTICLES, metavar="N", help=f"(default: {ARTICLES})")
        add("--pages", type=int, default=REQUESTS, metavar="N",
            help=f"requests at most, robots.txt and redirects among them (default: {REQUESTS})")  # fmt: skip
        add("--json", action="store_true", help="print the reports as a JSON array")
        add("--name", metavar="NAME", help="what to call a portal that is not declared")
        add("--title", metavar="TITLE", help="its own name")
        add("--province", metavar="ID", help="where it is; with --all: portals of this province alone")
        add("--body", metavar="BODY", help=f"whose it is ({', '.join(Body)}); with --all: theirs alone")
        add("--known", metavar="HOW", help="with --all: portals known so well, described ...")
        add("--save", nargs="?", const="", metavar="FOLDER",
            help="write the portal's row or file, or what differs, and its test pages"
            " (with a folder: only the pages, there)")  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take the options; a probe of all portals is a job, a look at one of them is not."""
        super().process_options(args, opts)
        self.is_job = opts.all

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Probe and print.

        Exits with 1 when nothing answered, with 2 when something is missing or, with --all, is not as it was.
        """
        assert self.settings is not None
        self._codes: list[int] = []
        if opts.save and (site_of(opts.save) or opts.save in self._loader.list()):
            args, opts.save = [*args, opts.save], ""  # it was meant as an argument
        if bool(args) == opts.all:
            raise UsageError
        try:
            self._given: dict[str, Any] = arglist_to_dict(opts.arguments)
        except ValueError:
            raise UsageError("-a takes NAME=VALUE", print_help=False) from None
        try:
            targets = (
                self._all(opts) if opts.all else [self._target(name, opts) for name in self._asked(args)]
            )
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        quiet()
        if (self.settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
            # What a crawl says of each page, and of a host that is dead, is said here in full.
            logging.disable(logging.INFO)
            logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
        if opts.all:
            self._probe_all(targets, opts)
            return
        asked = self._asked(args)
        looks = [look for name in args if name not in asked and (look := self._saved(Path(name), opts))]
        if targets:
            looks += self._probe(targets)
        self._tell(looks, opts)

    # --- whom to ask -----------------------------------------------------------------------------------

    @property
    def _loader(self) -> SpiderLoader:
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SpiderLoader)
        return loader

    def _asked(self, args: list[str]) -> list[str]:
        """Return the arguments that name a portal, not a file or folder."""
        names = self._loader.list()
        return [name for name in args if name in names or site_of(name) or not Path(name).exists()]

    def _target(self, name: str, opts: argparse.Namespace) -> Target:
        """Return whom an argument means. Raises ValueError for a name that no portal has."""
        if name in self._loader.list():
            return self._of_spider(name, self._given, opts)
        if not site_of(name):
            raise ValueError(self._loader.broken.get(name) or unknown_portal(name, self._loader.list()))
        host = urlsplit(name).netloc.rpartition("@")[2].lower()
        declared = portal_for_host(host)
        if declared is not None:
            return self._of_spider(declared.name, {"home": _as_home(name), **self._given}, opts)
        arguments = {"name": host, "title": host, "home": _as_home(name), **self._given}
        return Target(Undeclared, arguments, opts.articles, opts.pages)

    def _of_spider(self, name: str, arguments: dict[str, Any], opts: argparse.Namespace) -> Target:
        assert self.settings is not None
        spidercls = self._loader.load(name)
        if not issubclass(spidercls, PortalSpider):
            raise ValueError(f"{name} is no portal")
        if home := self.settings.getdict("PORTAL_HOMES").get(name):
            arguments = {"home": home, **arguments}
        target = Target(spidercls, arguments, opts.articles, opts.pages)
        if not site_of(home := target.made().home):
            raise ValueError(f"{home!r} is no home page of a portal: it begins with http:// or https://")
        return target

    def _all(self, opts: argparse.Namespace) -> list[Target]:
        """Return every declared portal that the options choose. Raises ValueError where they choose what is not."""
        selection = Selection(opts.province, opts.body, opts.known)
        everything = selection == Selection()
        spiders = {name: self._loader.load(name) for name in self._loader.list()}
        for reason in self._loader.broken.values():
            print(reason, file=sys.stderr)  # noqa: T201
        targets = []
        for name, spider in spiders.items():
            if getattr(spider, "home", "") and (everything or selection.takes(spider)):
                try:
                    targets.append(self._of_spider(name, {}, opts))
                except Exception as error:  # one portal's file may do anything, and stops no other
                    print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        return targets

    # --- looking ---------------------------------------------------------------------------------------

    def _probe(self, targets: Sequence[Target]) -> list[Look]:
        assert self.crawler_process is not None
        assert self.settings is not None
        ended = 0

        def show(crawl: PortalCrawl) -> None:
            nonlocal ended
            ended += 1
            if len(targets) > 1:
                sys.stderr.write(f"[{ended}/{len(targets)}] {crawl.portal}: {crawl.count('pages')} pages\n")

        return probe(self.crawler_process, targets, archive_path(self.settings), show)

    def _saved(self, path: Path, opts: argparse.Namespace) -> Look | None:
        """Return what a file or folder shows; None, and says so, where it shows no page."""
        assert self.settings is not None
        try:
            with Saved(path) as saved, reader_pool(self.settings) as readers:
                for reason in saved.bad:
                    print(reason, file=sys.stderr)  # noqa: T201
                spider = self._target(self._given.get("home") or saved.home, opts).made()
                plan = Plan(spider.home, articles=opts.articles, pages=opts.pages)
                answers = look_through(saved, plan, spider.portal, spider.rules(), readers)
                return look_of(spider, answers, readers)
        except BadInputError as error:
            self._fail(error)
            return None

    def _fail(self, error: Exception) -> None:
        print(error, file=sys.stderr)  # noqa: T201
        self._codes.append(FAILED)

    # --- telling ---------------------------------------------------------------------------------------

    def _tell(self, looks: Sequence[Look], opts: argparse.Namespace) -> None:
        console = Console()
        if opts.json:
            print(json.dumps([look.report.as_dict() for look in looks], ensure_ascii=False, indent=2))  # noqa: T201
            console = Console(stderr=True)
        for look in looks:
            if not opts.json:
                print_report(console, look.report, look.answers.pages)
            self._codes.append(_code(look))
            self._propose(console, look, opts)
        # The worst of several is what somebody must know.
        self.exitcode = max(self._codes)

    def _propose(self, console: Console, look: Look, opts: argparse.Namespace) -> None:
        if not look.answers.answered:
            return
        name = type(look.spider).name
        declared = None if name in _ANY else type(look.spider)
        given = {key: value for key in _GIVEN if (value := getattr(opts, key))}
        proposed = proposal(look.report, declared, given)  # type: ignore[arg-type]  # the class declares them
        evidence = f"probed {look.report.probed_at[:10]}"
        if proposed:
            console.print(f"\n[bold]{'proposed' if proposed.is_new else 'differs from what is declared'}[/]")
            console.print(escape(as_text(proposed, evidence)), soft_wrap=True)
        for attribute in proposed.unknown:
            console.print(f"[yellow]{attribute}[/] is not told by its pages: give it with --{attribute}")
        if opts.save is None:
            return
        root = Path(closest_scrapy_cfg()).parent
        is_copy = declared is not None and site_of(look.spider.home) != site_of(declared.home)
        written = []
        try:
            if not opts.save and not is_copy:
                written += save(proposed, evidence, root / "spiders")
            folder = Path(opts.save) if opts.save else root / "tests" / "spiders" / proposed.name
            written += save_pages(look.answers.pages, folder, look.spider.rules())
        except (OSError, BadInputError) as error:
            self._fail(error)
        for path in written:
            print(path)  # noqa: T201

    def _probe_all(self, targets: Sequence[Target], opts: argparse.Namespace) -> None:
        """Probe every portal, print one table and store it; nobody is needed where all is as it was and works."""
        assert self.settings is not None
        with Archive(archive_path(self.settings)) as archive:
            _claim(archive)
            self.job.begins()
            before = last_reports(archive.db.conn)
            reports = [look.report for look in self._probe(targets)]
            changes = {
                one.portal: changes_since(before[one.portal], one) for one in reports if one.portal in before
            }
            store_reports(archive, reports, changes)
        if opts.json:
            print(json.dumps([report.as_dict() for report in reports], ensure_ascii=False, indent=2))  # noqa: T201
        else:
            console = Console()
            console = console if console.is_terminal else Console(width=_WIDE)
            said = {
                name: [f"{what}: {old} -> {new}" for what, old, new in one] for name, one in changes.items()
            }
            console.print(table_of(reports, said))
        self.exitcode = _code_of_all(reports, any(changes.values()), first=not before)


def _claim(archive: Archive) -> None:
    """Become the writer of an archive, after whoever is one for some minutes; raises ArchiveBusyError after those."""
    until = monotonic() + _PATIENCE
    while True:
        try:
            return archive.claim("probe --all")
        except ArchiveBusyError:
            if monotonic() > until:
                raise
            sleep(1)


def _as_home(url: str) -> str:
    parts = urlsplit(url)
    return (
        url
        if parts.path.endswith("/")
        else f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}/"
    )


def _code(look: Look) -> int:
    if not look.answers.answered:
        return FAILED
    return 0 if look.report.state is ProbeState.WORKS else _NEEDS_A_PERSON


def _code_of_all(reports: Sequence[ProbeReport], changed: bool, *, first: bool) -> int:
    if all(report.state is ProbeState.UNREACHABLE for report in reports):
        return FAILED
    troubled = first and any(report.state is not ProbeState.WORKS for report in reports)
    return _NEEDS_A_PERSON if changed or troubled else 0
