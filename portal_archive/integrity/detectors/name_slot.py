"""A phrase in a place where a name belongs.

Whoever hijacks a portal has its own name replaced wherever it stands. What then stands there need not be in any
list: it is no name and no word that can follow there, it stands in several such places and hardly anywhere else, and
a line break and a lone comma or full stop follow it where the replacement was a block of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from portal_archive.integrity import name_places
from portal_archive.integrity.detector import Detector
from portal_archive.integrity.hosts import BRAND, SURE_BRAND
from portal_archive.integrity.name_places import (
    CERTAIN,
    FOLLOWERS,
    LIKELY,
    LISTED,
    MOST_WORDS,
    PARTICLES,
    POSSIBLE,
    USUAL,
    WINDOW,
    WORD,
    Place,
    Span,
    is_weaker,
    stronger,
    words_at,
)
from portal_archive.integrity.offers import offer_sign
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import NAMES, SELLS
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import FLAGGED, Finding
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.places import is_place
from portal_archive.vietnamese.syllables import folded_syllables

_ONLY_THERE = 0.6  # share of a phrase's places that must be those of names
_MANY = 3  # places, of words that may follow there
_GAP_BETWEEN = "\n\n"
_LEAST_TEXT = 30  # characters: shorter texts have no place and words in it
_LEAST_USUAL = 3  # words of a phrase that may follow there, where a break alone speaks against it
_MOST_BREAKS = 1  # other lines broken in mid-sentence; a text with more was typed so, or is a poem
_MOST_SUSPECTS = 200  # phrases of an article that are judged: each is looked for in all of it
_LONGEST_LINE = 90  # characters before a line break that are looked at
_ORPHAN_MARK = re.compile(r"[ \t]{0,9}\n\s{0,9}[,.;:!?…)]")
_BROKEN = re.compile(r"[ \t]{0,9}\n[ \t]{0,9}(?=[^\W\d_])")


@dataclass(slots=True)
class _Suspect:
    """A phrase that stands where a name belongs, and what speaks against it."""

    folded: str
    spans: set[tuple[str, int, int]] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    strength: str = USUAL
    usual: bool = True  # it begins as what may follow there
    broken: str = ""  # the sign of the line break behind it
    before_verb: bool = False
    next_words: Counter[str] = field(default_factory=Counter)  # what follows it in its sentence

    def take(self, other: _Suspect) -> None:
        """Add what is known of a longer phrase that contains this one."""
        self.spans |= other.spans
        self.places |= other.places
        self.strength = stronger(self.strength, other.strength)
        self.usual = self.usual and other.usual
        self.broken = "line-cut" if "line-cut" in (self.broken, other.broken) else self.broken or other.broken

    @property
    def words(self) -> int:
        """Number of its words."""
        return self.folded.count(" ") + 1

    @property
    def is_common(self) -> bool:
        """Whether every word could be a syllable of Vietnamese."""
        return all(word in folded_syllables() for word in self.folded.split())

    @property
    def is_like_a_name(self) -> bool:
        """Whether three words or more have a verb behind them as names do."""
        return self.before_verb and self.words >= _LEAST_USUAL

    @property
    def goes_on(self) -> bool:
        """Whether one and the same word follows everywhere: then it is the beginning of a longer expression."""
        return len(self.spans) > 1 and len(self.next_words) == 1 and "" not in self.next_words


class _Suspects(dict[str, _Suspect]):
    """The suspects of an article by phrase; `only_broken` remembers what `_is_only_broken_by` found out."""

    def __init__(self) -> None:
        super().__init__()
        self.only_broken: dict[tuple[str, str, bool], bool] = {}


class NameSlots(Detector):
    """Finds words that were put in the place of a name."""

    kind = FindingKind.NAME_SLOT

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding for each occurrence of such words."""
        passages = [passage for passage in texts.passages if len(passage.text) >= _LEAST_TEXT]
        suspects = _Suspects()
        _gather(passages, suspects, bool(texts.cut_lines), bool(texts.anchors))
        for passage in passages:
            _before_breaks(passage, suspects)
        _merge(suspects)
        linked = {anchor.folded for anchor in texts.anchors}
        worst_first = sorted(suspects.values(), key=lambda suspect: (not suspect.broken, -len(suspect.spans)))
        for suspect in worst_first[:_MOST_SUSPECTS]:
            if suspect.broken != "line-cut" and any(
                line.endswith(suspect.folded) for line in texts.cut_lines
            ):
                suspect.broken = "line-cut"
            yield from self._judge(suspect, texts, suspect.folded in linked)

    def _judge(self, suspect: _Suspect, texts: Texts, is_link: bool) -> Iterator[Finding]:
        certain = bool(suspect.broken or is_link)
        if suspect.usual and len(suspect.spans) == 1 and suspect.words < _LEAST_USUAL:
            return
        if suspect.goes_on and not certain:
            return
        spans = [
            (passage, *span) for passage in texts.passages for span in passage.occurrences(suspect.folded)
        ]
        signs = self._signs(suspect, texts, spans, is_link)
        if self.score(signs) < FLAGGED or is_place(suspect.folded):
            return
        if not certain and all(passage.is_quoted(start, end) for passage, start, end in spans):
            return
        for passage, start, end in spans:
            yield self.finding(signs, passage.text, passage.field, start, end, n=len(spans))

    def _signs(
        self, suspect: _Suspect, texts: Texts, spans: Sequence[tuple[Passage, int, int]], is_link: bool
    ) -> list[str]:
        """Return what speaks against a phrase."""
        certain = bool(suspect.broken or is_link)
        signs = [suspect.strength] if suspect.strength else []
        if suspect.broken:
            signs.append(suspect.broken)
        offer = max(
            (offer_sign(passage.styled[start:end]) or "" for passage, start, end in spans), default=""
        )
        if not certain and suspect.is_like_a_name and not is_weaker(suspect.strength, LIKELY):
            signs.append("as-a-name")
        if len(spans) > 1:
            signs += _repetition(suspect, len(spans), bool(offer))
        if is_link:
            signs.append("linked")
        if sold := _sold(suspect, texts, spans, certain):
            signs.append(sold)
        elif SURE_BRAND.search(suspect.folded):
            signs.append("sure-brand")
        elif BRAND.search(suspect.folded) and (certain or not is_weaker(suspect.strength, LIKELY)):
            signs.append("brand")
        if offer and not sold and (certain or not suspect.usual or len(spans) > 1):
            signs.append(offer)
        return signs


