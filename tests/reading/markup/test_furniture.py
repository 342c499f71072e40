"""What an element holds outweighs what it is called; pages written for these tests."""

from __future__ import annotations

import portal_pages as pages
import pytest

from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article
from portal_archive.reading.read import read_page

URL = "https://phienban.example.vn/tin-hoat-dong/huyen-bac-khe-tuyen-duong-36-mo-hinh.html"
# As Word pastes them: no paragraph has text of its own.
TEXT = "".join(f"<p><span><span>{text}</span></span></p>" for text in pages.PARAGRAPHS)
RELATED = f'<div class="related"><h3>Tin liên quan</h3><ul>{pages.others("/tin-hoat-dong/")}</ul></div>'
HEAD = f'<h1>{pages.TITLE}</h1><span class="when">Ngày đăng: 14/05/2024 16:50</span>'


def _article(content: str) -> Article:
    page = read_page(pages.page(pages.MENU + content + pages.FOOTER, title=pages.TITLE).encode(), URL)
    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    return page.article


@pytest.mark.parametrize(
    "wrapper",
    [
        "columns-widget",
        "page-with-sidebar",
        "social-layout",
        "search-enabled container",
        "online-portal",
        "main-menu-page",
        "related",
        "comments",
    ],
)
def test_a_wrapper_of_the_whole_article_is_no_furniture(wrapper: str) -> None:
    article = _article(f'<div class="{wrapper}">{HEAD}<div>{TEXT}</div></div>{RELATED}')

    assert article.title == pages.TITLE
    assert article.body == "\n\n".join(pages.PARAGRAPHS)
    assert article.published_at == "2024-05-14T16:50:00+07:00"


def test_a_wrapper_without_heading_counts_by_its_text() -> None:
    article = _article(
        f'<div class="widget"><div class="name">{pages.TITLE}</div><div>{TEXT}</div></div>{RELATED}'
    )

    assert article.body == "\n\n".join(pages.PARAGRAPHS)


def test_boxes_that_call_themselves_headlines_are_not_the_article() -> None:
    boxes = "".join(
        f'<article class="widget"><h2 itemprop="headline"><a href="/tin/bai-{n}">{title}</a></h2></article>'
        for n, title in enumerate(pages.OTHERS)
    )
    article = _article(f'<div class="detail">{HEAD}<div>{TEXT}</div></div><div class="related">{boxes}</div>')

    assert article.body == "\n\n".join(pages.PARAGRAPHS)
