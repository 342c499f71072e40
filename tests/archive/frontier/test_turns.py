"""Silent lists take turns; what gives news, and the home page, are asked in every crawl."""

from __future__ import annotations

from pathlib import Path

import pytest
from visiting import HOME, Site, article, articles, lists, url

from portal_archive.archive.frontier.turns import IN_TURN
from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link

CATEGORIES = [f"muc-{number:02}" for number in range(IN_TURN + 8)]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A portal with more categories than a crawl asks in turn, each of which had an article when it was found."""
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    made.list("", 0, lists(*CATEGORIES))
    for number, category in enumerate(CATEGORIES):
        made.list(category, 0.1 + number / 1000, articles(f"{category}/a.html"))
        made.read(
            f"{category}/a.html", 0.5, article(title=category, body=f"{category} {article().body}"), depth=2
        )
    return made


def asked(site: Site, at: float) -> list[str]:
    """Crawl without finding anything new; return the paths that were asked, in order."""
    site.begin(at)
    paths = []
    while (path := site.due()[0].removeprefix(HOME)) in ("", "rss", "rss/muc", *CATEGORIES):
        site.list(path, at + len(paths) / 1000, depth=0 if not path else 1)
        paths.append(path)
        if not site.due():
            break
    return paths


def test_silent_lists_are_asked_in_turn(site: Site) -> None:
    assert asked(site, 1) == ["", *CATEGORIES[:IN_TURN]]
    assert asked(site, 2) == ["", *CATEGORIES[IN_TURN:], *CATEGORIES[: IN_TURN - 8]]
    assert asked(site, 3) == ["", *CATEGORIES[IN_TURN - 8 :], *CATEGORIES[:4]]


def test_no_list_waits_longer_than_a_day(site: Site) -> None:
    # A daily crawl meets all of them, though the last visit was some minutes into it.
    site.begin(24)
    found = {due.removeprefix(HOME) for due in site.due() if not due.endswith(".html")}
    assert found == {"", *CATEGORIES}


def test_something_new_lets_all_be_asked(site: Site) -> None:
    site.begin(1)
    assert len(site.due()) == 1 + IN_TURN
    site.list("", 1, [*articles("moi.html"), *lists(*CATEGORIES)], depth=0)
    assert set(site.due()) == {url("moi.html"), *map(url, CATEGORIES)}
    # A crawl that is killed and goes on asks none twice.
    site.list(CATEGORIES[-1], 1.1)
    site.archive.begin_crawl("huyen", site.crawl.started_at)  # type: ignore[union-attr]
    assert set(site.due()) == {url("moi.html"), *map(url, CATEGORIES[:-1])}


def test_a_list_that_gives_news_of_its_own_is_asked_in_every_crawl(site: Site) -> None:
    lively = CATEGORIES[-1]
    site.begin(25)
    site.list("", 25, depth=0)
    for number, category in enumerate(CATEGORIES):
        site.list(category, 25 + number / 1000, articles("tin/b.html") if category == lively else [])
    site.read("tin/b.html", 25.5, article(title="Tin b", body=f"b {article().body}"), depth=2)
    for hour in (26, 27, 28):
        assert lively in asked(site, hour)
    # It has been silent for longer than a month.
    waits = 25 + 31 * 24
    for category in [*CATEGORIES, ""]:
        site.list(category, waits, depth=1 if category else 0)
    assert asked(site, waits + 1) == ["", *CATEGORIES[:IN_TURN]]


def test_feeds_of_the_home_page_and_declared_lists_do_not_wait(site: Site) -> None:
    site.begin(1)
    site.list("", 1, [Link(url("rss"), LinkKind.FEED)], depth=0)
    site.archive.frontier.add("huyen", lists(CATEGORIES[-1]), None, 0, site.crawl.started_at)  # type: ignore[union-attr]
    site.visit("rss", 1, "feed")
    site.visit("rss/muc", 1, "feed", depth=2)
    for category in CATEGORIES:
        site.list(category, 1.1)
    found = asked(site, 2)
    assert {"", "rss", CATEGORIES[-1]} < set(found)
    assert len(found) == 3 + IN_TURN


def test_the_home_page_goes_first(site: Site) -> None:
    site.begin(1)
    assert site.due()[0] == HOME


def test_looking_for_those_that_wait_scans_no_table(site: Site) -> None:
    sql = "SELECT id FROM pages WHERE portal = 'x' AND queue = 0 AND depth > 0 AND state = 'done' AND next_visit <= 'y'"
    plan = " ".join(str(step[3]) for step in site.rows(f"EXPLAIN QUERY PLAN {sql}"))
    assert "pages_due (portal=? AND queue=? AND next_visit<?)" in plan
