"""Hostile pages cost no more than their size: twice the page, about twice the steps."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from portal_archive.reading.listing.links import find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_document

TITLE = "Huyện Bắc Khê trao nhà Đại đoàn kết cho hộ nghèo"
URL = "https://phienban.example.vn/tin/huyen-bac-khe-trao-nha-dai-doan-ket-cho-ho-ngheo-4417.html"
START = f"<h1>{TITLE}</h1><p>Sáng nay hơn một trăm hộ dân góp công, góp đất để mở con đường mới lên bản Nà Pán.</p>"


def _each(form: str) -> Callable[[int], str]:
    return lambda count: START + "".join(form.format(n=n, title=TITLE) for n in range(count))


PAGES: dict[str, Callable[[int], str]] = {
    "title": lambda count: f"<title>{'a - ' * count}</title>{START}",
    "pictures": _each("<img src=/{n}.jpg>"),
    "files": _each("<a href={n}.pdf>Tệp {n}</a>"),
    "frames": _each("<iframe src=/{n}.pdf></iframe>"),
    "boxes": _each("<div><a href=/bai-{n}>{title} số {n}</a></div>"),
    "one address": _each("<div><a href=/bai>{title}</a></div>"),
    "links of one line": _each("<a href=/bai-{n}>{title} số {n}</a>"),
    "headings": _each("<h1>{title} {n}</h1>"),
    "title lines": lambda count: f"<h1>{f'{TITLE}<br>' * count}</h1>",
    "menus": _each("<div class=menu><a href=/{n}>Mục</a></div>"),
    "nested menus": lambda count: START + "<nav>" * 100 + "<a href=/a>Mục</a>" * count,
    "furniture": _each("<div class=social>14/05/2024 16:50</div>"),
    "numbered": lambda count: f"{START}<ol>{'<li>Làm đường lên bản' * count}</ol>",
    "broken lines": lambda count: f"<h1>{TITLE}</h1><div>{'dòng chữ nối tiếp nhau<br>' * count}</div>",
    "one line of text": lambda count: "a a a " * count,
    "buttons": lambda count: f"{START}<p>{'In bài ' * count}</p>",
}


def _steps(page: str) -> int:
    """Return how many calls reading a page takes, of functions in Python and in C."""
    body = page.encode()
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    document = parse(body, URL)
    sys.setprofile(count)
    try:
        find_links(document, read_document(document))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES.keys())
def test_twice_the_page_takes_about_twice_the_steps(make: Callable[[int], str]) -> None:
    _steps(make(10))  # what is compiled once
    once, twice = _steps(make(300)), _steps(make(600))

    assert twice < 2.5 * once
