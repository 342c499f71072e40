"""A phrase in a place where a name belongs: «tại điểm cầu X», «trên địa bàn X», «Trong đó, X».

Whoever hijacks a portal has its own name replaced wherever it stands. What then stands there need not be in any
list: it is no name and no word that can follow there, it stands in several such places and hardly anywhere else, and
a line break and a lone comma or full stop follow it where the replacement was a block of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from itertools import accumulate, chain, groupby, islice
from operator import itemgetter
from typing import NamedTuple

from portal_archive.integrity.finding import NAME_SLOT, finding, together
from portal_archive.integrity.hosts import BRAND
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import NAMES, SELLS, read_list
from portal_archive.model.page import FLAGGED, Finding
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.places import is_place
from portal_archive.vietnamese.syllables import folded_syllables

# How sure each sign makes us that words were put in the place of a name.
_STRICT, _LOOSE, _ANYWHERE = 0.42, 0.2, 0.1
_LONG_STRICT, _LONG_LOOSE = 0.5, 0.3
_ORPHAN, _BREAK = 0.5, 0.4  # lone punctuation after a line break; a sentence that goes on after one
_GAP = 0.3  # punctuation after a space, which a line break may have been
_TWO_PLACES, _MORE_PLACES, _AGAIN = 0.45, 0.6, 0.1
_BOTH_LOOSE = 0.35  # two places before which anything may stand
_SELLS, _NAMES, _OFFER, _BRAND, _LINK = 0.7, 0.5, 0.2, 0.4, 0.5

_ONLY_THERE = 0.6  # share of a phrase's places that must be those of names
_GAP_BETWEEN = "\n\n"
_WINDOW = 80  # characters behind a slot in which a phrase ends
_LEAST_TEXT = 30  # characters: shorter texts have no place and words in it
_MOST_WORDS = 7
_LEAST_USUAL = 3  # words of a phrase that may follow there, where a break alone speaks against it
_MOST_BREAKS = 1  # other lines broken in mid-sentence; a text with more was typed so, or is a poem
_WORD = re.compile(r"[^\W_]+(?:['’/][^\W_]+)*")
_DELIMITER = re.compile(r"[\n\t,.;:!?…()\[\]“”\"«»–—|]|\s-\s")
_ORPHAN_MARK = re.compile(r"[ \t]*\n\s*[,.;:!?…)]")
_BROKEN = re.compile(r"[ \t]*\n[ \t]*(?=[^\W\d_])")
_BREAKS = re.compile(r"\n(?:\s*[,.;:!?…)]|(?<!\n\n)(?!\n)[ \t]*(?=[^\W\d_]))")
# «Nhân dịp này, X trao ...», «xã A (X) ...»; «xã A, X ...».
_OPENING = re.compile(r"(?:[.!?…] |\n)[^\W\d_][^.,;:()\n]{4,45}, (?=[^\W_])|\((?=[^\W_])")
_NAME_BEFORE = re.compile(r"[^\W\d_][^.,;:()\n]{1,14}, (?=[^\W_])")
_NAMING = frozenset(("xã ", "huyện ", "thị trấn ", "phường "))
_CUT_SHORT = re.compile(_BREAKS.pattern + r"| [.,;:)…]")
_SPACED = frozenset((" .", " ,", " ;", " :", " )", " …"))
_OLD_STYLE = re.compile("(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?![a-zà-ỹ])")
_NEW_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


@lru_cache(maxsize=8192)
def _style(word: str) -> str:
    """Return a word in lower case and in one tone style."""
    word = word.lower()
    return word if word.isascii() else _OLD_STYLE.sub(lambda match: _NEW_STYLE[match[1]], word)


def _old_style(slot: str) -> str:
    """Return words with «uỷ» for «ủy»."""
    return slot.replace("ủy", "uỷ")


_PARTICLES = frozenset(_style(entry) for entry in read_list("followers", "particles"))
_ENDS = _PARTICLES | frozenset(_style(entry) for entry in read_list("followers", "ends"))
_FOLLOWERS = _ENDS.union(
    _style(entry) for section in ("acts", "describes") for entry in read_list("followers", section)
)
_FOLDED_FOLLOWERS = frozenset(map(fold, _FOLLOWERS))
# The first two words of every phrase that is known to be sold.
_LISTED = frozenset(" ".join(phrase.split()[:2]) for phrase in (*SELLS.phrases, *NAMES.phrases))
_OFFERS = frozenset(_style(entry) for entry in read_list("selling_words"))
_MOST_OFFER_WORDS = max(entry.count(" ") + 1 for entry in _OFFERS)
_SLOTS = {
    slot.lower() + " ": sign
    for section, sign in (
        ("alone", _LOOSE),
        ("prepositions", _ANYWHERE),
        ("loose", _LOOSE),
        ("strict", _STRICT),
    )
    for entry in read_list("slots", section)
    for slot in (entry, _old_style(entry))
}
# By their first letters: what begins with none of them is passed over at once.
_SLOT = re.compile(
    r"[\s(“\"‘«\[/–-](?=("
    + "|".join(
        f"{letter}(?:{'|'.join(sorted((slot[1:] for slot in slots), key=len, reverse=True))})"
        for letter, slots in groupby(sorted(_SLOTS), key=itemgetter(0))
    )
    + "))"
)
_UNITS = frozenset(read_list("slots", "units"))
_UNIT = re.compile("(?:" + "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True)) + ") ")
_TWO_WORDS = re.compile(r"([^\W_]+)(?: ([^\W_]+))?")

Span = tuple[int, int]


class _Hit(NamedTuple):
    """A place of a name that no name stands in."""

    start: int
    place: str
    sign: float  # 0.0 where the words are such as may follow
    words: str  # the first two, in lower case


class _Stand(Enum):
    """What the first two words in the place of a name are."""

    UNIT = auto()  # of which a name follows
    NEVER = auto()  # words that begin no phrase
    USUAL = auto()  # words that may follow
    UNUSUAL = auto()


@dataclass(slots=True)
class _Suspect:
    """A phrase that stands where a name belongs, and what speaks against it."""

    folded: str
    spans: set[tuple[str, int, int]] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    sign: float = 0.0
    usual: bool = True  # it begins as what may follow there
    orphan: float = 0.0
    offers: bool = False  # one of its words is such as offers are made of

    def take(self, other: _Suspect) -> None:
        """Add what is known of a longer phrase that contains this one."""
        self.spans |= other.spans
        self.places |= other.places
        self.sign = max(self.sign, other.sign)
        self.usual = self.usual and other.usual
        self.orphan = max(self.orphan, other.orphan)


def find_in_slots(texts: Texts) -> Iterator[Finding]:
    """Yield a finding for each occurrence of words that were put in the place of a name."""
    suspects: dict[str, _Suspect] = {}
    passages = [passage for passage in texts.passages if len(passage.text) >= _LEAST_TEXT]
    _gather(passages, suspects, bool(texts.cut_lines))
    for passage in passages:
        _before_breaks(passage, suspects)
    _merge(suspects)
    linked = {anchor.folded for anchor in texts.anchors}
    for suspect in suspects.values():
        if suspect.orphan < _ORPHAN and any(line.endswith(suspect.folded) for line in texts.cut_lines):
            suspect.orphan = _ORPHAN
        yield from _judge(suspect, texts, linked)


def _hits(text: str, lowered: str) -> list[_Hit]:
    """Return the places of names without a name; of two that end in one place the longer one."""
    hits: dict[int, _Hit] = {}
    named: list[int] = []
    for match in _SLOT.finditer(lowered):
        slot, end = match[1], match.end(1)
        if hit := _hit(text, lowered, end, slot, _SLOTS[slot]):
            hits.setdefault(hit.start, hit)
        elif slot in _NAMING:
            named.append(end)
    after_names = filter(None, (_NAME_BEFORE.match(text, end) for end in named))
    for match in chain(_OPENING.finditer(text), after_names):
        place = "(" if match[0] == "(" else ","
        if hit := _hit(text, lowered, match.end(), place, _ANYWHERE):
            hits.setdefault(hit.start, hit)
    return list(hits.values())


def _hit(text: str, lowered: str, start: int, place: str, sign: float) -> _Hit | None:
    """Return the place at `start` if no name stands there; behind a unit only a name may stand."""
    while text[start : start + 1].islower() or text[start : start + 1].isdigit():
        match = _TWO_WORDS.match(lowered, start)
        stand = _stand(match[1], match[2]) if match else _Stand.NEVER
        if match is None or stand is _Stand.NEVER:
            return None
        if stand is not _Stand.UNIT:
            return _Hit(start, place, sign if stand is _Stand.UNUSUAL else 0.0, match[0])
        unit = _UNIT.match(lowered, start)
        if unit is None:
            return None
        start, sign = unit.end(), max(sign, _STRICT)
    return None


@lru_cache(maxsize=16384)
def _stand(one: str, two: str | None) -> _Stand:
    """Tell what two words in lower case are in the place of a name; the same ones stand on most pages."""
    both = f"{one} {two}" if two else one
    if one in _UNITS or both in _UNITS:
        return _Stand.UNIT
    if one in _PARTICLES or (one[0].isdigit() and not BRAND.fullmatch(one)):
        return _Stand.NEVER
    may_follow = one in _FOLLOWERS or both in _FOLLOWERS or _style(one) in _FOLLOWERS
    return _Stand.USUAL if may_follow and fold(both) not in _LISTED else _Stand.UNUSUAL


def _words(passage: Passage, start: int) -> tuple[list[Span], int]:
    """Return the words that stand at `start`, and how many of them belong together as far as words tell."""
    window = passage.text[start : start + _WINDOW]
    words: list[Span] = []
    likely = 0
    previous = ""
    limit = stop.start() if (stop := _DELIMITER.search(window)) else len(window)
    for match in _WORD.finditer(window, 0, limit):
        word = match[0]
        lower = _style(word)
        both = f"{previous} {lower}"
        if words and (_is_capitalised(word) or len(words) == _MOST_WORDS):
            break
        if words and not likely and (lower in _ENDS or both in _ENDS):
            likely = len(words) - (both in _ENDS)
        words.append((start + match.start(), start + match.end()))
        previous = lower
    end = words[-1][1] if words else start
    if stop and len(words) - likely == 1:
        likely = 0  # one more word at the end of a sentence is a word of the phrase
    return words, len(words) if "\n" in passage.text[end : end + 2] else likely or len(words)


def _is_capitalised(word: str) -> bool:
    """Tell whether a word begins a name: a capital, and not in a word of another language."""
    return word[0].isupper() and (not word.isascii() or word.lower() in folded_syllables())


def _is_plain_ascii(words: str) -> bool:
    """Tell whether words are such as may follow, written without their marks (as scans and old pages have them)."""
    if not words.isascii():
        return False
    parts = words.split()
    return parts[0] in _FOLDED_FOLLOWERS or " ".join(parts[:2]) in _FOLDED_FOLLOWERS


def _gather(passages: list[Passage], suspects: dict[str, _Suspect], are_lines_cut: bool) -> None:
    """Find out where each phrase ends, and collect what is known of it."""
    # All passages are searched as one: looking for a hundred words costs by the text, not by the letter.
    gap = len(_GAP_BETWEEN)
    starts = list(accumulate((len(passage.text) + gap for passage in passages), initial=gap))
    whole = _GAP_BETWEEN.join(("", *(passage.text for passage in passages)))
    lowered = _GAP_BETWEEN.join(("", *(passage.lowered for passage in passages)))
    alike: dict[str, list[_Hit]] = {}
    for hit in _hits(whole, lowered):
        alike.setdefault(hit.words, []).append(hit)
    for hits in alike.values():
        if not _is_worth_a_look(whole, hits, are_lines_cut):
            continue
        group = []
        for hit in hits:
            index = bisect_right(starts, hit.start) - 1
            group.append((passages[index], hit._replace(start=hit.start - starts[index])))
        runs = [_words(passage, hit.start) for passage, hit in group]
        folded = [
            [passage.folded[slice(*word)] for word in words]
            for (passage, _), (words, _) in zip(group, runs, strict=True)
        ]
        # What the places have in common is the phrase, what follows is the sentence.
        shared = _common(min(folded), max(folded)) if len(folded) > 1 else 0
        for (passage, hit), (words, likely) in zip(group, runs, strict=True):
            kept = words[: shared or likely]
            while len(kept) > 1 and _style(passage.text[slice(*kept[-1])]) in _PARTICLES:
                kept = kept[:-1]
            if (
                kept
                and _is_phrase(passage.folded, kept)
                and not _is_plain_ascii(passage.text[kept[0][0] : kept[-1][1]])
            ):
                _add(passage, kept, hit, suspects)


def _is_worth_a_look(text: str, hits: list[_Hit], are_lines_cut: bool) -> bool:
    """Tell whether words can be judged by where they stand; most stand there by right, once or twice."""
    sign = max(hit.sign for hit in hits)
    if sign > _ANYWHERE or len(hits) > 2:
        return True
    if len(hits) == 1:
        if sign == 0.0:
            window = text[hits[0].start : hits[0].start + _WINDOW]
            return _SLOTS.get(hits[0].place, 0.0) >= _STRICT and _ORPHAN_MARK.search(window) is not None
    elif sign > 0.0 or hits[0].place != hits[1].place:
        return True
    return (
        are_lines_cut
        or _is_telling(hits[0].words)
        or any(_CUT_SHORT.search(text, hit.start, hit.start + _WINDOW) for hit in hits)
    )


@lru_cache(maxsize=16384)
def _is_telling(words: str) -> bool:
    return fold(words) in _LISTED or BRAND.match(words) is not None


def _add(passage: Passage, words: list[Span], hit: _Hit, suspects: dict[str, _Suspect]) -> None:
    text = passage.text
    start, end = words[0][0], words[-1][1]
    key = passage.folded[start:end]
    suspect = suspects.setdefault(key, _Suspect(key))
    suspect.spans.add((passage.field, start, end))
    if hit.place:
        suspect.places.add(hit.place)
    suspect.sign = max(suspect.sign, hit.sign)
    suspect.usual = suspect.usual and bool(hit.place) and hit.sign == 0.0
    if _ORPHAN_MARK.match(text, end):
        suspect.orphan = _ORPHAN
    elif text[end : end + 2] in _SPACED:
        suspect.orphan = max(suspect.orphan, _GAP)
    elif (broken := _BROKEN.match(text, end)) and _is_only_broken_by(passage, key, text[broken.end()]):
        suspect.orphan = max(suspect.orphan, _BREAK)


def _is_offer(lowered: str) -> bool:
    """Tell whether a phrase has a word that offers are made of."""
    words = [_style(word) for word in lowered.split()]
    return any(
        " ".join(words[start : start + length]) in _OFFERS
        for length in range(1, _MOST_OFFER_WORDS + 1)
        for start in range(len(words) - length + 1)
    )


def _before_breaks(passage: Passage, suspects: dict[str, _Suspect]) -> None:
    """Add the words that several line breaks in mid-sentence have before them."""
    text = passage.text
    if "\n" not in text:
        return
    tails: list[list[Span]] = []
    for match in _BREAKS.finditer(text):
        line = max(text.rfind("\n", 0, match.start()), match.start() - 90)
        if "\t" not in text[line + 1 : match.start()]:
            tails.append(
                [word.span() for word in _WORD.finditer(text, line + 1, match.start())][-_MOST_WORDS:]
            )
    # In their order, those that end most alike stand side by side.
    backwards = sorted(([passage.folded[slice(*word)] for word in reversed(tail)], tail) for tail in tails)
    for before, (ending, tail), after in zip(
        [None, *backwards], backwards, [*backwards[1:], None], strict=False
    ):
        common = max((_common(ending, other[0]) for other in (before, after) if other), default=0)
        words = tail[len(tail) - common :]
        while words and _style(text[slice(*words[0])]) in _FOLLOWERS:
            words = words[1:]
        if (
            words
            and not any(text[start].isupper() for start, _ in words)
            and _is_phrase(passage.folded, words)
        ):
            _add(passage, words, _Hit(words[0][0], "", 0.0, ""), suspects)


def _common(one: list[str], other: list[str]) -> int:
    """Return how many words two lists begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _is_phrase(folded: str, words: list[Span]) -> bool:
    """Tell whether words are more than one syllable of Vietnamese, which stands anywhere."""
    return len(words) > 1 or folded[words[0][0] : words[0][1]] not in folded_syllables()


