"""How fast archives are merged, and how reading grows with the workers of a cluster.

`python -m bench.scale [--sizes 1000,10000] [--workers 1,2] [--pages 1000]` makes an archive of invented articles of
each size, with their captures, and merges it into an empty archive, row for row, and into one that has visited the
portal, capture for capture. Then it reads pages with so many workers of a local cluster. Times are of the clock.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.search import Prose
from crawler.capture_reader import FetchJob, read_fetch
from crawler.importer import Importer
from crawler.registry import rules_of
from crawler.replay import Replay
from crawler.workers.cluster import ClusterReaders
from crawler.workers.limits import Limits
from crawler.workers.pool import ReaderPool
from portal_archive.archive.archive import Archive
from portal_archive.archive.gathering.gather import gather
from portal_archive.model.records import Fetch, Portal

PORTAL = Portal("banmay", "Cổng Bản Mây", "https://banmay.example/", "generic", "described")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def fetches(number: int) -> Iterator[Fetch]:
    """Give so many invented article pages, a minute apart."""
    prose = Prose()
    for at in range(number):
        title = f"{prose.text(12).splitlines()[0][:140]} {at}"
        text = "".join(f"<p>{paragraph}</p>" for paragraph in prose.text(400).split("\n\n"))
        page = (
            f"<!DOCTYPE html><html lang='vi'><head><title>{title}</title></head><body><h1>{title}</h1>"
            f"<p>Ngày đăng: 18/01/2024 07:34</p><div class='content'>{text}</div></body></html>"
        )
        url = f"{PORTAL.home_url}tin-{at}.html"
        yield Fetch(url, 200, HTML, page.encode(), START + timedelta(minutes=at))


def fill(folder: Path, pages: Iterator[Fetch], readers: ReaderPool) -> Path:
    """Make an archive of captures in a folder."""
    folder.mkdir()
    path = folder / "archive.db"
    with Archive(path) as archive:
        archive.claim("bench")
        archive.register([PORTAL])
        for _ in Importer(archive, folder / "captures", START, readers, PORTAL).store(pages):
            pass
    return path


def merge(target: Path, other: Path, readers: ReaderPool) -> float:
    """Merge an archive into another one; return the seconds that it took."""
    captures, theirs = target.parent / "captures", other.parent / "captures"
    began = time.monotonic()
    with Archive(target) as archive:
        archive.claim("bench")
        gather(archive, captures, other, theirs, Replay(archive, captures, theirs, readers, START))
    return time.monotonic() - began


def merging(sizes: list[int], folder: Path) -> Table:
    """Measure both ways of merging at each size."""
    table = Table(
        "articles", "row for row, s", "a second", "captures, s", "a second", "again, s", "memory, MB"
    )
    with ReaderPool() as readers:
        for size in sizes:
            place = folder / str(size)
            place.mkdir()
            other = fill(place / "other", fetches(size), readers)
            visited = fill(place / "visited", fetches(1), readers)
            (place / "empty").mkdir()
            rows = merge(place / "empty" / "archive.db", other, readers)
            replayed = merge(visited, other, readers)
            again = merge(visited, other, readers)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            figures = (rows, size / rows, replayed, size / replayed, again, memory)
            table.add_row(str(size), *(f"{figure:.1f}" for figure in figures))
    return table


def reading(workers: list[int], pages: int) -> Table:
    """Measure how many pages a second are read by so many workers."""
    table = Table("workers", "pages a second", "ms a page of the sender")
    for number in workers:
        with ClusterReaders(f"local:{number}", Limits()) as readers:
            rules = rules_of(PORTAL.name, PORTAL.family)
            for _ in readers.in_order(read_fetch, (FetchJob(one, PORTAL, rules) for one in fetches(100))):
                pass  # workers start with their first page
            began, used = time.monotonic(), time.process_time()
            for _ in readers.in_order(read_fetch, (FetchJob(one, PORTAL, rules) for one in fetches(pages))):
                pass
            seconds, own = time.monotonic() - began, time.process_time() - used
        table.add_row(str(number), f"{pages / seconds:.1f}", f"{own / pages * 1000:.2f}")
    return table


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--pages", type=int, default=1000)
    options = parser.parse_args()
    console = Console(file=sys.stdout, width=100)
    with tempfile.TemporaryDirectory() as name:
        console.print(merging([int(size) for size in options.sizes.split(",")], Path(name)))
    console.print(reading([int(number) for number in options.workers.split(",")], options.pages))


if __name__ == "__main__":
    main()
