"""The labels of `labels.toml` as patterns: what the readers look for before, behind and between values.

Patterns are matched against text folded by `vietnamese.folding.fold`, so that NFD pages, both tone styles and capitals
meet the same label. A portal may print labels of its own: within `of_portal` every pattern knows them too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from portal_archive.vietnamese.folding import fold

# Labels by group.
PortalLabels = Mapping[str, tuple[str, ...]]
_Extra = tuple[tuple[str, tuple[str, ...]], ...]

_extra: ContextVar[_Extra] = ContextVar("labels of the portal that is read", default=())
_REFERENCE = re.compile(r"\{([a-z][a-z_.|]*)\}")


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield above, name
        else:
            yield from _flat(value, f"{above}.{name}" if above else name)


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Return the labels of each group, as `labels.toml` has them, by the name of the group."""
    found: dict[str, list[str]] = {}
    for group, label in _flat(tomllib.loads(files(__package__).joinpath("labels.toml").read_text("utf-8"))):
        found.setdefault(group, []).append(label)
    return {group: tuple(labels) for group, labels in found.items()}


@contextmanager
def of_portal(own: PortalLabels | None) -> Iterator[None]:
    """Read what follows with a portal's own labels beside those of `labels.toml`.

    Raises KeyError for a group that there is not.
    """
    for group in own or {}:
        if group not in groups():
            raise KeyError(group)
    token = _extra.set(tuple(sorted((group, tuple(added)) for group, added in (own or {}).items())))
    try:
        yield
    finally:
        _extra.reset(token)


def own_labels() -> _Extra:
    """Return what the portal that is being read adds: part of the key of whatever is cached."""
    return _extra.get()


def of_group(name: str) -> tuple[str, ...]:
    """Return the labels of a group, those of the portal that is being read last."""
    return groups()[name] + tuple(label for group, added in _extra.get() if group == name for label in added)


@cache
def _folded(names: tuple[str, ...], own: _Extra) -> frozenset[str]:
    added = {label for group, labels in own if group in names for label in labels}
    return frozenset(fold(label) for label in added.union(*(groups()[name] for name in names)))


def folded(*names: str) -> frozenset[str]:
    """Return the labels of these groups, folded."""
    return _folded(names, _extra.get())


def alternatives(labels: Iterable[str]) -> str:
    """Return a pattern that finds any of some folded labels, the longest first.

    A space in a label stands for any run of spaces.
    """
    longest_first = sorted(labels, key=lambda label: (-len(label), label))
    return "(?:" + "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in longest_first) + ")"


class LabelPattern:
    r"""A regular expression in which ``{group}`` or ``{group|group}`` stands for any label of these groups.

    It is matched as a compiled pattern is. ``LabelPattern(r"^\W*{author}\s*:")`` finds «Tác giả:».
    """

    def __init__(self, template: str) -> None:
        self.template = template
        unknown = [
            name
            for found in _REFERENCE.findall(template)
            for name in found.split("|")
            if name not in groups()
        ]
        if unknown:
            raise KeyError(f"no group of labels is called {', '.join(unknown)}")
        self._of_portals: dict[_Extra, re.Pattern[str]] = {}

    @cached_property
    def _general(self) -> re.Pattern[str]:
        return self._compile()

    def _compile(self) -> re.Pattern[str]:
        return re.compile(
            _REFERENCE.sub(lambda found: alternatives(folded(*found[1].split("|"))), self.template)
        )

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern with the labels of the portal that is being read."""
        own = _extra.get()
        if not own:
            return self._general
        if own not in self._of_portals:
            self._of_portals[own] = self._compile()
        return self._of_portals[own]

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Match at `start`."""
        return (self.compiled if _extra.get() else self._general).match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match the whole text."""
        return self.compiled.fullmatch(text)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Find the first match between `start` and `end`."""
        pattern = self.compiled if _extra.get() else self._general
        return pattern.search(text, start, len(text) if end is None else end)

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """Find all matches from `start` on."""
        return self.compiled.finditer(text, start)


# --- dates ---------------------------------------------------------------------------------------------

_BEFORE_DATE = r"(?:\s+(?:vao|luc|ngay))?[\s:.|\-–]*$"
DATE_POSTED = LabelPattern(r"(?<![a-z]){date.posted}" + _BEFORE_DATE)
DATE_UPDATED = LabelPattern(r"(?<![a-z]){date.updated}" + _BEFORE_DATE)
# A date after one of these is the clock of the page, as is a weekday's date in its top lines that is followed
# by one of the second kind.
CLOCK_BEFORE = LabelPattern(r"(?<![a-z]){date.clock}(?:\s+la)?[\s:,|\-–]*$")
CLOCK_NEIGHBOUR = LabelPattern(r"^[^a-z]*{date.clock_neighbour}(?![a-z])")

# --- bylines -------------------------------------------------------------------------------------------

