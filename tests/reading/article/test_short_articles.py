"""A page with a title of its own is there, however little stands below it; markup written for these tests."""

from __future__ import annotations

import portal_pages as pages
import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Page
from portal_archive.reading.read import read_page

HOST = "https://phienban.example.vn"
TITLE = "Thông báo kết quả xét tặng Kỷ niệm chương dân vận"
SLUG = "thong-bao-ket-qua-xet-tang-ky-niem-chuong-dan-van"
FILE = "/tai-lieu/tb-88.pdf"
DATE = '<div class="ngay">17/05/2024 08:30</div>'
OTHERS = f"<h4>Tin đã đưa</h4><ul>{pages.others('/tin/')}</ul>"


def _page(content: str, path: str, title: str = "Huyện ủy Bắc Khê") -> Page:
    return read_page(pages.site(content, title=title).encode(), HOST + path)


def _article(content: str, path: str = f"/{SLUG}/") -> Article:
    page = _page(content, path)
    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.title == TITLE
    return page.article


SHORT = {
    "a file": f'<p><a href="{FILE}">Tải về</a></p>',
    "a file in a frame": f'<iframe src="{FILE}"></iframe>',
    "a picture": '<p><img src="/anh/bang-khen.jpg"></p>',
    "a film": '<iframe src="https://www.youtube.com/embed/x1"></iframe>',
    "a sentence": "<p>Mời các đồng chí xem kết quả.</p>",
}


@pytest.mark.parametrize("content", SHORT.values(), ids=SHORT.keys())
@pytest.mark.parametrize("dated", ["", DATE], ids=["no date", "dated"])
@pytest.mark.parametrize("heading", ["<h1>{}</h1>", '<div class="tieu-de">{}</div>', "<p><b>{}</b></p>"])
def test_a_title_that_agrees_with_its_address_and_little_else(content: str, dated: str, heading: str) -> None:
    article = _article(f'<div class="o">{heading.format(TITLE)}{dated}{content}</div>{OTHERS}')

    assert (article.published_at or "")[:16] == ("2024-05-17T08:30" if dated else "")
    assert [file.url for file in article.attachments] == ([HOST + FILE] if FILE in content else [])
    assert [image.url for image in article.images] == (
        [f"{HOST}/anh/bang-khen.jpg"] if "<img" in content else []
    )
    assert article.body == ("Mời các đồng chí xem kết quả." if "Mời" in content else None)


@pytest.mark.parametrize("content", SHORT.values(), ids=SHORT.keys())
def test_a_dated_title_at_the_address_of_an_article(content: str) -> None:
    article = _article(
        f'<div class="o"><h1>{TITLE}</h1>{DATE}{content}</div>{OTHERS}', "/tin/xem.aspx?id=4417"
    )

    assert article.published_at == "2024-05-17T08:30:00+07:00"


def test_a_title_alone_is_an_article_without_text() -> None:
    page = _page(f'<div class="o"><h1>{TITLE}</h1></div>{OTHERS}', f"/{SLUG}/")

    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.body is None
    assert "body-empty" in {problem.kind for problem in page.problems}


@pytest.mark.parametrize(
    "path", [f"/tin/{SLUG}.html", "/tin/xem.aspx?id=4417"], ids=["an address with words", "a number"]
)
def test_a_living_page_without_article_is_not_missing(path: str) -> None:
    page = _page("<p>Đang cập nhật</p>", path, title="")

    assert page.kind is Outcome.LIST  # of what stands beside it


@pytest.mark.parametrize("title", ["Huyện ủy Bắc Khê", "Tin trong huyện - Cổng thông tin điện tử Bắc Khê"])
def test_an_article_s_address_that_answers_with_a_page_of_another_name_is_missing(title: str) -> None:
    assert _page(f"<h2>Tin mới</h2><ul>{pages.others('/tin/')}</ul>", f"/tin/{SLUG}.html", title).kind is (
        Outcome.SOFT_404
    )


@pytest.mark.parametrize("class_name", ["social-bar", "toolbar", "share-box"])
def test_a_date_among_buttons_beside_the_title_counts(class_name: str) -> None:
    article = _article(
        f'<div class="o"><h1>{TITLE}</h1><div class="{class_name}"><span>Ngày đăng: 17/05/2024 - 08:30</span>'
        f"<a href='#'>Chia sẻ</a></div><p>Mời các đồng chí xem kết quả.</p></div>{OTHERS}"
    )

    assert article.published_at == "2024-05-17T08:30:00+07:00"
