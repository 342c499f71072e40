"""`/changes` and its feed: what happened, by the moment it was seen, the weightiest first, with the words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html
from synthetic_library import Writer, plain_article

from portal_archive.model.page import Article, Finding

DAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BODY = (
    "Toàn huyện có 1.245 tổ dân vận.\n\nĐồng chí Lò Văn Sơn chủ trì hội nghị; các xã cùng dự.\n\n"
    + "Hội nghị bàn nhiều việc, việc nào cũng cần cả hệ thống chính trị cùng làm. " * 6
)


def shown(name: str, **fields: Any) -> Article:
    return plain_article(7, **{"title": f"Bài {name}", "summary": None, "body": BODY, **fields})


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., Any]) -> Any:
    """A reading room on four days of two portals: one after another of what can happen."""
    writer = Writer(tmp_path_factory.mktemp("events"))
    for name in ("dau", "so", "ten", "go", "dai"):
        writer.visit("laichau", f"/{name}", DAY, article=shown(name))
    writer.visit("backan", "/cu", DAY, article=shown("chuyển", body=f"Chuyển nhà. {BODY}"))
    at = DAY + timedelta(days=1)
    edits = (
        ("dau", {"body": BODY.replace("hội nghị; các", "hội nghị, các")}),
        ("ten", {"body": BODY.replace("Sơn", "Sáng")}),
        ("so", {"body": BODY.replace("1.245", "1.254")}),
    )
    for minutes, (name, fields) in enumerate(edits):
        writer.visit("laichau", f"/{name}", at + timedelta(minutes=minutes), article=shown(name, **fields))
    for days, kind in ((1, "gone"), (2, "gone"), (3, "article")):
        then = DAY + timedelta(days=days, hours=3)
        for name, fields in (*((name, fields) for name, fields in edits), ("dai", {})):
            writer.visit("laichau", f"/{name}", then - timedelta(hours=1), article=shown(name, **fields))
        status, article = (404, None) if kind == "gone" else (200, shown("go"))
        writer.visit("laichau", "/go", then, kind=kind, status=status, article=article)
    _inject(writer)
    writer.close()
    return serve(writer.path)


def _inject(writer: Writer) -> None:
    from portal_archive.model.kinds import Outcome
    from portal_archive.model.page import Page
    from portal_archive.model.records import Visit

    url, at = "https://backan.example/cu", DAY + timedelta(days=2)
    article = shown("chuyển", body=f"Chuyển nhà cái uy tín. {BODY}")
    finding = Finding("advertising", 0.9, "nhà cái uy tín", (), {}, "body", 7, 21)
    page = Page(url, Outcome.ARTICLE, article=article, findings=[finding])
    writer.archive.store(Visit("backan", url, url, at, "article", status=200, page=page))


def tree(room: Any, path: str, **params: str) -> Any:
    response = room.get(path, **params)
    assert response.status_code == 200
    return html.fromstring(response.text)


def texts(found: Any, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in found.xpath(path)]


def lines(found: Any) -> list[tuple[str, str]]:
    items = found.xpath("//ul[@class='lines']/li[@id]")
    return [(item.xpath("string(span)"), item.xpath("string(a[@class='headline'])")) for item in items]


def test_by_day_and_the_weightiest_first(events: Any) -> None:
    page = tree(events, "/changes")
    assert texts(page, "//h2[@class='group']") == ["23/11/2026", "22/11/2026", "21/11/2026"]
    assert lines(page) == [
        ("Trở lại", "Bài go"),
        ("Bị chèn chữ lạ", "Bài chuyển"),
        ("Bị gỡ", "Bài go"),
        ("Sửa chữ", "Bài chuyển"),
        ("Sửa con số", "Bài so"),
        ("Sửa tên", "Bài ten"),
        ("Sửa dấu câu", "Bài dau"),
    ]
    assert texts(page, "//div[@class='bar']/h2") == ["7 thay đổi"]


def test_the_words_themselves_are_marked(events: Any) -> None:
    page = tree(events, "/changes", weight="figure")
    (item,) = page.xpath("//ul[@class='lines']/li[@id]")
    assert texts(item, "p[@class='passage']") == ["Toàn văn: Toàn huyện có 1.2451.254 tổ dân vận."]
    assert (texts(item, ".//del"), texts(item, ".//ins")) == (["1.245"], ["1.254"])
    (diff,) = item.xpath("p[@class='meta']/a[text()='so hai bản']/@href")
    assert events.get(diff).status_code == 200


def test_what_went_was_put_in_and_came_back_is_shown_too(events: Any) -> None:
    opening = "Toàn huyện có 1.245 tổ dân vận. Đồng chí Lò Văn Sơn chủ trì hội nghị"
    (gone,) = texts(tree(events, "/changes", kind="gone"), "//p[@class='passage']/del")
    assert gone.startswith(opening)
    assert gone.endswith("…")
    assert len(gone) < 250
    (back,) = texts(tree(events, "/changes", kind="came-back"), "//p[@class='passage']/ins")
    assert back == gone
    injected = tree(events, "/changes", kind="injected")
    assert texts(injected, "//p[@class='passage']/ins") == ["nhà cái uy tín"]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"kind": "changed", "portal": "laichau"}, ["Bài so", "Bài ten", "Bài dau"]),
        ({"portal": "backan"}, ["Bài chuyển", "Bài chuyển"]),
        ({"province": "thai-nguyen", "kind": "injected"}, ["Bài chuyển"]),
        ({"weight": "name"}, ["Bài ten"]),
        ({"since": "2026-11-23"}, ["Bài go"]),
        ({"until": "2026-11-21", "sort": "newest"}, ["Bài so", "Bài ten", "Bài dau"]),
        ({"sort": "weight", "since": "2026-11-22"}, ["Bài chuyển", "Bài go", "Bài go", "Bài chuyển"]),
        ({"since": "hôm qua", "kind": "x", "weight": "y", "portal": "laichau", "until": "2026-11-21"},
         ["Bài so", "Bài ten", "Bài dau"]),
        ({"portal": "không có"}, []),
    ],
)  # fmt: skip
def test_filters(events: Any, asked: dict[str, str], titles: list[str]) -> None:
    assert [title for _, title in lines(tree(events, "/changes", **asked))] == titles


def test_counts_are_of_what_would_be_shown(events: Any) -> None:
    page = tree(events, "/changes", portal="laichau")
    assert texts(page, "//nav[@class='switch']/a") == [
        *("Tất cả 5", "Bị sửa 3", "Bị gỡ 1", "Trở lại 1", "Chuyển địa chỉ 0", "Bị chèn chữ lạ 0")
    ]
    facets = {
        section.findtext("h3"): texts(section, ".//li") for section in page.xpath("//section[@class='facet']")
    }
    assert facets == {
        "Sửa gì": ["Sửa con số 1", "Sửa tên 1", "Sửa dấu câu 1"],
        "Cổng": ["Cổng thông tin tỉnh Lai Châu 5", "Cổng thông tin tỉnh Bắc Kạn 2"],
        "Tỉnh, thành": ["Lai Châu 5"],
    }
    assert texts(page, "//p[@class='active']/a") == ["Cổng thông tin tỉnh Lai Châu ×"]
    assert page.xpath("//p[@class='active']/a/@href") == ["/changes"]
    for link in page.xpath("(//section[@class='facet'] | //nav[@class='switch'])//a[not(@aria-current)]"):
        number = link.xpath("string((./span | ../span)[1])")
        wanted = texts(tree(events, link.get("href")), "//div[@class='bar']/h2")
        assert wanted == [f"{number} thay đổi" if number != "0" else "Không có thay đổi nào như vậy."]


def test_the_feed_comes_by_event_with_its_words(events: Any) -> None:
    text = events.get("/changes.atom").text
    feed = feedparser.parse(text, sanitize_html=False)
    assert not feed.bozo
    assert feed.feed.title == "Sửa, gỡ, trở lại, chuyển, chèn · Kho cổng Đảng bộ"
    moments = [entry.updated for entry in feed.entries]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == 7
    assert [entry.title for entry in feed.entries][:3] == [
        "Trở lại: Bài go",
        "Bị gỡ: Bài go",
        "Bị chèn chữ lạ: Bài chuyển",
    ]
    (figure,) = [entry for entry in feed.entries if entry.title == "Sửa con số: Bài so"]
    assert figure.content[0].value == (
        "<p>Cổng thông tin tỉnh Lai Châu · 21/11/2026 09:02</p>"
        "<p><b>Toàn văn:</b> Toàn huyện có <del>1.245</del><ins>1.254</ins> tổ dân vận.</p>"
    )
    assert figure.id.partition("#")[2] == "changed-2-2026-11-21T02:02:00Z"
    assert figure.published == figure.updated == "2026-11-21T02:02:00Z"
    english = feedparser.parse(events.get("/changes.atom", headers={"Cookie": "room_language=en"}).text)
    assert [entry.id for entry in english.entries] == [entry.id for entry in feed.entries]


def test_a_feed_says_what_it_is_of(events: Any) -> None:
    feed = feedparser.parse(events.get("/changes.atom", kind="gone", portal="laichau", sort="weight").text)
    assert feed.feed.title == "Bị gỡ · Cổng thông tin tỉnh Lai Châu · Kho cổng Đảng bộ"
    assert [entry.title for entry in feed.entries] == ["Bị gỡ: Bài go"]
    assert feed.feed.links[1].href.endswith("/changes?kind=gone&portal=laichau")


def test_one_article(events: Any) -> None:
    page = tree(events, "/changes", article="2")
    assert texts(page, "//h1") == ["Sửa, gỡ, trở lại, chuyển, chèn · Bài so"]
    assert lines(page) == [("Sửa con số", "Bài so")]
    article = tree(events, "/article/2")
    assert article.xpath("//a[@href='/changes?article=2']")
    assert article.xpath("//a[@href='/changes.atom?article=2']")
    assert events.get("/changes", article="999").status_code == 404


def test_the_newest_days_are_shown_unless_more_is_asked_for(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    writer = Writer(tmp_path)
    for days, title in ((0, "Một"), (1, "Hai"), (200, "Ba"), (220, "Bốn"), (229, "Năm")):
        writer.visit("laichau", "/tin", DAY + timedelta(days=days), article=shown(title))
    writer.close()
    room = serve(writer.path)

    def days(**asked: str) -> list[str]:
        return texts(tree(room, "/changes", **asked), "//h2[@class='group']")

    assert days() == ["07/07/2027", "28/06/2027", "08/06/2027"]
    assert days(days="7") == ["07/07/2027"]
    assert days(days="0") == ["07/07/2027", "28/06/2027", "08/06/2027", "21/11/2026"]
    assert days(until="2027-01-01") == ["21/11/2026"]
    assert len(days(article="1")) == 4
    assert len(feedparser.parse(room.get("/changes.atom").text).entries) == 3
    assert len(feedparser.parse(room.get("/changes.atom?days=0").text).entries) == 3
    assert len(feedparser.parse(room.get("/changes.atom?article=1").text).entries) == 4
    page = tree(room, "/changes", days="365", kind="changed")
    assert page.xpath("//p[@class='sorts periods']/a[@aria-current]/@href") == [
        "/changes?kind=changed&days=365"
    ]
    assert page.xpath("//link[@type='application/atom+xml']/@href") == ["/changes.atom?kind=changed"]


def test_paging_leaves_nothing_out(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal_archive.publish.pages import changes

    every = lines(tree(room, "/changes"))
    monkeypatch.setattr(changes, "_SIZE", 1)
    found, address = [], "/changes"
    while address:
        page = tree(room, address)
        found += lines(page)
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert found == every
    assert len(every) >= 3


def test_in_english_and_from_every_page(events: Any) -> None:
    english = {"Cookie": "room_language=en"}
    page = html.fromstring(events.get("/changes?kind=changed", headers=english).text)
    assert texts(page, "//h1") == ["Changed"]
    assert lines(page)[-1] == ("Punctuation changed", "Bài dau")
    assert texts(page, "//header//nav/a[@href='/changes']") == ["Changes"]
    home = tree(events, "/")
    assert "/changes?kind=gone" in home.xpath("//p[@class='more']/a/@href")
    portal = tree(events, "/portal/laichau")
    assert portal.xpath("//link[@type='application/atom+xml']/@href") == ["/changes.atom?portal=laichau"]


def test_a_moved_article_says_from_where(serve: Callable[..., Any], tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    article = shown("chuyển")
    writer.visit("laichau", "/tin/cu", DAY, article=article)
    at = DAY + timedelta(days=1)
    writer.visit("laichau", "/tin/moi", at, article=replace(article))
    writer.archive.db.execute("UPDATE pages SET state = 'moved' WHERE url LIKE '%/tin/cu'")
    writer.close()
    page = tree(serve(writer.path), "/changes", kind="moved")
    assert texts(page, "//p[@class='passage']") == [
        "Địa chỉ: https://laichau.example/tin/cu https://laichau.example/tin/moi"
    ]


def test_a_takeover_leads_to_its_portal_and_a_page_without_an_article_to_its_capture(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    writer = Writer(tmp_path)
    capture = writer.visit("laichau", "/tin/a", DAY, article=shown("a")) and 1
    columns = (
        "portal, url, kind, field, span, occurrence, start, end, score, first_seen, last_seen, capture_id"
    )
    for url, kind, field, span, number in (
        ("https://laichau.example/", "host-takeover", "host", "software", None),
        ("https://laichau.example/x.php?=nha-cai.shtml", "doorway-page", "url", "nha-cai.shtml", capture),
        ("https://laichau.example/y", "hidden-text", "style", "display:none", capture),
    ):
        writer.archive.db.execute(
            f"INSERT INTO findings ({columns}) VALUES ('laichau', ?, ?, ?, ?, 1, 0, 9, 0.9, ?, ?, ?)",
            [url, kind, field, span, "2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z", number],
        )
    writer.close()
    room = serve(writer.path)
    page = tree(room, "/changes")
    shown_lines = {
        item.xpath("string(p[@class='note'])"): (
            item.xpath("string(a[@class='headline']/@href)"),
            texts(item, "p[@class='passage']"),
        )
        for item in page.xpath("//ul[@class='lines']/li[@id]")
    }
    assert shown_lines == {
        "tên miền đổi chủ": ("/portal/laichau", []),
        "trang cửa ngõ": ("/capture/1", ["Địa chỉ: nha-cai.shtml"]),
        "chữ hay liên kết ẩn": ("/capture/1", ["trong mã nguồn, không hiện trên trang: display:none"]),
    }
    assert len(feedparser.parse(room.get("/changes.atom").text).entries) == 3


def test_an_archive_without_events(serve: Callable[..., Any], tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.close()
    room = serve(writer.path)
    assert texts(tree(room, "/changes"), "//div[@class='bar']/h2") == ["Không có thay đổi nào như vậy."]
    assert feedparser.parse(room.get("/changes.atom").text).entries == []
