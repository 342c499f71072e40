"""What an element of a page shows: its text, and whether it is seen at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import cast

from lxml import etree

from portal_archive.reading.markup.text import clean

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|hide|d-none|modal|sr-only|visually-hidden|noprint|no-print)(?:\s|$)"
)
# Characters of a class attribute that is looked at: no real one has so many, and what is cached must not grow.
MAX_CLASSES = 1000
# A third of the time of `itertext`.
_TEXTS = etree.XPath("descendant::text()", smart_strings=False)


def is_hidden(element: etree._Element) -> bool:
    """Tell whether the element's own style or class keeps it from being seen."""
    style, classes = element.get("style"), element.get("class")
    return bool(
        (style and "none" in style and _HIDDEN_STYLE.search(style))
        or (classes and len(classes) <= MAX_CLASSES and _hides(classes))
    )


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _hides(classes: str) -> bool:
    return _HIDDEN_CLASS.search(classes) is not None


def texts_of(element: etree._Element) -> Sequence[str]:
    """Return all text below an element, piece by piece."""
    if not len(element):
        return (element.text,) if element.text else ()
    return cast("list[str]", _TEXTS(element))


@cache
def _path_to(attribute: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::*/@{attribute}", smart_strings=False)


def values_of(attribute: str, root: etree._Element) -> list[str]:
    """Return the values of an attribute on a page, for a fraction of the time of asking each element."""
    return cast("list[str]", _path_to(attribute)(root))


def plain(element: etree._Element) -> str:
    """Return all text below an element on one line ("" when there is none)."""
    return clean(" ".join(texts_of(element))) or ""


def is_longer(element: etree._Element, characters: int) -> bool:
    """Tell whether there is more text below an element than so many characters, without looking at all of it."""
    length = -len(element.tail or "")
    for node in element.iter():
        length += len(node.text or "") + len(node.tail or "")
        if length > characters:
            return True
    return False


# Where these begin or end, a word does.
_APART = frozenset("br p div li ul ol tr td th table h1 h2 h3 h4 h5 h6 hr dt dd img input".split())


def line(element: etree._Element) -> str:
    """Return all text below an element on one line, its words whole: only blocks and breaks part them."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        apart = node.tag in _APART
        if event == "start":
            parts += (" " if apart else "", node.text or "")
        else:
            parts += (" " if apart else "", (node.tail or "") if node is not element else "")
    return clean("".join(parts)) or ""
