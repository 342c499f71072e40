"""What was put into articles, as the reading room shows it: banner, marks, list, feed, tables."""

import csv
import importlib
import io
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
import time_machine
from markupsafe import Markup
from playwright.sync_api import expect, sync_playwright
from serving_command import datasette_command
from synthetic_library import Writer, plain_article

from portal_archive.archive.findings.findings import Sighting, Verdict, decide, note
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Finding, Page
from portal_archive.model.records import Fetch, Visit
from portal_archive.publish.parts.marking import Span, mark_html, mark_text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
expect.set_options(timeout=20_000)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PLACE, PHRASE = "huyện Bản Mây", "cổng game đổi thưởng"
CLEAN = (
    f"Sáng 18/3, tại điểm cầu {PLACE}, có đồng chí Bí thư Huyện ủy dự hội nghị giao ban."
    f"\n\nTrên địa bàn {PLACE}, 312 tổ dân vận được kiện toàn."
)
INJECTED = CLEAN.replace(PLACE, PHRASE + "\n")
ALONE = f"Bản Nậm Cầy họp bàn làm đường tại {PHRASE}\n, đông đủ các hộ."
MANY = ", ".join(f"từ lạ {number} của bài" for number in range(9))
HIDDEN = (
    '<div style="display:none"><a href="https://song-bai.example/">nhà cái</a><script>alert(1)</script></div>'
)
SLOT = "phrase-in-name-slot"


def markup(body: str) -> str:
    """Return a body as the portal's HTML, every phrase a link."""
    link = f'<a href="https://song-bai.example/">{PHRASE}</a><br>'
    return "".join(f"<p>{part.replace(PHRASE + chr(10), link)}</p>" for part in body.split("\n\n"))


def findings(text: str, span: str = PHRASE, **fields: Any) -> list[Finding]:
    given: dict[str, Any] = {
        "kind": SLOT,
        "score": 0.93,
        "signs": ("place-likely",),
        "details": {},
    }
    given |= {"field": "body", **fields}
    return [
        Finding(span=span, start=at.start(), end=at.end(), **given)
        for at in re.finditer(re.escape(span), text)
    ]


def visit(writer: Writer, portal: str, path: str, at: datetime, page: Page) -> int | None:
    url = page.url = f"https://{portal}.example{path}"
    ref = writer.captures[portal].write(Fetch(url, 200, [], f"{page} {at}".encode(), at))
    stored = writer.archive.store(Visit(portal, url, url, at, page.kind, status=200, capture=ref, page=page))
    return stored.article_id


def shown(article: Article, found: Sequence[Finding] = ()) -> Page:
    return Page("", Outcome.ARTICLE, article=article, findings=list(found))


@dataclass(frozen=True)
class Tampered:
    path: Path
    ids: dict[str, int]


