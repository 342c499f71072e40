"""The machine loses its power: the archive has rows whose captures the disk never had."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from crawling import ROOT, Crawl, Site, article, html, links, title_of

from portal_archive.archive.verify.verify import verify

# A crawl that notes how far each file is on the disk, and which bytes each row names at the moment it is written.
NOTED = """
import os, sys
from pathlib import Path
from portal_archive.archive.archive import Archive

notes = open(sys.argv.pop(1), "a")
sync, store = os.fdatasync, Archive.store

def noted_sync(number):
    size = os.fstat(number).st_size
    sync(number)
    print("synced", Path(f"/proc/self/fd/{number}").readlink().name, size, file=notes, flush=True)

def noted_store(archive, visit):
    if visit.capture is not None:
        end = visit.capture.offset + visit.capture.length
        print("row", Path(visit.capture.file).name, end, file=notes, flush=True)
    return store(archive, visit)

os.fdatasync, Archive.store = noted_sync, noted_store
from scrapy.cmdline import execute
execute()
"""


def test_a_capture_is_on_the_disk_before_the_row_that_names_it(site: Site, crawl: Crawl) -> None:
    paths = [f"/tin-so-thu-{number}.html" for number in range(6)]
    site.routes = {path: html(article(path)) for path in paths}
    site.routes |= {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /a"),
        "/": html(links(*paths, "/tin-so-thu-7.html", "/tin-so-thu-8.html")),
        "/tin-so-thu-7.html": (301, {"Location": paths[0]}, b""),
    }
    notes = crawl.archive.with_name("notes")
    command = ["-c", NOTED, notes, "crawl", "portal", "-a", f"url={site.url}/"]
    settings = {"ARCHIVE_DB": crawl.archive, "DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    done = subprocess.run([sys.executable, *command, *options], cwd=ROOT, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    on_disk: dict[str, int] = {}
    rows = 0
    for line in notes.read_text().splitlines():
        what, name, number = line.split()
        if what == "synced":
            on_disk[name] = int(number)
        else:
            rows += 1
            assert int(number) <= on_disk.get(name, 0)
    assert (rows,) == crawl.query("SELECT count(*) FROM captures")[0] == (11,)


@pytest.mark.long
def test_what_was_lost_is_told_and_fetched_again(site: Site, crawl: Crawl) -> None:
    paths = [f"/tin-so-thu-{number}.html" for number in range(6)]
    site.routes = {path: html(article(path)) for path in paths} | {"/": html(links(*paths))}
    assert crawl.portal(site).returncode == 0
    (warc,) = crawl.captures.rglob("*.warc.gz")
    ((middle,),) = crawl.query("SELECT offset + 5 FROM captures WHERE url LIKE '%-3.html'")
    warc.write_bytes(warc.read_bytes()[:middle])
    before = warc.read_bytes()
    asked = len(site.log)
    assert crawl.portal(site).returncode == 0
    lost = [url for (url,) in crawl.query("SELECT url FROM captures WHERE lost")]
    assert f"{site.url}/tin-so-thu-3.html" in lost
    again = {site.url + path for path in site.log[asked:]}
    assert set(lost) <= again
    assert warc.read_bytes() == before
    assert len(list(crawl.captures.rglob("*.warc.gz"))) == 2
    with closing(sqlite3.connect(crawl.archive)) as db:
        found = list(verify(db, crawl.captures))
    assert [one for one in found if not one.note] == []
    assert sum("was lost when the machine lost its power" in one.reason for one in found) == len(lost)
    assert sorted(crawl.query("SELECT title, version FROM articles")) == [
        (title_of(path), 1) for path in paths
    ]


@pytest.mark.long
def test_captures_that_are_not_mounted_end_the_crawl_with_a_sentence(site: Site, crawl: Crawl) -> None:
    site.routes = {"/": html(links("/tin-so-thu-1.html")), "/tin-so-thu-1.html": html(article("Một"))}
    assert crawl.portal(site).returncode == 0
    crawl.captures.rename(crawl.captures.with_name("away"))
    crawl.captures.mkdir()
    done = crawl.portal(site)
    assert done.returncode == 1
    assert "none of the 1 capture files that the archive knows is there: is the disk mounted?" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(crawl.captures.rglob("*.warc.gz")) == []