_AND_MATTER = r"(?:\s*(?:[,/&+\-–]|va)\s*{byline.matter})"
BYLINE_LABEL = LabelPattern(
    rf"(?<![a-z])(?:{{byline.matter}}{_AND_MATTER}{{0,3}}|(?P<role>{{byline.role}}))\s*:\s*"
)
# The same without its colon: «Tin, ảnh Minh Thùy».
BYLINE_BARE_LABEL = LabelPattern(rf"{{byline.matter}}{_AND_MATTER}{{1,3}}\s+")
BYLINE_PICTURE = LabelPattern(r"{byline.picture}")
BYLINE_SOURCE = LabelPattern(r"{byline.source}(?P<colon>\s*:)?\s*")
BYLINE_ACCORDING = LabelPattern(r"{byline.according}\s*:?\s+")
BYLINE_SOURCE_KINDS = LabelPattern(r"{byline.source_kind}\s")
BYLINE_NOTES = LabelPattern(r"{byline.note}(?![a-z])")
BYLINE_SOURCE_WORDS = LabelPattern(r"(?<!\w){byline.source_word}(?!\w)")
BYLINE_TITLE = LabelPattern(r"^(?:{byline.title}\.?[\s,]+)+")
BYLINE_DEED = LabelPattern(r"(?:^|[\s(])(?:{byline.deed})\)?$")
BODY_START = LabelPattern(r"{byline.body}(?![a-z])")
# A button behind a value: «Nguồn: X Copy link».
LAST_BUTTON = LabelPattern(r"\s[\s|·•]*{toolbar|button}$")
# Between an author and when it was: «X vào lúc ...».
AUTHOR_WHEN = LabelPattern(r"\s+{author.when}\s")
SIGNATURE_START = LabelPattern(r"{byline.signature}")
OFFICE_START = LabelPattern(r"{byline.office}(?![a-z])")

# --- captions, toolbars, related links -----------------------------------------------------------------

CAPTION_START = LabelPattern(r"{caption}\b")
SCENE_START = LabelPattern(r"{caption.scene}\b")
BYLINE_START = LabelPattern(r"^\W*{caption.byline}")
TOOLBAR_LINE = LabelPattern(r"^(?>(?>{toolbar})[\s|/·•:,+.-]*+)++$")
# «Theo dõi Báo X trên Google News».
FOLLOW_LINE = LabelPattern(r"^\W*{follow}\s.{2,60}\stren\s+{follow.where}\W*$")
# Titles of page blocks that SharePoint pages print among the text.
BLOCK_TITLE = re.compile(r"^(?:publishingportal\s*-\s*)?block_\w+$|^publishingportal\b.*$", re.I)
SITE_NAME_START = LabelPattern(r"^\W*{site.name}")
END_LINE = LabelPattern(
    r"^\W*{end}(?:\s*\(\d+\))?\W*(?:$|:|trong\b|\d)"
    # «Các tin bài khác», «Những bài viết cùng chuyên mục», «Tin đã đăng» ...
    r"|^\W*(?:cac |nhung |mot so )?(?:(?:tin|bai|viet|tuc|thong tin|su kien|van ban|noi dung),? ?(?:va )?){1,3}"
    r"(?:lien quan|khac|cung (?:chuyen muc|loai|chu de)|moi(?: nhat| hon| dang)?|cu(?: hon)?|da (?:dua|dang)"
    r"|noi bat|(?:doc|xem) nhieu(?: nhat)?|tiep theo|quan tam)(?:\s*\(\d+\))?\W*$"
    r"|^\W*(?:co the ban quan tam|doc them|xem them|(?:doc|xem) nhieu(?: nhat)?)\W*$"
)
SITE_FOOT = LabelPattern(r"^\W*{site.foot}(?!\w)")

# --- labelled fields of an article ---------------------------------------------------------------------

AUTHOR_LINE = LabelPattern(r"^\W*{author}\s*:\s*")
SOURCE_LINE = LabelPattern(r"^\W*{source}\s*:\s*")
# What parts the fields of one line: «Tác giả: X | Ngày đăng: ... - Lượt xem: 9».
FIELD_BREAK = LabelPattern(
    r"\s*[|•·]\s*|\s+[-–—]\s+(?=(?:{author|source|views|date.posted|date.updated|comments})\s*:)"
)
TRAIL = LabelPattern(r"^\W*{home}\s*[>»›/|→]+\s*")
# A line that begins with one of these is no text.
FIELD_LINE = LabelPattern(r"^\W*{author|views|date.posted|date.updated}\s*:")
CATEGORY_LINE = LabelPattern(r"^\W*{category}\s*:\s*")
TAG_LINE = LabelPattern(r"^\W*{tags}\s*:\s*")

# --- visitor counters ----------------------------------------------------------------------------------

ARTICLE_META = LabelPattern(r"(?<!\w){counter.article}(?!\w)")
SITE_META = LabelPattern(r"(?<!\w){site.date}")

# --- pages that are no articles ------------------------------------------------------------------------

MISSING = LabelPattern(r"(?<!\w){missing}(?!\w)")
BLOCKED = LabelPattern(r"{blocked}")
MAINTENANCE = LabelPattern(r"(?<!\w){blocked.maintenance}(?!\w)")
WAIT_SECONDS = LabelPattern(
    r"{blocked.wait}(?:<[^>]{0,80}>|[^<\d]){0,20}(\d{1,4})(?:<[^>]{0,80}>|\s){0,5}(?:giay|s\b|sec)"
)
