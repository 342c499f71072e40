"""Captures that others made: evidence of another grade than our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from visiting import LONG, Site, article, hours

from portal_archive.archive.moments import to_text
from portal_archive.model.messages import say
from portal_archive.model.page import Article

SHOWN = "SELECT title, version, fetched_at, html FROM articles"
DOUBTS = "SELECT rule, state, times FROM doubts"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An article that was crawled twice, the same."""
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    made.read("a.html", 0, article(html="<p>Ta</p>"))
    made.begin(24)
    made.read("a.html", 24, article(html="<p>Ta</p>"))
    return made


def imported(site: Site, at: float, **fields: Any) -> None:
    crawl, site.crawl = site.crawl, None
    site.read("a.html", at, article(**fields), imported=True)
    site.crawl = crawl


def test_an_import_alone_never_overrides_what_was_crawled(site: Site) -> None:
    before = site.rows(SHOWN)
    for at in (30, 24 * 40):
        imported(site, at, title="Tiêu đề giả mạo từ tương lai", body=LONG[::-1])
    assert site.rows(SHOWN) == before
    assert site.one("SELECT count(*) FROM versions") == 1
    assert site.rows(DOUBTS) == [("imported", "held", 2)]
    assert site.rows("SELECT imported, content_hash IS NULL FROM captures ORDER BY id") == [
        (0, 0),
        (0, 0),
        (1, 1),
        (1, 1),
    ]


def test_a_crawl_that_sees_the_same_believes_it(site: Site) -> None:
    imported(site, 30, author="Nguyễn Văn A")
    site.begin(48)
    assert site.read("a.html", 48, article(author="Nguyễn Văn A")).changed == say("change.author")
    assert site.rows(DOUBTS) == [("imported", "passed", 1)]


def test_an_older_import_becomes_an_earlier_version(site: Site) -> None:
    imported(site, -24, title="Tiêu đề lúc đầu")
    assert site.rows("SELECT version, title FROM article_versions ORDER BY version") == [
        (1, "Tiêu đề lúc đầu"),
        (2, "Giao ban công tác dân vận quý I"),
    ]


def test_the_same_text_from_others_says_that_it_was_there_and_no_more(site: Site) -> None:
    imported(site, 30, html="<p>Người khác</p>", views=9)
    assert site.rows("SELECT html, views, fetched_at, last_seen FROM articles") == [
        ("<p>Ta</p>", None, "2026-03-03T01:00:00Z", "2026-03-03T07:00:00Z")
    ]


def test_what_was_only_imported_follows_the_newest_import(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    imported(site, 0)
    imported(site, 30, title="Tiêu đề mới", html="<p>Người khác</p>")
    assert site.rows("SELECT title, version, html FROM articles") == [("Tiêu đề mới", 2, "<p>Người khác</p>")]


NOTICE = "Cơ sở dữ liệu của trang đang được chuyển sang nơi khác, mong bạn đọc quay lại sau ít ngày nữa. " * 4
PATHS = ("bai-mot.html", "bai-hai.html", "bai-ba.html", "bai-bon.html", "bai-nam.html")
RECORD = (
    "SELECT a.title, v.version, v.first_seen FROM article_versions v JOIN articles a ON a.id = v.article_id"
)


def captures_of_a_bad_day(notice_at: int) -> list[tuple[str, float, Article]]:
    """Return what others captured: each article on three days, and on one day a notice at every address."""
    told = [
        (path, day * 24.0 + number, article(title=f"Tin {path}", body=f"{LONG} {path} {path} " * 2))
        for number, path in enumerate(PATHS)
        for day in (0, 10, 20)
    ]
    notice = article(title="Thông báo", body=NOTICE, published_at=None)
    return [*told, *((path, notice_at * 24.0 + number, notice) for number, path in enumerate(PATHS))]


@pytest.mark.parametrize(
    ("order", "notice_at"),
    [("by time", -3), ("by time", 5), ("by time", 30), ("by address", 5), ("by address", 30)],
)
def test_a_bad_day_that_others_captured_is_no_version(tmp_path: Path, order: str, notice_at: int) -> None:
    captured = captures_of_a_bad_day(notice_at)
    captured.sort(key=lambda one: one[1] if order == "by time" else (one[0], one[1]))
    site = Site(tmp_path / "archive.db")
    for path, at, shown in captured:
        site.read(path, at, shown, imported=True)
    assert sorted(site.rows(RECORD)) == sorted(
        (f"Tin {path}", 1, to_text(hours(n))) for n, path in enumerate(PATHS)
    )


def test_what_two_captures_of_others_show_is_believed(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    for at, title in ((0, "Cũ"), (240, "Mới"), (480, "Mới")):
        site.read(
            "a.html",
            at,
            article(title=title, body=f"{title} {LONG if title == 'Cũ' else NOTICE}"),
            imported=True,
        )
    assert site.rows("SELECT title, version, first_seen FROM article_versions ORDER BY version") == [
        ("Cũ", 1, to_text(hours(0))),
        ("Mới", 2, to_text(hours(240))),
    ]
    assert site.rows(DOUBTS) == [("replaced", "believed", 1)]


def test_others_who_found_nothing_do_not_make_an_article_gone(site: Site) -> None:
    site.crawl = None
    for at in (30, 60, 24 * 20):
        site.gone("a.html", at, imported=True)
    assert site.rows("SELECT missing_since, gone_at FROM articles") == [(None, None)]
    # We look ourselves, soon.
    site.begin(24 * 21)
    assert "https://huyen.example/a.html" in site.due()
    site.gone("a.html", 24 * 21)
    assert site.one("SELECT missing_since IS NOT NULL FROM articles") == 1
