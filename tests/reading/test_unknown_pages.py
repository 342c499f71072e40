"""Pages whose markup says little: what tells an article from a list there, and where its text and title stand.

All pages are synthetic.
"""

from __future__ import annotations

import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Page
from portal_archive.reading.metadata.titles import split_date
from portal_archive.reading.read import read_page

HOME = "https://huyen.example"
TITLE = "Chi bộ bản Nậm Khăn kết nạp hai đảng viên là giáo viên mầm non"
SENTENCES = (
    "Chiều 6/9, chi bộ bản Nậm Khăn làm lễ kết nạp hai quần chúng ưu tú, đều là cô giáo của điểm trường mầm non.",
    "Chi bộ hiện có 17 đảng viên, trong đó bảy đồng chí là nữ và mười một đồng chí là người dân tộc Khơ Mú.",
    "Hai đảng viên mới hứa sẽ vận động phụ huynh cho trẻ đến lớp đủ năm buổi một tuần, kể cả ngày mùa.",
)
FOOT = (
    "<div><p>Bản quyền thuộc Trang thông tin điện tử huyện Mường Lói</p><p>Giấy phép số 07/GP-TTĐT do Sở Thông tin"
    " và Truyền thông cấp ngày 4/4/2016, gia hạn ngày 4/4/2021</p></div>"
)
TITLES = [
    f"Xã số {n} của huyện {what}"
    for n, what in enumerate(
        (
            "bàn giao nhà cho hộ nghèo",
            "mở lớp xóa mù chữ ban đêm",
            "trồng thêm ba mươi héc-ta quế",
            "họp bàn việc chống rét cho trâu",
            "sửa xong cầu treo sau lũ",
            "tập huấn cho cán bộ thôn",
        ),
        1,
    )
]


def read(body: str, path: str, head: str = "Trang thông tin điện tử huyện Mường Lói") -> Page:
    html = f"<html><head><title>{head}</title></head><body>{body}</body></html>"
    return read_page(html.encode(), HOME + path)


def links(tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/xem/{90 + n}">{title}</a></{tag}>' for n, title in enumerate(TITLES))


def text(tag: str = "p", times: int = 1) -> str:
    return "".join(f"<{tag}>{sentence}</{tag}>" for sentence in SENTENCES * times)


def test_the_text_of_the_only_headline_outweighs_longer_teasers() -> None:
    teaser = f"<div class='n'><b><a href='#'>Xem</a></b><p>{' '.join(SENTENCES)}</p></div>"
    page = read(
        f"<h1><img src='/logo.png'></h1><div class='l'>{teaser * 12}</div><div class='k'><header><h1>{TITLE}</h1><p>06/09/2023 17:20</p></header>"
        f"<div>{text()}</div></div>{FOOT}",
        "/xem/7",
    )
    assert page.article is not None
    assert (page.article.title, page.article.published_at) == (TITLE, "2023-09-06T17:20:00+07:00")
    assert page.article.body == "\n\n".join(SENTENCES)


@pytest.mark.parametrize("date", ["", "<span>14/03/2024 08:15</span>"])
@pytest.mark.parametrize(
    "head", ["", "<h1>Văn hóa - Xã hội</h1>", "<div class='m'>Tin hoạt động cơ sở</div>"]
)
def test_teasers_that_stand_outside_of_their_boxes_are_a_list(head: str, date: str) -> None:
    rows = "".join(
        f'<p><a href="/xem/{n}">{title}</a> {date}</p><p>{SENTENCES[n % 3]}</p>'
        for n, title in enumerate(TITLES)
    )
    page = read(f"<div>{head}{rows}</div>{FOOT}", "/muc/van-hoa", "Văn hóa - Xã hội")
    assert page.kind == Outcome.LIST
    assert [item.title for item in page.items] == TITLES


def test_the_foot_of_a_page_is_neither_title_nor_text() -> None:
    page = read(f"<ul>{links()}</ul><div><p>Tổng lượt truy cập: 1.204.377</p></div>{FOOT}", "/muc/tin")
    assert page.kind == Outcome.LIST
    page = read(
        f"<h2>{TITLE}</h2><p>06/09/2023 17:20</p><p>{SENTENCES[0]}</p><p>Các tin khác</p><ul>{links()}</ul>{FOOT}",
        "/xem/7",
    )
    assert page.article is not None
    assert (page.article.title, page.article.body) == (TITLE, SENTENCES[0])


@pytest.mark.parametrize(
    ("behind", "date"),
    [
        ("Thứ Tư, 6 Tháng 9 2023 17:20", "2023-09-06T17:20:00+07:00"),
        ("Thứ Tư, 06/09/2023, 17:20 (GMT+7)", "2023-09-06T17:20:00+07:00"),
        ("06/09/2023 17:20", "2023-09-06T17:20:00+07:00"),
        ("Ngày đăng: 06/09/2023 - 17:20", "2023-09-06T17:20:00+07:00"),
        ("17:20 | 06/09/2023", "2023-09-06T17:20:00+07:00"),
        ("Thứ Tư, ngày 6 tháng 9 năm 2023", "2023-09-06T00:00:00+07:00"),
    ],
)
@pytest.mark.parametrize("tag", ["h1", "h3", "div class='tieude'"])
def test_a_date_in_the_element_of_the_title_is_no_part_of_it(tag: str, behind: str, date: str) -> None:
    close = tag.split()[0]
    page = read(f"<{tag}>{TITLE} <span>{behind}</span></{close}><div>{text()}</div>{FOOT}", "/xem/7")
    assert page.article is not None
    assert (page.article.title, page.article.published_at) == (TITLE, date)
    assert page.article.body == "\n\n".join(SENTENCES)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (f"{TITLE} Thứ Tư, 06/09/2023 17:20", TITLE),
        (f"{TITLE} - 06/09/2023 17:20:05", TITLE),
        (f"{TITLE} (Đăng ngày 06/09/2023 17:20)", TITLE),
        # What a title says itself stays in it.
        ("Tình hình mưa lũ tính đến 18:00 ngày 24/8/2021", None),
        ("Lịch tiếp công dân từ ngày 12/05/2024", None),
        ("Chương trình truyền hình thứ Sáu, ngày 5 tháng 7 năm 2024", None),
    ],
)
def test_a_moment_behind_a_title(line: str, title: str | None) -> None:
    assert split_date(line)[0] == (title or line)


