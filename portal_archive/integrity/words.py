"""The word lists of `data/`: facts with their sources, read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from portal_archive.vietnamese.folding import fold, words_of

_DATA = Path(__file__).parent / "data"
_IN_LINES = ("followers", "offers")  # several entries a line


def read_list(name: str, section: str = "") -> tuple[str, ...]:
    """Return the entries of one section of a list; "" is the part before the first section.

    Lines that begin with ``#`` are remarks; entries stand one on a line, or several parted by ", ".
    """
    return tuple(_sections(name)[section])


@cache
def _sections(name: str) -> dict[str, list[str]]:
    current = ""
    sections: dict[str, list[str]] = {current: []}
    for line in (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            current = line[1:-1]
            sections[current] = []
        elif line and not line.startswith("#"):
            parts = line.split(", ") if name in _IN_LINES else [line]
            sections[current] += filter(None, (part.strip(" ,") for part in parts))
    return sections


class Phrases:
    """A set of phrases that is quickly found in text of one form (folded, unless another is given), as whole words."""

    def __init__(self, phrases: Iterable[str], form: Callable[[str], str] = fold) -> None:
        """Take the phrases with their diacritics, and what brings them into the form of the texts."""
        self.phrases = tuple(sorted({form(phrase) for phrase in phrases}, key=len, reverse=True))
        self._by_first: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for phrase in self.phrases:
            words = words_of(phrase)
            self._by_first.setdefault(words[0], []).append((phrase, frozenset(words)))
        self._firsts = frozenset(self._by_first)

    def spans(self, folded: str, words: frozenset[str] | None = None) -> list[tuple[int, int]]:
        """Return where the phrases stand in folded text, in order and without overlap; `words` are all its words."""
        if words is None:
            words = frozenset(words_of(folded))
        found = [
            (start, start + len(phrase))
            for first in self._firsts & words
            for phrase, parts in self._by_first[first]
            if parts <= words
            for start in occurrences(phrase, folded)
        ]
        # Of two that overlap the one that begins first, of two that begin together the longer one.
        spans: list[tuple[int, int]] = []
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if not spans or spans[-1][1] <= start:
                spans.append((start, end))
        return spans

    def within(self, folded: str) -> str | None:
        """Return one of the phrases that stands in folded text, if there is one."""
        spans = self.spans(folded)
        return folded[slice(*spans[0])] if spans else None

    def at_start(self, folded: str) -> bool:
        """Tell whether folded text begins with one of the phrases."""
        return folded.startswith(self.phrases) and any(
            folded.startswith(phrase) and is_whole(folded, 0, len(phrase)) for phrase in self.phrases
        )


def occurrences(phrase: str, text: str) -> Iterator[int]:
    """Yield where a phrase stands in a text as whole words, without overlap."""
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        if is_whole(text, start, end):
            yield start
        start = text.find(phrase, end)


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether no word is cut at either end of a span."""
    return not (
        (start > 0 and text[start - 1].isalnum() and text[start].isalnum())
        or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    )


SELLS = Phrases(read_list("phrases", "sells"))
NAMES = Phrases(read_list("phrases", "names"))
REPORTING = Phrases(read_list("reporting_words"))
HOST_WORDS = read_list("host_words")
