"""The article on a page whose markup nobody has described: found by text density, its labels and ends.

Works on the blocks of the whole page in document order, so that it reads a page of nested lists, of tables or of
plain lines alike.
"""

from __future__ import annotations

import re
from collections import Counter as Multiset
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from portal_archive.model.page import Attachment
from portal_archive.reading import labels
from portal_archive.reading.block import Block, Role
from portal_archive.reading.body import read_blocks
from portal_archive.reading.dates import Candidate, is_clock
from portal_archive.reading.document import Document
from portal_archive.reading.elements import plain
from portal_archive.reading.furniture import furniture
from portal_archive.reading.lines import LONG, is_file_link, is_link, is_text, is_toolbar
from portal_archive.reading.titles import find_title
from portal_archive.vietnamese.folding import fold

_SUMMARY_CLASS = re.compile(
    r"sapo|hometext|lead|summary|tom-?tat|mo-?ta|description|intro|trich-?dan|abstract|short-?desc|chapeau|news-?des",
    re.I,
)
# What text counts for the element that holds it and for those around: layout tables give each paragraph a row.
_SHARES = (1.0, 1.0, 0.7, 0.6, 0.5)
MAX_SUMMARY = 1000
SHORT_TEXT = 25  # characters: a sentence


@dataclass(slots=True)
class Region:
    """Where an article stands among the blocks of its page."""

    title: str | None = None
    title_method: str = ""
    head: list[Candidate] = field(
        default_factory=list
    )  # short lines before and after the title: dates, counts
    summary: Block | None = None
    body: list[Block] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)  # after the text: bylines, sources, tags
    files: list[Attachment] = field(default_factory=list)
    links: int = 0  # titles of other articles among the text: a list has many

    @property
    def lines(self) -> list[str]:
        """The lines before and of the text."""
        return [line.text for line in self.head] + [block.text for block in self.body]

    @property
    def has_more_than_text(self) -> bool:
        """Whether pictures or tables stand in the text."""
        return any(block.role in (Role.IMAGE, Role.TABLE) for block in self.body)

    @property
    def length(self) -> int:
        """Characters of text, without captions."""
        return sum(len(block.text) for block in self.body if block.role is not Role.CAPTION)


def _is_running_text(block: Block) -> bool:
    return block.role is not Role.HEADING and is_text(block)


def _is_table(block: Block) -> bool:
    return block.role is Role.TABLE and len(block.text) >= LONG


def _is_short_text(block: Block) -> bool:
    return (
        block.role is Role.PARAGRAPH
        and len(block.text) >= SHORT_TEXT
        and not block.linked
        and block.text[-1] in ".:;!"
    )


def _densest(
    blocks: Sequence[Block], teasers: Collection[int], weighs: Callable[[Block], bool]
) -> etree._Element | None:
    """Return the element that holds the most running text of its own, the innermost where several do."""
    weighty = [block for index, block in enumerate(blocks) if index not in teasers and weighs(block)]
    held = Multiset(block.element for block in weighty)
    score: dict[etree._Element, float] = {}
    for block in weighty:
        weight = float(min(len(block.text), 600))
        for share, element in zip(_SHARES, _upwards(block.element), strict=False):
            # A paragraph is not what holds the text; an element whose lines only breaks divide is.
            if element is not block.element or held[element] > 1:
                score[element] = score.get(element, 0.0) + weight * share
    best: etree._Element | None = None
    for element, value in score.items():
        if best is None or value > score[best] * 1.02:
            best = element
    return best


def _upwards(element: etree._Element) -> Iterator[etree._Element]:
    """Give an element and those around it, without ``html``."""
    current: etree._Element | None = element
    while current is not None and current.tag != "html":
        yield current
        current = current.getparent()


