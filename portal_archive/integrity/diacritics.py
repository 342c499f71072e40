"""Corrupted diacritics that dodge word lists: «nhận bỉết», «úỷ tín», «nhà cаi» with a Cyrillic letter.

A typing error or a scan leaves wrong syllables too. What they do not leave is a syllable with two tones, or one
word of two alphabets; and a scan leaves its errors everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from portal_archive.integrity.finding import DIACRITICS, finding, together
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import NAMES, SELLS, Phrases
from portal_archive.model.page import Finding
from portal_archive.vietnamese.folding import fold, nfd
from portal_archive.vietnamese.syllables import folded_syllables, syllables

_WORD = re.compile(r"[^\W\d_]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Letters of other alphabets that look like Latin ones; not the µ of units.
_LOOKALIKE = re.compile("[\u0391-\u03bb\u03bd-\u03c9\u0400-\u045f]")
_MIXED = re.compile(r"\b(?=\w*[a-zà-ỹđ])(?=\w*[\u0391-\u03bb\u03bd-\u03c9\u0400-\u045f])[^\W\d_]{2,}\b", re.I)
_LATIN = str.maketrans("аеорсухіјѕԁһοαενυικρ", "aeopcyxijsdhoaevuikp")
_SCANNED = 0.06  # share of wrong syllables from which a text is taken for a scan
_NEAR = 12  # characters between two wrong syllables of one phrase
_AROUND = 24  # characters beside one that are looked through for a known phrase
_TWO_TONES, _ANOTHER, _KNOWN, _TWO_ALPHABETS = 0.45, 0.3, 0.6, 0.65
_LURES = Phrases(("uy tín", "nhận biết", "trực tuyến", "nhà cái", "cá cược", "khuyến mãi"))


def find_corrupted(texts: Texts) -> Iterator[Finding]:
    """Yield a finding for each phrase whose diacritics cannot be Vietnamese."""
    return chain.from_iterable(map(_in_passage, texts.passages))


def _in_passage(passage: Passage) -> Iterator[Finding]:
    yield from _two_alphabets(passage)
    known = syllables()
    wrong = {
        word
        for word in passage.unknown
        if not word.isascii() and word[0].islower() and word.lower() not in known and _is_vietnamese(word)
    }
    twice = {word for word in wrong if _tones(word) > 1}
    if not twice or (len(wrong - twice) > 2 and len(wrong) > _SCANNED * len(set(passage.words))):
        return
    spans = [match.span() for match in _WORD.finditer(passage.text) if match[0] in twice]
    # Words beside each other are one phrase.
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] <= _NEAR:
            groups[-1].append(span)
        else:
            groups.append([span])
    for group in groups:
        start, end = group[0][0], group[-1][1]
        around = passage.folded[max(start - _AROUND, 0) : end + _AROUND]
        signs = [_TWO_TONES] + [_ANOTHER] * min(len(spans) - 1, 3)
        if any(lexicon.within(around) for lexicon in (SELLS, NAMES, _LURES)):
            signs.append(_KNOWN)
        bare = passage.folded[start:end]
        yield finding(
            DIACRITICS,
            together(signs),
            passage.text,
            passage.field,
            start,
            end,
            f"Syllables with two tones, which Vietnamese does not have; without the marks: {bare!r}.",
            f"Âm tiết mang hai dấu thanh, tiếng Việt không có; bỏ dấu là “{bare}”.",
        )


def _tones(word: str) -> int:
    return sum(mark in _TONES for mark in nfd(word))


def _is_vietnamese(word: str) -> bool:
    """Tell whether a word would be a Vietnamese syllable, were its marks right."""
    return fold(word) in folded_syllables()


def _two_alphabets(passage: Passage) -> Iterator[Finding]:
    if _LOOKALIKE.search(passage.text) is None:
        return
    for match in _MIXED.finditer(passage.text):
        latin = fold(match[0].translate(_LATIN))
        if not latin.isascii() or len(match[0]) < 2:
            continue
        yield finding(
            DIACRITICS,
            _TWO_ALPHABETS,
            passage.text,
            passage.field,
            match.start(),
            match.end(),
            f"A word of two alphabets that looks like {latin!r}.",
            f"Một từ dùng chữ của hai bảng chữ cái, trông như “{latin}”.",
        )