def _gather(passages: list[Passage], suspects: _Suspects, are_lines_cut: bool, are_links: bool) -> None:
    """Find out where each phrase ends, and collect what is known of it."""
    # All passages are searched as one: looking for a hundred words costs by the text, not by the letter.
    gap = len(_GAP_BETWEEN)
    starts = list(accumulate((len(passage.text) + gap for passage in passages), initial=gap))
    whole = _GAP_BETWEEN.join(("", *(passage.text for passage in passages)))
    lowered = _GAP_BETWEEN.join(("", *(passage.lowered for passage in passages)))
    offers = [
        start + word.start
        for start, passage in zip(starts, passages, strict=False)
        for word in passage.offers
        if word.weight >= 1
    ]
    alike: dict[str, list[Place]] = {}
    for place in name_places.places_without_name(whole, lowered):
        alike.setdefault(place.words, []).append(place)
    for places in alike.values():
        if not (are_lines_cut or are_links or _is_worth_a_look(whole, offers, places)):
            continue
        group = []
        for place in places:
            index = bisect_right(starts, place.start) - 1
            group.append((passages[index], place._replace(start=place.start - starts[index])))
        runs = [words_at(passage, place.start) for passage, place in group]
        folded = [
            [passage.folded[slice(*word)] for word in words]
            for (passage, _), (words, _) in zip(group, runs, strict=True)
        ]
        # The phrase is the longest common prefix of all occurrences, what follows is the sentence.
        shared = _common(min(folded), max(folded)) if len(folded) > 1 else 0
        for (passage, place), (words, likely) in zip(group, runs, strict=True):
            kept = words[: shared or likely]
            # What follows the phrase everywhere is a part of it, be it a word that ends others.
            while len(kept) > 1 and len(group) < _MANY and passage.styled[slice(*kept[-1])] in PARTICLES:
                kept = kept[:-1]
            if (
                kept
                and name_places.is_phrase(passage.folded[slice(*word)] for word in kept)
                and not name_places.is_plain_follower(passage.text[kept[0][0] : kept[-1][1]])
            ):
                _add(passage, kept, place, suspects)


def _is_worth_a_look(text: str, offers: list[int], places: list[Place]) -> bool:
    """Return whether words can be judged by where they stand; most stand there by right, once or twice."""
    strength = stronger(*(place.strength for place in places))
    if strength == CERTAIN or len(places) > 2 or (len(places) == 2 and strength == LIKELY):
        return True
    if strength == POSSIBLE and len(places) == 2 and places[0].before != places[1].before:
        return True
    return _is_telling(places[0].words) or any(
        bisect_right(offers, place.start - 1) < bisect_right(offers, place.start + WINDOW)
        or "\n" in text[place.start : place.start + WINDOW]
        for place in places
    )


@lru_cache(maxsize=16384)
def _is_telling(words: str) -> bool:
    return fold(words) in LISTED or BRAND.match(words) is not None


