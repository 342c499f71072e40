"""What kind of page each is, and articles that look like none: notices, tables, galleries."""

from __future__ import annotations

import gzip
from typing import Any

import portal_pages as pages
import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Page
from portal_archive.reading.read import read_page

HOME = "https://backhe.example.vn"
ARTICLE_URL = f"{HOME}/tin-tuc/thong-bao-lich-tiep-cong-dan-thang-6-nam-2024.html"
LIST_URL = f"{HOME}/tin-tuc/"
TITLE = "Thông báo lịch tiếp công dân của Bí thư Huyện ủy tháng 6 năm 2024"
SENTENCES = (
    "Huyện ủy Bắc Khê thông báo lịch tiếp công dân định kỳ tháng 6 năm 2024 của đồng chí Bí thư Huyện ủy.",
    "Thời gian: từ 7 giờ 30 phút ngày 12/6/2024 tại Trụ sở Tiếp công dân huyện.",
)
BOTH = pytest.mark.parametrize("url", [ARTICLE_URL, ""], ids=["its address", "no address"])


def _read(html: str | bytes, url: str = "", status: int = 200) -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    return read_page(body, url, {"Content-Type": "text/html; charset=utf-8"}, status)


def _detail(content: str, title: str = TITLE) -> str:
    return pages.site(
        f'<div class="detail"><h1>{title}</h1><div class="date">Ngày đăng: 03/06/2024 08:15</div>'
        f'<div class="content">{content}</div></div>',
        title=f"{title} - Huyện ủy Bắc Khê",
    )


def _article(content: str, url: str, title: str = TITLE) -> Article:
    page = _read(_detail(content, title), url)
    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.title == title
    assert page.article.published_at == "2024-06-03T08:15:00+07:00"
    return page.article


# --- short and odd articles ----------------------------------------------------------------------------


@BOTH
def test_a_notice_of_two_sentences_and_a_file(url: str) -> None:
    link = '<p><a href="/uploads/tb-215.pdf">Thông báo số 215-TB/HU</a></p>'
    article = _article("".join(f"<p>{text}</p>" for text in SENTENCES) + link, url)

    assert article.body == "\n\n".join((*SENTENCES, "Thông báo số 215-TB/HU"))
    assert [(file.url.removeprefix(HOME), file.title) for file in article.attachments] == [
        ("/uploads/tb-215.pdf", "Thông báo số 215-TB/HU")
    ]


@BOTH
def test_a_notice_of_one_sentence_whose_text_is_in_a_file(url: str) -> None:
    article = _article(
        '<p>Chi tiết xem tại file đính kèm.</p></div><div class="file">File đính kèm: <a href="/uploads/tb-215.pdf">'
        "TB 215.pdf</a>",
        url,
    )

    assert article.body == "Chi tiết xem tại file đính kèm."
    assert [file.title for file in article.attachments] == ["TB 215.pdf"]


@BOTH
def test_an_article_that_is_a_table(url: str) -> None:
    places = ("Nà Pán", "Lũng Slàng", "Khuổi Lặng", "Phja Đén")
    rows = "".join(
        f"<tr><td>{n}</td><td>{place}</td><td>{n * 37}</td></tr>" for n, place in enumerate(places, 1)
    )
    table = f"<table border=1><tr><th>TT</th><th>Xã</th><th>Số hộ</th></tr>{rows}</table>"
    article = _article(f"<p>Kết quả cụ thể như sau:</p>{table}", url)

    assert article.body == (
        "Kết quả cụ thể như sau:\n\nTT\tXã\tSố hộ\n1\tNà Pán\t37\n2\tLũng Slàng\t74\n3\tKhuổi Lặng\t111\n4\tPhja Đén\t148"
    )


