"""How fast the reading room answers, and how that grows with the archive.

`python -m bench.search [--sizes 10000,100000,1000000] [--keep FOLDER]` builds one archive of synthetic articles with
the project's own writer, stops at each size, and asks a running Datasette over HTTP while a crawl goes on writing
beside it: p50 and p95 of each kind of page, next to the bare SQLite query as the limit and plain Datasette's
`?_search=` as the peer.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import multiprocessing
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, count
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import quote_plus, urlencode

from rich.console import Console
from rich.table import Table

from portal_archive.archive.archive import Archive
from portal_archive.archive.migrations import INDEXES
from portal_archive.archive.search.query import to_fts_query
from portal_archive.archive.warc.captures import payload_digest
from portal_archive.model.kinds import Outcome, Precision
from portal_archive.model.page import Article, Page
from portal_archive.model.records import CaptureRef, Portal, Visit

ROOT = Path(__file__).parents[1]
START = datetime(2026, 1, 1, tzinfo=UTC)
OLDEST = datetime(2012, 1, 1, tzinfo=UTC)
BATCH = 500
EDITED = 20  # one article in so many is edited
COSTED = 5000  # articles by which the cost of storing one is measured at each size
ROUNDS = 40
PORTALS = 40
BESIDE = 10_000_000  # numbers of the articles that are stored while the pages are asked for
# Syllables of ordinary frequency: each follows the one before it in some of the texts, as in real prose.
ONSETS = ("b c ch d đ g gi h kh l m n ng nh ph qu s t th tr v x").split()
RHYMES = (
    "a an anh ao ay ăn âm ân ât em ên i iên iêu inh it o oa oan oi ong ô ôi ông ơi ơn u ung ươ ương uyên ưng y"
).split()
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
# What nearly every article of these portals has, and what few have.
COMMON = ("dân vận", "tỉnh ủy", "cán bộ", "nhân dân", "xây dựng", "phát triển", "hội nghị", "công tác")
PHRASE = "tập trung lãnh đạo chỉ đạo thực hiện nhiệm vụ"


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of page: addresses to ask for in turn, and the query that alone would answer it."""

    name: str
    paths: Sequence[str]
    sql: str = ""
    values: Sequence[object] = ()
    peer: str = ""


def syllable(onset: str, rhyme: str, tone: str) -> str:
    """Return a written syllable, its tone mark on the first vowel: good enough for a benchmark."""
    return unicodedata.normalize("NFC", onset + rhyme[0] + tone + rhyme[1:])


class Prose:
    """Invents articles of realistic length, the same ones at every run."""

    def __init__(self) -> None:
        self.random = random.Random(20240118)
        letters = [syllable(onset, rhyme, tone) for onset in ONSETS for rhyme in RHYMES for tone in TONES]
        self.random.shuffle(letters)
        self.words = letters
        self.weights = list(accumulate(1 / (rank + 20) for rank in range(len(letters))))

    def text(self, length: int) -> str:
        words = self.random.choices(self.words, cum_weights=self.weights, k=length)
        for phrase in COMMON:
            if self.random.random() < 0.7:
                words.insert(self.random.randrange(len(words)), phrase)
        if self.random.random() < 0.02:
            words.insert(self.random.randrange(len(words)), PHRASE)
        paragraphs = [" ".join(words[at : at + 70]) + "." for at in range(0, len(words), 70)]
        return "\n\n".join(paragraphs)

    def article(self, number: int) -> Article:
        body = self.text(self.random.randint(250, 800))
        published = OLDEST + timedelta(seconds=self.random.randrange(14 * 365 * 86400))
        return Article(
            title=f"{self.text(12).splitlines()[0][:140]} {number}",
            summary=self.text(30).splitlines()[0],
            body=body,
            html="".join(f"<p>{part}</p>" for part in body.split("\n\n")),
            author=f"Tác giả {self.random.randrange(400)}",
            published_at=published.strftime("%Y-%m-%dT%H:%M:%S+07:00"),
            published_precision=Precision.MINUTE,
            category=f"Chuyên mục {number % 12}",
            views=self.random.randrange(9000),
        )


def visit(number: int, article: Article, turn: int = 0) -> Visit:
    """Return the visit that read an article; `turn` 1: a day later, when it was another."""
    portal = f"portal{number % PORTALS}"
    url = f"https://{portal}.example/tin/{number}"
    at = START + timedelta(days=turn, seconds=number)
    digest = payload_digest(f"{url} {turn}".encode())
    capture = CaptureRef(f"{portal}/bench.warc.gz", number * 10_000 + turn * 5_000, 4_000, digest)
    page = Page(url, Outcome.ARTICLE, article=article)
    return Visit(
        portal, url, url, at, "article", status=200, content_type="text/html", capture=capture, page=page
    )


