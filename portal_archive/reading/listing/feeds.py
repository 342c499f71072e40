"""The articles that a feed or a sitemap lists, however badly it is written."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import urldefrag, urljoin

import feedparser
from lxml import etree

from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.reading.cms import FAMILIES, split
from portal_archive.reading.dates import parse_meta_date
from portal_archive.reading.listing.traps import is_trap

MAX_ENTRIES = 5_000  # of a feed
MAX_LINES = 50_000  # of a sitemap of plain lines
_HEAD = 65_536  # bytes within which the first element stands, whatever comments stand before
_EARLY = 2_000
_BEFORE_ROOT = re.compile(rb"(?:\s|\xef\xbb\xbf|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>)*", re.S | re.I)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
_ENTRY = re.compile(rb"<(?:item|entry)\b")
_UTF_16 = re.compile(rb"""(<\?xml[^>]*encoding\s*=\s*["'])utf-?16(["'])""", re.I)
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)", re.I)
_ADDRESS_LINE = re.compile(rb"\s*https?://\S+\s*")


def kind_of(body: bytes) -> LinkKind | None:
    """Return FEED or SITEMAP where a response is one by its first element, or SITEMAP for lines of addresses."""
    head = body[:_HEAD]
    start = _BEFORE_ROOT.match(head)
    root = head[start.end() if start else 0 :][:200]
    # A warning of PHP may stand before it.
    early = b"" if b"<html" in head.lower() else head[:_EARLY]
    if _SITEMAP.match(root) or _SITEMAP.search(early):
        return LinkKind.SITEMAP
    if _FEED.match(root) or _FEED.search(early):
        return LinkKind.FEED
    lines = [line for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:20] if line.strip()]
    if lines and all(_ADDRESS_LINE.fullmatch(line) for line in lines):
        return LinkKind.SITEMAP
    return None


def read_feed(body: bytes, url: str) -> list[Link]:
    """Return the articles of an RSS or Atom feed; an unreadable feed gives none.

    `published_at` is what the feed states. NukeViet prints the month in place of the minutes, so that only date
    and hour can be trusted; it serves as a hint for the order of visits alone.
    """
    body = _as_labelled(body)
    starts = [found.start() for found in _ENTRY.finditer(body)]
    if len(starts) > MAX_ENTRIES:
        body = body[: starts[MAX_ENTRIES]]
    # As a stream: bytes might name a file.
    parsed = feedparser.parse(BytesIO(body), response_headers={"content-location": url})
    links: dict[str, Link] = {}
    for entry in parsed.entries:
        # A feed of comments lists an article once for each of them.
        href = urldefrag(str(entry.get("link") or "").strip()).url
        if href and not _is_trap(href, article=True):
            moment = parse_meta_date(entry.get("published") or entry.get("updated") or "")
            links.setdefault(href, Link(href, LinkKind.ARTICLE, moment.iso if moment else None))
    return list(links.values())


def read_sitemap(body: bytes, url: str) -> list[Link]:
    """Return what a sitemap or a sitemap index lists; an unreadable one gives what could be read of it.

    Addresses may be relative to `url`, ampersands bare, and a sitemap may be lines of addresses alone.
    """
    if b"<" not in body[:_HEAD]:
        lines = body.removeprefix(b"\xef\xbb\xbf").split(b"\n", MAX_LINES)[:MAX_LINES]
        addresses = (
            line.strip().decode("utf-8", "replace") for line in lines if _ADDRESS_LINE.fullmatch(line)
        )
        return [Link(each, LinkKind.ARTICLE) for each in dict.fromkeys(addresses) if not _is_trap(each)]
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", _as_labelled(body).lstrip()), parser)
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
        location = _absolute(url, values.get("loc", ""))
        if values.get("loc") and (kind is LinkKind.SITEMAP or not _is_trap(location)):
            moment = parse_meta_date(values.get("lastmod", ""))
            links.append(Link(location, kind, moment.iso if moment else None))
    return links


def _is_trap(url: str, *, article: bool = False) -> bool:
    """Tell whether an address that is listed must not be visited all the same: tags, print views."""
    parts = split(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return is_trap(target, article=article or FAMILIES["generic"].article_match(url) is not None)


def _absolute(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _as_labelled(body: bytes) -> bytes:
    """Return a document that calls itself UTF-16 and is UTF-8 (.NET writes such) with the right name."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:200]:
        return body
    return _UTF_16.sub(rb"\g<1>utf-8\g<2>", body[:500]) + body[500:]
