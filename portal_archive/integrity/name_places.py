"""Where an official text names a place or a body, «tại điểm cầu X», «Trong đó, X», and what stands there instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from portal_archive.integrity.hosts import BRAND
from portal_archive.integrity.passages import Passage
from portal_archive.integrity.words import NAMES, SELLS, read_list
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.syllables import folded_syllables
from portal_archive.vietnamese.tones import old_style, one_style

# How strictly a place asks for a name, as signs of `weights.toml`; USUAL where the words may follow there.
CERTAIN, LIKELY, POSSIBLE, USUAL = "place-certain", "place-likely", "place-possible", ""
_STRENGTH = {sign: rank for rank, sign in enumerate((USUAL, POSSIBLE, LIKELY, CERTAIN))}
WINDOW = 80  # characters behind a place in which a phrase ends
MOST_WORDS = 7
_MOST_UNITS = 3  # one behind the other: "bản", "xã", "huyện"
WORD = re.compile(r"[^\W_]+(?:['’/][^\W_]+)*")
_DELIMITER = re.compile(r"[\n\t,.;:!?…()\[\]“”\"«»–—|]|\s-\s")
# «Nhân dịp này, X trao ...», «(X)»; «xã A, X ...», «xã A (X) ...».
_OPENING = re.compile(r"(?:[.!?…] |\n)[^\W\d_][^.,;:()\n]{4,45}, (?=[^\W_])|\((?=[^\W_])")
_NAME_BEFORE = re.compile(r"[^\W\d_][^.,;:()\n]{1,14}(?:,| \() ?(?=[^\W_])")
_NAMING = frozenset(("xã ", "huyện ", "thị trấn ", "phường "))

PARTICLES = frozenset(one_style(entry) for entry in read_list("followers", "particles"))
_ENDS = PARTICLES | frozenset(one_style(entry) for entry in read_list("followers", "ends"))
FOLLOWERS = _ENDS.union(
    one_style(entry) for section in ("acts", "describes") for entry in read_list("followers", section)
)
# The words that most often follow a name in a report, beside the verbs.
_AUXILIARIES = frozenset(map(one_style, "có đã đang sẽ được cùng vừa luôn do".split()))
_FOLDED_FOLLOWERS = frozenset(map(fold, FOLLOWERS))
# The first two words of every phrase that is known to be sold.
LISTED = frozenset(" ".join(phrase.split()[:2]) for phrase in (*SELLS.phrases, *NAMES.phrases))
_BEFORE = {
    spelling + " ": sign
    for section, sign in (
        ("units", LIKELY),
        ("prepositions", POSSIBLE),
        ("likely", LIKELY),
        ("certain", CERTAIN),
    )
    for entry in read_list("name_places", section)
    for spelling in (one_style(entry), old_style(one_style(entry)))
}
# By their first letters: what begins with none of them is passed over at once.
_PLACE = re.compile(
    r"[\s(“\"‘«\[/–-](?=("
    + "|".join(
        f"{letter}(?:{'|'.join(sorted((re.escape(place[1:]) for place in places), key=len, reverse=True))})"
        for letter, places in groupby(sorted(_BEFORE), key=itemgetter(0))
    )
    + "))"
)
_UNITS = frozenset(
    spelling
    for section in ("units", "more units")
    for entry in read_list("name_places", section)
    for spelling in (one_style(entry), old_style(one_style(entry)))
)
_UNIT = re.compile("(?:" + "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True)) + ") ")
_TWO_WORDS = re.compile(r"([^\W_]+)(?: ([^\W_]+))?")

Span = tuple[int, int]


BODIES = frozenset(before for before, strength in _BEFORE.items() if strength != POSSIBLE)


class Place(NamedTuple):
    """A place of a name that no name stands in."""

    start: int
    before: str  # the word before it, or "," or "("
    strength: str  # CERTAIN ... USUAL
    words: str  # the first two, in lower case


class _First(Enum):
    """What the first two words in the place of a name are."""

    UNIT = auto()  # of which a name follows
    NEVER = auto()  # words that begin no phrase
    USUAL = auto()  # words that may follow
    UNUSUAL = auto()


def stronger(*strengths: str) -> str:
    """Return the strictest of several places."""
    return max(strengths, key=_STRENGTH.__getitem__)


def is_weaker(strength: str, than: str) -> bool:
    """Return whether a place is less strict than another."""
    return _STRENGTH[strength] < _STRENGTH[than]


def places_without_name(text: str, lowered: str) -> list[Place]:
    """Return the places of names without a name; of two that end together the longer one."""
    found: dict[int, Place] = {}
    named: list[int] = []
    for match in _PLACE.finditer(lowered):
        before, end = match[1], match.end(1)
        if place := _place(text, lowered, end, before, _BEFORE[before]):
            found.setdefault(place.start, place)
        elif before in _NAMING:
            named.append(end)
    for match in filter(None, (_NAME_BEFORE.match(text, end) for end in named)):
        # The unit that a commune belongs to stands in brackets behind it.
        before, strength = ("(", LIKELY) if "(" in match[0] else (",", POSSIBLE)
        if place := _place(text, lowered, match.end(), before, strength):
            found.setdefault(place.start, place)
    for match in _OPENING.finditer(text):
        if place := _place(text, lowered, match.end(), "(" if match[0] == "(" else ",", POSSIBLE):
            found.setdefault(place.start, place)
    return list(found.values())


def _place(text: str, lowered: str, start: int, before: str, strength: str) -> Place | None:
    """Return the place at `start` if no name stands there; behind a unit only a name may stand."""
    for _ in range(_MOST_UNITS):
        if not (text[start : start + 1].islower() or text[start : start + 1].isdigit()):
            return None
        match = _TWO_WORDS.match(lowered, start)
        first = _first(match[1], match[2]) if match else _First.NEVER
        if match is None or first is _First.NEVER:
            return None
        if first is not _First.UNIT:
            return Place(start, before, strength if first is _First.UNUSUAL else USUAL, match[0])
        unit = _UNIT.match(lowered, start)
        if unit is None:
            return None
        start, strength = unit.end(), stronger(strength, CERTAIN)
    return None


@lru_cache(maxsize=16384)
def _first(one: str, two: str | None) -> _First:
    """Return what two words in lower case are in the place of a name; the same ones stand on most pages."""
    one, two = one_style(one), one_style(two) if two else None
    both = f"{one} {two}" if two else one
    if one in _UNITS or both in _UNITS:
        return _First.UNIT
    if one in PARTICLES or (one[0].isdigit() and not BRAND.fullmatch(one)):
        return _First.NEVER
    may_follow = one in FOLLOWERS or both in FOLLOWERS
    return _First.USUAL if may_follow and fold(both) not in LISTED else _First.UNUSUAL


def words_at(passage: Passage, start: int) -> tuple[list[Span], int]:
    """Return the words that stand at `start`, and how many of them belong together as far as words tell."""
    window = passage.text[start : start + WINDOW]
    words: list[Span] = []
    likely = 0
    previous = ""
    limit = stop.start() if (stop := _DELIMITER.search(window)) else len(window)
    for match in WORD.finditer(window, 0, limit):
        lower = passage.styled[start + match.start() : start + match.end()]
        both = f"{previous} {lower}"
        if is_name_or_number(match[0]) or len(words) == MOST_WORDS:
            break
        if words and not likely and (lower in _ENDS or both in _ENDS):
            likely = len(words) - (both in _ENDS)
        words.append((start + match.start(), start + match.end()))
        previous = lower
    else:
        if stop and len(words) - likely == 1:
            likely = 0  # one more word at the end of a sentence is a word of the phrase
    end = words[-1][1] if words else start
    return words, len(words) if "\n" in passage.text[end : end + 2] else likely or len(words)


def is_name_or_number(word: str) -> bool:
    """Return whether a word is a name, an abbreviation, a numeral of either kind: none of a foreign phrase."""
    if word.isalpha():
        return not word.islower()
    return word.lower() != word or (any(map(str.isdigit, word)) and not BRAND.fullmatch(word))


def is_verb_at(passage: Passage, position: int) -> bool:
    """Return whether a verb of reports or an auxiliary stands at a position, in the same sentence."""
    if passage.text[position : position + 1] != " ":
        return False
    match = _TWO_WORDS.match(passage.styled, position + 1)
    if match is None or match[1] in _AUXILIARIES:
        return match is not None
    return match[1] not in PARTICLES and not _ENDS.isdisjoint((match[1], f"{match[1]} {match[2]}"))


def is_phrase(words: Iterable[str]) -> bool:
    """Return whether folded words are more than one syllable of Vietnamese, which stands anywhere."""
    one, *more = words
    return bool(more) or one not in folded_syllables()


def is_plain_follower(words: str) -> bool:
    """Return whether words are such as may follow, written without their marks (as scans and old pages have them)."""
    if not words.isascii():
        return False
    parts = words.split()
    return parts[0] in _FOLDED_FOLLOWERS or " ".join(parts[:2]) in _FOLDED_FOLLOWERS
