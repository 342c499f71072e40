"""The word lists of `data/`: facts with their sources, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from vietnamese.folding import fold

_WORD = re.compile(r"[^\W_]+")
_DATA = Path(__file__).parent / "data"


def read_list(name: str, section: str = "") -> Iterator[str]:
    """Yield the entries of one section of a list; "" is the part before the first section.

    Lines that begin with ``#`` are remarks; entries stand one on a line, or several parted by ", ".
    """
    current = ""
    for line in (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            current = line[1:-1]
        elif line and not line.startswith("#") and current == section:
            yield from (
                (entry for part in line.split(", ") if (entry := part.strip(" ,")))
                if (name == "followers")
                else (line,)
            )


class Phrases:
    """A set of phrases that is quickly found in folded text, as whole words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take the phrases with their diacritics; longer ones win over those they begin with."""
        self.phrases = tuple(sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True))
        self._parts = tuple((phrase, frozenset(_WORD.findall(phrase))) for phrase in self.phrases)

    def spans(self, folded: str, words: Set[str] | None = None) -> list[tuple[int, int]]:
        """Return where the phrases stand in folded text, in order and without overlap; `words` are all its words."""
        found: list[tuple[int, int]] = []
        for phrase, parts in self._parts:
            if words is not None and not parts <= words:
                continue
            start = folded.find(phrase)
            while start >= 0:
                end = start + len(phrase)
                if is_whole(folded, start, end) and not any(s < end and start < e for s, e in found):
                    found.append((start, end))
                start = folded.find(phrase, end)
        return sorted(found)

    def within(self, folded: str) -> str | None:
        """Return one of the phrases that stands in folded text, if there is one."""
        spans = self.spans(folded)
        return folded[slice(*spans[0])] if spans else None

    def at_start(self, folded: str) -> bool:
        """Tell whether folded text begins with one of the phrases."""
        return folded.startswith(self.phrases) and any(
            folded.startswith(phrase) and is_whole(folded, 0, len(phrase)) for phrase in self.phrases
        )


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether no word is cut at either end of a span."""
    return not (
        (start > 0 and text[start - 1].isalnum() and text[start].isalnum())
        or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    )


SELLS = Phrases(read_list("phrases", "sells"))
NAMES = Phrases(read_list("phrases", "names"))
REPORTING = Phrases(read_list("reporting_words"))
HOST_WORDS = tuple(read_list("host_words"))
