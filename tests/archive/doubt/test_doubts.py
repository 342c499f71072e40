"""Each rule of doubt, what becomes of what is held, and articles that are parted again."""

from __future__ import annotations

from pathlib import Path

import pytest
from visiting import LONG, Site, article, articles, hours, url

from portal_archive.archive.doubt import doubts
from portal_archive.archive.doubt.repair import melted, part
from portal_archive.archive.moments import to_text
from portal_archive.archive.storing.merge import merge, merged_into, split
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import DoubtRule, DoubtState

NOTICE = (
    "Máy chủ của trang đang được chuyển sang nơi khác, mong bạn đọc thông cảm và trở lại sau vài ngày nữa. "
    * 4
)
PATHS = ["a.html", "b.html", "c.html", "d.html"]


def own(path: str, **fields: object) -> object:
    return article(
        **{"title": f"Tin {path}", "body": f"{LONG}\n\nRiêng về {path}: " + f"{path} " * 60, **fields}
    )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    made.list("", 0, articles(*PATHS))
    for path in PATHS:
        made.read(path, 1, own(path, author="Kim Anh"))
    return made


@pytest.mark.parametrize(
    ("shown", "methods", "rule"),
    [
        ({"title": "Thông báo", "body": NOTICE}, {}, "replaced"),
        ({"body": LONG[:80]}, {}, "body-collapsed"),
        ({"author": None}, {}, "author-lost"),
        ({"summary": "Thêm."}, {"body": "density"}, "weaker-method"),
    ],
)
def test_what_is_held(site: Site, shown: dict[str, object], methods: dict[str, str], rule: str) -> None:
    site.archive.db.execute('UPDATE articles SET methods = \'{"body": "nukeviet"}\'')
    site.begin(24)
    stored = site.read("a.html", 24, own("a.html", **{"author": "Kim Anh", **shown}), methods=methods)
    assert (stored.article_id, stored.changed) == (1, None)
    (held,) = doubts.listing(site.archive.db.conn)
    assert (held.rule, held.state, held.article_id, held.times) == (rule, "held", 1, 1)
    assert site.rows("SELECT kind FROM problems WHERE closed_at IS NULL") == [("held",)]
    assert site.one("SELECT article_id, content_hash FROM captures WHERE id = ?", held.capture_id) == (
        1,
        None,
    )
    # It is looked at again after an hour; and when it reads as before, nothing is left of it.
    assert site.one("SELECT next_visit FROM pages WHERE url = ?", url("a.html")) == to_text(hours(25))
    site.begin(26)
    assert site.read("a.html", 26, own("a.html", author="Kim Anh")).changed is None
    assert [one.state for one in doubts.listing(site.archive.db.conn, open_only=False)] == ["passed"]
    assert site.one("SELECT count(*) FROM versions") == 4
    assert site.rows("SELECT kind FROM problems WHERE closed_at IS NULL") == []


@pytest.mark.parametrize(
    ("before", "shown", "kept"),
    [
        ("label", {"published_at": "2026-02-01T00:00:00+07:00"}, "2026-03-01T08:00:00+07:00"),
        (None, {"published_at": "2026-03-03T08:00:00+07:00"}, "2026-03-01T08:00:00+07:00"),
    ],
    ids=["a weaker method", "the day of the visit"],
)
def test_a_single_field_is_kept(site: Site, before: str | None, shown: dict[str, object], kept: str) -> None:
    if before:
        site.archive.db.execute("UPDATE articles SET methods = json_object('published_at', ?)", [before])
    methods = {"published_at": "dateline"} if before else {}
    site.begin(24)
    assert site.read("a.html", 24, own("a.html", author="Kim Anh", **shown), methods=methods).changed is None
    assert site.one("SELECT published_at FROM articles WHERE id = 1") == kept
    assert site.rows("SELECT kind, field FROM problems") == [("field-doubted", "published_at")]


def test_a_text_at_three_addresses_is_a_page_of_the_site(site: Site) -> None:
    site.begin(24)
    notice = article(title="Thông báo", body=NOTICE, published_at=None)
    new = site.read("moi.html", 24, notice)
    assert new.is_new
    for path in PATHS[:3]:
        site.read(path, 24, notice)
    assert {(one.rule, one.state) for one in doubts.listing(site.archive.db.conn)} == {
        ("same-text", "refused")
    }
    # What was made of it alone is withdrawn, its capture stays.
    assert site.rows("SELECT title FROM articles") == [(f"Tin {path}",) for path in PATHS]
    assert site.one("SELECT count(*) FROM captures WHERE url = ?", url("moi.html")) == 1
    assert site.rows("SELECT count(*) FROM problems WHERE kind = 'same-text-everywhere'") == [(1,)]
    # However long it lasts, it is no article.
    for day in range(2, 12):
        site.begin(24 * day)
        for path in ("moi.html", *PATHS[:3]):
            site.read(path, 24 * day, notice)
    assert site.one("SELECT count(*), max(version) FROM articles") == (4, 1)


