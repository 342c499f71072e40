from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from visiting import LONG, Site, article, articles, hours, lists, url

from portal_archive.archive.moments import to_text


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A portal with a home page, a list and three articles, crawled at hour 0."""
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    crawl(made, 0)
    return made


NAMES = ("a.html", "b.html", "c.html")


def crawl(site: Site, at: float, **missing: str) -> None:
    """Visit everything at an hour; `missing` says how a page fails: a="gone", home="error" ..."""
    site.begin(at) if at else None
    found = {"": "list", "tin": "list", **dict.fromkeys(NAMES, "article")}
    for path, kind in found.items():
        name = path.removesuffix(".html") or "home"
        kind = missing.get(name, missing.get("rest", kind))
        if kind == "article":
            site.read(path, at, article(title=name))
        elif kind == "list":
            site.list(path, at, [*lists("tin"), *articles(*NAMES)])
        elif kind == "home":
            site.list(path, at, final="")
        elif kind == "gone":
            site.gone(path, at)
        else:
            site.visit(path, at, kind, status=503 if kind == "error" else 200)


def presence(site: Site) -> list[tuple[str, str | None, str | None, str | None]]:
    return site.rows("SELECT title, missing_since, gone_at, came_back_at FROM articles ORDER BY title")


def at(number: float) -> str:
    return to_text(hours(number))


THERE = (None, None, None)


@pytest.mark.parametrize("way", ["gone", "soft-404", "home", "redirect"])
def test_missing_at_first_sight_and_gone_when_confirmed(site: Site, way: str) -> None:
    crawl(site, 24, a=way)
    assert presence(site) == [("a", at(24), None, None), ("b", *THERE), ("c", *THERE)]
    crawl(site, 48, a=way)
    assert presence(site) == [("a", at(24), at(48), None), ("b", *THERE), ("c", *THERE)]
    assert site.one("SELECT gone_articles FROM crawls ORDER BY id DESC LIMIT 1") == 1
    crawl(site, 72, a=way)
    assert presence(site)[0] == ("a", at(24), at(48), None)


def test_less_than_a_day_later_confirms_nothing(site: Site) -> None:
    crawl(site, 24, a="gone")
    crawl(site, 47.9, a="gone")
    assert presence(site)[0] == ("a", at(24), None, None)


def test_back_before_it_was_confirmed_was_never_gone(site: Site) -> None:
    crawl(site, 24, a="gone")
    crawl(site, 48)
    assert presence(site)[0] == ("a", *THERE)


def test_back_after_it_was_gone_and_gone_again(site: Site) -> None:
    crawl(site, 24, a="gone")
    crawl(site, 48, a="gone")
    crawl(site, 72)
    assert presence(site)[0] == ("a", None, at(48), at(72))
    crawl(site, 96, a="gone")
    assert presence(site)[0] == ("a", at(96), at(48), at(72))
    crawl(site, 120, a="gone")
    assert presence(site)[0] == ("a", at(96), at(120), None)


def test_it_tells_what_became_of_it(site: Site) -> None:
    site.begin(24)
    site.list("tin", 24)
    assert site.gone("a.html", 24).newly_missing
    site.begin(48)
    site.list("tin", 48)
    stored = site.gone("a.html", 48)
    assert (stored.newly_missing, stored.newly_gone, stored.article_id) == (False, True, 1)
    assert site.read("a.html", 72, article(title="a")).came_back


@pytest.mark.parametrize("way", ["gone", "soft-404", "home", "error", "blocked"])
def test_a_portal_that_fails_altogether_makes_no_article_gone(site: Site, way: str) -> None:
    for day in (24, 48, 72):
        crawl(site, day, rest=way)
    assert [row[2] for row in presence(site)] == [None, None, None]
    crawl(site, 96)
    assert presence(site) == [("a", *THERE), ("b", *THERE), ("c", *THERE)]


@pytest.mark.parametrize("way", ["gone", "home"])
def test_a_portal_that_answers_with_its_home_page_only_makes_no_article_gone(site: Site, way: str) -> None:
    for day in (24, 48, 72):
        crawl(site, day, rest=way, home="list")
    assert [row[2] for row in presence(site)] == [None, None, None]


def test_while_most_pages_fail_nothing_is_confirmed(site: Site) -> None:
    crawl(site, 24, a="gone")
    site.begin(48)
    site.list("tin", 48)
    site.error("b.html", 48)
    site.error("c.html", 48)
    site.gone("a.html", 48)
    assert presence(site)[0] == ("a", at(24), None, None)


def test_dead_links_are_no_sign_of_a_fault(site: Site) -> None:
    crawl(site, 24, a="gone")
    site.begin(48)
    site.list("tin", 48, articles("x.html", "y.html", "z.html"))
    for path in ("x.html", "y.html", "z.html"):
        site.gone(path, 48)
    assert site.gone("a.html", 48).newly_gone


def test_many_that_go_at_once_are_gone_after_a_week(site: Site) -> None:
    crawl(site, 24, a="gone", b="gone", c="gone")
    crawl(site, 48, a="gone", b="gone", c="gone")
    assert presence(site) == [(name, at(24), None, None) for name in "abc"]
    crawl(site, 24 * 8, a="gone", b="gone", c="gone")
    assert presence(site) == [(name, at(24), at(24 * 8), None) for name in "abc"]


def test_an_error_neither_confirms_nor_denies(site: Site) -> None:
    crawl(site, 24, a="gone")
    crawl(site, 48, a="error")
    assert presence(site)[0] == ("a", at(24), None, None)
    crawl(site, 72, a="gone")
    assert presence(site)[0] == ("a", at(24), at(72), None)


def test_an_article_is_there_while_one_of_its_urls_is(site: Site) -> None:
    site.read("khac/a-1.html", 1, article(title="a"))
    crawl(site, 24, a="gone")
    assert presence(site)[0] == ("a", *THERE)
    assert site.one("SELECT url FROM articles WHERE title = 'a'") == url("khac/a-1.html")
    crawl(site, 48, a="gone")
    assert presence(site)[0] == ("a", *THERE)
    site.gone("khac/a-1.html", 48)
    assert presence(site)[0] == ("a", at(48), None, None)


def test_moved_elsewhere_it_comes_back(site: Site) -> None:
    crawl(site, 24, a="gone")
    crawl(site, 48, a="gone")
    assert site.read("moi/a.html", 48, article(title="a")).came_back
    assert presence(site)[0] == ("a", None, at(48), at(48))
    assert site.one("SELECT count(*), max(url) FROM articles WHERE title = 'a'") == (1, url("moi/a.html"))


def test_an_import_of_an_older_capture_finds_the_article_missing_since(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.gone("a.html", 24)
    site.read("a.html", 0, article(title="a"))
    assert presence(site) == [("a", at(24), None, None)]


def test_an_article_page_that_reads_as_a_list_is_a_problem_and_not_missing(site: Site) -> None:
    site.begin(24)
    stored = site.list("a.html", 24)
    assert (stored.article_id, stored.newly_missing) == (1, False)
    assert presence(site)[0] == ("a", *THERE)
    assert site.one("SELECT kind, url FROM problems") == ("kind-changed", url("a.html"))
    assert site.one("SELECT kind, state FROM pages WHERE url = ?", url("a.html")) == ("article", "done")


@pytest.mark.parametrize("order", list(permutations((0, 30, 60))), ids=str)
@pytest.mark.parametrize(("kind", "status"), [("gone", 404), ("redirect", 301)])
def test_imported_in_any_order(tmp_path: Path, order: tuple[int, ...], kind: str, status: int) -> None:
    site = Site(tmp_path / "archive.db")
    for when in order:
        for name in ("b.html", "c.html"):
            site.read(name, when, article(title=name, body=f"{LONG} {name}"))
        if when == 0:
            site.read("a.html", 0, article(title="a"))
        else:
            site.visit("a.html", when, kind, status=status)
    assert presence(site) == [("a", at(30), at(60), None), ("b.html", *THERE), ("c.html", *THERE)]


@pytest.mark.parametrize("order", list(permutations((0, 30, 60))), ids=str)
def test_an_older_absence_says_nothing_of_today(tmp_path: Path, order: tuple[int, ...]) -> None:
    site = Site(tmp_path / "archive.db")
    for when in order:
        site.read("b.html", when, article(title="b"))
        site.gone("a.html", when) if when == 30 else site.read(
            "a.html", when, article(title="a", body=LONG * 2)
        )
    assert presence(site) == [("a", *THERE), ("b", *THERE)]
    assert site.rows("SELECT DISTINCT version FROM versions") == [(1,)]
