"""What differs between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A figure is one word, with its separators: 1.245 and 30/10/2019.
_WORDS = re.compile(r"\d[\d.,/:]*\d|\w+|\s+|[^\w\s]")
# Beyond this many words two paragraphs are compared as wholes: comparing words is quadratic.
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph before and after, each in pieces; empty where it did not exist."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in the paragraph differs."""
        return any(piece.kind != "same" for piece in (*self.before, *self.after))

    @property
    def merged(self) -> list[Piece]:
        """Both in one line: what was removed stands before what was added in its place."""
        result: list[Piece] = []
        after = list(self.after)
        for piece in self.before:
            if piece.kind == "removed":
                result.append(piece)
                continue
            while after and after[0].kind == "added":
                result.append(after.pop(0))
            result.append(after.pop(0))
        return result + after


def compare(before: str | None, after: str | None) -> list[Row]:
    """Return the paragraphs of two texts side by side, with the words that differ."""
    old, new = _paragraphs(before), _paragraphs(after)
    return list(_rows(old, new))


def _paragraphs(text: str | None) -> list[str]:
    return [line for line in (text or "").split("\n") if line.strip()]


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Row((Piece("same", text),), (Piece("same", text),)) for text in old[i1:i2])
            continue
        start = j1
        for text in old[i1:i2]:
            at = next((j for j in range(start, j2) if _alike(text, new[j])), None)
            if at is None:
                yield Row((Piece("removed", text),), ())
                continue
            yield from (Row((), (Piece("added", other),)) for other in new[start:at])
            yield _words(text, new[at])
            start = at + 1
        yield from (Row((), (Piece("added", other),)) for other in new[start:j2])


def _alike(old: str, new: str) -> bool:
    """Whether two paragraphs share half of their words, so that one is the other, edited."""
    a, b = Counter(old.split()), Counter(new.split())
    return 2 * (a & b).total() >= a.total()


def _words(old: str, new: str) -> Row:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if len(a) + len(b) > _LONGEST:
        return Row((Piece("removed", old),), (Piece("added", new),))
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        kinds = ("same", "same") if tag == "equal" else ("removed", "added")
        for pieces, kind, words in ((before, kinds[0], a[i1:i2]), (after, kinds[1], b[j1:j2])):
            if words:
                pieces.append(Piece(kind, "".join(words)))
    return Row(tuple(before), tuple(after))
