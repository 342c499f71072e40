"""The articles that a feed or a sitemap lists."""

from __future__ import annotations

from io import BytesIO

import feedparser
from lxml import etree

from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.reading.dates import parse_meta_date


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
