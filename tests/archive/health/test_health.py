"""The state of a portal as its crawls show it: each that there is, and what must not be called one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from visiting import HOME, Site, article, articles, hours, lists, url

from portal_archive.archive.archive import Archive
from portal_archive.archive.health.judge import after_crawl
from portal_archive.archive.health.states import current
from portal_archive.archive.health.verdict import Verdict
from portal_archive.model.expectations import Expect, Range
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Counter, Finding, Link, Page, Problem
from portal_archive.model.records import Fingerprint

DAY = 24
NEWS = [f"tin-{number}.html" for number in range(20)]


class Portal(Site):
    """A portal that is crawled once a day; days count from the first crawl."""

    def end(self, day: float, expect: Expect | None = None, outcome: str = "finished") -> Verdict | None:
        """End the crawl of a day, and return what it says of the portal."""
        assert self.crawl is not None
        at = hours(day * DAY + 2)
        self.archive.end_crawl(self.crawl, at, outcome)
        state = after_crawl(self.archive, self.crawl.id, expect or Expect(), at)
        self.crawl = None
        return state

    def news(self, day: float, paths: Sequence[str] = NEWS, **fields: Any) -> None:
        """Let a crawl read the home page and articles; `fields` are those of the articles."""
        at = day * DAY
        self.begin(at)
        page = Page(url=HOME, kind=Outcome.LIST)
        self.visit("", at, "list", page=page, links=articles(*paths), etag='"1"')
        for path in paths:
            shown = {"title": f"Bản tin {path}", "body": f"Nội dung của {path}. " * 20, **fields}
            self.read(path, at + 1, article(**shown))

    def states(self) -> list[tuple[str, str, str | None]]:
        return self.rows("SELECT state, since, until FROM portal_states ORDER BY id")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty archive: making its tables takes longer than most of these tests."""
    path = tmp_path_factory.mktemp("blank") / "archive.db"
    Archive(path).close()
    return path


@pytest.fixture
def portal(tmp_path: Path, blank: Path) -> Portal:
    shutil.copy(blank, tmp_path)
    return Portal(tmp_path / "archive.db")


def state_of(portal: Portal, day: float, expect: Expect | None = None) -> Verdict:
    state = portal.end(day, expect)
    assert state is not None
    return state


def printed(day: int) -> str:
    return hours(day * DAY).isoformat()


# --- the three failures that nobody noticed elsewhere ------------------------------------------------------


def test_a_redesign_that_empties_bodies_while_metadata_fills_the_rest(portal: Portal) -> None:
    for day in range(3):
        portal.news(day, [f"ngay-{day}-{path}" for path in NEWS], published_at=printed(day))
        assert state_of(portal, day).state == "ok"
    after = [f"moi-{path}" for path in NEWS[:6]]
    portal.begin(3 * DAY)
    portal.list("", 3 * DAY, articles(*after))
    for path in after:
        shown = article(title=f"Bản tin {path}", body=None, published_at=printed(3))
        portal.read(path, 3 * DAY + 1, shown, methods={"title": "meta", "published_at": "meta"})
    state = state_of(portal, 3)
    assert (state.state, state.field, state.before, state.after) == ("degraded", "body", "100%", "0%")
    assert state.examples == tuple(url(path) for path in after[:3])
    assert state.reason.en == (
        "body is found in 0% of articles, 100% expected; title is found in 0% of articles, 100% expected;"
        " published_at is found in 0% of articles, 100% expected"
    )
    assert state.reason.vi.startswith("body chỉ có ở 0% số bài")
    assert portal.states() == [
        ("ok", "2026-03-02T01:00:00Z", "2026-03-05T01:00:00Z"),
        ("degraded", "2026-03-05T01:00:00Z", None),
    ]


def test_a_redesign_after_which_articles_are_not_read_as_such(portal: Portal) -> None:
    portal.news(0)
    assert state_of(portal, 0).state == "ok"
    portal.begin(DAY)
    portal.list("", DAY, articles(*NEWS))
    for path in NEWS[:5]:
        portal.visit(path, DAY + 1, "soft-404", page=Page(url=url(path), kind=Outcome.SOFT_404))
    state = state_of(portal, 1)
    assert (state.state, state.field) == ("degraded", "present")
    assert state.reason.en.startswith("5 of 5 articles looked at again were missing at once;")
    assert state.examples == tuple(url(path) for path in NEWS[:3])


