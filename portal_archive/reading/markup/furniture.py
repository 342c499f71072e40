"""Which elements of a page are its furniture: menus, boxes, footers; what an element holds outweighs its class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from portal_archive.reading.markup.elements import MAX_CLASSES

AWAY = ("nav", "footer", "aside")
# Below or beside an article, however much they say: only what holds the article itself is none of these.
_CERTAIN = re.compile(
    r"(?:^|[\s_-])(?:footer|related|relate|other-news|othernews|tin-?khac|tin-?lien-?quan|lien-?quan|comments|"
    r"comment-\w+|binh-?luan|copyright)(?:[\s_-]|$)",
    re.I,
)
# Wrappers of a whole page are called like this too: "page-with-sidebar", "columns-widget".
_LIKELY = re.compile(
    r"(?:^|[\s_-])(?:sidebar|side-bar|menu|navbar|breadcrumbs?|banner|share|social|toolbar|weather|poll|vote|widget|"
    r"advert\w*|quang-?cao|modal|popup|login|search|pagination|pager|rating|print-tool|counter|thong-?ke|visitor\w*|"
    r"online)(?:[\s_-]|$)",
    re.I,
)
_MENU = re.compile(
    r"(?:^|[\s_-])(?:menu|navbar|breadcrumbs?|footer|copyright|pagination|pager|login)(?:[\s_-]|$)", re.I
)
_NAVIGATION = re.compile(r"(?:^|[\s_-])(?:menu|navbar)(?:[\s_-]|$)", re.I)
_UNSEEN = frozenset(
    ("script", "style", "noscript", "select", "option", "textarea", "button", "template", "title")
)
_NO_ELEMENTS = (etree.Comment, etree.ProcessingInstruction, etree.Entity)
MUCH = 0.4  # of the page's text outside links: what holds so much is no furniture


def furniture(root: etree._Element) -> set[etree._Element]:
    """Return the elements that by tag, role or class are page furniture and never text of an article.

    What an element holds outweighs what it is called: one with the page's headline or article body is no
    furniture, nor is a wrapper that holds much of the text outside links.
    """
    certain = set(root.iter(*AWAY))
    likely: set[etree._Element] = set()
    for element in root.iter("div", "ul", "section", "table", "form", "ol"):
        is_certain, is_likely = _judged(
            (element.get("class") or "")[:MAX_CLASSES], (element.get("id") or "")[:MAX_CLASSES]
        )
        if is_certain or element.get("role") in ("navigation", "contentinfo"):
            certain.add(element)
        elif is_likely:
            likely.add(element)
    if likely:
        held = own_text(root)
        likely = {element for element in likely if held[element] < MUCH * held[root]}
    found = certain | likely
    for headline in _headlines(root) if found else ():
        found.difference_update((headline, *headline.iterancestors()))
    return found


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _judged(classes: str, name: str) -> tuple[bool, bool]:
    """Tell by its class and id whether an element is certain to be furniture, and whether it is likely to."""
    marks = f"{classes} {name}"
    return _CERTAIN.search(marks) is not None, _LIKELY.search(marks) is not None


def menus_of(found: set[etree._Element]) -> set[etree._Element]:
    """Return of the furniture of a page what leads to its sections: no article is announced there.

    Of nested ones only the outermost.
    """
    menus = {
        element
        for element in found
        if element.tag in ("nav", "footer")
        or element.get("role") in ("navigation", "contentinfo")
        or _MENU.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    }
    return {menu for menu in menus if not any(ancestor in menus for ancestor in menu.iterancestors())}


def is_navigation(element: etree._Element) -> bool:
    """Tell whether an element is a menu of the site's sections, not its foot or a trail."""
    return (
        element.tag == "nav"
        or element.get("role") == "navigation"
        or _NAVIGATION.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None
    )


def _headlines(root: etree._Element) -> Iterator[etree._Element]:
    """Give the elements that say they are the page's own headline or article text.

    Boxes of other articles say so too, as do headings of page blocks: only one that is alone counts.
    """
    first = list(root.iter("h1"))
    if len(first) == 1:
        yield first[0]
    said = [(element, name) for element in root.iter() if (name := element.get("itemprop")) is not None]
    for wanted in ("headline", "articleBody"):
        marked = [element for element, name in said if name == wanted]
        if len(marked) == 1:
            yield marked[0]


def own_text(root: etree._Element) -> dict[etree._Element, int]:
    """Return for each element how many characters of text outside links it holds, scripts aside."""
    held: dict[etree._Element, int] = {}
    linked = set(root.iter("a", *_UNSEEN, *_NO_ELEMENTS))
    elements = list(root.iter())
    tails = [len(element.tail.strip()) if element.tail else 0 for element in elements]
    # Backwards: what is inside an element has been counted when it is its turn.
    inside = dict.fromkeys(elements, 0)
    for element, tail in zip(reversed(elements), reversed(tails), strict=True):
        length = 0
        if element not in linked:
            text = element.text
            length = inside[element] + (len(text.strip()) if text else 0)
        held[element] = length
        if (parent := element.getparent()) is not None and parent in inside:
            inside[parent] += length + tail
    return held