@pytest.fixture(scope="module")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Tampered:
    """Store an article that was clean, one that was repaired, one that was dismissed, one of weak signs only."""
    writer = Writer(tmp_path_factory.mktemp("tampered"))
    clean = plain_article(
        1, title="Giao ban", summary="Tóm tắt.", body=CLEAN, html=markup(CLEAN), author=None
    )
    injected = replace(clean, title=f"Giao ban tại {PHRASE}", body=INJECTED, html=markup(INJECTED))
    found = [
        *findings(INJECTED),
        *findings(injected.title or "", field="title"),
        *findings(INJECTED, kind="foreign-link", score=0.6, signs=("linked",)),
        Finding("hidden-text", 0.97, HIDDEN, ("not-displayed",), {}, "html", 10, 10 + len(HIDDEN)),
        *findings(INJECTED, span="dân vận", kind="spun-text", score=0.35),
    ]
    ids = {"injected": visit(writer, "laichau", "/a", NOW - timedelta(days=40), shown(clean))}
    visit(writer, "laichau", "/a", NOW - timedelta(days=2), shown(injected, found))
    alone = replace(injected, title="Bài không có bản sạch", body=ALONE, html=None)
    ids["alone"] = visit(writer, "laichau", "/b", NOW - timedelta(days=3), shown(alone, findings(ALONE)))
    repaired = replace(injected, title="Bài đã sửa lại")
    visit(writer, "dienbien", "/c", NOW - timedelta(days=50), shown(repaired, findings(INJECTED)))
    fixed = replace(repaired, body=CLEAN, html=markup(CLEAN))
    ids["repaired"] = visit(writer, "dienbien", "/c", NOW - timedelta(days=45), shown(fixed))
    game = replace(injected, title="Bài nói về trò chơi")
    found = findings(INJECTED, kind="spun-text")
    ids["dismissed"] = visit(writer, "dienbien", "/d", NOW - timedelta(days=9), shown(game, found))
    number = writer.archive.db.execute("SELECT max(id) FROM findings").fetchone()[0]
    decide(writer.archive.db.conn, number, Verdict.DISMISSED, "tên <b>trò chơi</b>", NOW - timedelta(days=1))
    weak = replace(clean, title="Bài chỉ có dấu hiệu yếu")
    ids["weak"] = visit(
        writer,
        "backan",
        "/e",
        NOW - timedelta(days=8),
        shown(weak, findings(CLEAN, span="dân vận", score=0.35)),
    )
    doorway = Finding("doorway-page", 0.9, "=1+1/nha-cai.shtml", ("carried-name",), {}, "url", 0, 18)
    visit(writer, "backan", "/x.php?ID==1+1/nha-cai.shtml", NOW, Page("", Outcome.OTHER, findings=[doorway]))
    writer.close()
    return Tampered(writer.path, {name: number for name, number in ids.items() if number})


@pytest.fixture(scope="module")
def room(tampered: Tampered, serve: Callable[..., Any]) -> Any:
    return serve(tampered.path)


