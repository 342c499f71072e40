"""What the worst input that is known costs: of a page or file, and of a visitor's requests.

`python -m bench.hostile [--load FOLDER] [--no-pages]` reads generated pages, feeds and files through the workers of a
crawl, each once at half its size and once whole: seconds of processor, peak of the worker's memory, and by how much
twice the input multiplies the time (2 is linear, 4 quadratic). `--load` asks the reading room of an archive, which is
made in that folder where there is none, for its worst pages five times a second, and says how long others wait.

The figures of "before" are of the readers without bounds and workers: seconds of processor, or memory, at that size.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import random
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.search import PORTALS, Prose, grow, rss, served
from crawler.response_reader import Reading, read_response
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import ReaderPool
from portal_archive.archive.archive import Archive
from portal_archive.model.records import Portal

URL = "https://xa.example/tin-tuc/bai-7.html"
STORY = (
    "<h1>Hội nghị công tác dân vận</h1><p>Ngày đăng: 18/01/2024 07:30</p>"
    + "<p>Đoạn văn về công tác dân vận ở xã, với các hộ dân của bản.</p>" * 20
)
TICK = os.sysconf("SC_CLK_TCK")
ARTICLES = 20_000
SECONDS = 20
ATTACKS_A_SECOND = 5
PATIENCE = 2.0
WORST = (
    "/archive/articles.json?body__contains=zz{}",
    "/archive/articles.json?_sort=body&_size=max&_next={}",
    "/archive/articles.json?_facet=title&_facet=body&_facet=html&title__contains={}",
    "/search?q=b*+OR+c*+OR+h*+{}",
    "/search.jsonl?q=b*&_={}",
)
READER = {"home": "/", "search": "/search?q=dan+van", "article": "/article/5"}


@dataclass(frozen=True, slots=True)
class Hostile:
    """A kind of input: `make(n)` gives one of about n bytes; `before` is what it cost at `size`."""

    name: str
    size: int
    make: Callable[[int], bytes]
    before: str
    type: str = "text/html; charset=utf-8"


def filled(before: str, unit: Callable[[int], str], after: str = "") -> Callable[[int], bytes]:
    """Return what makes a page of numbered parts."""

    def make(size: int) -> bytes:
        parts, length, number = [], 0, 0
        while length < size:
            parts.append(unit(number))
            length += len(parts[-1].encode())
            number += 1
        return (before + "".join(parts) + after).encode()

    return make


def nested(opening: str, closing: str) -> Callable[[int], bytes]:
    return lambda size: (
        opening * (times := size // len(opening + closing)) + closing * times + STORY
    ).encode()


def pdf(size: int) -> bytes:
    """Return a PDF of pages that share one heavy stream."""
    pages = max(size // 220, 1)
    stream = zlib.compress(b"BT /F1 12 Tf " + b"(cong van so 12) Tj 0 -14 Td " * 40_000 + b"ET", 9)
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R /Resources << /Font << /F1"
            b" << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ]
        * pages,
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


PAGES = (
    Hostile(
        "a title of beginnings", 81_000, filled("<title>", lambda _: "a - ", f"</title>{STORY}"), "3,098 MB"
    ),
    Hostile(
        "combining marks out of order", 320_000, filled(f"{STORY}<p>a", lambda _: "\u0301\u0323"), "19.8 s"
    ),
    Hostile("text: 1 1 1", 20_000, filled("", lambda _: "1 "), "> 40 s", "text/plain"),
    Hostile("text: {{{{", 40_000, filled("", lambda _: "{"), "15.9 s", "text/plain"),
    Hostile("text: one line", 9_900_000, filled("", lambda _: "a "), "2,260 MB", "text/plain"),
    Hostile(
        "text: a counter a line",
        336_000,
        filled("", lambda n: f"Tổng truy cập: {n}\n"),
        "2.0 s",
        "text/plain",
    ),
    Hostile("counters, numbered", 65_000, filled(STORY, lambda n: f"Lượt truy cập {n}: {n}<br>"), "3.6 s"),
    Hostile("counters nested", 32_000, nested("<ul class='wd-access'><li>1</li>", "</ul>"), "5.4 s"),
    Hostile(
        "counter boxes",
        75_000,
        filled(f"{STORY}<div class=wd-access>", lambda _: "<span>1</span>", "</div>"),
        "8.3 s",
    ),
    Hostile("images", 791_000, filled(STORY, lambda n: f"<img src='/a/{n}.jpg'>"), "36.7 s"),
    Hostile("files", 570_000, filled(STORY, lambda n: f"<a href='/f/{n}.pdf'>f</a> "), "6.1 s"),
    Hostile("hidden siblings", 1_040_000, filled(STORY, lambda _: "<i hidden>hội nghị</i>"), "17.3 s"),
    Hostile("lines that go on", 1_370_000, filled(f"{STORY}<p>", lambda _: "và tiếp tục<br>"), "5.9 s"),
    Hostile(
        "links",
        1_000_000,
        filled(STORY, lambda n: f"<a href='/tin-{n}.html'>Tin tức số {n} hôm nay</a>"),
        "-",
    ),
    Hostile("divs nested", 1_000_000, nested("<div>", "</div>"), "-"),
    Hostile("tables nested", 1_000_000, nested("<table><tr><td>", "</td></tr></table>"), "-"),
    Hostile(
        "feed, nested items",
        5_000_000,
        lambda size: b"<rss><channel>" + b"<item>" * (size // 6) + b"</channel></rss>",
        "31 s, 714 MB",
        "application/rss+xml",
    ),
    Hostile(
        "sitemap",
        10_000_000,
        filled("<urlset>", lambda n: f"<url><loc>https://xa.example/tin-{n}.html</loc></url>", "</urlset>"),
        "-",
        "application/xml",
    ),
    Hostile(
        "sitemap, gzip of nothing",
        200_000_000,
        lambda size: gzip.compress(b"<urlset>" + bytes(size), 9),
        "-",
        "application/xml",
    ),
    Hostile(
        "PDF of pages that share a stream", 65_000, pdf, "61 s, the crawl stood still", "application/pdf"
    ),
)


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) // 1024


def read(hostile: Hostile, size: int) -> tuple[float, int, str]:
    """Return seconds of processor, peak in MB, and what became of an input; one worker for it alone."""
    body = hostile.make(size)
    cpu, peak = 0.0, 0
    with ReaderPool(1) as readers:
        readers.submit(read_response, b"<p>x</p>", URL, {"Content-Type": "text/html"}, 200).result()
        (worker,) = readers._workers
        pid = worker._process.pid
        started = cpu_of(pid)
        future = readers.submit(read_response, body, URL, {"Content-Type": hostile.type}, 200)
        while not future.done():
            # The last look before a worker is ended says what it came to.
            try:
                cpu, peak = max(cpu, cpu_of(pid) - started), max(peak, peak_of(pid))
            except (OSError, IndexError):
                break
            time.sleep(0.01)
        error = future.exception()
        if isinstance(error, ReaderStopped):
            return cpu, peak, error.kind
        reading: Reading = future.result()
        cpu, peak = cpu_of(pid) - started, max(peak, peak_of(pid))
    kinds = sorted({str(problem.kind) for problem in reading.problems})
    return cpu, peak, ", ".join([str(reading.kind), *kinds])


def pages(console: Console) -> None:
    table = Table(title=f"worst input, read by a worker; load {os.getloadavg()[0]:.1f}")
    for heading in ("input", "KB", "before", "s", "MB", "growth", "outcome"):
        table.add_column(heading, justify="left" if heading in ("input", "outcome") else "right")
    for hostile in PAGES:
        half, _, _ = read(hostile, hostile.size // 2)
        whole, peak, outcome = read(hostile, hostile.size)
        growth = f"{whole / half:.1f}" if half >= 0.05 and not outcome.startswith("reader-too") else "-"
        row = (f"{hostile.size // 1000:,}", hostile.before, f"{whole:.2f}", str(peak), growth, outcome)
        table.add_row(hostile.name, *row)
    console.print(table)


# --- a visitor -----------------------------------------------------------------------------------------------


def archive_of(folder: Path) -> Path:
    """Return the archive in a folder, filled with synthetic articles where there is none."""
    path = folder / "hostile.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with Archive(path) as archive:
            archive.claim("bench")
            archive.register(
                Portal(f"portal{n}", f"Cổng {n}", f"https://portal{n}.example/", "generic", "generic")
                for n in range(PORTALS)
            )
            grow(archive, Prose(), 0, ARTICLES)
    return path


def ask(port: int, path: str, address: str, patience: float) -> int:
    """Return the status of an answer, 0 where there is none in time; `address` is where nginx says it comes from."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", path, headers={"X-Forwarded-For": address, "X-Real-IP": address})
        response = connection.getresponse()
        response.read()
    except OSError:
        return 0
    else:
        return response.status
    finally:
        connection.close()


