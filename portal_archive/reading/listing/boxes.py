"""The boxes in which a page announces articles: built alike, each around the title link of one article."""

from __future__ import annotations

import re
from collections import Counter as Multiset
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from portal_archive.reading.markup.elements import MAX_CLASSES, is_longer, plain
from portal_archive.reading.markup.lines import is_toolbar
from portal_archive.reading.markup.text import clean
from portal_archive.vietnamese.folding import fold

LEAST = 3  # boxes of one build are a list
MIN_TITLE = 12  # characters
TITLE = 30  # characters on average: a menu's entries are shorter
SHORT_TITLE = 18  # the same where dates, pictures or teasers stand beside them
MAX_TITLE = 400
_TEASER = 40  # characters
_MAX_TEXT = 1000  # characters: a box with more holds an article
_MAX_ELEMENTS = 80
_AROUND = 40  # characters of a line that are not its link: a bullet, a date
# A link that only a script follows: its box is one all the same.
_NOWHERE = re.compile(r"\s*(?:#\s*$|javascript:)", re.I)
NOWHERE = "nowhere:"
_EVERYWHERE = 4  # as many places with a link to one address name a category
_SPACES = 2  # a title has three words
_BREAKS = frozenset(
    "br p div ul ol li table tr td h1 h2 h3 h4 h5 h6 section article dl dd dt span img".split()
)
_INLINE = frozenset(("b", "strong", "i", "em", "u", "span", "font"))
_RUNNING = _INLINE | {"p"}  # where what follows a link goes on with its sentence
_FAR = 12  # elements before a link on its line
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_VARYING = re.compile(
    r"\d|first|last|odd|even|active|current|selected|alternat|hot|left|right|clear|sticky", re.I
)


@dataclass(slots=True)
class Box:
    """One announced article: its title link, where that leads, and the element that speaks of it alone."""

    link: etree._Element
    url: str
    title: str
    element: etree._Element


def find_boxes(
    titles: Mapping[etree._Element, str],
    root: etree._Element,
    target: Callable[[str], str | None],
    dropped: set[etree._Element],
) -> list[Box]:
    """Return the boxes of articles below an element, in document order.

    `titles` are the links below it that show a title; `target` gives the canonical URL of a link that may lead to an
    article, None for any other; links in the elements `dropped` (menus) announce nothing.
    """
    links = list(_title_links(titles, target, dropped))
    owner = _owners(root, links)
    boxes = [Box(link, url, title, _around(link, url, owner)) for link, url, title in links]
    _level(boxes)
    kinds: defaultdict[object, list[Box]] = defaultdict(list)
    for box in boxes:
        kinds[_link_build(box)].append(box)
        parent = box.element.getparent()
        around = None if parent is None else _build(parent)
        kinds["box", box.url.startswith(NOWHERE), _build(box.element), around].append(box)
    repeated: set[etree._Element] = set()
    for alike in kinds.values():
        count = len({box.url for box in alike})
        if (count >= LEAST and _are_articles(alike)) or (count == LEAST - 1 and all(map(_has_teaser, alike))):
            repeated.update(box.link for box in alike)
    return [box for box in boxes if box.link in repeated]


def _level(boxes: list[Box]) -> None:
    """Cut boxes that are larger than most of their build down to what those hold: the last of a list stands alone."""
    builds: defaultdict[object, list[tuple[Box, int]]] = defaultdict(list)
    for box in boxes:
        levels = 0 if box.element is box.link else list(box.link.iterancestors()).index(box.element) + 1
        builds[_link_build(box)].append((box, levels))
    for alike in builds.values():
        counted = Multiset(levels for _, levels in alike)
        usual = max(counted, key=lambda levels: (counted[levels], -levels))
        for box, levels in alike:
            if levels > usual:
                box.element = (
                    box.link if not usual else next(islice(box.link.iterancestors(), usual - 1, None))
                )


def _has_teaser(box: Box) -> bool:
    """Tell whether a sentence stands beside the title."""
    return len(plain(box.element)) - len(box.title) >= _TEASER


def _title_links(
    titles: Mapping[etree._Element, str], target: Callable[[str], str | None], dropped: set[etree._Element]
) -> Iterator[tuple[etree._Element, str, str]]:
    """Give each link that reads like a title and begins its line, with its address and title."""
    found: list[tuple[etree._Element, str, str]] = []
    times: defaultdict[str, int] = defaultdict(int)
    before: str | None = None
    for link, title in titles.items():
        href = link.get("href")
        if not href or title.count(" ") < _SPACES:
            continue
        if _NOWHERE.match(href):
            url: str | None = f"{NOWHERE}{len(found)}"
        else:
            url = target(href)
        if url is None or not _leads_its_line(link) or _is_inside(link, dropped):
            continue
        found.append((link, url, title))
        times[url] += url != before  # picture, title and «Xem tiếp» of one box are one place
        before = url
    return (entry for entry in found if times[entry[1]] < _EVERYWHERE)