def _find_teasers(blocks: Sequence[Block]) -> set[int]:
    """Return the indexes of texts that announce another article: each with its linked title in a box of its own."""
    texts = [index for index, block in enumerate(blocks) if is_text(block)]
    held: Multiset[etree._Element] = Multiset()
    for index in texts:
        held.update(islice(_upwards(blocks[index].element), 4))
    found: set[int] = set()
    for index in texts:
        # Between title and text there may be a date.
        title = next((before for before in blocks[max(0, index - 3) : index][::-1] if is_link(before)), None)
        if title is not None:
            around = set(islice(_upwards(blocks[index].element), 4))
            box = next((element for element in islice(_upwards(title.element), 4) if element in around), None)
            if box is not None and held[box] == 1:
                found.add(index)
    return found if len(found) > 1 else set()


def find_region(document: Document) -> Region | None:
    """Find the article on a page.

    Returns None when no run of text on the page is long enough to be one.
    """
    body = document.tree.find("body")
    root = document.tree if body is None else body
    blocks, files = read_blocks(root, document.absolute, furniture(root) if not document.is_text else ())
    if not blocks:
        return None
    teasers = _find_teasers(blocks)
    # An article may be one table, or «Chi tiết xem tại file đính kèm.» and a file.
    weights = (_is_running_text, _is_table, _is_short_text)
    core = next(
        (found for weighs in weights if (found := _densest(blocks, teasers, weighs)) is not None), None
    )
    if core is None:
        return None
    if document.is_text:
        core = root
    inside = set(core.iter())
    positions = [index for index, block in enumerate(blocks) if block.element in inside]
    if not positions:
        return None
    first, last = positions[0], positions[-1]
    folds = [fold(block.text) for block in blocks]
    texts = [
        i
        for i in range(first, last + 1)
        if is_text(blocks[i])
        and i not in teasers
        and not is_toolbar(blocks[i].text, folds[i])
        and not _is_field(blocks[i])
    ]
    title, method, title_at = find_title(document, blocks, folds, texts[0] if texts else first)
    region = Region(title, method)
    start = first if title_at is None else title_at + 1
    # A long title in the element of the text counts as text itself.
    first_text = next((index for index in texts if index >= start), max(start, first))
    stop, boxes = _find_end(blocks, folds, max(start, first_text), last)
    region.head = _head(blocks, start, max(first_text, start), title_at)
    last_text = max((index for index in texts if index < stop), default=first)
    for index in range(start, stop):
        block = blocks[index]
        if block.role in (Role.IMAGE, Role.CAPTION):
            if title_at is not None or index >= first:
                region.body.append(block)
        elif is_toolbar(block.text, folds[index]) or index in boxes or index in teasers:
            continue
        elif is_link(block):
            # Below the text such a list is any article's.
            region.links += index < last_text
        elif index >= first or is_text(block):
            region.body.append(block)
    _cut_foot(region)
    _take_summary(region)
    region.files = [file for position, file in files if start <= position <= stop + 8]
    region.tail = [block for block in blocks[stop : last + 40] if block.role is not Role.IMAGE]
    return region


_VIEW_MARK = re.compile(r"(?:^|[\s_-])(?:eye|views?|hits?|luot-?xem|luot-?doc)(?:[\s_-]|$)", re.I)


def _head(blocks: Sequence[Block], start: int, stop: int, title_at: int | None) -> list[Candidate]:
    """Return the short lines before and after the title, some with the label that only an icon shows."""
    top = [block.text for block in blocks[:8]]
    lines: list[Candidate] = []
    for index in range(max(0, start - 8), stop):
        block = blocks[index]
        if not block.text or len(block.text) > 300 or index == title_at:
            if index == title_at:
                lines += [Candidate(date, _BEHIND) for date in _DATES_IN_BRACKETS.findall(block.text)]
            continue
        text = block.text
        # Values in elements of their own stand apart on the page, with or without a space between.
        apart = plain(block.element) if len(block.element) else text
        if apart.replace(" ", "") == text.replace(" ", ""):
            text = apart
        if text.replace(".", "").isdigit() and any(
            _VIEW_MARK.search(element.get("class") or "")
            for element in block.element.iter("i", "em", "span", "img")
        ):
            text = f"{labels.of_group('views')[0]}: {text}"
        distance = index - (start if title_at is None else title_at)
        lines.append(Candidate(text, distance, clock=index < 5 and is_clock(top, index)))
    return lines


