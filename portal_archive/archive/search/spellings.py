"""Words that are written in more than one way, and are one to whoever searches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from portal_archive.archive.search.written_dates import numeric_date
from portal_archive.vietnamese.folding import fold, nfc
from portal_archive.vietnamese.syllables import folded_syllables

Words = tuple[str, ...]

# "kỹ" and "kĩ", "lý" and "lí": after these consonants the last vowel is written either way.
_I_OR_Y = re.compile(r"(?:h|k|l|m|qu|s|t)[iy]")
# Names of the highlands end in either letter: Đắk Lắk, Đắc Lắc.
_K_OR_C = {"dak": "c", "lak": "c", "dac": "k", "lac": "k"}
# Short forms that stand for these words, which have other meanings as well.
_SHORT = {"hcm": ("hồ", "chí", "minh")}
# What has shorter syllables on average, such as "data" and "casino", is mostly a word of another language.
_LETTERS_EACH = 3
_MOST_PARTS = 3
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def variants(said: str, words: Words) -> Iterator[Words]:
    """Give the other ways to write a word as it was typed; `words` are its parts, as the index has them."""
    if _NUMBER.fullmatch(said):
        yield ("".join(words),)
    elif said.isdecimal() and len(said) > 3 and not _YEAR.fullmatch(said):
        yield _grouped(said)
    elif date := numeric_date(said):
        yield from date.spellings()
    elif len(words) == 1:
        yield from _of_word(words[0])


def same_name(words: Sequence[str]) -> tuple[Words, ...]:
    """Return all the ways to write a name or office; nothing for words that are none of these."""
    return _names().get(tuple(map(fold, words)), ())


@cache
def longest_name() -> int:
    """Return how many words the longest of the names has that `same_name` knows."""
    return max(map(len, _names()))


@cache
def _names() -> dict[Words, tuple[Words, ...]]:
    found: dict[Words, tuple[Words, ...]] = {}
    lines = (Path(__file__).parent / "same_names.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("#"):
            continue
        ways = tuple(tuple(way.split()) for way in line.split("|"))
        found |= {tuple(map(fold, way)): ways for way in ways}
    return found


def _grouped(digits: str) -> Words:
    first = len(digits) % 3
    parts = [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
    return tuple(part for part in parts if part)


def _of_word(word: str) -> Iterator[Words]:
    folded = fold(word)
    if _I_OR_Y.fullmatch(folded):
        last = {"i": "y", "y": "i"}
        letters = unicodedata.normalize("NFD", word)
        at = max(letters.rfind("i"), letters.rfind("y"))
        yield (nfc(letters[:at] + last[letters[at]] + letters[at + 1 :]),)
    if _K_OR_C.get(folded):
        yield (word[:-1] + _K_OR_C[folded],)
    if folded in _SHORT:
        yield _SHORT[folded]
    if folded.isalpha() and folded not in folded_syllables():
        parted = list(_parted(word, min(_MOST_PARTS, len(folded) // _LETTERS_EACH)))
        fewest = min(map(len, parted), default=0)
        yield from (parts for parts in parted if len(parts) == fewest)


def _parted(word: str, most: int) -> Iterator[Words]:
    """Give the syllables, at most so many, of a word that was written without blanks: "danvan", "laichau"."""
    if most < 2:
        return
    for at in range(2, len(word) - 1):
        first, rest = word[:at], word[at:]
        if fold(first) not in folded_syllables():
            continue
        if fold(rest) in folded_syllables():
            yield (first, rest)
        else:
            yield from ((first, *others) for others in _parted(rest, most - 1))