def test_an_article_with_three_addresses_that_call_it_the_same_is_one(tmp_path: Path) -> None:
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    addresses = (
        "tin/hop-ban-trong-rung-57.html",
        "a/12/hop-ban-trong-rung",
        "tin/tin-nhanh-hop-ban-trong-rung-57.html",
    )
    for path in (*addresses, "tin/hop-ban-trong-rung-57.html?in=1"):
        made.read(path, 1, article(title="Họp bàn trồng rừng", body=LONG, published_at=None))
    assert made.rows("SELECT count(*) FROM articles") == [(1,)]
    assert made.rows("SELECT count(*) FROM doubts") == [(0,)]


def test_a_person_decides(site: Site) -> None:
    other = article(title="Hoàn toàn khác", body=NOTICE)
    site.begin(24)
    site.read("a.html", 24, other)
    site.read("b.html", 24, article(title="Cũng khác", body=NOTICE[::-1]))
    first, second = sorted(doubts.listing(site.archive.db.conn), key=lambda one: one.id)
    db = site.archive.db.conn
    doubts.decide(db, first.id, DoubtState.ACCEPTED, hours(25), "cổng báo là đúng")
    doubts.decide(db, second.id, DoubtState.REJECTED, hours(25), "trang bị chiếm")
    site.begin(25)
    assert set(site.due()) >= {url("a.html"), url("b.html")}
    assert site.read("a.html", 25, other).changed is not None
    assert site.read("b.html", 25, article(title="Cũng khác", body=NOTICE[::-1])).changed is None
    site.begin(24 * 30)
    assert site.read("b.html", 24 * 30, article(title="Cũng khác", body=NOTICE[::-1])).changed is None
    with pytest.raises(ArchiveError, match="no doubt has the number 99"):
        doubts.decide(db, 99, DoubtState.ACCEPTED, hours(26))
    assert [(one.state, one.why) for one in doubts.listing(db, open_only=False)] == [
        ("rejected", "trang bị chiếm"),
        ("accepted", "cổng báo là đúng"),
    ]


def test_what_vanishes_at_once_is_gone_when_a_person_says_so(site: Site) -> None:
    site.begin(24)
    for path in PATHS:
        site.gone(path, 24)
    site.begin(48)
    for path in PATHS:
        site.gone(path, 48)
    (held,) = doubts.listing(site.archive.db.conn)
    assert (held.rule, held.details) == (DoubtRule.VANISHED, {"missing": 4, "of": 4})
    assert site.rows("SELECT count(gone_at) FROM articles") == [(0,)]
    doubts.decide(site.archive.db.conn, held.id, DoubtState.ACCEPTED, hours(49), "cổng đã gỡ")
    site.begin(72)
    site.list("tin/", 72)
    for path in PATHS:
        site.gone(path, 72)
    assert site.rows("SELECT count(gone_at) FROM articles") == [(4,)]


def test_a_merge_can_be_undone(site: Site) -> None:
    db = site.archive.db.conn
    before = site.rows("SELECT * FROM article_versions ORDER BY article_id, version")
    rest = site.rows("SELECT * FROM article_urls ORDER BY url")
    assert merge(db, 2, 3, to_text(hours(5))) == 2
    assert (merged_into(db, 3), merged_into(db, 2)) == (2, None)
    assert site.one("SELECT count(*) FROM articles") == 3
    split(db, 3)
    assert merged_into(db, 3) is None
    again = site.rows("SELECT * FROM article_versions ORDER BY article_id, version")
    assert [row[1:] for row in again] == [row[1:] for row in before]
    assert site.rows("SELECT * FROM article_urls ORDER BY url") == rest
    with pytest.raises(ArchiveError, match="was not merged"):
        split(db, 3)


@pytest.mark.parametrize("pair", [(1, 2), (2, 1), (3, 4)])
def test_articles_seen_in_one_second_are_merged_without_loss(site: Site, pair: tuple[int, int]) -> None:
    db = site.archive.db.conn
    texts = site.rows("SELECT title, body FROM article_versions WHERE article_id IN (?, ?) ORDER BY 1", *pair)
    kept = merge(db, *pair, to_text(hours(5)))
    merged = site.rows("SELECT title, body FROM article_versions WHERE article_id = ? ORDER BY 1", kept)
    assert merged == texts


def test_what_a_bad_day_melted_is_parted_by_its_addresses(site: Site) -> None:
    """As an older program left it: all captures, and those of the notice, on one article."""
    db = site.archive.db.conn
    notice = article(title="Thông báo", body=NOTICE, published_at=None)
    site.crawl = None
    for path in PATHS:
        site.read(path, 30, notice)
    for number in (2, 3, 4):
        merge(db, 1, number, to_text(hours(31)))
    assert site.rows("SELECT count(*), max(version) FROM articles") == [(1, 5)]
    assert melted(db) == [1]
    made = part(db, 1)
    assert len(made) == 3
    assert sorted(site.rows("SELECT url, title, version FROM articles")) == [
        (url(path), f"Tin {path}", 1) for path in PATHS
    ]
    assert site.rows("SELECT count(*) FROM versions") == [(4,)]
    assert site.rows("SELECT count(DISTINCT article_id) FROM pages WHERE kind = 'article'") == [(4,)]
    assert melted(db) == []