@BOTH
def test_a_gallery(url: str) -> None:
    opening = (
        "Ngày 2/6, huyện Bắc Khê tổ chức Hội thi cán bộ dân vận khéo năm 2024 với sự tham gia của 12 đội."
    )
    pictures = "".join(
        f'<p style="text-align:center"><img src="/uploads/{n}.jpg"></p>'
        f'<p style="text-align:center"><em>Đội thi số {n} thể hiện phần thi chào hỏi</em></p>'
        for n in range(1, 5)
    )
    article = _article(f"<p>{opening}</p>{pictures}", url, "Chùm ảnh: Hội thi cán bộ dân vận khéo năm 2024")

    assert article.body == opening
    assert [(image.url.removeprefix(HOME), image.caption) for image in article.images] == [
        (f"/uploads/{n}.jpg", f"Đội thi số {n} thể hiện phần thi chào hỏi") for n in range(1, 5)
    ]


@BOTH
def test_an_article_that_lists_documents(url: str) -> None:
    opening = "Trong tháng 5/2024, Huyện ủy Bắc Khê ban hành các văn bản sau đây để lãnh đạo, chỉ đạo:"
    names = [
        f"{n}. Nghị quyết số {n}-NQ/HU về tăng cường công tác dân vận trong tình hình mới"
        for n in range(1, 7)
    ]
    links = "".join(f'<p><a href="/uploads/nq-{n}.pdf">{name}</a></p>' for n, name in enumerate(names))
    article = _article(f"<p>{opening}</p>{links}", url)

    assert article.body == "\n\n".join((opening, *names))
    assert len(article.attachments) == 6


# --- lists, home, search, static pages -----------------------------------------------------------------


def _cards(count: int = 10) -> str:
    return "".join(
        f'<div class="item"><a href="/tin-tuc/bai-viet-thu-{n}-ve-dan-van-{40000 + n}.html"><img src="/t{n}.jpg"></a><h3>'
        f'<a href="/tin-tuc/bai-viet-thu-{n}-ve-dan-van-{40000 + n}.html">Bài viết thứ {n} về công tác dân vận</a></h3>'
        f"<span>{n:02}/05/2024 08:00</span> <span>Lượt xem: {n}.100</span><p>Nội dung thứ {n} được các đại biểu quan tâm "
        "thảo luận tại hội nghị tổ chức trên địa bàn huyện trong tuần vừa qua, kết quả rất đáng ghi nhận.</p></div>"
        for n in range(1, count + 1)
    )


def test_a_list_with_summaries() -> None:
    page = _read(pages.page(f'<h1>Tin tức</h1>{_cards()}<a href="?page=2">2</a>', title="Tin tức"), LIST_URL)

    assert page.kind is Outcome.LIST
    assert page.article is None
    assert len(page.items) == 10
    assert page.as_dict()["items"][2] == {
        "url": f"{HOME}/tin-tuc/bai-viet-thu-3-ve-dan-van-40003.html",
        "title": "Bài viết thứ 3 về công tác dân vận",
        "published_at": "2024-05-03T08:00:00+07:00",
        "summary": "Nội dung thứ 3 được các đại biểu quan tâm thảo luận tại hội nghị tổ chức trên địa bàn huyện trong "
        "tuần vừa qua, kết quả rất đáng ghi nhận.",
        "views": 3100,
    }


def test_a_list_in_a_table() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>{n:02}/05/2024</td><td><a href='/van-ban/nghi-quyet-so-{n}-ve-dan-van-{n + 30000}.html'>"
        f"Nghị quyết số {n} về công tác dân vận</a></td></tr>"
        for n in range(1, 8)
    )
    page = _read(pages.page(f"<h1>Văn bản</h1><table>{rows}</table>", title="Văn bản"), f"{HOME}/van-ban")

    assert page.kind is Outcome.LIST
    assert [(item.title, item.published_at) for item in page.items] == [
        (f"Nghị quyết số {n} về công tác dân vận", f"2024-05-{n:02}T00:00:00+07:00") for n in range(1, 8)
    ]


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (_cards(6) + f"<h2>Xây dựng Đảng</h2><ul>{pages.others('/xdd/bai-viet-thu-hai-')}</ul>", "/"),
        (f"<h1>Kết quả tìm kiếm: dân vận</h1><p>Tìm thấy 10 kết quả.</p>{_cards()}", "/tim-kiem?q=dan+van"),
    ],
    ids=["home", "search"],
)
def test_pages_of_many_articles_are_lists(content: str, path: str) -> None:
    page = _read(pages.site(content, title="Huyện ủy Bắc Khê"), HOME + path)

    assert page.kind is Outcome.LIST
    assert len(page.items) >= 10


