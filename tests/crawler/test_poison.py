"""A page that its reader cannot hold costs itself, and not the crawl it is met in nor the crawls after."""

from __future__ import annotations

import pytest
from crawling import Crawl, Site, article, html, links

BIG, GOOD = "/tin-so-thu-doc.html", "/tin-so-thu-lanh.html"
# What a worker holds without a page is some 60 MB.
READER_MEMORY = 120 * 1024 * 1024


@pytest.mark.long
def test_a_page_too_large_for_its_reader_counts_rests_and_stops_nothing(site: Site, crawl: Crawl) -> None:
    site.routes = {
        "/": html(links(BIG, GOOD)),
        BIG: html(b"<p>" + b"<b>x</b>" * 1_900_000),
        GOOD: html(article("Lành")),
    }
    done = crawl.portal(site, READER_MEMORY=READER_MEMORY)
    assert done.returncode == 0, done.stderr
    assert crawl.query("SELECT replace(url, ?, ''), kind, count FROM problems", site.url) == [
        (BIG, "reader-too-large", 1)
    ]
    assert crawl.query("SELECT state, attempts FROM pages WHERE url LIKE ?", f"%{BIG}") == [("failed", 1)]
    rests = "SELECT round(24 * (julianday(next_visit) - julianday(last_visit))) FROM pages WHERE url LIKE ?"
    assert crawl.query(rests, f"%{BIG}") == [(1.0,)]
    assert crawl.query("SELECT title FROM articles") == [("Hội nghị công tác dân vận Lành",)]
    # Its capture is whole: a better reader may read it one day.
    assert crawl.query("SELECT count(*) FROM captures WHERE url LIKE ? AND status = 200", f"%{BIG}") == [(1,)]
    assert crawl.command("verify").returncode == 0
    asked = site.log.count(BIG)
    assert crawl.portal(site, READER_MEMORY=READER_MEMORY).returncode == 0
    assert site.log.count(BIG) == asked
    # Told that there is more memory, it is read.
    crawl.change("UPDATE pages SET next_visit = '2020-01-01T00:00:00Z' WHERE state = 'failed'")
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT state, attempts FROM pages WHERE url LIKE ?", f"%{BIG}") == [("done", 0)]
