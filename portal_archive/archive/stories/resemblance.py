"""How alike two texts are, and the sketch by which alike texts find each other. Pure.

The terms are Broder's ("On the resemblance and containment of documents", 1997): a text is the set of its
shingles, runs of `SHINGLE` words; the containment of one text in another is the share of its shingles that the
other has too. The sketch is a MinHash of one permutation: the smallest hashes of the set. Two texts share a part
of their sketches as large as their resemblance, and an excerpt shares what it has of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest

from portal_archive.vietnamese.folding import fold, nfc

# A Vietnamese word is about two syllables, each written as a word: shorter runs are phrases of the trade.
SHINGLE = 8
# Of two texts with a resemblance of 0.3 one pair in 70 shares no key; of 0.5 one in 4,000.
SKETCH = 12
# Shorter texts are notices ("see the attached file"), alike without being copied.
FEWEST = 24
# A longer text is known by its beginning: time and memory stay bounded.
LONGEST = 10_000
# Aligning longer ones word by word could take minutes; of those words are counted in any order.
_ALIGNED = 4_000

# Containment from which on a text is taken for a copy where no figures tell; each that agrees lowers it, down to
# `FIGURES` of them. Few count only if none disagrees.
COPIED = 0.75
LOWERED = 0.06
FIGURES = 5
# Of twelve keys of a copy fewer than two stand in the other text once in 120 pairs at the lowest containment.
_FEWEST_HELD = 2
# The share of figures that must agree: reports from one template share whole sentences, and state other figures.
AGREEING = 0.6

_WORD = re.compile(r"\d++(?:[.,/]\d++)*+|\w+")
# Numbers of documents (25-NQ/TW) are cited in many articles, and years stand in nearly all: neither tells.
_FIGURE = re.compile(
    r"(?<![\w.,/-])(?!(?:19|20)\d\d\b(?![.,/]\d))(\d++(?:[.,/]\d++)*+)(?![-/][^\W\d])\W*(\w*)"
)
_TELLING_DIGITS = 3

# The largest prime that leaves a hash six bytes in SQLite; the base is any number below it.
_PRIME = 2**47 - 115
_BASE = 94_906_265_624_251
_LEAVING = pow(_BASE, SHINGLE, _PRIME)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: `words` as written, the hashes of its shingles, the figures it states.

    `sketch` are the smallest shingles, sorted; none of a text too short to be compared.
    """

    words: tuple[str, ...]
    shingles: frozenset[int]
    figures: frozenset[str]
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How a copy differs from its original: words of the original left out, words of its own added.

    `percent` is the larger of two shares: of the original's words left out, of the copy's words added.
    """

    left_out: int
    added: int
    percent: int


def read(*parts: str | None) -> Text:
    """Return the text that the parts (title, summary, body) make; case, diacritics and marks do not count."""
    text = nfc("\n".join(part for part in parts if part))
    words = tuple(_WORD.findall(text)[:LONGEST])
    folded = fold(" ".join(words)).split(" ") if words else []
    figures = (
        # A small number is one only together with what it counts.
        figure if sum(map(str.isdigit, figure)) >= _TELLING_DIGITS else f"{figure} {fold(after)}"
        for figure, after in _FIGURE.findall(text)
    )
    shingles = frozenset(_hashes(folded))
    sketch = tuple(nsmallest(SKETCH, shingles)) if len(shingles) >= FEWEST else ()
    return Text(words, shingles, frozenset(figures), sketch)


@lru_cache(maxsize=100_000)
def _value(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) % _PRIME


def _hashes(words: list[str]) -> set[int]:
    """Hash every run of words; each hash follows from the one before, so that a run costs one step."""
    values = [_value(word) for word in words]
    if len(values) < SHINGLE:
        return set()
    rolling = 0
    for value in values[:SHINGLE]:
        rolling = (rolling * _BASE + value) % _PRIME
    hashes = {rolling}
    for value, leaving in zip(values[SHINGLE:], values, strict=False):
        rolling = (rolling * _BASE + value - leaving * _LEAVING) % _PRIME
        hashes.add(rolling)
    return hashes


def may_contain(text: Text, sketch: Sequence[int]) -> bool:
    """Tell whether two texts may be copies, from one and the sketch of the other: a sieve for `containment`.

    The sketch is a sample of its text: of a copy, some stand in this one. And up to the end of both sketches,
    of this text's own keys it must have some.
    """
    held = sum(key in text.shingles for key in sketch)
    end = min(sketch[-1], text.sketch[-1])
    known = [key for key in text.sketch if key <= end]
    return held >= _FEWEST_HELD or len({*known} & {*sketch}) * SKETCH >= _FEWEST_HELD * len(known)


def containment(one: Text, other: Text, standing: Mapping[int, int] | None = None) -> float:
    """Return which share of the smaller text stands in the larger, from 0 to 1.

    `standing` tells in how many articles a shingle stands: what many share weighs less.
    """
    shared = one.shingles & other.shingles
    if not shared:
        return 0.0
    if not standing:
        return len(shared) / min(len(one.shingles), len(other.shingles))

    def weight(shingles: frozenset[int]) -> float:
        return sum(1 / math.sqrt(standing.get(shingle, 1)) for shingle in shingles)

    return weight(shared) / min(weight(one.shingles), weight(other.shingles))


def is_copy(one: Text, other: Text, similarity: float) -> bool:
    """Tell whether one text was made of the other, given their `containment`."""
    if min(len(one.shingles), len(other.shingles)) < FEWEST:
        return False
    agreeing = len(one.figures & other.figures)
    stated = min(len(one.figures), len(other.figures))
    if agreeing < AGREEING * stated:
        return False
    telling = min(agreeing, FIGURES) if agreeing == stated or agreeing >= FIGURES else 0
    return similarity >= COPIED - LOWERED * telling


def change(original: Text, copy: Text) -> Change:
    """Return how much of `original` was changed to make `copy`."""
    if max(len(original.words), len(copy.words)) > _ALIGNED:
        kept = (Counter(original.words) & Counter(copy.words)).total()
    else:
        matcher = SequenceMatcher(None, original.words, copy.words)
        kept = sum(block.size for block in matcher.get_matching_blocks())
    left_out, added = len(original.words) - kept, len(copy.words) - kept
    share = max(left_out / max(len(original.words), 1), added / max(len(copy.words), 1))
    # What was changed at all is not "0 % changed".
    return Change(left_out, added, max(round(100 * share), 1) if share else 0)