def _is_common(folded: str) -> bool:
    """Tell whether every word could be a syllable of Vietnamese."""
    return all(word in folded_syllables() for word in folded.split())


def _is_only_broken_by(passage: Passage, phrase: str, first: str) -> bool:
    """Tell whether hardly any line but those after a phrase is broken in mid-sentence, as in a poem all are.

    Where the first letter of the line after it is small, lines that begin with capitals are no such lines.
    """
    others = (
        match
        for match in _BREAKS.finditer(passage.text)
        if not passage.folded.endswith(phrase, 0, match.start())
        and not (first.islower() and passage.text[match.end() : match.end() + 1].isupper())
    )
    return next(islice(others, _MOST_BREAKS, None), None) is None


def _merge(suspects: dict[str, _Suspect]) -> None:
    """Let a phrase whose ends are certain take what was found of it with more words before or behind."""
    longer: dict[str, list[str]] = {}
    for key in suspects:
        for space in (index for index, letter in enumerate(key) if letter == " "):
            longer.setdefault(key[:space], []).append(key)
            longer.setdefault(key[space + 1 :], []).append(key)
    for key in sorted(suspects, key=len):
        known = suspects.get(key)
        if known is None or (len(known.spans) < 2 and not known.orphan):
            continue
        for other in longer.get(key, ()):
            if other in suspects:
                known.take(suspects.pop(other))


