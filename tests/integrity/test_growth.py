"""Hostile pages: the work of every detector grows no faster than n log n with what a page holds.

Four times as much may take nine times as long, which n log n never does and a square always: the shapes are large
enough for a square to show. A first measurement that fails is repeated, so that a busy machine fails nothing.
"""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from portal_archive.integrity.check import findings_of
from portal_archive.model.page import Article
from portal_archive.reading.markup.document import Document

URL = "https://tamkhe.example.gov.vn/tin-tuc/bai-viet.html"
_GROWS, _FACTOR, _TRIES = 4, 9, 3
_FLOOR = 0.1  # seconds of processor time below which a ratio says nothing


def letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


TEXTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "phrases": (1000, lambda n: "link vào nhà cái " * n),
    "phrases in quotes": (1000, lambda n: "“soi kèo” " * n),
    "plain quotes": (1000, lambda n: '" soi kèo "' * n),
    "open quotes": (4000, lambda n: "“" * n + "soi kèo"),
    "other words in places": (500, lambda n: " ".join(f"trên địa bàn săn hũ {letters(i)}" for i in range(n))),
    "the same words in places": (500, lambda n: "tại điểm cầu săn hũ rồng vàng\n, có " * n),
    "units": (4000, lambda n: "xã " * n),
    "brackets behind communes": (1000, lambda n: "xã Hua Sát (săn hũ) " * n),
    "brackets": (4000, lambda n: "(" * n),
    "commas": (4000, lambda n: "a, " * n),
    "the same words before breaks": (1000, lambda n: "săn hũ rồng vàng\n và " * n),
    "other words before breaks": (1000, lambda n: "".join(f"chữ {letters(i)} lạ\nvà " for i in range(n))),
    "lone commas": (4000, lambda n: "\n," * n),
    "glued words": (1000, lambda n: "hộinghịtổngkếtcông " * n),
    "one glued word": (4000, lambda n: "hộinghị" * n),
    "two tones": (4000, lambda n: "úỷ " * n),
    "two alphabets": (2000, lambda n: "cаi " * n),
    "one word of two alphabets": (4000, lambda n: "cа" * n),
    "brands": (4000, lambda n: "bk8 fb88 " * n),
    "paragraphs that advertise": (500, lambda n: "Bạn đang tìm kèo? gọi ngay shop.\n\n" * n),
    "offers": (1000, lambda n: "cho thuê xe giá rẻ " * n),
    "numbers": (2000, lambda n: "0912 345 678 " * n),
    "marks": (2000, lambda n: "e" + "\u0301\u0323" * n),
    "spaces": (8000, lambda n: " " * n + "a"),
    "empty lines": (4000, lambda n: "\n" * n),
}
SPAM = '<a href="https://abc12.example/">kèo bóng đá</a>'
SOURCES: dict[str, tuple[int, Callable[[int], str]]] = {
    "hidden prose side by side": (1000, lambda n: "<i hidden>hội nghị của xã</i>" * n),
    "hidden prose in a text": (500, lambda n: "hội nghị tổng kết năm <b style='font-size:0'>các xã</b> " * n),
    "other hidden prose": (500, lambda n: "".join(f"<i hidden>các xã {letters(i)} ạ</i>" for i in range(n))),
    "hidden within hidden": (60, lambda n: "<div hidden>a b " * n),
    "hidden links": (500, lambda n: f"<div style='display:none'>{SPAM}</div>" * n),
    "links": (1000, lambda n: SPAM * n),
    "tags without an end": (2000, lambda n: "<a href=x " * n),
    "comments": (1000, lambda n: "<!-- soi kèo hôm nay -->" * n),
    "comments without an end": (2000, lambda n: "<!-- " * n),
    "links in a comment": (1000, lambda n: "<!--" + "<a href=x" * n + "-->"),
    "style sheets": (300, lambda n: "<style>.q7{display:none}</style>" * n),
    "style sheets without an end": (2000, lambda n: "</a><style " * n),
    "one style sheet": (300, lambda n: f"<style>{'.q7{display:none}' * n}</style><b class=q7>hội nghị</b>"),
    "braces": (2000, lambda n: f"<style>{'{' * n}"),
    "hidden names": (
        200,
        lambda n: (
            "<style>" + "".join(f".{letters(i)}{{display:none}}" for i in range(n)) + "</style>"
            + "".join(f"<b class={letters(i)}>các xã</b>" for i in range(n))
        ),
    ),
    "classes": (2000, lambda n: f"<style>.q7{{display:none}}</style><b class='{'q7 ' * n}'>hội nghị</b>"),
    "breaks and commas": (2000, lambda n: "săn hũ<br>, " * n),
    "colours": (500, lambda n: "<font color='#fff'>hội nghị của xã</font>" * n),
}  # fmt: skip


def spent(field: str, text: str) -> float:
    source = text if field == "source" else "<p>a</p>"
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    tree = etree.fromstring(source.encode(), parser)
    document = Document(URL, 200, source, etree.Element("html") if tree is None else tree, URL)
    article = Article(title="Hội nghị tổng kết năm", body="Hội nghị của các xã. " * 5, html="<p>a</p>")
    if field == "source":
        article.html = "".join(f"{part}</a>" for part in text.split("</a>") if part.startswith('<a href="'))
    else:
        setattr(article, field, text)
    start = time.process_time()
    findings_of(document, article, URL)
    return time.process_time() - start


def grows(field: str, n: int, make: Callable[[int], str]) -> float:
    """Return how many times as long four times as much takes; 0 where neither takes long."""
    large = spent(field, make(_GROWS * n))
    return 0.0 if large < _FLOOR else large / max(spent(field, make(n)), _FLOOR / _FACTOR)


@pytest.mark.parametrize("field", ["title", "body"])
@pytest.mark.parametrize("shape", TEXTS)
def test_work_grows_with_a_text(shape: str, field: str) -> None:
    assert any(grows(field, *TEXTS[shape]) <= _FACTOR for _ in range(_TRIES))


@pytest.mark.parametrize("shape", SOURCES)
def test_work_grows_with_a_source(shape: str) -> None:
    assert any(grows("source", *SOURCES[shape]) <= _FACTOR for _ in range(_TRIES))


PIECES = st.sampled_from(
    (
        *(
            "xã ",
            "địa bàn ",
            "nhân dân ",
            "của ",
            "săn hũ ",
            "nhà cái ",
            "cho thuê ",
            "giá rẻ ",
            "bk8 ",
            "và ",
        ),
        *("\n", "\n\n", ", ", ". ", "(", ")", "“", "”", '"', " - ", "A", "úỷ", "cа", "1", "gọi ngay "),
        *(
            "<b>",
            "</b>",
            "<i hidden>",
            "<p style='display:none'>",
            "</p>",
            "<!--",
            "-->",
            "<br>",
            "<style>",
            ".q{",
        ),
    )
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6), st.sampled_from(["title", "body", "source"]))
def test_work_grows_with_what_nobody_thought_of(pieces: list[str], field: str) -> None:
    shape = "".join(pieces)
    assert any(grows(field, 1000, lambda n: shape * n) <= _FACTOR for _ in range(_TRIES))
