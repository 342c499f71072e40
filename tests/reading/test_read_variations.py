"""The same article where its parts stand elsewhere, under other names, beside more furniture."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter as Multiset
from collections.abc import Callable
from typing import Any

import portal_pages as pages
import pytest
from portal_pages import CAPTION, MENU, OTHERS, PARAGRAPHS, SUMMARY, TITLE, Story
from test_read_templates import _USUAL, CASES, HOST

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article
from portal_archive.reading.read import read_page

STORY = Story()
URL = f"{HOST}/tin/huyen-bac-khe-tuyen-duong-36-mo-hinh-dan-van-kheo.html"
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
DATE = "<div>14/05/2024 16:50</div>"
AT = "2024-05-14T16:50:00+07:00"
RELATED = f"<ul>{pages.others()}</ul>"


# --- parts in other places -----------------------------------------------------------------------------


def _read(article: str, url: str, title: str = f"{TITLE} - Huyện ủy Bắc Khê") -> Article:
    page = read_page(pages.site(article, title=title).encode(), url)
    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.title == TITLE
    return page.article


def _info(text: str) -> str:
    return f'<h1>{TITLE}</h1><div class="info">{text}</div><div class="c">{BODY}</div>'


def _block(label: str) -> str:
    return f"<div><h1>{TITLE}</h1>{DATE}{BODY}<div><b>{label}</b></div>{RELATED}</div>"


META = {
    "name and date": (_info("Hoàng Thị Mây - 14/05/2024 16:50"), {"author": "Hoàng Thị Mây"}),
    "fields with bars": (
        _info("Tác giả: Hoàng Thị Mây | Ngày đăng: 14/05/2024 16:50 | Lượt xem: 1.234"),
        {"author": "Hoàng Thị Mây", "views": 1234, "summary": None},
    ),
    "fields with dashes": (
        _info("Người đăng: Hoàng Thị Mây - Ngày đăng: 14/05/2024 16:50 - Lượt xem: 1234"),
        {"author": "Hoàng Thị Mây", "views": 1234, "summary": None},
    ),
    "fields without a space between": (
        _info("<span>Tác giả: Hoàng Thị Mây</span><span>14/05/2024 16:50</span><span>Lượt xem: 1234</span>"),
        {"views": 1234},
    ),
    "label and date apart": (_info("<div>Ngày đăng</div><div>14/05/2024 16:50</div>"), {}),
    "icon and bare number": (
        _info('14/05/2024 - 16:50</div><div><i class="fa fa-eye"></i> 313'),
        {"views": 313},
    ),
    "machine date only": (_info('<time datetime="2024-05-14T16:50:00+07:00">1 tháng trước</time>'), {}),
    "date before the title": (f"{DATE}{_info('')}", {}),
    "date below the text": (
        f"{_info('')}<div>Ngày đăng: 14/05/2024 16:50</div><h4>Tin khác</h4>{RELATED}",
        {},
    ),
    "date in JSON-LD": (
        _info("")
        + '<script type="application/ld+json">{"datePublished": "2024-05-14T16:50:00+07:00"}</script>',
        {},
    ),
    "article's clock, not the page's": (
        f"<div>Thứ Năm, 22/01/2026 23:09 GMT+7</div><div>Hotline: 0912.345.678</div>{_info('14/05/2024 16:50')}",
        {},
    ),
    "summary in a heading": (
        f"<h1>{TITLE}</h1>{DATE}<h2>{SUMMARY}</h2><div>{BODY}</div>",
        {"summary": SUMMARY},
    ),
    "summary in bold": (
        f"<h1>{TITLE}</h1>{DATE}<div><b>{SUMMARY}</b><br><br>{'<br>'.join(PARAGRAPHS)}</div>",
        {"summary": SUMMARY},
    ),
    "summary beside the text": (
        f"<h1>{TITLE}</h1>{DATE}<div>{SUMMARY}</div><div>{BODY}</div>",
        {"summary": SUMMARY},
    ),
    "trail of links": (
        f'<div><a href="/">Trang chủ</a> / <a href="/xdd">Xây dựng Đảng</a></div>{_info("14/05/2024 16:50")}',
        {"category": "Xây dựng Đảng"},
    ),
    "trail with text": (
        f'<div>Trang chủ » <a href="/t">Tin tức</a> » <a href="/xdd">Xây dựng Đảng</a></div>{_info("14/05/2024 16:50")}',
        {"category": "Xây dựng Đảng"},
    ),
    "tags below": (
        f'{_info("14/05/2024 16:50")}<div>Từ khóa: <a href="/t/a">dân vận khéo</a>, <a href="/t/b">thi đua</a></div>',
        {"tags": ["dân vận khéo", "thi đua"]},
    ),
    "byline at the right": (
        f'<h1>{TITLE}</h1>{DATE}<div>{BODY}<p align="right"><b>Minh Thùy</b></p></div>',
        {"author": "Minh Thùy"},
    ),
    "source in brackets": (
        f"<h1>{TITLE}</h1>{DATE}<div>{BODY}<p>(Nguồn: Báo Hà Lương)</p></div>",
        {"source": "Báo Hà Lương"},
    ),
    "picture before the text": (
        f'<h1>{TITLE}</h1>{DATE}<div class="img"><img src="/lead.jpg"><div>{CAPTION}</div></div><div>{BODY}</div>',
        {"captions": [CAPTION]},
    ),
    "picture before the title": (f'<img src="/banner.jpg"><h1>{TITLE}</h1>{DATE}<div>{BODY}</div>', {}),
    "buttons": (
        f"<h1>{TITLE}</h1>{DATE}<div>Nghe đọc bài</div><div>Giọng nữ Giọng nam</div><div>Xem với cỡ chữ: A- A A+</div>"
        f"<div>{BODY}</div>",
        {},
    ),
    "each paragraph in a box of its own": (
        f"<h1>{TITLE}</h1>{DATE}<div>"
        + "".join(f'<div class="row"><div class="col"><p>{text}</p></div></div>' for text in PARAGRAPHS)
        + "</div>",
        {},
    ),
    "text without paragraphs": (
        f"<h1>{TITLE}</h1>{DATE}<div>{PARAGRAPHS[0]}<br/>{PARAGRAPHS[1]}<div>{PARAGRAPHS[2]}</div>{PARAGRAPHS[3]}</div>",
        {},
    ),
    "from Word": (
        f"<h1>{TITLE}</h1>{DATE}<div>"
        + "".join(
            f'<p class="MsoNormal"><span style="font-size:14pt"><span>&nbsp;&nbsp;&nbsp;{text}<o:p></o:p></span></span></p>'
            for text in PARAGRAPHS
        )
        + "</div>",
        {},
    ),
    "others with summaries below": (
        f"<div><h1>{TITLE}</h1>{DATE}{BODY}<h3>Tin liên quan</h3>"
        + "".join(
            f'<div><h4><a href="/tin/bai-khac-so-{n}.html">{other}</a></h4><p>{other}: hội nghị vừa diễn ra trong tuần '
            "qua trên địa bàn huyện với nhiều kết quả.</p></div>"
            for n, other in enumerate(OTHERS)
        )
        + "</div>",
        {},
    ),
    "readers' comments below": (
        f"<div><h1>{TITLE}</h1>{DATE}{BODY}<p><b>Bình luận (2)</b></p><p>Bài viết rất hay và ý nghĩa, mong tòa soạn có "
        "thêm nhiều bài viết về công tác dân vận.</p></div>",
        {"comments": 2},
    ),
    "foot of the site below": (
        f"<h1>{TITLE}</h1>{DATE}{BODY}<p>Bản quyền thuộc Huyện ủy Bắc Khê. Giấy phép số 15/GP-TTĐT do Sở cấp ngày "
        "02/03/2019.</p><p>Địa chỉ: Tổ dân phố 3, thị trấn Bắc Khê. Điện thoại: 0206.3812.345. Email: a@b.vn</p>",
        {},
    ),
    "greeting above": (
        "<marquee>Nhiệt liệt chào mừng kỷ niệm 94 năm Ngày thành lập Đảng Cộng sản Việt Nam (03/02/1930 - 03/02/2024)!"
        f"</marquee>{_info('14/05/2024 16:50')}",
        {},
    ),
}


@pytest.mark.parametrize("url", [URL, ""], ids=["its address", "no address"])
@pytest.mark.parametrize("name", META)
def test_parts_in_other_places(name: str, url: str) -> None:
    html, wanted = META[name]
    article = _read(html, url)

    assert article.body == STORY.body
    assert article.published_at == AT
    assert {field: getattr(article, field) for field in wanted} == wanted


@pytest.mark.parametrize(
    "markup",
    [
        f'<p class="tieude">{TITLE}</p>',
        f"<p><strong>{TITLE}</strong></p>",
        f'<div><font size="5">{TITLE}</font></div>',
        f'<div><span class="news_title">{TITLE}</span></div>',
        f"<h2>Tin tức - Sự kiện</h2><div><b>{TITLE}</b></div>",
        f"<h2>Chi tiết tin</h2><div>{TITLE}</div>",
        f"<h1>{TITLE} <span>(14/05/2024)</span></h1>",
    ],
)
def test_a_title_that_the_head_does_not_have(markup: str) -> None:
    article = _read(f"{markup}{DATE}<div>{BODY}</div>", "", "Trang tin điện tử")

    assert article.body == STORY.body
    assert article.published_at == AT


@pytest.mark.parametrize(
    "label",
    [
        "Tin bài khác",
        "CÁC TIN BÀI KHÁC",
        "Có thể bạn quan tâm",
        "Tin, bài liên quan",
        "Các bài đã đăng",
        "Bài viết mới nhất",
        "Thông tin khác",
        "Tin cùng chuyên mục:",
        ">> Các tin khác",
        "Tin liên quan (5)",
        "Những bài viết khác",
        "Sự kiện khác",
        "Đọc nhiều",
    ],
)
def test_lists_of_other_articles_below_the_text(label: str) -> None:
    assert _read(_block(label), URL).body == STORY.body


def test_subheadings_and_lists_are_text() -> None:
    first, second, third, last = PARAGRAPHS
    article = _read(
        f"<h1>{TITLE}</h1>{DATE}<div><p>{first}</p><p><strong>Kết quả nổi bật</strong></p><p>{second}</p><ul><li>Xã Nà Pán"
        f"</li><li>Xã Lũng Slàng</li></ul><h3>Nhiệm vụ</h3><p>{third}</p><p>- {last}</p></div>",
        URL,
    )

    assert (article.body or "").split("\n\n") == [
        first,
        "Kết quả nổi bật",
        second,
        "Xã Nà Pán",
        "Xã Lũng Slàng",
        "Nhiệm vụ",
        third,
        last,
    ]


# --- whole templates, changed --------------------------------------------------------------------------

_TEASERS = "".join(
    f'<div class="it"><h3><a href="/tin/khac-bai-viet-nay-{n}.html">{title}</a></h3><p>{title}: lãnh đạo huyện đã tới dự, '
    "thăm hỏi, động viên và giao nhiệm vụ cho các đơn vị; yêu cầu các xã, thị trấn khẩn trương hoàn thành chỉ tiêu đề ra."
    "</p></div>"
    for n, title in enumerate(OTHERS)
)
_COMMENTS = (
    '<div class="bl"><h4>Ý kiến bạn đọc (2)</h4><div><b>Nguyễn Văn A</b> 15/05/2024 09:12<p>Rất hay, đề nghị huyện tiếp tục '
    "nhân rộng các mô hình này tới các xã vùng sâu vùng xa để bà con được hưởng lợi.</p></div></div>"
)
_MARKS = (
    'content="NukeViet',
    "nv_module_name",
    "lfr-css-file",
    "Liferay",
    "Microsoft SharePoint",
    "storage-vnportal",
)


def _first(html: str) -> str:
    return re.sub(r"<body>", f'<body><div class="slide">{_TEASERS}</div>', html, count=1)


def _last(html: str) -> str:
    return html.replace("</body>", f'<div class="cot-phai">{_TEASERS}</div></body>')


def _commented(html: str) -> str:
    return html.replace("</body>", f"{_COMMENTS}</body>")


def _in_tables(html: str) -> str:
    head, body = html.split("<body>")
    body = body.removesuffix("</body></html>")
    return (
        f"{head}<body><table><tr><td valign=top><table><tr><td>{MENU}</td></tr></table></td><td><div><div>{body}</div></div>"
        "</td></tr></table></body></html>"
    )


def _decomposed(html: str) -> str:
    return unicodedata.normalize("NFD", html)


def _referenced(html: str) -> str:
    head, body = html.split("<body>")
    return head + "<body>" + "".join(c if c.isascii() else f"&#{ord(c)};" for c in body)


def _upper(html: str) -> str:
    return html.replace(TITLE, TITLE.upper())


def _without_head(html: str) -> str:
    return re.sub(r"<title>.*?</title>", "<title>Trang tin điện tử</title>", html, count=1, flags=re.S)


def _broken_by_br(html: str) -> str:
    return re.sub(r'<p style="text-align:justify">(.*?)</p>', r"\1<br /><br />", html)


def _in_divs(html: str) -> str:
    return re.sub(
        r'<p style="text-align:justify">(.*?)</p>',
        r'<div style="text-align:justify"><span style="font-size:14px"><span>\1</span></span></div><div>&nbsp;</div>',
        html,
    )


def _renamed(html: str) -> str:
    """Give every class and id another name, take away what the family is known by."""
    names: dict[str, str] = {}
    drawn = random.Random(1)

    def other(match: re.Match[str]) -> str:
        words = (names.setdefault(word, f"z{drawn.randrange(10**6)}") for word in match[3].split())
        return f"{match[1]}={match[2]}{' '.join(words)}{match[2]}"

    html = re.sub(r'<(span|div) class="hidden.*?</\1>', "", html)
    html = re.sub(r"\b(class|id|itemprop|itemtype)=([\"'])([^\"']*)\2", other, html)
    for mark in _MARKS:
        html = html.replace(mark, "x")
    return html


def _everything(html: str) -> str:
    return _renamed(_in_tables(_commented(_last(_first(html)))))


CHANGES: list[Callable[[str], str]] = [
    _first,
    _last,
    _commented,
    _in_tables,
    _decomposed,
    _referenced,
    _upper,
    _without_head,
    _broken_by_br,
    _in_divs,
    _renamed,
    _everything,
]
# What a change takes away for good: the only title, the space between title and date, the block titles' own mark.
LOST = {
    (_without_head, "title only in head"),
    *((change, name) for change in (_renamed, _everything) for name in ("vsw", "nukeviet print")),
}


def _words(*texts: str | None) -> Multiset[str]:
    return Multiset(" ".join(filter(None, texts)).split())


def _f1(got: Multiset[str], wanted: Multiset[str]) -> float:
    return 2 * (got & wanted).total() / (got.total() + wanted.total())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
@pytest.mark.parametrize("name", CASES)
def test_changed_templates(name: str, change: Callable[[str], str]) -> None:
    if (change, name) in LOST:
        pytest.skip("the change takes away what the page says")
    case = CASES[name]
    wanted: dict[str, Any] = _USUAL | case.wanted
    html = change(case.template(STORY, HOST + case.path)).encode()
    for url in (HOST + case.path, ""):
        article = read_page(html, url).article
        assert article is not None
        assert (article.title or "").casefold() == TITLE.casefold()
        assert article.published_at == wanted["published_at"]
        # A bold first paragraph that no template names is the summary of an unknown page.
        got, whole = _words(article.summary, article.body), _words(wanted["summary"], wanted["body"])
        assert _f1(got, whole) >= 0.99
