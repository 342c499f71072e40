import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_archive.model.kinds import Precision
from portal_archive.model.page import Moment, Problem
from portal_archive.reading.dates import (
    Candidate,
    date_from_url,
    infer_dateline,
    is_clock,
    months_come_first,
    parse_date,
    parse_meta_date,
    pick_article_date,
)

DAY, MINUTE, SECOND, INFERRED = Precision.DAY, Precision.MINUTE, Precision.SECOND, Precision.INFERRED


# The variants of date lines seen on portals, in the order in which they were collected.
VARIANTS = [
    ("1", "Thời gian đăng: 18/01/2024 07:34:05 AM - Lượt đọc: 2923", "2024-01-18T07:34:05", SECOND),
    ("2", "Thời gian đăng: 26/11/2018 01:49:17 PM", "2018-11-26T13:49:17", SECOND),
    ("3", "Thời gian đăng: 22/07/2020 10:02:18 AM", "2020-07-22T10:02:18", SECOND),
    ("4", "25/04/2024", "2024-04-25T00:00:00", DAY),
    ("5", "Đăng ngày 11 - 11 - 2023", "2023-11-11T00:00:00", DAY),
    ("6", "Đăng ngày 17 - 05 - 2024 Lượt xem: 400 100%", "2024-05-17T00:00:00", DAY),
    ("7", "Lượt xem: 7370 | Gửi lúc: 05/12/2013 15:42:27", "2013-12-05T15:42:27", SECOND),
    ("8", "01/11/2024 - 09:50 313", "2024-11-01T09:50:00", MINUTE),
    ("9", "04:35 15/03/2016", "2016-03-15T04:35:00", MINUTE),
    ("10", "Ngày đăng 23/03/2016 | 03:48 PM | View count: 1549", "2016-03-23T15:48:00", MINUTE),
    ("11", "21/07/2022 | 10:00 AM", "2022-07-21T10:00:00", MINUTE),
    ("11, no time", "21/07/2022 | 12:00 AM", "2022-07-21T00:00:00", DAY),
    ("12", "Print Thứ Bảy, 26/01/2019 19:26", "2019-01-26T19:26:00", MINUTE),
    ("13", "Print Thứ Tư, 15/01/2020 08:22 Gốc", "2020-01-15T08:22:00", MINUTE),
    ("14", "13/10/2020, 20:57", "2020-10-13T20:57:00", MINUTE),
    ("15", "Thứ Năm, 22/01/2026 23:09 GMT+7", "2026-01-22T23:09:00", MINUTE),
    ("16", "Thứ hai, 05/01/2026 - 08:27", "2026-01-05T08:27:00", MINUTE),
    ("17", "Thứ hai, 26/01/2026 - 08:18", "2026-01-26T08:18:00", MINUTE),
    ("18", "Chủ nhật, 21/12/2025 - 01:41", "2025-12-21T01:41:00", MINUTE),
    ("19", "Thứ ba, 15/07/2025 - 03:51", "2025-07-15T03:51:00", MINUTE),
    ("20", "Thứ sáu, 29/03/2024, 03:46 [GMT+7]", "2024-03-29T03:46:00", MINUTE),
    ("21", "Thứ sáu, 26/04/2019 - 11:21'", "2019-04-26T11:21:00", MINUTE),
    ("22", "Thứ Sáu, 20/9/2019", "2019-09-20T00:00:00", DAY),
    ("23", "14/5/2019 8:43' Gửi bài này In bài này", "2019-05-14T08:43:00", MINUTE),
    ("24", "Cập nhật lúc: 18:00 |22/05/2022", "2022-05-22T18:00:00", MINUTE),
    ("25", "09:47, 15/03/2021", "2021-03-15T09:47:00", MINUTE),
    ("26", "Ngày đăng: 29/06/2020", "2020-06-29T00:00:00", DAY),
    ("27", "Thứ năm: 17:49 ngày 07/05/2020", "2020-05-07T17:49:00", MINUTE),
    ("28", "Thứ ba, ngày 24 tháng 1 năm 2023 | 10:31", "2023-01-24T10:31:00", MINUTE),
    ("29", "Văn Hoa - 05:32, 24/11/2023", "2023-11-24T05:32:00", MINUTE),
    ("29, clock", "Thứ Sáu, ngày 23 tháng 08 năm 2019, 09:25:27", "2019-08-23T09:25:27", SECOND),
    ("30", "Công tác Dân tộc - 09:05, 29/10/2019", "2019-10-29T09:05:00", MINUTE),
    ("31", "VĂN HÀO - TRẦN HỮU 30/04/2016 11:39", "2016-04-30T11:39:00", MINUTE),
    ("32", "Khánh Huyền Thứ sáu, 30/08/2024 - 05:57", "2024-08-30T05:57:00", MINUTE),
    ("33", "Thứ năm, 26/7/2018, 00:00 (GMT+7)", "2018-07-26T00:00:00", MINUTE),
    ("34", "28-08-2025, 19:45 (GMT+7)", "2025-08-28T19:45:00", MINUTE),
    ("35", "09/02/2021, 06:20Hội nghị khai mạc sáng nay", "2021-02-09T06:20:00", MINUTE),
    ("36", "Tháng Mười Hai 17, 2019 10:10 sáng", "2019-12-17T10:10:00", MINUTE),
    ("39", "Sở Công thương tỉnhSở Công thương tỉnh28/09/2025", "2025-09-28T00:00:00", DAY),
    ("40", "Chủ nhật 15/03/2026 13:00Chủ nhật 15/03/2026 13:00", "2026-03-15T13:00:00", MINUTE),
    ("41", "* THỨ BẢY 11/01/2025 (nhằm 12/12 ÂL)", "2025-01-11T00:00:00", DAY),
    ("42, NukeViet", "Thứ năm - 18/01/2024 07:34", "2024-01-18T07:34:00", MINUTE),
    ("42, Bắc Kạn", "Ngày đăng: 02/03/2021 / Lượt xem: 45", "2021-03-02T00:00:00", DAY),
    ("42, VSW", "Cập nhật ngày 03/02/2021", "2021-02-03T00:00:00", DAY),
]