@pytest.mark.parametrize("named", [True, False])
def test_one_sentence_under_a_title_that_the_head_confirms_is_an_article(named: bool) -> None:
    head = f"{TITLE} - Huyện Mường Lói" if named else "Trang thông tin điện tử huyện Mường Lói"
    page = read(
        f"<h3>{TITLE}</h3><div><p>{SENTENCES[0]}</p></div><p>Tin cùng chuyên mục</p><ul>{links()}</ul>{FOOT}",
        "/xem/7",
        head,
    )
    assert page.kind == (Outcome.ARTICLE if named else Outcome.LIST)


def test_the_name_of_a_list_confirms_nothing() -> None:
    name = "Xây dựng Đảng và hệ thống chính trị"
    page = read(f"<h3>{name}</h3><p>{SENTENCES[0]}</p><ul>{links()}</ul>{FOOT}", "/muc/7", name)
    assert page.kind == Outcome.LIST


def test_a_category_with_a_number_is_no_missing_article() -> None:
    page = read(f"<ul>{links()}</ul>{FOOT}", "/danh-muc/xay-dung-dang-90598", "Tin mới")
    assert page.kind == Outcome.LIST
    page = read(
        f"<h2>{TITLE}</h2>{text()}{FOOT}", "/danh-muc/chi-bo-ban-nam-khan-ket-nap-hai-dang-vien-90598"
    )
    assert page.kind == Outcome.ARTICLE


def test_a_sentence_below_the_picture_is_the_text_where_there_is_no_other() -> None:
    caption = "Bà con bản Nậm Khăn phấn khởi đón điện lưới quốc gia vào tối ngày 6 tháng 9 vừa qua."
    page = read(
        f"<h2>{TITLE}</h2><p>06/09/2023</p><p align=center><img src='/u/dien.jpg'></p><p>{caption}</p><p>Tin khác</p>"
        f"<ul>{links()}</ul>{FOOT}",
        "/xem/7",
    )
    assert page.article is not None
    assert page.article.body == caption


RELATED = "".join(
    f'<p><a href="/xem/{90 + n}">{title} trong quý một</a> (Đăng ngày 1{n}/10/2019 08:00)</p>'
    for n, title in enumerate(TITLES)
)


@pytest.mark.parametrize(
    "own", [text(), "<p><iframe src='/u/ke-hoach.pdf'></iframe></p>", f"<p>{SENTENCES[0]}</p>"]
)
@pytest.mark.parametrize("around", ["<div>{}</div>", "<table><tr><td>{}</td></tr></table>"])
def test_the_dates_of_other_articles_are_not_this_ones(around: str, own: str) -> None:
    inner = f"<h2>{TITLE}</h2><p>Thứ Tư, ngày 6 tháng 9 năm 2023</p><div>{own}</div><p><b>Tin khác</b></p>{RELATED}"
    page = read(around.format(inner) + FOOT, "/xem/7", TITLE)
    assert page.article is not None
    assert page.article.published_at == "2023-09-06T00:00:00+07:00"


def test_a_line_that_is_a_date_is_no_title() -> None:
    page = read(f"<p>Được đăng: 10 Tháng Ba 2024</p><div>{text(times=2)}</div>{FOOT}", "/muc/7")
    assert page.article is None or page.article.title != "Được đăng: 10 Tháng Ba 2024"


@pytest.mark.parametrize("date", ["06/09/2023 17:20", ""])
def test_a_heading_with_a_date_below_is_a_title_where_there_are_only_pictures(date: str) -> None:
    pictures = "".join(f"<p><img src='/u/anh-{n}.jpg'></p>" for n in range(4))
    page = read(
        f"<h3>{TITLE}</h3><p>{date}</p><div>{pictures}</div><p>Tin khác</p><ul>{links()}</ul>{FOOT}", "/xem/7"
    )
    if not date:
        assert page.kind == Outcome.LIST
        return
    assert page.article is not None
    assert (page.article.title, page.article.published_at) == (TITLE, "2023-09-06T17:20:00+07:00")
    assert len(page.article.images) == 4
