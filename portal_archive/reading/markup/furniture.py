"""Which elements of a page are its furniture: menus, boxes, footers; what an element holds outweighs its class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

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
MUCH = 0.4  # of the page's text outside links: what holds so much is no furniture


def furniture(root: etree._Element) -> set[etree._Element]:
    """Return the elements that by tag, role or class are page furniture and never text of an article.

    What an element holds outweighs what it is called: one with the page's headline or article body is no
    furniture, nor is a wrapper that holds much of the text outside links.
    """
    certain = set(root.iter(*AWAY))
    likely: set[etree._Element] = set()
    for element in root.iter("div", "ul", "section", "table", "form", "ol"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.get("role") in ("navigation", "contentinfo") or _CERTAIN.search(marks):
            certain.add(element)
        elif marks != " " and _LIKELY.search(marks):
            likely.add(element)
    if likely:
        held = own_text(root)
        likely = {element for element in likely if held[element] < MUCH * held[root]}
    found = certain | likely
    for headline in _headlines(root) if found else ():
        found.difference_update((headline, *headline.iterancestors()))
    return found


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
    for name in ("headline", "articleBody"):
        marked = [element for element in root.iter() if element.get("itemprop") == name]
        if len(marked) == 1:
            yield marked[0]


def own_text(root: etree._Element) -> dict[etree._Element, int]:
    """Return for each element how many characters of text outside links it holds, scripts aside."""
    held: dict[etree._Element, int] = {}
    linked = set(root.iter("a", *_UNSEEN))
    for element in reversed(list(root.iter())):
        length = 0
        if element not in linked and isinstance(element.tag, str):
            length = len((element.text or "").strip())
            for child in element:
                length += held[child] + len((child.tail or "").strip())
        held[element] = length
    return held