MORE = [
    ("midnight of a database", "18/01/2024 12:00:00 AM", "2024-01-18T00:00:00", DAY),
    ("midnight in 24 hours", "18/01/2024 00:00:00", "2024-01-18T00:00:00", DAY),
    ("just after midnight", "18/01/2024 12:05 AM", "2024-01-18T00:05:00", MINUTE),
    ("noon", "18/01/2024 12:00 PM", "2024-01-18T12:00:00", MINUTE),
    ("SA", "18/01/2024 07:34 SA", "2024-01-18T07:34:00", MINUTE),
    ("CH", "18/01/2024 07:34:05 CH", "2024-01-18T19:34:05", SECOND),
    ("Sa Pa", "18/01/2024 19:34 Sa Pa", "2024-01-18T19:34:00", MINUTE),
    ("24 hours with PM", "18/01/2024 19:34 PM", "2024-01-18T19:34:00", MINUTE),
    ("p.m.", "18/01/2024 7:34 p.m.", "2024-01-18T19:34:00", MINUTE),
    ("chiều", "18/01/2024 3:05 chiều", "2024-01-18T15:05:00", MINUTE),
    ("tối", "18/01/2024, 8:15 tối", "2024-01-18T20:15:00", MINUTE),
    ("trưa", "18/01/2024, 11:30 trưa", "2024-01-18T11:30:00", MINUTE),
    ("one at noon", "18/01/2024, 1:30 trưa", "2024-01-18T13:30:00", MINUTE),
    ("đêm", "18/01/2024, 11:30 đêm", "2024-01-18T23:30:00", MINUTE),
    ("giờ", "Đăng lúc 15 giờ 30 ngày 18/3/2024", "2024-03-18T15:30:00", MINUTE),
    ("h", "15h30, ngày 18.3.2024", "2024-03-18T15:30:00", MINUTE),
    ("month in words", "Ngày 2 tháng Chín năm 2021", "2021-09-02T00:00:00", DAY),
    ("tháng Tư", "Tháng Tư 5, 2020", "2020-04-05T00:00:00", DAY),
    ("ISO in a line", "Đăng ngày: 2024-01-18 07:34", "2024-01-18T07:34:00", MINUTE),
    ("day never swapped", "05/12/2013", "2013-12-05T00:00:00", DAY),
    ("posted before updated", "Cập nhật: 05/02/2024 | Ngày đăng: 03/02/2024", "2024-02-03T00:00:00", DAY),
    ("posted after another", "Số 12 (05/02/2024). Ngày đăng: 03/02/2024", "2024-02-03T00:00:00", DAY),
    ("lunar first", "(tức ngày 12/12/2024 âm lịch) 11/01/2025", "2025-01-11T00:00:00", DAY),
    ("time in brackets", "Ngày đăng: 18/01/2024 (07:34)", "2024-01-18T07:34:00", MINUTE),
    ("list of NukeViet", "13/10/2024 07:16:00 PM", "2024-10-13T19:16:00", SECOND),
    ("related list", "(03/06/2021)", "2021-06-03T00:00:00", DAY),
    ("month cut short", "7 thg 3, 2022", "2022-03-07T00:00:00", DAY),
    ("month cut short, with time", "7 thg 3, 2022 14:05", "2022-03-07T14:05:00", MINUTE),
    ("English month first", "Monday, March 7, 2022", "2022-03-07T00:00:00", DAY),
    ("English, ordinal", "March 7th, 2022", "2022-03-07T00:00:00", DAY),
    ("English, short, with time", "Sept. 7, 2022, 8:05 PM", "2022-09-07T20:05:00", MINUTE),
    ("English day first", "Posted on 7 March 2022", "2022-03-07T00:00:00", DAY),
    ("English with dashes", "07-Mar-2022", "2022-03-07T00:00:00", DAY),
    ("month first, proven", "3/27/2022 8:05 AM", "2022-03-27T08:05:00", MINUTE),
    ("year of two digits", "07/03/22 14:05", "2022-03-07T14:05:00", MINUTE),
    ("year of two digits after a label", "Cập nhật 14:05, 7/3/22", "2022-03-07T14:05:00", MINUTE),
    ("year of two digits alone", "07/03/22", "2022-03-07T00:00:00", DAY),
    ("of the last century", "07/03/98", "1998-03-07T00:00:00", DAY),
    ("hours and minutes in words", "14 giờ 05 phút, ngày 7/3/2022", "2022-03-07T14:05:00", MINUTE),
    ("full hour", "lúc 14 giờ ngày 7/3/2022", "2022-03-07T14:00:00", MINUTE),
    ("full hour, short", "14h ngày 07/3/2022", "2022-03-07T14:00:00", MINUTE),
    ("spaces after a weekday", "thứ hai, 07 03 2022", "2022-03-07T00:00:00", DAY),
    ("spaces and a comma", "thứ hai, 07 03, 2022", "2022-03-07T00:00:00", DAY),
    ("spaces before a time", "07 03 2022 14:05", "2022-03-07T14:05:00", MINUTE),
    ("weekday as a number", "T2, 07/03/2022 - 14:05", "2022-03-07T14:05:00", MINUTE),
    ("ISO behind a title", "Lễ phát động 2022-03-07T07:05:00.000Z", "2022-03-07T14:05:00", SECOND),
    ("time before, bar", "14:05 | 07/03/2022", "2022-03-07T14:05:00", MINUTE),
    ("WordPress, short", "7 Th3, 2022", "2022-03-07T00:00:00", DAY),
    ("WordPress, short, month first", "Th3 7, 2022", "2022-03-07T00:00:00", DAY),
    ("Java, short weekday", "Th 2, 07/03/2022 14:05", "2022-03-07T14:05:00", MINUTE),
    ("time in square brackets", "07/03/2022 [14:05]", "2022-03-07T14:05:00", MINUTE),
    ("year first with dots", "2022.03.07", "2022-03-07T00:00:00", DAY),
    ("behind another field", "Lượt xem: 9 | Ngày 7 tháng 3 năm 2022", "2022-03-07T00:00:00", DAY),
    ("Joomla", "- Được đăng: Thứ hai, 07 Tháng 3 2022 14:05", "2022-03-07T14:05:00", MINUTE),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [pytest.param(*rest, id=name) for name, *rest in VARIANTS + MORE],
)
def test_date_lines(form: str, text: str, iso: str, precision: Precision) -> None:
    parsed = parse_date(unicodedata.normalize(form, text))
    assert parsed is not None
    assert parsed.moment == Moment(f"{iso}+07:00", precision)
    assert parsed.problem is None


