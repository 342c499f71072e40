"""The visitor counter of a page, found by its labels in any markup.

A page without a counter costs one look at its source, and so does one with a plain counter. Otherwise only the
neighbourhood of the words that can vouch for a counter is walked, never the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import NamedTuple

from lxml import etree

from portal_archive.model.page import Counter, Problem
from portal_archive.reading import labels
from portal_archive.reading.counter_rows import (
    Block,
    Row,
    Segment,
    find_blocks,
    is_of_an_article,
    names_counter,
    settle_lone,
    to_counter,
)
from portal_archive.reading.plain_counter import read_plain

# VietSoftware's VCounter has digit boxes in a list of this class and no label at all.
_BOXES_CLASS = "wd-access"
_NEEDLES = ("ruy c", "nline")
_RARE_NEEDLES = (
    "ruy C", "RUY C", "ruy\u00a0c", "ruy&nbsp;c", "NLINE", "c tuy", "c Tuy", "C TUY", "ộ đếm", "Ộ ĐẾM",
    "o\u0323\u0302 đe\u0302\u0301m", "isitor counter",
)  # fmt: skip
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
# Elements that a counter's neighbourhood may have, and how many of them before the element that was found.
_MAX_ELEMENTS = 80
_MAX_BEFORE = 30
_MAX_CLIMB = 16
# A list page may show the read counts of all its articles under the same label.
_MAX_VOUCHERS = 300
_MAX_TEXT = 1000
_MAX_TAG = 2000
_SKIPPED = frozenset(
    ["style", "noscript", "textarea", "template", "select", "svg", "iframe", "object", "head", "title"]
)
_BREAKS = frozenset(
    ["br", "hr", "div", "p", "li", "tr", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_FILLED_BY_SCRIPT = frozenset(
    [
        "span",
        "b",
        "strong",
        "font",
        "label",
        "td",
        "dd",
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "output",
        "ins",
        "script",
    ]
)
_ARTICLE = re.compile(
    r"article|texthit|(?:news|content|text|post)[-_]?detail|detail[-_]?(?:news|content)|body[-_]?(?:text|html)|"
    r"(?:post|entry|news)[-_]?(?:meta|content|body)|bai-?viet|asset-?(?:content|publish)|chi-?tiet|noi-?dung",
    re.I,
)
_SITE = re.compile(r"footer|sidebar|counter|statistic|visitor|thong-?ke|truy-?cap|wd-access|online", re.I)

_Piece = tuple[Segment, etree._Element, bool]


def read_counter(tree: etree._Element, source: str) -> tuple[Counter | None, list[Problem]]:
    """Read the visitor counter of a page.

    Takes the root element and the decoded source it was parsed from. Returns None where the page has no
    counter; a counter with ``None`` and a reason where it has a label without a number. A number inside a
    comment or a script is not read, one that is only hidden by its style is. Problems: "counter-too-large",
    "counter-not-a-count". Never raises for what a page contains.
    """
    vouchers = _vouchers(source, _NEEDLES)
    if (plain := read_plain(source, vouchers.places)) is not None:
        return to_counter([plain])
    found = _Found()
    found.look(tree, vouchers)
    if not found.has_total():
        found.look(tree, _vouchers(source, _RARE_NEEDLES))
    blocks = found.blocks + settle_lone(found.lone)
    if _BOXES_CLASS in source:
        blocks += _unlabelled(tree)
    return to_counter(blocks)


def _unlabelled(tree: etree._Element) -> Iterator[Block]:
    heading = Segment(labels.of_group("counter.heading")[0], (0,))
    for boxes in tree.iter(etree.Element):
        if _BOXES_CLASS in (boxes.get("class") or "").split():
            yield from find_blocks([heading, *(segment for segment, _, _ in _walk([boxes]))])


def read_counter_text(lines: Sequence[str]) -> tuple[Counter | None, list[Problem]]:
    """Read the visitor counter from a page's text alone, a line of the page an item of `lines`."""
    segments = [Segment(line) for line in lines if line.strip()]
    blocks: list[Block] = []
    lone: list[tuple[Row, bool]] = []
    for block in find_blocks(segments):
        rows = block.lone_totals()
        lone += [(row, False) for row in rows if not is_of_an_article(row, segments)]
        if not rows:
            blocks.append(block)
    return to_counter(blocks + settle_lone(lone))


@dataclass(slots=True)
class _Found:
    """The blocks found so far; apart those that may be an article's own count."""

    blocks: list[Block] = field(default_factory=list)
    lone: list[tuple[Row, bool]] = field(default_factory=list)
    walked: set[tuple[etree._Element, bool]] = field(default_factory=set)

    def look(self, tree: etree._Element, vouchers: _Vouchers) -> None:
        """Add the blocks around the vouchers."""
        large: dict[etree._Element, list[_Piece]] = {}
        for owner in islice(_owners(tree, vouchers.texts, vouchers.tags), _MAX_VOUCHERS):
            if owner not in self.walked:
                pieces = _neighbourhood(*owner, large)
                self.walked.update((element, is_tail) for _, element, is_tail in pieces)
                self.add(pieces)

    def add(self, pieces: Sequence[_Piece]) -> None:
        segments = [segment for segment, _, _ in pieces]
        for block in find_blocks(segments):
            rows = block.lone_totals()
            for row in rows:
                place = _place(pieces, row)
                if place != "article" and not is_of_an_article(row, segments):
                    self.lone.append((row, place == "site"))
            if not rows and (block.is_live() or _place(pieces, block.rows[0]) != "article"):
                self.blocks.append(block)

    def has_total(self) -> bool:
        return bool(self.lone) or any(block.has_total() for block in self.blocks)