def edited(prose: Prose, before: Visit) -> Visit:
    """Return the visit that finds the first paragraph of an article to be another."""
    assert before.page
    assert before.page.article
    article = before.page.article
    first, _, rest = (article.body or "").partition("\n\n")
    words = f"{prose.text(len(first.split()))}\n\n{rest}"
    return visit(int(before.url.rpartition("/")[2]), replace(article, body=words), turn=1)


def grow(archive: Archive, prose: Prose, start: int, size: int) -> list[float]:
    """Store articles until there are `size`; return milliseconds an article of each batch, invention left out."""
    took = []
    for first in range(start, size, BATCH):
        visits = [visit(number, prose.article(number)) for number in range(first, min(first + BATCH, size))]
        begun = time.perf_counter()
        edits = [edited(prose, one) for one in visits[::EDITED]]
        with archive.batch():
            for one in (*visits, *edits):
                archive.store(one)
        took.append((time.perf_counter() - begun) * 1000 / len(visits))
        if first % 50_000 == 0 and first:
            print(f"  {first:,} articles, {took[-1]:.2f} ms each", file=sys.stderr, flush=True)
    return took


@contextlib.contextmanager
def served(path: Path, *, plain: bool) -> Iterator[tuple[int, int]]:
    """Serve the archive and give port and process id. `plain`: as Datasette is, without this project's plugin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Datasette loads no installed plugin when this is set.
    bare = "import sys; sys._called_from_test = True; from datasette.cli import cli; cli()"
    command = [sys.executable, "-c", bare] if plain else [sys.executable, "-m", "datasette"]
    metadata = [] if plain else ["-m", str(ROOT / "datasette-metadata.json")]
    arguments = [*command, str(path), *metadata, "-p", str(port), "--setting", "sql_time_limit_ms", "20000"]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        for line in server.stderr:
            if "running on" in line:
                break
        drain = threading.Thread(target=server.stderr.read, daemon=True)
        drain.start()
        yield port, server.pid
        server.terminate()


@contextlib.contextmanager
def writing(path: Path, start: int) -> Iterator[None]:
    """Go on storing an article every 100 ms, as a polite crawl of several portals would, in another process."""
    context = multiprocessing.get_context("spawn")
    over = context.Event()
    writer = context.Process(target=write_until, args=(path, start, over))
    writer.start()
    yield
    over.set()
    writer.join()


def write_until(path: Path, start: int, over: Event) -> None:
    """Store an article every 100 ms."""
    prose = Prose()
    with Archive(path) as archive:
        for number in count(start):
            if over.wait(0.1):
                return
            archive.store(visit(number, prose.article(number)))


def milliseconds(ask: Callable[[int], None], rounds: int) -> list[float]:
    took = []
    for turn in range(rounds):
        begun = time.perf_counter()
        ask(turn)
        took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)


def over_http(port: int, paths: Sequence[str], rounds: int) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    size = 0

    def ask(turn: int) -> None:
        nonlocal size
        connection.request("GET", paths[turn % len(paths)])
        response = connection.getresponse()
        size = max(size, len(response.read()))
        if response.status >= 400:
            raise SystemExit(f"{paths[turn % len(paths)]}: HTTP {response.status}")

    milliseconds(ask, 2)
    took = milliseconds(ask, rounds)
    connection.close()
    return took, size


def cases(prose: Prose, size: int) -> list[Case]:
    rare = prose.words[-40:]
    newest = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 20"
    best = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rank LIMIT 20"

    def search(name: str, query: str, sql: str = newest, **more: str) -> Case:
        return Case(
            name,
            [f"/search?{urlencode({'q': query, **more})}"],
            sql,
            [to_fts_query(query)],
            f"/{{db}}/articles?_search={quote_plus(query)}",
        )

    numbers = [1 + turn * (size // ROUNDS) for turn in range(ROUNDS)]
    return [
        search("newest, one common word", "can", sort="newest"),
        search("newest, two common words", "dan van", sort="newest"),
        search("newest, two words, accents typed", "dân vận", sort="newest"),
        search("newest, phrase of 4 words", '"tap trung lanh dao"', sort="newest"),
        Case(
            "newest, rare word",
            [f"/search?q={quote_plus(word)}&sort=newest" for word in rare],
            newest,
            [to_fts_query(rare[0])],
        ),
        search("newest, with portal and year", "dan van", portal="portal7", year="2021", sort="newest"),
        search("relevance, rare phrase", '"tap trung lanh dao"', best, sort="relevance"),
        search("relevance, two common words", "dan van", best, sort="relevance"),
        search("relevance, a common phrase in accents", "tập trung lãnh đạo chỉ đạo", best),
        search("relevance, five words apart", "dân vận khéo 2024 tỉnh", best),
        search("relevance, eight common words", "cán bộ nhân dân xây dựng phát triển", best),
        search("OR, NOT and brackets", "(dan | van) -(tinh uy)"),
        search("only in removed text", "dan van", removed="1"),
        search("nothing found: suggestions", "dan vsn tinhh"),
        Case("home", ["/"]),
        Case(
            "article",
            [f"/article/{number}" for number in numbers],
            "SELECT * FROM articles WHERE id = ?",
            [1],
        ),
        Case("portal", [f"/portal/portal{number}" for number in range(PORTALS)]),
    ]


def answer(database: sqlite3.Connection, case: Case, _turn: int) -> None:
    database.execute(case.sql, case.values).fetchall()


def rss(pid: int) -> int:
    """Return the memory a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def spread(took: Sequence[float]) -> str:
    return f"{statistics.median(took):,.1f} / {took[int(len(took) * 0.95) - 1]:,.1f}"


