"""Telling written Vietnamese from text that only uses some of its letters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal_archive.vietnamese.folding import nfc, nfd

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ONSET = "(?:ngh|ng|nh|n|ch|c|gh|gi|g|kh|k|ph|p|qu|q|th|tr|t|[bdđhlmrsvx])?"
_OPEN = (
    "(?:a[iouy]?|ây|âu|â|ă|e[o]?|êu|ê|ia|iêu|iu|i|o[aei]|oa[iyo]|oeo|o|ôi|ô|ơi|ơ"
    "|u[aêiơy]|uây|uôi|uy[au]|uêu|u|ư[aiu]|ươ[iu]|ươ|ư|yêu|y)"
)
_NASAL = "(?:o[aă]|oo|o|uâ|uê|uyê|uy|uô|u|ươ|ư|iê|i|yê|y|[aăâeêôơ])(?:ng|nh|n|m)"
_STOPPED = "(?:o[aă]|oo|oe|o|uâ|uê|uyê|uy|uô|u|ươ|ư|iê|i|yê|y|[aăâeêôơ])(?:ch|c|p|t)"
_SYLLABLE = re.compile(f"{_ONSET}(?:{_OPEN}|{_NASAL}|(?P<stopped>{_STOPPED}))")
_STOPPED_TONES = ("\u0301", "\u0323")


def is_syllable(word: str) -> bool:
    """Say whether `word` can be a Vietnamese syllable, written in Unicode.

    A syllable that ends in c, ch, p or t bears sắc or nặng. Loose about which vowels go with which ending;
    meant for words that are written with a diacritic.
    """
    tones: list[str] = []

    def take(match: re.Match[str]) -> str:
        tones.append(match[0])
        return ""

    bare = nfc(_TONES.sub(take, nfd(word.lower())))
    match = _SYLLABLE.fullmatch(bare)
    if match is None or len(tones) > 1:
        return False
    return match["stopped"] is None or (bool(tones) and tones[0] in _STOPPED_TONES)


def share_of_syllables(words: Iterable[str]) -> float:
    """Return which part of `words`, 0 to 1, are syllables; 0.0 when there are no words."""
    judged = [is_syllable(word) for word in words]
    return sum(judged) / len(judged) if judged else 0.0