def _judge(suspect: _Suspect, texts: Texts, linked: set[str]) -> Iterator[Finding]:
    is_link = suspect.folded in linked
    if (
        suspect.sign <= _ANYWHERE
        and len(suspect.spans) == 1
        and not (suspect.orphan or is_link or " ".join(suspect.folded.split()[:2]) in _LISTED)
    ):
        return
    if suspect.usual and len(suspect.spans) == 1 and suspect.folded.count(" ") < _LEAST_USUAL - 1:
        return
    lowered = {passage.field: passage.lowered for passage in texts.passages}
    suspect.offers = any(_is_offer(lowered[field][start:end]) for field, start, end in suspect.spans)
    spans = [(passage, *span) for passage in texts.passages for span in passage.occurrences(suspect.folded)]
    signs = [_base(suspect)]
    said = [("Words in a place where a name belongs", "Cụm từ đứng ở chỗ lẽ ra là tên riêng")]
    for sign, english, vietnamese in _signs(suspect, texts, spans, is_link):
        signs.append(sign)
        said.append((english, vietnamese))
    score = together(signs)
    if score < FLAGGED or is_place(suspect.folded):
        return
    if (
        not suspect.orphan
        and not is_link
        and all(passage.is_quoted(start, end) for passage, start, end in spans)
    ):
        return
    reason, reason_vi = ("; ".join(sentence[language] for sentence in said) + "." for language in (0, 1))
    for passage, start, end in spans:
        yield finding(NAME_SLOT, score, passage.text, passage.field, start, end, reason, reason_vi)


