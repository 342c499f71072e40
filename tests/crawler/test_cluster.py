"""Reading on a cluster: the same results in the same order, whichever workers die meanwhile."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawling import ROOT, Crawl, Site, article, html, links, title_of

from crawler.capture_reader import FetchJob, read_fetch
from crawler.registry import rules_of
from crawler.response_reader import Reading
from crawler.workers.cluster import ClusterReaders, _read_some, version
from crawler.workers.limits import Limits, ReaderStopped
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import Outcome, ProblemKind
from portal_archive.model.records import Fetch, Portal

PORTAL = Portal("banmay", "Cổng Bản Mây", "https://banmay.example/", "generic", "described")
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
PAGES = 130


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterReaders]:
    with ClusterReaders("local:2", Limits(), [tmp_path_factory.mktemp("captures")]) as found:
        yield found


def jobs() -> Iterator[FetchJob]:
    for number in range(PAGES):
        url = f"{PORTAL.home_url}tin-{number}.html"
        fetch = Fetch(url, 200, HTML, article(f"số {number}"), AT)
        yield FetchJob(fetch, PORTAL, rules_of(PORTAL.name, PORTAL.family))


@pytest.mark.long
@pytest.mark.parametrize("deaths", [0, 1, 2])
def test_what_dies_with_a_worker_is_read_by_another(readers: ClusterReaders, deaths: int) -> None:
    titles = []
    for number, (job, reading) in enumerate(readers.in_order(read_fetch, jobs())):
        assert isinstance(reading, Reading)
        assert reading.kind is Outcome.ARTICLE
        assert reading.page is not None
        assert reading.page.article is not None
        assert job.fetch.url.endswith(f"-{number}.html")
        titles.append(reading.page.article.title)
        if number in range(0, 40 * deaths, 40):
            os.kill(next(iter(readers.client.run(os.getpid).values())), signal.SIGKILL)
    assert titles == [title_of(f"số {number}") for number in range(PAGES)]


def test_why_a_page_is_not_read_arrives_whole() -> None:
    stopped = pickle.loads(
        pickle.dumps(ReaderStopped(ProblemKind.READER_TOO_SLOW, "not read within 20 seconds"))
    )
    assert (stopped.kind, str(stopped)) == (ProblemKind.READER_TOO_SLOW, "not read within 20 seconds")


@pytest.mark.long
def test_captures_are_read_again_on_a_cluster(site: Site, crawl: Crawl) -> None:
    site.routes = {"/": html(links("/tin-so-thu-1.html")), "/tin-so-thu-1.html": html(article("Một"))}
    assert crawl.portal(site).returncode == 0
    crawl.change("UPDATE articles SET title = 'Khác'")
    done = crawl.command("reparse", "--cluster", "local:2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "title │ 1" in done.stdout
    assert crawl.query("SELECT title, version FROM articles") == [(title_of("Một"), 1)]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("local:0", "neither local:N nor tcp://host:port"),
        ("somewhere", "neither local:N nor tcp://host:port"),
    ],
)
def test_an_address_that_is_none_is_named(address: str, message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        ClusterReaders(address, Limits())


def test_workers_that_would_read_otherwise_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"a worker has portal-archive .*, and not 0\.0, reader 0"):
        _read_some(read_fetch, [], Limits(), (), "0.0, reader 0")
    with pytest.raises(ArchiveError, match="captures must be where all workers see them"):
        _read_some(read_fetch, [], Limits(), (tmp_path / "none",), version())


def test_nothing_of_it_is_imported_without(tmp_path: Path) -> None:
    program = (
        "import sys, crawler.commands.reparse, crawler.commands.import_;"
        "print({'dask', 'distributed'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
