"""A page as pieces of text in reading order, with how near each stands to the next; walked once, in linear time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

_SKIPPED = frozenset("style noscript textarea template select svg iframe object head title".split())
_BREAKS = frozenset("br hr div p li tr ul ol dl table h1 h2 h3 h4 h5 h6".split())
_FILLED_BY_SCRIPT = frozenset(
    "span b strong font label td dd div p h1 h2 h3 h4 h5 h6 output ins script".split()
)
# Classes and ids of elements that hold a counter and nothing else.
_MARK = re.compile(
    r"counter|visit(?:s|or|ed)?(?![a-z])|hit-?count|statistic|thong-?ke|truy-?cap|(?<![a-z])wd-access", re.I
)
_SHOWN_BY_ATTRIBUTES = ("img", "input")
_DIGIT_FILE = re.compile(r"(?:^|/)([0-9])\.(?:gif|png|jpe?g|webp|svg)$", re.I)

Owner = tuple[etree._Element, bool]  # an element, and whether the text is its tail


class Segment(NamedTuple):
    """A piece of text without markup inside; `text` None is an element without any, "" the end of a marked element.

    `depth` is how deep it stands in the tree (0 in plain text), `common` how deep the innermost element around it
    and the segment before. `after_break`: a line break stands before it; `linked`: it is inside a link; `marked`:
    it begins an element whose class names a counter.
    """

    text: str | None
    depth: int = 0
    common: int = 0
    after_break: bool = False
    linked: bool = False
    marked: bool = False


def segments_of(root: etree._Element) -> tuple[list[Segment], list[Owner]]:
    """Return the pieces of text of a page in reading order, and the owner of each.

    Texts of comments, scripts and what no page shows are left out; a picture of a number counts as
    that number.
    """
    walk = _Walk()
    # Elements alone, with the end of each told by the parent of the next: a third of the time of both events.
    opened: list[etree._Element] = []
    for element in root.iter():
        parent = element.getparent() if opened else None
        while opened and opened[-1] is not parent:
            walk.end(opened.pop())
        walk.begin(element)
        opened.append(element)
    while opened:
        walk.end(opened.pop())
    return walk.segments, walk.owners


class _Walk:
    """Where a walk through a page stands, and what it has passed."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.owners: list[Owner] = []
        self._depth = self._common = 1
        self._after_break = self._begun = False
        self._links = 0
        self._marked: etree._Element | None = None
        self._skipped: etree._Element | None = None

    def begin(self, element: etree._Element) -> None:
        """Pass the beginning of an element, with the text it begins with."""
        self._depth += 1
        if self._skipped is not None:
            return
        tag = element.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            self._skipped = element
            return
        if tag in _BREAKS:
            self._after_break = True
        elif tag == "a":
            self._links += 1
        if self._marked is None and (element.get("class") or element.get("id")) and _is_marked(element):
            self._marked, self._begun = element, True
        text = element.text if tag not in _SHOWN_BY_ATTRIBUTES else _digits(element)
        if text and tag != "script" and not text.isspace():
            self._add(text, element, is_tail=False)
            self._after_break = False
        elif tag in _FILLED_BY_SCRIPT and not len(element):
            self._add(None, element, is_tail=False)

    def end(self, element: etree._Element) -> None:
        """Pass the end of an element, with the text behind it."""
        self._depth -= 1
        if self._depth < self._common:
            self._common = self._depth
        if self._skipped is not None:
            if self._skipped is not element:
                return
            self._skipped = None
        else:
            tag = element.tag
            if tag in _BREAKS:
                self._after_break = True
            elif tag == "a":
                self._links -= 1
            if self._marked is element:
                self._marked, self._begun = None, False
                self._add("", element, is_tail=True)
        tail = element.tail
        if tail and not tail.isspace() and self._depth > 1:
            self._add(tail, element, is_tail=True)
            self._after_break = False

    def _add(self, text: str | None, owner: etree._Element, *, is_tail: bool) -> None:
        self.segments.append(
            Segment(text, self._depth, self._common, self._after_break, self._links > 0, self._begun)
        )
        self.owners.append((owner, is_tail))
        self._common, self._begun = self._depth, False


def _digits(element: etree._Element) -> str | None:
    """Return the number that a field holds, or a picture shows by its alternative text or the name of its file."""
    if element.tag == "input":
        value = (element.get("value") or "").strip()
        return value if value[:1].isdecimal() and element.get("type", "text") == "text" else None
    alternative = (element.get("alt") or element.get("title") or "").strip()
    if alternative:
        return alternative if alternative.isdecimal() and alternative.isascii() else None
    named = _DIGIT_FILE.search(element.get("src") or "")
    return named[1] if named else None


def _is_marked(element: etree._Element) -> bool:
    """Tell whether the class or id of an element that has others inside names a counter."""
    return bool(len(element)) and any(
        _names_counter(name) for name in (element.get("class"), element.get("id")) if name
    )


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _names_counter(name: str) -> bool:
    return len(name) < 200 and _MARK.search(name) is not None


def common_depth(first: int, second: int, segments: Sequence[Segment]) -> int:
    """Return how deep the innermost element around two segments stands."""
    if first == second:
        return segments[first].depth
    return min(segments[index].common for index in range(first + 1, second + 1))