def _base(suspect: _Suspect) -> float:
    """Return how much it says that a phrase stands there at all: more words fit by chance less often."""
    words = suspect.folded.count(" ") + 1
    if suspect.sign >= _STRICT and (words > 2 or not _is_common(suspect.folded)):
        return _LONG_STRICT
    if suspect.sign >= _LOOSE and words > 3:
        return _LONG_LOOSE
    return suspect.sign


def _signs(
    suspect: _Suspect, texts: Texts, spans: list[tuple[Passage, int, int]], is_link: bool
) -> Iterator[tuple[float, str, str]]:
    """Yield how much each sign says, and what it is."""
    folded = suspect.folded
    if suspect.orphan:
        yield suspect.orphan, "a line break cuts the sentence after them", "câu bị ngắt dòng ngay sau đó"
    if len(spans) > 1:
        yield (
            _repetition(suspect, len(spans)),
            f"they stand there {len(spans)} times",
            f"lặp lại {len(spans)} lần",
        )
    if is_link:
        yield _LINK, "they are a link to a foreign host", "là liên kết tới trang bên ngoài"
    certain = bool(suspect.orphan or is_link)
    if SELLS.at_start(folded) or NAMES.at_start(folded):
        reported = all(passage.reports(start) for passage, start, _ in spans)
        if certain or not (reported or (suspect.sign < _STRICT and texts.reports)):
            sells = SELLS.at_start(folded)
            if not (sells or certain or suspect.sign >= _STRICT or len(suspect.places) > 1):
                return
            if sells:
                yield (
                    _SELLS,
                    "they advertise gambling, loans or the like",
                    "quảng cáo cờ bạc, vay tiền hoặc tương tự",
                )
            else:
                yield _NAMES, "they name gambling, loans or the like", "nói về cờ bạc, vay tiền hoặc tương tự"
    if BRAND.search(folded):
        yield _BRAND, "they look like the name of a betting site", "giống tên một trang cá cược"
    if (certain or not suspect.usual or len(spans) > 1) and suspect.offers:
        yield _OFFER, "they are worded like an offer", "giống lời chào hàng"


def _repetition(suspect: _Suspect, count: int) -> float:
    """Return how much it says that a phrase stands in so many places of names."""
    there = len(suspect.spans) >= _ONLY_THERE * count
    many = len(suspect.places) if there else 0
    if suspect.usual and not suspect.orphan and not suspect.offers:
        certain = many > 2 and "," in suspect.places and suspect.folded.count(" ") > 1
        return _MORE_PLACES if certain else 0.0
    if suspect.folded.count(" ") < 2 and _is_common(suspect.folded):
        return _BOTH_LOOSE if many > 2 else _AGAIN
    if many > 2:
        return _MORE_PLACES
    if many == 2:
        return _TWO_PLACES if suspect.sign >= _LOOSE else _BOTH_LOOSE
    return _AGAIN
