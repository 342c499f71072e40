"""`scrapy check NAME`: a few pages of a portal now, and by which method each field of them was read."""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.conf import arglist_to_dict, closest_scrapy_cfg

from crawler.commands.base import ArchiveCommand
from crawler.commands.crawl import quiet
from crawler.probe import Probe, ProbedPage, ProbeWatcher, save
from crawler.spider import PortalSpider
from portal_archive.archive.findings.reasons import reason
from portal_archive.archive.storing.fill_rates import FIELDS
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Attachment, Image
from portal_archive.reading.portal_rules import PortalRules

_SHOWN = 60


class Command(ArchiveCommand):
    """Visits a portal as a crawl would, at the same pace, and keeps nothing of it but what is asked for."""

    requires_project = True

    def syntax(self) -> str:
        """Return the arguments."""
        return "NAME [--save [FOLDER]] [--articles N] [--pages N]"

    def short_desc(self) -> str:
        """Return what the command does."""
        return "Fetch a few pages of a portal now, and say how each field was read"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options."""
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="arguments",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="as for crawl: home=URL looks at a copy of the portal",
        )
        parser.add_argument("--articles", type=int, default=5, metavar="N", help="(default: 5)")
        parser.add_argument(
            "--pages", type=int, default=15, metavar="N", help="of any kind at most (default: 15)"
        )
        parser.add_argument(
            "--save",
            nargs="?",
            const="",
            metavar="FOLDER",
            help="save the articles and lists, and what is read of each, as fixtures (default: tests/spiders/NAME)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Probe and print.

        Exits with 1 when nothing answered, 2 when something is missing that the portal is expected to have.
        """
        if len(args) != 1:
            raise UsageError
        assert self.crawler_process is not None
        assert self.settings is not None
        names = self.crawler_process.spider_loader.list()
        if args[0] not in names:
            raise UsageError(f"no portal {args[0]}; there are: {', '.join(names)}", print_help=False)
        try:
            given: dict[str, Any] = arglist_to_dict(opts.arguments)
        except ValueError:
            raise UsageError("-a takes NAME=VALUE", print_help=False) from None
        spidercls = self.crawler_process.spider_loader.load(args[0])
        if not issubclass(spidercls, PortalSpider):
            raise UsageError(f"{args[0]} is no portal", print_help=False)
        quiet()
        if (self.settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
            # What a crawl says of each page is said here in full.
            logging.disable(logging.INFO)
        with TemporaryDirectory() as folder:
            look = self._look(spidercls, given, Path(folder) / "look.db", opts)
        if look is None:
            self.exitcode = 1
            return
        console = Console()
        for seen in look.seen:
            _print_page(console, seen)
        _print_fields(console, look)
        missing = look.missing(spidercls.expect)
        if look.state:
            console.print(
                f"[bold red]{look.state[0]}[/]: {escape(look.state[1])}. {escape(look.state[2])}",
                soft_wrap=True,
            )
        for line in missing:
            console.print(f"[red]missing[/] {escape(line)}")
        self.exitcode = 1 if not look.answered else 2 if missing or look.state else 0
        if opts.save is not None and look.answered:
            self._save(look, Path(opts.save or _fixtures(args[0])), spidercls.rules())

    def _look(
        self, spidercls: type[PortalSpider], given: dict[str, Any], archive: Path, opts: argparse.Namespace
    ) -> Probe | None:
        assert self.crawler_process is not None
        assert self.settings is not None
        for name, value in {
            "ARCHIVE_DB": str(archive),
            "CAPTURES_DIR": str(archive.parent / "captures"),
            "FETCH_FILES": False,
            # A portal that asks to wait has answered what there was to ask.
            "PAUSE_TIMES": 0,
        }.items():
            self.settings.set(name, value, priority="cmdline")
        self.settings["EXTENSIONS"]["crawler.summary.Summary"] = None
        crawler = self.crawler_process.create_crawler(spidercls)
        watch = ProbeWatcher(crawler, articles=opts.articles, pages=opts.pages)
        # One declared list and feed are enough to see how they are read.
        few = {"lists": spidercls.lists[:1], "feeds": spidercls.feeds[:1]}
        self.crawler_process.crawl(crawler, **few | given)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed or not archive.exists():
            return None
        return watch.judged(archive)

    def _save(self, look: Probe, folder: Path, rules: PortalRules) -> None:
        pages = [seen for seen in look.seen if seen.visit.kind in (Outcome.LIST, Outcome.ARTICLE)]
        try:
            written = save(pages, folder, rules)
        except OSError as error:
            print(f"{folder}: {error.strerror or error}", file=sys.stderr)  # noqa: T201
            self.exitcode = 1
            return
        for path in written:
            print(path)  # noqa: T201


def _fixtures(name: str) -> Path:
    return Path(closest_scrapy_cfg()).parent / "tests" / "spiders" / name


def _print_page(console: Console, seen: ProbedPage) -> None:
    visit, page = seen.visit, seen.page
    about = " ".join(str(part) for part in (visit.status, visit.kind, page.cms) if part)
    console.print(f"\n[bold]{escape(visit.final_url)}[/]  {about}", soft_wrap=True)
    if page.article:
        table = Table("field", "method", "value", box=None, pad_edge=True)
        for name in FIELDS:
            value = getattr(page.article, name)
            if value in (None, [], "", {}):
                table.add_row(name, "[red]missing[/]", "")
            else:
                table.add_row(name, page.methods.get(name, ""), escape(_short(value)))
        console.print(table)
    if visit.kind == Outcome.LIST:
        console.print(f"  {len(page.items)} items, {len(visit.links)} links to follow")
        for item in page.items[:3]:
            console.print(f"  · {escape(_short(item.title))}  {item.published_at or ''}", soft_wrap=True)
    if page.counter:
        counter = page.counter
        console.print(
            f"  counter: today {counter.today}, total {counter.total} {escape(str(counter.reasons or ''))}"
        )
    for problem in (*visit.problems, *page.problems):
        console.print(f"  [yellow]{escape(problem.kind)}[/] {escape(problem.detail)}", soft_wrap=True)
    found = Counter((one.kind, reason(one.signs, one.details, "en")) for one in page.findings)
    for (kind, why), times in found.items():
        console.print(f"  [yellow]{escape(kind)}[/] {times}x: {escape(why)}", soft_wrap=True)
    if page.flagged:
        console.print("  [bold red]flagged[/]: the article was probably tampered with")


def _short(value: Any) -> str:
    if isinstance(value, list):
        first = value[0]
        value = f"{len(value)}: {first.url if isinstance(first, Image | Attachment) else first}"
    text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _print_fields(console: Console, look: Probe) -> None:
    articles = [seen.page for seen in look.of_kind(Outcome.ARTICLE)]
    if not articles:
        return
    table = Table("field", "articles", "methods", title=f"\n{len(articles)} articles", title_justify="left")
    for name in FIELDS:
        rate = look.rates.get(name)
        methods = sorted({page.methods[name] for page in articles if name in page.methods})
        filled = rate.filled if rate else 0
        style = "red" if not filled else "yellow" if filled < len(articles) else "green"
        table.add_row(name, f"[{style}]{filled}/{len(articles)}[/]", ", ".join(methods))
    counters = sum(seen.page.counter is not None for seen in look.seen)
    table.add_row("counter", f"on {counters} of {len(look.seen)} pages", "")
    console.print(table)
