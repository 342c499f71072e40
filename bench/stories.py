"""How fast copies are found among portals, how that grows with the archive, and how many are found.

`python -m bench.stories [--sizes 10000,100000,1000000] [--keep FOLDER]` fills one archive with synthetic articles,
of which one in twenty is a copy (whole, cut, renamed, added to) of an earlier one on another portal, and stops at
each size. At a smaller size the same is asked of two peers: exact comparison of all pairs, and datasketch's
in-memory MinHashLSH, both at the containment or resemblance that suits them best.

Times are of the processor, so that what else a machine does changes them little.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import accumulate, combinations
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.search import Prose
from portal_archive.archive.archive import Archive
from portal_archive.archive.stories.resemblance import containment, read
from portal_archive.model.records import Portal

PORTALS = 60
COPIES = 0.05
SENTENCES = 3000  # that many articles share
SHARED = 0.4  # of the sentences of an article
PEERS_AT = 2000
SINGLES = 50
BATCH = 1000
# A shingle is eight words: two texts of which one is half of the other have a resemblance of one half.
RESEMBLANCE = 0.35
PERMUTATIONS = 128


@dataclass(frozen=True, slots=True)
class Invented:
    """An article, and the number of the one that it and all its copies come from."""

    number: int
    portal: str
    body: str
    origin: int


class Newsroom:
    """Invents articles, the same at every run; remembers few of them, so that its memory stays small."""

    def __init__(self) -> None:
        self._random = random.Random(20240118)
        self._prose = Prose()
        self._stock = [self._sentence(self._random.randint(14, 30)) for _ in range(SENTENCES)]
        self._weights = list(accumulate(1 / (rank + 30) for rank in range(SENTENCES)))
        self._recent: list[Invented] = []

    def articles(self, start: int, stop: int) -> Iterator[Invented]:
        for number in range(start, stop):
            if len(self._recent) > 100 and self._random.random() < COPIES:
                article = self._copy(number, self._random.choice(self._recent))
            else:
                article = Invented(number, self._portal(), self._fresh(), number)
                self._recent.append(article)
                if len(self._recent) > 2000:
                    self._recent[self._random.randrange(2000)] = self._recent.pop()
            yield article

    def _portal(self) -> str:
        return f"portal{self._random.randrange(PORTALS)}"

    def _sentence(self, length: int) -> str:
        words = self._random.choices(self._prose.words, cum_weights=self._prose.weights, k=length)
        return " ".join(words)

    def _fresh(self) -> str:
        draw = self._random
        sentences = []
        for _ in range(draw.randint(12, 26)):
            if draw.random() < SHARED:
                sentences += draw.choices(self._stock, cum_weights=self._weights)
            else:
                figure = f"{draw.randrange(2, 9000):,}".replace(",", ".")
                sentences.append(f"{self._sentence(9)} {figure} {self._sentence(draw.randint(4, 16))}")
        return "\n\n".join(". ".join(sentences[at : at + 3]) + "." for at in range(0, len(sentences), 3))

    def _copy(self, number: int, source: Invented) -> Invented:
        draw = self._random
        paragraphs = source.body.split("\n\n")
        kind = draw.randrange(4)
        if kind == 1:
            paragraphs = paragraphs[: max(2, len(paragraphs) // 2)]
        elif kind == 2:
            words = source.body.split(" ")
            for _ in range(8):
                at = draw.randrange(len(words) - 2)
                words[at : at + 2] = self._sentence(2).split(" ")
            paragraphs = [" ".join(words)]
        elif kind == 3:
            paragraphs.insert(draw.randrange(len(paragraphs)), self._fresh().split("\n\n")[0])
        portal = self._portal()
        while portal == source.portal:
            portal = self._portal()
        return Invented(number, portal, "\n\n".join(paragraphs), source.origin)


@dataclass(slots=True)
class Figures:
    """What was measured at one size."""

    size: int
    each: float
    single: float
    megabytes: float
    memory: float
    found: float
    false: int


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.stories", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the archive there")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    console = Console(width=110)
    console.print(peers())
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory() as folder:
        results = []
        for figures in grow(Path(folder) / "archive.db", sizes):
            results.append(figures)
            print(figures, file=sys.stderr)
    console.print(growth(results))


def grow(path: Path, sizes: list[int]) -> Iterator[Figures]:
    """Fill an archive, and measure at each size."""
    newsroom = Newsroom()
    origins: dict[int, int] = {}
    with Archive(path) as archive:
        prepare(archive)
        done = 0
        for size in sizes:
            start = done
            seconds = 0.0
            while done < size:
                stop = min(done + BATCH, size)
                store(archive, newsroom.articles(done, stop), origins)
                done = stop
                began = time.process_time()
                sum(archive.group_stories())
                seconds += time.process_time() - began
            singles = []
            for article in newsroom.articles(size, size + SINGLES):
                store(archive, iter([article]), origins)
                began = time.process_time()
                sum(archive.group_stories())
                singles.append(time.process_time() - began)
            done += SINGLES
            found, false = judge(
                dict(archive.db.execute("SELECT article_id, story_id FROM story_articles")), origins
            )
            pages = archive.db.execute(
                "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name GLOB '*stor[iy]*'"
            )
            yield Figures(
                size,
                seconds / (size - start),
                statistics.median(singles),
                pages.fetchone()[0] / 1e6,
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                found,
                false,
            )


def prepare(archive: Archive) -> None:
    """Enter the portals; leave out the search index, which is not measured here."""
    archive.claim("bench")
    archive.register(
        Portal(f"portal{number}", "", f"https://portal{number}.example/", "generic", "generic")
        for number in range(PORTALS)
    )
    triggers = archive.db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'articles_fts%'"
    )
    for (name,) in triggers.fetchall():
        archive.db.execute(f"DROP TRIGGER {name}")


def store(archive: Archive, articles: Iterator[Invented], origins: dict[int, int]) -> None:
    """Write articles straight into their table; note in `origins` which are copies."""
    with archive.batch():
        for article in articles:
            if article.origin != article.number:
                origins[article.number + 1] = article.origin + 1
            published = f"2026-01-01T00:00:{article.number % 60:02}+07:00"
            archive.db.execute(
                "INSERT INTO articles (id, portal, url, title, body, published_at, published_precision, version,"
                " content_hash, text_hash, fetched_at, first_seen, last_seen, reader_version, search_order)"
                " VALUES (?, ?, ?, 'Tin', ?, ?, 'second', 1, '', ?, '', '', '', 1, ?)",
                (
                    article.number + 1,
                    article.portal,
                    f"https://{article.portal}.example/{article.number}",
                    article.body,
                    published,
                    str(article.number),
                    article.number,
                ),
            )


def judge(groups: dict[int, int], origins: dict[int, int]) -> tuple[float, int]:
    """Return which share of the copies is with its original, and how many articles are with others than their own."""
    found = sum(
        number in groups and groups[number] == groups.get(origin) for number, origin in origins.items()
    )
    members: dict[int, set[int]] = {}
    for number, group in groups.items():
        members.setdefault(group, set()).add(origins.get(number, number))
    return found / len(origins), sum(len(roots) - 1 for roots in members.values())


def peers() -> Table:
    """Measure ours, all pairs and datasketch on the same articles."""
    articles = list(Newsroom().articles(0, PEERS_AT))
    origins = {one.number + 1: one.origin + 1 for one in articles if one.origin != one.number}
    table = Table(title=f"{PEERS_AT} articles, {len(origins)} copies; {machine()}", title_justify="left")
    for heading in ("", "ms each", "of ours", "copies found", "false merges"):
        table.add_column(heading, justify="right" if heading else "left")
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder) / "archive.db") as archive:
        prepare(archive)
        store(archive, iter(articles), {})
        began = time.process_time()
        sum(archive.group_stories())
        ours = time.process_time() - began
        groups = dict(archive.db.execute("SELECT article_id, story_id FROM story_articles"))
    for name, seconds, grouped in (("ours", ours, groups), all_pairs(articles), minhash(articles)):
        if grouped is None:
            table.add_row(name)
            continue
        found, false = judge(grouped, origins)
        row = (f"{1000 * seconds / PEERS_AT:.2f}", f"{seconds / ours:.1f}", f"{found:.1%}", str(false))
        table.add_row(name, *row)
    return table


def all_pairs(articles: list[Invented]) -> tuple[str, float, dict[int, int]]:
    """Compare every text with every other, exactly."""
    began = time.process_time()
    texts = [read(one.body) for one in articles]
    pairs = [
        (a, b)
        for a, b in combinations(range(len(texts)), 2)
        if containment(texts[a], texts[b]) >= 2 * RESEMBLANCE
    ]
    return f"all pairs, containment {2 * RESEMBLANCE}", time.process_time() - began, joined(pairs)


def minhash(articles: list[Invented]) -> tuple[str, float, dict[int, int] | None]:
    """Ask datasketch's index in memory for neighbours of each text."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return "datasketch: not installed", 0, None
    began = time.process_time()
    index = MinHashLSH(threshold=RESEMBLANCE, num_perm=PERMUTATIONS)
    pairs = []
    for number, article in enumerate(articles):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([str(shingle).encode() for shingle in read(article.body).shingles])
        pairs += [(other, number) for other in index.query(sketch)]
        index.insert(number, sketch)
    name = f"datasketch MinHashLSH, {PERMUTATIONS} permutations, resemblance {RESEMBLANCE}"
    return name, time.process_time() - began, joined(pairs)


def joined(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Return the group of each article (from 1) that is in a pair: all that are linked."""
    parents: dict[int, int] = {}

    def root(number: int) -> int:
        while parents.setdefault(number, number) != number:
            number = parents[number]
        return number

    for one, other in pairs:
        parents[max(root(one), root(other))] = min(root(one), root(other))
    return {number + 1: root(number) for number in list(parents)}


def growth(results: list[Figures]) -> Table:
    """Return the table of sizes."""
    table = Table(title=f"ours as the archive grows; {machine()}", title_justify="left")
    headings = (
        "articles",
        "ms each",
        "growth",
        "one more, ms",
        "MB of tables",
        "peak MB",
        "found",
        "false merges",
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    before: Figures | None = None
    for one in results:
        table.add_row(
            f"{one.size:,}",
            f"{1000 * one.each:.2f}",
            f"{one.each / before.each:.2f}" if before else "",
            f"{1000 * one.single:.1f}",
            f"{one.megabytes:.1f}",
            f"{one.memory:.0f}",
            f"{one.found:.1%}",
            str(one.false),
        )
        before = one
    return table


def machine() -> str:
    return f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
