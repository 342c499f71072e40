from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from visiting import HOME, START, Site, article, articles, hours, lists, url

from portal_archive.archive.frontier.schedule import EARLY, again, next_crawl, retry
from portal_archive.archive.moments import to_text
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Link, Page

DAY = timedelta(days=1)


def next_visit(site: Site, path: str) -> str | None:
    found: str | None = site.one("SELECT next_visit FROM pages WHERE url = ?", url(path))
    return found


def test_the_days_of_a_year() -> None:
    due = []
    visited = START
    while visited < START + 2 * 366 * DAY:
        visited = again(START, visited, visited)
        due.append((visited - START).days)
    assert due == [1, 3, 7, 14, 30, 90, 180, 365, 730, 1095]


def test_a_crawl_that_takes_hours_meets_a_page_a_day_later() -> None:
    visited = START + timedelta(hours=3)
    assert again(visited, visited, START) == START + DAY
    # A crawl of a week does not make what it has just visited due.
    started = START - 7 * DAY
    assert again(START, START, started) == START + DAY - EARLY


def test_a_visit_shortly_before_its_day_is_that_days() -> None:
    assert again(START, START + DAY - EARLY, START + DAY - EARLY) == START + 3 * DAY


def test_failures_rest_longer_and_longer() -> None:
    assert [retry(failures, START) - START for failures in (1, 2, 3, 4, 5, 6)] == [
        timedelta(hours=1),
        timedelta(hours=6),
        DAY,
        3 * DAY,
        7 * DAY,
        7 * DAY,
    ]


def test_a_page_of_every_crawl_is_not_due_twice_in_one() -> None:
    assert next_crawl(START, START) == START + timedelta(seconds=1)
    assert next_crawl(START + DAY, START) == START + DAY


def test_the_order_of_a_crawl(site: Site) -> None:
    site.list(
        "",
        0,
        [
            *articles("cu.html", published_at="2020-05-01T00:00:00+07:00"),
            *articles("moi.html", published_at="2026-03-01"),
            *articles("khong-ngay.html"),
            *lists("tin"),
            Link(url("rss"), LinkKind.FEED),
            Link(url("1.pdf"), LinkKind.FILE),
            *articles("hong.html", published_at="hôm qua"),
        ],
    )
    site.list("tin", 0, lists("tin/page-2"))
    site.list("tin/page-2", 0, lists("tin/page-3"), depth=2)
    assert site.due() == [
        url("rss"),
        url("moi.html"),
        url("cu.html"),
        url("khong-ngay.html"),
        url("hong.html"),
        url("tin/page-3"),
        url("1.pdf"),
    ]


def test_a_second_crawl_an_hour_later_sees_the_lists_and_what_is_new(site: Site) -> None:
    site.list("", 0, [*lists("tin"), Link(url("rss"), LinkKind.FEED), *articles("a.html")])
    site.list("tin", 0, [*articles("a.html", "b.html"), *lists("tin/page-2")])
    site.visit("rss", 0, "feed")
    site.list("tin/page-2", 0, articles("c.html"), depth=2)
    for path in ("a.html", "b.html", "c.html"):
        site.read(path, 0, article(title=path))
    assert site.due() == []
    site.begin(1)
    assert sorted(site.due()) == [HOME, url("rss"), url("tin")]
    site.list("tin", 1, [*articles("moi.html", "a.html", "b.html"), *lists("tin/page-2")])
    # More may have moved on to the page behind.
    assert sorted(site.due()) == [HOME, url("moi.html"), url("rss"), url("tin/page-2")]
    site.list("tin/page-2", 1, articles("b.html", "c.html"), depth=2)
    assert url("tin/page-2") not in site.due()


def test_articles_are_looked_at_again_a_day_later(site: Site) -> None:
    site.read("a.html", 0.5)
    assert next_visit(site, "a.html") == to_text(hours(24))
    site.begin(24)
    assert site.due() == [HOME, url("a.html")]
    site.read("a.html", 24.5)
    assert next_visit(site, "a.html") == to_text(hours(72))


def test_a_change_brings_the_next_look_sooner(site: Site) -> None:
    site.read("a.html", 0)
    site.begin(24 * 30)
    site.read("a.html", 24 * 30)
    assert next_visit(site, "a.html") == to_text(hours(24 * 90))
    site.begin(24 * 90)
    site.read("a.html", 24 * 90, article(author="Kim Anh"))
    assert next_visit(site, "a.html") == to_text(hours(24 * 91))


def test_a_failing_page_is_never_lost(site: Site) -> None:
    site.list("", 0, articles("a.html"))
    for failures, rest in enumerate((1, 6, 24, 72, 168, 168), start=1):
        site.begin(failures * 1000)
        site.error("a.html", failures * 1000)
        assert next_visit(site, "a.html") == to_text(hours(failures * 1000 + rest))
    assert site.one("SELECT state, attempts, queue FROM pages WHERE url = ?", url("a.html")) == (
        "failed",
        6,
        1,
    )
    site.read("a.html", 9000)
    assert site.one("SELECT state, attempts FROM pages WHERE url = ?", url("a.html")) == ("done", 0)