def test_articles_that_answer_with_404_have_vanished_and_that_is_told(portal: Portal) -> None:
    portal.news(0)
    state_of(portal, 0)
    portal.begin(DAY)
    portal.list("", DAY, articles(*NEWS))
    for path in NEWS:
        portal.gone(path, DAY + 1)
    state = state_of(portal, 1)
    assert (state.state, state.cause, state.field) == ("degraded", "vanished", "present")


def test_half_a_year_of_the_same_articles_is_no_success(portal: Portal) -> None:
    for day in range(0, 70, 7):
        portal.news(day, [f"ngay-{day}.html"], published_at=printed(day))
        assert state_of(portal, day).state == "ok", day
    for day in range(70, 77):
        portal.news(day, ["ngay-63.html"], published_at=printed(63))
        assert state_of(portal, day).state == "ok", day
    portal.news(63 + 180, ["ngay-63.html"], published_at=printed(63))
    state = state_of(portal, 63 + 180)
    assert (state.state, state.cause, state.after) == ("silent", "nothing-new", "2026-05-04")
    assert "nothing new for 180 days" in state.reason.en


def test_old_articles_under_new_addresses_are_nothing_new(portal: Portal) -> None:
    for day in range(0, 140, 7):
        portal.news(day, [f"ngay-{day}.html"], published_at=printed(min(day, 70)))
        expected = "ok" if day - 70 < 14 else "silent"
        assert state_of(portal, day).state == expected, day


@pytest.mark.parametrize("known", [False, True])
def test_a_crawl_that_finds_nothing_is_not_ok(portal: Portal, known: bool) -> None:
    if known:
        portal.news(0)
        state_of(portal, 0)
    portal.begin(DAY)
    portal.visit("", DAY, "other", page=Page(url=HOME, kind=Outcome.OTHER))
    state = state_of(portal, 1)
    assert (state.state, state.cause, state.field) == ("degraded", "empty", "list" if known else "article")
    assert state.examples == (HOME,)


@pytest.mark.parametrize("closed", [None, "2025-07-01"])
def test_a_first_crawl_of_one_article_behind_a_plain_link_is_ok(portal: Portal, closed: str | None) -> None:
    portal.begin(0)
    portal.visit("", 0, "other", page=Page(url=HOME, kind=Outcome.OTHER), links=lists(NEWS[0]))
    portal.read(NEWS[0], 1)
    assert state_of(portal, 0, Expect(closed=closed)).state == "ok"


@pytest.mark.parametrize("source", ["article", "sitemap"])
def test_new_articles_that_no_list_led_to_do_not_excuse_empty_lists(portal: Portal, source: str) -> None:
    portal.news(0)
    state_of(portal, 0)
    portal.begin(DAY)
    portal.visit("", DAY, "other", page=Page(url=HOME, kind=Outcome.OTHER))
    if source == "article":
        portal.read(NEWS[0], DAY + 1, article(title=f"Bản tin {NEWS[0]}"), links=lists("moi.html"))
    else:
        assert portal.crawl is not None
        sitemap = [Link(url("sitemap.xml"), LinkKind.SITEMAP)]
        portal.archive.frontier.add("huyen", sitemap, None, 0, portal.crawl.started_at)
        portal.visit("sitemap.xml", DAY + 1, "sitemap", links=articles("moi.html"))
    portal.read("moi.html", DAY + 2, article(title="Bản tin mới", body="Nội dung mới. " * 20))
    assert portal.rows("SELECT found_on FROM pages WHERE url = ?", url("moi.html")) == [
        (url(NEWS[0] if source == "article" else "sitemap.xml"),)
    ]
    state = state_of(portal, 1)
    assert (state.state, state.cause, state.field) == ("degraded", "empty", "list")


def test_a_crawl_without_a_visit_is_not_ok(portal: Portal) -> None:
    portal.begin(0)
    assert state_of(portal, 0).cause == "nothing-visited"


def test_a_list_that_announces_articles_none_of_which_is_read_is_not_ok(portal: Portal) -> None:
    portal.begin(0)
    portal.list("", 0, articles(*NEWS))
    for path in NEWS[:4]:
        portal.visit(path, 1, "other", page=Page(url=url(path), kind=Outcome.OTHER))
    assert state_of(portal, 0).state == "degraded"


# --- what is well, however little it gives -----------------------------------------------------------------


