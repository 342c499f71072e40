"""Files, pictures, lists and tables in a text, in the ways pages embed them; markup written for these tests."""

from __future__ import annotations

import portal_pages as pages
import pytest

from portal_archive.model.page import Article
from portal_archive.reading.read import read_page

HOST = "https://phienban.example.vn"
URL = f"{HOST}/tin/huyen-bac-khe-tuyen-duong-36-mo-hinh.html"
FIRST, *REST = (f"<p>{text}</p>" for text in pages.PARAGRAPHS)


def _article(inserted: str) -> Article:
    html = pages.page(
        f'<div class="d"><h1>{pages.TITLE}</h1><div class="n">14/05/2024 16:50</div><div class="nd">{FIRST}{inserted}'
        f"{''.join(REST)}</div></div>",
        title=pages.TITLE,
    )
    article = read_page(html.encode(), URL).article
    assert article is not None
    return article


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<a href="/tai-lieu/kh-9.docx">Kế hoạch số 9</a>', "/tai-lieu/kh-9.docx"),
        (
            '<a href="/documents/18/55/kh-9.pdf/0a1b2c3d-1111-2222-3333-0123456789ab?t=17">Kế hoạch số 9</a>',
            "/documents/18/55/kh-9.pdf/0a1b2c3d-1111-2222-3333-0123456789ab?t=17",
        ),
        ('<a href="/tep/lay/88" download>Kế hoạch số 9</a>', "/tep/lay/88"),
        ('<a href="/Tai.ashx?ten=kh-9.pdf&amp;ma=4">Kế hoạch số 9</a>', "/Tai.ashx?ten=kh-9.pdf&ma=4"),
        ('<iframe src="/tai-lieu/kh-9.pdf"></iframe>', "/tai-lieu/kh-9.pdf"),
        ('<iframe data-src="/tai-lieu/kh-9.pdf#page=1"></iframe>', "/tai-lieu/kh-9.pdf#page=1"),
        ('<embed src="/tai-lieu/kh-9.pdf" type="application/pdf">', "/tai-lieu/kh-9.pdf"),
        ('<object data="/xem/9" type="application/pdf"><p>Không xem được</p></object>', "/xem/9"),
        ('<iframe src="/pdfjs/web/viewer.html?file=%2Ftai-lieu%2Fkh-9.pdf"></iframe>', "/tai-lieu/kh-9.pdf"),
        ('<iframe src="/pdfjs/web/viewer.html?file=../../tai-lieu/kh-9.pdf"></iframe>', "/tai-lieu/kh-9.pdf"),
        ('<iframe src="/pdfjs/web/viewer.html?file=/api/tep/9#page=2"></iframe>', "/api/tep/9"),
        ('<iframe src="/ViewerJS/#../tai-lieu/kh-9.odt"></iframe>', "/tai-lieu/kh-9.odt"),
        ('<iframe src="/xem-tep.aspx?id=4&amp;file=/tai-lieu/kh-9.doc"></iframe>', "/tai-lieu/kh-9.doc"),
        (
            '<iframe src="https://docs.example.com/gview?embedded=true&amp;url=https%3A%2F%2Fphienban.example.vn%2Ftai-lieu%2F'
            'kh-9.doc"></iframe>',
            "/tai-lieu/kh-9.doc",
        ),
    ],
)
def test_a_document_is_an_attachment_however_it_is_embedded(markup: str, url: str) -> None:
    assert [file.url for file in _article(f"<p>{markup}</p>").attachments] == [HOST + url]


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://www.youtube.com/embed/x1"></iframe>',
        '<iframe src="/ban-do.html"></iframe>',
        '<a href="/tim?ten=kh-9">Kế hoạch số 9</a>',
        '<a href="#" download>In</a>',
    ],
)
def test_what_is_no_document_is_no_attachment(markup: str) -> None:
    assert _article(f"<p>{markup}</p>").attachments == []


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="/cho.gif" data-src="/anh/that.jpg">',
        '<img src="/images/loading.gif" data-original="/anh/that.jpg">',
        '<img src="data:image/gif;base64,R0lGOD" data-lazy="/anh/that.jpg">',
        '<img srcset="/anh/nho.jpg 320w, /anh/that.jpg 1200w, /anh/vua.jpg 640w">',
        '<img src="/img/placeholder.png" data-srcset="/anh/nho.jpg 1x, /anh/that.jpg 2x">',
        '<picture><source srcset="/anh/that.jpg"><img src="data:image/gif;base64,R0lGOD"></picture>',
        '<img class="lazy" src="data:image/gif;base64,R0lGOD"><noscript><img src="/anh/that.jpg"></noscript>',
        '<img data-src="/anh/that.jpg"><noscript><img src="/anh/that.jpg"></noscript>',
        '<amp-img src="/anh/that.jpg" width="600" height="400"></amp-img>',
        '<img src="/images/loading.gif"><img src="/anh/that.jpg">',
    ],
)
def test_the_picture_behind_a_loader(markup: str) -> None:
    assert [image.url for image in _article(f"<p>{markup}</p>").images] == [f"{HOST}/anh/that.jpg"]