_BEHIND = 9  # lines: the date behind a title is only a day, and gives way to one with a time
_DATES_IN_BRACKETS = re.compile(r"\((\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}[^()]{0,20})\)$")


def _cut_foot(region: Region) -> None:
    """Take from the end of the text what is not its own: the site's foot, files in a box below it."""
    for index in range(max(1, len(region.body) - 6), len(region.body)):
        if labels.SITE_FOOT.match(fold(region.body[index].text)):
            del region.body[index:]
            break
    # Files below the text are its attachments; those that stand in it are part of it.
    holders = {block.element.getparent() for block in region.body if is_text(block)}
    while region.body and is_file_link(region.body[-1]):
        if region.body[-1].element.getparent() in holders:
            break
        region.body.pop()


def _is_field(block: Block) -> bool:
    """Tell whether a line states author, date or reads, and more of these, rather than text."""
    return len(block.text) <= 200 and labels.FIELD_LINE.match(fold(block.text)) is not None


def _take_summary(region: Region) -> None:
    """Take the first text of the body for the summary: it has a class that says so, stands apart, or is bold."""
    texts = [block for block in region.body if is_text(block) and not _is_field(block)]
    if len(texts) < 2:
        return
    first, second = texts[0], texts[1]
    rest = sum(len(block.text) for block in texts[1:])
    if len(first.text) > min(MAX_SUMMARY, rest) or (first.role is Role.ITEM and second.role is Role.ITEM):
        return
    home = _home(texts[1:])
    apart = home is not None and first.element is not home and home not in first.element.iterancestors()
    if apart or (first.bold and not second.bold) or _has_class(first.element, _SUMMARY_CLASS, home):
        region.summary = first
        region.body.remove(first)


def _home(texts: Sequence[Block]) -> etree._Element | None:
    """Return the element in which at least two paragraphs and most of the text stand, if there is one."""
    weight: dict[etree._Element, list[int]] = {}
    for block in texts:
        for element in (block.element, block.element.getparent()):
            if element is not None:
                weight.setdefault(element, []).append(len(block.text))
    whole = sum(len(block.text) for block in texts)
    return next((e for e, parts in weight.items() if len(parts) > 1 and 2 * sum(parts) > whole), None)


def _has_class(element: etree._Element, pattern: re.Pattern[str], within: etree._Element | None) -> bool:
    for _ in range(3):
        if element is within:
            return False
        if pattern.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return False


def _find_end(blocks: Sequence[Block], folds: Sequence[str], start: int, last: int) -> tuple[int, set[int]]:
    """Return the index after the last block of the text, and those of boxes with other articles inside it."""
    boxes: set[int] = set()
    index = start + 1
    while index <= last:
        block = blocks[index]
        if block.role is not Role.IMAGE and len(block.text) <= 120 and labels.END_LINE.match(folds[index]):
            resumed = _resumption(blocks, folds, start, index, last)
            if resumed is None:
                return index, boxes
            boxes.update(range(index, resumed))
            index = resumed
        index += 1
    return last + 1, boxes


def _resumption(blocks: Sequence[Block], folds: Sequence[str], start: int, box: int, last: int) -> int | None:
    """Return where the text goes on after «Tin liên quan»: where it stands in the same element as before."""
    if box + 1 > last or not is_link(blocks[box + 1]):
        return None
    parents = {block.element.getparent() for block in blocks[start:box] if is_text(block)}
    resumed = next(
        (
            i
            for i in range(box + 1, last + 1)
            if is_text(blocks[i]) and blocks[i].element.getparent() in parents
        ),
        None,
    )
    if resumed is None:
        return None
    for block, folded in zip(blocks[resumed : last + 1], folds[resumed : last + 1], strict=True):
        if len(block.text) <= 120 and labels.END_LINE.match(folded):
            break
        if is_link(block):
            # Not the text, but a list of other articles with their summaries.
            return None
    return resumed
