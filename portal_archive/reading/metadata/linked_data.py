"""What JSON-LD says of the article of its page (https://schema.org/Article)."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from portal_archive.reading.markup.document import Document
from portal_archive.vietnamese.folding import fold

Node = Mapping[str, Any]

_LONGEST = 500_000  # characters of one block
_MOST_NODES = 2000
_WRAPPING = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)?|(?:-->|//\]\]>|\]\]>|;)?\s*$")
_ARTICLES = ("BlogPosting", "Report", "SocialMediaPosting", "LiveBlogPosting")
_LEAST_COMMON = 20  # characters: titles are cut, or carry the name of the site


def article_node(document: Document, title: str | None) -> Node | None:
    """Return the node of this page's own article: by its address, its headline, or as the only one without any.

    Lists of other articles, videos and the site itself are none. A ``WebPage`` counts where its address is
    the page's and there is no article.
    """
    nodes = list(_nodes(document)) if "ld+json" in document.source else []
    articles = [node for node in nodes if any(map(_is_article, _types(node)))]
    if not articles and len(nodes) == 1 and "@type" not in nodes[0]:
        articles = nodes  # a template that forgot to say what it describes
    own = {_path(address) for address in (document.url, document.canonical_link()) if address}
    for node in articles:
        if _addresses(node) & own:
            return node
    for node in articles:
        if title and same_title(str(node.get("headline") or node.get("name") or ""), title):
            return node
    if len(articles) == 1 and not _addresses(articles[0]) and not articles[0].get("headline"):
        return articles[0]
    pages = (node for node in nodes if "WebPage" in _types(node) and _addresses(node) & own)
    return None if articles else next(pages, None)


def texts(value: Any) -> list[str]:
    """Return what a property names, whether it is text, a node with a name, or a list of these."""
    values = value if isinstance(value, list) else [value]
    named = (entry.get("name") if isinstance(entry, Mapping) else entry for entry in islice(values, 50))
    return [text for entry in named if isinstance(entry, str) and (text := " ".join(entry.split()))]


def _nodes(document: Document) -> Iterator[Node]:
    for script in islice(document.tree.iter("script"), 500):
        if "ld+json" not in (script.get("type") or ""):
            continue
        source = script.text or ""
        if len(source) > _LONGEST:
            continue
        try:
            data = json.loads(_WRAPPING.sub("", source), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from islice(_walk(data), _MOST_NODES)


def _walk(data: Any) -> Iterator[Node]:
    """Give a node and those of its graph; not what a list or another node only mentions."""
    waiting = deque([data])
    while waiting:
        entry = waiting.popleft()
        if isinstance(entry, list):
            waiting.extendleft(reversed(entry))
        elif isinstance(entry, Mapping):
            yield entry
            waiting.extendleft(entry[name] for name in ("mainEntity", "@graph") if name in entry)


def _types(node: Node) -> list[str]:
    return [name.rsplit("/", 1)[-1] for name in texts(node.get("@type"))]


def _is_article(kind: str) -> bool:
    return kind.endswith("Article") or kind in _ARTICLES


def _addresses(node: Node) -> set[str]:
    page = node.get("mainEntityOfPage")
    stated = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, Mapping) else page]
    return {path for value in stated if isinstance(value, str) and len(path := _path(value)) > 1}


def _path(address: str) -> str:
    """Return path and query of an address, which hosts and schemes of one page share; "" for none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def same_title(stated: str, title: str) -> bool:
    """Tell whether two titles are one, of which either may be cut or go on with the name of the site."""
    one, other = (" ".join(fold(text).split()).strip(" .…") for text in (stated, title))
    if one == other:
        return bool(one)
    shorter = min(len(one), len(other))
    return shorter >= _LEAST_COMMON and (one.startswith(other[:shorter]) or other.startswith(one[:shorter]))
