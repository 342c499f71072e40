"""Pages of lists after the first, by their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from portal_archive.model.page import Link

_PAGER = re.compile(
    r"(?P<name>(?:page(?:index|no|num(?:ber)?|d)?|trang|paging|(?<![a-z])p|(?<![a-z])cur)[=/_-]?"
    r"|(?:limit)?start=|offset=)(?P<number>\d{1,5})(?!\d)",
    re.I,
)


def is_later_page(url: str) -> bool:
    """Return whether an address is that of a page of a list after the first."""
    parts = urlsplit(url)
    found = list(_PAGER.finditer(f"{parts.path}?{parts.query}"))
    return bool(found) and int(found[-1]["number"]) > 1


def last_page(url: str, links: Iterable[Link], items: int) -> int | None:
    """Return the number of the last page that a list of so many items a page links to; None where it has no pager."""
    path = urlsplit(url).path
    stem = path.removesuffix(".html").removesuffix("/")
    numbers = []
    for link in links:
        parts = urlsplit(link.url)
        if parts.path == path or parts.path.startswith((f"{stem}/", f"{stem}-")):
            behind = f"{parts.path[len(stem) :]}?{parts.query}"
            if (found := list(_PAGER.finditer(behind))) and (number := int(found[-1]["number"])):
                is_offset = found[-1]["name"].lower().endswith(("start=", "offset="))
                numbers.append(number // max(items, 1) + 1 if is_offset else number)
    return max(numbers, default=None)