@pytest.mark.parametrize(
    ("month_first", "iso", "problem"),
    [
        (None, "2022-04-03T08:05:00+07:00", "date-ambiguous"),
        (True, "2022-04-03T08:05:00+07:00", None),
        (False, "2022-03-04T08:05:00+07:00", None),
    ],
)
def test_english_date_that_could_be_either(month_first: bool | None, iso: str, problem: str | None) -> None:
    parsed = parse_date("4/3/2022 8:05 AM", month_first=month_first)
    assert parsed is not None
    assert parsed.moment == Moment(iso, MINUTE)
    assert (parsed.problem.kind if parsed.problem else None) == problem


def test_padded_numbers_with_am_have_the_day_first() -> None:
    parsed = parse_date("04/03/2022 08:05 AM")
    assert parsed is not None
    assert (parsed.moment, parsed.problem) == (Moment("2022-03-04T08:05:00+07:00", MINUTE), None)


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("<td>4/3/2022 8:05 AM</td><td>4/30/2022 1:15:00 PM</td>", True),
        ("<td>4/3/2022 8:05 AM</td><td>30/4/2022 1:15:00 PM</td>", False),
        ('<script>{currentCultureName:"en-US"}</script><td>4/3/2022 8:05 AM</td>', True),
        ("<td>4/3/2022 8:05 AM</td>", None),
        ("<td>30/4/2022 13:15</td>", None),
    ],
)
def test_other_dates_of_the_page_tell_the_order(source: str, first: bool | None) -> None:
    assert months_come_first(source) is first