def test_what_ends_the_crawl_while_it_is_read_rests_from_the_second_time_on(site: Site) -> None:
    site.list("", 0, articles("a.html"))
    state = "SELECT attempts, next_visit FROM pages WHERE url = ?"
    for attempts, hour, rests in ((1, 1, 0), (2, 2, 8), (3, 9, 33)):
        site.begin(hour)
        assert site.crawl is not None
        home = site.archive.frontier.next_page(site.crawl)
        assert home is not None
        page = site.archive.frontier.next_page(site.crawl, {home.id})
        assert page is not None
        site.archive.frontier.begin(page, hours(hour))
        assert site.one(state, url("a.html")) == (attempts, to_text(hours(rests)))
    site.begin(100)
    site.read("a.html", 100)
    assert site.one("SELECT state, attempts FROM pages WHERE url = ?", url("a.html")) == ("done", 0)


def test_a_portal_that_asks_for_it_is_left_alone(site: Site) -> None:
    site.list("", 0, articles("a.html", "b.html"))
    site.archive.frontier.rest("huyen", hours(5))
    site.begin(4)
    assert site.due() == []
    site.begin(5)
    assert site.due() == [HOME, url("a.html"), url("b.html")]


@pytest.mark.parametrize(
    ("kind", "status"), [("blocked", 200), ("other", 503), ("gone", 429), ("other", 403)]
)
def test_a_refusing_server_says_nothing_about_the_page(site: Site, kind: str, status: int) -> None:
    site.read("a.html", 0)
    site.visit("a.html", 24, kind, status=status)
    assert site.one("SELECT state, attempts, kind FROM pages WHERE url = ?", url("a.html")) == (
        "failed",
        1,
        "article",
    )
    assert site.one("SELECT missing_since FROM articles") is None


def test_files_are_fetched_once(site: Site) -> None:
    site.list("", 0, [Link(url("1.jpg"), LinkKind.FILE)])
    site.visit("1.jpg", 0, "file", depth=1)
    assert site.one("SELECT state, next_visit FROM pages WHERE url = ?", url("1.jpg")) == ("done", None)


def test_deep_lists_and_other_pages_are_seldom_seen_again(site: Site) -> None:
    site.list("tin/page-9", 0, depth=3)
    site.visit("lien-he", 0, "other")
    site.visit("cam", 0, "refused", status=None)
    site.visit("ngoai", 0, "redirect")
    for path in ("tin/page-9", "lien-he", "cam", "ngoai"):
        assert next_visit(site, path) == to_text(hours(24 * 7)), path


def test_a_list_found_nearer_to_the_home_page_is_due_in_every_crawl(site: Site) -> None:
    site.list("tin", 0, lists("chuyen-muc"))
    site.list("chuyen-muc", 0, depth=2)
    assert next_visit(site, "chuyen-muc") == to_text(hours(24 * 7))
    site.begin(1)
    site.list("", 1, lists("chuyen-muc"))
    assert site.one("SELECT depth, queue FROM pages WHERE url = ?", url("chuyen-muc")) == (1, 0)
    assert url("chuyen-muc") in site.due()


def test_a_backfill_goes_on_where_it_was_broken_off(site: Site) -> None:
    site.list("", 0, [*articles("a.html", "b.html"), *lists("tin")])
    site.read("a.html", 0)
    # Three weeks later.
    site.begin(24 * 21)
    assert site.due() == [HOME, url("tin"), url("b.html"), url("a.html")]


def test_a_page_in_flight_is_not_given_out_again(site: Site) -> None:
    crawl = site.crawl
    assert crawl is not None
    page = site.archive.frontier.next_page(crawl)
    assert page is not None
    assert (page.url, page.kind, page.depth, page.attempts, page.conditional) == (HOME, "list", 0, 0, None)
    assert site.archive.frontier.next_page(crawl, {page.id}) is None
    assert site.archive.frontier.next_page(crawl) == page


def test_new_links_are_counted_once(site: Site) -> None:
    assert site.list("", 0, [*articles("a.html", "b.html", "a.html"), *lists("tin")]).new_links == 3
    assert site.list("tin", 0, [*articles("a.html", "b.html"), *lists("tin")]).new_links == 0
    assert site.rows("SELECT url, depth, found_on FROM pages WHERE depth > 0 ORDER BY id") == [
        (url("a.html"), 1, HOME),
        (url("b.html"), 1, HOME),
        (url("tin"), 1, HOME),
    ]


