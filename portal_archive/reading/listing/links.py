"""Which links of a page are worth a visit, and what each is taken for.

A portal offers a crawler more traps than articles: switches of theme and language whose addresses change on every
visit, calendars without end, print views, searches, tags, comment forms, and every list once more under another
order. What is left out here is never fetched.
"""

from __future__ import annotations

import re
from posixpath import splitext
from urllib.parse import parse_qsl, unquote

from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Link, Page
from portal_archive.model.site import site_of
from portal_archive.reading.cms import FAMILIES, Family, split
from portal_archive.reading.listing.traps import is_trap
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.files import embedded_file, linked_file
from portal_archive.reading.markup.jumps import jump_of
from portal_archive.reading.portal_rules import PortalRules, rules_from

_FILES = frozenset(
    ".pdf .doc .docx .xls .xlsx .ppt .pptx .zip .rar .7z .jpg .jpeg .png .gif .webp .svg .bmp .ico .mp3 "
    ".mp4 .avi .flv .wmv .mov .css .js .woff .woff2 .ttf .exe .apk .odt .ods .rtf .txt .json".split()
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_FEED_PATH = re.compile(r"/(?:rss|feed|feeds)(?:/|$|\.|\?)|\.rss$|rss\.(?:aspx|xml|php)", re.I)
_NOFOLLOW = re.compile(r"\bnofollow\b")
_REPEATED = re.compile(r"(/[^/]+)(?:/[^/]+)*?\1(?:/[^/]+)*?\1(?:/|$)")
# What turns the pages of one article or list.
_PAGERS = frozenset(("start", "limitstart", "page", "trang", "p"))
_PART = re.compile(r"(?:/(?:(?:page|trang|p)[-/]?)?|-(?:page|trang)-?)\d{1,2}/?(?:\.html?)?", re.I)
# Characters of an address as people read it: each Vietnamese letter is six or nine bytes in a URL.
MAX_URL = 600
MAX_CODED_URL = 4000
MAX_SEGMENTS = 9


def classify(url: str, family: Family, host: str) -> LinkKind | None:
    """Return what a canonical URL is taken for; None for what must not be visited.

    `host` is the portal's own, with its port where it has one; everything else is another site.
    """
    parts = split(url)
    if parts.scheme not in ("http", "https") or not _is_same_site(url, host):
        return None
    if len(url) > MAX_URL and (len(url) > MAX_CODED_URL or len(unquote(url)) > MAX_URL):
        return None
    target = parts.path + ("?" + parts.query if parts.query else "")
    if family.traps is not None and family.traps.search(target):
        return None
    article = family.article_match(url) is not None
    listed = family.list_url is not None and family.list_url.search(target) is not None
    if not listed and is_trap(target, article=article):
        return None
    extension = splitext(parts.path)[1].lower()
    if extension in _FILES or parts.path.count("/") > MAX_SEGMENTS or _REPEATED.search(parts.path):
        return None
    if article:
        return LinkKind.ARTICLE
    if _FEED_PATH.search(target):
        return LinkKind.FEED
    if extension == ".xml":
        return LinkKind.SITEMAP if "sitemap" in target else None
    return LinkKind.LIST


def _unlinked(document: Document, page: Page) -> list[str]:
    """Return what a page leads to without a link: where it jumps, and the list page that its CMS would load next."""
    jump = jump_of(document) if page.article is None else None
    more = FAMILIES[page.cms or "generic"].next_pages(document, page) if page.kind is Outcome.LIST else []
    return [jump, *more] if jump else more


def _is_same_site(url: str, host: str) -> bool:
    scheme, netloc = split(url)[:2]
    return netloc.lower() == host or site_of(url) == site_of(f"{scheme}://{host}/")


def find_links(
    document: Document, page: Page, family: str | PortalRules | None = None, host: str | None = None
) -> list[Link]:
    """Return the links of a parsed page that are worth a visit, each once, in the page's order.

    `page` is what was read from it: its items carry dates that serve as hints, its images and attachments are
    links of kind FILE. `family` names the family that classifies (the page's own by default); `host` is the
    portal's (that of the page by default).
    """
    cms = FAMILIES[rules_from(family).family or page.cms or "generic"]
    own = (host or split(document.url).netloc).lower()
    if page.kind in (Outcome.BLOCKED, Outcome.GONE):
        return []
    found: dict[str, Link] = {}
    for item in page.items:
        _add(found, item.url, cms, own, item.published_at, LinkKind.ARTICLE)
    for element in document.head_elements("link"):
        if element.get("type") in _FEED_TYPES and (href := element.get("href")):
            if not _is_of_page(document.absolute(href), document.url):
                _add(found, document.absolute(href), cms, own, kind=LinkKind.FEED)
        elif (element.get("rel") or "").lower() in ("next", "prev") and (href := element.get("href")):
            _add(found, document.absolute(href), cms, own)
    for target in _unlinked(document, page):
        _add(found, target, cms, own)
    is_article = page.article is not None
    for element in document.tree.iter("a", "area", "frame", "iframe"):
        href = element.get("href") or (element.get("src") if element.tag in ("frame", "iframe") else None)
        if element.tag in ("frame", "iframe") and embedded_file(element):
            continue  # a viewer: what it shows is a file of the article
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "file:")):
            continue
        if (rel := element.get("rel")) and _NOFOLLOW.search(rel):
            continue
        address = document.absolute(href)
        if not (is_article and _is_part_of(address, document.url)):
            _add(found, address, cms, own)
    for url in _files(document, page, own):
        found[url] = Link(url, LinkKind.FILE)
    if page.article is not None:
        found.pop(page.article.canonical_url or "", None)
    found.pop(cms.canonical(document.url), None)
    return list(found.values())


def _files(document: Document, page: Page, host: str) -> list[str]:
    """Return pictures and files of an article, and the documents of a record that is none: they are to be kept too."""
    if page.article is not None:
        shown = [image.url for image in page.article.images]
        shown += [file.url for file in page.article.attachments]
        return [url for url in shown if url.startswith(("http://", "https://"))]
    if not page.is_stated:
        return []
    linked = (linked_file(link) for link in document.tree.iter("a"))
    return [url for href in linked if href and _is_same_site(url := document.absolute(href), host)]


def _is_part_of(address: str, article: str) -> bool:
    """Tell whether an address is that of a page of an article in parts: `?start=1`, `/trang-2`."""
    linked, own = split(address), split(article)
    if linked.netloc != own.netloc:
        return False
    if linked.path != own.path:
        stem = own.path.rstrip("/").removesuffix(".html")
        return linked.path.startswith(stem) and _PART.fullmatch(linked.path[len(stem) :]) is not None
    pager = {name for name, _ in parse_qsl(linked.query)} & _PAGERS
    return bool(pager) and _without_pager(linked.query) == _without_pager(own.query)


def _without_pager(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parse_qsl(query) if name not in _PAGERS]


def _is_of_page(feed: str, page: str) -> bool:
    """Tell whether a feed is that of one page: the comments on an article, a list once more."""
    own = split(page).path.rstrip("/")
    return len(own) > 1 and split(feed).path.startswith(f"{own}/")


def _add(
    found: dict[str, Link],
    address: str,
    cms: Family,
    host: str,
    published_at: str | None = None,
    kind: LinkKind | None = None,
) -> None:
    """Add a link that may be visited; `kind` is what the page says it is, where its address does not tell."""
    url = cms.canonical(address)
    if url not in found and (seen_as := classify(url, cms, host)) is not None:
        found[url] = Link(url, kind if kind and seen_as is LinkKind.LIST else seen_as, published_at)
