"""What is particular to a CMS, on small pages that are built as it builds them. All of them are synthetic."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Article, Link, Page
from portal_archive.reading.cms import FAMILIES, recognise
from portal_archive.reading.listing.links import find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_document

HOME = "https://muongmay.example.vn"
TITLE = "Bà con bản Nà Tông ra quân mở đường"
SAPO = "Hơn 150 người của chín bản cùng mở rộng con đường vào bản Nà Tông."
TEXT = (
    "Sáng 12/3, bà con chín bản của xã cùng ra quân mở rộng 2,4 km đường vào bản Nà Tông, nơi mùa mưa xe không qua được.",
    "Chính quyền xã góp xi măng, bà con góp 640 ngày công và hiến 1.860 m² đất; đoạn đường dự kiến xong trước mùa mưa.",
)
BODY = "".join(f"<p>{line}</p>" for line in TEXT)


def read(html: str, path: str) -> tuple[Page, list[Link]]:
    page = f"<!DOCTYPE html><html><head><title>Xã Mường Mây</title></head><body>{html}</body></html>"
    document = parse(page.encode(), HOME + path, {"Content-Type": "text/html; charset=utf-8"})
    shown = read_document(document)
    return shown, find_links(document, shown)


def article_of(html: str, path: str = "/tin/duong-ban-417.html") -> Article:
    page, _ = read(html, path)
    assert page.kind == Outcome.ARTICLE
    assert page.article is not None
    assert page.article.body == "\n\n".join(TEXT)
    assert page.article.title == TITLE
    return page.article


def test_vnportal() -> None:
    article = article_of(
        f"""<div class="ArticleDetailControl"><div class="ArticleHeader">{TITLE}</div>
        <div class="PostDate">12/03/2024 16:25</div><div class="tool">In</div>
        <div class="ArticleSummary">{SAPO}</div><div class="ArticleContent">{BODY}</div>
        <div class="author">Lò Văn Páo</div><a class="link-download" href="/kh.pdf">Kế hoạch</a></div>"""
    )
    assert (article.summary, article.author) == (SAPO, "Lò Văn Páo")
    assert article.published_at == "2024-03-12T16:25:00+07:00"
    assert [file.url for file in article.attachments] == [f"{HOME}/kh.pdf"]


def test_tan_dan_sharepoint() -> None:
    article = article_of(
        f"""<link href="/_layouts/15/style.css"><h1>Cổng thông tin điện tử</h1><div><div class="tandan-title-view">{TITLE}</div>
        <span class="tandan-date-view">Đăng ngày 12 - 03 - 2024</span>
        <div class="tandan-content-view">{BODY}</div></div>"""
    )
    assert article.published_at == "2024-03-12T00:00:00+07:00"


def test_liferay_shows_its_title_in_a_wrapper_of_nearly_the_same_class() -> None:
    article = article_of(
        f"""<div class="portlet-boundary"><div class="asset-full-content show-asset-title"><h3 class="asset-title">{TITLE}</h3>
        <div class="journal-content-article">{BODY}{"" if sum(map(len, TEXT)) > 200 else BODY}</div></div></div>"""
    )
    assert article.summary is None


SIDE = "".join(f'<li><a href="/tin/bai-moi-{n}">Bản tin của xã, số {n} năm nay</a></li>' for n in range(1, 6))


def drupal(main: str, kind: str, heading: str) -> str:
    return f"""<meta name="Generator" content="Drupal 7"><div class="{kind}"><div id="header"><a href="/">Xã Mường Mây</a></div>
        <div id="main-menu"><ul class="links"><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li></ul></div>
        <div id="sidebar-first" class="column sidebar"><h2>Nội dung mới</h2><ul>{SIDE}</ul></div>
        <div id="content" class="column"><h1 class="title" id="page-title">{heading}</h1>{main}</div></div>"""


SUBMITTED = """<div class="meta submitted"><span property="dc:date dc:created" content="{iso}">Được gửi bởi
    <span class="username" typeof="sioc:UserAccount">Ban Biên tập</span> vào {day}</span></div>"""


@pytest.mark.parametrize(("byline", "author"), [("<p>Lò Văn Páo</p>", "Lò Văn Páo"), ("", "Ban Biên tập")])
def test_drupal_article(byline: str, author: str) -> None:
    submitted = SUBMITTED.format(iso="2024-03-12T16:25:00+07:00", day="T3, 12/03/2024 - 16:25")
    node = f"""<div id="node-12" class="node node-tin node-full">{submitted}<div class="content">
        <div class="field field-name-field-muc"><div class="field-label">Chuyên mục:&nbsp;</div><a href="/tin">Tin tức</a></div>
        <div class="field field-name-body"><div class="field-item even" property="content:encoded">{BODY}{byline}</div></div>
        <div class="field field-name-field-tags"><h3 class="field-label">Từ khóa: </h3><ul class="links">
        <li rel="dc:subject"><a href="/tu-khoa/dan-van">dân vận</a></li></ul></div></div>
        <div id="comments" class="comment-wrapper"><h2>Bình luận</h2><div class="comment"><span class="username">Nà</span>
        T4, 13/03/2024 - 08:00 <a href="/comment/35#comment-35">Permalink</a><p>Bản tôi cũng muốn làm đường.</p></div></div></div>"""
    article = article_of(drupal(node, "page-node node-type-tin", TITLE), "/tin/ba-con-mo-duong")
    assert article.author == author
    assert article.published_at == "2024-03-12T16:25:00+07:00"
    assert article.tags == ["dân vận"]
    assert article.category == "Tin tức"


def test_drupal_term_is_a_list_and_a_comment_no_page() -> None:
    teasers = "".join(
        f"""<div id="node-{n}" class="node node-teaser"><h2><a href="/tin/duong-ban-ky-{n}">{TITLE}, kỳ {n} trong năm</a></h2>
        {SUBMITTED.format(iso=f"2024-03-1{n}T16:25:00+07:00", day=f"T3, 1{n}/03/2024 - 16:25")}{BODY}
        <a href="/tin/duong-ban-ky-{n}" rel="tag">Đọc tiếp</a> <a href="/comment/{n}#comment-{n}">1 bình luận</a></div>"""
        for n in range(1, 6)
    )
    page, links = read(drupal(teasers, "page-taxonomy", "Tin tức"), "/tin")
    assert page.kind == Outcome.LIST
    assert [item.url for item in page.items if "ky-" in item.url] == [
        f"{HOME}/tin/duong-ban-ky-{n}" for n in range(1, 6)
    ]
    assert not any("/comment/" in link.url for link in links)


@pytest.mark.parametrize("whole", ["?showall=1", "?showall=", "?start=1"])
def test_joomla_article_of_several_pages_is_the_view_that_shows_all(whole: str) -> None:
    path = "/8-tin-tuc/417-duong-ban.html"
    html = f"""<meta name="generator" content="Joomla! - Open Source"><div class="item-page"><h1 itemprop="headline">{TITLE}</h1>
        <p>Ngày đăng: 12/03/2024 16:25</p><div itemprop="articleBody">{BODY}<p class="pagenavcounter">Page 1 of 2</p>
        <a href="{path}{whole}">Tất cả</a></div></div>"""
    page, links = read(html, path)
    if whole == "?start=1":
        assert page.kind == Outcome.ARTICLE
        return
    assert page.kind == Outcome.LIST
    assert page.article is None
    assert [(item.url, item.title) for item in page.items] == [(f"{HOME}{path}{whole}", TITLE)]
    assert Link(f"{HOME}{path}{whole}", LinkKind.ARTICLE) in links
    shown, _ = read(html, path + whole)
    assert shown.article is not None
    assert shown.article.canonical_url == HOME + path


def vhv_list(total: int, kind: str = "Article.News", number: int = 1, order: str = "publishTime") -> str:
    titles = [f"{TITLE}, kỳ {n} trong năm" for n in range(1, 11)]
    boxes = "".join(
        f'<article class="Article-News"><h4><a href="/tin/duong-ban-ky-thu-{n}.html">{title}</a></h4></article>'
        for n, title in enumerate(titles)
    )
    parameters = {"layout": "Article.News.default", "service": "Content.Article.selectAll", "type": kind,
                  "categoryId": "417", "inheritBlockParentId": "B5aa"}  # fmt: skip
    coded = b64encode(json.dumps(parameters).encode()).decode()
    return f"""<div id="module18" class="ModuleWrapper"><section>{boxes}</section></div><img src="/upload/2000077/a.jpg">
        <script>$('#module18').paging($.extend($.parseJSON(decode64('{coded}')),
        {{"module":"Content.Listing","page":"Article.News.list","id":"18","modulePosition":"6"}}),
        {{ totalItems: {total}, pageNo: {number}, itemsPerPage: "10", orderBy: "{order} DESC"}});</script>"""


def test_vhv_list_leads_to_the_page_that_its_module_would_load() -> None:
    page, links = read(vhv_list(57), "/tin-tuc")
    assert page.kind == Outcome.LIST
    (more,) = [link for link in links if link.kind == LinkKind.LIST and "cmd=redraw" in link.url]
    assert urlsplit(more.url).path == "/tin-tuc"
    assert {name: values[0] for name, values in parse_qs(urlsplit(more.url).query).items()} == {
        "module": "Content.Listing", "moduleId": "18", "cmd": "redraw", "site": "2000077", "url_mode": "rewrite",
        "layout": "Article.News.default", "service": "Content.Article.selectAll", "type": "Article.News",
        "categoryId": "417", "orderBy": "publishTime DESC", "itemsPerPage": "10", "pageNo": "2",
    }  # fmt: skip
    _, after = read(vhv_list(57, number=2), more.url.removeprefix(HOME))
    assert [link.url for link in after if "pageNo" in link.url] == [more.url.replace("pageNo=2", "pageNo=3")]


def test_vhv_box_of_the_most_read_is_not_paged() -> None:
    coded = b64encode(
        json.dumps({"type": "Article.News", "layout": "Article.News.default"}).encode()
    ).decode()
    anywhere = re.sub(r"decode64\('[^']*'", f"decode64('{coded}'", vhv_list(57))
    for html in (vhv_list(57, order="totalViews"), anywhere):
        _, links = read(html, "/tin-tuc")
        assert not any("cmd=redraw" in link.url for link in links)


@pytest.mark.parametrize(("total", "kind"), [(10, "Article.News"), (0, "Article.News"), (57, "Category")])
def test_vhv_list_that_has_no_more(total: int, kind: str) -> None:
    _, links = read(vhv_list(total, kind), "/tin-tuc")
    assert not any("cmd=redraw" in link.url for link in links)


@pytest.mark.parametrize(
    "stated", ['x({"page":"Article.%s.detail"})', '$.extend(VHV, {pageId: "Article.%s.detail", siteId: 7})']
)
@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ("News", Outcome.ARTICLE),
        ("Person", Outcome.OTHER),
        ("LegalDocument", Outcome.OTHER),
        ("PhotoAlbum", Outcome.OTHER),
        ("Video", Outcome.OTHER),
    ],
)
def test_vhv_page_is_what_the_cms_calls_it(stated: str, shown: str, kind: Outcome) -> None:
    about = "".join(
        f"<p>Bà Lò Thị Hương, sinh năm 1979, công tác tại bản Nà Tông, lần thứ {n}.</p>" for n in range(9)
    )
    path = "/co-cau/ban-giam-doc/ba-lo-thi-huong-pho-ban.html"
    file = '<a href="/upload/2000077/ke-hoach-12.pdf">Tải về</a>'
    html = f'<div class="ModuleWrapper"><h1>Lò Thị Hương</h1>{about}{file}</div><script>{stated % shown}</script>'
    page, links = read(html, path)
    assert page.kind == kind
    assert page.is_stated is (kind != Outcome.ARTICLE)
    # The document itself is kept, whatever its page is.
    assert Link(f"{HOME}/upload/2000077/ke-hoach-12.pdf", LinkKind.FILE) in links


@pytest.mark.parametrize(
    ("source", "family"),
    [
        ("<script>VHV.App.modules[3]</script><img src='/wp-content/a.png'>", "vhv"),
        ("<link href='/wp-includes/css/x.css'>", "wordpress"),
        ('<meta name="generator" content="Drupal 7">', "drupal"),
        ('<meta name="generator" content="Joomla! - Open Source">', "joomla"),
        ("<div class='ArticleDetailControl'>", "vnportal"),
        ("<script src='/js/dnncore.js'>", "dotnetnuke"),
        ("<a href='/wps/portal/trang-chu'>", "websphere"),
        ("<div class='article__header'>", "epi"),
        ("<p>Xã Mường Mây</p>", "generic"),
    ],
)
def test_the_family_is_told_page_by_page(source: str, family: str) -> None:
    assert recognise(source).name == family
    assert recognise("<p></p>", family).name == family


def test_every_family_has_a_name_of_its_own() -> None:
    assert all(family.name == name for name, family in FAMILIES.items())