def test_variant_37_is_relative() -> None:
    parsed = parse_date("2 tháng 2 tuần trước")
    assert parsed is not None
    assert (parsed.moment, parsed.problem) == (
        None,
        Problem("date-relative", "2 tháng 2 tuần trước", "published_at"),
    )


def test_variant_38_has_no_year() -> None:
    line = "Thời sự - 26/04 19:05"
    without = parse_date(line)
    assert without is not None
    assert without.moment is None
    assert without.problem == Problem("date-without-year", "26/04", "published_at")
    completed = parse_date(line, year_from=date(2021, 4, 27))
    assert completed is not None
    assert (completed.moment, completed.problem) == (Moment("2021-04-26T19:05:00+07:00", INFERRED), None)
    before = parse_date(line, year_from=date(2021, 4, 25))
    assert before is not None
    assert before.moment == Moment("2020-04-26T19:05:00+07:00", INFERRED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lượt truy cập: 3 / 122",
        "Trực 24/7",
        "Nghị quyết số 18/3 của Tỉnh ủy",
        "Quyết định số 12/01/2024/QĐ-UBND",
        "2022 - 2026",
        "Điện thoại: 0213.3876.2024",
        "tỷ số 3-2 sau 90 phút",
        "Hôm nay : 1.831",
        "Sau 3 tháng trước đó, đơn vị đã hoàn thành",
        "15:30",
        "Năm 2024",
        "Chỉ thị số 12/CT-TU ngày 08/6/2020",
        "12 3 2019 đại biểu dự hội nghị",
        "Mục 1.2.24",
        "1.2.24",
        "Phiên bản 12.08.19",
        "Kỷ niệm 75 năm ngày truyền thống (27/7/1947 - 27/7/2022)",
        "Đợt thi đua từ 01/01/2024 - 05/01/2024",
        "Hội nghị được tổ chức vào lúc 8h00 ngày 26/04/2019 tại trụ sở Tỉnh ủy Sơn Lam",
        "Kế hoạch này thay thế văn bản đã ban hành 26/04/2019 và có hiệu lực từ khi ký",
    ],
)
def test_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "seen"),
    [
        ("Ngày đăng: 31/02/2024 08:00", "date-impossible", "31/02/2024"),
        ("05/13/2024", "date-impossible", "05/13/2024"),
        ("00/00/0000 00:00", "date-impossible", "00/00/0000"),
        ("29/02/2023", "date-impossible", "29/02/2023"),
        ("Thời gian đăng: 01/01/1900 12:00:00 AM", "date-too-old", "1900-01-01"),
        ("31/12/1996", "date-too-old", "1996-12-31"),
        ("01/01/2101", "date-future", "2101-01-01"),
    ],
)
def test_dates_that_cannot_be(text: str, kind: str, seen: str) -> None:
    parsed = parse_date(text)
    assert parsed is not None
    assert (parsed.moment, parsed.problem) == (None, Problem(kind, seen, "published_at"))


def test_impossible_time_leaves_the_day() -> None:
    parsed = parse_date("18/01/2024 25:70")
    assert parsed is not None
    assert parsed.moment == Moment("2024-01-18T00:00:00+07:00", DAY)
    assert parsed.problem == Problem("time-impossible", "25:70", "published_at")


def test_future_is_what_comes_after_the_fetch() -> None:
    fetched = datetime(2024, 1, 18, 12, tzinfo=timezone(timedelta(hours=7)))
    for text, moment, kind in [
        ("18/01/2024 11:59", "2024-01-18T11:59:00+07:00", None),
        ("19/01/2024 11:59", "2024-01-19T11:59:00+07:00", None),
        ("19/01/2024 12:01", None, "date-future"),
        ("18/01/2042", None, "date-future"),
    ]:
        parsed = parse_date(text, not_after=fetched)
        assert parsed is not None
        assert (parsed.moment and parsed.moment.iso, parsed.problem and parsed.problem.kind) == (moment, kind)


