"""The articles that a list page announces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from lxml import etree

from portal_archive.model.page import Item
from portal_archive.model.site import site_of
from portal_archive.reading.cms import Family, split
from portal_archive.reading.dates import parse_date, parse_meta_date
from portal_archive.reading.listing.boxes import NOWHERE, Box, find_boxes, title_of
from portal_archive.reading.listing.traps import is_trap
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import texts_of
from portal_archive.reading.markup.files import is_file
from portal_archive.reading.markup.text import clean
from portal_archive.reading.metadata.counts import find_views
from portal_archive.reading.metadata.titles import split_date

_RUNNING_NUMBER = re.compile(r"^\d{1,3}[.)]?\s{1,3}(?=\D)")
_NOWHERE = ("#", "javascript:", "mailto:", "tel:", "data:", "file:")
MAX_CARD = 60  # elements
MAX_DATE_LINE = 120  # characters
MIN_SUMMARY = 60


def list_items(
    document: Document, family: Family, root: etree._Element, menus: set[etree._Element]
) -> tuple[list[Item], list[Box]]:
    """Return the articles a page announces, in its order, each once, and the boxes they stand in.

    The family's own rule counts where it finds any; else the boxes of one build, and every link of the page that leads
    to an article of the same site and shows a title. `menus` are the elements below `root` that announce nothing.
    """
    targets = _Targets(document, family)
    path = family.list_path
    if path is not None and family.may_list(document.source):
        links = cast("list[etree._Element]", path(document.tree))
        titles = _titles(links)
        if items := _items(
            titles, ((link, targets.url(href)) for link in links if (href := link.get("href"))), {}, targets
        ):
            return items, []
    titles = _titles(root.iter("a"))
    boxes = {box.link: box for box in find_boxes(titles, root, targets.announced, menus)}
    found = ((link, _leads_to(link, boxes, targets)) for link in titles)
    return _items(titles, found, boxes, targets), list(boxes.values())


def _titles(links: Iterable[etree._Element]) -> dict[etree._Element, str]:
    """Return the links that show a title; most are entries of a menu, too short for one."""
    return {link: title for link in links if (title := title_of(link)) is not None}


def _leads_to(link: etree._Element, boxes: dict[etree._Element, Box], targets: _Targets) -> str | None:
    """Return the URL of the article that a link with a title announces; None where it announces none."""
    if (box := boxes.get(link)) is not None:
        return box.url
    href = link.get("href")
    return targets.article(href) if href else None


def _items(
    titles: Mapping[etree._Element, str],
    links: Iterable[tuple[etree._Element, str | None]],
    boxes: dict[etree._Element, Box],
    targets: _Targets,
) -> list[Item]:
    items: dict[str, Item] = {}
    for link, url in links:
        if url is None or url in items or url.startswith(NOWHERE):
            continue
        box = boxes.get(link)
        if (title := box.title if box else titles.get(link)) is None:
            continue
        card = box.element if box else _card(link, url, targets)
        items[url] = _described(url, _RUNNING_NUMBER.sub("", title), link, card)
    return list(items.values())


class _Targets:
    """Where the links of a page lead; each address is worked out once."""

    def __init__(self, document: Document, family: Family) -> None:
        self.document = document
        self.family = family
        self.site = site_of(document.base)
        self.top = document.absolute("/")
        self.own = family.canonical(document.url)
        self._urls: dict[str, str | None] = {}
        self._articles: dict[str, str | None] = {}
        self._matched: dict[str, bool] = {}

    def url(self, href: str) -> str:
        """Return the canonical URL of a link."""
        return self.family.canonical(self.document.absolute(href))

    def announced(self, href: str) -> str | None:
        """Return the canonical URL where a link may lead to an article: to a page of this site, not its home page."""
        if href not in self._urls:
            url = None if href.lower().startswith(_NOWHERE) or is_file(href) else self.url(href)
            self._urls[href] = url if url is not None and self._may_be_article(url) else None
        return self._urls[href]

    def _may_be_article(self, url: str) -> bool:
        parts = split(url)
        if (
            url == self.own
            or (self.site and not url.startswith(self.top) and site_of(url) != self.site)
            or not (parts.path.strip("/") or parts.query)
        ):
            return False
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return not is_trap(target, article=self._is_article(url))

    def _is_article(self, url: str) -> bool:
        if url not in self._matched:
            self._matched[url] = self.family.article_match(url) is not None
        return self._matched[url]

    def article(self, href: str) -> str | None:
        """Return the canonical URL where the address says that it is an article of this site, else None."""
        if href not in self._articles:
            url = self.announced(href)
            self._articles[href] = url if url and self._is_article(url) else None
        return self._articles[href]


def _described(url: str, title: str, link: etree._Element, card: etree._Element | None) -> Item:
    """Return an item with what stands beside its title: date, summary and number of reads."""
    views: int | None = None
    title, day = split_date(title)
    published_at = _iso(day or "")
    summary = clean(link.get("data-content"))
    lines = (clean(text) for text in texts_of(card)) if card is not None else ()
    for line in lines:
        if not line or line in title:
            continue
        if len(line) < MAX_DATE_LINE:
            published_at = published_at or _iso(line)
            if views is None and (count := find_views(line)):
                views = count.value
        if summary is None and len(line) >= MIN_SUMMARY:
            summary = line
    return Item(url, title, published_at, summary, views)


def _iso(text: str) -> str | None:
    reading = parse_date(text) if text else None
    moment = reading.moment if reading else parse_meta_date(text) if "T" in text else None
    return moment.iso if moment else None


def _card(link: etree._Element, url: str, targets: _Targets) -> etree._Element | None:
    """Return the largest element around a title link that speaks of this article alone."""
    best: etree._Element | None = None
    for ancestor in link.iterancestors():
        if ancestor.tag in ("body", "html"):
            break
        for count, element in enumerate(ancestor.iter()):
            if count > MAX_CARD:
                return best
            if element.tag == "a" and targets.article(element.get("href") or "#") not in (None, url):
                return best
        best = ancestor
    return best
