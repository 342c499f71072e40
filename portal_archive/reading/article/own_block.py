"""The article's own block of a page: what stands there speaks of this article and of no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import cast

from lxml import etree

from portal_archive.reading import labels
from portal_archive.reading.article.body import read_blocks
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.lines import is_link
from portal_archive.reading.markup.text import clean
from portal_archive.vietnamese.folding import fold

_HEADINGS = ("h1", "h2", "h3", "h4")
_BOXES = ("div", "ul", "section", "article", "li")
_HOLDERS = frozenset((*_BOXES, "ol", "table", "footer", "main"))
_NO_HEADINGS = frozenset(("title", "script", "style", "a", "option", "html", "body"))
_ELSEWHERE = frozenset(("aside", "nav", "form", "select"))
_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related|relate|comments?|respond|reply|sidebar|widget|recent|breadcrumbs?|menu|navbar"
    r"|tin-?khac|lien-?quan|binh-?luan|tin-?moi|other-?news|footer)(?:[\s_-]|$|\d)",
    re.I,
)
_OTHER_TITLE = 25  # characters of a link that is the title of another article
_LONGEST = 300  # characters of a line that may state a field
_MOST_LINES = 200
_MOST_IN_BOX = 60  # elements of a box in which the title of another article is looked for
_SLACK = 1000  # characters of white space that a text may have
# A block of more than this has more than the article in it: characters beside those of its text.
_ROOM, _SHARE = 1500, 3
_MORE, _FEW = 200, 2  # characters, and links, that the largest element around it may add
_OPENING = 12  # characters of a title by which its element is looked for


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line around the text, its distance from the title in lines, and whether it stands behind the text."""

    text: str
    distance: int
    is_behind: bool


