"""The search page and what it gives away: results, facets, order, accents, and the whole result as a file."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import feedparser
import pytest
from synthetic_library import START, Library, Writer, plain_article

from portal_archive.model.kinds import Precision
from portal_archive.model.page import Article


def titles(page: str) -> list[str]:
    return [
        unescape(re.sub(r"<[^>]+>", "", title))
        for title in re.findall(r'<a class="headline" href="[^"]*">(.*?)</a>', page)
    ]


def facets(page: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for title, values in re.findall(r'<section class="facet"><h3>(.*?)</h3>(.*?)</section>', page, re.DOTALL):
        pairs = re.findall(r'<a href="[^"]*"[^>]*>(.*?)</a> <span class="num">(.*?)</span>', values)
        found[title] = dict(pairs)
    return found


@pytest.fixture(scope="module")
def accents(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., Any]) -> Any:
    """Serve articles whose words differ by accents alone."""
    writer = Writer(tmp_path_factory.mktemp("accents"))
    for number, title in enumerate(("Bé gái đi học", "Be bờ giữ nước", "Bé trai và be bờ", "Bẻ măng")):
        article = Article(
            title=title,
            body=f"Bài số {number}.",
            # The first is of the very first second of its year.
            published_at=f"2024-0{number + 1}-01T0{number}:00:00+07:00",
            published_precision=Precision.MINUTE,
        )
        writer.visit("laichau", f"/tin/{number}", START, article=article)
    edited = replace(article, body="Bài số ba.")
    writer.visit("laichau", "/tin/3", START + timedelta(days=1), article=edited)
    writer.close()
    return serve(writer.path)


def test_newest_first_with_the_original_accents_marked(room: Any) -> None:
    page = room.get("/search", q="hoi nghi bao ve rung").text
    found = titles(page)
    assert found[:3] == [
        "Ba Bể: hội nghị về bảo vệ rừng lần thứ 22",
        "Ba Bể: hội nghị về bảo vệ rừng lần thứ 46",
        "Ba Bể: hội nghị về bảo vệ rừng lần thứ 10",
    ]
    assert "<mark>hội nghị</mark>" in page


@pytest.mark.parametrize(
    "query", ["cong tac dan van", "Công tác DÂN VẬN", unicodedata.normalize("NFD", "công tác dân vận")]
)
def test_accents_case_and_unicode_form_do_not_matter(room: Any, query: str) -> None:
    assert len(room.get("/search.json", q=query).json()) == len(
        room.get("/search.json", q="công tác dân vận").json()
    )


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "*",
        "AND",
        "NEAR(",
        "title:",
        "portal:",
        "-",
        "a OR",
        "(",
        "'",
        "\\",
        "''",
        "^",
        "{x}",
        "a:b:c",
        "%",
        "\x00",
        "😀",
    ],
)
def test_no_query_is_an_error(room: Any, query: str) -> None:
    for path in ("/search", "/search.csv", "/search.json", "/search.jsonl", "/search.xlsx", "/search.atom"):
        response = room.get(path, q=query)
        assert response.status_code == 200, path
        assert "fts5" not in response.text
        assert "syntax" not in response.text


@pytest.mark.parametrize(
    "parameters",
    [
        "start=x",
        "start=-5",
        "start=999999999999",
        "since=31/12",
        "until=9999-99-99",
        "year=abc",
        "flag=no",
        "sort=?",
    ],
)
def test_no_parameter_is_an_error(room: Any, parameters: str) -> None:
    assert room.get(f"/search?q=dan&{parameters}").status_code == 200


def test_facets_count_and_narrow(room: Any) -> None:
    page = room.get("/search", q="dân vận").text
    counts = facets(page)
    assert counts["Cổng"] == {
        "Cổng thông tin tỉnh Bắc Kạn": "23",
        "Cổng thông tin tỉnh Lai Châu": "22",
        "Đảng bộ tỉnh Điện Biên": "21",
    }
    assert counts["Tỉnh trước 1/7/2025"]["tỉnh Bắc Kạn"] == "23"
    assert counts["Tỉnh, thành hiện nay"]["tỉnh Thái Nguyên"] == "23"
    assert sum(int(count) for count in counts["Năm"].values()) == 66
    assert counts["Dấu hiệu"] == {"đã sửa": "1", "đã biến mất": "1", "ngày suy ra": "1"}
    address = re.search(r'<a href="([^"]+)">đã biến mất</a>', page)
    assert address
    assert titles(room.get(unescape(address[1])).text) == ["Bài đã bị gỡ về bản Nậm Cầy"]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"portal": "backan"}, 23),
        ({"province": "bac-kan"}, 23),
        ({"province_now": "thai-nguyen-2025"}, 23),
        ({"year": "2024"}, 24),
        ({"since": "2024-06-02", "until": "2024-06-02"}, 1),
        ({"category": "Tin tức"}, 33),
        ({"flag": "changed"}, 1),
        ({"q": "portal:backan"}, 23),
        ({"q": "portal:backan", "portal": "laichau"}, 0),
        ({"q": "title:biến author:anh"}, 0),
        ({"q": 'author:"kim anh"', "portal": "laichau"}, 21),
        ({"q": "dan van -tai"}, 1),
        ({"q": "65-KL/TW ngày 30/10/2019"}, 2),
        ({"q": "Nghị quyết 25", "portal": "dienbien"}, 21),
    ],
)
def test_filters(room: Any, parameters: dict[str, str], count: int) -> None:
    assert len(room.get("/search.json", **parameters).json()) == count


def test_filters_that_are_on_are_named_and_can_be_taken_off(room: Any) -> None:
    page = room.get("/search?q=dan+van&since=2024-01-01&portal=backan&until=31/12").text
    active = page[page.index('<p class="active">') :]
    chips = re.findall(r'<a class="chip" href="([^"]+)"[^>]*>([^<]+)</a>', active)
    assert [(unescape(address), label) for address, label in chips] == [
        ("/search?q=dan+van&since=2024-01-01", "Cổng: Cổng thông tin tỉnh Bắc Kạn ✕"),
        ("/search?q=dan+van&portal=backan", "Từ ngày: 01/01/2024 ✕"),
    ]
    assert "Không hiểu nên không lọc theo: Đến ngày: 31/12." in page


def test_a_day_is_read_as_people_write_it(room: Any) -> None:
    for day in ("2024-06-02", "2/6/2024", "02/06/2024", "02-06-2024", "2.6.2024"):
        page = room.get("/search", since=day, until=day).text
        assert "1 bài" in page, day
        assert 'type="date" value="2024-06-02"' in page, day
        assert "Từ ngày: 02/06/2024 ✕" in page, day
    assert len(room.get("/search.json", since="02/06/2024", until="02/06/2024").json()) == 1
    turned = room.get("/search", since="1/1/2025", until="1/1/2024").text
    assert "Từ ngày: 01/01/2024 ✕" in turned
    assert "Đến ngày: 01/01/2025 ✕" in turned


@pytest.mark.parametrize("asked", ["since=30/2/2024", "flag=nonsense", "year=24"])
def test_what_is_no_filter_is_not_shown_as_one(room: Any, asked: str) -> None:
    name, _, value = asked.partition("=")
    page = room.get(f"/search?q=dan+van&{asked}").text
    assert "Không hiểu nên không lọc theo" in page
    assert 'class="active"' not in page
    assert f"{name}={value}" not in re.sub(r'<a class="language".*', "", page)
    assert "66 bài" in page


def test_exact_accents_come_first(accents: Any) -> None:
    page = accents.get("/search", q="bé", sort="newest").text
    assert titles(page) == ["Bé trai và be bờ", "Bé gái đi học", "Bẻ măng", "Be bờ giữ nước"]
    assert page.index("Đúng dấu như đã gõ") < page.index("Khác dấu") < page.index("măng")
    assert titles(accents.get("/search", q="bé", exact="1", sort="newest").text) == [
        "Bé trai và be bờ",
        "Bé gái đi học",
    ]
    assert [row["title"] for row in accents.get("/search.json", q="bé", exact="1").json()] == [
        "Bé trai và be bờ",
        "Bé gái đi học",
    ]
    alone = accents.get("/search", q="bé", exact="1", sort="relevance").text
    assert titles(alone) == ["Bé gái đi học", "Bé trai và be bờ"]
    assert "2 bài" in alone
    assert "4 bài" in page
    plain = accents.get("/search", q="be", sort="newest").text
    assert titles(plain) == ["Bẻ măng", "Bé trai và be bờ", "Be bờ giữ nước", "Bé gái đi học"]
    assert "Khác dấu" not in plain


def groups(page: str) -> list[str]:
    return re.findall(r'<h2 class="group">([^<]+)</h2>', page)


def test_undated_articles_are_a_group_of_their_own_and_not_the_newest(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    writer = Writer(tmp_path)
    undated = Article(title="Không ngày", body="Dân vận.")
    dated = replace(
        undated, title="Có ngày", published_at="2012-01-01T07:00:00+07:00", published_precision=Precision.DAY
    )
    writer.visit("laichau", "/tin/1", START, article=dated)
    writer.visit("laichau", "/tin/2", START, article=undated)
    writer.close()
    reader = serve(writer.path)
    for query in ("", "dân"):
        page = reader.get("/search", q=query, sort="newest").text
        assert titles(page) == ["Có ngày", "Không ngày"]
        assert groups(page)[-1].endswith("không rõ ngày: 1 bài")


def test_words_that_stand_together_come_first(serve: Callable[..., Any], tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    for day, (title, body) in enumerate(
        (
            ("Bài một", "Đồng chí Vàng Thị Chư, cán bộ thôn."),
            ("Bài hai", "Chị Vàng, tên Thị, họ Chư."),
            ("Bài ba", "Vàng thì nhiều. " + "Chuyện khác hẳn về rừng núi. " * 9 + "Thị trấn Chư Sê."),
            ("Bài bốn", "Không liên quan."),
        )
    ):
        # The farther the words are apart, the newer.
        article = Article(
            title=title,
            body=body,
            published_at=f"2024-01-0{day + 1}T07:00:00+07:00",
            published_precision=Precision.MINUTE,
        )
        writer.visit("laichau", f"/tin/{day}", START, article=article)
    writer.close()
    reader = serve(writer.path)
    page = reader.get("/search", q="vang thi chu").text
    assert titles(page) == ["Bài một", "Bài hai", "Bài ba"]
    assert groups(page) == ["Đúng cụm từ: 1 bài", "Gần nhau: 1 bài", "Có đủ chữ, không liền nhau: 1 bài"]
    newest = reader.get("/search", q="vang thi chu", sort="newest").text
    assert titles(newest) == ["Bài một", "Bài hai", "Bài ba"]
    assert groups(reader.get("/search", q='"vang thi chu"').text) == []


def suggested(page: str) -> list[str]:
    section = re.search(r"<h2>Có phải muốn tìm</h2><ul class=\"lines\">(.*?)</ul>", page, re.DOTALL)
    return (
        [unescape(re.sub(r"<[^>]+>", "", line)) for line in re.findall(r"<li>(.*?)</li>", section[1])]
        if section
        else []
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dan vsn", "Dân vận 66 bài"),
        ("hoi nghj", "hội nghị 66 bài"),
        ("dan van zzzz", "Dân vận (bỏ «zzzz») 66 bài"),
        ("danvan zzzz", "Dân vận (bỏ «zzzz») 66 bài"),
    ],
)
def test_nothing_found_is_not_the_end(room: Any, typed: str, first: str) -> None:
    page = room.get("/search", q=typed).text
    assert "Không tìm thấy bài nào." in page
    assert suggested(page)[0] == first
    address = re.search(r'<ul class="lines"><li><a class="headline" href="([^"]+)"', page)
    assert address
    assert " ".join(first.split()[-2:]) in room.get(unescape(address[1])).text


def test_what_is_found_has_no_suggestions(room: Any) -> None:
    for typed in ("dan van", "", "zzzz", '"', "x" * 300):
        assert suggested(room.get("/search", q=typed).text) == []


def test_a_portal_or_province_of_that_name_is_offered(room: Any) -> None:
    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+)</a>', room.get("/search", q="bac kan").text)
    assert ("/search?province=bac-kan", "Tỉnh trước 1/7/2025: tỉnh Bắc Kạn") in chips
    assert ("/search?portal=backan", "Cổng: Cổng thông tin tỉnh Bắc Kạn") in chips


def test_an_address_is_opened_however_it_was_pasted(room: Any) -> None:
    address = room.get("/nv/articles/1.json").json()["rows"][0][2]
    for pasted in (
        address,
        address.removeprefix("https://"),
        f"{address}?utm_source=x&fbclid=y",
        f"{address.replace('https://', 'http://www.')}/?UTM_medium=a&_ga=1.2#top",
        f"{address.replace('https://', 'HTTPS://')}?mibextid=z",
        f"{address}#top",
    ):
        assert room.get("/search", q=pasted).headers.get("location") == "/article/1", pasted


def test_relevance_puts_the_title_first(room: Any) -> None:
    newest = titles(room.get("/search", q="nhiem vu").text)
    assert newest == ["Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ"]
    ranked = titles(room.get("/search", q="dan van", sort="relevance").text)
    assert ranked[0] == "Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ"
    assert (
        titles(room.get("/search", q="dan van", sort="newest").text)[0]
        == "Chợ Đồn: hội nghị về phòng, chống thiên tai lần thứ 23"
    )


def test_pages_follow_one_another_without_gap_or_overlap(room: Any) -> None:
    address, seen = "/search?q=d%C3%A2n+v%E1%BA%ADn", []
    while address:
        page = room.get(address).text
        seen += re.findall(r'class="headline" href="([^"]+)"', page)
        link = re.search(r'<a href="([^"]+)" rel="next">', page)
        address = unescape(link[1]) if link else ""
    assert len(seen) == len(set(seen)) == 66


def test_csv_is_whole_opens_in_excel_and_is_inert(room: Any, library: Library) -> None:
    response = room.get("/search.csv", q="dan van")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="search.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfid,portal,url,")
    assert response.content.count(b"\xef\xbb\xbf") == 1
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 66
    assert len({row["id"] for row in rows}) == 66
    formula = next(row for row in rows if row["id"] == str(library.ids["formula"]))
    assert formula["title"] == '\'=HYPERLINK("https://e.example","bấm")'
    assert formula["author"] == "'@SUM(A1)"
    assert formula["permalink"].endswith(f"/article/{formula['id']}")
    assert formula["capture_digest"].startswith("sha1:")
    assert [row["published_at"] for row in rows] == sorted(
        (row["published_at"] for row in rows), reverse=True
    )


def test_json_and_json_lines_agree(room: Any) -> None:
    rows = room.get("/search.json", q="dan van").json()
    lines = [json.loads(line) for line in room.get("/search.jsonl", q="dan van").text.splitlines()]
    assert rows == lines
    assert len(rows) == 66
    assert rows[0]["tags"] == ["phòng, chống thiên tai"]


def test_results_longer_than_a_part_are_whole(tmp_path: Any, serve: Callable[..., Any]) -> None:
    writer = Writer(tmp_path)
    with writer.archive.batch():
        for number in range(450):
            article = Article(title=f"Bài {number}", body="dân vận")
            writer.visit("laichau", f"/tin/{number}", START, article=article)
    writer.close()
    reader = serve(tmp_path / "nv.db")
    assert len(reader.get("/search.json", q="dan van").json()) == 450
    rows = list(csv.reader(io.StringIO(reader.get("/search.csv", q="dan van").text)))
    assert len(rows) == 451
    assert "450 bài" in reader.get("/search", q="dan van").text


def test_nothing_found_is_still_a_file(room: Any) -> None:
    assert room.get("/search.json", q="zzzz").json() == []
    assert room.get("/search.jsonl", q="zzzz").content == b""
    assert room.get("/search.csv", q="zzzz").text.startswith("\ufeffid,portal,")
    assert "Không tìm thấy bài nào." in room.get("/search", q="zzzz").text


@pytest.mark.parametrize(("query", "count"), [("dan van", 50), ("hyperlink", 1), ("script", 1), ("zzzz", 0)])
def test_feed_is_valid_also_without_hits(room: Any, query: str, count: int) -> None:
    response = room.get("/search.atom", q=query)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert len(feed.entries) == count
    assert feed.feed.id == f"http://localhost/search.atom?q={query.replace(' ', '+')}"
    assert feed.feed.updated_parsed
    assert all(
        entry.id.startswith("http://localhost/article/") and entry.updated_parsed for entry in feed.entries
    )


def test_the_feed_comes_by_what_happened_last_and_says_what_it_is_of(room: Any, library: Any) -> None:
    feed = feedparser.parse(
        room.get("/search.atom", portal="laichau", flag="changed").text, sanitize_html=False
    )
    assert feed.feed.title == "Tìm kiếm · Cổng thông tin tỉnh Lai Châu · đã sửa · Kho cổng Đảng bộ"
    (entry,) = feed.entries
    assert entry.title == "Sửa ngày tháng: Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ"
    assert entry.updated == "2026-10-10T02:00:00Z"
    assert entry.id == f"http://localhost/article/{library.ids['changed']}"
    assert entry.content[0].value.endswith(
        "<p><b>Tiêu đề:</b> Ban Dân vận Tỉnh ủy Lai Châu triển khai nhiệm vụ<del> năm 2024</del></p>"
    )
    newest = feedparser.parse(room.get("/search.atom", q="ban").text).entries
    moments = [entry.updated for entry in newest]
    assert moments == sorted(moments, reverse=True)
    assert newest[1].title == "Bị gỡ: Bài đã bị gỡ về bản Nậm Cầy"


def test_every_format_has_the_query_string_of_the_page(room: Any) -> None:
    page = room.get("/search", q="dan van", portal="backan", year="2024").text
    addresses = [unescape(address) for address in re.findall(r'href="(/search\.[^"]+)"', page)]
    assert {urlsplit(address).path for address in addresses} == {
        "/search.csv",
        "/search.json",
        "/search.jsonl",
        "/search.xlsx",
        "/search.wacz",
        "/search.atom",
    }
    for address in addresses:
        assert dict(parse_qsl(urlsplit(address).query)) == {
            "q": "dan van",
            "portal": "backan",
            "year": "2024",
        }


def test_years_begin_at_midnight_in_vietnam(accents: Any) -> None:
    assert facets(accents.get("/search", q="bai").text)["Năm"] == {"2024": "4"}
    assert len(accents.get("/search.json", year="2024").json()) == 4
    assert len(accents.get("/search.json", until="2023-12-31").json()) == 0


def test_one_edit_is_a_change(accents: Any) -> None:
    assert titles(accents.get("/search", flag="changed").text) == ["Bẻ măng"]
    assert facets(accents.get("/search").text)["Dấu hiệu"] == {"đã sửa": "1"}


def test_marks_are_as_exact_as_the_hit(accents: Any) -> None:
    page = accents.get("/search", q="bé", sort="newest").text
    assert "<mark>Bé</mark> trai và be bờ" in page
    assert "<mark>Be</mark> bờ giữ nước" in page
    assert "<mark>Bé</mark> trai và <mark>be</mark> bờ" in accents.get("/search", q="be").text


def test_what_seems_tampered_with_is_left_out_until_asked_for(
    tmp_path: Any, serve: Callable[..., Any]
) -> None:
    writer = Writer(tmp_path)
    for number in (1, 2):
        writer.visit("laichau", f"/tin/{number}", START, article=plain_article(number, title=f"Bài {number}"))
    writer.archive.db.execute("UPDATE articles SET flagged = 1 WHERE id = 2")
    writer.close()
    room = serve(writer.path)
    page = room.get("/search", q="bai").text
    assert titles(page) == ["Bài 1"]
    assert "Không hiện 1 bài có dấu hiệu bị chèn nội dung lạ." in page
    assert 'href="/search?q=bai&amp;suspicious=1"' in page
    assert [line["title"] for line in room.get("/search.json", q="bai").json()] == ["Bài 1"]
    every = room.get("/search", q="bai", suspicious="1").text
    assert sorted(titles(every)) == ["Bài 1", "Bài 2"]
    assert "Không hiện" not in every
    assert facets(every)["Dấu hiệu"] == {"nghi bị chèn nội dung": "1"}
    assert titles(room.get("/search", q="bai", flag="flagged").text) == ["Bài 2"]
    assert titles(room.get("/search").text) == ["Bài 1"]
