"""The element that holds an article's text on a page whose markup nobody has described."""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.lines import LONG, is_text

# What text counts for the element that holds it and for those around: layout tables give each paragraph a row.
_SHARES = (1.0, 1.0, 0.7, 0.6, 0.5)
SHORT_TEXT = 25  # characters: a sentence


def densest(blocks: Sequence[Block]) -> etree._Element | None:
    """Return the element that holds most of these blocks' text; None where they have none.

    An article may also be one table, or «Chi tiết xem tại file đính kèm.» and a file.
    """
    weights = (_is_running_text, _is_table, _is_short_text)
    return next((found for weighs in weights if (found := _densest(blocks, weighs)) is not None), None)


def _is_running_text(block: Block) -> bool:
    return block.role is not Role.HEADING and is_text(block)


def _is_table(block: Block) -> bool:
    return block.role is Role.TABLE and len(block.text) >= LONG


def _is_short_text(block: Block) -> bool:
    return (
        block.role is Role.PARAGRAPH
        and len(block.text) >= SHORT_TEXT
        and 2 * block.linked < len(block.text)
        and block.text[-1] in ".:;!"
    )


def _densest(blocks: Sequence[Block], weighs: Callable[[Block], bool]) -> etree._Element | None:
    """Return the element that holds the most running text of its own, the innermost where several do."""
    weighty = [block for block in blocks if weighs(block)]
    held = Multiset(block.element for block in weighty)
    score: dict[etree._Element, float] = {}
    for block in weighty:
        weight = float(min(len(block.text), 600))
        for share, element in zip(_SHARES, upwards(block.element), strict=False):
            # A paragraph is not what holds the text; an element whose lines only breaks divide is.
            if element is not block.element or held[element] > 1:
                score[element] = score.get(element, 0.0) + weight * share
    best: etree._Element | None = None
    for element, value in score.items():
        if best is None or value > score[best] * 1.02:
            best = element
    return best


def upwards(element: etree._Element) -> Iterator[etree._Element]:
    """Give an element and those around it, without ``html``."""
    current: etree._Element | None = element
    while current is not None and current.tag != "html":
        yield current
        current = current.getparent()