def test_a_second_crawl_minutes_later_is_ok(portal: Portal) -> None:
    portal.news(0)
    state_of(portal, 0)
    portal.begin(3)
    portal.list("", 3, articles(*NEWS), etag='"1"')
    assert state_of(portal, 0.1).state == "ok"
    portal.begin(5)
    portal.visit("", 5, "unchanged", status=304)
    assert state_of(portal, 0.2).state == "ok"
    assert [state for state, _, _ in portal.states()] == ["ok"]


def test_a_crawl_that_was_stopped_says_nothing(portal: Portal) -> None:
    portal.begin(0)
    assert portal.end(0, outcome="closed") is None
    portal.begin(DAY)
    portal.list("", DAY, articles(*NEWS))
    assert portal.end(1, outcome="closed") is None
    assert portal.states() == []
    assert portal.rows("SELECT state FROM crawls") == [(None,), (None,)]


def test_a_home_page_that_rests_after_a_failure_is_still_what_it_was(portal: Portal) -> None:
    portal.begin(0)
    portal.error("", 0, problems=[Problem("dns", "not found")])
    assert state_of(portal, 0).state == "unreachable"
    portal.begin(0.5)
    assert portal.end(0.02) is None
    assert [state for state, _, _ in portal.states()] == ["unreachable"]


@pytest.mark.parametrize(
    ("articles_read", "with_author", "state"),
    [
        (1000, 949, "ok"),  # 94.9 % where 95 % are usual
        (1000, 870, "ok"),
        (1000, 800, "degraded"),
        (20, 17, "ok"),
        (4, 2, "ok"),  # few articles say little
        (2, 0, "ok"),
        (3, 0, "degraded"),
        (20, 8, "degraded"),
    ],
)
def test_what_is_learnt_does_not_cry_wolf(
    portal: Portal, articles_read: int, with_author: int, state: str
) -> None:
    for day in range(10):
        portal.news(day, [f"ngay-{day}.html"], published_at=printed(day))
        portal.archive.db.execute(
            "UPDATE crawl_fields SET articles = 100, filled = 95 WHERE field = 'author' AND crawl_id = ?",
            [day + 1],
        )
        state_of(portal, day)
    portal.news(10, ["moi.html"], published_at=printed(10))
    portal.archive.db.execute(
        "UPDATE crawl_fields SET articles = ?, filled = ? WHERE field = 'author' AND crawl_id = 11",
        [articles_read, with_author],
    )
    assert state_of(portal, 10).state == state


def test_a_loss_that_shows_in_few_articles_a_day_is_noticed_when_they_add_up(portal: Portal) -> None:
    for day in range(3):
        portal.news(day, [f"{day}-{path}" for path in NEWS], published_at=printed(day), author="Kim Anh")
        state_of(portal, day)
    seen = []
    for day in range(3, 7):
        portal.news(day, [f"moi-{day}.html"], published_at=printed(day))
        seen.append(state_of(portal, day).state)
    assert seen == ["ok", "ok", "degraded", "degraded"]
    # Nothing new tells that it is well again; one article with an author does.
    portal.begin(7 * DAY)
    portal.list("", 7 * DAY, articles("moi-6.html"), etag='"1"')
    state = state_of(portal, 7)
    assert (state.state, state.field, state.after) == ("degraded", "author", "0%")
    portal.begin(7.5 * DAY)
    portal.visit("", 7.5 * DAY, "unchanged", status=304)
    assert portal.end(7.5) is None
    portal.news(8, ["moi-8.html"], published_at=printed(8), author="Kim Anh")
    assert state_of(portal, 8).state == "ok"


# --- declared ----------------------------------------------------------------------------------------------


def test_a_declared_minimum_is_an_error_and_a_maximum_a_warning(portal: Portal) -> None:
    expect = Expect(filled={"author": Range(min=0.9), "views": Range(max=0.5)}, new=Range(max=10))
    portal.news(0, NEWS[:3], views=7)
    state = state_of(portal, 0, expect)
    assert (state.state, state.field, state.before, state.after) == ("degraded", "author", "90%", "0%")
    portal.news(1, author="Kim Anh", views=7)
    state = state_of(portal, 1, expect)
    assert state.state == "ok"
    assert [said.en for said in state.warnings] == [
        "views: 100% of articles, at most 50% expected",
        "20 new articles in 30 days; at most 10 are expected",
    ]
    assert json.loads(portal.one("SELECT warnings FROM portal_states WHERE until IS NULL")) == [
        [[code, values] for code, values in said.clauses] for said in state.warnings
    ]


