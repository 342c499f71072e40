"""What a page states in marks for machines, and in the elements of its CMS. All pages here are synthetic."""

from __future__ import annotations

import json

import pytest

from portal_archive.model.page import Article
from portal_archive.reading.read import read_page

URL = "https://muongmay.example.vn/tin-tuc/ban-na-tong-ra-quan-lam-duong-lien-ban-2024-7654321.html"
OTHER_URL = "https://muongmay.example.vn/tin-tuc/hoi-thi-cay-tren-ruong-bac-thang-1112223.html"
TITLE = "Bản Nà Tông ra quân làm đường liên bản"
OTHER = "Hội thi cày trên ruộng bậc thang ở Mường Mây"
TEXT = (
    "Từ sáng sớm, hơn bốn mươi hộ dân bản Nà Tông đã có mặt trên đoạn đường dốc nối bản với trung tâm xã Mường Mây.",
    "Trưởng bản cho biết mỗi nhà góp hai ngày công, người có trâu thì chở đá, người trẻ thì đào rãnh thoát nước.",
    "Đến cuối buổi chiều, gần một cây số đường đã được san phẳng, bà con hẹn nhau tuần sau tiếp tục đổ bê tông.",
)
MINUTE = "2024-05-17T08:30:00+07:00"


def read(
    *, head: str = "", above: str = "", below: str = "", top: str = "", foot: str = "", tag: str = "div"
) -> Article:
    """Read a page: `above` and `below` stand in the article's own block, `top` and `foot` outside."""
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    page = read_page(
        f"<!DOCTYPE html><html><head><title>{TITLE}</title>{head}</head><body>{top}<{tag} class='bai'><h1>{TITLE}</h1>"
        f"{above}<div class='noi-dung'>{text}</div>{below}</{tag}>{foot}</body></html>".encode(),
        URL,
    )
    assert page.article is not None
    assert page.article.body == "\n\n".join(TEXT)
    return page.article


