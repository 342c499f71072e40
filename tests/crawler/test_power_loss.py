"""The machine loses its power: the archive has rows whose captures the disk never had."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from crawling import Crawl, Site, article, html, links, title_of

from portal_archive.archive.verify.verify import verify


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
