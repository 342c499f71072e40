"""How alike two texts are: what is a copy, and what only comes from the same template."""

from __future__ import annotations

import unicodedata

import pytest
from newsrooms import OTHER, REPORT, paragraphs, replaced

from portal_archive.archive.stories.resemblance import (
    FEWEST,
    LONGEST,
    SHINGLE,
    SKETCH,
    Change,
    change,
    containment,
    is_copy,
    read,
)

NAMES = (
    ("Lò Thị Khuê", "Mùa Thị Sua"),
    ("Khuê", "Sua"),
    ("Giàng A Thước", "Lường Văn Phìn"),
    ("Nậm Sính", "Pa Lin"),
    ("Vàng Thị Dín", "Tẩn Thị Nhị"),
)
MORE = (
    "\n\nTrước đó, đoàn đã dự buổi sinh hoạt của chi bộ bản, nghe các đảng viên trẻ bàn cách giữ rừng đầu nguồn và"
    " hứa chuyển ý kiến về thường trực Huyện ủy trong tuần sau, kèm bản đồ những chỗ cần cắm biển."
)
TEMPLATE = (
    "Sáng {day}, tại hội trường {place}, Đảng ủy {place} tổ chức hội nghị đánh giá kết quả thực hiện nhiệm vụ phát"
    " triển kinh tế - xã hội, quốc phòng - an ninh. Dự và chỉ đạo hội nghị có đồng chí {guest}, cùng các đồng chí"
    " trong Ban Chấp hành Đảng bộ và bí thư các chi bộ trực thuộc.\n\n"
    "Trong quý, dưới sự lãnh đạo của cấp ủy, sự vào cuộc đồng bộ của cả hệ thống chính trị, tổng diện tích gieo trồng"
    " đạt {area} ha; thu ngân sách trên địa bàn đạt {money} triệu đồng; {jobs} lao động được giải quyết việc làm. Công"
    " tác cải cách hành chính được quan tâm, tạo điều kiện thuận lợi cho người dân và doanh nghiệp; quốc phòng, an"
    " ninh được giữ vững, trật tự an toàn xã hội được bảo đảm.\n\n"
    "Phát biểu kết luận hội nghị, đồng chí {chair} đề nghị các chi bộ tiếp tục tập trung lãnh đạo, chỉ đạo, thực hiện"
    " có hiệu quả các nhiệm vụ trọng tâm, phấn đấu kết nạp {members} đảng viên, trồng mới {wood} ha rừng."
)
ONE = TEMPLATE.format(
    day="12/3",
    place="xã Hua Sát",
    guest="Lò Văn Sính",
    area="412",
    money="1.950",
    jobs="64",
    chair="Vàng A Chư",
    members="11",
    wood="35",
)
ANOTHER = TEMPLATE.format(
    day="17/6",
    place="xã Tà Phừ",
    guest="Trần Thu Thắm",
    area="388",
    money="2.704",
    jobs="71",
    chair="Bàn Hữu Lềnh",
    members="9",
    wood="52",
)
NOTICE = (
    "Thường trực Hội đồng nhân dân huyện thông báo lịch tiếp công dân định kỳ của lãnh đạo Ủy ban nhân dân huyện tại"
    " Trụ sở tiếp công dân, như sau: ngày {} đồng chí Chủ tịch tiếp, ngày {} đồng chí Phó Chủ tịch phụ trách văn xã"
    " tiếp, ngày {} đồng chí Phó Chủ tịch phụ trách kinh tế tiếp; buổi sáng từ 7 giờ 30, buổi chiều từ 13 giờ 30."
    " Người dân đến trình bày mang theo giấy tờ tùy thân và đơn, nếu có."
)


