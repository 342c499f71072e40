"""Lists are boxes of one build, whatever their addresses look like; markup written for these tests."""

from __future__ import annotations

import portal_pages as pages
import pytest

from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Page
from portal_archive.reading.listing.links import find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_document, read_page

HOME = "https://phienban.example.vn"
TITLES = [
    "Huyện Bắc Khê ra quân làm đường lên bản Nà Pán",
    "Mặt trận huyện vận động bà con dời chuồng trại xa nhà",
    "Hội Cựu chiến binh trao ba mươi con trâu giống",
    "Họp bàn việc sắp xếp thôn bản ở vùng cao biên giới",
]
TEASER = "Sáng nay, hơn một trăm hộ dân cùng cán bộ huyện góp công, góp đất để mở con đường mới lên bản."
MENU = (
    '<div class="top-menu"><a href="/">Trang chủ</a><a href="/gioi-thieu">Giới thiệu</a>'
    '<a href="/tin-tuc">Tin tức - Sự kiện</a><a href="/van-ban">Văn bản</a></div>'
)


def _read(content: str, path: str = "/tin-tuc", head: str = "", title: str = "Tin tức - Sự kiện") -> Page:
    return read_page(pages.page(MENU + content, title=title, head=head).encode(), HOME + path)


def _addresses(form: str) -> list[str]:
    return [form.format(n=n, slug=f"bai-thu-{n}-ve-lam-duong-len-ban") for n in range(61, 65)]


FORMS = {
    "bare slug": "/{slug}/",
    "slug alone": "/{slug}",
    "sharepoint blog": "/Lists/Posts/Post.aspx?CategoryId=4&ItemId={n}",
    "numbered": "/xem.asp?m={n}",
    "own ending": "/{slug}.bk",
    "category before": "/tin/trong-huyen/{slug}",
}
BUILDS = {
    "headings and teasers": '<div class="post"><h3><a href="{url}">{title}</a></h3><p>{teaser}</p></div>',
    "pictures": '<div class="c"><a href="{url}"><img src="/a.jpg"></a><a href="{url}">{title}</a></div>',
    "items": '<li><a href="{url}">{title}</a> <span>(12/05/2024)</span></li>',
    "date inside the link": '<p class="t"><a href="{url}">{title} (12.05.2024 09:30)</a></p>',
    "box in a link": '<a class="card" href="{url}"><img src="/a.jpg"><h4>{title}</h4><p>{teaser}</p></a>',
    "rows": "<tr><td>1</td><td><a href='{url}'>{title}</a></td><td>12/05/2024</td></tr>",
    "marked up": '<article itemtype="http://schema.org/NewsArticle"><a itemprop="headline" href="{url}">{title}</a></article>',
    "read on": '<section><h2><a href="{url}">{title}</a></h2>{teaser} <a href="{url}">Xem tiếp</a></section>',
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_boxes_of_one_build_are_a_list(form: str, build: str) -> None:
    urls = _addresses(form)
    boxes = "".join(
        build.format(url=url.replace("&", "&amp;"), title=title, teaser=TEASER)
        for url, title in zip(urls, TITLES, strict=True)
    )
    boxes = f"<table>{boxes}</table>" if boxes.startswith("<tr") else f"<div>{boxes}</div>"
    page = _read(f"<h1>Tin tức - Sự kiện</h1>{boxes}")

    assert page.kind is Outcome.LIST
    assert [(item.url, item.title) for item in page.items] == [
        (HOME + url, title) for url, title in zip(urls, TITLES, strict=True)
    ]
    if "2024" in build:
        assert {(item.published_at or "")[:10] for item in page.items} == {"2024-05-12"}
    if "{teaser}" in build:
        assert {item.summary for item in page.items} == {TEASER}


def _blog(urls: list[str], build: str = BUILDS["headings and teasers"]) -> str:
    return "".join(
        build.format(url=url, title=title, teaser=TEASER) for url, title in zip(urls, TITLES, strict=True)
    )


def test_what_a_box_announces_is_an_article_whatever_its_address() -> None:
    urls = _addresses(FORMS["bare slug"])
    document = parse(pages.page(MENU + _blog(urls), title="Tin tức").encode(), f"{HOME}/tin-tuc")
    links = {link.url: link.kind for link in find_links(document, read_document(document))}

    assert {links[HOME + url] for url in urls} == {LinkKind.ARTICLE}
    assert links[f"{HOME}/van-ban"] is LinkKind.LIST


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/Pages/default.aspx", "/vi/", "/trang-chu.html", "/?page=home"]
)
def test_a_home_page_is_no_article_whatever_stands_on_it(path: str) -> None:
    text = "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)
    page = _read(
        f"<h1>{pages.TITLE}</h1><div>14/05/2024 16:50</div>{text}{_blog(_addresses('/{slug}'))}", path
    )

    assert page.kind is Outcome.LIST
    assert len(page.items) == 4