@pytest.mark.parametrize(
    ("with_author", "state"), [(949, "ok"), (944, "degraded"), (950, "ok"), (1000, "ok")]
)
def test_a_declared_share_is_meant_in_whole_per_cent(portal: Portal, with_author: int, state: str) -> None:
    portal.news(0, NEWS[:2])
    portal.archive.db.execute(
        "UPDATE crawl_fields SET articles = 1000, filled = ? WHERE field = 'author'", [with_author]
    )
    assert state_of(portal, 0, Expect(filled={"author": Range(min=0.95)})).state == state


def test_a_counter_that_is_declared_must_be_there(portal: Portal) -> None:
    expect = Expect(counter=True)
    portal.begin(0)
    portal.list("", 0, articles("a.html"))
    portal.read("a.html", 1, counter=Counter(total=7))
    assert state_of(portal, 0, expect).state == "ok"
    portal.begin(DAY)
    portal.list("", DAY, articles("a.html"), etag='"1"')
    state = state_of(portal, 1, expect)
    assert (state.state, state.field) == ("degraded", "counter")
    portal.begin(2 * DAY)
    portal.visit("", 2 * DAY, "unchanged", status=304)
    assert portal.end(2, expect) is None
    portal.begin(3 * DAY)
    portal.list("", 3 * DAY, articles("a.html"))
    assert state_of(portal, 3, Expect(counter=False)).state == "ok"


def test_a_counter_that_was_always_read_is_missed(portal: Portal) -> None:
    for day in range(4):
        portal.begin(day * DAY)
        counter = Counter(total=day + 1) if day < 3 else None
        page = Page(url=HOME, kind=Outcome.LIST, counter=counter)
        portal.visit("", day * DAY, "list", page=page, links=articles("a.html"))
        portal.read(f"ngay-{day}.html", day * DAY + 1, article(title=f"Tin {day}", published_at=printed(day)))
        state = state_of(portal, day)
        assert (state.state, state.field) == (("ok", None) if day < 3 else ("degraded", "counter"))


def test_the_newest_article_must_not_be_too_old(portal: Portal) -> None:
    expect = Expect(newest_within_days=30)
    portal.news(0, published_at="2026-01-20T08:00:00+07:00")
    state = state_of(portal, 0, expect)
    assert (state.state, state.cause, state.after) == ("silent", "too-old", "2026-01-20")
    assert "41 days old; at most 30" in state.reason.en
    # A date in the future is no news.
    portal.news(1, ["mai.html"], published_at="2099-01-20T08:00:00+07:00")
    assert state_of(portal, 1, expect).state == "silent"
    portal.news(2, ["nay.html"], published_at=printed(1))
    assert state_of(portal, 2, expect).state == "ok"


def test_too_few_new_articles_in_a_period(portal: Portal) -> None:
    expect = Expect(new=Range(min=3), days=30)
    portal.news(0, NEWS[:2], published_at=printed(0))
    assert state_of(portal, 0, expect).state == "ok"  # not watched for 30 days yet
    portal.news(31, ["moi.html"], published_at=printed(30))
    state = state_of(portal, 31, expect)
    assert (state.state, state.field, state.before, state.after) == ("degraded", "new", "3", "1")


# --- no answer, or another's -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("dns", "its name is not found (DNS)"),
        ("connection-refused", "the connection is refused"),
        ("timeout", "it does not answer in time"),
        ("tls-expired", "its certificate has expired (TLS)"),
        ("http-503", "it answers with status 503"),
    ],
)
def test_unreachable_says_why(portal: Portal, problem: str, words: str) -> None:
    portal.begin(0)
    portal.error("", 0, problems=[Problem(problem, f"{HOME}: it failed")])
    state = state_of(portal, 0)
    assert (state.state, state.cause, state.reason.en) == ("unreachable", problem, words)
    assert state.next_step.en
    assert state.next_step.vi
    assert state.examples == (HOME,)


def test_most_pages_failing_is_unreachable_though_the_home_page_answers(portal: Portal) -> None:
    portal.begin(0)
    portal.list("", 0, articles(*NEWS))
    portal.read(NEWS[0], 1)
    for path in NEWS[1:]:
        portal.error(path, 1, problems=[Problem("timeout", path)])
    state = state_of(portal, 0)
    assert (state.state, state.cause) == ("unreachable", "timeout")
    assert state.examples == tuple(url(path) for path in NEWS[1:4])


