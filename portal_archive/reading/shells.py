"""Pages that are empty until a script has run: whether a page is one, and what would help."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from portal_archive.model.kinds import Outcome, ScriptHelp
from portal_archive.model.page import Page
from portal_archive.model.probe import ShellSeen
from portal_archive.reading.article.script_data import EMPTY
from portal_archive.reading.listing.traps import is_trap
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.furniture import furniture, own_text

# Elements that frameworks fill: React, Next.js, Vue, Nuxt, Angular.
_ROOTS = re.compile(r"root|app|__next|__nuxt|app-root|main-app|q-app", re.I)
_BUNDLE = re.compile(
    r"(?:main|app|index|bundle|chunk|vendors?|runtime|polyfills)[\w.~-]*\.js|/_next/|/_nuxt/", re.I
)
# What a script asks: fetch("/api/..."), axios.get(...), $.ajax({url: ...}), $("#x").load(...).
_ASKED = re.compile(
    r"""(?:fetch|axios(?:\.\w+)?|\$\.(?:get|post|getJSON|ajax)|\.load|\.open)\s*\(\s*(?:\{[^{}]{0,200}?url\s*:\s*)?"""
    r"""(?:["'](?:GET|POST)["']\s*,\s*)?["'](?P<url>[^"'\s]{2,300})["']""",
    re.I,
)
_NAMED = re.compile(
    r"""["'](?P<url>(?:https?://[^"'\s/]+)?/(?:api|_api|services?|ajax)/[^"'\s<>]{1,200})["']""", re.I
)
# What a script loads of its own.
_STATIC = re.compile(r"\.(?:css|js|html?|png|jpe?g|gif|svg|woff2?)$|/3rdparty/", re.I)
_MOST = 10


def shell_of(document: Document, page: Page) -> ShellSeen | None:
    """Return what a page lacks that only a script shows; None for a page that shows something by itself.

    `page` is what was read from it: an article that stands in the data of the page, not in its text, is one whose
    state helps.
    """
    root = document.tree.find("body")
    root = document.tree if root is None else root
    scripts = list(document.tree.iter("script"))
    if not scripts:
        return None
    if page.article is not None and page.methods.get("body") == "script":
        return ShellSeen(document.url, ScriptHelp.STATE)
    if page.kind not in (Outcome.OTHER, Outcome.LIST, Outcome.SOFT_404) or page.items:
        return None
    endpoints = endpoints_of(document)
    # A page with a heading of its own is short, not empty: its script may fill nothing but a counter.
    if _shown(root) > EMPTY or _has_heading(root):
        return None
    filled = any(
        _ROOTS.fullmatch(element.get("id") or element.tag) for element in root.iter("div", "app-root", "main")
    )
    if not (filled or endpoints or any(_BUNDLE.search(script.get("src") or "") for script in scripts)):
        return None
    return ShellSeen(document.url, ScriptHelp.ENDPOINT if endpoints else ScriptHelp.RENDERED, endpoints)


def _has_heading(root: etree._Element) -> bool:
    dropped = furniture(root)
    return any(
        "".join(map(str, heading.itertext())).strip()
        and not any(above in dropped for above in heading.iterancestors())
        for heading in root.iter("h1", "h2", "h3")
    )


def _shown(root: etree._Element) -> int:
    """Return how many characters of text outside links and furniture a page shows."""
    held = own_text(root)
    dropped = furniture(root)
    outermost = [
        element for element in dropped if not any(above in dropped for above in element.iterancestors())
    ]
    return held.get(root, 0) - sum(held.get(element, 0) for element in outermost if element is not root)


def endpoints_of(document: Document) -> tuple[str, ...]:
    """Return the addresses on the page's own site or of its data that its inline scripts ask, as far as they say so."""
    found: dict[str, None] = {}
    for script in document.tree.iter("script"):
        text = script.text or ""
        for pattern in (_ASKED, _NAMED):
            for asked in pattern.finditer(text[:200_000]):
                url = document.absolute(asked["url"])
                parts = urlsplit(url)
                if (
                    parts.scheme in ("http", "https")
                    and not is_trap(parts.path, article=False)
                    and not _STATIC.search(parts.path)
                ):
                    found[url] = None
    return tuple(found)[:_MOST]