def test_a_labelled_impossible_date_is_not_replaced_by_another() -> None:
    parsed = parse_date("Ngày đăng: 31/02/2024 | 05/03/2024")
    assert parsed is not None
    assert parsed.moment is None


@pytest.mark.parametrize(
    ("text", "label", "span"),
    [
        (
            "- Thời gian đăng: 18/01/2024 07:34:05 AM - Lượt đọc: 2923",
            "posted",
            "Thời gian đăng: 18/01/2024 07:34:05 AM",
        ),
        ("ĐĂNG NGÀY 11 - 11 - 2023", "posted", "ĐĂNG NGÀY 11 - 11 - 2023"),
        ("xem | Gửi lúc: 05/12/2013 15:42:27", "posted", "Gửi lúc: 05/12/2013 15:42:27"),
        ("Ngày đăng: Thứ năm, 18/01/2024", "posted", "Ngày đăng: Thứ năm, 18/01/2024"),
        ("Posted on 18/01/2024", "posted", "Posted on 18/01/2024"),
        ("Cập nhật lúc: 18:00 |22/05/2022", "updated", "Cập nhật lúc: 18:00 |22/05/2022"),
        ("Cập nhật ngày 03/02/2021", "updated", "Cập nhật ngày 03/02/2021"),
        ("Văn Hoa - 05:32, 24/11/2023", None, "05:32, 24/11/2023"),
        ("Thứ năm, 26/7/2018, 00:00 (GMT+7) x", None, "Thứ năm, 26/7/2018, 00:00 (GMT+7)"),
        ("Công an tỉnh 28/09/2025", None, "28/09/2025"),
    ],
)
def test_label_and_span(text: str, label: str | None, span: str) -> None:
    parsed = parse_date(text)
    assert parsed is not None
    assert (parsed.label, text[parsed.start : parsed.end]) == (label, span)


@pytest.mark.parametrize(
    ("lines", "index"),
    [
        (["TIẾNG VIỆT", "Thứ Năm, 22/01/2026 23:09 GMT+7", "Hotline: 0123 456 789", "TRANG CHỦ"], 1),
        (["Thứ hai, 05/01/2026 - 08:27", "Trang chủ", "Thời sự"], 0),
        (["Thứ hai, 26/01/2026 - 08:18", "Đường dây nóng: 0213 123"], 0),
        (["Chủ nhật, 21/12/2025 - 01:41", "Chính trị", "Liên hệ"], 0),
        (["Thứ ba, 15/07/2025 - 03:51", "", "Đăng nhập"], 0),
        (["Thứ sáu, 29/03/2024, 03:46 [GMT+7] Hotline: 0213"], 0),
        (["Thứ Sáu, 20/9/2019", "Giới thiệu"], 0),
        (["Hôm nay, Thứ Sáu, ngày 23 tháng 08 năm 2019, 09:25:27"], 0),
        (["a", "b", "c", "d", "e", "f", "g", "Hôm nay là: Thứ Sáu, 23/08/2019"], 7),
    ],
)
def test_page_clocks(lines: list[str], index: int) -> None:
    assert is_clock(lines, index)
    assert is_clock([unicodedata.normalize("NFD", line) for line in lines], index)


@pytest.mark.parametrize(
    ("lines", "index"),
    [
        (["Hội nghị tổng kết", "Thứ sáu, 26/04/2019 - 11:21'", "Ngày 26/4, Tỉnh ủy tổ chức hội nghị"], 1),
        (["Thời gian đăng: 18/01/2024 07:34:05 AM", "Trang chủ"], 0),
        (["13/10/2020, 20:57", "Trang chủ"], 0),
        (["a", "b", "c", "d", "e", "Thứ năm - 18/01/2024 07:34", "Trang chủ"], 5),
        (["Không có ngày", "Hotline"], 0),
    ],
)
def test_no_page_clocks(lines: list[str], index: int) -> None:
    assert not is_clock(lines, index)


