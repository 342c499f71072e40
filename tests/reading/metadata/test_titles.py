"""Which line of a page is its title; markup written for these tests."""

from __future__ import annotations

import portal_pages as pages
import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Page
from portal_archive.reading.read import read_page

HOST = "https://phienban.example.vn"
TITLE = "Huyện Bắc Khê trao nhà Đại đoàn kết cho hộ nghèo"
SLUG = "huyen-bac-khe-trao-nha-dai-doan-ket-cho-ho-ngheo"
TEXT = "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)
DATE = "<div>14/05/2024 16:50</div>"


def _read(content: str, path: str = f"/{SLUG}/", head: str = "", title: str = "Huyện ủy Bắc Khê") -> Page:
    return read_page(pages.page(pages.MENU + content, title=title, head=head).encode(), HOST + path)


def _article(
    content: str, path: str = f"/{SLUG}/", head: str = "", title: str = "Huyện ủy Bắc Khê"
) -> Article:
    page = _read(content, path, head, title)
    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    return page.article


@pytest.mark.parametrize(
    "path",
    [
        f"/{SLUG}/",
        f"/tin/{SLUG}.html",
        f"/tin/{SLUG}-4417.html",
        f"/tin/{SLUG[:38]}.html",
        f"/tin/{SLUG}/4417",
        f"/chi-tiet-tin/?/{SLUG}/4417",
        f"/{SLUG.upper()}",
    ],
)
def test_the_line_that_the_address_was_made_of(path: str) -> None:
    block = "<h1>Thông tin tuyên truyền</h1>"
    article = _article(f"{block}<div>{TITLE}</div>{DATE}<div>{TEXT}</div><h3>{pages.OTHERS[0]}</h3>", path)

    assert article.title == TITLE
    assert article.body == "\n\n".join(pages.PARAGRAPHS)


def test_the_heading_and_not_its_copy_in_capitals_in_the_text() -> None:
    article = _article(f"<h1>{TITLE}</h1>{DATE}<div><p>{TITLE.upper()}</p>{TEXT}</div>")

    assert article.title == TITLE


def test_a_line_that_agrees_better_comes_before_a_heading_inside_the_text() -> None:
    article = _article(
        f"<h2>{TITLE}</h2>{DATE}<div>{TEXT}<h1>Trao nhà Đại đoàn kết cho hộ nghèo</h1>{TEXT}</div>"
    )

    assert article.title == TITLE


def test_a_heading_that_open_graph_confirms_is_newer_than_its_address() -> None:
    edited = "Bắc Khê bàn giao mười hai căn nhà mới"
    head = f'<meta property="og:title" content="{edited}">'
    article = _article(f"<h1>{edited}</h1>{DATE}<p>{TITLE}</p><div>{TEXT}</div>", head=head, title=edited)

    assert article.title == edited


def test_headings_of_page_blocks_are_no_titles() -> None:
    blocks = "".join(
        f'<h1 class="portlet-title">{name}</h1><p>Đang cập nhật</p>'
        for name in ("Văn bản mới ban hành", "Thông báo của huyện", "Hình ảnh hoạt động")
    )
    article = _article(
        f'{blocks}<div class="ten-bai">{TITLE}</div>{DATE}<div>{TEXT}</div>', "/xem.aspx?id=44"
    )

    assert article.title == TITLE


@pytest.mark.parametrize(
    "behind",
    [
        "(14.05.2024 16:50)",
        "(14/05/2024)",
        "2024-05-14T09:50:00.000Z",
        "( 2024-05-14T09:50:00.607Z )",
        "()",
    ],
)
def test_a_date_behind_the_title_is_none_of_it(behind: str) -> None:
    article = _article(f"<h1>{TITLE} {behind}</h1><div>{TEXT}</div>")

    assert article.title == TITLE
    assert (article.published_at or "")[:10] == ("2024-05-14" if "2024" in behind else "")


