"""A clock that goes backwards: nothing is lost, nothing asked for twice, nothing put off for ever."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from visiting import HOME, LONG, START, Site, article, articles, hours, url

from portal_archive.archive.frontier.due import is_due
from portal_archive.archive.moments import to_text

INTERVAL = timedelta(hours=6)
YEARS = 24 * 365 * 50


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "archive.db")


def show(site: Site, name: str, at: float) -> None:
    site.read(f"{name}.html", at, article(title=f"Giao ban quý {name}", body=f"{LONG}\n\nBài {name}."))


@pytest.mark.parametrize("ahead", [1, 36, YEARS])
def test_between_two_crawls(site: Site, ahead: float) -> None:
    db = site.archive.db.conn
    site.begin(ahead)
    site.list("", ahead, articles("a.html", "b.html"))
    show(site, "a", ahead + 0.1)
    site.error("b.html", ahead + 0.1)
    assert site.due() == []

    assert is_due(db, "huyen", START, INTERVAL)
    crawl = site.begin(0)
    # Pages rest as long as they would have; those that a wrong year put off are looked at again.
    assert set(site.due()) == ({HOME, url("a.html"), url("b.html")} if ahead == YEARS else {HOME})
    assert site.rows("SELECT url, kind, detail FROM problems WHERE kind = 'clock'") == [
        (
            HOME,
            "clock",
            f"the clock was set back: a crawl was active at {to_text(hours(ahead + 0.1))}, and now it is {to_text(START)}",
        )
    ]
    site.list("", 0.1, articles("c.html"))
    show(site, "c", 0.2)
    show(site, "a", 0.3)
    show(site, "b", 0.3)
    assert site.due() == []
    assert site.rows("SELECT count(*) FROM articles") == [(3,)]
    # A later crawl finds everything in order.
    site.archive.end_crawl(crawl, hours(0.5), "finished")
    assert not is_due(db, "huyen", hours(1), INTERVAL)
    site.begin(30)
    assert set(site.due()) == {HOME, *map(url, ("a.html", "b.html", "c.html"))}
    assert site.rows("SELECT count(*) FROM crawls WHERE finished_at < started_at") == [(0,)]


def test_within_a_crawl(site: Site) -> None:
    site.begin(48)
    site.list("", 48.1, articles("a.html", "b.html", "c.html"))
    show(site, "a", 48.2)
    # Set back by two days.
    show(site, "b", 0.2)
    site.error("c.html", 0.3)
    assert site.due() == []
    site.list("d/", 0.4)
    assert site.due() == []
    site.begin(72.5)
    assert set(site.due()) == {HOME, *map(url, ("a.html", "b.html", "c.html", "d/"))}
