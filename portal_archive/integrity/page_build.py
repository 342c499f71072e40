"""Reading what a page is built of, for telling whether the same people still build it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
_LONGEST = 1000  # characters of a class or id that are looked at: what is cached must not grow
_MOST = 300  # of each: more tell nothing more


def build_of(document: Document, own_host: str) -> PageBuild:
    """Return what a parsed page is built of; `own_host` is the portal's, which stands in no part of it.

    At most `_MOST` values a part, in the order of the page, so that a hostile page costs as little as any.
    """
    # Most elements of a list are built alike.
    built = dict.fromkeys(
        (element.tag, element.get("class"), element.get("id")) for element in document.tree.iter(*_FRAME)
    )
    template: dict[str, None] = {}
    for tag, classes, identity in built:
        if len(template) >= _MOST:
            break
        template.update(_parts(tag, (classes or "")[:_LONGEST], (identity or "")[:_LONGEST]))
    return PageBuild(
        frozenset(template), _assets(document, own_host), _hosts(document, "a", "href", own_host)
    )


# The same few stand on every page of a portal.
@lru_cache(maxsize=8192)
def _parts(tag: str, classes: str, identity: str) -> Mapping[str, None]:
    """Return what the class and id of an element add to a template, in order."""
    named = [f"{tag}.{_NUMBERED.sub('', name)}" for name in classes.split()[:5]]
    if identity and not _NUMBERED.search(identity):
        named.append(f"{tag}#{identity}")
    return dict.fromkeys(named)


def _assets(document: Document, own_host: str) -> frozenset[str]:
    found = set(_hosts(document, "script", "src", own_host) | _hosts(document, "iframe", "src", own_host))
    addresses = [
        element.get("href") or ""
        for element in document.tree.iter("link")
        if not _STYLESHEET.isdisjoint((element.get("rel") or "").lower().split())
    ]
    for address, host in zip(addresses, _hosts_of(document, addresses, own_host), strict=True):
        if len(found) >= _MOST:
            break
        if "family=" in address:
            found |= {f"font {family}" for family in _FONTS.findall(address)}
        if host:
            found.add(host)
    return frozenset(found)


def _hosts(document: Document, tag: str, attribute: str, own_host: str) -> frozenset[str]:
    addresses = dict.fromkeys(element.get(attribute, "") for element in document.tree.iter(tag))
    found: set[str] = set()
    for host in _hosts_of(document, addresses, own_host):
        if len(found) >= _MOST:
            break
        if host:
            found.add(host)
    return frozenset(found)


def _hosts_of(document: Document, addresses: Iterable[str], own_host: str) -> Iterator[str]:
    """Give for each address of a page the host that it names, "" for that of the portal and where there is none."""
    is_at_home = host_of(document.base) == own_host
    for address in addresses:
        # Most links name no host, and lead to that of the page.
        if not address or (is_at_home and "//" not in address):
            yield ""
        else:
            host = host_of(document.absolute(address))
            yield host if host != own_host else ""
