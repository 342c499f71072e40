"""What differs between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise

from rapidfuzz.distance import Indel

# A figure is one word, with its separators: 1.245 and 30/10/2019.
_WORDS = re.compile(r"\d[\d.,/:]*\d|\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\d[\d.,/:]*\d|\w+")
_BREAK = re.compile(r"\s*\n\s*")
# Two sequences are aligned up to this product of their lengths, in some 10 ms and 8 MB; longer ones as wholes.
_MOST_PAIRS = 64_000_000
# Paragraphs are sought among all others in a stretch of so many pairs; in a longer one by words few of them have.
_ALL_PAIRS = 2_500
_RARE = 8
# Answers that are longer are cut: a page is built where every other request waits.
_MOST_PIECES = 10_000
_MOST_LETTERS = 400_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: "same", "removed" or "added"; `found`: it is what was searched for."""

    kind: str
    text: str
    found: bool = False


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
    """Return the paragraphs of two texts side by side, with the words that differ.

    Takes time in proportion to the texts: what is too long to compare by words is compared by paragraphs, or whole.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    return list(_rows(old, new))


def cut(rows: Sequence[Row]) -> tuple[list[Row], bool]:
    """Return as many rows as can be shown, and whether that leaves some out."""
    pieces = letters = 0
    for place, row in enumerate(rows):
        pieces += len(row.before) + len(row.after)
        letters += sum(len(piece.text) for piece in (*row.before, *row.after))
        if place and (pieces > _MOST_PIECES or letters > _MOST_LETTERS):
            return list(rows[:place]), True
    return list(rows), False


def reflow(before: str, after: str) -> str:
    """Return `after` with its paragraphs broken where `before` breaks them, as far as their words correspond.

    Two portals cut one text into other paragraphs; compared as they stand, each cut would look like a change.
    """
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    if len(old) * len(new) > _MOST_PAIRS:
        return after
    paragraph = list(accumulate(map(_breaks, _gaps(before, old))))
    blocks = _aligned([word[0] for word in old], [word[0] for word in new])
    pairs = [(i1 + n, j1 + n) for same, i1, i2, j1, _ in blocks if same for n in range(i2 - i1)]
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


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return the stretches in which two sequences are the same or differ: same, and from where to where in each."""
    if len(old) * len(new) > _MOST_PAIRS:
        return [(False, 0, len(old), 0, len(new))]
    signs: dict[str, str] = {}
    first, second = (
        "".join(signs.setdefault(item, chr(len(signs))) for item in sequence) for sequence in (old, new)
    )
    found: list[tuple[bool, int, int, int, int]] = []
    for step in Indel.opcodes(first, second):
        same = step.tag == "equal"
        if found and not same and not found[-1][0]:
            found[-1] = (False, found[-1][1], step.src_end, found[-1][3], step.dest_end)
        else:
            found.append((same, step.src_start, step.src_end, step.dest_start, step.dest_end))
    return found


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for same, i1, i2, j1, j2 in _aligned(old, new):
        if same:
            yield from (Row((Piece("same", text),), (Piece("same", text),)) for text in old[i1:i2])
            continue
        start = 0
        for text, at in zip(old[i1:i2], _edited(old[i1:i2], new[j1:j2]), strict=True):
            if at is None:
                yield Row((Piece("removed", text),), ())
                continue
            yield from (Row((), (Piece("added", other),)) for other in new[j1 + start : j1 + at])
            yield _words(text, new[j1 + at])
            start = at + 1
        yield from (Row((), (Piece("added", other),)) for other in new[j1 + start : j2])


def _edited(old: Sequence[str], new: Sequence[str]) -> Iterator[int | None]:
    """Give for each old paragraph the new one that it has become, in rising order; None where it went.

    One is the other, edited, where they share half of the old words.
    """
    words = [Counter(text.split()) for text in new]
    having: dict[str, list[int]] = {}
    if len(old) * len(new) > _ALL_PAIRS:
        for place, counted in enumerate(words):
            for word in counted:
                having.setdefault(word, []).append(place)
    start = 0
    for text in old:
        own = Counter(text.split())
        candidates: Iterable[int] = range(start, len(new))
        if having:
            rare = (having[word] for word in own if len(having.get(word, ())) in range(1, _RARE + 1))
            candidates = islice(
                sorted({place for places in rare for place in places if place >= start}), _RARE
            )
        at = next((place for place in candidates if 2 * (own & words[place]).total() >= own.total()), None)
        if at is not None:
            start = at + 1
        yield at


def _words(old: str, new: str) -> Row:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    before: list[Piece] = []
    after: list[Piece] = []
    stretches = _aligned(a, b)
    for number, (same, i1, i2, j1, j2) in enumerate(stretches):
        # A blank between two changed words is no more the same than they are.
        is_blank = 0 < number < len(stretches) - 1 and i2 - i1 == 1 and a[i1].isspace()
        kinds = ("same", "same") if same and not is_blank else ("removed", "added")
        for pieces, kind, words in ((before, kinds[0], a[i1:i2]), (after, kinds[1], b[j1:j2])):
            if words and kind != "same" and pieces and pieces[-1].kind == kind:
                pieces[-1] = Piece(kind, pieces[-1].text + "".join(words))
            elif words:
                pieces.append(Piece(kind, "".join(words)))
    return Row(tuple(before), tuple(after))
