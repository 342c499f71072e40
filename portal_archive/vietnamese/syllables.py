"""The list of Vietnamese syllables in `syllables.txt`, as sets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from portal_archive.vietnamese.folding import fold


@cache
def syllables() -> frozenset[str]:
    """Return every syllable the language can build, in lower case and Unicode form NFC."""
    lines = (Path(__file__).parent / "syllables.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def folded_syllables() -> frozenset[str]:
    """Return the same without diacritics."""
    return frozenset(map(fold, syllables()))
