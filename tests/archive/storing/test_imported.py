"""Captures that others made: evidence of another grade than our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from visiting import LONG, Site, article

from portal_archive.model.messages import say

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
