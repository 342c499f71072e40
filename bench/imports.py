"""Pages imported and read again per second, on one core and on two; warcio's bare iteration is the limit."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator

from bench.pages import html_pages
from crawler.capture_reader import CaptureJob, read_again
from crawler.importer import Importer
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import ReaderPool
from portal_archive.archive.archive import Archive
from portal_archive.archive.warc.captures import CaptureWriter
from portal_archive.archive.warc.foreign import read_foreign
from portal_archive.archive.warc.foreign_records import BadRecord
from portal_archive.archive.warc.lookup import captured_pages
from portal_archive.model.records import Fetch
from portal_archive.reading.portal_rules import rules_from

ROUNDS = 2
# One site is read before a second process has started.
COPIES = 10
CORES = (1, 2)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Print the table."""
    best: dict[str, float] = {}

    def measure(name: str, work: Callable[..., int], *arguments: object) -> None:
        start = time.perf_counter()
        done = work(*arguments)
        seconds = (time.perf_counter() - start) / done
        best[name] = min(seconds, best.get(name, seconds))

    with tempfile.TemporaryDirectory() as folder:
        what, pages, file = capture(Path(folder))
        # Rounds alternate, so that a machine that slows down slows all of them.
        for number in range(ROUNDS):
            measure("warcio, bare iteration (limit)", iterate, file)
            for cores in CORES:
                place = Path(folder) / f"{number}-{cores}"
                place.mkdir()
                measure(f"import, {cores} core{'s' * (cores > 1)}", imported, file, place, cores)
                measure(f"reparse, {cores} core{'s' * (cores > 1)}", reparsed, place, cores)
    machine = f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"
    table = Table(title=f"{pages} pages: {COPIES} times {what}; best of {ROUNDS}; {machine}")
    for heading in ("", "pages a second", "of the limit"):
        table.add_column(heading, justify="right" if heading else "left")
    limit = best["warcio, bare iteration (limit)"]
    for name, seconds in best.items():
        table.add_row(name, f"{1 / seconds:.0f}", f"{limit / seconds:.1%}")
    Console(width=100).print(table)


def capture(folder: Path) -> tuple[str, int, Path]:
    """Return what the pages are, how many, and a WARC file of them."""
    what, pages = html_pages()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    with CaptureWriter(folder, "bench", "1") as writer:
        for number in range(COPIES):
            for url, body in pages:
                # Another site, and no payload twice.
                copy = url.replace("//", f"//{number}.", 1)
                ref = writer.write(Fetch(copy, 200, headers, body + b"<!-- %d -->" % number, BEGAN))
    return what, COPIES * len(pages), folder / ref.file


def responses(file: Path) -> Iterator[Fetch]:
    """Give the pages of the file, as an import without images and documents does."""
    return (record for record in read_foreign([file]) if not isinstance(record, BadRecord))


def iterate(file: Path) -> int:
    """Read every record and do nothing; returns how many were pages."""
    pages = 0
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            record.content_stream().read()
            headers = record.http_headers
            is_page = headers is not None and (headers.get_header("Content-Type") or "").startswith(
                "text/html"
            )
            pages += record.rec_type == "response" and is_page
    return pages


def imported(file: Path, folder: Path, cores: int) -> int:
    """Import the file into a new archive; returns how many pages were stored."""
    with Archive(folder / "archive.db") as archive, ReaderPool(cores) as readers:
        archive.claim("bench")
        return sum(Importer(archive, folder / "captures", BEGAN, readers).store(responses(file)))


def reparsed(folder: Path, cores: int) -> int:
    """Read the archive's captures again; returns how many there were."""
    captures = folder / "captures"
    readers = ReaderPool(cores, readable=[captures])
    with readers, closing(Archive(folder / "archive.db")) as archive, archive.batch():
        jobs = [
            CaptureJob(captures, page, rules_from(page.family)) for page in captured_pages(archive.db.conn)
        ]
        for job, page in readers.in_order(read_again, jobs):
            assert not isinstance(page, str | ReaderStopped), page
            archive.correct(job.capture.id, page)
        return len(jobs)
