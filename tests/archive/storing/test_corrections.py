from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from visiting import LONG, Site, article, hours, url

from portal_archive.archive.moments import to_text
from portal_archive.archive.storing import articles, corrections
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Counter, Page


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An article in two versions, read by version 1; corrections come from version 2."""
    monkeypatch.setattr(articles, "READER_VERSION", 1)
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    made.read("a.html", 0, article(author="quantri"), counter=Counter(total=5))
    made.read("a.html", 10, article(author="quantri"))
    made.read("a.html", 20, article(author="quantri", title="Mới"))
    made.read("a.html", 30, article(author="quantri", title="Mới", views=3))
    monkeypatch.setattr(corrections, "READER_VERSION", 2)
    return made


def page(shown: Article | None, **fields: Any) -> Page:
    kind = Outcome.ARTICLE if shown else Outcome.OTHER
    return Page(url=url("a.html"), kind=kind, article=shown, methods={"author": "label"}, **fields)


VERSIONS = "SELECT version, title, author, changed, reader_version FROM article_versions ORDER BY version"


def test_every_version_is_read_again_and_none_is_made(site: Site) -> None:
    better = article(author="Kim Anh")
    newer = article(author="Kim Anh", title="Mới", views=3)
    found = [site.archive.correct(1, page(better)), site.archive.correct(2, page(better))]
    found += [site.archive.correct(3, page(newer)), site.archive.correct(4, page(newer))]
    methods = {"methods": ("{}", '{"author": "label"}')}
    assert found == [
        {"author": ("quantri", "Kim Anh")},
        {},
        {},
        {"author": ("quantri", "Kim Anh"), **methods},
    ]
    assert site.rows(VERSIONS) == [
        (1, "Giao ban công tác dân vận quý I", "Kim Anh", None, 2),
        (2, "Mới", "Kim Anh", '[["change.title", {}]]', 2),
    ]
    assert site.one("SELECT author, version, reader_version, methods FROM articles") == (
        *("Kim Anh", 2, 2),
        '{"author": "label"}',
    )
    # The next visit, read the same way, sees nothing new; nor does an older import.
    assert site.read("a.html", 40, newer).changed is None
    site.read("a.html", 5, better)
    assert site.one("SELECT count(*) FROM versions") == 2
    site.archive.db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")


def test_a_dry_run_only_tells(site: Site) -> None:
    before = list(site.archive.db.conn.iterdump())
    found = site.archive.correct(1, page(article(author="Kim Anh"), counter=Counter(total=6)), dry_run=True)
    assert found == {"author": ("quantri", "Kim Anh"), "counter.total": (5, 6)}
    assert list(site.archive.db.conn.iterdump()) == before


def test_versions_that_only_a_bad_reading_told_apart_become_one(site: Site) -> None:
    same = article(author="Kim Anh", title="Mới")
    site.archive.correct(1, page(same))
    site.archive.correct(4, page(same))
    assert site.rows("SELECT version, first_seen, last_seen FROM versions") == [
        (1, to_text(hours(0)), to_text(hours(30)))
    ]
    assert site.one("SELECT version, title, author FROM articles") == (1, "Mới", "Kim Anh")


@pytest.mark.parametrize("lost", ["title", "body"])
def test_a_worse_reading_replaces_nothing(site: Site, lost: str) -> None:
    was = {"title": "Mới", "body": LONG}[lost]
    assert site.archive.correct(4, page(article(**{"title": "Mới", lost: None}))) == {lost: (was, None)}
    assert site.archive.correct(4, page(None)) == {"kind": ("article", "other")}
    assert site.one("SELECT title, body, author, reader_version FROM articles") == ("Mới", LONG, "quantri", 1)


def test_a_counter_is_corrected(site: Site) -> None:
    shown = page(article(author="quantri"), counter=Counter(total=50, printed={"total": "50"}))
    assert site.archive.correct(1, shown) == {
        "counter.total": (5, 50),
        "counter.printed": ("{}", json.dumps({"total": "50"})),
    }
    assert site.one("SELECT total, printed FROM counter_readings") == (50, '{"total": "50"}')


def test_a_date_moves_the_article_in_the_search_index(site: Site) -> None:
    found = site.archive.correct(
        4, page(article(author="quantri", title="Mới", published_at="2025-03-01T08:00:00+07:00"))
    )
    assert found["published_at"] == ("2026-03-01T08:00:00+07:00", "2025-03-01T08:00:00+07:00")
    assert site.one("SELECT search_order >> 4 FROM articles") == 1740790800
    site.archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_an_article_that_no_reader_had_found_is_stored(site: Site) -> None:
    site.visit("b.html", 0, "other")
    found = Page(url=url("b.html"), kind=Outcome.ARTICLE, article=article(title="B"))
    assert site.archive.correct(5, found, dry_run=True) == {"kind": ("other", "article")}
    assert site.one("SELECT count(*) FROM articles") == 1
    assert site.archive.correct(5, found) == {"kind": ("other", "article")}
    assert site.archive.correct(5, found) == {}
    assert site.one("SELECT title, first_seen, capture_id FROM articles WHERE id = 2") == (
        "B",
        to_text(hours(0)),
        5,
    )
    assert site.one("SELECT kind, article_id FROM pages WHERE url = ?", url("b.html")) == ("article", 2)


def test_an_article_whose_text_could_not_be_read_is_read_now(site: Site) -> None:
    site.read("a.html", 40, article(author="quantri", title="Mới", body=None))
    assert site.archive.correct(5, page(article(author="quantri", title="Mới"))) == {
        "kind": ("article", "article")
    }
    assert site.one("SELECT fetched_at, version FROM articles") == (to_text(hours(40)), 2)


def test_an_unknown_capture_is_nothing(site: Site) -> None:
    assert site.archive.correct(99, page(article())) == {}


def test_the_id_of_an_article_is_chosen_among_its_addresses_as_storing_chose(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.begin(0)
    site.read("a.html", 0, article(cms_id="7"))
    site.read("b.html", 1, article(cms_id="9"))
    assert site.rows("SELECT cms_id, capture_id FROM articles") == [("7", 2)]
    assert site.archive.correct(2, page(article(cms_id="9"))) == {"methods": ("{}", '{"author": "label"}')}
    assert site.one("SELECT cms_id FROM articles") == "7"
    # Of an article with one address it is read anew.
    site.read("c.html", 2, article(cms_id="3", title="Tin khác", body=LONG[::-1]))
    assert site.archive.correct(3, page(article(cms_id="4", title="Tin khác", body=LONG[::-1])))[
        "cms_id"
    ] == ("3", "4")


def test_a_date_that_was_kept_of_an_earlier_day_is_not_emptied(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.begin(0)
    dated, undated = article(published_at="2026-01-02T08:00:00+07:00"), article(published_at=None)
    site.read("a.html", 0, dated)
    site.read("a.html", 30, undated)
    newest = site.one("SELECT capture_id FROM articles")
    assert site.archive.correct(newest, page(undated)) == {"methods": ("{}", '{"author": "label"}')}
    assert site.one("SELECT published_at FROM articles") == "2026-01-02T08:00:00+07:00"