def title_of(link: etree._Element) -> str | None:
    """Return the title that a link shows; of one around a whole box its heading; None where it shows none."""
    text = plain(link)
    if len(link) and (heading := next(link.iter(*_HEADINGS), None)) is not None:
        text = plain(heading) or text
    # The attribute is whole where the shown title is cut.
    if not text or text.endswith(("...", "…")):
        whole = clean(link.get("title")) or ""
        if not text or whole.startswith(text.rstrip(".… ")):
            text = whole
    return text if MIN_TITLE <= len(text) <= MAX_TITLE and not is_toolbar(text, fold(text)) else None


def _is_inside(element: etree._Element, dropped: set[etree._Element]) -> bool:
    return bool(dropped) and any(ancestor in dropped for ancestor in element.iterancestors())


def _leads_its_line(link: etree._Element) -> bool:
    """Tell whether next to nothing stands on the line before and behind a link."""
    if _is_block(link):
        return True
    length = 0
    node = link
    for _ in range(_FAR):
        previous = node.getprevious()
        if previous is None:
            parent = node.getparent()
            if parent is None:
                break
            length += len((parent.text or "").strip())
            if parent.tag not in _INLINE:
                break
            node = parent
        else:
            length += len((previous.tail or "").strip())
            if _is_block(previous):
                break
            length += len(plain(previous))
            node = previous
        if length > _AROUND:
            return False
    holder = link.getparent()
    return len((link.tail or "").strip()) <= _AROUND or holder is None or holder.tag not in _RUNNING


def _is_block(element: etree._Element) -> bool:
    return element.tag in _BREAKS or any(child.tag in _BREAKS - _INLINE for child in element)


def _owners(
    root: etree._Element, links: list[tuple[etree._Element, str, str]]
) -> dict[etree._Element, str | None]:
    """Return for each element around title links the one address they lead to, None where there are several."""
    owner: dict[etree._Element, str | None] = {}
    for link, url, _ in links:
        element: etree._Element | None = link
        while element is not None and element is not root:
            known = owner.get(element, "")
            if known is None or known == url:
                break
            owner[element] = url if known == "" else None
            element = element.getparent()
    return owner


def _around(link: etree._Element, url: str, owner: dict[etree._Element, str | None]) -> etree._Element:
    best = link
    for ancestor in link.iterancestors():
        if owner.get(ancestor) != url:
            break
        if sum(1 for _ in islice(ancestor.iter(), _MAX_ELEMENTS + 1)) > _MAX_ELEMENTS:
            break
        if is_longer(ancestor, _MAX_TEXT) or _holds_a_headline(ancestor, link):
            break
        best = ancestor
    return best


def _holds_a_headline(element: etree._Element, link: etree._Element) -> bool:
    """Tell whether a heading of the first order stands in an element, other than that of the link."""
    return any(
        heading not in link.iterancestors() and link not in heading.iter() for heading in element.iter("h1")
    )


def _link_build(box: Box) -> object:
    """Return what links of one build have in common: tags and classes of the link and of what is around it."""
    builds = (_build(element) for element in islice(_upwards(box.link), 3))
    return "link", box.url.startswith(NOWHERE), *builds


def _upwards(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _build(element: etree._Element) -> tuple[str, ...]:
    return (element.tag, *_lasting((element.get("class") or "")[:MAX_CLASSES]))


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _lasting(classes: str) -> tuple[str, ...]:
    """Return the classes that do not tell one of a list from the others."""
    return tuple(name for name in classes.split() if not _VARYING.search(name))


def _are_articles(boxes: list[Box]) -> bool:
    """Tell titles of articles from entries of a menu: they are longer, or more than a link stands beside them."""
    titles = {box.url: box.title for box in boxes}
    mean = sum(map(len, titles.values())) / len(titles)
    if mean >= TITLE:
        return True
    if mean < SHORT_TITLE:
        return False
    richer = sum(
        len(plain(box.element)) > len(box.title) + 8 or next(box.element.iter("img"), None) is not None
        for box in boxes
    )
    return 2 * richer > len(boxes)