@pytest.mark.parametrize(
    ("status", "refusal", "cause"),
    [
        (200, "cookie-wall", "cookie-wall"),
        (200, "flood", "flood"),
        (200, "captcha", "captcha"),
        (403, None, "http-403"),
    ],
)
def test_blocked_says_how(portal: Portal, status: int, refusal: str | None, cause: str) -> None:
    portal.begin(0)
    page = Page(url=HOME, kind=Outcome.BLOCKED)
    portal.visit("", 0, "blocked", status=status, page=page, fingerprint=Fingerprint(refusal=refusal))
    state = state_of(portal, 0)
    assert (state.state, state.cause, state.examples) == ("blocked", cause, (HOME,))


def test_a_crawl_that_did_nothing_but_wait_was_blocked(portal: Portal) -> None:
    portal.begin(0)
    portal.visit("", 0, "blocked", status=429, off_frontier=True, fingerprint=Fingerprint(refusal="flood"))
    state = portal.end(0, outcome="closed")
    assert state is not None
    assert (state.state, state.cause) == ("blocked", "flood")


def test_a_home_page_that_robots_forbids_needs_a_person(portal: Portal) -> None:
    portal.begin(0)
    portal.visit("", 0, "refused", status=None, problems=[Problem("robots", "not for crawlers")])
    state = state_of(portal, 0)
    assert (state.state, state.cause) == ("blocked", "robots")


def test_moved_says_where(portal: Portal) -> None:
    portal.begin(0)
    portal.visit("", 0, "redirect", status=301, fingerprint=Fingerprint(redirect_to="moi.example"))
    state = state_of(portal, 0)
    assert (state.state, state.after) == ("moved", "moi.example")
    assert "moi.example" in state.reason.en
    assert "moi.example" in state.next_step.vi


def test_gone_needs_everything_to_be_gone(portal: Portal) -> None:
    portal.news(0)
    state_of(portal, 0)
    portal.begin(DAY)
    portal.gone("", DAY)
    portal.read(NEWS[0], DAY, article(title=f"Bản tin {NEWS[0]}"))
    state = state_of(portal, 1)
    assert (state.state, state.field) == ("degraded", "home")
    portal.begin(2 * DAY)
    portal.gone("", 2 * DAY)
    portal.gone(NEWS[0], 2 * DAY)
    assert state_of(portal, 2).state == "gone"


# --- history -----------------------------------------------------------------------------------------------


def test_a_state_that_goes_on_is_one_row_with_the_newest_reason(portal: Portal) -> None:
    for day, problem in enumerate(["dns", "timeout", "timeout"]):
        portal.begin(day * DAY)
        portal.error("", day * DAY, problems=[Problem(problem, "failed")])
        state_of(portal, day)
    assert portal.one("SELECT state, since, until, cause, judged_at, crawl_id FROM portal_states") == (
        *("unreachable", "2026-03-02T01:00:00Z", None, "timeout"),
        *("2026-03-04T03:00:00Z", 3),
    )


def test_being_well_from_the_first_is_nothing_to_tell_nor_is_a_trouble_nobody_heard_of(
    portal: Portal,
) -> None:
    def told() -> list[tuple[str, bool]]:
        return portal.rows("SELECT state, sent_at IS NOT NULL FROM portal_states ORDER BY id")

    portal.news(0)
    state_of(portal, 0)
    assert told() == [("ok", True)]
    portal.begin(DAY)
    portal.error("", DAY, problems=[Problem("dns", "failed")])
    state_of(portal, 1)
    assert told() == [("ok", True), ("unreachable", False)]
    portal.news(2)
    state_of(portal, 2)
    assert told() == [("ok", True), ("unreachable", False), ("ok", True)]