def words(page: str) -> str:
    """Return the text of a page, white space as single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def article(room: Any, tampered: Tampered, name: str, lang: str = "vi") -> str:
    response = room.get(f"/article/{tampered.ids[name]}", headers={"cookie": f"room_language={lang}"})
    assert response.status_code == 200
    text: str = response.text
    return text


def test_the_banner_says_what_where_since_when_and_what_stood_there(room: Any, tampered: Tampered) -> None:
    page = article(room, tampered, "injected")
    assert (
        "Bài này có dấu hiệu bị chèn nội dung lạ Thấy từ 18/11/2026 10:00, lần gần nhất 18/11/2026 10:00."
        " Đọc bản sạch: bản 1 Xem khác gì"
    ) in words(page)
    body = (
        f"{PHRASE} ×2 Chữ gốc: {PLACE} theo bản 1 chữ lạ ở chỗ của tên riêng, liên kết lạ · Toàn văn · điểm 0,93"
        " · chỗ 1 · chỗ 2 · Mở bản lưu số 2 Từ ngữ đứng ở chỗ thường là tên riêng. Là liên kết tới trang bên ngoài."
    )
    assert body in words(page)
    title = f"{PHRASE} Chữ gốc: (chỗ này vốn không có gì) theo bản 1 chữ lạ ở chỗ của tên riêng · Tiêu đề · điểm 0,93"
    assert f"{title} · chỗ 1 · Mở bản lưu số 2" in words(page)
    assert f'href="/article/{tampered.ids["injected"]}/version/1">Đọc bản sạch: bản 1<' in page
    assert f'href="/article/{tampered.ids["injected"]}/diff/1/2">' in page
    english = words(article(room, tampered, "injected", "en"))
    assert "This article seems to have been tampered with Seen since 18/11/2026 10:00" in english
    assert (
        f"Original words: {PLACE} by version 1 foreign words where a name belongs, foreign link · Text"
        in english
    )
    assert "Words where a name usually stands. They are a link to a foreign host." in english


def test_what_is_hidden_is_quoted_as_code_and_weak_signs_stand_apart(room: Any, tampered: Tampered) -> None:
    page = article(room, tampered, "injected")
    assert (
        "<code>&lt;div style=&#34;display:none&#34;&gt;&lt;a href=&#34;https://song-bai.example/&#34;&gt;nhà cái"
        "&lt;/a&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/div&gt;</code>"
    ) in page
    assert "chữ hay liên kết ẩn · trong mã nguồn, không hiện trên trang · điểm 0,97" in words(page)
    assert "Dấu hiệu yếu hoặc đã bị bác bỏ dân vận văn bản xào trộn · Toàn văn · điểm 0,35" in words(page)


def test_the_words_are_marked_and_lead_nowhere(room: Any, tampered: Tampered) -> None:
    page = article(room, tampered, "injected")
    body = page[page.index('<div class="body">') : page.index("</article>")]
    marks = re.findall(r'<mark class="injected">((?:<span id="finding-\d+"></span>)+)([^<]*)</mark>', body)
    assert [(spans.count("<span"), text) for spans, text in marks] == [(2, PHRASE), (2, PHRASE)]
    assert "song-bai.example" not in body
    assert re.search(
        rf'<h1>Giao ban tại <mark class="injected"><span id="finding-\d+"></span>{PHRASE}</mark>', page
    )
    assert f"<title>Giao ban tại {PHRASE} ·" in page
    led = set(re.findall(r'href="#(finding-\d+)"', page))
    assert len(led) == 3
    assert led <= set(re.findall(r'<span id="(finding-\d+)">', page))


def test_an_article_without_a_clean_copy_says_so(room: Any, tampered: Tampered) -> None:
    page = words(article(room, tampered, "alone"))
    assert "Kho chưa có bản sạch của bài này." in page
    assert "Chữ gốc" not in page


def test_a_long_banner_is_folded_and_leads_only_to_marks_there_are(
    tmp_path: Path, serve: Callable[..., Any]
) -> None:
    writer = Writer(tmp_path)
    found = [one for number in range(9) for one in findings(MANY, span=f"từ lạ {number}", kind="spun-text")]
    found.append(Finding("advertising", 0.9, "chỉ máy tìm kiếm thấy", ("a-newer-sign",), {}, "body", 5, 26))
    found.append(Finding("doorway-page", 0.9, "/nha-cai.shtml", ("carried-name",), {}, "url", 5, 19))
    visit(writer, "backan", "/f", NOW, shown(plain_article(9, body=MANY), found))
    writer.close()
    page = serve(writer.path).get("/article/1").text
    assert page.count('<mark class="injected">') == 9
    assert page.count('<a href="#finding-') == 9
    assert words(page).count("văn bản xào trộn · Toàn văn") == 9
    assert "3 dấu hiệu nữa" in words(page)
    assert "/nha-cai.shtml trang cửa ngõ · trong địa chỉ của trang · điểm 0,90" in words(page)


def test_what_is_found_about_a_portal_as_a_whole(tmp_path: Path, serve: Callable[..., Any]) -> None:
    writer = Writer(tmp_path)
    found = [
        Finding(
            "host-takeover",
            *(0.9, "language", ("takeover-language",), {"before": "98%", "after": "2%"}),
            *("host", 0, 8),
        )
    ]
    sighting = Sighting("backan", "https://backan.example/", "2026-11-20T03:00:00Z", None)
    note(writer.archive.db.conn, sighting, found)
    writer.close()
    page = serve(writer.path).get("/findings").text
    assert '<a class="headline" href="/portal/backan">Cổng thông tin tỉnh Bắc Kạn</a>' in page
    assert (
        "Chỉ còn 2% số trang bằng tiếng Việt, trước là 98%. tên miền đổi chủ · cả cổng · điểm 0,90"
        in words(page)
    )


def test_a_repaired_article_says_that_it_was_tampered_with(room: Any, tampered: Tampered) -> None:
    page = article(room, tampered, "repaired")
    assert (
        "Từng bị chèn nội dung lạ, thấy từ 01/10/2026 10:00 đến 01/10/2026 10:00; bản hiện tại không có dấu hiệu ấy."
    ) in words(page)
    assert "có dấu hiệu bị chèn" not in words(page)
    assert "Bản 1 bị chèn" in words(page)
    old = room.get(f"/article/{tampered.ids['repaired']}/version/1").text
    assert "Bản này có dấu hiệu bị chèn nội dung lạ" in words(old)
    assert f"Chữ gốc: {PLACE} theo bản 2" in words(old)
    assert old.count('<mark class="injected">') == 2


def test_what_was_dismissed_is_told_with_its_reason_and_flags_nothing(room: Any, tampered: Tampered) -> None:
    page = article(room, tampered, "dismissed")
    assert "Bài này có dấu hiệu" not in page
    assert "<mark" not in page
    assert "Người vận hành đã bác bỏ: tên <b>trò chơi</b>" in words(page)
    assert "tên &lt;b&gt;trò chơi&lt;/b&gt;" in page


def lines(page: str) -> list[tuple[str, str]]:
    """Return title and span of each line of the list."""
    return [
        (words(title), words(span))
        for title, span in re.findall(
            r'<li id="finding-\d+">\s*<p>(.*?)</p>.*?<p class="put-in">(.*?)</p>', page, re.S
        )
    ]


def test_all_findings_newest_first(room: Any) -> None:
    page = room.get("/findings").text
    named = f"Giao ban tại {PHRASE}"
    assert lines(page) == [
        (
            "https://backan.example/x.php?ID==1+1/nha-cai.shtml (Trang không phải bài viết)",
            "=1+1/nha-cai.shtml",
        ),
        (named, f"{PHRASE} ×2"),
        (named, f"{PHRASE} ×2"),
        (named, PHRASE),
        (named, HIDDEN),
        ("Bài không có bản sạch", PHRASE),
        ("Bài nói về trò chơi", f"{PHRASE} ×2"),
        ("Bài đã sửa lại nay đã hết", f"{PHRASE} ×2"),
    ]
    assert "8 dấu hiệu" in words(page)
    assert "10/2026: 1 dấu hiệu 11/2026: 7 dấu hiệu" in words(page)
    assert (
        "Cổng Cổng thông tin tỉnh Lai Châu 5 Đảng bộ tỉnh Điện Biên 2 Cổng thông tin tỉnh Bắc Kạn 1"
        in words(page)
    )
    assert "Kết luận Chưa xét 7 Đã bác bỏ 1" in words(page)
    english = words(room.get("/findings", headers={"cookie": "room_language=en"}).text)
    assert "Signs of tampering" in english
    assert "8 findings" in english


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"weak": "1"}, 10),
        ({"portal": "dienbien"}, 2),
        ({"kind": SLOT}, 4),
        ({"kind": SLOT, "portal": "laichau"}, 3),
        ({"verdict": "dismissed"}, 1),
        ({"verdict": "open"}, 7),
        ({"verdict": "confirmed"}, 0),
        ({"portal": "khong-co"}, 0),
        ({"kind": "' OR 1 --"}, 0),
        ({"start": "-1"}, 8),
        ({"start": "99999999999999"}, 8),
    ],
)
def test_findings_are_narrowed(room: Any, query: dict[str, str], count: int) -> None:
    page = room.get("/findings", **query)
    assert page.status_code == 200
    assert len(lines(page.text)) == count
    assert ("Chưa thấy dấu hiệu nào." in words(page.text)) == (count == 0)
    rows = room.get("/findings.json", **query).json()
    feed = feedparser.parse(room.get("/findings.atom", **query).text)
    assert not feed.bozo
    assert len(feed.entries) == count
    assert (
        len({(row["url"], row["article_id"], row["kind"], row["field"], row["span"]) for row in rows})
        == count
    )


def test_a_long_list_has_pages(tmp_path: Path, serve: Callable[..., Any]) -> None:
    writer = Writer(tmp_path)
    spans = [f"đoạn số {number} của bài" for number in range(35)]
    body = ". ".join(spans)
    found = [one for span in spans for one in findings(body, span=span, kind="spun-text")]
    visit(writer, "laichau", "/a", NOW, shown(plain_article(1, body=body), found))
    writer.close()
    room = serve(writer.path)
    first, second = room.get("/findings").text, room.get("/findings?start=30").text
    told = [span for _, span in lines(first) + lines(second)]
    assert (len(lines(first)), len(lines(second))) == (30, 5)
    assert sorted(told) == sorted(spans)
    assert 'href="/findings?start=30" rel="next"' in first
    assert 'rel="next"' not in second


def test_the_feed_has_an_entry_for_each_and_is_valid_without_any(
    room: Any, tmp_path: Path, serve: Callable[..., Any]
) -> None:
    feed = feedparser.parse(room.get("/findings.atom?kind=" + SLOT).text)
    newest = feed.entries[0]
    assert newest.title == f"“{PHRASE}” · Giao ban tại {PHRASE}"
    assert (
        newest.summary
        == f"chữ lạ ở chỗ của tên riêng · Từ ngữ đứng ở chỗ thường là tên riêng. · Chữ gốc: {PLACE}"
        or newest.summary
    )
    assert newest.published == "2026-11-18T03:00:00Z"
    assert len({entry.id for entry in feed.entries}) == 4
    writer = Writer(tmp_path)
    writer.close()
    empty = serve(writer.path).get("/findings.atom")
    assert empty.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(empty.text)
    assert (feed.bozo, feed.entries, feed.feed.title) == (
        False,
        [],
        "Dấu hiệu bị chèn nội dung lạ · Kho cổng Đảng bộ",
    )


def test_findings_are_taken_away_as_tables(room: Any, tampered: Tampered) -> None:
    rows = room.get("/findings.json?weak=1").json()
    assert len(rows) == 14
    (title,) = [row for row in rows if row["field"] == "title"]
    assert {
        name: title[name] for name in ("kind", "span", "score", "portal", "article_title", "is_current")
    } == {
        "kind": SLOT,
        "span": PHRASE,
        "score": 0.93,
        "portal": "laichau",
        "article_title": f"Giao ban tại {PHRASE}",
        "is_current": 1,
    }
    assert title["permalink"] == f"http://localhost/article/{tampered.ids['injected']}"
    assert title["capture_file"].startswith("laichau/")
    jsonl = [json.loads(line) for line in room.get("/findings.jsonl?weak=1").text.splitlines()]
    assert jsonl == rows
    response = room.get("/findings.csv?portal=backan")
    assert response.headers["content-disposition"] == 'attachment; filename="findings.csv"'
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["span"] == "'=1+1/nha-cai.shtml"
    (row,) = csv.DictReader(
        io.StringIO(room.get("/findings.csv?portal=backan&_inert=off").content.decode("utf-8-sig"))
    )
    assert row["span"] == "=1+1/nha-cai.shtml"


def test_search_results_have_the_flag_and_the_findings(room: Any, tampered: Tampered) -> None:
    rows = room.get("/search.json", suspicious="1").json()
    told = {row["id"]: (row["flagged"], len(row["findings"])) for row in rows}
    assert {name: told[number] for name, number in tampered.ids.items()} == {
        "injected": (1, 7),
        "alone": (1, 1),
        "repaired": (0, 0),
        "dismissed": (0, 2),
        "weak": (0, 1),
    }


def test_home_and_portal_name_the_articles(room: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        home = words(room.get("/").text)
    this_week = home[home.index("Bị chèn trong tuần") : home.index("Các cổng Cổng Tỉnh")]
    assert f"Giao ban tại {PHRASE} nghi bị chèn nội dung" in this_week
    assert "Bài không có bản sạch" in this_week
    assert "Bài nói về trò chơi" not in this_week
    assert "Bài đã sửa lại" not in this_week
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        assert "Bảy ngày qua không thấy bài nào bị chèn nội dung lạ." in words(room.get("/").text)
    page = room.get("/portal/dienbien").text
    assert f"Bị chèn nội dung lạ Bài đã sửa lại đã sửa “{PHRASE}” ← “{PLACE}”" in words(page)
    assert 'href="/findings?portal=dienbien"' in page


def test_the_ready_question_lists_what_counts(room: Any, tampered: Tampered) -> None:
    with closing(sqlite3.connect(tampered.path)) as db:
        counted = db.execute(
            "SELECT count(*) FROM findings WHERE score >= 0.5 AND verdict IS NULL AND portal = 'dienbien'"
        ).fetchone()[0]
    rows = room.get("/nv/tampered_with.json?portal=dienbien&_shape=objects").json()["rows"]
    assert [row["original"] for row in rows] == [PLACE] * counted
    assert counted == 2
    assert room.get("/nv/tampered_with?portal=").status_code == 200


# --- marks ----------------------------------------------------------------------------------------------


def span(text: str, words: str, key: str = "k") -> Span:
    start = text.index(words)
    return Span(start, start + len(words), (key,))


def plain_marks(html: Markup) -> str:
    return (
        re.sub(r"<span[^>]*></span>", "", html)
        .replace('<mark class="injected">', "[")
        .replace("</mark>", "]")
    )


@pytest.mark.parametrize(
    ("html", "text", "words", "marked"),
    [
        ("<p>Ở sòng bài, vui</p>", "Ở sòng bài, vui", "sòng bài", "<p>Ở [sòng bài], vui</p>"),
        ("<p>Ở <b>sòng</b> bài</p>", "Ở sòng bài", "sòng bài", "<p>Ở <b>[sòng]</b>[ bài]</p>"),
        (
            "<p>Ở sòng&nbsp;bài &amp; &lt;b&gt;</p>",
            "Ở sòng bài & <b>",
            "bài & <b>",
            "<p>Ở sòng\xa0[bài &amp; &lt;b&gt;]</p>",
        ),
        ('<p>Ở <a href="x>y">sòng bài</a> vui</p>', "Ở sòng bài vui", "sòng bài", "<p>Ở [sòng bài] vui</p>"),
        (
            '<p><a href="x">Ở đây</a> sòng bài</p>',
            "Ở đây sòng bài",
            "bài",
            '<p><a href="x">Ở đây</a> sòng [bài]</p>',
        ),
        ("<p>một</p>", "một hai", "hai", "<p>một</p>"),
    ],
)
def test_marks_in_html(html: str, text: str, words: str, marked: str) -> None:
    assert plain_marks(mark_html(html, text, [span(text, words)])).replace("[ ", " [") == marked.replace(
        "[ ", " ["
    )


def test_the_right_one_of_equal_words_is_marked() -> None:
    html = "<p>Chú thích: vui</p><p>Tết vui quá</p><p>Hội vui lắm</p>"
    text = "Tết vui quá\n\nHội vui lắm"
    second = Span(text.rindex("vui"), text.rindex("vui") + 3, ("k",))
    assert (
        plain_marks(mark_html(html, text, [second]))
        == "<p>Chú thích: vui</p><p>Tết vui quá</p><p>Hội [vui] lắm</p>"
    )
    both = plain_marks(mark_html(html, text, [span(text, "vui"), second]))
    assert both == "<p>Chú thích: vui</p><p>Tết [vui] quá</p><p>Hội [vui] lắm</p>"


def test_spans_that_overlap_are_one_mark_with_both_names() -> None:
    text = "một <hai> ba bốn"
    found = mark_text(text, [span(text, "<hai> ba", "a"), span(text, "ba bốn", "b"), span(text, "một", "c")])
    assert found == (
        '<mark class="injected"><span id="c"></span>một</mark>'
        ' <mark class="injected"><span id="a"></span><span id="b"></span>&lt;hai&gt; ba bốn</mark>'
    )


# --- in a real browser ----------------------------------------------------------------------------------


@pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true",
    reason="no Chromium on this machine: install the package chromium",
)
def test_a_journalist_goes_from_the_list_to_the_words(tampered: Tampered) -> None:
    complaints: list[str] = []
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    with datasette_command(tampered.path) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 900}, locale="vi-VN")
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{site}/findings")
            assert page.evaluate(fits)
            page.get_by_role("link", name=f"Giao ban tại {PHRASE}").first.click()
            expect(
                page.get_by_role("heading", level=2, name="Bài này có dấu hiệu bị chèn nội dung lạ")
            ).to_be_visible()
            page.wait_for_load_state()  # with its style
            assert page.evaluate(fits)
            page.get_by_role("link", name="chỗ 2").click()
            expect(page.locator(".body mark.injected").nth(1)).to_be_in_viewport()
            page.get_by_role("link", name="Đọc bản sạch: bản 1").click()
            expect(page.locator(".body")).to_contain_text(f"tại điểm cầu {PLACE}, có")
            page.close()
        assert complaints == []
        axe = importlib.import_module("axe_playwright_python.sync_playwright").Axe()
        # The page's own policy would keep the test's script out.
        context = browser.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True, locale="vi-VN")
        for path in ("/findings?weak=1", f"/article/{tampered.ids['injected']}"):
            page = context.new_page()
            page.goto(site + path)
            assert [violation["id"] for violation in axe.run(page).response["violations"]] == [], path
        browser.close()