def test_years_in_brackets_are_part_of_the_title() -> None:
    title = "Kỷ niệm ngày thành lập huyện Bắc Khê (27/7/1947 - 27/7/2023)"
    article = _article(f"<h1>{title}</h1>{DATE}<div>{TEXT}</div>", "/tin/ky-niem-ngay-thanh-lap-huyen.html")

    assert article.title == title


def test_the_date_that_the_title_speaks_of_is_not_that_of_the_article() -> None:
    title = "Thời khóa biểu số 18 áp dụng từ 15/3/2021"
    article = _article(
        f"<div>12/03/2021 10:29</div><h1>{title}</h1><p>{title}</p><p>Mời xem tại tệp sau.</p>"
        '<a href="/tkb.pdf">Tải về</a>',
        "/tin/thoi-khoa-bieu-so-18-ap-dung-tu-15-3-2021.html",
    )

    assert article.title == title
    assert article.published_at == "2021-03-12T10:29:00+07:00"
    assert article.body == f"{title}\n\nMời xem tại tệp sau."


@pytest.mark.parametrize(("unit", "count"), [("a - ", 60_000), ("- ", 100_000), ("Một phần | ", 20_000)])
def test_a_title_without_end_is_read_so_far(unit: str, count: int) -> None:
    page = _read(f"<h1>{TITLE}</h1>{DATE}<div>{TEXT}</div>", title=unit * count)

    assert page.article is not None
    assert page.article.title == TITLE


RECORD = "".join(
    f"<tr><td><img src='/a.jpg'></td><td>{name}</td><td>{value}</td></tr>"
    for name, value in (
        ("Họ và tên", "Nông Văn Dũng"),
        ("Ngày sinh", "08/04/1977"),
        ("Chức vụ", "Phó Chủ tịch"),
        ("Điện thoại", "0206.3812.345"),
    )
)


def test_a_record_of_names_and_values_is_no_article() -> None:
    page = _read(
        f"<h2>Nông Văn Dũng</h2><table>{RECORD}</table>",
        "/lanh-dao/nong-van-dung.html",
        title="Nông Văn Dũng",
    )

    assert page.kind is Outcome.OTHER


def test_a_page_of_the_menu_is_no_article_without_a_date() -> None:
    menu = '<div class="menu"><a href="/gioi-thieu-chung-ve-huyen">Giới thiệu chung về huyện</a></div>'
    content = f"{menu}<h1>Giới thiệu chung về huyện</h1><div>{TEXT}</div>"

    assert _read(content, "/gioi-thieu-chung-ve-huyen").kind is Outcome.OTHER
    assert (
        _read(content.replace("</h1>", f"</h1>{DATE}"), "/gioi-thieu-chung-ve-huyen").kind is Outcome.ARTICLE
    )


def test_the_trail_to_a_section_is_no_title() -> None:
    article = _article(
        f"<h1>THỜI SỰ &gt; Trong tỉnh</h1><div>{TITLE}</div>{DATE}<div>{TEXT}</div>", "/xem.aspx?id=44"
    )

    assert article.title == TITLE


def test_the_only_teaser_of_a_section_is_no_article() -> None:
    teaser = f'<h3><a href="/tin/bai-1.html">{TITLE}</a></h3>{DATE}<p>{pages.PARAGRAPHS[0]}</p>'

    assert _read(f"<h1>Tin hoạt động</h1><div>{teaser}</div>", "/tin-hoat-dong/").kind is not Outcome.ARTICLE


@pytest.mark.parametrize(
    ("path", "name"), [("/Pages/Lien-he.aspx", "Liên hệ"), ("/co-cau-to-chuc/", "Cơ cấu tổ chức")]
)
def test_a_page_of_few_words_is_an_article_only_with_a_date(path: str, name: str) -> None:
    content = f"<h2>{name}</h2>{{}}<p>Địa chỉ: Tổ dân phố 3, thị trấn Bắc Khê. Điện thoại: 0206.3812.345.</p>"

    assert _read(content.format(""), path).kind is Outcome.OTHER
    assert _read(content.format(DATE), path).kind is Outcome.ARTICLE