class _Vouchers(NamedTuple):
    """The texts of a page that can vouch for a counter, the names of the tags before them, and their places."""

    texts: set[str]
    tags: set[str]
    places: list[int]


def _vouchers(source: str, needles: Iterable[str]) -> _Vouchers:
    texts: set[str] = set()
    tags: set[str] = set()
    places: list[int] = []
    for needle in needles:
        at = source.find(needle)
        while at >= 0:
            # Within limits, because a page may be one line of a megabyte.
            first = max(at - _MAX_TEXT, 0)
            start = max(source.rfind(">", first, at) + 1, first)
            end = source.find("<", at, at + _MAX_TEXT)
            end = end if end >= 0 else min(at + _MAX_TEXT, len(source))
            if source.find("<", start, at) < 0:  # not inside a tag
                text = unescape(source[start:end]).strip()
                if names_counter(text):
                    texts.add(text)
                    places.append(at)
                    if tag := _TAG.match(source, source.rfind("<", max(start - _MAX_TAG, 0), start)):
                        tags.add(tag[1].lower())
            at = source.find(needle, end)
    return _Vouchers(texts, tags, places)


def _owners(tree: etree._Element, texts: set[str], tags: set[str]) -> Iterator[tuple[etree._Element, bool]]:
    """Find `texts` in the tree: the element that holds each, and whether it is its tail."""
    missing = set(texts)
    # Every element is looked at only where the parser understood the page otherwise than it is written.
    for elements in (tree.iter(*tags) if tags else (), tree.iter()):
        if not missing:
            break
        for element in elements:
            for text, is_tail in ((element.text, False), (element.tail, True)):
                if not text or (word := text.strip()) not in texts:
                    continue
                if is_tail or (isinstance(element.tag, str) and element.tag != "script"):
                    missing.discard(word)
                    yield element, is_tail


def _neighbourhood(
    element: etree._Element, is_tail: bool, large: dict[etree._Element, list[_Piece]]
) -> list[_Piece]:
    """Return the pieces of text around one: of the largest small element around it, and of its siblings.

    Where the text stands directly in a large element, that is walked once and kept in `large`.
    """
    block = element.getparent() if is_tail else element
    if block is None:
        return []
    size = _size(block, _MAX_ELEMENTS)
    if size > _MAX_ELEMENTS:
        pieces = large.get(block) or large.setdefault(block, list(_walk([block])))
        at = next((i for i, (_, owner, tail) in enumerate(pieces) if owner is element and tail is is_tail), 0)
        return pieces[max(at - _MAX_BEFORE, 0) : at + _MAX_ELEMENTS]
    for _ in range(_MAX_CLIMB):
        parent = block.getparent()
        if parent is None or (around := _size(parent, _MAX_ELEMENTS)) > _MAX_ELEMENTS:
            break
        block, size = parent, around
    left = _MAX_ELEMENTS - size
    before = _nearest(block.itersiblings(preceding=True), min(left, _MAX_BEFORE))
    after = _nearest(block.itersiblings(), left)
    return list(_walk([*reversed(before), block, *after]))


def _size(element: etree._Element, limit: int) -> int:
    return sum(1 for _ in islice(element.iter(), limit + 1))


def _nearest(siblings: Iterable[etree._Element], limit: int) -> list[etree._Element]:
    """Return the first of `siblings` that together have no more than `limit` elements."""
    taken = []
    for sibling in siblings:
        limit -= _size(sibling, limit)
        if limit < 0:
            break
        taken.append(sibling)
    return taken


def _walk(roots: Iterable[etree._Element]) -> Iterator[_Piece]:
    """Yield the pieces of text of sibling elements; each with its element, and whether it is its tail."""
    path = [0]
    number = 0
    after_break = False
    links = 0
    for root in roots:
        # Of a comment only the text behind it is on the page.
        is_element = isinstance(root.tag, str)
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi")) if is_element else None
        for event, element in walker or (("comment", root),):
            tag = element.tag
            if event == "start":
                number += 1
                path.append(number)
                after_break |= tag in _BREAKS
                links += tag == "a"
                if tag in _SKIPPED and walker:
                    walker.skip_subtree()
                elif tag == "script" or not (element.text and element.text.strip()):
                    if tag in _FILLED_BY_SCRIPT and not len(element):
                        yield Segment(None, tuple(path), after_break, links > 0), element, False
                else:
                    yield Segment(element.text, tuple(path), after_break, links > 0), element, False
                    after_break = False
                continue
            if event == "end":
                path.pop()
                after_break |= tag in _BREAKS
                links -= tag == "a"
            if element.tail and element.tail.strip():
                yield Segment(element.tail, tuple(path), after_break, links > 0), element, True
                after_break = False


def _place(pieces: Sequence[_Piece], row: Row) -> str | None:
    """Say whether the nearest telling element around a row belongs to an "article" or to the "site"."""
    _, owner, is_tail = pieces[row.segment]
    element = owner.getparent() if is_tail else owner
    while element is not None and element.tag not in ("body", "html"):
        marks = " ".join(filter(None, map(element.get, ("class", "id", "itemtype", "itemprop"))))
        if element.tag in ("footer", "aside") or _SITE.search(marks):
            return "site"
        if element.tag == "article" or _ARTICLE.search(marks):
            return "article"
        element = element.getparent()
    return None
