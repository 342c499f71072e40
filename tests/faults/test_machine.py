"""What goes wrong on the crawler's own machine: the clock, another program at the archive, readers that do not let go.

A full disk, signals and a second crawl are in tests/crawler/test_trouble.py, `kill -9` in tests/crawler/test_kill.py.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from datetime import UTC, datetime

from crawling import ROOT, Answer, Crawl, Site, article, html, links
from serving_command import datasette_command

from portal_archive.archive.verify.verify import verify

# Runs scrapy with little patience for another program's lock.
IMPATIENT = "import portal_archive.archive.archive as a; a.BUSY_SECONDS = 0.2; from scrapy.cmdline import execute; execute()"


def articles(crawl: Crawl) -> int:
    return int(crawl.query("SELECT count(*) FROM articles")[0][0])


def articles_shown(url: str) -> int:
    with urllib.request.urlopen(f"{url}/archive/articles.json?_shape=array&_col=id", timeout=60) as answer:
        return len(json.load(answer))


def is_sound(crawl: Crawl) -> bool:
    with closing(sqlite3.connect(crawl.archive)) as db:
        return [damage for damage in verify(db, crawl.captures) if not damage.note] == []


def test_another_program_locks_the_archive(portal: Site, crawl: Crawl) -> None:
    assert crawl.portal(portal, CLOSESPIDER_PAGECOUNT=2).returncode == 0
    stored = articles(crawl)
    with closing(sqlite3.connect(crawl.archive, check_same_thread=False, isolation_level=None)) as other:

        def lock(visit: int) -> Answer:
            other.execute("PRAGMA busy_timeout = 60000")
            other.execute("BEGIN IMMEDIATE")
            return html(article("khóa"))

        portal.routes["/tin-so-thu-11.html"] = lock
        done = subprocess.run(
            [sys.executable, "-c", IMPATIENT, "crawl", "portal", "-a", f"url={portal.url}/",
             "-s", f"ARCHIVE_DB={crawl.archive}", "-s", "DOWNLOAD_DELAY=0"],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        assert (
            f"{crawl.archive}: locked by another program that writes to it: try again when it has ended"
            in done.stderr
        )
        assert "Traceback" not in done.stderr
        other.execute("ROLLBACK")
    assert articles(crawl) >= stored
    portal.routes["/tin-so-thu-11.html"] = html(article("khóa"))
    assert crawl.portal(portal).returncode == 0
    assert articles(crawl) == 12
    assert is_sound(crawl)


def test_readers_hold_on_throughout(portal: Site, crawl: Crawl) -> None:
    assert crawl.portal(portal, CLOSESPIDER_PAGECOUNT=2).returncode == 0
    stored = articles(crawl)
    assert stored < 12
    with (
        closing(sqlite3.connect(crawl.archive, isolation_level=None)) as reader,
        datasette_command(crawl.archive) as url,
    ):
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (stored,)
        crawling = crawl.start("crawl", "portal", "-a", f"url={portal.url}/")
        shown = []
        while crawling.poll() is None or not shown:
            shown.append(articles_shown(url))
        _, log = crawling.communicate(timeout=60)
        assert crawling.returncode == 0, log
        assert "Traceback" not in log
        assert shown == sorted(shown)
        assert (shown[0], articles_shown(url)) == (stored, 12)
        # The reader sees what it saw when it began, whoever begins now sees all.
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (stored,)
        assert articles(crawl) == 12
        reader.execute("ROLLBACK")
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (12,)
    assert is_sound(crawl)


def test_the_clock_is_set_back_between_two_crawls(portal: Site, crawl: Crawl) -> None:
    last = portal.routes.pop("/tin-so-thu-11.html")
    crawl.now = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    assert crawl.portal(portal).returncode == 0
    assert articles(crawl) == 11
    portal.routes["/tin-so-thu-12.html"] = last
    portal.routes["/"] = html(links(*(path for path in portal.routes if path != "/")))
    crawl.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    done = crawl.portal(portal)
    assert done.returncode == 0, done.stderr
    assert articles(crawl) == 12
    assert portal.log.count("/tin-so-thu-1.html") == 1
    assert crawl.query("SELECT started_at <= finished_at, outcome FROM crawls") == [
        (1, "finished"),
        (1, "finished"),
    ]
    assert crawl.query("SELECT kind, url FROM problems WHERE kind = 'clock'") == [("clock", f"{portal.url}/")]
    assert is_sound(crawl)
