"""Pages that show nothing without their scripts; all invented for these tests."""

from __future__ import annotations

import json

import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Page
from portal_archive.reading.read import read_page

URL = "https://phienban.example.vn/tin/lam-duong-len-ban"
TITLE = "Huyện Bắc Khê ra quân làm đường lên bản Nà Pán"
TEXT = "Sáng nay hơn một trăm hộ dân góp công, góp đất để mở con đường mới lên bản."


def _read(script: str, body: str = '<div id="app"></div>') -> Page:
    html = f"<html><head><title>{TITLE}</title></head><body>{body}{script}</body></html>"
    return read_page(html.encode(), URL)


def _linked(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE} | values
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def _started(data: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("script", "body"),
    [
        (_linked(articleBody=f"{TEXT}\n\n{TEXT}"), f"{TEXT}\n\n{TEXT}"),
        (_started({"props": {"pageProps": {"tin": {"title": TITLE, "content": f"<p>{TEXT}</p><p>{TEXT}</p>"}}}}), f"{TEXT}\n\n{TEXT}"),
        (_started([{"tieuDe": TITLE, "noiDung": f"{TEXT}<br>{TEXT}"}, {"title": "x", "content": "y"}]), f"{TEXT}\n\n{TEXT}"),
    ],
    ids=["linked data", "page data", "list"],
)  # fmt: skip
def test_the_text_is_read_from_the_data(script: str, body: str) -> None:
    page = _read(script)

    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert (page.article.title, page.article.body) == (TITLE, body)
    assert page.methods["body"] == "script"


def test_the_date_of_linked_data() -> None:
    article = _read(_linked(articleBody=TEXT, datePublished="2024-05-17T08:30:00+07:00")).article

    assert article is not None
    assert article.published_at == "2024-05-17T08:30:00+07:00"


@pytest.mark.parametrize(
    "script",
    ["", "<script>var x = 1;</script>", _started({"menu": [{"title": "Tin tức"}]}), _started("x"), "<script type='application/json'>{</script>"],
)  # fmt: skip
def test_a_shell_without_data_is_alive_and_no_article(script: str) -> None:
    assert _read(script).kind is Outcome.OTHER


def test_what_a_page_shows_counts_before_what_its_data_say() -> None:
    shown = "".join(f"<p>Đoạn {number}: {TEXT}</p>" for number in range(4))
    article = _read(_linked(articleBody="Chữ khác. " * 9), f"<h1>{TITLE}</h1><div>{shown}</div>").article

    assert article is not None
    assert article.body == "\n\n".join(f"Đoạn {number}: {TEXT}" for number in range(4))


TIN = {
    "id": 12,
    "title": TITLE,
    "sapo": "Con đường dài ba cây số, rộng bốn mét.",
    "content": f"<p>{TEXT}</p><p>{TEXT}</p>",
    "publishedAt": "2024-05-17T08:30:00+07:00",
    "author": {"name": "Lò Thị Hương"},
    "category_name": "Xây dựng Đảng",
    "viewCount": 41,
}
NUXT_2 = (
    "<script>window.__NUXT__=(function(a,b,c,d){return {layout:'default',data:[{tin:{id:12,title:a,sapo:b,content:c,"
    "publishedAt:d,author:{name:\"L\\u00f2 Th\\u1ecb H\\u01b0\\u01a1ng\"},category_name:'Xây dựng Đảng',viewCount:41}}],"
    "state:{},serverRendered:!1}}"
)
NUXT_3 = [
    ["ShallowReactive", 1], {"data": 2, "once": 13}, ["Reactive", 3], {"tin": 4},
    {"id": 5, "title": 6, "sapo": 7, "content": 8, "publishedAt": 9, "author": 10, "category_name": 11, "viewCount": 12},
    12, TIN["title"], TIN["sapo"], TIN["content"], TIN["publishedAt"], {"name": 14}, TIN["category_name"], 41, ["Set"],
    "Lò Thị Hương",
]  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'tin': {'chiTiet': TIN}})};</script>",
        f"<script>window.__DATA__ = JSON.parse({json.dumps(json.dumps(TIN))});</script>",
        f"{NUXT_2}({json.dumps(TIN['title'])},{json.dumps(TIN['sapo'])},{json.dumps(TIN['content'])},{json.dumps(TIN['publishedAt'])}));</script>",
        f'<script type="application/json" id="__NUXT_DATA__" data-ssr="false">{json.dumps(NUXT_3)}</script>',
        _started({"props": {"pageProps": {"tin": TIN, "lienQuan": [TIN | {"title": "Tin khác " * 5}, TIN | {"title": "Tin nữa " * 5}]}}}),
    ],
    ids=["initial state", "parsed", "Nuxt 2", "Nuxt 3", "with related articles"],
)  # fmt: skip
def test_what_frameworks_carry(script: str) -> None:
    page = _read(script)
    assert page.article is not None
    found = {
        name: getattr(page.article, name)
        for name in ("title", "summary", "body", "author", "category", "views")
    }
    assert found == {
        "title": TITLE,
        "summary": TIN["sapo"],
        "body": f"{TEXT}\n\n{TEXT}",
        "author": "Lò Thị Hương",
        "category": "Xây dựng Đảng",
        "views": 41,
    }
    assert page.article.published_at == "2024-05-17T08:30:00+07:00"


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        (1715909400000, "2024-05-17T08:30:00+07:00"),
        (1715909400, "2024-05-17T08:30:00+07:00"),
        ("/Date(1715909400000+0700)/", "2024-05-17T08:30:00+07:00"),
        ("17/05/2024 08:30", "2024-05-17T08:30:00+07:00"),
    ],
)
def test_moments_as_scripts_state_them(stated: object, iso: str) -> None:
    article = _read(_started({"tin": TIN | {"publishedAt": stated}})).article
    assert article is not None
    assert article.published_at == iso


@pytest.mark.parametrize("address", ["/", "/chuyen-muc/xay-dung-dang"])
def test_a_list_in_the_data(address: str) -> None:
    entries = [
        {
            "title": f"{TITLE} đợt {number}",
            "url": f"/tin/duong-{number}",
            "content": TEXT,
            "publishedAt": "2024-05-17",
        }
        for number in (1, 2, 3)
    ]
    html = f"<html><head><title>Cổng</title></head><body><div id='app'></div>{_started({'page': {'news': entries}})}</body></html>"
    page = read_page(html.encode(), f"https://phienban.example.vn{address}")
    assert page.kind is Outcome.LIST
    assert [(item.url, item.title, item.published_at) for item in page.items] == [
        (
            f"https://phienban.example.vn/tin/duong-{number}",
            f"{TITLE} đợt {number}",
            "2024-05-17T00:00:00+07:00",
        )
        for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    "script",
    [
        "<script>window.__STATE__ = {a: fetch('/x')}</script>",
        "<script>window.__NUXT__=(function(a){return {a:b}}(1))</script>",
        "<script>window.__NUXT__=(function(a,b){return " + "[" * 5000 + "}</script>",
        "<script>window.__STATE__ = '" + "x" * 100_000 + "</script>",
        '<script type="application/json" id="__NUXT_DATA__">[[1,2],[0,2],[0,1]]</script>',
        '<script type="application/json" id="__NUXT_DATA__">[' + ",".join(f"[{n},{n}]" for n in range(1, 60)) + "]</script>",
    ],
    ids=["a call", "an unknown name", "deep", "no end", "circles", "doubling"],
)  # fmt: skip
def test_data_that_cannot_be_read_are_passed_over(script: str) -> None:
    assert _read(script).kind is Outcome.OTHER
