"""What crawls found and changed, in tables: of one at its end, of several while they run and at their end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl_group import PortalCrawl
from crawler.session import archive_path, session_of
from crawler.shared import shared_by

_ROWS = (
    ("pages visited", "pages"),
    ("article pages read", "articles"),
    ("new articles", "new"),
    ("changed articles", "changed"),
    ("articles gone", "gone"),
    ("problems", "problems"),
    ("visitor counter", "counter"),
)


class Summary:
    """Prints the table on standard output."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl."""
        summary = cls(crawler)
        # Sent after the spider is closed, so that the session has ended and nothing is counted any more.
        crawler.signals.connect(summary.print, signals.engine_stopped)
        return summary

    def print(self) -> None:
        """Print what the crawl did; nothing when it never began."""
        stats = self._crawler.stats
        crawl = session_of(self._crawler).crawl
        if crawl is None or shared_by(self._crawler):
            return
        table = Table(title=f"{crawl.portal}: {stats.get_value('finish_reason')}", title_justify="left")
        table.add_column("")
        table.add_column(f"in {archive_path(self._crawler.settings)}", justify="right")
        for label, name in _ROWS:
            value = stats.get_value(f"archive/{name}")
            table.add_row(label, "-" if value is None and name == "counter" else _figure(value or 0))
        Console().print(table)


class Board:
    """A row for each of several crawls: live on a terminal, else printed once they have ended."""

    def __init__(self, crawls: Sequence[PortalCrawl], console: Console) -> None:
        self._crawls = crawls
        self._console = console
        self._live = Live(
            console=console, auto_refresh=False, redirect_stderr=console.is_terminal and sys.stderr.isatty()
        )

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self.show()
            self._live.stop()
        elif self._crawls:
            self._console.print(self._table(), soft_wrap=True)

    def show(self) -> None:
        """Bring the table up to date, where there is one."""
        if self._live.is_started:
            self._live.update(self._table(), refresh=True)

    def _table(self) -> Table:
        now = datetime.now(UTC)
        table = Table("portal", *_COUNTS, "rate", "state", box=SIMPLE_HEAD)
        for column in table.columns[1:-1]:
            column.justify = "right"
        for crawl in self._crawls:
            counts = (_figure(crawl.count(name)) for name in _COUNTS)
            table.add_row(crawl.portal, *counts, f"{crawl.rate(now):.2f}/s", crawl.state)
        return table


_COUNTS = ("pages", "new", "changed", "gone", "problems")


def _figure(value: int) -> str:
    return f"{value:,}".replace(",", ".")