def measure(prose: Prose, path: Path, size: int, rounds: int, peers: bool) -> Table:
    table = Table(title=f"{size:,} articles, {path.stat().st_size / 2**20:,.0f} MB: p50 / p95 in ms")
    for column in ("page", "reading room", "page KB", "bare SQLite", "plain Datasette"):
        table.add_column(column, justify="left" if column == "page" else "right")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    asked = cases(prose, size)
    with writing(path, BESIDE + int(time.time())), served(path, plain=False) as (port, pid):
        ours = {case.name: over_http(port, case.paths, rounds) for case in asked}
        memory = rss(pid)
    with writing(path, BESIDE + int(time.time())), served(path, plain=True) as (port, _):
        for case in asked:
            bare = peer = "–"
            if case.sql:
                bare = spread(milliseconds(partial(answer, database, case), rounds))
            if peers and case.peer:
                took, _ = over_http(port, [case.peer.format(db=path.stem)], 5)
                peer = spread(took)
            took, weight = ours[case.name]
            table.add_row(case.name, spread(took), f"{weight / 1024:.0f}", bare, peer)
    database.close()
    table.caption = f"server memory {memory} MB, while an article was stored every 100 ms"
    return table


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000,1000000", help="where to stop and measure")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="requests for each kind of page")
    parser.add_argument("--no-peer", action="store_true", help="leave plain Datasette out")
    parser.add_argument(
        "--keep", type=Path, help="build the archive here, or go on with the one that is there, and keep it"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        run(folder / "bench.db", [int(size) for size in arguments.sizes.split(",")], arguments)


def megabytes(archive: Archive, index: str) -> float:
    """Return how large a search index is."""
    sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name GLOB ? AND aggregate = 1"
    return float(archive.db.execute(sql, (f"{index}_*",)).fetchone()[0]) / 2**20


def run(path: Path, sizes: Sequence[int], arguments: argparse.Namespace) -> None:
    console = Console(width=130)
    prose = Prose()
    costs = Table(title="growing")
    for column in ("articles", "ms an article, mean", "median", "minutes so far", "MB", "indexes, MB"):
        costs.add_column(column, justify="right")
    begun = time.perf_counter()
    with Archive(path) as archive:
        archive.claim("bench")
        archive.register(
            Portal(f"portal{n}", f"Cổng {n}", f"https://portal{n}.example/", "generic", "generic", "lai-chau")
            for n in range(PORTALS)
        )
        done = archive.db.execute(
            f"SELECT count(*) FROM captures WHERE offset < {BESIDE} * 10000"
        ).fetchone()[0]
        if done:
            # Other texts than those that are there.
            prose.random.seed(done)
        for size in sizes:
            grow(archive, prose, done, size)
            size = done = max(done, size)
            console.print(measure(prose, path, size, arguments.rounds, not arguments.no_peer))
            took = grow(archive, prose, done, done + COSTED)
            done += COSTED
            minutes = (time.perf_counter() - begun) / 60
            mean, median = f"{statistics.mean(took):.2f}", f"{statistics.median(took):.2f}"
            whole = f"{path.stat().st_size / 2**20:,.0f}"
            indexes = ", ".join(f"{megabytes(archive, name):,.0f}" for name in INDEXES)
            costs.add_row(f"{size:,}", mean, median, f"{minutes:.1f}", whole, indexes)
            console.file.flush()
    console.print(costs)


if __name__ == "__main__":
    main()
