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
    segments: list[Segment] = []
    owners: list[Owner] = []
    depth = common = 1
    after_break = begun = False
    links = 0
    marked: etree._Element | None = None
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            depth += 1
            if tag in _SKIPPED:
                walker.skip_subtree()
                continue
            if tag in _BREAKS:
                after_break = True
            elif tag == "a":
                links += 1
            if marked is None and len(element) and _is_marked(element):
                marked, begun = element, True
            text = element.text if tag not in _SHOWN_BY_ATTRIBUTES else _digits(element)
            if text and tag != "script" and not text.isspace():
                segments.append(Segment(text, depth, common, after_break, links > 0, begun))
                after_break = False
            elif tag in _FILLED_BY_SCRIPT and not len(element):
                segments.append(Segment(None, depth, common, after_break, links > 0, begun))
            else:
                continue
            owners.append((element, False))
            common, begun = depth, False
            continue
        if event == "end":
            depth -= 1
            common = min(common, depth)
            if tag in _BREAKS:
                after_break = True
            elif tag == "a":
                links -= 1
            if marked is not None and element is marked:
                marked, begun = None, False
                segments.append(Segment("", depth, common, after_break))
                owners.append((element, True))
                common = depth
        tail = element.tail
        if tail and not tail.isspace() and element is not root:
            segments.append(Segment(tail, depth, common, after_break, links > 0, begun))
            owners.append((element, True))
            common, after_break, begun = depth, False, False
    return segments, owners


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
    return any(_names_counter(name) for name in (element.get("class"), element.get("id")) if name)


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _names_counter(name: str) -> bool:
    return len(name) < 200 and _MARK.search(name) is not None


def common_depth(first: int, second: int, segments: Sequence[Segment]) -> int:
    """Return how deep the innermost element around two segments stands."""
    if first == second:
        return segments[first].depth
    return min(segments[index].common for index in range(first + 1, second + 1))
