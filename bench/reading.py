"""Pages read per second: this project, its peers, and parsing alone as the limit.

On the pages of one CMS whose layouts are known, and on saved pages of many sites. Below each table stands the page
that takes longest beside its parsing.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable
from contextlib import suppress

import readability
import trafilatura
from lxml import etree
from rich.console import Console
from rich.table import Table

from bench.pages import html_pages, saved_pages
from portal_archive.integrity.check import read_and_check as read_page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # newspaper tells what else could be installed
    import newspaper

Reader = Callable[[str, bytes], object]
ROUNDS = 10
PEER_ROUNDS = 2  # the peers are slow, and their times the steadier for it


def _text(body: bytes) -> str:
    return body.decode(errors="replace")


def parse_only(url: str, body: bytes) -> object:
    """Parse one page and do nothing with it."""
    return etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))


def read_page_of(url: str, body: bytes) -> object:
    """Read one page as an import does."""
    return read_page(body, url, {"Content-Type": "text/html"})


def by_trafilatura(url: str, body: bytes) -> object:
    """Read text and meta data of one page."""
    return trafilatura.bare_extraction(_text(body), url=url or None, with_metadata=True)


def by_newspaper(url: str, body: bytes) -> object:
    """Read one page as an article in Vietnamese."""
    return newspaper.Article(url, language="vi", fetch_images=False).download(input_html=_text(body)).parse()


def by_readability(url: str, body: bytes) -> object:
    """Read the text of one page."""
    return readability.Document(_text(body), url=url).summary()


LIMIT, OWN = "lxml, parsing alone (limit)", "this project"
CONTESTANTS: dict[str, tuple[Reader, int]] = {
    LIMIT: (parse_only, ROUNDS),
    OWN: (read_page_of, ROUNDS),
    "trafilatura": (by_trafilatura, PEER_ROUNDS),
    "newspaper4k": (by_newspaper, PEER_ROUNDS),
    "readability-lxml": (by_readability, PEER_ROUNDS),
}


def measure(pages: list[tuple[str, bytes]]) -> dict[str, list[float]]:
    """Return seconds of processor time for each page by contestant.

    All read the same pages and take turns page by page, so that a machine that slows down slows all of them; the
    best time for each page counts. What a reader raises costs it nothing more.
    """
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for url, body in pages:
        best = dict.fromkeys(CONTESTANTS, float("inf"))
        for turn in range(ROUNDS):
            for name, (read, rounds) in CONTESTANTS.items():
                if turn < rounds:
                    start = time.process_time()
                    with suppress(Exception):
                        read(url, body)
                    best[name] = min(best[name], time.process_time() - start)
        for name, took in best.items():
            seconds[name].append(took)
    return seconds


def show(what: str, pages: list[tuple[str, bytes]]) -> None:
    """Print the table of some pages, and the page that takes longest beside its parsing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds = measure(pages)
    means = {name: sum(took) / len(pages) for name, took in seconds.items()}
    limit, own = means[LIMIT], means[OWN]
    size = sum(len(body) for _, body in pages) / len(pages) / 1024
    table = Table(title=f"{len(pages)} pages of {what}, {size:.0f} KB each; processor time")
    for heading in ("reader", "ms a page", "pages a second", "x parsing alone", "x this project"):
        table.add_column(heading, justify="left" if heading == "reader" else "right")
    for name, took in means.items():
        table.add_row(
            name, f"{took * 1000:.2f}", f"{1 / took:.0f}", f"{took / limit:.2f}", f"{took / own:.2f}"
        )
    console = Console(width=100)
    console.print(table)
    ratio, took, url = max(
        (took / parsing, took, url)
        for took, parsing, (url, _) in zip(seconds[OWN], seconds[LIMIT], pages, strict=True)
    )
    console.print(
        f"longest beside its parsing: {ratio:.1f} times, {took * 1000:.1f} ms, {url}", soft_wrap=True
    )


def main() -> None:
    """Print the tables."""
    for name in ("newspaper", "readability", "trafilatura"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    show(*html_pages())
    if pages := saved_pages():
        show("many sites", pages)
