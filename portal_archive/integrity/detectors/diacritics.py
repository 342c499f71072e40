"""Corrupted diacritics that dodge word lists: «nhận bỉết», «úỷ tín», «nhà cаi» with a Cyrillic letter.

A typing error or a scan leaves wrong syllables too. What they do not leave is a syllable with two tones, or one
word of two alphabets; and a scan leaves its errors everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal_archive.integrity.detector import Detector
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import NAMES, SELLS, Phrases
from portal_archive.model.kinds import FindingKind
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
_AROUND = 24  # characters to each side that are looked through for a known phrase
_MOST_REPEATED = 3
_LURES = Phrases(("uy tín", "nhận biết", "trực tuyến", "nhà cái", "cá cược", "khuyến mãi"))


class CorruptedDiacritics(Detector):
    """Finds the phrases whose diacritics cannot be Vietnamese."""

    kind = FindingKind.DIACRITICS

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding for each such phrase."""
        for passage in texts.passages:
            yield from self._two_alphabets(passage)
            yield from self._two_tones(passage)

    def _two_tones(self, passage: Passage) -> Iterator[Finding]:
        known = syllables()
        wrong = {
            word
            for word in passage.unknown
            if not word.isascii()
            and word[0].islower()
            and word.lower() not in known
            and fold(word) in folded_syllables()
        }
        twice = {word for word in wrong if sum(mark in _TONES for mark in nfd(word)) > 1}
        if not twice or (len(wrong - twice) > 2 and len(wrong) > _SCANNED * len(set(passage.words))):
            return
        spans = [match.span() for match in _WORD.finditer(passage.text) if match[0] in twice]
        # Words close to each other are one phrase.
        groups: list[list[tuple[int, int]]] = []
        for span in spans:
            if groups and span[0] - groups[-1][-1][1] <= _NEAR:
                groups[-1].append(span)
            else:
                groups.append([span])
        for group in groups:
            start, end = group[0][0], group[-1][1]
            around = passage.folded[max(start - _AROUND, 0) : end + _AROUND]
            signs = ["two-tones"] + ["more-of-them"] * min(len(spans) - 1, _MOST_REPEATED)
            if any(lexicon.within(around) for lexicon in (SELLS, NAMES, _LURES)):
                signs.append("known-phrase")
            bare = passage.folded[start:end]
            yield self.finding(signs, passage.text, passage.field, start, end, words=bare)

    def _two_alphabets(self, passage: Passage) -> Iterator[Finding]:
        if _LOOKALIKE.search(passage.text) is None:
            return
        for match in _MIXED.finditer(passage.text):
            latin = fold(match[0].translate(_LATIN))
            if not latin.isascii():
                continue
            signs = ["two-alphabets"] + ["looks-vietnamese"] * (latin in folded_syllables())
            yield self.finding(signs, passage.text, passage.field, *match.span(), words=latin)
