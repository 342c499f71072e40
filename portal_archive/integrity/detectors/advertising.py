"""Advertising in an official text: a phrase that is sold, a keyword behind the title, a paragraph of offers.

Officials write about what is sold, too. What they do not write is an offer in a text that is about something else:
so each sign counts the more the less the rest of the article speaks of such things.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from portal_archive.integrity.detector import Detector
from portal_archive.integrity.hosts import SURE_BRAND
from portal_archive.integrity.name_places import is_name_or_number
from portal_archive.integrity.offers import (
    CUSTOMER,
    GOVERNS,
    OFFICIAL,
    READER,
    OfferWord,
    offer_sign,
)
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import SELLS
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import FLAGGED, Finding
from portal_archive.vietnamese.folding import fold, words_of

_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"(?:\s[-–—|·•]\s|\s?[|:;,»])\s{0,3}")
_CONTACT = re.compile(
    r"(?<![\d.])0\d{2}[ .]?\d{3}[ .]?\d{3,4}(?!\d)|\b(?:zalo|hotline|inbox|telegram|viber)\b|\d[\d.,]*\s?(?:k|đ|vnđ)\b",
    re.I,
)
_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_TITLE = 400
_LEAST_HEAD, _MOST_TAIL = 4, 8  # words of a title, and of a keyword behind it
_LEAST_SLUG, _UNCUT_SLUG = 12, 70  # characters of an address that are a title, and the whole title
_LEAST_PAIRS = 60  # different pairs of words of a text that says enough to miss some
_FEW_OFFERS = 2  # words
_LONGEST_PARAGRAPH, _LEAST_PARAGRAPH = 700, 20  # characters
_DENSE = 12  # words for each word of an offer
_NEAR = 2  # words between two words of one offer
_HEAP = 3  # weight of words of offers side by side
_ABOUT = 2  # words of offers in the rest of an article from which it is about such things


class Advertising(Detector):
    """Finds what advertises in a text that does not report on what is sold."""

    kind = FindingKind.ADVERTISING

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding for each phrase, title and paragraph that advertises."""
        for passage in texts.passages:
            yield from self._sold(passage)
        about = _Subject(texts)
        if (title := texts.passage("title")) is not None:
            yield from self._behind(texts, title, about)
        if (body := texts.passage("body")) is not None:
            yield from self._paragraphs(body, about)
            yield from self._in_sentences(body, about)

    def _sold(self, passage: Passage) -> Iterator[Finding]:
        for start, end in SELLS.spans(passage.folded, passage.vocabulary):
            if passage.reports(start) or passage.is_quoted(start, end):
                continue
            signs = ["sold"] + ["in-sentence"] * _is_in_sentence(passage, start, end)
            yield self.finding(signs, passage.text, passage.field, start, end)

    def _behind(self, texts: Texts, title: Passage, about: _Subject) -> Iterator[Finding]:
        """Find a keyword behind a title: words that its address does not have, and the text never says."""
        text = title.text[:_LONGEST_TITLE]
        slug = _slug(texts.document.url)
        for start, marked in _tails(title, text):
            words = text[start:].split()
            if not len(words) <= _MOST_TAIL or title.reports(start):
                continue
            is_brand = len(words) == 1 and SURE_BRAND.fullmatch(title.folded[start:].strip()) is not None
            if not is_brand and (len(words) < 2 or any(is_name_or_number(word) for word in words)):
                continue
            signs = [
                sign
                for sign, holds in (
                    ("behind-mark", marked),
                    ("brand", is_brand),
                    ("not-in-address", _ends_before(slug, title.folded[:start])),
                    ("apart", is_brand or about.is_apart(title.folded[start : len(text)])),
                )
                if holds
            ]
            if offer := offer_sign(title.styled[start : len(text)]):
                signs.append(offer)
            if "apart" in signs and self.score(signs) >= FLAGGED:
                yield self.finding(signs, title.text, "title", start, len(text.rstrip()))
                return

    def _paragraphs(self, body: Passage, about: _Subject) -> Iterator[Finding]:
        """Find the paragraph that speaks to customers in a text that is about something else."""
        words = frozenset(body.styled_words)
        customer = [start for start, _ in CUSTOMER.spans(body.styled, words)]
        offers = [word.start for word in about.offers]
        if not customer and len(offers) < _FEW_OFFERS:
            return
        reader = [start for start, _ in READER.spans(body.styled, words)]
        for start, end in body.paragraphs():
            spoken = _between(customer, start, end)
            if not spoken and _between(offers, start, end) < _FEW_OFFERS:
                continue
            if not _LEAST_PARAGRAPH <= end - start <= _LONGEST_PARAGRAPH or body.reports(start):
                continue
            styled = body.styled[start:end]
            asked = bool(_between(reader, start, end) or _CONTACT.search(styled))
            offer = offer_sign(styled)
            # Schools and clinics speak to customers too: one such word is not enough.
            if spoken + bool(offer) < 2 and not (asked and offer == "offers"):
                continue
            if OFFICIAL.within(styled) or len(styled.split()) > _DENSE * (spoken + asked + bool(offer)):
                continue
            signs = ["addressed"] * min(spoken, 2) + ["contact"] * asked + ([offer] if offer else [])
            if not about.is_elsewhere(start, end):
                yield self.finding([*signs, "apart"], body.text, "body", start, end)

    def _in_sentences(self, body: Passage, about: _Subject) -> Iterator[Finding]:
        """Find an offer put into a sentence: words of offers side by side, where no word before them asks for them."""
        for group in _groups(body, about.offers):
            start, end = group[0].start, group[-1].end
            sign = offer_sign(body.styled[start:end])
            if sign is None or body.reports(start) or body.is_quoted(start, end):
                continue
            before = _WORD.findall(body.styled[max(start - 40, 0) : start])
            if sign != "offers" or not before or before[-1].isdigit():
                continue
            if not {before[-1], " ".join(before[-2:])}.isdisjoint(GOVERNS):
                continue
            if _is_in_sentence(body, start, end) and not about.says_again(group):
                # A thing and its price may stand in any sentence; a heap of such words does not.
                heap = sum(word.weight for word in group) >= _HEAP
                yield self.finding([sign, *(["apart"] if heap else [])], body.text, "body", start, end)


