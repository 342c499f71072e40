"""Both ends of a text are peeled, and nothing in its middle. All pages here are synthetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_archive.model.page import Article
from portal_archive.reading.read import read_page

URL = "https://muongmay.example.vn/tin-tuc/ban-na-tong-ra-quan-lam-duong-lien-ban-2024-7654321.html"
TITLE = "Bản Nà Tông ra quân làm đường liên bản"
TEXT = (
    "Từ sáng sớm, hơn bốn mươi hộ dân bản Nà Tông đã có mặt trên đoạn đường dốc nối bản với trung tâm xã Mường Mây.",
    "Trưởng bản cho biết mỗi nhà góp hai ngày công, người có trâu thì chở đá, người trẻ thì đào rãnh thoát nước.",
    "Đến cuối buổi chiều, gần một cây số đường đã được san phẳng, bà con hẹn nhau tuần sau tiếp tục đổ bê tông.",
)


def read(*lines: str, head: str = "", tail: str = "", date: str = "21/09/2023 08:30") -> Article:
    text = "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines)
    printed = f"<div class='date'>{date}</div>" if date else ""
    page = read_page(
        f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><div class='detail'><h1>{TITLE}</h1>{printed}"
        f"{head}<div class='noi-dung'>{text}</div>{tail}</div></body></html>".encode(),
        URL,
    )
    assert page.article is not None
    return page.article


def body(*lines: str) -> str:
    return "\n\n".join(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("Số lượt người xem: 27 Bản in Quay lại",),
        ("Admin 8 lần xem | 2 bình luận",),
        ("Xem chi tiết <a href='/'>tại đây</a>",),
        ("<a href='/f/tb-12.pdf'>tb-12.pdf</a>",),
        ("Chi tiết tại file đính kèm",),
        ("In bài viết này",),
        ("Copy link",),
        ("Ngày đăng: 22/09/2023",),
        ("Chuyên mục: Nông thôn mới",),
        ("Xem chi tiết tại đây", "Lượt xem: 27", "Quay lại | Đầu trang"),
        ("Lò Thị Hương", "Xem chi tiết tại đây", "Số lượt người xem: 27 Bản in Quay lại"),
        ("Tin, ảnh: Lò Thị Hương", "27 lượt xem 2 Comment"),
        ("Lò Thị Hương", "Theo muongmay online", "Copy link"),
        ("Nguồn: muongmay.example.vn Copy link",),
        ("Lò Thị Hương", "Trung tâm Văn hóa xã Mường Mây"),
        ("Lò Thị Hương", "(Ban Dân vận xã)"),
        ("Nguồn: <a href='https://baomuongmay.example.vn/1.html'>https://baomuongmay.example.vn/1.html</a>",),
        ("Theo dõi Báo Mường Mây trên Google News",),
        ("Lò Thị Hương", "Mời quý độc giả xem thêm:"),
        ("<p style='text-align: right'>Mộc Sen</p>",),
    ],
)
def test_known_lines_behind_the_text_are_no_text(lines: tuple[str, ...]) -> None:
    assert read(*TEXT, *lines).body == body(*TEXT)


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (("Lò Thị Hương", "Xem chi tiết tại đây"), "author", "Lò Thị Hương"),
        (("Lò Thị Hương – ĐTT.", "Quay lại"), "author", "Lò Thị Hương – ĐTT"),
        (("Lò Thị Hương", "Trung tâm Văn hóa xã Mường Mây"), "author", "Lò Thị Hương"),
        (("Lò Thị Hương, Trưởng Ban Dân vận xã",), "author", "Lò Thị Hương"),
        (("Bài: Lò Thị Hương; Ảnh: Giàng A Páo",), "author", "Lò Thị Hương, Giàng A Páo"),
        (("Bài: Lò Thị Hương; Ảnh: TTXVN",), "author", "Lò Thị Hương"),
        (("Nhóm P.V thực hiện",), "author", "Nhóm P.V thực hiện"),
        (("ThS. Lò Thị Hương",), "author", "ThS. Lò Thị Hương"),
        (("CTV Lò Văn Páo",), "author", "CTV Lò Văn Páo"),
        (("H'Sen Niê",), "author", "H'Sen Niê"),
        (("<p style='text-align: right'>Mộc Sen</p>",), "author", "Mộc Sen"),
        (("Lò Thị Hương", "Theo muongmay online", "Copy link"), "source", "muongmay online"),
        (("Nguồn:muongmay.example.vn Copy link",), "source", "muongmay.example.vn"),
        (("Theo: http://muongmay.example.vn",), "source", "http://muongmay.example.vn"),
        (("Theo “Mường Mây Điện tử”&lt;o:p&gt;&lt;/o:p&gt;",), "source", "Mường Mây Điện tử"),
        (
            ("Nguồn: <a href='https://baomuongmay.example.vn/1'>https://baomuongmay.example.vn/1</a>",),
            "source",
            "https://baomuongmay.example.vn/1",
        ),
        (("Theo Báo Mường Mây", "In bài viết này"), "source", "Báo Mường Mây"),
        (("Số lượt người xem: 27 Bản in Quay lại",), "views", 27),
        (("Admin 8 lần xem | 2 bình luận",), "views", 8),
        (("Admin 8 lần xem | 2 bình luận",), "comments", 2),
        (("27 lượt xem 2 Comment",), "views", 27),
        (("27 lượt xem 2 Comment",), "comments", 2),
    ],
)
def test_what_the_end_says_goes_to_its_field(lines: tuple[str, ...], field: str, value: object) -> None:
    assert getattr(read(*TEXT, *lines), field) == value


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("Theo Báo Mường Mây", "source", "Báo Mường Mây"),
        ("Tác giả: Lò Thị Hương", "author", "Lò Thị Hương"),
        ("LÒ THỊ HƯƠNG, Phó Bí thư Đảng ủy xã", "author", "LÒ THỊ HƯƠNG"),
        ("Lò Thị Hương (Ban Dân vận xã Mường Mây)", "author", "Lò Thị Hương (Ban Dân vận xã Mường Mây)"),
        ("Cập nhật: 21/09/2023 08:30 - Lượt xem: 27", "views", 27),
        ("A- A A+ | Bản in", "views", None),
        ("Ngày 21/09/2023 08:30", "published_at", "2023-09-21T08:30:00+07:00"),
    ],
)
def test_what_the_beginning_says_goes_to_its_field(line: str, field: str, value: object) -> None:
    article = read(line, *TEXT)
    assert article.body == body(*TEXT)
    assert getattr(article, field) == value


@pytest.mark.parametrize(
    "line",
    [
        "Thời gian: 8h00, ngày 20/10/2023",
        "Nguồn: ngân sách xã",
        "Tác giả: Nguyễn Du",
        "Ngày 20/10/2023",
        "Lượt xem: 27",
        "Địa điểm: Nhà văn hóa bản Nà Tông",
        "Theo kế hoạch của xã",
        "Lò Thị Hương",
    ],
)
def test_nothing_leaves_the_middle_of_a_text(line: str) -> None:
    article = read(TEXT[0], line, *TEXT[1:])
    assert article.body == body(TEXT[0], line, *TEXT[1:])
    assert (article.author, article.source, article.views) == (None, None, None)
    assert article.published_at == "2023-09-21T08:30:00+07:00"


@pytest.mark.parametrize(
    "line",
    [
        "Nguồn: ngân sách xã",
        "Theo kế hoạch đề ra",
        "Mường Mây, ngày 21 tháng 9 năm 2023",
        "Phóng sự đã có 2.500 lượt xem.",
        "Tiếp nhận 45 phản hồi.",
        "Mời bà con xem chi tiết tại đây nếu muốn cùng góp công làm đường.",
        "<p><a href='/f/tb-12.pdf'>Thông báo số 12-TB/ĐU</a></p>",
        "<ul><li>Bản Nà Tông</li></ul>",
    ],
)
def test_a_last_line_that_is_text_stays(line: str) -> None:
    shown = {"<p>": "Thông báo số 12-TB/ĐU", "<ul": "Bản Nà Tông"}.get(line[:3], line)
    assert read(*TEXT, line).body == body(*TEXT, shown)


def test_days_of_a_schedule_are_its_headings() -> None:
    lines = ("Thứ Hai, ngày 16/10/2023", TEXT[0], "Thứ Ba, ngày 17/10/2023", TEXT[1])
    assert read(*lines).body == body(*lines)


def test_a_definition_with_a_date_stays() -> None:
    article = read(TEXT[0], "<dl><dt>Thời gian</dt><dd>8h00 ngày 20/10/2023</dd></dl>", TEXT[1], TEXT[2])
    assert article.body == body(TEXT[0], "Thời gian", "8h00 ngày 20/10/2023", TEXT[1], TEXT[2])


def test_a_sentence_glued_to_what_stands_behind_it_is_cut_there() -> None:
    article = read(*TEXT[:2], f"{TEXT[2]} Số lượt người xem: 27 Bản in Quay lại")
    assert article.body == body(*TEXT)
    assert article.views == 27


def test_a_link_that_is_all_there_is_is_still_no_text() -> None:
    page = read_page(
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>21/09/2023 08:30</div>"
        "<div><p><a href='/f/tb-12.pdf'>Xem chi tiết tại đây</a></p></div></body></html>".encode(),
        URL,
    )
    assert page.article is not None
    assert page.article.body is None
    assert [file.url for file in page.article.attachments] == ["https://muongmay.example.vn/f/tb-12.pdf"]


@given(
    st.lists(
        st.sampled_from([*TEXT, "Lượt xem: 2", "Tại đây", "Quay lại", "", "21/9/2023", "a: b"]), max_size=9
    )
)
def test_peeling_ends_and_loses_no_sentence(lines: list[str]) -> None:
    article = read(TEXT[0], *lines, TEXT[1])
    for line in lines:
        if len(line) > 60:
            assert line in f"{article.summary} {article.body}"
