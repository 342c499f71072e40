"""A table at the end of a crawl: what it found and what it changed."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.table import Table
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.session import archive_path, session_of

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
        if crawl is None:
            return
        table = Table(title=f"{crawl.portal}: {stats.get_value('finish_reason')}", title_justify="left")
        table.add_column("")
        table.add_column(f"in {archive_path(self._crawler.settings)}", justify="right")
        for label, name in _ROWS:
            value = stats.get_value(f"archive/{name}")
            table.add_row(
                label, "-" if value is None and name == "counter" else f"{value or 0:,}".replace(",", ".")
            )
        Console().print(table)