def _between(positions: list[int], start: int, end: int) -> int:
    """Return how many of some positions in order lie from start to end."""
    return bisect_left(positions, end) - bisect_left(positions, start)


class _Subject:
    """What an article is about, as far as offers go."""

    def __init__(self, texts: Texts) -> None:
        self._body = texts.passage("body")
        self._texts = texts
        self.offers = self._body.offers if self._body else []
        strong = [word for word in self.offers if word.weight >= 1]
        self._strong = [word.start for word in strong]
        title = texts.passage("title")
        self._is_of_title = bool(title and offer_sign(title.styled))
        said = [self._body.styled[word.start : word.end] for word in self.offers] if self._body else []
        if title:
            said += [title.styled[word.start : word.end] for word in title.offers]
        self._said = Counter(said)

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        passages = (passage for passage in self._texts.passages if passage.field != "title")
        return {pair for passage in passages for pair in pairwise(passage.folded_words)}

    def is_apart(self, folded: str) -> bool:
        """Return whether a text that says enough says no two of these words together."""
        return len(self._pairs) >= _LEAST_PAIRS and self._pairs.isdisjoint(pairwise(words_of(folded)))

    def says_again(self, group: list[OfferWord]) -> bool:
        """Return whether a word of an offer stands in the title or elsewhere in the text, or it speaks of others."""
        assert self._body is not None
        again = any(self._said[self._body.styled[word.start : word.end]] > 1 for word in group)
        return again or self.is_elsewhere(group[0].start, group[-1].end, 1)

    def is_elsewhere(self, start: int, end: int, least: int = _ABOUT) -> bool:
        """Return whether the article speaks of offers in its title, or so much in the body outside of a span."""
        return self._is_of_title or len(self._strong) - _between(self._strong, start, end) >= least


def _groups(body: Passage, offers: list[OfferWord]) -> Iterator[list[OfferWord]]:
    """Yield the words of offers that stand close together in one sentence."""
    group: list[OfferWord] = []
    for word in offers:
        gap = body.text[group[-1].end : word.start] if group else ""
        if group and ((not gap.replace(" ", "").isalnum() and gap.strip()) or gap.count(" ") > _NEAR + 1):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _tails(title: Passage, text: str) -> Iterator[tuple[int, bool]]:
    """Yield where a keyword behind a title may begin, and whether a mark stands before it; the longest first."""
    words = [match.start() for match in _WORD.finditer(text)]
    marks = {match.end() for match in _MARK.finditer(text)}
    for start in words[max(_LEAST_HEAD, len(words) - _MOST_TAIL) :]:
        yield start, start in marks


def _ends_before(slug: str, head: str) -> bool:
    """Return whether the page's address is the title up to a keyword, and was not cut there."""
    return _LEAST_SLUG <= len(slug) <= _UNCUT_SLUG and slug == _without_number(head)


def _slug(url: str) -> str:
    """Return the words of an address's last part, without its number and ending."""
    last = unquote(urlsplit(url[:2000]).path).rstrip("/").rpartition("/")[2]
    return _without_number(fold(last.partition(".")[0]))


def _without_number(folded: str) -> str:
    words = _SLUG.sub("-", folded).strip("-").split("-")
    while words and words[-1].isdigit():
        words.pop()
    return "-".join(words)


def _is_in_sentence(passage: Passage, start: int, end: int) -> bool:
    """Return whether a sentence goes on before and behind a span."""
    before, after = passage.text[max(start - 40, 0) : start].rstrip(), passage.text[end : end + 2].strip()
    return bool(before) and before[-1].isalnum() and (not after or after[0].islower())
