"""What is new of a watch, once: new hits, what changed and went, with the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from visiting import LONG, Site, article, hours, url

from portal_archive.archive.events import query
from portal_archive.archive.watches import digest, found, memory
from portal_archive.archive.watches.declared import Watch
from portal_archive.archive.watches.found import News
from portal_archive.model.errors import WatchError
from portal_archive.model.kinds import ChangeWeight
from portal_archive.model.page import Finding

KHEO = Watch("Khéo", search='"dân vận khéo"')


class Desk:
    """A recipient, and the archive of which it is told."""

    def __init__(self, path: Path) -> None:
        self.site = Site(path)
        self.site.begin(0)

    def look(
        self, watch: Watch, at: float, *, most: int = 50, way: str = "mail-1", remember: bool = True
    ) -> News:
        db = self.site.archive.db.conn
        newest = memory.newest_article(db)
        progress = memory.progress(db, watch.name, way, hours(at), watch.since)
        events = query.seen_since(db, progress.events_since)
        news = found.news(db, events, watch, progress, newest, most)
        if remember:
            memory.remember(self.site.archive, [(progress, news.all_ids)], newest, hours(at))
        return news


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "archive.db")
    made.site.read("a.html", 0, article(title="Bài a", body=f"Phong trào dân vận khéo. {LONG}"))
    made.site.read("b.html", 0, article(title="Bài b", author="Lò Văn Sơn"))
    return made


def told(news: News) -> list[tuple[str, str]]:
    return [(item.event["kind"], item.event["title"]) for item in news.items]


def hit(words: Iterable[tuple[str, bool]]) -> list[str]:
    return [text for text, is_hit in words if is_hit]


def test_a_watch_begins_with_what_comes_after(desk: Desk) -> None:
    assert desk.look(KHEO, 1).all_ids == ()
    desk.site.read("c.html", 2, article(title="Bài c", body=f"Mô hình dân vận khéo mới. {LONG} c"))
    desk.site.read("d.html", 2, article(title="Bài d", body=f"{LONG} Chuyện khác."))
    news = desk.look(KHEO, 3)
    assert told(news) == [("new", "Bài c")]
    assert hit(news.items[0].hit) == ["dân vận khéo"]
    assert desk.look(KHEO, 4).all_ids == ()
    # Another recipient of the same watch begins by itself.
    assert desk.look(KHEO, 5, way="tgram-2").all_ids == ()


def test_since_a_day_before(desk: Desk) -> None:
    since = replace(KHEO, since=date(2026, 3, 2))
    assert told(desk.look(since, 1, remember=False)) == [("new", "Bài a")]
    assert told(desk.look(replace(since, since=date(2026, 3, 3)), 1, remember=False)) == []
    assert told(desk.look(since, 1)) == [("new", "Bài a")]
    assert desk.look(since, 2).all_ids == ()


def test_what_was_not_told_is_told_later(desk: Desk) -> None:
    desk.look(KHEO, 1)
    desk.site.read(
        "a.html",
        2,
        article(title="Bài a", body=f"Phong trào dân vận khéo. {LONG} Thêm một câu nữa ở cuối bài."),
    )
    assert told(desk.look(KHEO, 3, remember=False)) == [("changed", "Bài a")]
    assert told(desk.look(KHEO, 4)) == [("changed", "Bài a")]
    assert told(desk.look(KHEO, 5)) == []


def test_a_hit_that_is_edited_away_is_told_as_changed(desk: Desk) -> None:
    desk.look(KHEO, 1)
    desk.site.read("a.html", 30, article(title="Bài a", body=f"Phong trào dân vận. {LONG}"))
    desk.site.read(
        "b.html", 30, article(title="Bài b", author="Lò Văn Sơn", body=LONG.replace("1.245", "1.254"))
    )
    news = desk.look(KHEO, 31)
    assert told(news) == [("changed", "Bài a")]
    assert "khéo" in digest.body([news], "vi", "")


def test_an_article_that_goes_and_comes_back(desk: Desk) -> None:
    desk.look(KHEO, 1)
    for at in (2, 50, 72):
        desk.site.begin(at)
        desk.site.read("b.html", at, article(title="Bài b", author="Lò Văn Sơn"))
        desk.site.gone("a.html", at)
    assert told(desk.look(KHEO, 73)) == [("gone", "Bài a")]
    desk.site.begin(90)
    desk.site.read("a.html", 90, article(title="Bài a", body=f"Phong trào dân vận khéo. {LONG}"))
    assert told(desk.look(KHEO, 91)) == [("came-back", "Bài a")]


def test_people_are_watched_as_authors_and_in_texts(desk: Desk) -> None:
    people = Watch("Người", people=("Lò Văn Sơn",))
    desk.look(people, 1)
    desk.site.read("c.html", 2, article(title="Bài c", author="Lo Van Son", body=f"{LONG} c"))
    desk.site.read("d.html", 2, article(title="Bài d", body=f"Đồng chí Lò Văn Sơn dự. {LONG} d"))
    desk.site.read("e.html", 2, article(title="Bài e", body=f"Đồng chí Lò Văn Sáng dự. {LONG} e"))
    news = desk.look(people, 3)
    assert told(news) == [("new", "Bài c"), ("new", "Bài d")]
    assert [hit(item.hit) for item in news.items] == [["Lo Van Son"], ["Lò Văn Sơn"]]


def test_articles_portals_events_and_weights(desk: Desk) -> None:
    named = Watch("Bài", articles=(1, url("b.html"), url("khong-co.html")))
    portal = Watch("Cổng", portals=("huyen",), events=("changed",), weight=ChangeWeight.FIGURE)
    for watch in (named, portal):
        desk.look(watch, 1)
    desk.site.read("c.html", 2, article(title="Bài c", body=f"{LONG} c"))
    desk.site.read("a.html", 30, article(title="Bài a", body=f"Phong trào dân vận khéo! {LONG}"))
    desk.site.read(
        "b.html", 30, article(title="Bài b", author="Lò Văn Sơn", body=LONG.replace("1.245", "1.254"))
    )
    assert told(desk.look(named, 31)) == [("changed", "Bài b"), ("changed", "Bài a")]
    assert told(desk.look(portal, 31)) == [("changed", "Bài b")]
    assert told(desk.look(Watch("Nơi khác", provinces=("lai-chau",), since=date(2026, 1, 1)), 31)) == []


def test_what_was_put_in_comes_first(desk: Desk) -> None:
    portal = Watch("Cổng", portals=("huyen",))
    desk.look(portal, 1)
    desk.site.read("c.html", 2, article(title="Bài c", body=f"{LONG} c"))
    finding = Finding("hidden-text", 0.9, "nhà cái", (), {}, "body", 0, 7)
    desk.site.read(
        "b.html", 30, article(title="Bài b", author="Lò Văn Sơn", body=f"nhà cái {LONG}"), findings=[finding]
    )
    news = desk.look(portal, 31)
    assert told(news) == [("injected", "Bài b"), ("new", "Bài c"), ("changed", "Bài b")]
    assert "Toàn văn: [thêm: nhà cái]" in digest.body([news], "vi", "")


def test_a_long_list_is_cut_and_all_of_it_is_told(desk: Desk) -> None:
    portal = Watch("Cổng", portals=("huyen",))
    desk.look(portal, 1)
    for number in range(5):
        desk.site.read(f"n{number}.html", 2, article(title=f"Bài {number}", body=f"{LONG} {number}"))
    news = desk.look(portal, 3, most=2)
    assert (len(news.items), len(news.all_ids)) == (2, 5)
    assert "… và 3 mục khác." in digest.body([news], "vi", "")
    assert desk.look(portal, 4).all_ids == ()


def test_the_digest(desk: Desk) -> None:
    desk.look(KHEO, 1)
    desk.site.read("c.html", 2, article(title="Bài c", body=f"Mô hình dân vận khéo mới. {LONG} c"))
    desk.site.read(
        "a.html",
        30,
        article(title="Bài a", body=f"Phong trào dân vận khéo. {LONG.replace('1.245', '1.254')}"),
    )
    news = desk.look(KHEO, 31)
    assert digest.title([news], "vi") == "[kho] 2 tin: Khéo (2)"
    assert digest.title([news], "en") == "[archive] 2 news: Khéo (2)"
    text = digest.body([news], "vi", "https://kho.example")
    head, first, second, foot = text.split("\n\n", 3)
    assert head == "Khéo: 2 mục\n==========="
    assert first.splitlines()[:2] == ["Bài mới: Bài c", "Huyện · 02/03/2026 10:00"]
    assert first.splitlines()[2].startswith("Mô hình «dân vận khéo» mới. Sáng 18/3")
    assert first.splitlines()[-1] == "https://kho.example/article/3"
    lines = second.splitlines()
    assert lines[0] == "Sửa con số: Bài a"
    assert lines[2] == (
        "Toàn văn: Toàn huyện hiện có [1.245 → 1.254] tổ dân vận ở thôn, bản; trong đó 312 tổ được kiện toàn từ …"
    )
    assert lines[-1] == "https://kho.example/article/1/diff/1/2"
    assert foot.strip().startswith("Theo dõi của Kho cổng Đảng bộ.")
    assert url("c.html") in digest.body([news], "en", "")


@pytest.mark.parametrize(
    ("watch", "said"),
    [
        (Watch("x", search=" - "), "watch 'x': the search asks for no word"),
        (Watch("x", portals=("huyện",)), "watch 'x': there is no portal 'huyện'"),
        (Watch("x", provinces=("bac-kan",)), "watch 'x': there is no province 'bac-kan'"),
    ],
)
def test_what_cannot_be_followed_is_said(desk: Desk, watch: Watch, said: str) -> None:
    with pytest.raises(WatchError) as error:
        found.check(desk.site.archive.db.conn, watch)
    assert str(error.value) == said


def test_what_was_told_long_ago_is_forgotten_and_not_told_again(desk: Desk) -> None:
    desk.look(KHEO, 1)
    desk.site.read("a.html", 30, article(title="Bài a", body=f"Phong trào dân vận khéo! {LONG}"))
    assert told(desk.look(KHEO, 31)) == [("changed", "Bài a")]
    for days in (50, 100, 150, 200):
        assert desk.look(KHEO, days * 24).all_ids == ()
    assert desk.site.rows("SELECT * FROM watch_sent") == []


def test_how_many_are_of_it(desk: Desk) -> None:
    db = desk.site.archive.db.conn
    assert [
        found.count(db, watch)
        for watch in (KHEO, Watch("c", portals=("huyen",)), Watch("d", articles=(2, 9)))
    ] == [1, 2, 1]
