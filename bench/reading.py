"""Pages read per second: this project, its peers, and parsing alone as the limit."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable

import newspaper
import readability
import trafilatura
from lxml import etree
from rich.console import Console
from rich.table import Table

from bench.pages import html_pages
from crawler.reading.read import read_page

ROUNDS = 5
PEER_PAGES = 40  # the peers are slow: they read the first so many pages, everything else reads all


def main() -> None:
    """Print the table."""
    what, pages = html_pages()
    for name in ("newspaper", "readability", "trafilatura"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")

    def parse_only(url: str, body: bytes) -> None:
        etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))

    def by_trafilatura(url: str, body: bytes) -> None:
        trafilatura.bare_extraction(body.decode(), url=url, with_metadata=True)

    def by_newspaper(url: str, body: bytes) -> None:
        newspaper.Article(url, language="vi").download(input_html=body.decode()).parse()

    def by_readability(url: str, body: bytes) -> None:
        readability.Document(body.decode(), url=url).summary()

    contestants: list[tuple[str, Callable[[str, bytes], object], int]] = [
        ("lxml, parsing alone (limit)", parse_only, len(pages)),
        ("this project", read_page_of, len(pages)),
        ("trafilatura", by_trafilatura, PEER_PAGES),
        ("newspaper4k", by_newspaper, PEER_PAGES),
        ("readability-lxml", by_readability, PEER_PAGES),
    ]
    # Rounds alternate between contestants, so that a machine that slows down slows all of them.
    seconds = {name: float("inf") for name, _, _ in contestants}
    for _ in range(ROUNDS):
        for name, read, count in contestants:
            start = time.perf_counter()
            for url, body in pages[:count]:
                read(url, body)
            seconds[name] = min(seconds[name], (time.perf_counter() - start) / min(count, len(pages)))

    mean = sum(len(body) for _, body in pages) / len(pages) / 1024
    table = Table(title=f"{len(pages)} pages of {what}, {mean:.0f} KB each, best of {ROUNDS}")
    for heading in ("reader", "ms a page", "pages a second", "this project is"):
        table.add_column(heading, justify="left" if heading == "reader" else "right")
    own = seconds["this project"]
    for name, _, _ in contestants:
        ratio = seconds[name] / own
        versus = (
            ""
            if name == "this project"
            else f"{ratio:.1f} x as fast"
            if ratio > 1
            else f"{1 / ratio:.2f} x its time"
        )
        table.add_row(name, f"{seconds[name] * 1000:.2f}", f"{1 / seconds[name]:.0f}", versus)
    Console(width=100).print(table)


def read_page_of(url: str, body: bytes) -> object:
    """Read one page as an import does."""
    return read_page(body, url, {"Content-Type": "text/html; charset=utf-8"})
