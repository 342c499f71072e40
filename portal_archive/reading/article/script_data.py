"""The article on a page that only a script fills: what JSON-LD or the data of the script say of it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree

from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.furniture import own_text
from portal_archive.reading.markup.text import clean
from portal_archive.reading.metadata.linked_data import article_node

EMPTY = 200  # characters of text on a page that shows nothing by itself
MIN_TEXT = 25
_LONGEST = 5_000_000  # characters of one script
_MOST = 20_000  # values looked at
_TITLES = ("title", "headline", "tieuDe", "name")
_TEXTS = ("articleBody", "content", "contentHtml", "body", "noiDung", "detail", "html")


@dataclass(frozen=True, slots=True)
class ScriptArticle:
    """The title of an article, and its text as an element to be read like any other."""

    title: str
    text: etree._Element


def script_article(document: Document, root: etree._Element) -> ScriptArticle | None:
    """Return the article that scripts would show on a page without text of its own; None where there is none."""
    if "<script" not in document.source or own_text(root).get(root, 0) > EMPTY:
        return None
    node = article_node(document, document.meta("og:title") or document.head_title())
    for entry in ((node,) if node else ()), _page_data(document):
        found = max((_described(each) for each in entry), key=lambda pair: len(pair[1]), default=("", ""))
        if found[0] and len(found[1]) >= MIN_TEXT:
            return ScriptArticle(found[0], _element(found[1]))
    return None


def _described(node: Mapping[str, Any]) -> tuple[str, str]:
    title = next(
        (value for name in _TITLES if isinstance(value := node.get(name), str) and value.strip()), ""
    )
    text = next((value for name in _TEXTS if isinstance(value := node.get(name), str) and value.strip()), "")
    return (clean(title) or "", text) if title else ("", "")


def _page_data(document: Document) -> Iterator[Mapping[str, Any]]:
    """Give the objects in the data that a script of the page starts with (Next.js and its like)."""
    for script in document.tree.iter("script"):
        if script.get("type") != "application/json" or not script.text or len(script.text) > _LONGEST:
            continue
        try:
            waiting: deque[Any] = deque([json.loads(script.text)])
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST):
            if not waiting:
                break
            entry = waiting.popleft()
            if isinstance(entry, Mapping):
                yield entry
                waiting.extend(entry.values())
            elif isinstance(entry, list):
                waiting.extend(entry)


def _element(text: str) -> etree._Element:
    """Return a text, with markup or without, as an element with a paragraph for each of its lines."""
    if "</" not in text and "<br" not in text:
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    element = etree.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser)
    return etree.Element("div") if element is None else element
