"""What the source of a page tells before its tree is looked at; each look at a whole page counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from portal_archive.integrity.hosts import host_of, is_foreign

# Everything that begins with "<" and is looked for, found in the time of one. The letters first: most tags have others.
_MARK = re.compile(
    r"<[!bsBS](?:"
    r"(?<=!)(?P<comment>--(?!\[if|<!|\[endif))"
    r"|(?<=[bB])(?P<cut>[rR]\s*/?>(?:\s++|&nbsp;|(?i:</?(?:span|a|strong|b|em|i|font)\b[^<>]*>))*+[,.;:!?…)])"
    r"|(?<=[sS])(?P<sheet>(?i:tyle)\b))"
)
_HOST = re.compile(r"//[^/\"'?#\s>]{1,255}")
_OF_LINK = re.compile(r"href\s*=\s*[\"']?\s*(?:https?:)?\Z", re.I)
_LONGEST_BEFORE = 24  # characters of an attribute before the host


@dataclass(slots=True)
class Marks:
    """Where in the source of a page something stands that few pages have."""

    comments: list[tuple[int, int]] = field(default_factory=list)  # what is in them
    cuts: list[int] = field(default_factory=list)  # line breaks that a lone comma or full stop follows
    sheets: list[int] = field(default_factory=list)  # style sheets


def marks_of(source: str) -> Marks:
    """Return what stands in the source of a page."""
    marks = Marks()
    closed = 0
    for match in _MARK.finditer(source):
        if match.lastgroup == "cut":
            marks.cuts.append(match.start())
        elif match.lastgroup == "sheet":
            marks.sheets.append(match.start())
        elif match.start() >= closed >= 0:
            closed = source.find("-->", match.end())
            if closed >= 0:
                marks.comments.append((match.end(), closed))
    return marks


def leads_away(source: str, own_host: str) -> bool:
    """Tell whether a piece of HTML has a link to a host that official pages do not lead to."""
    return any(
        _is_foreign(match[0], own_host)
        and _OF_LINK.search(source, max(match.start() - _LONGEST_BEFORE, 0), match.start())
        for match in _HOST.finditer(source)
    )


@lru_cache(maxsize=4096)
def _is_foreign(url: str, own_host: str) -> bool:
    return is_foreign(host_of(url), own_host)