def waits(port: int, seconds: float) -> dict[str, list[float]]:
    """Ask as a reader does, one page after the other, and return how long each took."""
    took: dict[str, list[float]] = {name: [] for name in READER}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name, path in READER.items():
            begun = time.perf_counter()
            status = ask(port, path, "192.0.2.7", 120)
            took[name].append(time.perf_counter() - begun)
            if status != 200:
                print(f"  {path}: HTTP {status}", file=sys.stderr)
        time.sleep(0.2)
    return took


def attack(port: int, over: threading.Event) -> None:
    """Ask for the worst pages from one address, each given up after a while."""
    chance = random.Random(1)
    while not over.wait(1 / ATTACKS_A_SECOND):
        path = chance.choice(WORST).format(chance.randrange(10**6))
        threading.Thread(target=ask, args=(port, path, "198.51.100.9", PATIENCE), daemon=True).start()


def load(console: Console, folder: Path) -> None:
    path = archive_of(folder)
    table = Table(
        title=f"{ARTICLES:,} articles; p95 in seconds of a reader beside {ATTACKS_A_SECOND}/s of the worst"
    )
    for heading in ("", *READER, "server, MB"):
        table.add_column(heading, justify="right" if heading else "left")
    with served(path, plain=False) as (port, pid):
        for name in ("alone", "under attack", "after it"):
            over = threading.Event()
            if name == "under attack":
                threading.Thread(target=attack, args=(port, over), daemon=True).start()
            took = waits(port, SECONDS if name == "under attack" else SECONDS / 4)
            over.set()
            figures = (f"{sorted(times)[int(len(times) * 0.95)]:.2f}" for times in took.values())
            table.add_row(name, *figures, str(rss(pid)))
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--load", type=Path, metavar="FOLDER", help="ask the reading room of an archive here")
    parser.add_argument("--no-pages", action="store_true", help="leave out the readers")
    arguments = parser.parse_args()
    console = Console(width=150)
    if not arguments.no_pages:
        pages(console)
    if arguments.load:
        load(console, arguments.load)


if __name__ == "__main__":
    main()
