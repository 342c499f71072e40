"""How much memory a long crawl takes, and whether it goes on growing.

`python -m bench.memory [--pages 50000] [--svg FILE]` crawls a portal that is generated while it is asked for, by a
server in another process and without any distance between requests, and reads the resident memory of the crawl as
pages go by. The limit is 400 MB; the second half of the crawl is to be flat: its last tenth is compared with its first.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
LIMIT_MB = 400
# The last tenth of the second half may be larger than its first by this factor, which is the noise of an allocator.
FLAT = 1.05
LIST = 50  # articles on a list page
ARTICLE = "/tin-tuc/hoi-nghi-cong-tac-dan-van"
FIRST = 100_000  # the number of the first article
SECONDS = 0.25
WIDTH, HEIGHT = 72, 16
WORDS = (
    "hội nghị công tác dân vận tỉnh ủy cán bộ nhân dân xây dựng phát triển nông thôn mới huyện xã bản thôn đoàn kết"
    " dân tộc biên giới kinh tế giáo dục văn hóa sức khỏe môi trường tuyên truyền vận động phong trào thi đua khen"
    " thưởng kết quả nhiệm vụ giải pháp lãnh đạo chỉ đạo thực hiện"
).split()


@dataclass(frozen=True, slots=True)
class Sample:
    """The crawl at one moment: pages that were asked for, resident memory in MB."""

    pages: int
    resident: float


def article(number: int) -> str:
    """Return an article page; the same number always gives the same one."""
    words = random.Random(number)
    paragraphs = "".join(
        f"<p>{' '.join(words.choices(WORDS, k=60)).capitalize()}.</p>" for _ in range(words.randint(3, 12))
    )
    day, month, year = words.randint(1, 28), words.randint(1, 12), words.randint(2012, 2025)
    title = f"Hội nghị {' '.join(words.choices(WORDS, k=8))} lần thứ {number}"
    return f"<h1>{title}</h1><p>Ngày đăng: {day:02}/{month:02}/{year} 07:34</p><div class='content'>{paragraphs}</div>"


def listing(number: int, articles: int) -> str:
    """Return list page `number` of a portal with so many articles; page 0 is the home page."""
    first = number * LIST
    items = "".join(
        f"<li><a href='{ARTICLE}-{FIRST + n}.html'>Hội nghị công tác dân vận lần thứ {n} của huyện</a></li>"
        for n in range(first, min(first + LIST, articles))
    )
    onward = f"<a href='/tin-tuc/?page={number + 1}'>Trang sau</a>" if first + LIST < articles else ""
    return f"<h1>Tin tức</h1><ul class='news'>{items}</ul>{onward}"


def serve(articles: int, port: Synchronized[int], served: Synchronized[int]) -> None:
    """Serve the portal on loopback; say on which port, and count what is asked for."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            served.value += 1
            name, _, number = self.path.rpartition("-")
            if name == ARTICLE:
                body = article(int(number.removesuffix(".html")) - FIRST)
            else:
                page = self.path.rpartition("page=")[2]
                body = listing(int(page) if page.isdecimal() else 0, articles)
            whole = (
                f"<!DOCTYPE html><html lang='vi'><meta charset='utf-8'><body>{body}</body></html>".encode()
            )
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.value = server.server_address[1]
    server.serve_forever()