_STAFF = "".join(
    f"<tr><td>{name}</td><td>Ủy viên Ban Thường vụ</td><td>0912.000.{n}</td></tr>"
    for n, name in enumerate(("Nguyễn Văn An", "Hoàng Thị Bình", "Triệu Văn Cờ", "Nông Văn Dũng"), 100)
)


@pytest.mark.parametrize(
    "content",
    [
        "<h1>Liên hệ</h1><p>Địa chỉ: Tổ dân phố 3, thị trấn Bắc Khê, huyện Bắc Khê. Điện thoại: 0206.3812.345</p>",
        f"<h1>Cơ cấu tổ chức</h1><table>{_STAFF}</table>",
        "<h1>Sơ đồ cổng</h1><ul><li>Tin tức</li><li>Văn bản</li></ul>",
        "<h1>Đăng nhập</h1><form><input name=u><input type=password name=p></form>",
    ],
    ids=["contact", "organisation", "sitemap", "login"],
)
def test_static_pages_are_no_articles(content: str) -> None:
    page = _read(pages.page(pages.MENU + content + pages.FOOTER, title="Huyện ủy Bắc Khê"), f"{HOME}/lien-he")

    assert page.kind is Outcome.OTHER
    assert page.article is None


# --- the lists of two families -------------------------------------------------------------------------

_NUKEVIET = '<meta name="generator" content="NukeViet v4.5">'


def _nukeviet_card(number: int, heading: str) -> str:
    title = f"Bài thứ {number} về công tác dân vận"
    return (
        '<div class="news_column"><div class="panel panel-default"><div class="panel-body"><a href="/x/bai-'
        f'{number}.html"><img src="/t.jpg"/></a><{heading}><a href="/x/bai-{number}.html" title="{title}">{title}</a>'
        f'</{heading}><div class="text-muted"><ul class="list-unstyled list-inline"><li><em class="fa fa-clock-o">&nbsp;'
        "</em> 13/10/2024 19:16:00</li><li><em class='fa fa-eye'>&nbsp;</em> Đã xem: 11410</li><li>Phản hồi: 2</li></ul>"
        f'</div><div class="text-justify">Tóm tắt bài {number}: hội nghị tổng kết công tác dân vận diễn ra thành công tốt '
        "đẹp.</div></div></div></div>"
    )


def _items(html: str) -> list[tuple[str, str | None, int | None]]:
    page = _read(pages.page(html, title="Tin hoạt động", head=_NUKEVIET), f"{HOME}/x/")
    assert page.kind is Outcome.LIST
    return [(item.title, item.published_at, item.views) for item in page.items]


def test_a_nukeviet_list_with_the_older_articles_below() -> None:
    older = f'<p class="h4">Các tin khác</p><ul class="related list-items">{pages.others("/x/cu-")}</ul>'

    assert _items(_nukeviet_card(31, "h2") + _nukeviet_card(32, "h3") + older) == [
        ("Bài thứ 31 về công tác dân vận", "2024-10-13T19:16:00+07:00", 11410),
        ("Bài thứ 32 về công tác dân vận", "2024-10-13T19:16:00+07:00", 11410),
        *((title, "2024-05-12T00:00:00+07:00", None) for title in pages.OTHERS),
    ]


