"""Where an article stands among the lines of its page: its head, its text and what comes after, by labels and ends.

Works on the blocks of the whole page in document order, so that it reads a page of nested lists, of tables or of
plain lines alike.
"""

from __future__ import annotations

import re
from collections import Counter as Multiset
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from portal_archive.model.page import Attachment
from portal_archive.reading import labels
from portal_archive.reading.article.body import Content, read_blocks
from portal_archive.reading.article.density import densest, upwards
from portal_archive.reading.dates import Candidate, is_clock
from portal_archive.reading.listing.boxes import Box
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.markup.lines import LONG, PageLines, is_file_link, is_link, is_text, is_toolbar
from portal_archive.reading.metadata.titles import (
    Title,
    find_addressed,
    find_dated_heading,
    find_only_headline,
    find_title,
)
from portal_archive.vietnamese.folding import fold

_SUMMARY_CLASS = re.compile(
    r"sapo|hometext|lead|summary|tom-?tat|mo-?ta|description|intro|trich-?dan|abstract|short-?desc|chapeau|news-?des",
    re.I,
)
MAX_SUMMARY = 1000
_FAR = 25  # lines between a title and its text
_SOME_TEXT = 250  # characters of paragraphs: more than a teaser
_FOOT = 12  # lines at the end of a page
_NO_TEXT = 6  # lines below a title without text
_BEHIND = 9  # lines: the date behind a title is only a day, and gives way to one with a time
_MAX_HEAD = 300  # characters of a box of furniture that may hold the date


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
    films: int = 0
    links: int = 0  # titles of other articles among the text: a list has many
    has_text: bool = False  # running text of its own
    boxes: int = 0  # lines of boxes of other articles between the title and the end
    turns: int = 0  # times that text goes on behind such a box
    is_followed: bool = False  # by a box of another article, at once

    @property
    def lines(self) -> list[str]:
        """The lines before and of the text."""
        return [line.text for line in self.head] + [block.text for block in self.body]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but a title."""
        return not self.length and not self.files and not self.has_more_than_text

    @property
    def has_more_than_text(self) -> bool:
        """Whether pictures, films or tables stand in the text."""
        return self.films > 0 or any(block.role in (Role.IMAGE, Role.TABLE) for block in self.body)

    @property
    def length(self) -> int:
        """Characters of text, without captions."""
        return sum(len(block.text) for block in self.body if block.role is not Role.CAPTION)


def find_region(
    document: Document, root: etree._Element, dropped: set[etree._Element], boxes: Sequence[Box]
) -> Region | None:
    """Find the article below an element, most often the body of the page.

    `dropped` are the elements that are furniture, `boxes` those that announce other articles. Returns None where
    neither text nor title tells where an article would stand.
    """
    content = read_blocks(root, document.absolute, dropped if not document.is_text else ())
    blocks = content.blocks
    page = PageLines(document, blocks, [fold(block.text) for block in blocks], _announced(blocks, boxes))
    core = _core(page, root, 0)
    if core is None and _take_captions_for_text(page):
        core = _core(page, root, 0)
    title = find_title(page, core.texts[0] if core and core.texts else core.first if core else len(blocks))
    if (
        title.method not in ("slug", "headline")
        and not document.is_text
        and (addressed := find_addressed(page)) is not None
    ):
        title = addressed
        core = _core(page, root, title.stop)
    elif title.method in ("", "meta") and (headed := find_only_headline(page)) is not None:
        # The longest text of the page is not that of its headline: teasers, a list of other news.
        below = _core_around(page, headed)
        if below is not None and _belongs(page, headed, below):
            title, core = headed, below
    if (
        core is not None
        and title.method == "slug"
        and title.at is not None
        and not _belongs(page, title, core)
    ):
        core = None
    if core is None and title.at is None:
        title = find_dated_heading(page) or title
    if core is None:
        if title.at is None or title.method == "position":
            return None
        core = _beside(page, title.at, title.stop)
    return _region(page, content, title, core)


@dataclass(slots=True)
class _Core:
    """From the first to the last block of the element that holds the text, and which of them are running text."""

    first: int
    last: int
    texts: list[int]


def _announced(blocks: Sequence[Block], boxes: Sequence[Box]) -> set[int]:
    """Return the indexes of the blocks that stand in boxes of other articles."""
    inside: set[etree._Element] = set()
    around: set[etree._Element] = set()
    rows: Multiset[etree._Element] = Multiset()
    for box in boxes:
        inside.update(box.element.iter())
        around.update(islice(box.link.iterancestors(), 3))
        rows.update(islice(box.element.iterancestors("table"), 1))
    return {
        index
        for index, block in enumerate(blocks)
        if block.element in inside
        or (block.element in around and is_link(block))
        # Each row of the table speaks of another article.
        or (block.role is Role.TABLE and 2 * rows[block.element] > block.text.count("\n"))
    }


def _core(page: PageLines, root: etree._Element, start: int) -> _Core | None:
    blocks = page.blocks
    held = None if root.tag in ("body", "html") else set(root.iter())
    own = [
        blocks[index]
        for index in range(start, len(blocks))
        if index not in page.announced
        and (held is None or blocks[index].element in held)
        and not _is_foot(page, index)
    ]
    element = root if page.document.is_text and own else densest(own)
    if element is None:
        return None
    inside = set(element.iter())
    positions = [index for index in range(start, len(blocks)) if blocks[index].element in inside]
    if not positions:
        return None
    return _Core(positions[0], positions[-1], _texts(page, positions[0], positions[-1]))


def _take_captions_for_text(page: PageLines) -> bool:
    """Let sentences below pictures be text, on a page that has no other; tell whether there are any."""
    found = [
        block
        for index, block in enumerate(page.blocks)
        if block.role is Role.CAPTION and index not in page.announced and len(block.text) >= LONG
    ]
    for block in found:
        block.role = Role.PARAGRAPH
    return bool(found)


def _core_around(page: PageLines, title: Title) -> _Core | None:
    """Return the text in the smallest element around a title that holds some paragraphs below it; None without them."""
    assert title.at is not None
    for element in upwards(page.blocks[title.at].element):
        if element.tag == "body":
            break
        core = _core(page, element, title.stop)
        if core is not None and sum(len(page.blocks[index].text) for index in core.texts) >= _SOME_TEXT:
            return core
    return None


def _texts(page: PageLines, first: int, last: int) -> list[int]:
    return [
        index
        for index in range(first, last + 1)
        if is_text(page.blocks[index])
        and index not in page.announced
        and not is_toolbar(page.blocks[index].text, page.folds[index])
        and not _is_field(page.blocks[index])
        and not _is_foot(page, index)
    ]


def _is_foot(page: PageLines, index: int) -> bool:
    """Tell whether a line is of the foot of the page: its licence, its owner."""
    return index >= len(page.blocks) - _FOOT and labels.SITE_FOOT.match(page.folds[index]) is not None


def _belongs(page: PageLines, title: Title, core: _Core) -> bool:
    """Tell whether text that stands below a title is that title's: nothing ends its article before."""
    between = range(title.stop, core.texts[0] if core.texts else core.first)
    return len(between) <= _FAR and not any(
        index in page.announced or (_ends(page, index) and not page.is_own(index + 1)) for index in between
    )