@pytest.mark.parametrize(
    ("candidates", "iso"),
    [
        (
            [
                Candidate("Thứ sáu, 29/03/2024, 03:46 [GMT+7]", -20),
                Candidate("Thứ sáu, 26/04/2019 - 11:21'", 1),
            ],
            "2019-04-26T11:21:00",
        ),
        (
            [Candidate("Thứ Sáu, 20/9/2019", -9, clock=True), Candidate("14/5/2019 8:43' Gửi bài này", 30)],
            "2019-05-14T08:43:00",
        ),
        ([Candidate("21/07/2022", 1), Candidate("Ngày đăng: 20/07/2022", 9)], "2022-07-20T00:00:00"),
        (
            [Candidate("21/07/2022", 1, label="Cập nhật"), Candidate("20/07/2022", 9, label="Ngày đăng")],
            "2022-07-20T00:00:00",
        ),
        ([Candidate("03/02/2021", -1), Candidate("04/02/2021", 1)], "2021-02-04T00:00:00"),
        ([Candidate("03/02/2021", -1), Candidate("04/02/2021", 2)], "2021-02-03T00:00:00"),
        ([Candidate("31/02/2021", 1), Candidate("04/02/2021", 2)], "2021-02-04T00:00:00"),
        (
            [
                Candidate("Ngày 05/02/2021, " + "Tỉnh ủy Sơn Lam tổ chức hội nghị " * 9, 1),
                Candidate("(06/02/2021)", 40),
            ],
            "2021-02-06T00:00:00",
        ),
        (
            [Candidate("09/02/2021, 06:20" + "Tỉnh ủy Sơn Lam tổ chức hội nghị " * 9, 1)],
            "2021-02-09T06:20:00",
        ),
        ([Candidate("Hôm nay: 05/02/2021", 1)], None),
        ([], None),
    ],
)
def test_the_articles_own_date(candidates: list[Candidate], iso: str | None) -> None:
    picked = pick_article_date(candidates)
    assert (picked and picked.moment and picked.moment.iso) == (iso and f"{iso}+07:00")


@pytest.mark.parametrize(
    ("line", "visited", "iso"),
    [
        ("Thứ bảy, 30/03/2024", datetime(2024, 3, 30, 2, tzinfo=UTC), None),
        ("30/03/2024", datetime(2024, 3, 29, 20, tzinfo=UTC), None),
        ("30/03/2024 10:15", datetime(2024, 3, 30, 3, 20, tzinfo=UTC), None),
        ("30/03/2024 10:15", datetime(2024, 3, 30, 9, tzinfo=UTC), "2024-03-30T10:15:00+07:00"),
        ("Thứ bảy, 30/03/2024", None, None),
        ("30/03/2024 10:15", None, "2024-03-30T10:15:00+07:00"),
        ("Thứ bảy, 30/03/2024", datetime(2024, 4, 2, tzinfo=UTC), None),
        ("30/03/2024", datetime(2024, 4, 2, tzinfo=UTC), "2024-03-30T00:00:00+07:00"),
        ("Ngày đăng: 30/03/2024", datetime(2024, 3, 30, 2, tzinfo=UTC), "2024-03-30T00:00:00+07:00"),
    ],
)
def test_the_day_of_the_visit_outside_the_article(
    line: str, visited: datetime | None, iso: str | None
) -> None:
    picked = pick_article_date([Candidate(line, -3, outside=True)], not_after=visited)
    assert (picked and picked.moment and picked.moment.iso) == iso
    inside = pick_article_date([Candidate(line, -3)], not_after=visited)
    assert inside is not None
    assert inside.moment is not None


def test_a_date_that_agrees_with_what_the_page_states_goes_before_a_nearer_one() -> None:
    lines = [Candidate("02/02/2021", 1), Candidate("04/02/2021 08:10", 3)]
    picked = pick_article_date(lines, stated=(date(2021, 2, 4),))
    assert picked is not None
    assert picked.moment == Moment("2021-02-04T08:10:00+07:00", MINUTE)


def test_a_labelled_date_that_cannot_be_is_reported() -> None:
    picked = pick_article_date([Candidate("04/02/2021", 1), Candidate("Ngày đăng: 31/02/2021", 2)])
    assert picked is not None
    assert picked.problem == Problem("date-impossible", "31/02/2021", "published_at")


