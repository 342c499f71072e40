"""How much a piece of text is worded like an offer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from portal_archive.integrity.words import Phrases, read_list
from portal_archive.vietnamese.tones import one_style


@dataclass(frozen=True, slots=True)
class OfferWord:
    """Where a word of an offer stands, and what it counts."""

    start: int
    end: int
    weight: float


_WEIGHTS = {
    one_style(entry): weight
    for section, weight in (("common", 0.5), ("terms", 1.0), ("goods", 1.0))
    for entry in read_list("offers", section)
}
_OFFERS = Phrases(_WEIGHTS, one_style)
CUSTOMER = Phrases(read_list("offers", "customer"), one_style)
READER = Phrases(read_list("offers", "reader"), one_style)
OFFICIAL = Phrases(read_list("offers", "official"), one_style)
GOVERNS = frozenset(one_style(entry) for entry in read_list("offers", "governs"))
_ONE, _SEVERAL = 1.0, 2.0


def offer_words(styled: str, vocabulary: frozenset[str] | None = None) -> list[OfferWord]:
    """Return the words of offers in a text in one tone style, in order; `vocabulary` are all words of the text."""
    return [
        OfferWord(start, end, _WEIGHTS[styled[start:end]]) for start, end in _OFFERS.spans(styled, vocabulary)
    ]


@lru_cache(maxsize=8192)
def offer_sign(styled: str) -> str | None:
    """Return "offers" of a phrase with several words of offers, "offer" of one, None where all are common words."""
    weights = [word.weight for word in offer_words(styled)]
    if not weights or max(weights) < _ONE:
        return None
    return "offers" if sum(weights) >= _SEVERAL else "offer"
