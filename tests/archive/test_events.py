"""What happened is one table, whatever it was, and an earlier absence is not forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from visiting import LONG, Site, article, hours, url

from portal_archive.archive.moments import to_text
from portal_archive.archive.storing.merge import merge, split
from portal_archive.model.page import Finding


def at(hour: float) -> str:
    return to_text(hours(hour))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    for name in ("a", "b", "c"):
        made.read(f"{name}.html", 0, article(title=name, body=f"{LONG} {name}"))
    return made


def crawl(site: Site, when: float, a: str) -> None:
    """Crawl at an hour: b and c answer, a is "gone" or "there"."""
    site.begin(when)
    for name in ("b", "c"):
        site.read(f"{name}.html", when, article(title=name, body=f"{LONG} {name}"))
    if a == "gone":
        site.gone("a.html", when)
    else:
        site.read("a.html", when, article(title="a", body=f"{LONG} a"))


def events(site: Site, columns: str = "kind, seen_at, article_id") -> list[tuple[object, ...]]:
    return site.rows(f"SELECT {columns} FROM events ORDER BY seen_at, id")


def test_every_absence_is_an_event(site: Site) -> None:
    for when, a in ((24, "gone"), (48, "gone"), (72, "there"), (96, "gone"), (120, "gone"), (144, "there")):
        crawl(site, when, a)
    assert events(site) == [
        ("gone", at(48), 1),
        ("came-back", at(72), 1),
        ("gone", at(120), 1),
        ("came-back", at(144), 1),
    ]
    assert site.one("SELECT * FROM absences") == (1, at(48), at(72))
    assert site.one("SELECT title, url, permalink FROM events WHERE id = ?", f"gone-1-{at(48)}") == (
        "a",
        url("a.html"),
        "/article/1",
    )


def test_an_absence_goes_with_its_article_and_comes_back_with_it(site: Site) -> None:
    for when, a in ((24, "gone"), (48, "gone"), (72, "there"), (96, "gone"), (120, "gone")):
        crawl(site, when, a)
    site.archive.db.execute("UPDATE absences SET article_id = 2")
    merge(site.archive.db.conn, 1, 2, at(130))
    assert site.rows("SELECT article_id FROM absences") == [(1,)]
    split(site.archive.db.conn, 2)
    assert site.rows("SELECT article_id FROM absences") == [(2,)]
    assert site.archive.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_change_leads_to_what_changed(site: Site) -> None:
    site.begin(30)
    site.read("a.html", 30, article(title="a khác", body=f"{LONG} a"))
    assert events(site, "kind, portal, portal_title, url, version, detail, permalink") == [
        ("changed", "huyen", "Huyện", url("a.html"), 2, '[["change.title", {}]]', "/article/1/diff/1/2")
    ]


def test_an_article_that_moved_says_from_where(site: Site) -> None:
    site.begin(30)
    site.read("a.html", 30, article(title="a", body=f"{LONG} a"), final="moi/a.html")
    assert events(site, "kind, seen_at, url, from_url") == [
        ("moved", at(30), url("moi/a.html"), url("a.html"))
    ]


def test_an_address_that_still_answers_is_no_move(site: Site) -> None:
    site.begin(30)
    site.read("khac/a.html", 30, article(title="a", body=f"{LONG} a"))
    assert events(site) == []


def test_injected_words_are_one_event_a_version(site: Site) -> None:
    found = [
        Finding(kind, 0.9, "abcd", (), {}, "body", start, start + 4)
        for kind, start in (("hidden-text", 1), ("hidden-text", 9), ("foreign-link", 20))
    ]
    site.begin(30)
    site.read("a.html", 30, article(title="a", body=f"{LONG} abcd"), findings=found)
    shown = [row for row in events(site, "kind, seen_at, article_id, detail") if row[0] == "injected"]
    assert [(*row[:3], sorted(str(row[3]).split(","))) for row in shown] == [
        ("injected", at(30), 1, ["foreign-link", "hidden-text"])
    ]
    site.archive.db.execute("UPDATE findings SET verdict = 'dismissed'")
    assert [row for row in events(site) if row[0] == "injected"] == []


def test_what_is_held_is_an_event(site: Site) -> None:
    site.begin(30)
    site.read("a.html", 30, article(title="Khác hẳn", body="Một văn bản khác, dài vừa đủ. " * 12))
    ((kind, number, detail),) = events(site, "kind, article_id, detail")
    assert (kind, number, detail) == ("held", 1, "replaced: held")


def test_every_event_has_a_name_of_its_own(site: Site) -> None:
    for when, a in ((24, "gone"), (48, "gone"), (72, "there"), (96, "gone"), (120, "gone")):
        crawl(site, when, a)
    names = [name for (name,) in events(site, "id")]
    assert len(names) == len(set(names)) == 3
