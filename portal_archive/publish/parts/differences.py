"""What differs between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

# A figure is one word, with its separators: 1.245 and 30/10/2019.
_WORDS = re.compile(r"\d[\d.,/:]*\d|\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\d[\d.,/:]*\d|\w+")
_BREAK = re.compile(r"\s*\n\s*")
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


def reflow(before: str, after: str) -> str:
    """Return `after` with its paragraphs broken where `before` breaks them, as far as their words correspond.

    Two portals cut one text into other paragraphs; compared as they stand, each cut would look like a change.
    """
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    if len(old) + len(new) > _LONGEST:
        return after
    paragraph = list(accumulate(map(_breaks, _gaps(before, old))))
    blocks = SequenceMatcher(None, [w[0] for w in old], [w[0] for w in new]).get_matching_blocks()
    pairs = [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]
    parts, done = [], 0
    for (i, u), (j, v) in pairwise(pairs):
        parts.append(after[done : new[u].end()])
        gap = after[new[u].end() : new[v].start()]
        done = new[v].start()
        if paragraph[i] == paragraph[j]:
            gap = _BREAK.sub(" ", gap)
        elif "\n" not in gap:
            # What opens the next paragraph, such as a quotation mark, goes with it.
            head, _, tail = gap.rpartition(" ")
            gap = f"{head}\n{tail}"
        parts.append(gap)
    return "".join([*parts, after[done:]])


def _gaps(text: str, words: Sequence[re.Match[str]]) -> Iterator[str]:
    """Give what stands before each word."""
    ends = [0, *(word.end() for word in words)]
    return (text[end : word.start()] for end, word in zip(ends, words, strict=False))


def _breaks(gap: str) -> int:
    return "\n" in gap


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
    codes = matcher.get_opcodes()
    for number, (tag, i1, i2, j1, j2) in enumerate(codes):
        # A blank between two changed words is no more the same than they are.
        is_blank = 0 < number < len(codes) - 1 and i2 - i1 == 1 and a[i1].isspace()
        kinds = ("same", "same") if tag == "equal" and not is_blank else ("removed", "added")
        for pieces, kind, words in ((before, kinds[0], a[i1:i2]), (after, kinds[1], b[j1:j2])):
            if words and kind != "same" and pieces and pieces[-1].kind == kind:
                pieces[-1] = Piece(kind, pieces[-1].text + "".join(words))
            elif words:
                pieces.append(Piece(kind, "".join(words)))
    return Row(tuple(before), tuple(after))
