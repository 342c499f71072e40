"""What the source of a page tells before its tree is looked at; each look at a whole page counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from portal_archive.integrity.hosts import host_of, is_foreign

# Everything that begins with "<" and is looked for, found in the time of one. The letters first: most tags have others.
_MARK = re.compile(
    r"<[!bfmnsBFMNS](?:"
    r"(?<=!)(?P<comment>--(?!\[if|<!|\[endif))"
    r"|(?<=[bB])(?P<cut>[rR]\s*/?>(?:\s++|&nbsp;|(?i:</?(?:span|a|strong|b|em|i|font)\b[^<>]*>))*+[,.;:!?…)])"
    r"|(?<=[sS])(?P<sheet>(?i:tyle)\b)"
    r"|(?:(?<=[fF])[oO][nN][tT]\b[^<>]*(?i:color|size)|(?<=[mM])(?i:arquee)\b|(?<=[nN])(?i:oscript)\b))"
)
_STYLE = re.compile(r"""tyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""")
# Not one pattern for both: a search without regard to case takes twenty times as long.
_LOUD_STYLE = re.compile(_STYLE.pattern.replace("tyle", "STYLE"))
_CLASS = re.compile(_STYLE.pattern.replace("tyle", "lass"))
_ID = re.compile(_STYLE.pattern.replace("tyle", " id"))
_HIDDEN = re.compile(r"(?:=|\s*/?>|\s[a-z-]+=)")
# What a style must have to hide anything.
_MAY_HIDE = re.compile(r"none|hidden|collapse|-\d{3}|opacity|scale|rect|transparent|color|:\s*[01.]", re.I)
_HOST = re.compile(r"//[^/\"'?#\s>]{1,255}")
_OF_LINK = re.compile(r"href\s*=\s*[\"']?\s*(?:https?:)?\Z", re.I)
LONGEST_TAG = 1000  # characters: longer ones are left to the tree, and not remembered
_LONGEST_BEFORE = 24  # characters of an attribute before the host


@dataclass(slots=True)
class Marks:
    """Where in the source of a page something stands that few pages have."""

    comments: list[tuple[int, int]] = field(default_factory=list)  # what is in them
    cuts: list[int] = field(default_factory=list)  # line breaks that a lone comma or full stop follows
    sheets: list[int] = field(default_factory=list)  # style sheets
    hiding: list[int] = field(default_factory=list)  # tags that may hide by their name


def marks_of(source: str) -> Marks:
    """Return what stands in the source of a page."""
    marks = Marks()
    closed = 0
    for match in _MARK.finditer(source):
        if match.lastgroup == "cut":
            marks.cuts.append(match.start())
        elif match.lastgroup == "sheet":
            marks.sheets.append(match.start())
        elif match.lastgroup is None:
            marks.hiding.append(match.start())
        elif match.start() >= closed >= 0:
            closed = source.find("-->", match.end())
            if closed >= 0:
                marks.comments.append((match.end(), closed))
    return marks


def styled(source: str) -> Iterator[int]:
    """Yield where the tags with a style or attribute begin that may hide what is in them."""
    for pattern in (_STYLE, _LOUD_STYLE) if "STYLE" in source else (_STYLE,):
        for match in pattern.finditer(source):
            if len(match[1]) > LONGEST_TAG or may_hide(match[1]):
                yield source.rfind("<", 0, match.start())
    # A plain search takes half the time of a pattern.
    start = source.find(" hidden")
    while start >= 0:
        if _HIDDEN.match(source, start + len(" hidden")):
            yield source.rfind("<", 0, start)
        start = source.find(" hidden", start + 1)


def worn_names(source: str) -> frozenset[str]:
    """Return the classes and ids of the tags of a page."""
    return frozenset(
        name
        for pattern in (_CLASS, _ID)
        for value in set(pattern.findall(source))
        for name in value.strip("\"'").split()
    )


def named(source: str, names: Set[str]) -> Iterator[int]:
    """Yield where the tags with one of some classes or ids begin."""
    for match in chain(_CLASS.finditer(source), _ID.finditer(source)):
        if not names.isdisjoint(match[1].strip("\"'").split()):
            yield source.rfind("<", 0, match.start())


@lru_cache(maxsize=4096)
def may_hide(style: str) -> bool:
    """Tell whether a style may hide anything; the same ones stand on every page of a site."""
    return _MAY_HIDE.search(style) is not None


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
