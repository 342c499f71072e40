import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_pages import PORTALS, REASON

from portal_archive.model.page import Problem
from portal_archive.reading.markup.text import clean, clean_block, decode

TEXT = "Ngày 18/3, Ban Dân vận Tỉnh ủy tổ chức Hội nghị đánh giá kết quả “Dân vận khéo” – năm 2024, ông Đỗ À"
PAGE = f"<html><head>{{}}<title>Cổng</title></head><body><p>{TEXT}</p></body></html>"
UTF8 = "text/html; charset=UTF-8"


def cp1258(text: str) -> bytes:
    """Windows-1258 stores a letter with its quality mark in one byte and the tone in a second one."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = bytearray()
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones))
        out += (base + tone).encode("cp1258")
    return bytes(out)


def mojibake(text: str) -> str:
    return text.encode().decode("sloppy-windows-1252")


def test_utf8_is_the_quick_way() -> None:
    decoded = decode(PAGE.encode(), UTF8)
    assert (decoded.text, decoded.encoding, decoded.problems) == (PAGE, "utf-8", [])


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "problems"),
    [
        (TEXT.encode(), None, "utf-8", []),
        (TEXT.encode(), "", "utf-8", []),
        (codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=iso-8859-1", "utf-8", []),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), UTF8, "utf-16-le", []),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), None, "utf-16-be", []),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), None, "utf-32-le", []),
        (TEXT.encode("utf-16-le"), None, "utf-16-le", []),
        (TEXT.encode("utf-16-be"), None, "utf-16-be", []),
        (
            TEXT.encode(),
            "text/html; charset=iso-8859-1",
            "utf-8",
            [Problem("charset-lie", "header says cp1252, the bytes are UTF-8")],
        ),
        (cp1258(TEXT), "text/html; charset=windows-1258", "cp1258", []),
        (cp1258(TEXT), None, "cp1258", []),
        (cp1258(TEXT), UTF8, "cp1258", [Problem("charset-lie", "declared utf-8, read as cp1258")]),
        (
            cp1258(TEXT),
            "text/html; charset=windows-1252",
            "cp1258",
            [Problem("charset-lie", "declared cp1252, read as cp1258")],
        ),
        (
            mojibake(TEXT).encode(),
            UTF8,
            "utf-8",
            [Problem("mojibake", "UTF-8 read as Windows-1252 in 1 places")],
        ),
        (
            mojibake(mojibake(TEXT)).encode(),
            UTF8,
            "utf-8",
            [Problem("mojibake", "UTF-8 read as Windows-1252 in 1 places")],
        ),
        (TEXT.replace("Ban", "B\0an").encode(), UTF8, "utf-8", []),
    ],
)
def test_encodings(body: bytes, content_type: str | None, encoding: str, problems: list[Problem]) -> None:
    decoded = decode(body, content_type)
    assert (decoded.text, decoded.encoding, decoded.problems) == (TEXT, encoding, problems)


def test_page_declares_another_charset_than_its_bytes() -> None:
    page = PAGE.format('<meta http-equiv="Content-Type" content="text/html; charset=windows-1258">')
    decoded = decode(page.encode(), None)
    assert decoded.text == page
    assert decoded.problems == [Problem("charset-lie", "page says cp1258, the bytes are UTF-8")]


def test_page_is_right_where_the_header_lies() -> None:
    page = PAGE.format('<meta charset="windows-1258">')
    decoded = decode(cp1258(page), UTF8)
    assert (decoded.text, decoded.encoding, decoded.problems) == (page, "cp1258", [])


def test_french_page_in_latin_1() -> None:
    text = "<p>Le théâtre de l'Opéra était très près, déjà fermé à l'été</p>"
    decoded = decode(text.encode("latin-1"), "text/html; charset=iso-8859-1")
    assert (decoded.text, decoded.encoding, decoded.problems) == (text, "cp1252", [])


def test_undeclared_letters_of_windows_1252() -> None:
    assert decode("“Café” – 5 €".encode("cp1252")).text == "“Café” – 5 €"


def test_letter_cut_in_two_and_quotation_marks_from_word() -> None:
    body = TEXT.encode() + b" \x93Kh\xc3\xa9o\x94 ch\xe1\xbb. " + TEXT.encode()
    decoded = decode(body, UTF8)
    assert decoded.text == f"{TEXT} “Khéo” ch\ufffd. {TEXT}"
    assert decoded.problems == [Problem("charset-lie", "UTF-8 with 3 invalid bytes or letters cut in two")]


def test_page_cut_within_a_letter() -> None:
    decoded = decode(b"<p>Chi b\xe1\xbb", UTF8)
    assert decoded.text == "<p>Chi b\ufffd"
    assert decoded.problems == [Problem("charset-lie", "UTF-8 with 1 invalid bytes or letters cut in two")]


def test_mojibake_in_one_place_of_a_good_page() -> None:
    page = "<h1>{}</h1>\n<p>“Giữ nguyên” ngoặc kép… ﬁ Ａ &amp; hà » nội</p>"
    decoded = decode(page.format(mojibake("Tỉnh ủy họp phiên thường kỳ")).encode(), UTF8)
    assert decoded.text == page.format("Tỉnh ủy họp phiên thường kỳ")
    assert decoded.problems == [Problem("mojibake", "UTF-8 read as Windows-1252 in 1 places")]


@pytest.mark.parametrize(
    "text",
    [
        "«Quá»… «khá»” «đá»– Trang chủ » Tin tức » Xã hội, nº 5",
        "XÃ HỘI CHỦ NGHĨA, ĐÃ CÓ, “Á» và «á»",
        "Tin «á»…",
    ],
)
def test_what_only_resembles_mojibake_is_untouched(text: str) -> None:
    assert decode(text.encode(), UTF8).problems == []
    assert decode(text.encode(), UTF8).text == text


TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam - §éc lËp - Tù do - H¹nh phóc, lµ c¸c"
UNICODE = "Cộng hòa xã hội chủ nghĩa Việt Nam - Độc lập - Tự do - Hạnh phúc, là các"


@pytest.mark.parametrize(
    "body",
    [
        TCVN3.encode("latin-1"),
        TCVN3.encode(),
        TCVN3.encode("ascii", "xmlcharrefreplace"),
        TCVN3.replace("µ", "&micro;").replace("¸", "&cedil;").replace("¹", "&sup1;").encode(),
    ],
)
@pytest.mark.parametrize("content_type", [None, UTF8, "text/html; charset=x-user-defined"])
def test_tcvn3_page(body: bytes, content_type: str | None) -> None:
    decoded = decode(b'<font face=".VnTime">' + body + b"</font>", content_type)
    assert decoded.text == f'<font face=".VnTime">{UNICODE}</font>'
    assert Problem("legacy-encoding", "tcvn3") in decoded.problems


def test_vni_page() -> None:
    text = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, ñoäc laäp"
    decoded = decode(text.encode("latin-1"), None)
    assert decoded.text == "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập"
    assert decoded.problems == [Problem("legacy-encoding", "vni")]


@pytest.mark.parametrize(
    "charset", ["punycode", "hex", "unicode_escape", "rot13", "none", "undefined", "utf-7"]
)
def test_charsets_that_are_none(charset: str) -> None:
    assert decode(cp1258(TEXT), f"text/html; charset={charset}").text == TEXT


def test_other_scripts_as_declared() -> None:
    text = "<p>中国共产党 Việt Trung</p>".replace("ệ", "e")
    decoded = decode(text.encode("gb18030"), "text/html; charset=gb2312")
    assert (decoded.text, decoded.encoding, decoded.problems) == (text, "gb18030", [])


@given(
    st.binary(),
    st.none() | st.text() | st.sampled_from([UTF8, "text/html; charset=utf-16", "a; charset=gbk"]),
)
def test_decode_never_raises(body: bytes, content_type: str | None) -> None:
    assert "\0" not in decode(body, content_type).text


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n" * 50_000, b"a" * 400_000 + b"\xff", b"\xb5a" * 200_000]
)
def test_long_bodies_that_are_no_text(body: bytes) -> None:
    assert decode(body, UTF8).problems != []


def test_real_pages_need_no_repair() -> None:
    pages = sorted(PORTALS.glob("hanoi-liferay/*.html"))
    if not pages:
        pytest.skip(REASON)
    for page in pages:
        decoded = decode(page.read_bytes(), UTF8)
        assert (page.name, decoded.text, decoded.problems) == (
            page.name,
            page.read_bytes().decode("utf-8-sig"),
            [],
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        (" \xa0\u200b\n", None),
        ("Tỉnh uỷ", "Tỉnh uỷ"),
        (unicodedata.normalize("NFD", "Dân vận hoà hòa"), "Dân vận hoà hòa"),
        ("\ufeff\xa0 Hội\u2003nghị\r\n\t tổng\u3000kết \u2028", "Hội nghị tổng kết"),
        ("Viet\xadNam zero\u200bwidth \u200d join\u2060er", "VietNam zerowidth joiner"),
        ("a \u200b b", "a b"),
        ("a\u200b\u0301", "á"),
        ("\u202aphải\u202c \u200etrái\u200f", "phải trái"),
        ("\x00\x08tắt\x1f\x7f\x85\x9f hết", "tắt hết"),
        ("\uf0b7 Mục một \ue000\U000f0001", "Mục một"),
        ("lẻ \ud83d đôi \ude00", "lẻ đôi"),
        ("Kiểm tra&#x3A; &quot;một cửa&quot; &#039;số&#x002F;2&#039;", "Kiểm tra: \"một cửa\" 'số/2'"),
        ("96&amp;#x25; &amp;amp; hơn&nbsp;nữa", "96% & hơn nữa"),
        ("AT&T; R&D, a=1&para=2 &khong;", "AT&T; R&D, a=1&para=2 &khong;"),
        ("&#xD800;&#0;&#x110000;x", "\ufffd\ufffd\ufffdx"),
        ("ông 🙂 ²½ №", "ông 🙂 ²½ №"),
    ],
)
def test_clean(text: str | None, expected: str | None) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        (" \n \r\n", None),
        (" một \xa0 dòng ", "một dòng"),
        ("\r\n\r\nĐoạn  một\r\nxuống dòng\n\n\n\u200b\nĐoạn hai \n", "Đoạn một\nxuống dòng\n\nĐoạn hai"),
        ("a\u2028b&#10;c", "a\nb\nc"),
    ],
)
def test_clean_block(text: str | None, expected: str | None) -> None:
    assert clean_block(text) == expected


@given(st.text())
def test_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    for cleaned in (clean(text), clean_block(text)):
        if cleaned is not None:
            cleaned.encode()
            assert "\0" not in cleaned
            assert unicodedata.is_normalized("NFC", cleaned)
            assert cleaned == cleaned.strip() != ""