@pytest.mark.parametrize(
    "classes", ["archive category", "blog", "search-results", "page-taxonomy", "view-category"]
)
def test_a_body_that_calls_itself_a_list(classes: str) -> None:
    text = f"<h1>{TITLES[0]}</h1><p>12/05/2024</p>" + "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)
    html = pages.page(MENU + text + _blog(_addresses("/{slug}/")), title="Dân vận").replace(
        "<body", f'<body class="{classes}"', 1
    )

    assert read_page(html.encode(), f"{HOME}/chuyen-muc/dan-van/").kind is Outcome.LIST


def test_a_menu_is_no_list() -> None:
    entries = "".join(f'<li><a href="/muc-{n}">Ban Tuyên giáo {n}</a></li>' for n in range(8))

    assert _read(f"<ul>{entries}</ul><p>Đang cập nhật</p>").kind is Outcome.OTHER


def test_links_to_other_sites_are_no_list() -> None:
    boxes = "".join(
        f'<li><a href="https://khac{n}.example.vn/">{title}</a></li>' for n, title in enumerate(TITLES)
    )

    assert _read(f"<ul>{boxes}</ul>").kind is Outcome.OTHER


def test_an_article_with_a_list_of_others_below_is_an_article() -> None:
    url = f"{HOME}/huyen-bac-khe-tuyen-duong-36-mo-hinh/"
    text = "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)
    others = _blog(_addresses("/{slug}/"), BUILDS["pictures"])
    html = pages.page(f"{MENU}<div><h1>{pages.TITLE}</h1>{text}</div><div>{others}</div>", title=pages.TITLE)
    page = read_page(html.encode(), url)

    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.body == "\n\n".join(pages.PARAGRAPHS)


def test_links_in_running_text_are_no_boxes() -> None:
    text = "".join(
        f'<p>Thực hiện <a href="/van-ban/{n}">{title}</a>, các xã đã hoàn thành việc rà soát trước thời hạn.</p>'
        for n, title in enumerate(TITLES)
    )
    html = pages.page(f"{MENU}<h1>{pages.TITLE}</h1><div>{text}</div>", title=pages.TITLE)
    page = read_page(html.encode(), f"{HOME}/huyen-bac-khe-tuyen-duong-36-mo-hinh.html")

    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.body is not None
    assert page.article.body.count("các xã đã hoàn thành") == 4


def test_teasers_without_links_that_print_their_times_are_no_article() -> None:
    teasers = "".join(
        f"<p><b>{title}</b></p><p>{n:02}:15 12/05/2024</p><p>{TEASER}</p>"
        for n, title in enumerate(TITLES, 7)
    )

    assert _read(f'<div class="danh-sach">{teasers}</div>', "/tin").kind is not Outcome.ARTICLE


def test_boxes_whose_links_only_a_script_follows_are_a_list() -> None:
    boxes = "".join(
        f'<div class="tin"><h3><a href="javascript:__doPostBack(\'{n}\')">{title}</a></h3><p>{TEASER}</p></div>'
        for n, title in enumerate(TITLES)
    )
    page = _read(boxes)

    assert page.kind is Outcome.LIST
    assert page.items == []
