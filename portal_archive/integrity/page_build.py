"""Reading what a page is built of, for telling whether the same people still build it."""

from __future__ import annotations

import re

from portal_archive.integrity.hosts import host_of
from portal_archive.model.page_build import PageBuild
from portal_archive.reading.markup.document import Document

# What a frame is made of; the text's own elements differ from article to article.
_FRAME = ("body", "header", "nav", "main", "aside", "footer", "section", "div", "ul", "form", "table")
_STYLESHEET = frozenset(("stylesheet", "preload", "preconnect", "dns-prefetch"))
_FONTS = re.compile(r"[?&]family=([\w+ ]{2,40})")
# Numbers of an article, of a module, of a build: not the template's.
_NUMBERED = re.compile(r"\d{2,}|[0-9a-f]{8,}")
_MOST = 300  # of each: more tell nothing more


def build_of(document: Document, own_host: str) -> PageBuild:
    """Return what a parsed page is built of; `own_host` is the portal's, which stands in no part of it.

    At most `_MOST` values a part, in the order of the page, so that a hostile page costs as little as any.
    """
    template: dict[str, None] = {}
    for element in document.tree.iter(*_FRAME):
        if len(template) >= _MOST:
            break
        for name in (element.get("class") or "").split()[:5]:
            template[f"{element.tag}.{_NUMBERED.sub('', name)}"] = None
        if (identity := element.get("id")) and not _NUMBERED.search(identity):
            template[f"{element.tag}#{identity}"] = None
    return PageBuild(
        frozenset(template), _assets(document, own_host), _hosts(document, "a", "href", own_host)
    )


def _assets(document: Document, own_host: str) -> frozenset[str]:
    found = set(_hosts(document, "script", "src", own_host) | _hosts(document, "iframe", "src", own_host))
    for element in document.tree.iter("link"):
        if len(found) >= _MOST:
            break
        if not _STYLESHEET.isdisjoint((element.get("rel") or "").lower().split()):
            href = element.get("href") or ""
            found |= {f"font {family}" for family in _FONTS.findall(href)} | _foreign(
                document, href, own_host
            )
    return frozenset(found)


def _hosts(document: Document, tag: str, attribute: str, own_host: str) -> frozenset[str]:
    found: set[str] = set()
    for element in document.tree.iter(tag):
        if len(found) >= _MOST:
            break
        found |= _foreign(document, element.get(attribute) or "", own_host)
    return frozenset(found)


def _foreign(document: Document, address: str, own_host: str) -> set[str]:
    host = host_of(document.absolute(address)) if address else ""
    return {host} if host and host != own_host else set()