def _ends(page: PageLines, index: int) -> bool:
    block = page.blocks[index]
    return index in page.announced or (
        len(block.text) <= 120 and labels.END_LINE.match(page.folds[index]) is not None
    )


def _beside(page: PageLines, title_at: int, stop: int) -> _Core:
    """Return what stands with a title that has no text below it, within the largest element that is its alone."""
    blocks = page.blocks
    last = stop - 1
    for element in islice(upwards(blocks[title_at].element), 7):
        if element.tag == "body" and last >= stop:
            break
        inside = set(element.iter())
        end = last
        while end + 1 < len(blocks) and blocks[end + 1].element in inside:
            end += 1
            if _ends(page, end):
                last = max(last, end - 1)
                return _Core(stop, last, _texts(page, stop, last))
            if blocks[end].role is Role.HEADING and last >= stop:
                return _Core(stop, last, _texts(page, stop, last))
        last = end
    return _Core(stop, last, _texts(page, stop, last))


def _region(page: PageLines, content: Content, title: Title, core: _Core) -> Region:
    blocks, folds = page.blocks, page.folds
    first, last = core.first, core.last
    region = Region(title.text, title.method)
    start = first if title.at is None else title.stop
    # A long title in the element of the text counts as text itself.
    first_text = next((index for index in core.texts if index >= start), max(start, first))
    stop, inner = _find_end(blocks, folds, max(start, first_text), last)
    # Where there is no text, what stands below the title may all the same be its date.
    region.head = _head(
        blocks, start, max(first_text, start) if core.texts else min(stop, start + _NO_TEXT), title
    )
    region.head += _beside_title(page, content, title)
    last_text = max((index for index in core.texts if index < stop), default=first)
    region.has_text = any(start <= index < stop for index in core.texts)
    for index in range(start, stop):
        block = blocks[index]
        if index in page.announced:
            region.boxes += index not in inner
            region.turns += index + 1 < stop and index + 1 not in page.announced
        elif block.role in (Role.IMAGE, Role.CAPTION):
            if title.at is not None or index >= first:
                region.body.append(block)
        elif is_toolbar(block.text, folds[index]) or index in inner:
            continue
        elif is_link(block):
            # Below the text such a list is any article's.
            region.links += index < last_text
        elif index >= first or is_text(block):
            region.body.append(block)
    _cut_foot(region)
    _take_summary(region)
    region.files = [file for position, file in content.files if start <= position <= stop + 8]
    region.films = sum(start <= position <= stop for position in content.films)
    region.is_followed = stop in page.announced
    # What is said of another article, its date, is not said of this one.
    region.tail = [
        blocks[index]
        for index in range(stop, min(last + 40, len(blocks)))
        if blocks[index].role is not Role.IMAGE and index not in page.announced
    ]
    return region


