"""Making findings: how evidence adds up, and what is said to people."""

from __future__ import annotations

from collections.abc import Iterable

from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Finding

NAME_SLOT = FindingKind.NAME_SLOT
FOREIGN_LINK = FindingKind.FOREIGN_LINK
HIDDEN = FindingKind.HIDDEN
SPUN = FindingKind.SPUN
DIACRITICS = FindingKind.DIACRITICS
DOORWAY = FindingKind.DOORWAY
CLOAKING = FindingKind.CLOAKING

# Weaker signs than this are not worth anybody's time.
LEAST = 0.3


def together(signs: Iterable[float]) -> float:
    """Return how sure several independent signs make us, each from 0 to 1."""
    doubt = 1.0
    for sign in signs:
        doubt *= 1.0 - sign
    return round(1.0 - doubt, 2)


def finding(
    kind: str, score: float, text: str, field: str, start: int, end: int, reason: str, reason_vi: str
) -> Finding:
    """Return a finding about `text[start:end]`, the text being the article's `field`."""
    return Finding(kind, min(round(score, 2), 0.99), text[start:end], reason, reason_vi, field, start, end)