@pytest.mark.parametrize(
    ("value", "iso", "precision"),
    [
        ("2024-01-18T07:34:05+07:00", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18T07:34:05+0700", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18T07:34:05", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18 07:34:05.123", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18T00:34:05Z", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18T00:34:05.000Z", "2024-01-18T07:34:05", SECOND),
        ("2024-01-17T20:00:00-05:00", "2024-01-18T08:00:00", SECOND),
        ("2024-01-18T07:34+07:00", "2024-01-18T07:34:00", MINUTE),
        ("2024-01-18", "2024-01-18T00:00:00", DAY),
        ("2024-01-18T00:00:00", "2024-01-18T00:00:00", DAY),
        ("2024-01-18+0707:34:05", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18ICT07:34:05", "2024-01-18T07:34:05", SECOND),
        ("2024-01-18EST07:34:05", "2024-01-18T19:34:05", SECOND),
        ("2024-07-18EDT07:34:05", "2024-07-18T18:34:05", SECOND),
        ("Thu, 18 Jan 2024 00:34:05 GMT", "2024-01-18T07:34:05", SECOND),
        ("Thu, 18 Jan 2024 07:34:05 +0700", "2024-01-18T07:34:05", SECOND),
        ("18 Jan 2024 07:34:05", "2024-01-18T07:34:05", SECOND),
        ("1705538045", "2024-01-18T07:34:05", SECOND),
        ("1705538045123", "2024-01-18T07:34:05", SECOND),
        (" 18/01/2024 07:34 ", "2024-01-18T07:34:00", MINUTE),
        ("Thu, 18 Jan 2024 7:34:05 +0700", "2024-01-18T07:34:05", SECOND),
        ("Thu, 18 Jan 24 07:34:05 +0700", "2024-01-18T07:34:05", SECOND),
        ("1/18/2024 7:34:05 AM", "2024-01-18T07:34:05", SECOND),
        ("/Date(1705538045000)/", "2024-01-18T07:34:05", SECOND),
    ],
)
def test_dates_of_machines(value: str, iso: str, precision: Precision) -> None:
    assert parse_meta_date(value) == Moment(f"{iso}+07:00", precision)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "0001-01-01T00:00:00",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "9999-12-31T23:59:59Z",
        "2024-02-31",
        "2024-01-18T25:00:00",
        "0",
        "99999999",
        "Thu, 31 Feb 2024 00:00:00 GMT",
        "1 Jan 2024 99:99:99",
        "2024-01-18T00:00:00+99:99",
        "tomorrow",
        "1970-01-01",
    ],
)
def test_no_dates_of_machines(value: str | None) -> None:
    assert parse_meta_date(value) is None


def test_future_dates_of_machines() -> None:
    fetched = datetime(2024, 1, 18, tzinfo=timezone.utc)  # noqa: UP017
    assert parse_meta_date("2024-01-20T00:00:00+07:00", not_after=fetched) is None
    assert parse_meta_date("2024-01-18T00:00:01+07:00", not_after=fetched) is not None


