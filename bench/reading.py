"""Pages read per second: this project, its peers, and parsing alone as the limit."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable

import readability
import trafilatura
from lxml import etree
from rich.console import Console
from rich.table import Table

from bench.pages import html_pages
from portal_archive.integrity.check import read_and_check as read_page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # newspaper tells what else could be installed
    import newspaper

Reader = Callable[[str, bytes], object]
ROUNDS = 10
PEER_ROUNDS = 2  # the peers are slow, and their times the steadier for it


def parse_only(url: str, body: bytes) -> object:
    """Parse one page and do nothing with it."""
    return etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))


def read_page_of(url: str, body: bytes) -> object:
    """Read one page as an import does."""
    return read_page(body, url, {"Content-Type": "text/html; charset=utf-8"})


def by_trafilatura(url: str, body: bytes) -> object:
    """Read text and meta data of one page."""
    return trafilatura.bare_extraction(body.decode(), url=url, with_metadata=True)


def by_newspaper(url: str, body: bytes) -> object:
    """Read one page as an article in Vietnamese."""
    return (
        newspaper.Article(url, language="vi", fetch_images=False).download(input_html=body.decode()).parse()
    )


def by_readability(url: str, body: bytes) -> object:
    """Read the text of one page."""
    return readability.Document(body.decode(), url=url).summary()


CONTESTANTS: dict[str, tuple[Reader, int]] = {
    "lxml, parsing alone (limit)": (parse_only, ROUNDS),
    "this project": (read_page_of, ROUNDS),
    "trafilatura": (by_trafilatura, PEER_ROUNDS),
    "newspaper4k": (by_newspaper, PEER_ROUNDS),
    "readability-lxml": (by_readability, PEER_ROUNDS),
}


def measure(pages: list[tuple[str, bytes]]) -> dict[str, float]:
    """Return seconds of processor time a page by contestant.

    All read the same pages and take turns page by page, so that a machine that slows down slows all of them; the
    best time for each page counts.
    """
    seconds = dict.fromkeys(CONTESTANTS, 0.0)
    for url, body in pages:
        best = dict.fromkeys(CONTESTANTS, float("inf"))
        for turn in range(ROUNDS):
            for name, (read, rounds) in CONTESTANTS.items():
                if turn < rounds:
                    start = time.process_time()
                    read(url, body)
                    best[name] = min(best[name], time.process_time() - start)
        for name in seconds:
            seconds[name] += best[name] / len(pages)
    return seconds


def main() -> None:
    """Print the table."""
    what, pages = html_pages()
    for name in ("newspaper", "readability", "trafilatura"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds = measure(pages)
    limit, own = seconds["lxml, parsing alone (limit)"], seconds["this project"]
    mean = sum(len(body) for _, body in pages) / len(pages) / 1024
    table = Table(title=f"{len(pages)} pages of {what}, {mean:.0f} KB each; processor time")
    for heading in ("reader", "ms a page", "pages a second", "x parsing alone", "x this project"):
        table.add_column(heading, justify="left" if heading == "reader" else "right")
    for name, took in seconds.items():
        table.add_row(
            name, f"{took * 1000:.2f}", f"{1 / took:.0f}", f"{took / limit:.2f}", f"{took / own:.2f}"
        )
    Console(width=100).print(table)