def test_a_nukeviet_list_of_numbered_titles() -> None:
    html = "".join(
        f'<a class="show h4" href="/x/bai-{n}.html" data-content="Tóm tắt {n}" title="{title}"><h4 '
        f'class="list-group-item-heading"><span class="label label-default">{n}</span>&nbsp;&nbsp;{title}</h4></a>'
        for n, title in enumerate(pages.OTHERS, 1)
    )
    sidebar = (
        '<ul class="block_tophits"><li><a href="/x/hot-9.html">Bài xem nhiều nhất trong tháng</a></li></ul>'
    )

    assert _items(f'<div class="list-group">{html}</div>{sidebar}') == [
        (title, None, None) for title in pages.OTHERS
    ]


def test_a_liferay_list_of_hoa_binh() -> None:
    html = "".join(
        f'<div class="cat_record"><div class="title_v"><a href="/chi-tiet/-/asset_publisher/x/content/bai-viet-{n}">{title}'
        '</a></div><span class="time">(12/05/2024 08:00)</span></div>'
        for n, title in enumerate(pages.OTHERS)
    )
    head = '<link class="lfr-css-file" rel="stylesheet" href="/html/css/main.css">'
    page = _read(pages.page(html, title="Tin hoạt động", head=head), f"{HOME}/tin-hoat-dong")

    assert page.kind is Outcome.LIST
    assert [(item.title, item.published_at) for item in page.items] == [
        (title, "2024-05-12T08:00:00+07:00") for title in pages.OTHERS
    ]


def test_an_article_of_a_nukeviet_theme_nobody_knows() -> None:
    url = f"{HOME}/tin-hoat-dong/huyen-bac-khe-tuyen-duong-36-mo-hinh-417.html"
    html = pages.nukeviet_default(pages.Story(), url)
    for known, other in (("news-bodyhtml", "noidung"), ("bodytext", "noi-dung"), ("hometext", "sapo")):
        html = html.replace(known, other)
    article = _read(html, url).article

    assert article is not None
    assert article.title == pages.TITLE
    assert article.summary == pages.SUMMARY
    assert article.body == "\n\n".join(pages.PARAGRAPHS)
    assert (article.author, article.source) == ("Hoàng Thị Mây", "Ban Dân vận Huyện ủy")
    assert article.published_at == "2024-05-14T16:50:00+07:00"
    assert [file.title for file in article.attachments] == ["quyet-dinh-khen-thuong.pdf"]


# --- not what was asked for ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "<h1>Thông báo</h1><p>Bài viết không tồn tại hoặc đã bị xóa.</p>",
        '<div class="alert">Không tìm thấy nội dung bạn yêu cầu!</div>',
        "<h2>Lỗi 404 - Không tìm thấy trang</h2>",
    ],
)
def test_a_page_that_says_there_is_nothing(content: str) -> None:
    assert (
        _read(pages.page(pages.MENU + content, title="Huyện ủy Bắc Khê"), ARTICLE_URL).kind
        is Outcome.SOFT_404
    )


def test_an_article_address_that_answers_with_the_home_page() -> None:
    page = _read(pages.site(_cards(), title="Huyện ủy Bắc Khê"), ARTICLE_URL)

    assert page.kind is Outcome.SOFT_404
    assert page.article is None


@pytest.mark.parametrize("status", [404, 410])
def test_gone(status: int) -> None:
    assert _read(_detail(f"<p>{SENTENCES[0]}</p>"), ARTICLE_URL, status).kind is Outcome.GONE


@pytest.mark.parametrize("status", [301, 302, 500, 502])
def test_redirects_and_failures_say_nothing_of_the_article(status: int) -> None:
    assert _read("<title>Moved</title>", ARTICLE_URL, status).kind is Outcome.OTHER


_COOKIE_STUB = (
    '<html><body><script>document.cookie="D1N=3f2a9c0b7e1d5a6f3f2a9c0b7e1d5a6f"+"; expires=Fri, 31-Dec-2099 23:59:59 '
    'GMT; path=/";window.location.reload(true);</script></body></html>'
)


