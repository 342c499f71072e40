"""How a style hides what it is given to, and which classes and ids the style sheets of a page hide.

A portal's own classes stand in several rules, one that hides and one that shows, and scripts name them. A class
that was made to hide something stands in one rule, and in the tags.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from portal_archive.integrity.source import worn_names

_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_TRICKS = (
    ("zero size", "cỡ bằng không", re.compile(
        r"font-size\s*:\s*(?:0(?![.\d]*[1-9])|0?\.\d|1px)|(?<![\w-])(?:max-)?(?:height|width)\s*:\s*[01](?:px|em|%)?\s*(?:;|$|!)"
        r"|line-height\s*:\s*0(?![.\d])|transform\s*:\s*scale\(0|clip\s*:\s*rect\(\s*[01]", re.I)),
    ("off the screen", "nằm ngoài màn hình", re.compile(
        r"(?:text-indent|left|right|top|margin-left|margin-top|margin)\s*:\s*-\d{3,}|translate\w*\(\s*-\d{3,}", re.I)),
    ("transparent", "trong suốt", re.compile(
        r"(?<![\w-])opacity\s*:\s*0?(?:\.0\d*)?\s*(?:;|$|!)|(?<![\w-])color\s*:\s*transparent", re.I)),
)  # fmt: skip
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.I)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.I)
_WHITE = frozenset(
    ("#fff", "#ffffff", "white", "rgb(255,255,255)", "#fefefe", "#fdfdfd", "rgba(255,255,255,1)", "#fffffe")
)

# A sheet for print, or for browsers without scripts.
_ELSEWHERE = re.compile(r"<noscript[^<>]*>\s*<style|media\s*=\s*[\"']?(?!all|screen)", re.I)
_NOTE = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)")
_BRACE = re.compile(r"([^{}]*)([{}])")
_NAME = re.compile(r"[.#][a-zA-Z_][\w-]*")
_SIMPLE = re.compile(r"(?:[a-zA-Z][a-zA-Z\d]*)?([.#][a-zA-Z_][\w-]*)")
_NAMING = re.compile(r"(?:[.#]|\(\s?[\"'])\Z")
_LONGER = re.compile(r"[\w-]")
_MOVES = re.compile(r"transition|animation", re.I)  # what a script shows in time
_ALWAYS = frozenset(("@media all", "@media screen"))
_MOST_NAMES = 50  # each is looked for on the whole page
_LONGEST_SHEET = 50_000  # characters; a whole framework's is longer, and takes milliseconds


class Hiding(NamedTuple):
    """How a style hides, in words, and whether that is a trick."""

    how: str
    how_vi: str
    is_trick: bool


NOT_DISPLAYED = Hiding("not displayed", "không được hiển thị", False)
ZERO_SIZE = Hiding("zero size", "cỡ bằng không", True)
SAME_COLOUR = Hiding("in the colour of the page", "cùng màu với nền", True)


def hiding_of(style: str) -> Hiding | None:
    """Return how a style hides; None when it does not, or only by its colour."""
    if _NOT_SHOWN.search(style):
        return NOT_DISPLAYED
    for how, how_vi, pattern in _TRICKS:
        if pattern.search(style):
            return Hiding(how, how_vi, True)
    return None


def plain_colour(value: str | None) -> str:
    """Return a colour in one spelling, "white" for all that look like it; "" for none."""
    squeezed = "".join((value or "").lower().split())
    return "white" if squeezed in _WHITE else squeezed


def colour_of(style: str) -> str:
    """Return the colour of the text that a style sets, in one spelling."""
    match = _COLOUR.search(style)
    return plain_colour(match[1]) if match else ""


def background_of(style: str) -> str:
    """Return the background that a style sets, in one spelling."""
    match = _BACKGROUND.search(style)
    return plain_colour(match[1]) if match else ""


def hidden_names(source: str, starts: list[int]) -> dict[str, Hiding]:
    """Return the classes (".x") and ids ("#x") of a page that its style sheets at these places hide for good."""
    used: Counter[str] = Counter()
    hidden: dict[str, Hiding] = {}
    last = 0
    for start in starts:
        if not 0 <= last <= start:
            continue  # part of the sheet before
        first = source.find(">", start) + 1
        last = source.find("</", first)
        if first <= last <= first + _LONGEST_SHEET and not _ELSEWHERE.search(
            source, max(start - 40, 0), first
        ):
            names, hides = _names_of(source[first:last])
            used.update(names)
            hidden.update(hides)
    once = [name for name in hidden if used[name] == 1]
    worn = worn_names(source) if once else frozenset()
    looked_at = [name for name in once if name[1:] in worn][:_MOST_NAMES]
    return {name: hidden[name] for name in looked_at if not _is_scripted(name[1:], source)}


def _is_scripted(name: str, source: str) -> bool:
    """Tell whether more than one rule names a class or id: then a script does."""
    return (
        sum(
            bool(_NAMING.search(before[-3:])) and not _LONGER.match(after)
            for before, after in pairwise(source.split(name))
        )
        > 1
    )


@lru_cache(maxsize=32)
def _names_of(sheet: str) -> tuple[Counter[str], dict[str, Hiding]]:
    """Return how many rules name each class and id, and those that a simple rule hides."""
    used: Counter[str] = Counter()
    hidden: dict[str, Hiding] = {}
    preludes: list[str] = []
    for text, brace in _BRACE.findall(_NOTE.sub("", sheet)):
        if brace == "{":
            preludes.append(" ".join(text.rpartition(";")[2].split()))
            continue
        selector = preludes.pop() if preludes else "@"
        if selector.startswith("@"):
            continue
        used.update(set(_NAME.findall(selector)))
        hiding = hiding_of(text)
        if hiding is None and (colour := colour_of(text)) and colour == background_of(text):
            hiding = SAME_COLOUR
        if hiding is None or _MOVES.search(text) or not _ALWAYS.issuperset(preludes):
            continue
        for part in selector.split(","):
            if simple := _SIMPLE.fullmatch(part.strip()):
                hidden[simple[1]] = hiding
    return used, hidden