def _add(passage: Passage, words: list[Span], place: Place, suspects: _Suspects) -> None:
    text = passage.text
    start, end = words[0][0], words[-1][1]
    key = passage.folded[start:end]
    suspect = suspects.setdefault(key, _Suspect(key))
    suspect.spans.add((passage.field, start, end))
    if place.before:
        suspect.places.add(place.before)
    suspect.strength = stronger(suspect.strength, place.strength)
    suspect.usual = suspect.usual and bool(place.before) and place.strength == USUAL
    suspect.next_words[_next_word(passage, end)] += 1
    suspect.before_verb = suspect.before_verb or name_places.is_verb_at(passage, end)
    if _ORPHAN_MARK.match(text, end):
        suspect.broken = "line-cut"
    elif not suspect.broken and (match := _BROKEN.match(text, end)):
        asked = (passage.field, key, text[match.end()].islower())
        if asked not in suspects.only_broken:
            suspects.only_broken[asked] = _is_only_broken_by(passage, key, asked[2])
        suspect.broken = "line-broken" if suspects.only_broken[asked] else ""


def _next_word(passage: Passage, end: int) -> str:
    """Return the word that follows in the same sentence, "" at its end."""
    match = WORD.match(passage.folded, end + 1) if passage.text[end : end + 1] == " " else None
    return match[0] if match else ""


def _before_breaks(passage: Passage, suspects: _Suspects) -> None:
    """Add the words that several line breaks in mid-sentence have before them."""
    text = passage.text
    tails: list[list[Span]] = []
    for position in passage.line_breaks:
        line = max(text.rfind("\n", max(position - _LONGEST_LINE, 0), position), position - _LONGEST_LINE)
        if "\t" not in text[line + 1 : position]:
            tails.append(
                [word.span() for word in WORD.finditer(text, max(line + 1, 0), position)][-MOST_WORDS:]
            )
    # In their order, those that end most alike stand side by side.
    backwards = sorted(([passage.folded[slice(*word)] for word in reversed(tail)], tail) for tail in tails)
    for before, (ending, tail), after in zip(
        [None, *backwards], backwards, [*backwards[1:], None], strict=False
    ):
        common = max((_common(ending, other[0]) for other in (before, after) if other), default=0)
        words = tail[len(tail) - common :]
        while words and passage.styled[slice(*words[0])] in FOLLOWERS:
            words = words[1:]
        if (
            words
            and not any(name_places.is_name_or_number(text[slice(*word)]) for word in words)
            and name_places.is_phrase(passage.folded[slice(*word)] for word in words)
        ):
            _add(passage, words, Place(words[0][0], "", USUAL, ""), suspects)


def _common(one: list[str], other: list[str]) -> int:
    """Return how many words two lists begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _is_only_broken_by(passage: Passage, phrase: str, goes_on: bool) -> bool:
    """Return whether hardly any line but those after a phrase is broken in mid-sentence, as in a poem all are.

    Where the line after it goes on with a small letter, lines that begin with capitals are no such lines.
    """
    others = 0
    for position in passage.line_breaks:
        following = passage.text[position : position + 2].lstrip("\n ")[:1]
        if not passage.folded.endswith(phrase, 0, position) and not (goes_on and following.isupper()):
            others += 1
            if others > _MOST_BREAKS:
                return False
    return True


def _merge(suspects: _Suspects) -> None:
    """Let a phrase whose ends are certain take what was found of it with more words before or behind."""
    longer: dict[str, list[str]] = {}
    for key in suspects:
        for space in (index for index, letter in enumerate(key) if letter == " "):
            longer.setdefault(key[:space], []).append(key)
            longer.setdefault(key[space + 1 :], []).append(key)
    for key in sorted(suspects, key=len):
        known = suspects.get(key)
        if known is None or (len(known.spans) < 2 and not known.broken):
            continue
        for other in longer.get(key, ()):
            if other in suspects:
                known.take(suspects.pop(other))


def _sold(
    suspect: _Suspect, texts: Texts, spans: Sequence[tuple[Passage, int, int]], certain: bool
) -> str | None:
    """Return as what a phrase is known that is sold, unless the text reports on such things."""
    sells = SELLS.at_start(suspect.folded)
    if not sells and not NAMES.at_start(suspect.folded):
        return None
    if not certain:
        if all(passage.reports(start) for passage, start, _ in spans):
            return None
        strict = suspect.strength == CERTAIN
        if not strict and (texts.reports or (not sells and len(suspect.places) < 2)):
            return None
    return "sold" if sells else "named"


def _repetition(suspect: _Suspect, count: int, is_offer: bool) -> list[str]:
    """Return what it says that a phrase stands in so many places of names."""
    there = len(suspect.spans) >= _ONLY_THERE * count
    many = len(suspect.places) if there else 0
    bodies = len(suspect.places & name_places.BODIES)
    if suspect.words < _LEAST_USUAL and suspect.is_common:
        return ["two-places" if many >= _MANY and is_offer else "repeated"]
    signs = []
    if many >= _MANY:
        signs.append("more-places")
    elif many == 2 and not is_weaker(suspect.strength, LIKELY):
        signs.append("two-places")
    if bodies > 1 and there:
        signs.append("two-bodies")
    if there and len(suspect.next_words) >= _MANY:
        signs.append("name-like")
    if suspect.usual and not (suspect.broken or is_offer or (many >= _MANY and len(signs) > 1)):
        return []
    return signs or ["repeated"]
