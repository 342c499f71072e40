"""Charts, dates, numbers, citations, mentions and words for changes: pure functions."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from portal_archive.publish.page_context import preferred_language
from portal_archive.publish.parts import charts, citation, formats
from portal_archive.publish.parts.charts import Point
from portal_archive.vietnamese import mentions


def test_bars_stand_on_the_ground_in_proportion() -> None:
    markup = charts.bars([Point(0, 5, "a"), Point(2, 10, "<b>", marked=True)], 'A "title"', ("từ", "đến"))
    svg = ET.fromstring(str(markup)[: str(markup).index("</svg>") + 6])
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == 'A "title"'
    low, high = svg.findall("rect")
    assert (low.attrib["class"], high.attrib["class"]) == ("bar", "bad")
    assert float(high.attrib["height"]) == 2 * float(low.attrib["height"]) == 96
    assert float(low.attrib["y"]) + float(low.attrib["height"]) == 100
    assert high.findtext("title") == "<b>"


@pytest.mark.parametrize(
    "points", [[Point(5, 7, "one")], [Point(0, 3, "a"), Point(9, 3, "b")], [Point(0, 0, "0")]]
)
def test_charts_of_one_value_stay_within_the_drawing(points: list[Point]) -> None:
    for draw in (charts.bars, charts.line):
        markup = str(draw(points, "t", ("", "")))
        assert ("<svg" in markup) == (draw is charts.bars or len(points) > 1)
        assert "nan" not in markup
        assert "inf" not in markup
    assert charts.bars([], "t", ("", "")) == charts.line([], "t", ("", "")) == ""


def test_numbers() -> None:
    assert [formats.number(value, "vi") for value in (82_336_925, 0, None)] == ["82.336.925", "0", "–"]
    assert formats.number(82_336_925, "en") == "82,336,925"


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("2024-01-18T07:34:00+07:00", "minute", "18/01/2024 07:34"),
        ("2024-01-18T07:34:56+07:00", "second", "18/01/2024 07:34"),
        ("2024-01-18T00:00:00+07:00", "day", "18/01/2024"),
        ("2024-01-18T00:00:00+07:00", "inferred", "18/01/2024"),
        (None, None, ""),
    ],
)
def test_printed_dates(text: str | None, precision: str | None, expected: str) -> None:
    assert formats.printed(text, precision) == expected


def test_moments_are_in_vietnamese_time() -> None:
    assert formats.minute("2026-11-21T18:30:00Z") == "22/11/2026 01:30"
    assert formats.day("2026-11-21T18:30:00Z") == "22/11/2026"
    assert formats.month("2024-01") == "01/2024"


CITED = citation.Citation(
    key="p-1-v2",
    author=None,
    title="Hội nghị “Dân vận\nkhéo” 100% {a}",
    portal="Cổng tỉnh",
    published="18/01/2024",
    published_at="2024-01-18T00:00:00+07:00",
    url="https://p.example/1",
    version=2,
    permalink="https://kho.example/article/1/version/2/0123456789abcdef",
    captured_at="2026-11-22T17:31:28Z",
    capture=None,
    digest=None,
)


def test_citation_without_author_or_digest() -> None:
    assert replace(CITED, title="Hội nghị “Dân vận khéo”").sentence("vi") == (
        "“Hội nghị ‘Dân vận khéo’”, Cổng tỉnh, 18/01/2024, https://p.example/1 [bản 2:"
        " https://kho.example/article/1/version/2/0123456789abcdef, lưu 23/11/2026 00:31 (giờ Việt Nam)]."
    )


def test_citation_as_bibtex_and_ris() -> None:
    cited = replace(
        CITED, author="Minh & Thùy", digest="sha1:ABC", capture="https://kho.example/capture/1/ABC"
    )
    note = "https://p.example/1. version 2, captured 23/11/2026 00:31 (UTC+7): https://kho.example/capture/1/ABC, sha1:ABC"
    assert cited.bibtex("en").splitlines() == [
        "@online{p-1-v2,",
        r"  author = {{Minh \& Thùy}},",
        r"  title = {{Hội nghị “Dân vận khéo” 100\% \{a\}}},",
        "  organization = {{Cổng tỉnh}},",
        "  date = {2024-01-18},",
        "  url = {https://kho.example/article/1/version/2/0123456789abcdef},",
        "  urldate = {2026-11-23},",
        f"  note = {{{note}}},",
        "  langid = {vietnamese}",
        "}",
    ]
    assert cited.ris("en").splitlines() == [
        "TY  - ELEC",
        "AU  - Minh & Thùy",
        "TI  - Hội nghị “Dân vận khéo” 100% {a}",
        "PB  - Cổng tỉnh",
        "DA  - 2024/01/18",
        "Y2  - 2026/11/23",
        "UR  - https://kho.example/article/1/version/2/0123456789abcdef",
        "L2  - https://kho.example/capture/1/ABC",
        f"N1  - {note}",
        "LA  - vi",
        "ER  - ",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo Nghị quyết số 25-NQ/TW và Kết luận 43-KL/TW.", ["25-NQ/TW", "43-KL/TW"]),
        ("Nghị quyết 203/2025/QH15, Thông tư 06/2025/TT-BNV", ["203/2025/QH15", "06/2025/TT-BNV"]),
        ("Quyết định 983-QĐ/TU; 1719/QĐ-TTg", ["983-QĐ/TU", "1719/QĐ-TTg"]),
        ("25 - NQ/TW, 25–NQ/TW", ["25-NQ/TW"]),
        ("ngày 30/10/2019, 18-1, 12/TP, 3/KH2", []),
        (None, []),
    ],
)
def test_documents(text: str | None, expected: list[str]) -> None:
    assert mentions.documents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Đồng chí Giàng Páo Mỷ, Bí thư Tỉnh ủy; đồng chí Lò Văn Sơn phát biểu.",
            ["Giàng Páo Mỷ", "Lò Văn Sơn"],
        ),
        ("đồng chí Phó Chủ tịch Hội, ông chủ, Bà con", []),
        ("Ông Vàng A Sùng (bản Hua Bum)", ["Vàng A Sùng"]),
        ("các đồng chí: Lò Văn Sơn", []),
        (None, []),
    ],
)
def test_people(text: str | None, expected: list[str]) -> None:
    assert mentions.people(text) == expected


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "vi"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5, vi;q=0.4", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("de", "vi"),
        ("en;q=0", "vi"),
        ("en;q=x", "vi"),
    ],
)
def test_the_language_a_browser_prefers(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language
