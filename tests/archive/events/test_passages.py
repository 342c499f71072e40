"""The words of an event, and how a mail says them in plain text."""

from __future__ import annotations

from pathlib import Path

import pytest
from visiting import LONG, Site, article

from portal_archive.archive.differences import Piece
from portal_archive.archive.events import passages, query
from portal_archive.archive.events.passages import Passage, as_text
from portal_archive.archive.events.query import Asked, Order


@pytest.mark.parametrize(
    ("pieces", "vi", "en"),
    [
        ("có -1.245 +1.254 = tổ", "có [1.245 → 1.254] tổ", "có [1.245 → 1.254] tổ"),
        ("có -1.245 = + 1.254", "có [1.245 → 1.254]", "có [1.245 → 1.254]"),
        ("nhà + cái =. Hết", "nhà [thêm: cái]. Hết", "nhà [added: cái]. Hết"),
        ("-Một câu. ", "[bỏ: Một câu.]", "[removed: Một câu.]"),
        ("một - =hai", "một hai", "một hai"),
    ],
)
def test_in_plain_text(pieces: str, vi: str, en: str) -> None:
    kinds = {"-": "removed", "+": "added", "=": "same"}
    found, text, kind = [], "", "same"
    for letter in pieces:
        if letter in kinds:
            found.append(Piece(kind, text))
            text, kind = "", kinds[letter]
        else:
            text += letter
    passage = Passage("body", tuple(one for one in (*found, Piece(kind, text)) if one.text))
    assert (as_text(passage, "vi"), as_text(passage, "en")) == (vi, en)


def test_the_heaviest_places_of_a_long_text_are_shown(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.begin(0)
    paragraphs = [
        f"Đoạn {number} nói việc thứ {number} của huyện, việc nào cũng quan trọng." for number in range(9)
    ]
    edited = [text.replace("cũng", "đều") for text in paragraphs]
    edited[7] = paragraphs[7].replace("thứ 7", "thứ 70")
    site.read("a.html", 0, article(body="\n\n".join((LONG, *paragraphs))))
    site.read("a.html", 30, article(body="\n\n".join((LONG, *edited))))
    (event,) = query.find(site.archive.db.conn, Asked(), Order.DAYS, 9)
    found = passages.of_event(site.archive.db.conn, event)
    assert [as_text(passage, "vi") for passage in found.shown] == [
        "Đoạn 0 nói việc thứ 0 của huyện, việc nào [cũng → đều] quan trọng.",
        "Đoạn 1 nói việc thứ 1 của huyện, việc nào [cũng → đều] quan trọng.",
        "Đoạn 7 nói việc thứ [7 → 70] của huyện, việc nào cũng quan trọng.",
    ]
    assert found.others == 6


def test_what_stands_far_from_a_change_is_left_out(tmp_path: Path) -> None:
    site = Site(tmp_path / "archive.db")
    site.begin(0)
    around = "rất nhiều lời khác đứng ở đây " * 20
    site.read("a.html", 0, article(body=f"{around}có 12 xã {around}"))
    site.read("a.html", 30, article(body=f"{around}có 21 xã {around}"))
    (event,) = query.find(site.archive.db.conn, Asked(), Order.DAYS, 9)
    (passage,) = passages.of_event(site.archive.db.conn, event).shown
    text = as_text(passage, "vi")
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "ở đây có [12 → 21] xã rất nhiều" in text
    assert len(text) < 160
