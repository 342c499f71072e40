"""Another crawl, a full disk, a read-only archive, a signal: said clearly, nothing corrupted."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from crawling import ROOT, Crawl, Site, article, html, links

from portal_archive.archive.verify.verify import verify


def wait_for(site: Site, requests: int) -> None:
    deadline = time.monotonic() + 60
    while len(site.log) < requests:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def sound(crawl: Crawl) -> bool:
    with closing(sqlite3.connect(crawl.archive)) as db:
        return [damage for damage in verify(db, crawl.captures) if not damage.note] == []


@pytest.fixture
def portal(site: Site) -> Site:
    paths = [f"/tin-so-thu-{number}.html" for number in range(40)]
    site.routes = {path: html(article(path[1:])) for path in paths} | {"/": html(links(*paths))}
    return site


@pytest.mark.long
def test_the_second_crawl_says_who_is_writing(portal: Site, crawl: Crawl) -> None:
    first = crawl.start("crawl", "portal", "-a", f"url={portal.url}/", DOWNLOAD_DELAY=5)
    wait_for(portal, 2)
    second = crawl.portal(portal)
    assert second.returncode == 1
    assert f"is being written to by crawl {portal.host} (process {first.pid} on " in second.stderr
    assert "Traceback" not in second.stderr
    for command in (["reparse"], ["import", str(ROOT / "pyproject.toml")]):
        refused = crawl.command(*command)
        assert refused.returncode == 1
        assert f"(process {first.pid} on " in refused.stderr
    first.send_signal(signal.SIGTERM)
    _, log = first.communicate(timeout=60)
    assert first.returncode == 0, log
    assert "Traceback" not in log
    assert crawl.query("SELECT outcome FROM crawls") == [("closed",)]
    assert sound(crawl)
    assert crawl.portal(portal).returncode == 0
    assert crawl.query("SELECT count(*) FROM articles") == [(40,)]
    # Nothing that was stored is asked for again, but for the start page.
    assert max(portal.log.count(path) for path in portal.routes if path != "/") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to anything")
def test_a_read_only_archive(portal: Site, crawl: Crawl) -> None:
    assert crawl.portal(portal, CLOSESPIDER_PAGECOUNT=2).returncode == 0
    crawl.archive.chmod(0o444)
    refused = crawl.portal(portal)
    assert refused.returncode == 1
    assert str(crawl.archive) in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_is_not_there(portal: Site, crawl: Crawl) -> None:
    refused = crawl.portal(portal, ARCHIVE_DB=crawl.archive.parent / "khong-co" / "archive.db")
    assert refused.returncode == 1
    assert "khong-co" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_that_is_no_archive(portal: Site, crawl: Crawl) -> None:
    crawl.archive.write_text("hello " * 1000)
    refused = crawl.portal(portal)
    assert refused.returncode == 1
    assert "not an SQLite database" in refused.stderr
    assert crawl.archive.read_text() == "hello " * 1000


def test_a_disk_that_is_full(portal: Site, crawl: Crawl) -> None:
    assert crawl.portal(portal, CLOSESPIDER_PAGECOUNT=3).returncode == 0
    stored = crawl.query("SELECT count(*) FROM articles")
    limit = max(path.stat().st_size for path in crawl.archive.parent.rglob("*") if path.is_file()) + 20_000

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    full = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "portal", "-a", f"url={portal.url}/",
         "-s", f"ARCHIVE_DB={crawl.archive}", "-s", "DOWNLOAD_DELAY=0"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, preexec_fn=no_room,
    )  # fmt: skip
    assert full.returncode == 1, full.stderr
    assert "Traceback" not in full.stderr
    assert sound(crawl)
    assert crawl.query("SELECT count(*) FROM articles") >= stored
    assert crawl.portal(portal).returncode == 0
    assert crawl.query("SELECT count(*) FROM articles") == [(40,)]
    assert sound(crawl)
