import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_pages import NUKEVIET, needs_real_pages

from portal_archive.reading.metadata.bylines import (
    Byline,
    body_byline,
    is_account_name,
    split_glued_byline,
    strip_author_label,
)

GOLD = NUKEVIET / "gold.jsonl"
TEXT = ["Sáng 5/9, Tỉnh ủy Sơn Lam tổ chức hội nghị.", "Hội nghị bế mạc vào chiều cùng ngày."]

BYLINES = [
    ("Lò Văn An - Trung tâm Văn hóa huyện", "Lò Văn An - Trung tâm Văn hóa huyện", None),
    ("Lò Văn An – Phó Trưởng ban", "Lò Văn An – Phó Trưởng ban", None),
    ("Lò Văn An, Phòng Tổ chức", "Lò Văn An", None),
    ("CTV Lò Văn An", "CTV Lò Văn An", None),
    ("ThS. Lò Văn An", "ThS. Lò Văn An", None),
    ("H'Linh Niê", "H'Linh Niê", None),
    ("Bh'riu Liếc", "Bh'riu Liếc", None),
    ("Ksor Phước", "Ksor Phước", None),
    ("Nhóm P.V thực hiện", "Nhóm P.V thực hiện", None),
    ("Lò Văn An – VHTT.", "Lò Văn An – VHTT", None),
    ("Bài: Lò Văn An; Ảnh: TTXVN", "Lò Văn An", None),
    ("Theo sonlam online", None, "sonlam online"),
    ("Nguồn:sonlam.example.vn Copy link", None, "sonlam.example.vn"),
    ("Theo TTXVN/Vietnam+", None, "TTXVN/Vietnam+"),
    ("TTXVN", None, "TTXVN"),
    ("Báo Sơn Lam", None, "Báo Sơn Lam"),
    ("Tác giả: Kim Anh", "Kim Anh", None),
    ("Tin, ảnh: Minh Thùy", "Minh Thùy", None),
    ("Tin và ảnh: Minh Thùy", "Minh Thùy", None),
    ("TIN, ẢNH: MINH THÙY", "MINH THÙY", None),
    ("Bài, ảnh: Phạm Quý", "Phạm Quý", None),
    ("Bài và ảnh : Phạm Quý.", "Phạm Quý", None),
    ("(Tin, bài, ảnh: Phạm Quý)", "Phạm Quý", None),
    ("* Tin, ảnh Minh Thùy", "Minh Thùy", None),
    ("Tin, ảnh: Trung tâm VH-TT và TT", "Trung tâm VH-TT và TT", None),
    ("Tin: Thu Hà; Ảnh: Đức Lâm", "Thu Hà, Đức Lâm", None),
    ("Tin: Thu Hà - Ảnh: Thu Hà", "Thu Hà", None),
    ("Bài viết: Thu Hà. Ảnh: Đức Lâm", "Thu Hà, Đức Lâm", None),
    ("Ảnh: Đức Lâm", "Đức Lâm", None),
    ("Thực hiện: Thu Hà", "Thu Hà", None),
    ("Tác giả: Thành Chung Nguồn tin: Báo Sơn Lam", "Thành Chung", "Báo Sơn Lam"),
    ("Lê Hưng (Trung tâm VH,TT-TT thị xã Bản Dền)", "Lê Hưng (Trung tâm VH,TT-TT thị xã Bản Dền)", None),
    ("Hương Dịu", "Hương Dịu", None),
    ("Trọng Hoản", "Trọng Hoản", None),
    ("VĂN HÀO - TRẦN HỮU", "VĂN HÀO - TRẦN HỮU", None),
    ("Lệ Thủy – Văn Huyến – Quang Hiếu", "Lệ Thủy – Văn Huyến – Quang Hiếu", None),
    ("Thu Hà và Đức Lâm", "Thu Hà và Đức Lâm", None),
    ("TS (tổng hợp)", "TS (tổng hợp)", None),
    ("PV", "PV", None),
    ("Ban Biên tập", "Ban Biên tập", None),
    ("Thu Hà (theo TTXVN)", "Thu Hà (theo TTXVN)", "TTXVN"),
    ("Vũ Thắng, Như Huỳnh/THQH", "Vũ Thắng, Như Huỳnh/THQH", "THQH"),
    ("Theo Báo Sơn Lam", None, "Báo Sơn Lam"),
    ("Theo báo Sơn Lam", None, "báo Sơn Lam"),
    ("(Theo TTXVN)", None, "TTXVN"),
    ("Theo baosonlam.example.vn", None, "baosonlam.example.vn"),
    ("Nguồn: TTXVN", None, "TTXVN"),
    ("Nguồn tin: Cổng TTĐT tỉnh Sơn Lam", None, "Cổng TTĐT tỉnh Sơn Lam"),
    ("Nguồn Sơn Lam: http://sonlam.example.vn/tin", None, "Sơn Lam: http://sonlam.example.vn/tin"),
    ("(BBK)", None, "BBK"),
    ("(baosonlam.example.vn)", None, "baosonlam.example.vn"),
    ("Người đăng: quantri", None, None),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("line", "author", "source"), BYLINES)