class OwnBlock:
    """The elements around title and text of an article, without what in them belongs to others.

    Nothing is looked for before it is asked for: most fields are known by then.
    """

    def __init__(self, document: Document, blocks: Sequence[Block], title: str | None) -> None:
        self.document = document
        self.title = fold(title or "").strip()
        self.texts = [block.element for block in blocks if block.role is not Role.IMAGE]
        self._title = title
        self._room = _SHARE * sum(len(block.text) for block in blocks) + _ROOM

    @cached_property
    def heading(self) -> etree._Element | None:
        """The element that shows the title."""
        return self._find_heading(self._title) if self._title else None

    @cached_property
    def holder(self) -> etree._Element | None:
        """The element that holds the text."""
        return _common([*self.texts[:1], *self.texts[-1:]]) if self.texts else None

    @cached_property
    def _root(self) -> etree._Element | None:
        ends = [element for element in (self.heading, self.holder) if element is not None]
        return _widened(_common(ends)) if ends else None

    @cached_property
    def is_narrow(self) -> bool:
        """Whether the element around title and text holds little else."""
        root = self._root
        return (
            root is not None
            and root.tag not in ("body", "html")
            and len(_shown(root, self._room)) <= self._room
        )

    @cached_property
    def is_declared(self) -> bool:
        """Whether the page itself says that the block is an article."""
        return self._root is not None and _says_article(self._root)

    @cached_property
    def roots(self) -> list[etree._Element]:
        """The element around title and text; where that holds half the page, what stands close to each."""
        return (
            [self._root] if self._root is not None and self.is_narrow else _close(self.heading, self.holder)
        )

    def _find_heading(self, title: str) -> etree._Element | None:
        """Return the element that shows the title: a heading, else the first element that does."""
        tree = self.document.tree
        for heading in tree.iter(*_HEADINGS):
            if fold(_shown(heading, len(title))).strip() == self.title:
                return heading
        start = title[:_OPENING]
        for element in tree.iter(etree.Element):
            if element.text and start in element.text and element.tag not in _NO_HEADINGS:
                return element
        return None

    @cached_property
    def _own(self) -> frozenset[etree._Element]:
        """The elements around title and text, each to the top."""
        ends = [element for element in (self.heading, *self.texts[:1]) if element is not None]
        return frozenset(around for end in ends for around in (end, *end.iterancestors()))

    def _is_others(self, element: etree._Element) -> bool:
        if element in self._own:
            return False
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if marks != " " and element.tag in _HOLDERS and _OTHERS.search(marks):
            return True
        is_box = element.tag in ("article", "li") or "Article" in (element.get("itemtype") or "")
        return is_box and any(
            len(text := _shown(link, _LONGEST)) >= _OTHER_TITLE and fold(text).strip() != self.title
            for link in islice(element.iter(), _MOST_IN_BOX)
            if link.tag == "a"
        )

    @cached_property
    def _near(self) -> etree._Element | None:
        """The largest element around the block that adds a few words to it, and no menu."""
        if not self.is_narrow:
            return None
        (root,) = self.roots
        added = links = 0
        for around in root.iterancestors():
            for beside in around:
                if beside is not root:
                    added += len(_shown(beside, _MORE + 1))
                    links += sum(1 for _ in islice(beside.iter("a"), _FEW + 1))
                if added > _MORE or links > _FEW:
                    return root
            if around.tag in ("body", "html"):
                break
            root = around
        return root

    def is_near(self, element: etree._Element) -> bool:
        """Tell whether an element stands in the block, or beside it with only a few words between."""
        return self._near is not None and (element is self._near or self._near in element.iterancestors())

    def is_before_text(self, element: etree._Element) -> bool:
        """Tell whether an element stands before the first line of the text."""
        if not self.texts:
            return False
        first = self.texts[0]
        around = _common([element, first])
        for child in around.iter():
            if child is element or child is first:
                return child is element
        return False

    @cached_property
    def elements(self) -> list[etree._Element]:
        """The block's own elements in document order, without those of its text, of comments and other articles."""
        texts = set(self.texts) - self._around_heading
        found: dict[etree._Element, None] = {}
        for root in self.roots:
            walker = etree.iterwalk(root, events=("start",))
            for _, element in walker:
                if not isinstance(element.tag, str):
                    continue
                if element in texts or (
                    element is not root and (element.tag in _ELSEWHERE or self._is_others(element))
                ):
                    walker.skip_subtree()
                else:
                    found[element] = None
        return list(found)

    @cached_property
    def lines(self) -> list[OwnLine]:
        """The short lines of a narrow block around its text, down to where others begin."""
        if not self.is_narrow:
            return []
        (root,) = self.roots
        texts = set(self.texts) - self._around_heading - {root}
        drop = [
            element
            for element in root.iter(*_BOXES, *_ELSEWHERE)
            if element.tag in _ELSEWHERE or self._is_others(element)
        ]
        content = read_blocks(root, self.document.absolute, texts.union(drop))
        blocks = content.blocks
        places = [place for place, element in content.dropped if element in texts]
        first, last = (places[0], places[-1]) if places else (len(blocks), len(blocks))
        title_at = next((i for i, block in enumerate(blocks) if fold(block.text).strip() == self.title), None)
        lines: list[OwnLine] = []
        # Below a title without a text others begin at once.
        end = last if places or title_at is None else title_at
        for place, block in enumerate(blocks):
            if place >= end and labels.END_LINE.match(fold(block.text[:_LONGEST])):
                break
            if 0 < len(block.text) <= _LONGEST and place != title_at and not is_link(block):
                distance = place - (first if title_at is None else title_at)
                lines.append(OwnLine(block.text, distance, place >= last))
        return lines[:_MOST_LINES]

    @cached_property
    def _around_heading(self) -> frozenset[etree._Element]:
        """Elements around the title: text that such an element holds cannot be left out with it."""
        return frozenset(self.heading.iterancestors()) if self.heading is not None else frozenset()


def _shown(element: etree._Element, limit: int) -> str:
    """Return the text below an element on one line; where it is longer, rather more than `limit` of it."""
    parts: list[str] = []
    length = 0
    for part in cast("Iterator[str]", element.itertext()):
        parts.append(part)
        length += len(part)
        if length > limit + _SLACK:
            break
    return clean(" ".join(parts)) or ""


def _common(elements: Sequence[etree._Element]) -> etree._Element:
    """Return the innermost element that is, or is around, all of these; the first where they share none."""
    first, *others = elements
    path = [first, *first.iterancestors()]
    for other in others:
        around = {other, *other.iterancestors()}
        path = [element for element in path if element in around]
    # What was taken out of the tree as furniture shares nothing with what stands in it.
    return path[0] if path else first


def _widened(element: etree._Element) -> etree._Element:
    """Return the article around an element, where it says it is one; else its parent where it is a line."""
    for around in (element, *element.iterancestors()):
        if _says_article(around):
            return around
    if element.tag in (*_HEADINGS, "p", "span", "td") and (parent := element.getparent()) is not None:
        return parent
    return element


def _says_article(element: etree._Element) -> bool:
    return element.tag == "article" or "Article" in (element.get("itemtype") or "")


def _close(heading: etree._Element | None, holder: etree._Element | None) -> list[etree._Element]:
    """Return what stands close to the title, and close to the text."""
    found: list[etree._Element] = []
    for element, steps in ((heading, 2), (holder, 1)):
        if element is None:
            continue
        for around in islice(element.iterancestors(), steps):
            if around.tag in ("body", "html"):
                break
            element = around
        if element.tag not in ("body", "html"):
            found.append(element)
    return found