@pytest.mark.parametrize(
    ("html", "status"),
    [
        (
            "<title>Hãy đợi...</title><div class='floodblocker'><p>Hệ thống đang từ chối truy cập của bạn. Hãy đợi "
            "<span id='secField'>60</span> giây</p></div>",
            200,
        ),
        ("<title>429</title>Too Many Requests", 429),
        ("<title>403 Forbidden</title>", 403),
        (_COOKIE_STUB, 200),
        (
            "<title>Xác thực</title><form><p>Vui lòng nhập mã xác nhận để tiếp tục</p><img src='/captcha.png'></form>",
            200,
        ),
        ("<title>Just a moment...</title>Checking your browser before accessing", 503),
        (
            "<title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator.",
            200,
        ),
    ],
    ids=["flood of 4.4", "flood of 4.5", "forbidden", "cookie stub", "captcha", "cloudflare", "firewall"],
)
def test_refusals(html: str, status: int) -> None:
    page = _read(html, ARTICLE_URL, status)

    assert page.kind is Outcome.BLOCKED
    assert page.article is None


@pytest.mark.parametrize(
    "title",
    [
        "Hội thi Robot dành cho học sinh huyện Bắc Khê năm 2024",
        "Cảnh báo tấn công DDoS vào cổng thông tin của các cơ quan nhà nước",
    ],
)
def test_an_article_about_robots_is_no_refusal(title: str) -> None:
    assert _article("".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS * 2), ARTICLE_URL, title).body


def test_a_comment_form_with_a_captcha_is_no_refusal() -> None:
    form = '<form><p>Gửi bình luận</p><div class="g-recaptcha"></div></form>'
    text = "".join(f"<p>{text}</p>" for text in SENTENCES)

    assert _article(f"{text}</div><div>{form}", ARTICLE_URL).body == "\n\n".join(SENTENCES)


def test_what_stands_in_a_comment_is_not_on_the_page() -> None:
    html = _detail(
        f"<!-- Bài viết không tồn tại --><p>{SENTENCES[0]}</p><!-- Truy cập bị từ chối --><p>{SENTENCES[1]}</p>"
    )
    article = _read(html, ARTICLE_URL).article

    assert article is not None
    assert article.body == "\n\n".join(SENTENCES)


# --- bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "html-empty"),
        (b" \r\n\t ", "html-empty"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "html-not"),
        (gzip.compress(_detail("<p>x</p>").encode(), mtime=0)[:300], "html-not"),
        (b"PK\x03\x04\x14\x00", "html-not"),
    ],
    ids=["empty", "blank", "pdf", "cut gzip", "docx"],
)
def test_what_is_no_page_is_no_sign_that_the_article_is_gone(body: bytes, problem: str) -> None:
    page = _read(body, ARTICLE_URL)

    assert page.kind is Outcome.OTHER
    assert page.article is None
    assert [found.kind for found in page.problems] == [problem]


def _problems(page: Page) -> set[str]:
    return {problem.kind for problem in page.problems}


def test_elements_nested_without_end() -> None:
    text = "".join(f"<p>{text}</p>" for text in SENTENCES)
    page = _read(pages.page("<div>" * 10_000 + f"<h1>{TITLE}</h1>{text}" + "</div>" * 10_000), ARTICLE_URL)

    assert _problems(page) == {"html-too-deep"}
    assert page.article is not None
    assert page.article.title == TITLE
    assert page.article.body == "\n\n".join(SENTENCES)


def test_a_title_of_100_kb() -> None:
    page = _read(_detail(f"<p>{pages.PARAGRAPHS[0]}</p>", "Tiêu đề " * 14_000), ARTICLE_URL)

    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.title is None or len(page.article.title) <= 1000
    assert page.article.body == pages.PARAGRAPHS[0]


