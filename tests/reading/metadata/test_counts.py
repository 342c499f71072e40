"""Counts as portals print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_archive.reading.metadata.counts import (
    MAX_COUNT,
    Count,
    bare_counts,
    find_comments,
    find_rating,
    find_views,
    parse_count,
)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", 0),
        ("7", 7),
        ("11410", 11410),
        ("5698723", 5698723),
        ("5.087", 5087),
        ("9,477", 9477),
        ("82.336.925", 82336925),
        ("12,846,926", 12846926),
        ("9 876", 9876),
        ("1\u00a0234\u00a0567", 1234567),
        ("1\u202f234", 1234),
        ("1\u2009234", 1234),
        ("00012345", 12345),
        ("000", 0),
        ("000.012.345", 12345),
        ("  27 ", 27),
        ("\n4.798.809\u00a0", 4798809),
        ("1.000.000.000.000", MAX_COUNT),
    ],
)
def test_count(printed, value):
    assert parse_count(printed) == Count(value, printed.strip())


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("", "script"),
        (" \u00a0\n", "script"),
        ("—", "unavailable"),
        ("–", "unavailable"),
        ("-", "unavailable"),
        ("--", "unavailable"),
        ("N/A", "unavailable"),
        ("n/a", "unavailable"),
        ("...", "unavailable"),
        ("…", "unavailable"),
        ("1.234,5", "not-a-count"),
        ("1,234.56", "not-a-count"),
        ("12.3", "not-a-count"),
        ("1.2345", "not-a-count"),
        ("1234.567", "not-a-count"),
        ("1.234,567", "not-a-count"),
        ("0.123", "not-a-count"),
        ("00.123", "not-a-count"),
        ("1..234", "not-a-count"),
        ("1 23", "not-a-count"),
        ("-5", "not-a-count"),
        ("+5", "not-a-count"),
        ("1e6", "not-a-count"),
        ("1,2 triệu", "not-a-count"),
        ("3.5K", "not-a-count"),
        ("45 hộ", "not-a-count"),
        ("5.087.", "not-a-count"),
        ("²", "not-a-count"),
        ("٣", "not-a-count"),
        ("1" + "0" * 30, "impossible"),
        ("1.000.000.000.001", "impossible"),
        ("9" * 100_000, "impossible"),
    ],
)
def test_no_count(printed, reason):
    assert parse_count(printed) == Count(None, printed.strip(), reason)


@given(st.integers(0, MAX_COUNT), st.sampled_from(["", ".", ",", " ", "\u00a0"]))
def test_every_separator_gives_the_number_back(number, separator):
    assert parse_count(f"{number:,}".replace(",", separator)).value == number


@given(st.text(alphabet="0123456789., -—Kktriệu\u00a0\n\x00٣²") | st.text())
def test_a_count_has_either_a_value_or_a_reason(text):
    count = parse_count(text)
    assert (count.value is None) == (count.reason is not None)
    assert count.printed == text.strip()


@pytest.mark.parametrize(
    ("line", "value", "printed"),
    [
        ("Lượt đọc: 2923", 2923, "2923"),
        ("Thời gian đăng: 18/01/2024 07:34:05 AM - Lượt đọc: 2923", 2923, "2923"),
        ("Thời gian đăng: 18/01/2024 07:34:05 AM Lượt đọc: 2923", 2923, "2923"),
        ("Lượt xem: 14", 14, "14"),
        ("Lượt xem : 11,479", 11479, "11,479"),
        ("Lượt xem: 7370 | Gửi lúc: 05/12/2013 15:42:27", 7370, "7370"),
        ("Ngày đăng 23/03/2016 | 03:48 PM | View count: 1549", 1549, "1549"),
        ("Đã xem: 11410", 11410, "11410"),
        ("13/10/2024 07:16:00 PM Đã xem: 11410 Phản hồi: 3", 11410, "11410"),
        ("Lượt truy cập: 12", 12, "12"),
        ("Số lần xem: 5.087", 5087, "5.087"),
        ("Số lượt xem 1 234", 1234, "1 234"),
        ("LƯỢT XEM: 8", 8, "8"),
        ("Views: 250", 250, "250"),
        ("2923 lượt xem", 2923, "2923"),
        ("(313 lượt đọc)", 313, "313"),
        ("Lượt nghe: 9 | Lượt xem: 12", 12, "12"),
        ("Lượt xem: 0", 0, "0"),
        ("Lượt xem: 5.087.", 5087, "5.087"),
        ("Số lượt người xem: 27 Bản in Quay lại", 27, "27"),
        ("1450 lượt xem 3 Comment", 1450, "1450"),
        ("Thứ Hai, 07 Tháng 3 2022 14:05 6120 Lượt xem", 6120, "6120"),
        ("07/03/2022 14:05 612 lượt xem", 612, "612"),
        ("Admin 8 lần xem | 2 bình luận", 8, "8"),
        ("admin 8 lần xem | 2 bình luận", 8, "8"),
        ("Phản hồi: 3 Lượt xem 612", 612, "612"),
        ("Thứ hai - 07/03/2022 14:05   Đã xem: 187   Phản hồi: 4", 187, "187"),
        ("- Lượt xem: 24150", 24150, "24150"),
    ],
)
def test_views(line, value, printed):
    assert find_views(line) == Count(value, printed)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Lượt xem:", "script"),
        ("Lượt xem: | Bình luận: 3", "script"),
        ("Lượt đọc: —", "unavailable"),
        ("Lượt xem: 1,2 triệu", "not-a-count"),
        ("Lượt xem: 3.5K", "not-a-count"),
        ("Lượt xem: 12/03/2024", "not-a-count"),
        ("Lượt xem: 1" + "0" * 30, "impossible"),
    ],
)
def test_views_without_a_number(line, reason):
    views = find_views(line)
    assert views is not None
    assert (views.value, views.reason) == (None, reason)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Lượt nghe: 12",
        "Tổng lượt truy cập: 12.345",
        "Tổng số lượt truy cập: 12.345",
        "Đang truy cập: 5",
        "Hội nghị thu hút 2.500 lượt xem trực tiếp và nhiều lượt truy cập trang",
        "Xem: 12",
        "Lượt xem của bài viết tăng 12 lần",
        "Phóng sự đạt 2.500 lượt xem",
        "Sau một tuần đã có 45 lượt xem và chia sẻ",
    ],
)
def test_no_views(line):
    assert find_views(line) is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Phản hồi: 0", 0),
        ("Thứ hai - 07/03/2022 14:05   Đã xem: 187   Phản hồi: 4", 4),
        ("1450 lượt xem 3 Comment", 3),
        ("Admin 8 lần xem | 2 bình luận", 2),
        ("Bình luận (12)", 12),
        ("5 Comments", 5),
        ("Bình luận", None),
        ("Gửi bình luận", None),
        ("Bình luận 07/03/2022", None),
    ],
)
def test_comments(line, value):
    count = find_comments(line)
    assert (count and count.value) == value


@pytest.mark.parametrize(
    ("behind", "values"),
    [(" 6.120 4", (6120, 4)), (" 612 0 ", (612, 0)), (" 612", None), (" tại 6 4", None), ("", None)],
)
def test_figures_alone_behind_a_date(behind, values):
    counts = bare_counts(behind)
    assert (counts and tuple(count.value for count in counts)) == values


def test_views_in_decomposed_unicode():
    import unicodedata

    assert find_views(unicodedata.normalize("NFD", "Lượt đọc: 2.923")) == Count(2923, "2.923")


@pytest.mark.parametrize(
    ("line", "rating"),
    [
        ("Tổng số điểm của bài viết là: 120 trong 29 đánh giá", {"points": 120, "votes": 29}),
        (
            "Tổng số điểm của bài viết là: 0 trong 0 đánh giá Click để đánh giá",
            {"points": 0, "votes": 0},
        ),
        ("TỔNG SỐ ĐIỂM CỦA BÀI VIẾT LÀ: 1.205 trong 300 đánh giá", {"points": 1205, "votes": 300}),
        ("Click để đánh giá bài viết", None),
        ("Tổng số điểm của bài viết là: 4.5 trong 2 đánh giá", None),
    ],
)
def test_rating(line, rating):
    assert find_rating(line) == rating


@given(st.text() | st.text(alphabet="Lượtxemđọc:0123456789., —/").map(lambda tail: f"Lượt xem: {tail}"))
def test_never_raises(text):
    find_rating(text)
    views = find_views(text)
    assert views is None or views.value is None or 0 <= views.value <= MAX_COUNT
