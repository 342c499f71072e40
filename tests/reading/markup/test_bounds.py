"""Pages that are made to be too much: read in part, and said so."""

from __future__ import annotations

import pytest

from portal_archive.reading.markup.bounds import MAX_HTML, MAX_LINES, MAX_TAG, MAX_TAGS, bounded, lines
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_page

URL = "http://cong.example/tin/bai-viet.html"


@pytest.mark.parametrize(
    ("body", "kept", "problems"),
    [
        (b"<p>a</p>", 8, []),
        (b"<p>" + b"a" * MAX_HTML, MAX_HTML, [f"{MAX_HTML + 3} bytes; read up to {MAX_HTML}"]),
        (b"<p>" * MAX_TAGS, 3 * MAX_TAGS, []),
        (b"<p>" * (MAX_TAGS + 1), 3 * MAX_TAGS, [f"{MAX_TAGS + 1} tags; read up to {MAX_TAGS}"]),
        # A picture in the page, however large, is one attribute.
        (b"<img src='data:image/png;base64," + b"A" * 100_000 + b"' alt='a'>", None, []),
        (b"<p " + b"a=1 " * MAX_TAG + b">tin</p>", MAX_TAG + len(b">tin</p>"), []),
    ],
    ids=["all", "bytes", "tags-within", "tags", "picture", "attributes"],
)
def test_bounded(body: bytes, kept: int | None, problems: list[str]) -> None:
    rest, found = bounded(body)
    assert len(rest) == (len(body) if kept is None else kept)
    assert [(problem.kind, problem.detail) for problem in found] == [
        ("html-too-large", text) for text in problems
    ]


@pytest.mark.parametrize(
    "value",
    [
        b" a=1" * MAX_TAG,
        b" a" * MAX_TAG,
        b" " + b"a" * MAX_TAG,
        b" class='" + b"b" * MAX_TAG + b" c=d" * 2000,
    ],
)
def test_text_after_a_tag_that_was_cut(value: bytes) -> None:
    document = parse(b"<html><body><p" + value + b">Trong</p><p>Sau</p></body></html>", URL)
    assert document.tree.xpath("string(//p[last()])") == "Sau"


def test_lines_without_markup() -> None:
    assert lines("một\r\nhai\n\nba\u2028bốn\x0bnăm") == ["một", "hai", "ba", "bốn", "năm"]
    many = "a\n" * (3 * MAX_LINES)
    assert lines(many) == ["a"] * MAX_LINES
    assert len(parse(many.encode(), URL).source) == 2 * MAX_LINES - 1


def test_a_page_of_nothing_but_tags_is_read() -> None:
    page = read_page(b"<!DOCTYPE html><html><body>" + b"<b><p>" * MAX_TAGS, URL)
    assert page.article is None
    assert "html-too-large" in {problem.kind for problem in page.problems}
