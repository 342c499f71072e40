"""How much a change of an article weighs: another figure or name is another statement, another comma is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from portal_archive.archive.differences import Piece, Row, compare
from portal_archive.archive.storing.content import Content, plain
from portal_archive.model.kinds import ChangeWeight
from portal_archive.vietnamese.tones import one_style

# The heaviest first.
HEAVIEST = tuple(ChangeWeight)
TEXTS = ("title", "summary", "body", "captions")

_TOKEN = re.compile(r"\d+(?:[.,/:-]\d+)*%?|\w+")
# A day, with or without its year, a month and its year, a time of day; or a year by itself.
_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[/-]\d{1,2}|\d{1,2}[/-]\d{4}|\d{1,2}:\d{2}|(?:19|20)\d{2}"
)
# A number behind one of these words is one of the calendar.
_CALENDAR = ("ngày", "mùng", "mồng", "tháng", "năm", "quý")
_END_OF_SENTENCE = re.compile(r"[.!?:…\n]\W*$")
# From so many words on, in one place, what came or went is a statement of its own.
_SENTENCE = 6
# In what is longer the figures and names are not what was changed.
_LONG = 15
# So many characters before a place say what stands there.
_LEFT = 40
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or figure, the one behind which it stands, and whether it opens a sentence."""

    text: str
    behind: str
    opens: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Words that came or went in one place of a paragraph, and what stands on both sides of them."""

    removed: str
    added: str
    left: str
    right: str


def weigh(before: Content, after: Content) -> ChangeWeight:
    """Return the weight of what differs between two versions: that of its heaviest part."""
    return min(_weights(before, after), key=HEAVIEST.index, default=ChangeWeight.COMMA)


def weigh_row(row: Row) -> ChangeWeight:
    """Return the weight of what differs in a paragraph."""
    return min(map(_weight, _places(row)), key=HEAVIEST.index, default=ChangeWeight.COMMA)


def _weights(before: Content, after: Content) -> Iterator[ChangeWeight]:
    for old, new in ((before.author, after.author), (before.source, after.source)):
        if plain(old) != plain(new):
            yield ChangeWeight.COMMA if _words(plain(old)) == _words(plain(new)) else ChangeWeight.NAME
    if (before.published_at or "") != (after.published_at or ""):
        yield ChangeWeight.DATE
    if before.image_keys != after.image_keys or before.attachment_keys != after.attachment_keys:
        yield ChangeWeight.FILE
    for field in TEXTS:
        old, new = getattr(before, field), getattr(after, field)
        if plain(old) != plain(new):
            yield from (weigh_row(row) for row in compare(old, new) if row.changed)


def _places(row: Row) -> Iterator[_Place]:
    left, removed, added = "", "", ""
    for piece in [*row.merged, Piece("same", "")]:
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        else:
            if removed or added:
                yield _Place(removed, added, left, piece.text)
            left, removed, added = left + (added or removed) + piece.text, "", ""


def _weight(place: _Place) -> ChangeWeight:
    if _words(place.removed) == _words(place.added):
        return ChangeWeight.COMMA
    old, new = (list(_tokens(place.left, text)) for text in (place.removed, place.added))
    longer = max(len(old), len(new))
    is_whole = longer >= _SENTENCE and not (old and new)
    if longer <= _LONG and not is_whole:
        if figures := _difference(Counter(_figures(old)), Counter(_figures(new))):
            dated = all(is_date for _, is_date in figures)
            return ChangeWeight.DATE if dated else ChangeWeight.FIGURE
        following = _TOKEN.search(place.right)
        beside = following[0] if following else ""
        if _difference(Counter(_names(old, beside)), Counter(_names(new, beside))):
            return ChangeWeight.NAME
    return ChangeWeight.SENTENCE if longer >= _SENTENCE else ChangeWeight.WORDING


def _difference(old: Counter[T], new: Counter[T]) -> Counter[T]:
    return (old - new) + (new - old)


def _words(text: str) -> list[str]:
    """Return what is the same for two writings of the same words."""
    return [one_style(word) for word in _TOKEN.findall(text)]


def _tokens(left: str, text: str) -> Iterator[_Token]:
    """Give the words of a text that follows `left`."""
    before = _TOKEN.findall(left[-_LEFT:])
    behind = before[-1] if before else ""
    for found in _TOKEN.finditer(text):
        gap = text[: found.start()]
        opens = not (left + gap).strip() or bool(_END_OF_SENTENCE.search((left + gap)[-_LEFT:]))
        yield _Token(found[0], behind, opens)
        behind = found[0]


def _figures(tokens: list[_Token]) -> Iterator[tuple[str, bool]]:
    """Give each figure, and whether it is one of the calendar or the clock."""
    for token in tokens:
        if token.text[0].isdigit():
            is_date = bool(_DATE.fullmatch(token.text)) or one_style(token.behind) in _CALENDAR
            yield token.text, is_date


def _names(tokens: list[_Token], following: str) -> Iterator[str]:
    """Give the words with a capital, but for one that opens a sentence and is followed by one without."""
    nexts = [*(token.text for token in tokens[1:]), following]
    for token, behind in zip(tokens, nexts, strict=False):
        if token.text[0].isupper() and not (token.opens and not behind[:1].isupper()):
            yield token.text