def test_a_caption_is_kept_where_the_same_picture_stands_above_without_one() -> None:
    picture = '<img src="/anh/that.jpg">'
    article = _article(
        f"<p>{picture}</p>{REST[0]}<figure>{picture}<figcaption>Bà con Nà Pán làm đường</figcaption></figure>"
    )

    assert [(image.url, image.caption) for image in article.images] == [
        (f"{HOST}/anh/that.jpg", "Bà con Nà Pán làm đường")
    ]


def test_words_of_a_cell_stay_whole() -> None:
    article = _article(
        "<table><tr><td>Số</td><td>Nội dung</td></tr><tr><td>36<span>-NQ</span><b>/HU</b></td><td><span>v</span>ận "
        "<i>đ</i>ộng<br>Nhân dân</td></tr><tr><td><p>37</p></td><td><p>Dân</p><p>chủ</p></td></tr></table>"
    )

    assert "Số\tNội dung\n36-NQ/HU\tvận động Nhân dân\n37\tDân chủ" in (article.body or "")


def test_numbered_lists_keep_their_numbers() -> None:
    html = (
        _article("<ol start=3><li>Làm đường</li><li>Dời chuồng</li></ol><ul><li>Trồng cây</li></ul>").html
        or ""
    )

    assert (
        '<ol start="3">\n<li>Làm đường</li>\n<li>Dời chuồng</li>\n</ol>\n<ul>\n<li>Trồng cây</li>\n</ul>'
        in html
    )


def test_an_address_hidden_from_robots_is_read() -> None:
    key = 0x3C
    coded = bytes([key, *(letter ^ key for letter in b"huyenuy@phienban.example.vn")]).hex()
    article = _article(
        f'<p>Thư gửi về <a href="/cdn-cgi/l/email-protection" data-cfemail="{coded}">[email&#160;protected]</a> trước '
        "ngày 30.</p>"
    )

    assert "Thư gửi về huyenuy@phienban.example.vn trước ngày 30." in (article.body or "")


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>Huyện Bắc Khê tuyên dương<br>36 mô hình dân vận khéo</h1>",
        "<h1><span>Huyện Bắc Khê tuyên dương</span><br/><span>36 mô hình dân vận khéo</span></h1>",
        '<div class="title">Huyện Bắc Khê tuyên dương<br>36 mô hình dân vận khéo</div>',
    ],
)
def test_a_title_on_two_lines(heading: str) -> None:
    html = pages.page(
        f'<div class="d">{heading}<div class="n">14/05/2024 16:50</div><div>{FIRST}{"".join(REST)}</div></div>',
        title="x",
    )
    article = read_page(html.encode(), f"{HOST}/xem.aspx?id=99").article

    assert article is not None
    assert article.title == "Huyện Bắc Khê tuyên dương 36 mô hình dân vận khéo"