@pytest.mark.parametrize(
    ("text", "reference", "day", "precision"),
    [
        ("Chiều nay (18/3), tại Sơn Lam, Ban Dân vận họp", date(2024, 4, 30), "2024-03-18", INFERRED),
        ("Ngày 17/1, các đồng chí chủ trì hội nghị", date(2024, 1, 18), "2024-01-17", INFERRED),
        ("Ngày 17/1, các đồng chí chủ trì hội nghị", date(2024, 1, 16), "2023-01-17", INFERRED),
        ("Sáng 24-10, đoàn công tác đã đến xã", date(2018, 10, 24), "2018-10-24", INFERRED),
        ("Chiều 25/4, Ban Dân vận chủ trì", date(2024, 4, 25), "2024-04-25", INFERRED),
        ("Sáng 22/8, Tỉnh ủy tổ chức", date(2023, 12, 31), "2023-08-22", INFERRED),
        ("18.9, tại huyện Bản Dền", date(2020, 10, 1), "2020-09-18", INFERRED),
        ("Tối 18.9, tại huyện Bản Dền", date(2020, 10, 1), "2020-09-18", INFERRED),
        ("Chiều 08/10/2021, Ban Dân vận tổ chức", None, "2021-10-08", DAY),
        ("Ngày 18/12/2024, đoàn công tác", None, "2024-12-18", DAY),
        ("(NTO) - Sáng 5/9, học sinh toàn tỉnh", date(2022, 9, 6), "2022-09-05", INFERRED),
        ("LCĐT – Ngày 5/9, học sinh toàn tỉnh", date(2022, 9, 6), "2022-09-05", INFERRED),
        ("(Chinhphu.vn) - Hôm nay (5/9), học sinh", date(2022, 9, 6), "2022-09-05", INFERRED),
        ("Sơn Lam - Sáng nay, ngày 5/9, học sinh", date(2022, 9, 6), "2022-09-05", INFERRED),
        ("Trong 2 ngày 17 và 18/1, tại Sơn Lam", date(2024, 2, 1), "2024-01-18", INFERRED),
        ("Trong hai ngày 17-18/1, tại Sơn Lam", date(2024, 2, 1), "2024-01-18", INFERRED),
        ("Từ ngày 28/2 đến 2/3, đoàn kiểm tra", date(2024, 3, 5), "2024-03-02", INFERRED),
        ("Vừa qua, ngày 5/9, học sinh toàn tỉnh", date(2022, 9, 6), "2022-09-05", INFERRED),
        ("Thực hiện chương trình công tác, sáng 22/8, Tỉnh ủy", date(2023, 8, 23), "2023-08-22", INFERRED),
        ("Ngày 29/2, Tỉnh ủy họp", date(2024, 3, 1), "2024-02-29", INFERRED),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_datelines(text: str, reference: date | None, day: str, precision: Precision, form: str) -> None:
    inferred = infer_dateline(unicodedata.normalize(form, text), year_from=reference)
    assert inferred == Moment(f"{day}T00:00:00+07:00", precision)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Ngày 17/1, các đồng chí chủ trì hội nghị", None),
        ("Nghị quyết 18/3 của Tỉnh ủy nêu rõ", date(2024, 1, 1)),
        ("Thực hiện Nghị quyết số 25-NQ/TW ngày 03/6/2013 của Trung ương", date(2024, 1, 1)),
        ("Lực lượng trực 24/7, sẵn sàng", date(2024, 1, 1)),
        ("24/7, lực lượng công an có mặt", date(2024, 12, 1)),
        ("Sáng 3-2, đội bóng dẫn trước 3-1", None),
        ("Có 18.9% dân số", date(2024, 12, 1)),
        ("3.104 ha đất dốc, 2/3 số hộ", date(2024, 12, 1)),
        ("Ngày 31/2, Tỉnh ủy họp", date(2024, 12, 1)),
        ("Ngày 29/2, Tỉnh ủy họp", date(2023, 3, 1)),
        ("Ngày 3/2/1930, Đảng ra đời", date(2023, 3, 1)),
        ("Kỷ niệm ngày Thương binh - Liệt sĩ 27/7, tỉnh tổ chức", date(2023, 8, 1)),
        ("", date(2023, 3, 1)),
    ],
)
def test_no_datelines(text: str, reference: date | None) -> None:
    assert infer_dateline(text, year_from=reference) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.vn/portal/Pages/2024-5-17/hoi-nghi-x1y2z3.aspx", date(2024, 5, 17)),
        ("https://a.vn/2024/05/17/hoi-nghi.html", date(2024, 5, 17)),
        ("https://a.vn/upload/2000066/20240318/anh_1a2b3.jpg", date(2024, 3, 18)),
        ("https://a.vn/uploads/news/2023_05/image-20230526162943-1.jpeg", date(2023, 5, 26)),
        ("https://a.vn/tin/hoi-nghi-ngay-18-3-2024.html", date(2024, 3, 18)),
        ("https://a.vn/tin/hop-18-03-2024", date(2024, 3, 18)),
        ("https://a.vn/2024_04/anh.jpg", None),
        ("https://a.vn/hoi-nghi-1105750", None),
        ("https://a.vn/1227/27461/54439/293909/tin", None),
        ("https://a.vn/Pages/2024-13-45/x.aspx", None),
        ("https://a.vn/20241345/x", None),
        ("https://a.vn/giai-doan-2020-2025.html", None),
        ("https://a.vn/nhin-lai-30-4-1975", None),
        ("", None),
    ],
)
def test_date_from_url(url: str, expected: date | None) -> None:
    assert date_from_url(url) == expected


DATE_LIKE = st.text(alphabet="0123456789/-.: |,()hgnàytháămsCHGMT+7 ") | st.text()


@given(DATE_LIKE, DATE_LIKE)
def test_nothing_raises(text: str, other: str) -> None:
    reference = date(1, 1, 1)
    fetched = datetime(9999, 12, 30, tzinfo=timezone(timedelta(hours=-12)))
    parse_date(text, year_from=reference)
    parse_date(f"Ngày đăng: {text}", not_after=fetched)
    parse_meta_date(text)
    infer_dateline(text, year_from=reference)
    infer_dateline(f"Sáng {text}", year_from=date.max)
    date_from_url(text)
    is_clock([text, other], 0)
    pick_article_date([Candidate(text, 0), Candidate(other, 1, label=text)])
