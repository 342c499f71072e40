"""What a page that only a script fills would show: an article or a list, in JSON-LD or in the data of the script."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from typing import Any

from lxml import etree

from portal_archive.model.page import Item, Moment
from portal_archive.reading.dates import parse_date, parse_meta_date
from portal_archive.reading.dates.moments import VIETNAM
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.furniture import own_text
from portal_archive.reading.markup.page_data import page_data
from portal_archive.reading.markup.text import clean
from portal_archive.reading.metadata.linked_data import article_node, same_title

EMPTY = 200  # characters of text on a page that shows nothing by itself
MIN_TEXT = 25
_MOST = 20_000  # values looked at
_MOST_ITEMS = 500

# What fields are called, in the order in which they count; without case, hyphens and underscores.
_TITLES = ("title", "headline", "tieude", "name", "ten", "subject")
_TEXTS = (
    "articlebody",
    "content",
    "contenthtml",
    "noidung",
    "body",
    "detail",
    "fulltext",
    "html",
    "contents",
)
_SUMMARIES = ("summary", "sapo", "lead", "tomtat", "trichyeu", "description", "excerpt", "brief", "mota")
_DATES = (
    "publishedat", "datepublished", "publishdate", "publisheddate", "publishtime", "publishedtime", "ngaydang",
    "ngayxuatban", "publish", "displaydate", "postdate", "date", "createdat", "createddate", "createdtime", "ngaytao",
)  # fmt: skip
_AUTHORS = ("author", "authorname", "tacgia", "butdanh", "byline")
_SOURCES = ("source", "sourcename", "nguon", "nguontin")
_CATEGORIES = ("categoryname", "category", "chuyenmuc", "tenchuyenmuc", "section", "catname")
_VIEWS = ("views", "viewcount", "luotxem", "hits", "view", "totalview", "readcount")
_ADDRESSES = (
    "url",
    "urldetail",
    "detailurl",
    "link",
    "href",
    "permalink",
    "path",
    "alias",
    "slug",
    "duongdan",
)
_NO_LETTER = re.compile(r"[-_\s]")
_TICKS = re.compile(r"/Date\((-?\d{9,14})(?:[+-]\d{4})?\)/")
_IS_ADDRESS = re.compile(r"(?:https?://|/)\S|\S+\.(?:html?|aspx|php)(?:\?|$)", re.I)


@dataclass(slots=True)
class ScriptArticle:
    """The title of an article, its text as an element to be read like any other, and what else is known of it."""

    title: str
    text: etree._Element
    values: dict[str, Any] = field(default_factory=dict)
    published: Moment | None = None


class ScriptData:
    """What the scripts of a page that shows nothing by itself are given; nothing of one that shows something."""

    def __init__(self, document: Document, root: etree._Element) -> None:
        self._document = document
        self._is_empty = "<script" in document.source and own_text(root).get(root, 0) <= EMPTY

    def article(self) -> ScriptArticle | None:
        """Return the article of the page; None where there is none, or only a list of some."""
        if not self._is_empty:
            return None
        title = self._document.meta("og:title") or self._document.head_title()
        node = article_node(self._document, title)
        linked = _Entry(node, is_listed=False) if node else None
        if linked is not None and linked.is_article:
            return _article(linked)
        entries = [entry for entry in self._entries if entry.is_article]
        named = [entry for entry in entries if title and same_title(entry.title, title)]
        alone = [entry for entry in entries if not entry.is_listed]
        chosen = named or alone or (entries if len(entries) == 1 else [])
        return _article(max(chosen, key=lambda entry: len(entry.text))) if chosen else None

    def items(self) -> list[Item]:
        """Return the articles that the page lists, in their order, each once."""
        if not self._is_empty:
            return []
        items: dict[str, Item] = {}
        for entry in self._entries:
            if entry.is_listed and entry.title and (address := entry.address):
                url = self._document.absolute(address)
                published = entry.published
                summary = clean(entry.first(_SUMMARIES))
                items.setdefault(
                    url, Item(url, entry.title, published.iso if published else None, summary, entry.views)
                )
            if len(items) >= _MOST_ITEMS:
                break
        return list(items.values())

    @cached_property
    def _entries(self) -> list[_Entry]:
        return list(_entries(self._document))


class _Entry:
    """An object in the data, which may be an article."""

    def __init__(self, node: Mapping[str, Any], *, is_listed: bool) -> None:
        self.node = {_NO_LETTER.sub("", str(key)).lower(): value for key, value in node.items()}
        self.is_listed = is_listed
        self.title = clean(self.first(_TITLES)) or ""
        self.text = self.first(_TEXTS)

    @property
    def is_article(self) -> bool:
        return bool(self.title) and len(self.text) >= MIN_TEXT

    def first(self, names: tuple[str, ...]) -> str:
        """Return the first of these fields that says something, of an object its name."""
        for name in names:
            value = self.node.get(name)
            if isinstance(value, Mapping):
                value = next(
                    (value[key] for key in ("name", "title", "ten", "rendered") if key in value), None
                )
            if isinstance(value, str) and value.strip():
                return value
        return ""

    @property
    def address(self) -> str | None:
        for name in _ADDRESSES:
            value = self.node.get(name)
            if isinstance(value, str) and _IS_ADDRESS.match(value):
                return value
        return None

    @property
    def published(self) -> Moment | None:
        return next((moment for name in _DATES if (moment := _moment(self.node.get(name))) is not None), None)

    @property
    def views(self) -> int | None:
        found = (self.node.get(name) for name in _VIEWS)
        return next(
            (value for value in found if isinstance(value, int) and not isinstance(value, bool)), None
        )


def _entries(document: Document) -> Iterator[_Entry]:
    waiting: deque[tuple[Any, bool]] = deque((data, False) for data in page_data(document))
    for _ in range(_MOST):
        if not waiting:
            return
        value, is_listed = waiting.popleft()
        if isinstance(value, Mapping):
            yield _Entry(value, is_listed=is_listed)
            waiting.extend((inner, is_listed and not isinstance(inner, list)) for inner in value.values())
        elif isinstance(value, list):
            waiting.extend((inner, len(value) > 1 or is_listed) for inner in value)


def _article(entry: _Entry) -> ScriptArticle:
    summary = clean(entry.first(_SUMMARIES)) or ""
    values = {
        # Markup, or the beginning of the text once more, is none.
        "summary": None if summary.startswith("<") or summary in entry.text else summary,
        "author": clean(entry.first(_AUTHORS)),
        "source": clean(entry.first(_SOURCES)),
        "category": clean(entry.first(_CATEGORIES)),
        "views": entry.views,
    }
    return ScriptArticle(entry.title, _element(entry.text), values, entry.published)


def _moment(value: Any) -> Moment | None:
    """Return the moment that a field states: ISO 8601, as it is printed, in seconds or milliseconds, .NET's."""
    if isinstance(value, str) and (ticks := _TICKS.fullmatch(value)):
        value = int(ticks[1])
    if isinstance(value, int) and not isinstance(value, bool) and 10**8 < value < 10**14:
        at = datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
        return parse_meta_date(at.astimezone(VIETNAM).isoformat(timespec="seconds"))
    if not isinstance(value, str) or len(value) > 60:
        return None
    reading = parse_date(value)
    return parse_meta_date(value) or (reading.moment if reading else None)


def _element(text: str) -> etree._Element:
    """Return a text, with markup or without, as an element with a paragraph for each of its lines."""
    if "</" not in text and "<br" not in text:
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    element = etree.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser)
    return etree.Element("div") if element is None else element