def status(pid: int, name: str) -> float | None:
    """Return a figure of the kernel's about a process, in MB; None when it has ended."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next(
        (int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith(f"{name}:")), None
    )


def crawl(pages: int) -> tuple[list[Sample], float, float, str]:
    """Crawl so many pages; return the samples, the peak in MB, the seconds it took and what the crawl printed."""
    articles = max(1, pages - pages // LIST)
    port, served = multiprocessing.Value("i", 0), multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=serve, args=(articles, port, served), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.01)
    samples: list[Sample] = []
    peak = 0.0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        settings = {
            "ARCHIVE_DB": f"{folder}/archive.db", "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True,
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        home = f"url=http://127.0.0.1:{port.value}/"
        began = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "scrapy", "crawl", "portal", "-a", home, *options],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            while process.poll() is None:
                resident, highest = status(process.pid, "VmRSS"), status(process.pid, "VmHWM")
                if resident is not None:
                    samples.append(Sample(served.value, resident))
                    peak = max(peak, highest or resident)
                time.sleep(SECONDS)
        seconds = time.monotonic() - began
        server.terminate()
        return samples, peak, seconds, log.read_text(errors="replace")


def growth(samples: list[Sample]) -> float:
    """Return the memory in the last tenth of the second half over that in its first tenth, medians of both."""
    end = samples[-1].pages

    def around(low: float, high: float) -> float:
        inside = [sample.resident for sample in samples if low * end <= sample.pages <= high * end]
        return statistics.median(inside or [samples[-1].resident])

    return around(0.95, 1) / around(0.5, 0.55)


def columns(samples: list[Sample]) -> list[float]:
    """Return the highest memory in each of `WIDTH` equal parts of the pages."""
    end = max(samples[-1].pages, 1)
    highest = [0.0] * WIDTH
    for sample in samples:
        column = min(WIDTH - 1, sample.pages * WIDTH // end)
        highest[column] = max(highest[column], sample.resident)
    for column in range(1, WIDTH):
        highest[column] = highest[column] or highest[column - 1]
    return highest


def chart(samples: list[Sample]) -> str:
    """Return the memory over the pages as text, with the limit on top."""
    bars = columns(samples)
    lines = []
    for step in range(HEIGHT, 0, -1):
        floor = LIMIT_MB * (step - 1) / HEIGHT
        row = "".join("█" if bar > floor else " " for bar in bars)
        label = f"{LIMIT_MB * step // HEIGHT:>4} MB" if step % 4 == 0 else " " * 7
        lines.append(f"{label} ┤{row}")
    return "\n".join([*lines, f"{'0':>7} └{'─' * WIDTH}", f"{'':9}0{samples[-1].pages:>{WIDTH - 1},} pages"])


def svg(samples: list[Sample]) -> str:
    """Return the same chart as a picture."""
    end, scale = max(samples[-1].pages, 1), 300 / LIMIT_MB
    points = " ".join(
        f"{60 + 700 * sample.pages / end:.1f},{320 - sample.resident * scale:.1f}" for sample in samples
    )
    marks = "".join(
        f'<text x="52" y="{324 - value * scale:.0f}" text-anchor="end">{value}</text>'
        f'<path d="M60 {320 - value * scale:.0f}h700" stroke="#ddd"/>'
        for value in range(0, LIMIT_MB + 1, 100)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 360" font-family="sans-serif" font-size="12">'
        f'{marks}<polyline points="{points}" fill="none" stroke="#1565c0" stroke-width="1.5"/>'
        f'<text x="60" y="345">MB resident over {end} pages; the top line is the limit</text></svg>\n'
    )


def main() -> int:
    """Print figures, chart and verdict; 1 when the crawl takes too much or goes on growing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--pages", type=int, default=50_000, help="pages of the portal (default: %(default)s)"
    )
    parser.add_argument("--svg", type=Path, help="also write the chart to this file")
    options = parser.parse_args()
    samples, peak, seconds, log = crawl(options.pages)
    if not samples or samples[-1].pages < options.pages * 0.98:
        sys.exit(f"the crawl ended after {samples[-1].pages if samples else 0} pages:\n{log[-3000:]}")
    ratio = growth(samples)
    table = Table(title=f"a crawl of {samples[-1].pages:,} pages")
    for heading in ("", "measured", "limit", "verdict"):
        table.add_column(heading, justify="right" if heading != "" else "left")
    table.add_row("peak of resident memory", f"{peak:.0f} MB", f"{LIMIT_MB} MB", verdict(peak < LIMIT_MB))
    table.add_row("second half, end over start", f"{ratio:.3f}", f"{FLAT}", verdict(ratio <= FLAT))
    table.add_row("pages a second", f"{samples[-1].pages / seconds:.0f}", "", "")
    console = Console(width=100)
    console.print(chart(samples), highlight=False)
    console.print(table)
    if options.svg:
        options.svg.write_text(svg(samples))
    return int(peak >= LIMIT_MB or ratio > FLAT)


def verdict(holds: bool) -> str:
    """Return a yes or a no in the words of the table."""
    return "holds" if holds else "BROKEN"


if __name__ == "__main__":
    sys.exit(main())