def test_pages_of_an_import_are_no_start_pages(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.list("tin", 0, depth=0)
    site.read("a.html", 0, depth=0)
    assert site.rows("SELECT url, depth, next_visit FROM pages ORDER BY id") == [
        (url("tin"), 2, to_text(hours(24 * 7))),
        (url("a.html"), 2, to_text(hours(24))),
    ]


def test_an_older_import_does_not_change_what_is_due(site: Site) -> None:
    site.read("a.html", 0)
    site.crawl = None
    site.read("a.html", -5000, article(title="Cũ"))
    site.gone("a.html", -4000)
    assert site.one("SELECT state, last_visit, next_visit FROM pages WHERE kind = 'article'") == (
        "done",
        to_text(hours(0)),
        to_text(hours(24)),
    )


def test_a_server_that_answers_304_is_asked_so(site: Site) -> None:
    site.read("a.html", 0, etag='"1"', last_modified="Mon, 02 Mar 2026 00:00:00 GMT")
    assert site.one("SELECT etag, conditional FROM pages WHERE kind = 'article'") == ('"1"', None)
    site.visit("a.html", 24, "unchanged", status=304)
    assert site.one("SELECT etag, conditional, unchanged FROM pages WHERE kind = 'article'") == ('"1"', 1, 1)
    site.begin(72)
    page = site.archive.frontier.next_page(site.crawl, {1})  # type: ignore[arg-type]
    assert page is not None
    assert (page.etag, page.last_modified, page.conditional) == ('"1"', "Mon, 02 Mar 2026 00:00:00 GMT", True)


@pytest.mark.parametrize(
    ("before", "after", "learnt"),
    [
        (
            {"last_modified": "Sun, 01 Mar 2026 01:00:00 GMT"},
            {"last_modified": "Mon, 02 Mar 2026 01:00:00 GMT"},
            0,
        ),
        (
            {"last_modified": "Sun, 01 Mar 2026 01:00:00 GMT"},
            {"last_modified": "Sun, 01 Mar 2026 01:00:00 GMT"},
            None,
        ),
        ({"etag": '"1"', "last_modified": "x"}, {"etag": '"1"', "last_modified": "y"}, None),
        ({"etag": '"1"'}, {"etag": '"2"'}, 0),
    ],
)
def test_validators_that_move_while_the_page_stands_still_lie(
    site: Site, before: dict[str, str], after: dict[str, str], learnt: int | None
) -> None:
    site.read("a.html", 0, **before)
    site.read("a.html", 24, article(views=77), **after)
    assert site.one("SELECT conditional FROM pages WHERE kind = 'article'") == learnt


def test_validators_that_move_with_the_page_are_believed(site: Site) -> None:
    site.read("a.html", 0, etag='"1"')
    site.read("a.html", 24, article(author="Kim Anh"), etag='"2"')
    assert site.one("SELECT conditional FROM pages WHERE kind = 'article'") is None


def test_a_home_page_that_redirects_stays_a_start_page(site: Site) -> None:
    site.list("", 0, articles("a.html"), final="vi/", depth=0)
    assert site.due() == [url("a.html")]
    site.begin(1)
    assert HOME in site.due()


def test_next_page_scans_no_table(site: Site) -> None:
    plans = [
        "SELECT id FROM pages WHERE portal = 'x' AND queue = 1 AND next_visit <= 'y'"
        " ORDER BY next_visit DESC, priority DESC LIMIT 9",
        "SELECT id FROM pages WHERE portal = 'x' AND queue = 3 AND next_visit <= 'y'"
        " ORDER BY next_visit ASC, priority ASC LIMIT 9",
    ]
    for sql in plans:
        plan = " ".join(str(step[3]) for step in site.rows(f"EXPLAIN QUERY PLAN {sql}"))
        assert "pages_due (portal=? AND queue=? AND next_visit<?)" in plan
        assert "TEMP B-TREE" not in plan


def test_what_was_taken_for_an_article_leads_on_at_once(site: Site) -> None:
    site.list("", 0, articles("muc.html"))
    assert site.visit("muc.html", 0, "other", links=articles("a.html")).new_links == 1
    assert url("a.html") in site.due()
    # A login form in the place of a known article does not.
    site.read("a.html", 0)
    assert site.visit("a.html", 24, "other", links=articles("b.html")).new_links == 0


def test_what_its_cms_calls_no_article_is_not_tried_again_soon(site: Site) -> None:
    site.list("", 0, articles("ho-so.html", "loi.html"))
    for path, is_stated in (("ho-so.html", True), ("loi.html", False)):
        site.visit(path, 0, "other", page=Page(url(path), Outcome.OTHER, is_stated=is_stated))
    assert next_visit(site, "loi.html") == to_text(hours(1))
    assert next_visit(site, "ho-so.html") == to_text(hours(24 * 7))
    # Nor does it count among the articles that do not read as articles.
    assert site.rows("SELECT field, filled, articles FROM crawl_fields") == [("article", 0, 1)]
