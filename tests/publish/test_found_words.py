"""What was removed is found, a hit says why, and leads to where its words stand: article, version, change, file."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from synthetic_library import START, Writer, plain_article

from portal_archive.archive.differences import Piece, Row
from portal_archive.archive.search.query import parse_query
from portal_archive.model.page import Attachment, Image
from portal_archive.publish.parts.found_words import Marked

PAGES = [
    "Điều 1. Phạm vi của kế hoạch.",
    "Điều 2. Cầu treo bản Nậm Sin\nđược sửa trong quý hai.",
    "Điều 3. Hiệu lực.",
]


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., Any]) -> Any:
    """Serve articles that said something else before, and one whose attachment has three pages."""
    writer = Writer(tmp_path_factory.mktemp("changes"))
    first = plain_article(
        1,
        title="Cầu treo sắp xong",
        body="Cầu do ông Lù A Sếnh giám sát.\n\nKinh phí 1.500 triệu đồng.\n\nDân góp công.",
        html=None,
        summary=None,
        author="Lan Chi",
        attachments=[Attachment("https://laichau.example/kh.pdf", "Kế hoạch 9-KH/BDV")],
        images=[Image("https://laichau.example/scan.jpg", "Bản chụp")],
    )
    second = replace(first, body=str(first.body).replace("ông Lù A Sếnh", "xã").replace("1.500", "1.700"))
    third = replace(second, title="Cầu treo đã xong", body=f"{second.body}\n\nLễ thông xe ngày 5/5.")
    for days, article in enumerate((first, second, third)):
        writer.visit("laichau", "/tin/cau", START + timedelta(days=days), article=article)
    writer.visit("laichau", "/tin/khac", START, article=plain_article(2, title="Ông Lù A Sếnh nhận nhiệm vụ"))
    text = "\n\n".join(PAGES)
    starts = [text.index(page) for page in PAGES]
    spans = f"[[{starts[0]},{len(PAGES[0])},null],[{starts[1]},{len(PAGES[1])},81.6],[{starts[2]},{len(PAGES[2])},null]]"
    db = writer.archive.db
    db.execute("UPDATE attachments SET text = ?, page_spans = ?", [text, spans])
    db.execute("UPDATE images SET text = 'Biên bản họp thôn Huổi Só', confidence = 70.2")
    db.execute(
        "UPDATE articles SET attachment_text = ? WHERE id = 1", [f"{text}\n\nBiên bản họp thôn Huổi Só"]
    )
    writer.close()
    return serve(writer.path)


def plain(html: str) -> str:
    """Return HTML as text, with its marks in brackets."""
    html = re.sub(r"<mark[^>]*>(.*?)</mark>", r"[\1]", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def hits(page: str) -> list[tuple[str, str, str]]:
    """Return the link, the snippet and the reason of each hit."""
    found = re.findall(
        r'<a class="headline" href="([^"]+)">.*?</a>.*?<p class="snippet">(.*?)</p>\s*<p class="why">(.*?)</p>',
        page,
        re.DOTALL,
    )
    return [(unescape(link), plain(shown), plain(why)) for link, shown, why in found]


def test_what_was_removed_is_found_until_when_it_stood_there_and_where_it_was_changed(changes: Any) -> None:
    page = changes.get("/search", q="lu a senh").text
    assert re.findall(r'<h2 class="group">(.*?)</h2>', page) == [
        "Đúng cụm từ: 1 bài",
        "Trước có, nay không còn: 1 bài",
    ]
    (kept, removed) = hits(page)
    assert kept[0] == "/article/2?q=lu+a+senh"
    assert removed == (
        "/article/1/diff/1/2?q=lu+a+senh#found",
        "Cầu do ông [Lù A Sếnh] giám sát. Kinh phí 1.500 triệu đồng.",
        "Còn đến 01/10/2026 08:00 (bản 1); từ 02/10/2026 08:00 không còn. Xem chỗ đã sửa.",
    )
    assert "Trong chữ đã bị sửa hay bỏ: 1 bài" in page
    diff = changes.get("/article/1/diff/1/2", q="lu a senh").text
    assert "<mark><del>Lù A Sếnh</del></mark>" in diff
    side = changes.get("/article/1/diff/1/2", q="1.500 triệu", view="side").text
    assert "<mark><del>1.500</del></mark><mark> triệu</mark>" in side


@pytest.mark.parametrize(
    ("typed", "articles"),
    [
        ("lù a sếnh", ["/article/1/diff/1/2"]),
        ("1500 triệu đồng", ["/article/1/diff/1/2"]),
        ("cầu treo sắp", ["/article/1/diff/2/3"]),
        # The article has all of it still.
        ("dân góp công", []),
        ("triệu đồng", []),
        # One word of it was kept, the other was not.
        ("dân sếnh", ["/article/1/diff/1/2"]),
        ("sếnh -cầu", []),
        ("", ["/article/1/diff/2/3"]),
    ],
)
def test_only_what_is_not_said_any_more_is_found_in_removed_text(
    changes: Any, typed: str, articles: list[str]
) -> None:
    page = changes.get("/search", q=typed, removed="1").text
    assert [urlsplit(link).path for link, _, _ in hits(page)] == articles
    assert "Chỉ trong chữ đã bỏ ✕" in page
    rows = changes.get("/search.json", q=typed, removed="1").json()
    assert [f"/article/{row['id']}" for row in rows] == [link[: link.index("/diff")] for link in articles]


def test_exact_accents_are_asked_of_removed_text_too(changes: Any) -> None:
    for typed, count in (("sếnh", 1), ("sểnh", 0), ("senh", 1)):
        assert len(hits(changes.get("/search", q=typed, removed="1", exact="1").text)) == count


def test_a_hit_in_a_file_names_the_page_and_leads_to_it(changes: Any) -> None:
    ((link, shown, why),) = hits(changes.get("/search", q="nậm sin được sửa").text)
    assert link == "/article/1?q=n%E1%BA%ADm+sin+%C4%91%C6%B0%E1%BB%A3c+s%E1%BB%ADa"
    assert shown == "Điều 2. Cầu treo bản [Nậm Sin được sửa] trong quý hai."
    assert why == "Trong tệp đính kèm «Kế hoạch 9-KH/BDV», trang 2 (máy nhận dạng, chắc 82%)"
    file = changes.get("/article/1/file/1", q="nậm sin được sửa", page="2").text
    assert 'Nậm Sin</mark><br><mark id="found">' not in file
    assert '<mark id="found">Nậm Sin</mark>' in file
    assert "<h2>Trang 2 <span" in file
    assert "máy nhận dạng, chắc 82%" in file
    assert "<h2>Trang 1" not in file
    assert "<h2>Trang 3" in file
    image = hits(changes.get("/search", q="huổi só").text)[0]
    assert image[2] == "Trong ảnh «Bản chụp» (máy nhận dạng, chắc 70%)"
    assert '<mark id="found">Huổi Só</mark>' in changes.get("/article/1/image/1", q="huổi só").text
    assert 'href="/article/1/file/1?q=x"' in changes.get("/article/1", q="x").text
    for missing in (
        "/article/1/file/2",
        "/article/9/file/1",
        "/article/1/image/2",
        "/article/1/file/1?page=4",
    ):
        assert changes.get(missing).status_code == 404


def test_words_are_marked_in_the_article_and_in_its_version(changes: Any) -> None:
    page = changes.get("/article/1", q="đã xong góp công").text
    assert plain(re.findall(r"<h1>.*?</h1>", page, re.DOTALL)[0]) == "Cầu treo [đã xong]"
    assert "Dân <mark>góp công</mark>." in page
    assert "Đã tô 2 chỗ có chữ đang tìm." in page
    assert "<mark" not in changes.get("/article/1").text
    version = changes.get("/article/1/version/1", q="lù a sếnh").text
    assert 'Cầu do ông <mark id="found">Lù A Sếnh</mark> giám sát.' in version
    assert "Chữ đang tìm không ở tiêu đề, sapô hay toàn văn" in changes.get("/article/1", q="lan chi").text
    author = changes.get("/search", q="author:lan chi").text
    assert "<mark>Lan Chi</mark>" in author
    assert "Có ở: tác giả" in author


def test_how_a_search_was_read_is_shown_and_each_part_can_be_left_out(changes: Any) -> None:
    page = changes.get("/search", q="(cầu | đò) NOT xe author:lan chi dân portal:Lai Châu 5/5 kế*").text
    shown = re.search(r'<p class="understood">(.*?)</p>', page, re.DOTALL)
    assert shown
    parts = [
        (plain(label), dict(parse_qsl(urlsplit(unescape(link)).query))["q"])
        for link, label in re.findall(r'<a class="chip" href="([^"]+)"[^>]*>(.*?)</a>', shown[1])
    ]
    whole = ["(cầu | đò)", "author:lan chi", "dân", "portal:Lai Châu", "5/5", "kế*", "-xe"]
    assert [label for label, _ in parts] == [
        "(cầu hoặc đò) ✕",
        "tác giả: lan chi ✕",
        "dân ✕",
        "cổng: Cổng thông tin tỉnh Lai Châu ✕",
        "5/5 (mọi cách viết ngày) ✕",
        "bắt đầu bằng kế… ✕",
        "không có xe ✕",
    ]
    assert [left for _, left in parts] == [" ".join(whole[:at] + whole[at + 1 :]) for at in range(len(whole))]
    alternatives = changes.get("/search", q="cầu treo OR portal:nowhere").text
    assert "<span>hoặc</span>" in alternatives
    assert "không có cổng nào tên “nowhere” ✕" in alternatives
    assert 'class="understood"' not in changes.get("/search", q="dân").text


def test_marks_go_across_tags_that_part_no_words() -> None:
    marked = Marked(parse_query("dân vận"))
    html = marked.html(parse_html('<p>công tác <b class="x">Dân</b> vận</p><p>Dân</p><p>vận &amp; dân</p>'))
    assert html == (
        '<p>công tác <b class="x"><mark id="found">Dân</mark></b><mark> vận</mark></p>'
        "<p><mark>Dân</mark></p><p><mark>vận</mark> &amp; dân</p>"
    )


def test_marks_of_a_difference_are_those_of_either_side() -> None:
    row = Row(
        (Piece("same", "công tác "), Piece("removed", "dân"), Piece("same", " vận")),
        (Piece("same", "công tác "), Piece("added", "nhân"), Piece("same", " vận")),
    )
    shown = Marked(parse_query("dân vận")).row(row)
    assert shown["before"] == [
        Piece("same", "công tác "),
        Piece("removed", "dân", found=True),
        Piece("same", " vận", found=True),
    ]
    assert [(piece.kind, piece.text, piece.found) for piece in shown["merged"]] == [
        ("same", "công tác ", False),
        ("removed", "dân", True),
        ("added", "nhân", False),
        ("same", " vận", True),
    ]


def parse_html(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


def test_a_list_says_where_it_ends_and_where_its_order_does(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("hits", "ranking"):
        monkeypatch.setattr(f"portal_archive.archive.search.{place}.COUNTED", 30)
    monkeypatch.setattr("portal_archive.archive.search.ranking._BEST", 8)
    monkeypatch.setattr("portal_archive.archive.search.ranking._FEW", 3)
    first = room.get("/search", q="hội nghị").text
    assert re.findall(r'<h2 class="group">(.*?)</h2>', first) == [
        "Đúng cụm từ · Đúng dấu như đã gõ: 8 bài",
        "Đúng cụm từ · Đúng dấu như đã gõ · còn lại, mới nhất trước: hơn 30 bài",
    ]
    assert "Hết 30 bài" not in first
    last = room.get("/search", q="hội nghị", start="20").text
    assert "Hết 30 bài xếp được trong danh sách này; còn nữa." in last
    assert 'rel="next"' not in last
    assert 'rel="prev"' in last
    beyond = room.get("/search", q="hội nghị", start="40").text
    assert "Hết 30 bài xếp được trong danh sách này" in beyond


def test_a_pasted_text_is_read_as_far_as_it_is_said(room: Any) -> None:
    page = room.get("/search", q=" ".join(f"từ{number}" for number in range(70))).text
    assert "Câu tìm quá dài: kho chỉ đọc 64 từ đầu." in page
    assert page.count('<p class="understood">') == 1
    assert page.count("✕") == 24
