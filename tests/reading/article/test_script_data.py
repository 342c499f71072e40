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
