from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from portal_archive.archive.storing.changes import describe, said
from portal_archive.archive.storing.content import Content, file_key, plain
from portal_archive.model.messages import Message, say

URL = "https://huyen.example/tin/bai-7.html"
ONE = "Sáng 18/3, Ban Dân vận Huyện ủy tổ chức hội nghị giao ban công tác dân vận quý I năm 2026."
TWO = "Toàn huyện hiện có 1.245 tổ dân vận ở thôn, bản; trong đó 312 tổ được kiện toàn."
THREE = "Các xã tiếp tục bám sát cơ sở, lắng nghe ý kiến của Nhân dân, kịp thời giải quyết kiến nghị."


def content(**fields: object) -> Content:
    return Content(**{"url": URL, "title": "Tên", "body": "\n\n".join((ONE, TWO)), **fields})  # type: ignore[arg-type]


def body(*paragraphs: str) -> Content:
    return content(body="\n\n".join(paragraphs))


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (content(), ""),
        (content(title="Tên mới"), "title"),
        (content(title=None), "title"),
        (content(summary="Tóm tắt"), "summary"),
        (content(author="Kim Anh", source="Báo"), "author; source"),
        (content(published_at="2026-03-01T08:00:00+07:00"), "publication date"),
        (body(ONE, TWO, THREE), "1 paragraph added"),
        (body(ONE, TWO, THREE, THREE + " Hết."), "2 paragraphs added"),
        (body(ONE), "1 paragraph removed"),
        (body(), "2 paragraphs removed"),
        (body(ONE, TWO.replace("thôn, bản", "khu dân cư")), "1 paragraph changed"),
        (body(ONE, THREE), "1 paragraph added; 1 paragraph removed"),
        (body(TWO, ONE), "paragraphs in another order"),
        (body(ONE, TWO.replace("1.245", "1.254")), "figure 1.245 → 1.254"),
        (
            body(ONE.replace("18/3", "19/3"), TWO.replace("312", "320")),
            "figure 18/3 → 19/3; figure 312 → 320",
        ),
        (
            body(ONE, TWO.replace("1.245", "1.254").replace("kiện toàn", "thành lập mới")),
            "1 paragraph changed; figure 1.245 → 1.254",
        ),
        (
            body(ONE.replace("giao ban", "sơ kết"), TWO.replace("1.245", "1.254"), THREE),
            "1 paragraph changed; 1 paragraph added; figure 1.245 → 1.254",
        ),
        (content(captions="Toàn cảnh"), "1 caption added"),
        (content(images=("https://huyen.example/1.jpg",)), "1 image added"),
        (content(images=("https://huyen.example/1.jpg", "https://huyen.example/2.jpg")), "2 images added"),
        (content(attachments=("https://huyen.example/1.pdf",)), "1 attachment added"),
    ],
)
def test_from_the_first_version(after: Content, words: str) -> None:
    assert describe(content(), after).en == words
    assert (after.content_hash == content().content_hash) is (words == "")


def test_captions_and_files_against_others() -> None:
    before = content(captions="Đồng chí A phát biểu tại hội nghị\nToàn cảnh", images=("/1.jpg", "/2.jpg"))
    after = content(captions="Đồng chí B phát biểu tại hội nghị\nToàn cảnh", images=("/2.jpg", "/3.jpg"))
    assert describe(before, after).en == "1 caption changed; 1 image added; 1 image removed"
    swapped = content(captions=before.captions, images=("/2.jpg", "/1.jpg"))
    assert describe(before, swapped).en == "images in another order"


def test_codes_and_values_are_kept() -> None:
    after = content(title="Tên mới", body="\n\n".join((ONE, TWO.replace("1.245", "1.254"), THREE)))
    found = describe(content(), after)
    assert found.as_json() == (
        '[["change.title", {}], ["change.paragraphs_added", {"n": 1}],'
        ' ["change.figure", {"before": "1.245", "after": "1.254"}]]'
    )
    assert found.vi == "tiêu đề; thêm 1 đoạn; số 1.245 → 1.254"


def test_what_an_older_program_wrote_is_said_as_it_stands() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.row_factory = sqlite3.Row
        of = "SELECT ? AS changed, ? AS old_changed"
        assert said(db.execute(of, (None, None)).fetchone()) is None
        kept = said(db.execute(of, ("[]", "colour of the sky")).fetchone())
        assert kept is not None
        assert (kept.vi, kept.en) == ("colour of the sky", "colour of the sky")
        assert said(db.execute(of, ('[["change.title", {}]]', None)).fetchone()) == say("change.title")


def test_white_space_and_unicode_forms_are_no_difference() -> None:
    assert plain(" Tỉnh\u00a0 u\u0309y\n\nLai\u200b Cha\u0302u ") == "Tỉnh ủy Lai Châu"
    assert plain(None) == ""
    assert describe(content(), body(ONE + "\u00a0", "  " + TWO)) == Message()
    # Both tone styles are kept as written: which one is used is the portal's choice, and its change a change.
    assert describe(content(title="Tỉnh uỷ"), content(title="Tỉnh ủy")) == say("change.title")


def test_divided_differently_is_no_version() -> None:
    assert content().content_hash == body(ONE + " " + TWO).content_hash
    assert describe(content(), body(ONE + " " + TWO)) == Message()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://cdn1.huyen.example/u/1.jpg?t=1", "/u/1.jpg"),
        ("http://huyen.example/u/1.jpg", "/u/1.jpg"),
        ("https://huyen.example/image.ashx?id=5&ts=1712345678", "/image.ashx?id=5"),
        ("https://huyen.example/get?file=a.pdf&k=9f86d081884c7d659a2feaa0c55ad015", "/get?file=a.pdf"),
        ("https://huyen.example/tin/bai-7.html?download=1&id=0", "?download=1&id=0"),
        ("https://huyen.example/tin/bai-8.html?download=1&id=0", "/tin/bai-8.html?download=1&id=0"),
    ],
)
def test_what_identifies_a_file(url: str, key: str) -> None:
    assert file_key(url, "/tin/bai-7.html") == key


def test_a_rewritten_body_is_described_quickly() -> None:
    before = content(body="\n\n".join(f"Đoạn {number} nói về công tác dân vận" for number in range(400)))
    after = content(body="\n\n".join(f"Mục {number} bàn chuyện kinh tế khác" for number in range(300)))
    assert describe(before, after).en == "300 paragraphs added; 400 paragraphs removed"