@pytest.mark.parametrize("printed", ["31/02/2024", "00/05/2024", "12/13/2024", "14/05/2099"])
def test_an_impossible_date_is_null_and_recorded(printed: str) -> None:
    html = _detail("".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)).replace(
        "03/06/2024 08:15", printed
    )
    page = read_page(html.encode(), ARTICLE_URL, {"Date": "Tue, 04 Jun 2024 01:00:00 GMT"})

    assert page.article is not None
    assert page.article.published_at is None
    assert page.article.body == "\n\n".join(pages.PARAGRAPHS)
    assert {problem.field for problem in page.problems} == {"published_at"}


def test_more_html_than_is_read() -> None:
    page = _read(_detail(f"<p>{SENTENCES[0]}</p>") + "<!-- x -->" * 1_100_000, ARTICLE_URL)

    assert page.article is not None
    assert page.article.body == SENTENCES[0]
    assert _problems(page) == {"html-too-large"}


SCRIPT = '<script>alert("x")</script>'


def test_a_script_in_every_field_comes_out_as_text() -> None:
    evil = SCRIPT.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    story = pages.Story(
        title=f"{TITLE} {evil}",
        summary=f"{pages.SUMMARY} {evil}",
        paragraphs=tuple(f"{text} {evil}" for text in pages.PARAGRAPHS),
        caption=f"{pages.CAPTION} {evil}",
        author=f"Hoàng Thị Mây {evil}",
        source=f"Ban Dân vận {evil}",
        tags=(f"dân vận {evil}",),
    )
    url = f"{HOME}/tin-hoat-dong/bai-viet-hay-13.html"
    # The figure's caption and the paragraphs are escaped by the template itself.
    html = pages.nukeviet_default(story, url).replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;")
    article = _read(html.replace("&amp;quot;", "&quot;"), url).article

    assert article is not None
    values: dict[str, Any] = {
        "title": article.title,
        "summary": article.summary,
        "author": article.author,
        "source": article.source,
        "tag": article.tags[0],
        "caption": article.captions[1],
        "body": article.body,
    }
    assert all(SCRIPT in (value or "") for value in values.values()), values
    assert article.html is not None
    assert "<script" not in article.html
    assert "&lt;script&gt;" in article.html


def test_a_real_script_in_the_text_is_left_out() -> None:
    article = _article(
        f"<p>{pages.PARAGRAPHS[0]}{SCRIPT}</p><style>p {{color: red}}</style><p onclick='x()'>{pages.PARAGRAPHS[1]}</p>"
        f"<p>Dịp này, <a href='javascript:alert(1)'>Ban Chấp hành</a> Đảng bộ huyện tặng giấy khen cho 36 mô hình.</p>",
        ARTICLE_URL,
    )

    last = "Dịp này, Ban Chấp hành Đảng bộ huyện tặng giấy khen cho 36 mô hình."
    assert article.body == "\n\n".join((*pages.PARAGRAPHS[:2], last))
    assert "script" not in (article.html or "")
    assert "onclick" not in (article.html or "")


@pytest.mark.parametrize(
    ("path", "kind"), [("/vao", Outcome.OTHER), ("/tin/thong-bao-cap-tai-khoan-cho-ban", Outcome.ARTICLE)]
)
def test_form_to_log_in_is_no_article(path: str, kind: Outcome) -> None:
    """A notice beside such a form is one still: its address says what its title says."""
    html = """<html><head><title>Thông báo cấp tài khoản cho bản</title></head><body><div>
        <h1 itemprop="headline">Thông báo cấp tài khoản cho bản</h1>
        <p>Đăng nhập hệ thống bằng tài khoản đã được cấp cho cán bộ của xã và của các bản trong toàn xã.</p>
        <input type="password" name="x"><p>Nhớ mật khẩu</p></div></body></html>"""
    page = read_page(
        html.encode(), f"https://muongmay.example.vn{path}", {"Content-Type": "text/html; charset=utf-8"}
    )
    assert page.kind == kind
