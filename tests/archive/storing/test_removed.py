"""What older versions of an article said and the current one does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from visiting import Site, article

from portal_archive.archive.storing import removed


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "archive.db")


def said(site: Site) -> str | None:
    site.archive.db.execute(
        "INSERT INTO articles_removed(articles_removed, rank) VALUES ('integrity-check', 1)"
    )
    text: str | None = site.one("SELECT removed_text FROM articles")
    return text


def test_paragraphs_that_the_next_version_has_not_are_kept_until_they_come_back(site: Site) -> None:
    site.read("a.html", 0, article(title="Một", body="Đoạn a.\n\nĐoạn b."))
    assert said(site) is None
    site.read("a.html", 1, article(title="Một", body="Đoạn a.\n\nĐoạn  c.", author="An"))
    assert said(site) == "Đoạn b."
    site.read("a.html", 2, article(title="Hai", body="Đoạn a.\n\nĐoạn c.", author="Bình"))
    assert said(site) == "Một\nAn\nĐoạn b."
    site.read("a.html", 3, article(title="Hai", body="Đoạn b.\n\nĐoạn c.", author="Bình"))
    assert said(site) == "Đoạn a.\nMột\nAn"
    # Blanks alone are no difference.
    site.read("a.html", 4, article(title="Hai", body="Đoạn  b.\n\nĐoạn c.", author="Bình"))
    assert said(site) == "Đoạn a.\nMột\nAn"


def test_an_earlier_capture_that_is_imported_later_is_worked_in(site: Site) -> None:
    site.read("a.html", 2, article(body="Đoạn hai."))
    site.read("a.html", 1, article(body="Đoạn một."))
    assert said(site) == "Đoạn một."


def test_what_was_removed_last_is_kept_where_there_is_too_much() -> None:
    blank = dict.fromkeys(("title", "summary", "captions", "author"))
    long = "a" * 600_000
    kept = removed.after("b" * 600_000, {**blank, "body": long}, {**blank, "body": "c"})
    assert kept == long
