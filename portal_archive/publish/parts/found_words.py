"""The words of a search, marked where they stand in a text, in HTML and in the pieces of a difference. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, replace
from html import unescape
from itertools import groupby

from markupsafe import Markup, escape

from portal_archive.archive.differences import Piece, Row
from portal_archive.archive.search.query import Query
from portal_archive.archive.search.snippets import spans, stands_together

# Only what a sanitiser wrote comes here: attributes are quoted, and text has no "<".
_TAG = re.compile(r'(<(?:"[^"]*"|[^">])*>)')
# Words go on behind these; behind any other tag a new line begins.
_INLINE = re.compile(r"</?(?:a|abbr|b|em|font|i|mark|s|small|span|strong|sub|sup|u)[\s>]", re.IGNORECASE)
_MOST = 500


@dataclass(slots=True)
class Marked:
    """What a search is, and how many of its words were marked so far; the first mark can be led to.

    `texts` are all that is to be marked: where the words stand together in one of them, only that is marked in any;
    with the very accents typed, where these are anywhere.
    """

    query: Query
    texts: InitVar[Iterable[str | None]] = ()
    count: int = 0
    _exact: bool = False
    _whole: bool | None = None

    def __post_init__(self, texts: Iterable[str | None]) -> None:
        all_texts = [text for text in texts if text]
        ways = (True, False) if self.query.has_accents else (False,)
        for self._exact in ways:
            if any(stands_together(text, self.query, exact=self._exact) for text in all_texts):
                self._whole = True
                return
        for self._exact in ways:
            if any(spans(text, self.query, exact=self._exact, whole=False) for text in all_texts):
                self._whole = False
                return

    def _spans(self, text: str, columns: Collection[str] = ()) -> list[tuple[int, int]]:
        found = spans(text, self.query, exact=self._exact, columns=columns, whole=self._whole)
        return found[: max(0, _MOST - self.count)]

    def text(self, text: str, *columns: str) -> Markup:
        """Return a text as HTML, its words marked."""
        return self._cut(text, self._spans(text, columns))

    def html(self, html: Markup, *columns: str) -> Markup:
        """Return sanitised HTML, the words of its text marked, across tags that part no words."""
        pieces = _TAG.split(html)
        whole = ""
        starts: dict[int, int] = {}
        for index, piece in enumerate(pieces):
            if index % 2:
                whole += "" if _INLINE.match(piece) else "\n"
            else:
                starts[index] = len(whole)
                whole += unescape(piece)
        found = self._spans(whole, columns)
        if not found:
            return html
        parts: list[Markup] = []
        for index, piece in enumerate(pieces):
            if index % 2:
                parts.append(Markup(piece))  # noqa: S704
                continue
            text, at = unescape(piece), starts[index]
            inside = [
                (max(start - at, 0), min(end - at, len(text)))
                for start, end in found
                if max(start, at) < min(end, at + len(text))
            ]
            parts.append(self._cut(text, inside))
        return Markup("").join(parts)

    def row(self, row: Row) -> dict[str, list[Piece]]:
        """Return a paragraph of a difference, before, after and in one, its words marked on either side of it."""
        return {
            "before": self._pieces(row.before),
            "after": self._pieces(row.after),
            "merged": self._pieces(row.merged),
        }

    def _pieces(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Return pieces with their marked parts as pieces of their own."""
        found: list[set[int]] = [set() for _ in pieces]
        for other in ("added", "removed"):
            # Words stand together on one side of the change.
            shown = [number for number, piece in enumerate(pieces) if piece.kind != other]
            letters = [(number, at) for number in shown for at in range(len(pieces[number].text))]
            text = "".join(pieces[number].text for number in shown)
            for start, end in self._spans(text):
                for number, at in letters[start:end]:
                    found[number].add(at)
        return [part for number, piece in enumerate(pieces) for part in self._parts(piece, found[number])]

    def _parts(self, piece: Piece, found: set[int]) -> Iterator[Piece]:
        for is_found, run in groupby(enumerate(piece.text), key=lambda letter: letter[0] in found):
            self.count += is_found
            yield replace(piece, text="".join(letter for _, letter in run), found=is_found)

    def _cut(self, text: str, found: Iterable[tuple[int, int]]) -> Markup:
        parts: list[Markup] = []
        at = 0
        for start, end in found:
            self.count += 1
            mark = '<mark id="found">{}</mark>' if self.count == 1 else "<mark>{}</mark>"
            parts += (escape(text[at:start]), Markup(mark).format(text[start:end]))  # noqa: S704
            at = end
        return Markup("").join((*parts, escape(text[at:])))