def test_bylines_at_the_end(line: str, author: str | None, source: str | None, form: str) -> None:
    paragraphs = [unicodedata.normalize(form, text) for text in [*TEXT, line]]
    assert body_byline(paragraphs) == Byline(author, source, (2,))
    assert body_byline([*paragraphs, "", "\xa0"]) == Byline(author, source, (2,))


NO_BYLINES = [
    "Quang cảnh hội nghị.",
    "Quang cảnh hội nghị",
    "Toàn cảnh Hội nghị",
    "Ảnh: Quang cảnh hội nghị",
    "Trân trọng!",
    "Sa Pa",
    "Sơn La",
    "Hà Nội",
    "Hội Nghị Tổng Kết",
    "KẾT LUẬN",
    "VĂN PHÒNG TỈNH ỦY",
    "Ban Dân vận Tỉnh ủy",
    "Trung tâm VH-TT và TT",
    "Sở Nội vụ, Sở Tài chính, Công an tỉnh",
    "Thanh niên tình nguyện",
    "Đồng chí Nguyễn Văn An",
    "Ông Nguyễn Văn An phát biểu",
    "Nguyễn Văn An là Bí thư chi bộ.",
    "Theo đó, các đơn vị báo cáo kết quả.",
    "Theo kế hoạch",
    "Theo Báo cáo, toàn tỉnh có 5 huyện đạt chuẩn.",
    "Nguồn vốn được phân bổ cho các huyện",
    "Nguồn nhân lực: nhiều chuyển biến rõ rệt so với năm trước.",
    "Thực hiện: 5 chỉ tiêu vượt kế hoạch",
    "Tổng hợp: 12 xã, 3 huyện",
    "Tổ chức thực hiện: Minh bạch",
    "Tin: hội nghị đã thành công. Các đại biểu ra về.",
    "Dân vận khéo - Việc gì cũng thành",
    "Quyết tâm - Đoàn kết - Thắng lợi",
    "Tin rằng năm 2024 sẽ có nhiều đổi mới",
    "100%",
    "4.798.809",
    "18-1-dan-van2.jpg",
    "Mọi vướng mắc phản ánh về: Văn phòng Tỉnh ủy",
]


@pytest.mark.parametrize("line", NO_BYLINES)
def test_ordinary_last_paragraphs(line: str) -> None:
    assert body_byline([*TEXT, line]) is None
    assert body_byline([line]) is None
    assert body_byline([line, *TEXT]) is None


@pytest.mark.parametrize(
    "signature",
    [
        ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn An"],
        ["TM. BAN THƯỜNG VỤ", "(Đã ký)", "Nguyễn Văn An"],
        ["KT. TRƯỞNG BAN", "Nguyễn Văn An"],
        ["Phó Bí thư Thường trực", "Nguyễn Văn An"],
        ["Trần Thị Bình", "Nguyễn Văn An"],
    ],
)
def test_signatures_and_lists_of_names(signature: list[str]) -> None:
    assert body_byline([*TEXT, *signature]) is None


def test_bylines_of_several_paragraphs() -> None:
    assert body_byline([*TEXT, "Thu Hà", "Nguồn: TTXVN"]) == Byline("Thu Hà", "TTXVN", (2, 3))
    assert body_byline([*TEXT, "Tin: Thu Hà", "Ảnh: Đức Lâm"]) == Byline("Thu Hà, Đức Lâm", None, (2, 3))
    assert body_byline([*TEXT, "Tin, ảnh:", "Thu Hà"]) == Byline("Thu Hà", None, (2, 3))
    assert body_byline([*TEXT, "Tin, ảnh: Thu Hà", "* Tên nhân vật đã được thay đổi."]) == Byline(
        "Thu Hà", None, (2,)
    )


def test_a_name_within_the_text_is_none() -> None:
    assert body_byline([TEXT[0], "Thu Hà", TEXT[1]]) is None
    assert body_byline(["Tin, ảnh: Thu Hà", *TEXT, *TEXT]) == Byline("Thu Hà", None, (0,))


