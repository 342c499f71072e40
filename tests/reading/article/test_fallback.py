"""What trafilatura finds counts as a text only where it is one. All pages here are synthetic."""

from __future__ import annotations

from portal_archive.reading.article.fallback import trafilatura_body
from portal_archive.reading.markup.document import parse

SENTENCE = "Hội đồng nhân dân xã Mường Mây họp phiên thứ ba, bàn việc làm đường vào bản và xây nhà văn hóa trong năm tới."
MENU = "".join(f"<p>Mục {number} của trang</p>" for number in range(40))


def test_sentences_are_a_text() -> None:
    page = parse(
        f"<html><body><div><p>{SENTENCE}</p><p>{SENTENCE[:80]}.</p></div></body></html>".encode(), ""
    )
    assert trafilatura_body(page) == f"{SENTENCE}\n\n{SENTENCE[:80]}."


def test_menus_are_none() -> None:
    assert trafilatura_body(parse(f"<html><body><div>{MENU}</div></body></html>".encode(), "")) is None
