"""The parts of a page with words of a counter, as pieces of text in reading order with how near each is to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from lxml import etree

_SKIPPED = frozenset("style noscript textarea template select svg iframe object head title".split())
_TEXTLESS = _SKIPPED | {"script", etree.Comment, etree.ProcessingInstruction, etree.Entity}
_BREAKS = frozenset("br hr div p li tr ul ol dl table h1 h2 h3 h4 h5 h6".split())
_FILLED_BY_SCRIPT = frozenset(
    "span b strong font label td dd div p h1 h2 h3 h4 h5 h6 output ins script".split()
)
# Classes and ids of elements that hold a counter and nothing else.
_MARK = re.compile(
    r"counter|visit(?:s|or|ed)?(?![a-z])|hit-?count|statistic|thong-?ke|truy-?cap|(?<![a-z])wd-access", re.I
)
_LONGEST_NAME = 200
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


# Segments before and after a word of a counter that may belong to its row.
BEFORE, AFTER = 4, 18
# Beyond so many segments a word is the first of another part of the page.
_REACH = BEFORE + AFTER
# The word itself, as its element's text and as the tail of that.
_OWN = 2


class Weight(NamedTuple):
    """What a text says of a counter: whether it `vouches` for one, or has a `bare` word that only goes with others."""

    vouches: bool
    bare: bool


class _Place(NamedTuple):
    """A word of a counter: the index of the element that it stands in or behind, and its weight."""

    at: int
    weight: Weight


def parts_of(
    root: etree._Element, weigh: Callable[[str], Weight | None], least_bare: int
) -> Iterator[tuple[list[Segment], list[Owner]]]:
    """Give the parts of a page in which a counter may stand, each as pieces of text in reading order with their owners.

    `weigh` returns the weight of a text that has words of a counter, else None. Around each such text the pieces are
    complete as far as `BEFORE` and `AFTER`; a part in which no text vouches has at least so many with bare words.
    Texts of comments, scripts and what no page shows are left out; a picture of a number counts as that number.
    """
    elements = list(root.iter())
    # All elements are asked one question after the other: few of a page have to do with its counter.
    tags = [element.tag for element in elements]
    texts = [element.text for element in elements]
    tails = [element.tail for element in elements]
    tails[0] = None
    hidden = _hide(elements, tags, texts, tails)
    weights = {
        text: weight
        for text in {*texts, *tails}
        if text and not text.isspace() and (weight := weigh(text)) is not None
    }
    marks = _marks(elements, hidden)
    places = [_Place(index, Weight(vouches=True, bare=False)) for index in marks]
    if weights:
        places += [
            _Place(index, weights[text]) for index, text in enumerate(texts) if text and text in weights
        ]
        behind = {index: weights[text] for index, text in enumerate(tails) if text and text in weights}
        places += map(_Place, _last_below(elements, list(behind)), behind.values())
    for group in _groups(sorted(places), lambda index: _surely(elements[index], texts[index], tails[index])):
        if (
            any(place.weight.vouches for place in group)
            or sum(place.weight.bare for place in group) >= least_bare
        ):
            start, pieces = group[0].at, 0
            while start and pieces < BEFORE + _OWN:
                start -= 1
                pieces += _surely(elements[start], texts[start], tails[start])
            walk = _Walk({elements[index] for index in marks}, weights)
            walk.walk(elements, start, group[-1].at)
            yield walk.segments, walk.owners


def _hide(
    elements: Sequence[etree._Element],
    tags: Sequence[object],
    texts: list[str | None],
    tails: list[str | None],
) -> set[int]:
    """Take away the texts that no page shows; return the indexes of the elements that hold them."""
    hidden: set[int] = set()
    for index in [index for index, tag in enumerate(tags) if tag in _TEXTLESS]:
        if tags[index] == "script":
            texts[index] = None
        elif index not in hidden:
            stop = index + sum(1 for _ in elements[index].iter())
            hidden.update(range(index, stop))
            texts[index:stop] = [None] * (stop - index)
            tails[index + 1 : stop] = [None] * (stop - index - 1)
    return hidden


def _marks(elements: Sequence[etree._Element], hidden: set[int]) -> list[int]:
    """Return the indexes of the outermost elements with others inside whose class or id names a counter."""
    named = [
        index
        for index, element in enumerate(elements)
        if len(element)
        and (
            ((name := element.get("class")) and len(name) < _LONGEST_NAME and _names_counter(name))
            or ((name := element.get("id")) and len(name) < _LONGEST_NAME and _names_counter(name))
        )
    ]
    marks: list[int] = []
    stop = 0
    for index in named:
        if index >= stop and index not in hidden:
            marks.append(index)
            stop = index + sum(1 for _ in elements[index].iter())
    return marks


def _last_below(elements: Sequence[etree._Element], indexes: Sequence[int]) -> list[int]:
    """Return for elements, by ascending indexes, the index of the last element inside each, else its own."""
    if not any(len(elements[index]) for index in indexes):
        return list(indexes)
    index_of = {element: index for index, element in enumerate(elements)}
    known: dict[etree._Element, int] = {}
    for index in reversed(indexes):  # inner elements first
        last = elements[index]
        while len(last) and last not in known:
            last = last[-1]
        known[elements[index]] = known.get(last, index_of[last])
    return [known[elements[index]] for index in indexes]


def _surely(element: etree._Element, text: str | None, tail: str | None) -> int:
    """Return how many pieces of text an element makes before the next one begins, at least."""
    shown = bool(text and not text.isspace())
    return shown + bool(tail and not tail.isspace() and not len(element))


def _groups(places: Sequence[_Place], surely: Callable[[int], int]) -> Iterator[list[_Place]]:
    """Part the words of counters where more than their reach lies between.

    `surely` returns how many pieces of text the element at an index makes at least.
    """
    group: list[_Place] = []
    for place in places:
        if group:
            between = accumulate(map(surely, range(group[-1].at, place.at)))
            if any(pieces > _REACH + _OWN for pieces in between):
                yield group
                group = []
        group.append(place)
    if group:
        yield group


class _Walk:
    """Where a walk through a part of a page stands, and what it has passed."""

    def __init__(self, marks: Collection[etree._Element], words: Collection[str | None]) -> None:
        self.segments: list[Segment] = []
        self.owners: list[Owner] = []
        self._marks = marks
        self._words = words
        self._depth = self._common = 1
        self._after_break = self._begun = False
        self._links = 0
        self._marked: etree._Element | None = None
        self._skipped: etree._Element | None = None
        self._last = 0  # the number of pieces up to the last word of a counter

    def walk(self, elements: Sequence[etree._Element], start: int, last: int) -> None:
        """Walk from an element to as far behind the one at `last` as a row of a counter may reach."""
        # Elements alone, with the end of each told by the parent of the next: a third of the time of both events.
        opened = list(elements[start].iterancestors())[::-1]
        for element in opened:
            self._enter(element)
        self._begun = False
        passed: int | None = None
        for index in range(start, len(elements)):
            element = elements[index]
            parent = element.getparent() if opened else None
            while opened and opened[-1] is not parent:
                self._end(opened.pop())
            if index > last:
                passed = len(self.segments) if passed is None else passed
                if len(self.segments) - max(passed, self._last) > _REACH:
                    return
            self._begin(element)
            opened.append(element)
        while opened:
            self._end(opened.pop())

    def _enter(self, element: etree._Element) -> None:
        """Open an element; what it begins with follows."""
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
        if self._marked is None and element in self._marks:
            self._marked, self._begun = element, True

    def _begin(self, element: etree._Element) -> None:
        """Pass the beginning of an element, with the text it begins with."""
        self._enter(element)
        if self._skipped is not None:
            return
        tag = element.tag
        text = element.text if tag not in _SHOWN_BY_ATTRIBUTES else _digits(element)
        if text and tag != "script" and not text.isspace():
            self._add(text, element, is_tail=False)
            self._after_break = False
        elif tag in _FILLED_BY_SCRIPT and not len(element):
            self._add(None, element, is_tail=False)

    def _end(self, element: etree._Element) -> None:
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
        if self._begun or text in self._words:
            self._last = len(self.segments)
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


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _names_counter(name: str) -> bool:
    return _MARK.search(name) is not None


def common_depth(first: int, second: int, segments: Sequence[Segment]) -> int:
    """Return how deep the innermost element around two segments stands."""
    if first == second:
        return segments[first].depth
    if second == first + 1:
        return segments[second].common
    return min(segments[index].common for index in range(first + 1, second + 1))
