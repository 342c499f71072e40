"""Marks in the text of an article where something was put in; each mark can be linked to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup, escape

from portal_archive.vietnamese.folding import nfc

# Only what a sanitiser wrote comes here: attributes are quoted, and text has no "<".
_TAG = re.compile(r'(<(?:"[^"]*"|[^">])*>)')
# White space and what is not seen may differ between the HTML and the text that was read from it.
_UNSEEN = re.compile("[\\s\u200b-\u200d\u2060\ufeff\u00ad]+")
# How far around a span its place is recognised by what stands there.
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Span:
    """What is to be marked, from `start` to `end` of a text; `keys` are the names that lead to the mark."""

    start: int
    end: int
    keys: tuple[str, ...]


def mark_text(text: str, spans: Iterable[Span]) -> Markup:
    """Return a text as HTML with its spans marked."""
    return _marked(text, [(span.start, span.end, span.keys) for span in _apart(spans)])


def mark_html(html: str, text: str, spans: Iterable[Span]) -> Markup:
    """Return sanitised HTML with the spans of `text` marked, which was read from it.

    A link around marked words is taken out: nobody is to be led there. A span that is not found stays
    unmarked.
    """
    pieces = _TAG.split(html)
    shown = {index: nfc(unescape(piece)) for index, piece in enumerate(pieces) if index % 2 == 0}
    places = [
        (index, at)
        for index, piece in shown.items()
        for at, letter in enumerate(piece)
        if not _UNSEEN.match(letter)
    ]
    solid = "".join(shown[index][at] for index, at in places)
    marks: dict[int, list[tuple[int, int, tuple[str, ...]]]] = {}
    taken: set[int] = set()
    for span in _apart(spans):
        found = _find(solid, text, span, taken)
        if found is None:
            continue
        taken.add(found[0])
        keys = span.keys
        for index, first, last in _runs(places[slice(*found)]):
            marks.setdefault(index, []).append((first, last + 1, keys))
            keys = ()
    if not marks:
        return Markup(html)  # noqa: S704
    dropped = _links_around(pieces, marks.keys())
    return Markup("").join(
        _marked(shown[index], marks[index]) if index in marks else Markup(piece)  # noqa: S704
        for index, piece in enumerate(pieces)
        if index not in dropped
    )


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Give the spans in order, those that overlap as one."""
    last: Span | None = None
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if last is None or span.start >= last.end:
            if last is not None:
                yield last
            last = span
        else:
            last = Span(last.start, max(last.end, span.end), last.keys + span.keys)
    if last is not None:
        yield last


def _marked(text: str, marks: Iterable[tuple[int, int, tuple[str, ...]]]) -> Markup:
    parts: list[Markup] = []
    at = 0
    for start, end, keys in sorted(marks):
        names = Markup("").join(Markup('<span id="{}"></span>').format(key) for key in keys)
        parts += (
            escape(text[at:start]),
            Markup('<mark class="injected">{}{}</mark>').format(names, text[start:end]),
        )
        at = end
    return Markup("").join((*parts, escape(text[at:])))


def _find(solid: str, text: str, span: Span, taken: set[int]) -> tuple[int, int] | None:
    """Return where a span of `text` stands in `solid`: of equal places, the one with most around it alike."""
    wanted = _UNSEEN.sub("", text[span.start : span.end])
    if not wanted:
        return None
    before = _UNSEEN.sub("", text[max(0, span.start - 2 * _AROUND) : span.start])[-_AROUND:]
    after = _UNSEEN.sub("", text[span.end : span.end + 2 * _AROUND])[:_AROUND]
    best, best_at = -1, -1
    at = solid.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        alike = _common(solid[max(0, at - _AROUND) : at][::-1], before[::-1])
        alike += _common(solid[end : end + _AROUND], after)
        if at not in taken and alike > best:
            best, best_at = alike, at
        at = solid.find(wanted, at + 1)
    return (best_at, best_at + len(wanted)) if best_at >= 0 else None


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _runs(places: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Give, for each piece of text that a span reaches into, its first and last letter there."""
    ends: dict[int, list[int]] = {}
    for index, at in places:
        ends.setdefault(index, [at, at])[1] = at
    for index, (first, last) in ends.items():
        yield index, first, last


def _links_around(pieces: list[str], marked: Iterable[int]) -> set[int]:
    """Return the tags of the links that marked words stand in."""
    around: set[int] = set()
    opened: int | None = None
    inside = set(marked)
    hit = False
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            hit = hit or index in inside
        elif re.match(r"<a[\s>]", piece):
            opened, hit = index, False
        elif piece == "</a>" and opened is not None:
            if hit:
                around |= {opened, index}
            opened = None
    return around
