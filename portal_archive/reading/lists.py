"""The articles that a list page, a feed or a sitemap announces."""

from __future__ import annotations

import re
from io import BytesIO
from typing import cast

import feedparser
from lxml import etree

from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Item, Link
from portal_archive.reading.cms import Family, split
from portal_archive.reading.counts import find_views
from portal_archive.reading.dates import parse_date, parse_meta_date
from portal_archive.reading.document import Document
from portal_archive.reading.elements import plain, texts_of
from portal_archive.reading.text import clean

_RUNNING_NUMBER = re.compile(r"^\d{1,3}[.)]?\s{1,3}(?=\D)")
_DATE_AT_END = re.compile(r"\s*\((\d{1,2}[/.-]\d{1,2}[/.-]\d{4}[^()]{0,12})\)$")
MIN_TITLE = 12
MAX_CARD = 60  # elements


def list_items(document: Document, family: Family) -> list[Item]:
    """Return the articles a page announces, in its order, each once.

    The family's own rule counts where it finds any; else every link of the page that leads to an article of the
    same host and shows a title.
    """
    found: list[etree._Element] = []
    path = family.list_path
    if path is not None and family.may_list(document.source):
        found = cast("list[etree._Element]", path(document.tree))
    exact = bool(found)
    if not exact:
        found = list(document.tree.iter("a"))
    targets = _Targets(document, family)
    items: dict[str, Item] = {}
    for link in found:
        href = link.get("href")
        url = targets.article(href) if href and not exact else targets.url(href) if href else None
        if url is None or url in items or len(title := _title(link)) < MIN_TITLE:
            continue
        items[url] = _described(url, title, link, targets)
    return list(items.values())


class _Targets:
    """Where the links of a page lead; each address is worked out once."""

    def __init__(self, document: Document, family: Family) -> None:
        self.document = document
        self.family = family
        self.host = split(document.base).netloc
        self._articles: dict[str, str | None] = {}

    def url(self, href: str) -> str:
        return self.family.canonical(self.document.absolute(href))

    def article(self, href: str) -> str | None:
        """Return the canonical URL where the link leads to an article of this host, else None."""
        if href not in self._articles:
            url = None if href.startswith(("#", "javascript:", "mailto:")) else self.url(href)
            own = (
                url is not None
                and split(url).netloc == self.host
                and self.family.article_match(url) is not None
            )
            self._articles[href] = url if own else None
        return self._articles[href]


def _title(link: etree._Element) -> str:
    shown = plain(link)
    full = clean(link.get("title")) or ""
    # The attribute is whole where the shown title is cut.
    if shown.endswith(("...", "…")) and full.startswith(shown.rstrip(".… ")):
        return full
    return _RUNNING_NUMBER.sub("", shown) if shown else full


def _described(url: str, title: str, link: etree._Element, targets: _Targets) -> Item:
    card = _card(link, url, targets)
    published_at: str | None = None
    views: int | None = None
    if (dated := _DATE_AT_END.search(title)) and (reading := parse_date(dated.group(1))) and reading.moment:
        title, published_at = title[: dated.start()], reading.moment.iso
    if card is None:
        return Item(url, title, published_at, clean(link.get("data-content")))
    summary = clean(link.get("data-content"))
    lines = [line for text in texts_of(card) if (line := clean(text)) and line not in title]
    for line in lines:
        if published_at is None and len(line) < 120 and (reading := parse_date(line)) and reading.moment:
            published_at = reading.moment.iso
        if views is None and len(line) < 120 and (count := find_views(line)):
            views = count.value
        if summary is None and len(line) >= 60:
            summary = line
    return Item(url, title, published_at, summary, views)


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


def read_feed(body: bytes, url: str) -> list[Link]:
    """Return the articles of an RSS or Atom feed; an unreadable feed gives none.

    `published_at` is what the feed states. NukeViet prints the month in place of the minutes, so that only date
    and hour can be trusted; it serves as a hint for the order of visits alone.
    """
    # As a stream: bytes might name a file.
    parsed = feedparser.parse(BytesIO(body), response_headers={"content-location": url})
    links: list[Link] = []
    for entry in parsed.entries:
        if href := entry.get("link"):
            moment = parse_meta_date(entry.get("published") or entry.get("updated") or "")
            links.append(Link(href.strip(), LinkKind.ARTICLE, moment.iso if moment else None))
    return links


def read_sitemap(body: bytes, url: str) -> list[Link]:
    """Return what a sitemap or a sitemap index lists; an unreadable one gives what could be read of it."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    links: list[Link] = []
    for entry in root if root is not None else ():
        if not isinstance(entry.tag, str):
            continue
        kind = LinkKind.SITEMAP if etree.QName(entry).localname == "sitemap" else LinkKind.ARTICLE
        values = {
            etree.QName(child).localname: (child.text or "").strip()
            for child in entry
            if isinstance(child.tag, str)
        }
        if location := values.get("loc"):
            moment = parse_meta_date(values.get("lastmod", ""))
            links.append(Link(location, kind, moment.iso if moment else None))
    return links