def linked(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


ARTICLE = {"@type": "NewsArticle", "headline": TITLE, "datePublished": MINUTE}
LISTED = {
    "@type": "NewsArticle",
    "headline": OTHER,
    "url": OTHER_URL,
    "datePublished": "2019-03-04T05:06:00+07:00",
}


@pytest.mark.parametrize(
    "head",
    [
        linked(ARTICLE),
        linked([ARTICLE]),
        linked({"@graph": [{"@type": "WebSite", "datePublished": "2015-01-02T03:04:00+07:00"}, ARTICLE]}),
        linked({"@type": "VideoObject", "datePublished": "2018-01-02"}, ARTICLE),
        linked(LISTED, ARTICLE),
        linked({"@type": "ItemList", "itemListElement": [{"item": LISTED}]}, ARTICLE),
        linked({"@type": ["Article", "BlogPosting"], "url": URL, "datePublished": MINUTE}),
        linked({"@type": "Report", "mainEntityOfPage": {"@id": URL}, "datePublished": MINUTE}),
        linked({"@type": "WebPage", "url": URL, "datePublished": MINUTE}),
        linked({"@type": "Article", "datePublished": MINUTE}),
        linked({"@type": "http://schema.org/NewsArticle", "headline": TITLE[:30], "datePublished": MINUTE}),
        linked(ARTICLE).replace("+07:00", "\\u002B07:00"),
        linked({**ARTICLE, "datePublished": "17/05/2024 08:30"}).replace("/05/", "\\/05\\/"),
        f'<script type="application/ld+json"><!-- {json.dumps(ARTICLE)} --></script>',
        f'<script type="application/ld+json">{{"@type": broken</script>{linked(ARTICLE)}',
        f"<meta property='article:published_time' content='{MINUTE}'>",
    ],
)
def test_the_head_dates_this_article(head: str) -> None:
    assert read(head=head).published_at == MINUTE


@pytest.mark.parametrize(
    "head",
    [
        linked(LISTED),
        linked({"@type": "WebSite", "datePublished": MINUTE}),
        linked({"@type": "VideoObject", "name": TITLE, "datePublished": MINUTE}),
        linked({"@type": "WebPage", "url": OTHER_URL, "datePublished": MINUTE}),
        linked({"@type": "ItemList", "itemListElement": [{"item": LISTED}]}),
        linked({"@type": "Article", "datePublished": MINUTE}, {"@type": "Article", "datePublished": MINUTE}),
        linked([[[]] * 50] * 50),
        "<script type='application/ld+json'>" + "[" * 5000 + "</script>",
        "<script type='application/ld+json'>{}</script>",
    ],
)
def test_the_head_dates_something_else(head: str) -> None:
    assert read(head=head).published_at is None


@pytest.mark.parametrize(
    "above",
    [
        f"<time datetime='{MINUTE}'>hôm kia</time>",
        f"<meta itemprop='datePublished' content='{MINUTE}'>",
        "<span itemprop='datePublished'>17/05/2024 08:30</span>",
        f"<span property='dc:date dc:created' content='{MINUTE}'>hôm kia</span>",
        f"<abbr class='published' title='{MINUTE}'>tháng trước</abbr>",
        "<div>17/05/2024 08:30</div>",
    ],
)
@pytest.mark.parametrize("tag", ["div", "article"])
def test_the_own_block_dates_the_article(above: str, tag: str) -> None:
    assert read(above=above, tag=tag).published_at == MINUTE


TEASER = f"<a href='{OTHER_URL}'>{OTHER}</a>"
STRANGE = f"<time datetime='{MINUTE}'>hôm kia</time>"


@pytest.mark.parametrize(
    "around",
    [
        {"top": f"<aside>{TEASER}{STRANGE}</aside>"},
        {"top": "<time datetime='2024-05-17T10:00:00+07:00'>Thứ sáu, 17/05/2024</time>"},
        {"foot": f"<div class='cot-phai'><div>{TEASER}{STRANGE}</div></div>"},
        {"below": f"<div class='related'>{TEASER}{STRANGE}</div>"},
        {"below": f"<ul><li>{TEASER}{STRANGE}</li></ul>"},
        {"below": f"<article><h2>{TEASER}</h2>{STRANGE}</article>"},
        {"below": f"<div class='comments'><p>Bài hay quá</p>{STRANGE}</div>"},
        {
            "below": f"<div itemtype='http://schema.org/NewsArticle'>{TEASER}<i itemprop='datePublished'>{MINUTE}</i></div>"
        },
    ],
)
@pytest.mark.parametrize("tag", ["div", "article"])
def test_dates_of_others(around: dict[str, str], tag: str) -> None:
    assert read(**around, tag=tag).published_at is None


def test_a_printed_day_takes_the_time_that_is_stated_for_it() -> None:
    article = read(head=linked(ARTICLE), above="<div>17 Tháng Năm, 2024</div>")
    assert (article.published_at, article.published_precision) == (MINUTE, "second")


def test_a_printed_minute_goes_before_what_is_stated() -> None:
    article = read(head=linked(ARTICLE), above="<div>17/05/2024 - 08:27</div>")
    assert (article.published_at, article.published_precision) == ("2024-05-17T08:27:00+07:00", "minute")


def test_a_printed_day_goes_before_another_that_is_stated() -> None:
    article = read(head=linked(ARTICLE), above="<div>Ngày đăng: 16/05/2024</div>")
    assert (article.published_at, article.published_precision) == ("2024-05-16T00:00:00+07:00", "day")


def test_midnight_in_another_zone_is_a_time() -> None:
    article = read(head="<meta property='article:published_time' content='2024-05-17T00:00:00Z'>")
    assert article.published_at == "2024-05-17T07:00:00+07:00"


@pytest.mark.parametrize(
    ("line", "views", "comments"),
    [
        ("Thứ sáu - 17/05/2024 08:30 6.120 4", 6120, 4),
        ("Thứ sáu - 17/05/2024 08:30   Đã xem: 187   Phản hồi: 4", 187, 4),
        ("Thứ sáu, 17 Tháng 5 2024 08:30 - 6120 Lượt xem", 6120, None),
        ("17/05/2024 08:30 | Lượt xem: 12", 12, None),
    ],
)
def test_figures_on_the_line_of_the_date(line: str, views: int, comments: int | None) -> None:
    article = read(above=f"<div class='meta'>{line}</div>")
    assert (article.published_at, article.views, article.comments) == (MINUTE, views, comments)


@pytest.mark.parametrize(
    "above",
    [
        "<i class='fa fa-eye'></i> 1.450 <i class='fa fa-comment-o'></i> 3",
        "<ul><li><i class='fa fa-eye'></i> 1.450</li><li><i class='fa fa-comments'></i> 3</li></ul>",
        "<span><span class='glyphicon glyphicon-eye-open'></span>1450</span> <span><em class='icon-comment'></em>3</span>",
    ],
)
def test_figures_behind_icons(above: str) -> None:
    article = read(above=f"<div class='meta'>17/05/2024 08:30 {above}</div>")
    assert (article.published_at, article.views, article.comments) == (MINUTE, 1450, 3)


def test_visits_that_microdata_count() -> None:
    assert read(above="<meta itemprop='interactionCount' content='UserPageVisits:1450'>").views == 1450


# --- fields of a CMS -----------------------------------------------------------------------------------

WORDPRESS = {
    "tag": "article",
    "above": "<div class='meta'><a href='/category/nong-thon/' rel='category tag'>Nông thôn mới</a> <a rel='bookmark'>"
    f"<time class='entry-date published' datetime='{MINUTE}'>17 Tháng Năm, 2024</time></a> <span class='author vcard'>"
    "<a class='url fn n' href='/author/huong/'>Lò Thị Hương</a></span> <span class='so-xem'>1450 lượt xem</span> "
    "<a href='#c'>3 Comments</a></div>",
    "below": "<span class='tag-links'><a href='/tag/duong' rel='tag'>đường bản</a>, <a href='/tag/xa' rel='tag'>góp công</a>"
    "</span>",
}
JOOMLA = {
    "above": "<dl class='article-info'><dt>Chi tiết</dt><dd class='createdby' itemprop='author'>Viết bởi <span itemprop='name'>"
    "Lò Thị Hương</span></dd><dd class='category-name'>Chuyên mục: <a href='/nong-thon'>Nông thôn mới</a></dd><dd>"
    f"<time datetime='{MINUTE}' itemprop='datePublished'>Được đăng: 17 Tháng Năm 2024</time></dd><dd>Lượt xem: 1450</dd></dl>",
    "below": "<ul class='tags inline'><li itemprop='keywords'><a href='/tag/1'>đường bản</a></li> <li itemprop='keywords'>"
    "<a href='/tag/2'>góp công</a></li></ul>",
}
DRUPAL = {
    "above": "<div class='meta submitted'>Được gửi bởi <span class='username'>Lò Thị Hương</span> vào T6, 17/05/2024 - 08:30"
    "</div>",
    "below": "<div class='field field-name-field-chuyen-muc'><div class='field-label'>Chuyên mục:&nbsp;</div><div><a href='/t/1'>"
    "Nông thôn mới</a></div></div><div class='field field-name-field-tags'><div class='field-label'>Từ khóa:&nbsp;</div>"
    "<div><div><a href='/t/2'>đường bản</a></div><div><a href='/t/3'>góp công</a></div></div></div><ul class='links'><li>"
    "1450 lượt xem</li></ul>",
}
NEWSPAPER = {
    "above": "<span class='article__cat'></span><div class='article__meta'><div class='article__author'>Lò Thị Hương</div><time "
    f"datetime='{MINUTE}'>May 17th, 2024</time></div>",
    "below": "<div class='article__tag'><b class='tag-label'>Từ khóa:</b> <a class='tag-item' href='#'>đường bản</a> <a "
    "class='tag-item' href='#'>góp công</a></div>",
}
PORTAL = {
    "tag": "article",
    "above": "<span class='post-date'>Thứ 6, 17/05/2024<span class='drash'> | </span>08:30</span>",
    "below": "<div class='author'>Lượt xem: 1450</div><div class='author'>Tác giả: Lò Thị Hương</div><div class='source'>Nguồn: "
    "Báo Mường Mây <button>Copy link</button></div>",
}


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        (
            WORDPRESS,
            {"category": "Nông thôn mới", "tags": ["đường bản", "góp công"], "views": 1450, "comments": 3},
        ),
        (JOOMLA, {"category": "Nông thôn mới", "tags": ["đường bản", "góp công"], "views": 1450}),
        (DRUPAL, {"category": "Nông thôn mới", "tags": ["đường bản", "góp công"], "views": 1450}),
        (NEWSPAPER, {"tags": ["đường bản", "góp công"]}),
        (PORTAL, {"source": "Báo Mường Mây", "views": 1450}),
    ],
    ids=["WordPress", "Joomla", "Drupal", "newspaper", "portal"],
)
def test_fields_where_a_cms_prints_them(page: dict[str, str], wanted: dict[str, object]) -> None:
    article = read(**page)
    assert article.published_at == MINUTE
    assert article.author == "Lò Thị Hương"
    assert {name: getattr(article, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "account", ["Administrator", "quantri", "admin", "bbt@muongmay.example.vn", "user12"]
)
def test_an_account_is_no_author(account: str) -> None:
    assert read(above=f"<span class='vcard author'><span class='fn'>{account}</span></span>").author is None


def test_who_posted_and_when_on_one_line() -> None:
    for name, author in (("quantri", None), ("Lò Thị Hương", "Lò Thị Hương")):
        article = read(above=f"<div>Đăng bởi: <a href='/u/7'>{name}</a> vào lúc 17/05/2024 08:30</div>")
        assert (article.author, article.published_at) == (author, MINUTE)


def test_a_menu_is_no_breadcrumb() -> None:
    menu = "".join(
        f"<a href='/{i}'>{name}</a> | " for i, name in enumerate(("Trang chủ", "Giới thiệu", "Liên hệ"))
    )
    assert read(top=f"<div>Thứ sáu, 17/05/2024 {menu}</div>").category is None
    trail = (
        "<div><a href='/'>Trang chủ</a> » <a href='/tin'>Tin tức</a> » <a href='/xa'>Nông thôn mới</a></div>"
    )
    assert read(top=trail).category == "Nông thôn mới"


def test_an_author_above_the_text_goes_before_a_byline_in_it_and_an_account_does_not() -> None:
    text = "".join(f"<p>{line}</p>" for line in (*TEXT, "Giàng A Páo"))
    authors = {}
    for name, above in {
        "printed": "<span class='author'>Lò Thị Hương</span>",
        "account": "<span class='author vcard'><a rel='author' href='/author/7'>Lò Thị Hương</a></span>",
    }.items():
        page = read_page(
            f"<title>{TITLE}</title><div><h1>{TITLE}</h1>{above}<div>17/05/2024</div><div>{text}</div></div>".encode(),
            URL,
        )
        assert page.article is not None
        assert page.article.body == "\n\n".join(TEXT)
        authors[name] = page.article.author
    assert authors == {"printed": "Lò Thị Hương", "account": "Giàng A Páo"}


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        ("<meta name='keywords' content='đường liên bản, ngày công'>", ["đường liên bản", "ngày công"]),
        ("<meta name='keywords' content='cổng thông tin, mường mây, tin tức, văn bản'>", []),
        (f"<meta name='keywords' content='{TITLE}'>", []),
        (f"<meta name='keywords' content='{TITLE.replace(' ra', ', ra')}'>", []),
        ("<meta property='article:tag' content='rãnh thoát nước'>", ["rãnh thoát nước"]),
        (linked({**ARTICLE, "keywords": ["góp công", "đường bản"]}), ["góp công", "đường bản"]),
        (linked({**ARTICLE, "keywords": "góp công, đường bản"}), ["góp công", "đường bản"]),
    ],
)
def test_tags_of_the_head(head: str, tags: list[str]) -> None:
    assert read(head=head).tags == tags


def test_tags_and_authors_of_others() -> None:
    foot = f"<div class='sidebar'><a rel='tag' href='/t/9'>bão lũ</a><div>{TEASER}<span class='author'>Lý A Sử</span></div></div>"
    article = read(
        foot=foot, below=f"<ul class='related'><li>{TEASER}<i class='author'>Lý A Sử</i></li></ul>"
    )
    assert (article.tags, article.author) == ([], None)
