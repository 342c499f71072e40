"""Pages of stories: who was first, who followed and when, what each changed, any two side by side."""

import json
import re
import sqlite3
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from synthetic_library import START, Writer, plain_article

from portal_archive.archive.archive import Archive
from portal_archive.archive.differences import compare, reflow
from portal_archive.model.kinds import Precision

FIRST = (
    "Ngày 14/3, đoàn công tác của huyện Tam Khê đến bản Nậm Sính để xem việc làm của 27 hộ vừa dời nhà khỏi vùng có"
    " nguy cơ sạt lở bên suối.\n\n"
    "Từ tháng 11 năm ngoái 112 người trong bản thay nhau san nền, mỗi nhà góp 9 ngày công; huyện Tam Khê cho mượn hai"
    " máy xúc và cấp 640 triệu đồng mua tôn, xi măng.\n\n"
    "Đoàn đã ghi lại 16 điều bà con mong muốn, trong đó có việc kéo điện cho 5 nhà ở cuối bản và mở lớp mầm non tại"
    " chỗ, rồi hẹn trả lời trước ngày 30/4."
)
PUT_IN = FIRST.replace("huyện Tam Khê", "sòng bài online uy tín\n")
TITLE = "Những mái nhà mới bên suối"


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with one story of four articles (1 to 4), and one of two (5 and 6) that is part of it now."""
    writer = Writer(tmp_path_factory.mktemp("stories"))

    def store(portal: str, path: str, body: str, published: str | None, **fields: Any) -> None:
        article = plain_article(
            1, title=TITLE, summary=None, body=body, html=None, published_at=published, author=None, **fields
        )
        writer.visit(portal, path, START, article=article)

    store("laichau", "/a", FIRST, "2026-03-01T08:00:00+07:00")
    store("dienbien", "/b", "\n\n".join(FIRST.split("\n\n")[:2]), "2026-03-01T08:45:00+07:00")
    store("backan", "/c", PUT_IN, "2026-03-04T00:00:00+07:00", published_precision=Precision.DAY)
    store("backan", "/d", FIRST.replace("\n\n", "\n"), None)
    writer.close()
    with Archive(writer.path) as archive:
        archive.claim("test")
        archive.db.execute("INSERT INTO stories VALUES (2, NULL, 0, 0, 1)")
    return writer.path


@pytest.fixture(scope="module")
def room(stories: Path, serve: Callable[..., Any]) -> Any:
    return serve(stories)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def items(page: str) -> list[str]:
    """Return the articles of the timeline, in words."""
    timeline = page.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    return [words(item) for item in timeline.split("<li>")[1:]]


def test_who_was_first_and_who_followed(room: Any) -> None:
    page = room.get("/story/1")
    assert page.status_code == 200
    assert f"<h1>{TITLE}</h1>" in page.text
    assert "4 bài trên 3 cổng" in words(page.text)
    assert items(page.text) == [
        f"Cổng thông tin tỉnh Lai Châu · 01/03/2026 08:00 {TITLE} đăng sớm nhất",
        f"Đảng bộ tỉnh Điện Biên · 01/03/2026 08:45 · sau 45 phút {TITLE}"
        " khác 33%: bỏ 36 từ, thêm 0 từ · So với bài đầu",
        f"Cổng thông tin tỉnh Bắc Kạn · 04/03/2026 · sau 3 ngày {TITLE}"
        " khác 9%: bỏ 6 từ, thêm 10 từ · So với bài đầu",
        "Cổng thông tin tỉnh Bắc Kạn · không rõ ngày · kho thấy lần đầu 01/10/2026 08:00"
        f" {TITLE} nguyên văn · So với bài đầu",
    ]
    for number in range(1, 5):
        assert f'<a class="headline" href="/article/{number}">' in page.text


def test_in_english(room: Any) -> None:
    page = room.get("/story/1", headers={"Cookie": "room_language=en"}).text
    assert items(page)[1:3] == [
        f"Đảng bộ tỉnh Điện Biên · 01/03/2026 08:45 · 45 minutes later {TITLE}"
        " 33% differs: 36 words left out, 0 added · Compare with the first",
        f"Cổng thông tin tỉnh Bắc Kạn · 04/03/2026 · 3 days later {TITLE}"
        " 9% differs: 6 words left out, 10 added · Compare with the first",
    ]


@pytest.mark.parametrize(
    ("start", "moment", "precision", "said"),
    [
        ("2026-03-01T08:00:00+07:00", "2026-03-02T07:59:00+07:00", "minute", "sau 23 giờ"),
        ("2026-03-01T08:00:00+07:00", "2026-03-03T08:00:00+07:00", "second", "sau 2 ngày"),
        ("2026-03-01T08:00:00+07:00", "2026-03-01T00:00:00+07:00", "day", "cùng ngày"),
        ("2026-03-01T08:00:00+07:00", "2026-02-27T09:00:00+07:00", "minute", "ghi ngày sớm hơn 2 ngày"),
        (None, "2026-02-27T09:00:00+07:00", "minute", None),
    ],
)
def test_how_much_later(
    stories: Path,
    tmp_path: Path,
    serve: Callable[..., Any],
    start: str | None,
    moment: str,
    precision: str,
    said: str | None,
) -> None:
    copy = tmp_path / "archive.db"
    with sqlite3.connect(stories) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        target.execute("UPDATE articles SET published_at = ? WHERE id = 1", (start,))
        target.execute(
            "UPDATE articles SET published_at = ?, published_precision = ? WHERE id = 2", (moment, precision)
        )
    second = items(serve(copy).get("/story/1").text)[1]
    dates = second.partition(f" {TITLE}")[0].split(" · ")[2:]
    assert dates == ([said] if said else [])


def marked(page: str) -> list[tuple[str, str]]:
    """Return what a page marks as removed and added."""
    return [(kind, words(text)) for kind, text in re.findall(r"<(del|ins)>(.*?)</\1>", page, re.DOTALL)]


def test_two_articles_side_by_side(room: Any) -> None:
    page = room.get("/story/1", a="1", b="3").text
    assert marked(page) == [("del", "huyện Tam Khê"), ("ins", "sòng bài online uy tín")] * 2
    assert page.count('<div class="cell">') == 6
    heads = re.findall(r'<div class="head">(.*?)</div>', page)
    assert heads == [
        "Cổng thông tin tỉnh Lai Châu, 01/03/2026 08:00",
        "Cổng thông tin tỉnh Bắc Kạn, 04/03/2026",
    ]
    assert re.findall(r'<option value="(\d)" selected', page) == ["1", "3"]


def test_two_articles_in_one_column_and_in_either_order(room: Any) -> None:
    page = room.get("/story/1", a="3", b="1", view="inline").text
    assert marked(page) == [("del", "sòng bài online uy tín"), ("ins", "huyện Tam Khê")] * 2
    assert 'class="cell"' not in page
    assert 'href="/story/1?a=3&amp;b=1&amp;view=side#side"' in page


def test_the_first_two_are_compared_unless_others_are_chosen(room: Any) -> None:
    for query in ({}, {"a": "99", "b": "x"}):
        page = room.get("/story/1", **query).text
        assert [kind for kind, _ in marked(page)] == ["del"]
        assert re.findall(r'<option value="(\d)" selected', page) == ["1", "2"]


def test_other_paragraphs_are_no_other_text(room: Any) -> None:
    page = room.get("/story/1", a="1", b="4")
    assert marked(page.text) == []
    assert "Tiêu đề và toàn văn giống hệt nhau." in words(page.text)


def test_a_story_that_became_part_of_another_leads_there(room: Any) -> None:
    answer = room.get("/story/2")
    assert (answer.status_code, answer.headers["location"]) == (302, "/story/1")


def test_there_is_no_such_story(room: Any) -> None:
    for path in ("/story/3", "/story/999999999999999999", "/story/x"):
        assert room.get(path).status_code == 404, path


def test_an_article_leads_to_its_story(room: Any) -> None:
    page = room.get("/article/3").text
    assert "Cổng khác cũng đăng" in page
    assert '<a href="/story/1">Ai đăng trước, sửa những gì</a>' in page
    listed = re.findall(r'<li><a href="/article/(\d)">(.*?)</a></li>', page)
    assert listed == [
        ("1", "Cổng thông tin tỉnh Lai Châu, 01/03/2026"),
        ("2", "Đảng bộ tỉnh Điện Biên, 01/03/2026"),
        ("4", "Cổng thông tin tỉnh Bắc Kạn, không rõ ngày"),
    ]


def test_the_canned_query_lists_stories(room: Any) -> None:
    rows = room.get("/nv/same_text.json", _shape="array")
    (row,) = json.loads(rows.text)
    assert (row["story_id"], row["id"], row["articles"], row["portals"]) == (1, 1, 4, 3)
    assert (row["which"], row["most_changed_percent"]) == ("backan,dienbien,laichau", 33)


def test_the_canned_query_leads_to_the_story(room: Any) -> None:
    assert '<a href="/story/1">1</a>' in room.get("/nv/same_text").text


def test_reflowing_keeps_paragraphs_that_only_one_has() -> None:
    before = "Một hai ba.\n\nBốn năm sáu."
    assert reflow(before, "Một hai ba. Bốn năm sáu.") == "Một hai ba.\nBốn năm sáu."
    assert reflow(before, "Một hai\nba.\n\nBốn năm sáu.\nBảy tám.") == "Một hai ba.\n\nBốn năm sáu.\nBảy tám."
    assert reflow(before, "Một hai ba.\n\nThêm vào giữa.\n\nBốn năm sáu.") == (
        "Một hai ba.\n\nThêm vào giữa.\n\nBốn năm sáu."
    )
    assert reflow(before, "Một hai ba. “Bốn năm sáu.") == "Một hai ba.\n“Bốn năm sáu."
    assert (reflow("", "a\nb"), reflow("a", "")) == ("a\nb", "")
    clean = "Tại huyện Tam Khê (cũ), bà con đã dời nhà."
    (row,) = compare(clean, reflow(clean, "Tại sòng bài\n (cũ), bà con đã dời nhà."))
    assert [piece.text for piece in row.merged if piece.kind != "same"] == ["huyện Tam Khê", "sòng bài"]


def test_the_list_of_stories_leads_to_each(room: Any) -> None:
    page = room.get("/stories").text
    assert re.findall(r'class="headline" href="([^"]+)">([^<]+)<', page) == [("/story/1", TITLE)]
    assert "4 bài trên 3 cổng" in words(page)
    assert 'href="/stories"' in room.get("/story/1").text
    assert "Chưa thấy văn bản nào" in room.get("/stories?start=30").text