def copied(one: str, other: str) -> bool:
    first, second = read(one), read(other)
    return is_copy(first, second, containment(first, second))


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        paragraphs(REPORT, 0, 1),
        paragraphs(REPORT, 2, 3),
        replaced(REPORT, NAMES),
        REPORT + MORE,
        replaced(REPORT, NAMES[:2]) + MORE,
        replaced(REPORT, [("bản Nậm Sính", "sòng bài online uy tín\n")]),
        replaced(REPORT, [("640 triệu", "460 triệu")]),
        REPORT.replace("\n\n", " "),
    ],
    ids=[
        "whole",
        "first half",
        "second half",
        "names",
        "longer",
        "names, longer",
        "injected",
        "figure",
        "run on",
    ],
)
def test_a_copy(copy: str) -> None:
    assert copied(REPORT, copy)
    assert copied(copy, REPORT)
    assert set(read(REPORT).sketch) & set(read(copy).sketch)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (REPORT, OTHER),
        (ONE, ANOTHER),
        (NOTICE.format("5/3", "12/3", "19/3"), NOTICE.format("2/4", "9/4", "16/4")),
        # A closing paragraph that every report has.
        (REPORT + "\n\n" + paragraphs(ONE, 1), OTHER + "\n\n" + paragraphs(ANOTHER, 1)),
        # A list of links is no copy of each article it announces.
        (paragraphs(REPORT, 0) + "\n\n" + OTHER, paragraphs(REPORT, 0, 1, 2, 3)),
    ],
    ids=["others", "reports", "notices", "closing words", "digest"],
)
def test_no_copy(one: str, other: str) -> None:
    assert not copied(one, other)


def test_reports_from_one_template_share_more_than_some_copies() -> None:
    # What makes the figures necessary.
    assert (
        containment(read(NOTICE.format("5/3", "12/3", "19/3")), read(NOTICE.format("2/4", "9/4", "16/4")))
        > 0.6
    )
    assert containment(read(REPORT), read(replaced(REPORT, NAMES))) < 0.8


def test_spelling_does_not_count() -> None:
    plain = read("Thường trực Tỉnh ủy", REPORT)
    decomposed = unicodedata.normalize("NFD", f"THƯỜNG TRỰC TỈNH UỶ {REPORT.upper()}")
    assert read(decomposed).shingles == plain.shingles
    assert read(f"Thuong truc Tinh uy: “{REPORT.replace('; ', ' … ')}”").shingles == plain.shingles


def test_figures_are_those_of_the_text_alone() -> None:
    text = read(
        "Ngày 14/3/2024, theo Nghị quyết 25-NQ/TW và 203/2025/QH15, 9 ngày công, 7,4 km, 1.245 tổ; 217m2.",
        "5",
    )
    assert text.figures == {"14/3/2024", "9 ngay", "7,4 km", "1.245", "217", "5 "}


def test_a_short_text_is_no_copy_of_anything() -> None:
    words = " ".join(f"từ{number}" for number in range(FEWEST + SHINGLE - 2))
    assert len(read(words).shingles) == FEWEST - 1
    assert read(words).sketch == ()
    assert not copied(words, words)
    assert copied(f"{words} thêm", f"{words} thêm")
    assert (read().words, read(None, "").shingles, containment(read(), read())) == ((), frozenset(), 0)


def test_a_sketch_is_the_same_on_every_machine() -> None:
    # It is stored: another hash would find no copy of anything stored before.
    sketch = read(REPORT).sketch
    assert len(sketch) == SKETCH
    assert [*sketch] == sorted(sketch)
    assert sketch[:2] == (45164310983, 57030662540)


def test_what_many_articles_share_weighs_less() -> None:
    shared, own, others = (" ".join(f"{name}{number}" for number in range(40)) for name in ("a", "b", "c"))
    one, other = read(f"{shared} {own}"), read(f"{shared} {others}")
    assert containment(one, other) == 33 / 73
    standing = dict.fromkeys(read(shared).shingles, 4)
    assert containment(one, other, standing) == pytest.approx((33 / 2) / (33 / 2 + 40))


def test_a_very_long_text_is_known_by_its_beginning() -> None:
    long = " ".join(map(str, range(LONGEST + 500)))
    assert len(read(long).words) == LONGEST
    assert read(long).shingles == read(f"{long} và nhiều nữa").shingles


def test_how_much_was_changed() -> None:
    original = read("một hai ba bốn năm sáu bảy tám chín mười")
    assert change(original, original) == Change(0, 0, 0)
    assert change(original, read("một hai ba bốn năm")) == Change(5, 0, 50)
    assert change(original, read("một hai ba BỐN năm sáu bảy tám chín mười")) == Change(1, 1, 10)
    assert change(original, read("một hai ba bốn năm sáu bảy tám chín mười thêm hai từ")) == Change(0, 3, 23)
    many = " ".join(map(str, range(1000)))
    assert change(read(many), read(f"{many} rồi")) == Change(0, 1, 1)
    assert change(read(), read()) == Change(0, 0, 0)
    long = " ".join(map(str, range(5000)))
    assert change(read(long), read(long.removesuffix(" 4999") + " 1 2")) == Change(1, 2, 1)
