"""Lists of articles that a portal's own script asks for, and that are answered as JSON.

A portal's file or row names one among its lists: the address, with `{page}` where the number of the page goes (the
first is 1), and behind `#` the address of an article made of the fields of its record, where no field holds it whole:

    /api/tin-bai?trang={page}&so=10
    /api/tin/QUERY?__wb_method=POST&page={page}#/tin-tuc/xem.aspx?ItemID={ID}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Item, Link, Page
from portal_archive.model.site import site_of
from portal_archive.reading.cms import split
from portal_archive.reading.dates import parse_meta_date
from portal_archive.reading.markup.text import clean
from portal_archive.vietnamese.folding import fold

PAGE = "{page}"
_FIELD = re.compile(r"\{(\w{1,60})\}")
_ADDRESS = re.compile(r"url|link|href", re.I)
_TITLE = re.compile(r"title|tieu-?_?de|headline|name|ten", re.I)
_DATE = re.compile(r"publish|posted|created|date|ngay|time", re.I)
_LAST_PAGE = re.compile(r"total_?page|page_?(?:count|total)|so_?trang|tong_?(?:so_?)?trang", re.I)
# What ASP.NET writes for a moment.
_TICKS = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/")
_TAG = re.compile(r"<[^>]{0,200}>")
_DEEPEST = 6  # levels of an answer
_MOST = 1000  # records of a page
_MAX_TITLE = 400


@dataclass(frozen=True, slots=True)
class JsonList:
    """A list as declared: its address with `{page}`, and the address of an article, "" where a field holds it."""

    address: str
    article: str

    def page(self, number: int) -> str:
        """Return the address of a page, the first of which is 1."""
        return self.address.replace(PAGE, str(number))

    def number_of(self, url: str) -> int | None:
        """Return which page of this list a URL asks for; None where it asks for none."""
        before, after = (re.escape(part) for part in _target(self.address).split(PAGE, 1))
        found = re.fullmatch(rf"{before}(\d{{1,6}}){after}", _target(url))
        return int(found[1]) if found else None


def json_list(declared: str) -> JsonList | None:
    """Return the list that a portal declares; None for an ordinary page.

    Raises ValueError where an article's address has no field in it.
    """
    address, _, article = declared.partition("#")
    if PAGE not in address:
        return None
    if address.count(PAGE) > 1 or (article and not _FIELD.search(article)):
        raise ValueError(f"{declared!r} names a list with one {PAGE}, and an article by {{field}}")
    return JsonList(address, article)


def read_json_list(body: bytes, url: str, listed: JsonList) -> tuple[Page, list[Link]]:
    """Read a page of a list: its articles, and what to ask for: them, and the page behind it.

    That is where this one has articles, and the answer does not say that there are no more pages. Raises ValueError for
    what is no JSON.
    """
    try:
        answer = json.loads(body)
    except RecursionError:
        raise ValueError("too deep to be a list") from None
    site = site_of(url)
    items: dict[str, Item] = {}
    for record in _records(answer):
        item = _item(record, url, listed.article)
        if item is not None and site_of(item.url) == site and len(items) < _MOST:
            items.setdefault(item.url, item)
    links = [Link(item.url, LinkKind.ARTICLE, item.published_at) for item in items.values()]
    number = listed.number_of(url) or 1
    if items and number < _last_page(answer):
        links.append(Link(urljoin(url, listed.page(number + 1)), LinkKind.LIST))
    return Page(url, Outcome.LIST, items=list(items.values())), links


def _target(address: str) -> str:
    parts = split(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _records(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Give the objects of every array in an answer."""
    if depth > _DEEPEST:
        return
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(inner, dict) and isinstance(value, list):
            yield inner
        if isinstance(inner, dict | list):
            yield from _records(inner, depth + 1)


def _item(record: Mapping[str, Any], url: str, article: str) -> Item | None:
    fields = {name: str(value) for name, value in record.items() if isinstance(value, str | int | float)}
    title = max((_plain(value) for name, value in fields.items() if _TITLE.search(name)), key=len, default="")
    if article:
        names = set(_FIELD.findall(article))
        if not names <= fields.keys():
            return None
        address = _FIELD.sub(lambda match: quote(fields[match[1]], safe="/-._~"), article)
    else:
        address = next(
            (value for name, value in fields.items() if _ADDRESS.search(name) and "/" in value), ""
        )
    if not address or not 0 < len(title) <= _MAX_TITLE:
        return None
    moments = (_moment(value) for name, value in fields.items() if _DATE.search(fold(name)))
    return Item(urljoin(url, address.strip()), title, next(filter(None, moments), None))


def _plain(text: str) -> str:
    return clean(_TAG.sub(" ", text)) or ""


def _moment(text: str) -> str | None:
    ticks = _TICKS.search(text)
    moment = parse_meta_date(ticks[1] if ticks else text)
    return moment.iso if moment else None


def _last_page(answer: Any) -> int:
    """Return the number of pages that an answer states; more than there can be where it states none."""
    stated = answer.items() if isinstance(answer, dict) else ()
    for name, value in stated:
        if _LAST_PAGE.search(name) and str(value).isdecimal():
            return int(value)
    return 10**6