def test_name_and_offices_at_the_beginning() -> None:
    opening = ["Nguyễn Hữu An", "Ủy viên Ban Chấp hành Đảng bộ tỉnh,", "Chủ tịch Liên đoàn Lao động tỉnh"]
    assert body_byline([*opening, *TEXT]) == Byline("Nguyễn Hữu An", None, (0, 1, 2))
    assert body_byline(["Nguyễn Hữu An", *TEXT]) is None
    assert body_byline([]) is None


def test_index_is_the_first() -> None:
    assert Byline("Thu Hà", None, (2, 3)).index == 2


@pytest.mark.parametrize(
    ("paragraph", "text", "byline"),
    [
        ("Hội nghị bế mạc. Tin, ảnh: Minh Thùy", "Hội nghị bế mạc.", "Tin, ảnh: Minh Thùy"),
        (
            "các chỉ tiêu đề ra./. Tin: Thu Hà; Ảnh: Đức Lâm",
            "các chỉ tiêu đề ra./.",
            "Tin: Thu Hà; Ảnh: Đức Lâm",
        ),
        ("Hội nghị bế mạc.Vũ Thắng, Như Huỳnh/THQH", "Hội nghị bế mạc.", "Vũ Thắng, Như Huỳnh/THQH"),
        ("đã đề ra…Hương Dịu", "đã đề ra…", "Hương Dịu"),
        ("Hội nghị bế mạc. (Theo TTXVN)", "Hội nghị bế mạc.", "(Theo TTXVN)"),
        ("Hội nghị bế mạc. (BBK)", "Hội nghị bế mạc.", "(BBK)"),
    ],
)
def test_glued_bylines(paragraph: str, text: str, byline: str) -> None:
    assert split_glued_byline(paragraph) == (text, byline)
    assert body_byline([*TEXT, text, byline]) is not None


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "Tin, ảnh: Minh Thùy",
        "Hội nghị bế mạc vào chiều cùng ngày.",
        "Người được khen thưởng nhiều nhất năm nay. Nguyễn Văn An",
        "Cuộc thi có ba giải. Ảnh: Quang cảnh hội nghị",
        "Toàn tỉnh có 5 huyện (tăng 1 huyện).",
    ],
)
def test_nothing_glued(paragraph: str) -> None:
    assert split_glued_byline(paragraph) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tác giả: Kim Anh", "Kim Anh"),
        ("Tác giả bài viết:\xa0 Phạm Quý ", "Phạm Quý"),
        ("Tin, ảnh: Minh Thùy", "Minh Thùy"),
        ("Minh Thùy", "Minh Thùy"),
        ("Trung tâm VH-TT và TT", "Trung tâm VH-TT và TT"),
        ("Tác giả:", None),
        ("", None),
    ],
)
def test_strip_author_label(text: str, expected: str | None) -> None:
    assert strip_author_label(text) == expected


@pytest.mark.parametrize(
    "name",
    ["quantri", "admin", "Administrator", "bientap", "user123", "Admin2", "Quản trị viên", "super user",
     "van_thu", "bientap@sonlam.example.vn", "QUẢN TRỊ HỆ THỐNG"],
)  # fmt: skip
def test_account_names(name: str) -> None:
    assert is_account_name(name)


@pytest.mark.parametrize(
    "name", ["Kim Anh", "PV", "BBT", "Minh", "Trung tâm VH-TT và TT", "baosonlam.example.vn", ""]
)
def test_people_are_no_accounts(name: str) -> None:
    assert not is_account_name(name)


@given(st.lists(st.text(), max_size=5))
def test_nothing_raises(paragraphs: list[str]) -> None:
    body_byline(paragraphs)
    for paragraph in paragraphs:
        body_byline([f"Tin, ảnh: {paragraph}", f"Nguồn: {paragraph}", f"Thu Hà {paragraph}"])
        split_glued_byline(paragraph)
        split_glued_byline(f"Hết. Tin: {paragraph}")
        strip_author_label(paragraph)
        is_account_name(paragraph)


@needs_real_pages
def test_bylines_of_the_real_site() -> None:
    articles = [json.loads(line) for line in GOLD.read_text().splitlines()]
    articles = [article for article in articles if article["origin"] == "fixture"]
    assert len(articles) == 68
    for article in articles:
        body = article["body"]
        assert body_byline(body) is None, article["id"]
        if article["author"]:
            assert not is_account_name(article["author"]), article["id"]
        byline = article["byline_in_body"]
        if byline:
            expected = byline.partition(": ")[2] or byline
            assert body_byline([*body, byline]) == Byline(expected, None, (len(body),)), article["id"]
            assert split_glued_byline(body[-1] + byline) == (body[-1], byline), article["id"]