_VIEW_MARK = re.compile(r"(?:^|[\s_-])(?:eye|views?|hits?|luot-?xem|luot-?doc)(?:[\s_-]|$)", re.I)


def _head(blocks: Sequence[Block], start: int, stop: int, title: Title) -> list[Candidate]:
    """Return the short lines before and after the title, some with the label that only an icon shows."""
    top = [block.text for block in blocks[:8]]
    lines = [Candidate(title.date, _BEHIND)] if title.date else []
    for index in range(max(0, start - 8), stop):
        block = blocks[index]
        if (
            not block.text
            or len(block.text) > 300
            or block.text == title.text  # the dates of a title are those it speaks of
            or (title.at is not None and title.at <= index < title.stop)
        ):
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
        distance = index - (start if title.at is None else title.at)
        # Below the title no clock stands.
        clock = index < 5 and (title.at is None or index <= title.at) and is_clock(top, index)
        lines.append(Candidate(text, distance, clock=clock, element=block.element))
    return lines


def _beside_title(page: PageLines, content: Content, title: Title) -> Iterator[Candidate]:
    """Give the short lines of furniture beside the title: «Ngày đăng: ...» in a bar of buttons."""
    if title.at is None:
        return
    near = [element for position, element in content.dropped if title.at - 8 <= position <= title.stop + 8]
    around = [
        element for element in islice(upwards(page.blocks[title.at].element), 5) if element.tag != "body"
    ]
    for element in near:
        if not any(holder in around for holder in islice(element.iterancestors(), 5)):
            continue
        if len(plain(element)) > _MAX_HEAD:
            continue
        for block in read_blocks(element, page.document.absolute).blocks:
            if block.text:
                yield Candidate(block.text, 2)


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
    if (
        apart
        or (first.bold and not second.bold)
        or _has_class(first.element, _SUMMARY_CLASS, texts[-1].element)
    ):
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


def _has_class(element: etree._Element, pattern: re.Pattern[str], last: etree._Element) -> bool:
    """Tell whether an element, or one close around it that does not also hold the `last` text, has a class."""
    around_last = {last, *last.iterancestors()}
    for around in islice(upwards(element), 3):
        if around in around_last:
            return False
        if pattern.search(f"{around.get('class') or ''} {around.get('id') or ''}"):
            return True
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