def test_most_pages_tampered_with_is_a_hijacked_portal_from_the_first(portal: Portal) -> None:
    portal.begin(0)
    portal.list("", 0, articles(*NEWS[:6]))
    found = Finding("place-slot", 0.9, "sòng bài", ("place-likely",), {}, "body", 0, 8)
    for path in NEWS[:6]:
        page = Page(url(path), Outcome.ARTICLE, article=article(title=path), findings=[found])
        portal.visit(path, 1, "article", page=page)
    state = state_of(portal, 0)
    assert (state.state, state.cause) == ("hijacked", "flagged")
    assert state.reason.en == "100% of its articles carry signs of tampering, 0% before"
    # A crawl that reads only lists does not clear it.
    portal.begin(0.5 * DAY)
    portal.list("", 0.5 * DAY, articles(*NEWS[:6]))
    assert portal.end(0.5) is None
    assert [name for name, _, _ in portal.states()] == ["hijacked"]
    (row,) = portal.rows(
        "SELECT id, kind, url, span, score, article_id FROM findings WHERE kind = 'host-takeover'"
    )
    assert row[1:] == ("host-takeover", HOME, "flagged", 0.9, None)
    # A person who knows better has the last word.
    portal.archive.db.execute(
        "UPDATE findings SET verdict = 'dismissed', decided_at = '2026-03-03' WHERE id = ?", [row[0]]
    )
    portal.begin(DAY)
    portal.list("", DAY, articles(*NEWS[:6]))
    for path in NEWS[:6]:
        page = Page(url(path), Outcome.ARTICLE, article=article(title=path), findings=[found])
        portal.visit(path, DAY + 1, "article", page=page)
    state = state_of(portal, 1)
    assert state.state == "ok"
    assert [said.en for said in state.warnings] == [
        "6 of 6 pages read carry signs of tampering: scrapy findings"
    ]


def test_a_portal_that_is_known_to_be_closed_needs_nobody(portal: Portal) -> None:
    closed = Expect(closed="2025-07-01")
    portal.news(0, NEWS[:1])
    assert state_of(portal, 0, closed).state == "ok"
    portal.begin(DAY)
    portal.gone("", DAY)
    state = state_of(portal, 1, closed)
    assert (state.state, state.next_step.en) == ("closed", "Nothing to do.")
    assert (state.reason.en, state.reason.vi) == (
        "closed since 2025-07-01, as its file says; the home page is not there any more, nor is anything else",
        "đã đóng từ 2025-07-01 theo tệp của cổng; trang chủ và các trang khác không còn nữa",
    )
    (shown,) = current(portal.archive.db.conn, hours(DAY + 3))
    assert (shown.state, shown.needs_person) == ("closed", False)
    portal.begin(2 * DAY)
    portal.gone("", 2 * DAY)
    assert state_of(portal, 2).state == "gone"


@pytest.mark.parametrize(
    ("target", "state"), [("tinh.gov.vn", "closed"), ("tinh-gov.vn", "moved"), ("nha-cai.example", "moved")]
)
def test_a_closed_portal_may_lead_to_a_state_body_and_nowhere_else(
    portal: Portal, target: str, state: str
) -> None:
    portal.begin(0)
    portal.visit("", 0, "redirect", status=301, fingerprint=Fingerprint(redirect_to=target))
    assert state_of(portal, 0, Expect(closed="2025-07-01")).state == state


@pytest.mark.parametrize(
    ("published", "state"), [("2026-03-03T08:00:00+07:00", "degraded"), ("2025-06-30", "closed")]
)
def test_a_portal_that_is_said_to_be_closed_and_has_news_is_not(
    portal: Portal, published: str, state: str
) -> None:
    closed = Expect(closed="2025-07-01")
    portal.news(0, published_at="2025-05-01")
    assert state_of(portal, 0, closed).state == "ok"
    portal.begin(DAY)
    portal.gone("", DAY)
    portal.read(
        "moi.html", DAY + 1, article(title="Bản tin mới", body="Tin mới. " * 40, published_at=published)
    )
    assert state_of(portal, 1, closed).state == state


def test_where_nothing_is_held_nobody_is_sent_to_what_is_held(portal: Portal) -> None:
    portal.news(0, author="Lò Thị Mây", summary="Tóm tắt")
    state_of(portal, 0)
    portal.begin(DAY)
    portal.list("", DAY, articles(*NEWS[:5]))
    for path in NEWS[:2]:
        portal.visit(path, DAY + 1, "refused")
    state = state_of(portal, 1)
    assert (state.state, state.cause) == ("degraded", "doubted")
    assert state.next_step.en.startswith(
        "Open the examples in a browser. A login form or a fault of a day passes"
    )
    assert portal.rows("SELECT count(*) FROM doubts") == [(0,)]


def test_a_home_page_that_says_hello_where_everything_else_is_gone(portal: Portal) -> None:
    portal.news(0)
    state_of(portal, 0)
    portal.begin(DAY)
    portal.visit("", DAY, "other", page=Page(url=HOME, kind=Outcome.OTHER))
    portal.gone(NEWS[0], DAY)
    portal.gone(NEWS[1], DAY)
    state = state_of(portal, 1)
    assert (state.state, state.examples) == ("gone", (url(NEWS[0]), url(NEWS[1])))
