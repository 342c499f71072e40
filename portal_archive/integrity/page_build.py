"""Reading what a page is built of, for telling whether the same people still build it."""

from __future__ import annotations

import re
from functools import lru_cache

from portal_archive.integrity.hosts import host_of
from portal_archive.model.page_build import PageBuild
from portal_archive.reading.markup.document import Document

# What a frame is made of; the text's own elements differ from article to article.
_FRAME = ("body", "header", "nav", "main", "aside", "footer", "section", "div", "ul", "form", "table")
_STYLESHEET = frozenset(("stylesheet", "preload", "preconnect", "dns-prefetch"))
_FONTS = re.compile(r"[?&]family=([\w+ ]{2,40})")
# Numbers of an article, of a module, of a build: not the template's.
_NUMBERED = re.compile(r"\d{2,}|[0-9a-f]{8,}")
_LONGEST = 1000  # characters of a class attribute that is looked at: what is cached must not grow
_MOST = 300  # of each: more tell nothing more


def build_of(document: Document, own_host: str) -> PageBuild:
    """Return what a parsed page is built of; `own_host` is the portal's, which stands in no part of it.

    At most `_MOST` values a part, in the order of the page, so that a hostile page costs as little as any.
    """
    template: dict[str, None] = {}
    for element in document.tree.iter(*_FRAME):
        if len(template) >= _MOST:
            break
        tag = element.tag
        if classes := element.get("class"):
            template.update(dict.fromkeys(f"{tag}.{name}" for name in _lasting(classes[:_LONGEST])))
        if (identity := element.get("id")) and not _NUMBERED.search(identity):
            template[f"{tag}#{identity}"] = None
    return PageBuild(
        frozenset(template), _assets(document, own_host), _hosts(document, "a", "href", own_host)
    )


# The same few classes stand on every page of a portal.
@lru_cache(maxsize=8192)
def _lasting(classes: str) -> tuple[str, ...]:
    """Return the first classes of an element without their numbers."""
    return tuple(_NUMBERED.sub("", name) for name in classes.split()[:5])


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
    is_at_home = host_of(document.base) == own_host
    for element in document.tree.iter(tag):
        if len(found) >= _MOST:
            break
        # Most links name no host, and lead to that of the page.
        if (address := element.get(attribute)) and not (is_at_home and "//" not in address):
            found |= _foreign(document, address, own_host)
    return frozenset(found)


def _foreign(document: Document, address: str, own_host: str) -> set[str]:
    host = host_of(document.absolute(address)) if address else ""
    return {host} if host and host != own_host else set()
