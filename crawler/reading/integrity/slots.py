"""A phrase in a place where a name belongs: «tại điểm cầu X», «trên địa bàn X», «Trong đó, X».

Whoever hijacks a portal has its own name replaced wherever it stands. What then stands there need not be in any
list: it is no name and no word that can follow there, it stands in several such places and hardly anywhere else, and
a line break and a lone comma or full stop follow it where the replacement was a block of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.reading.integrity.finding import NAME_SLOT, finding, together
from crawler.reading.integrity.hosts import BRAND
from crawler.reading.integrity.passages import Passage, Texts
from crawler.reading.integrity.words import NAMES, SELLS, Phrases, read_list
from crawler.reading.page import FLAGGED, Finding
from vietnamese.folding import fold
from vietnamese.places import is_place
from vietnamese.written import folded_syllables

# How sure each sign makes us that words were put in the place of a name.
_STRICT, _LOOSE, _ANYWHERE = 0.42, 0.2, 0.1
_ORPHAN, _BREAK = 0.5, 0.45  # lone punctuation after a line break; a sentence that goes on after one
_GAP = 0.3  # punctuation after a space, which a line break may have been
_TWO_PLACES, _MORE_PLACES, _AGAIN = 0.45, 0.6, 0.1
_BOTH_LOOSE = 0.3  # two places before which anything may stand
_SELLS, _NAMES, _OFFER, _BRAND, _LINK = 0.7, 0.5, 0.2, 0.4, 0.5
_LEAST = 0.45

_ONLY_THERE = 0.6  # share of a phrase's places that must be those of names
_MOST_WORDS = 7
_MOST_BREAKS = 2  # other lines broken in mid-sentence; a text with more was typed so, or is a poem
_WORD = re.compile(r"[^\W_]+(?:['’/][^\W_]+)*")
_DELIMITER = re.compile(r"[\n\t,.;:!?…()\[\]“”\"«»–—|]|\s-\s")
_ORPHAN_MARK = re.compile(r"[ \t]*\n\s*[,.;:!?…)]")
_BROKEN = re.compile(r"[ \t]*\n[ \t]*(?=[^\W\d_])")
_BREAKS = re.compile(r"\n\s*[,.;:!?…)]|(?<!\n)\n(?!\n)[ \t]*(?=[^\W\d_])")
# «Nhân dịp này, X trao ...», «xã A (X) ...».
_OPENING = re.compile(
    r"(?:xã|huyện|thị trấn|phường) [^\W\d_][^.,;:()\n]{1,14}, (?=[^\W_])|(?:^|(?<=[.!?…] )|(?<=\n))[^\W\d_][^.,;:()\n]{4,45}, (?=[^\W_])|\((?=[^\W_])"
)
_SPACED = frozenset((" .", " ,", " ;", " :", " )", " …"))
_OLD_STYLE = re.compile("(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?![a-zà-ỹ])")
_NEW_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


def _style(word: str) -> str:
    """Return a word in lower case and in one tone style."""
    word = word.lower()
    return word if word.isascii() else _OLD_STYLE.sub(lambda match: _NEW_STYLE[match[1]], word)


def _old_style(slot: str) -> str:
    """Return words with «uỷ» for «ủy»."""
    return slot.replace("ủy", "uỷ")


_PARTICLES = frozenset(_style(entry) for entry in read_list("followers", "particles"))
_ENDS = _PARTICLES | frozenset(_style(entry) for entry in read_list("followers", "ends"))
_FOLLOWERS = _ENDS | frozenset(_style(entry) for entry in read_list("followers", "describes"))
_ACTS = frozenset(_style(entry) for entry in read_list("followers", "acts"))
_FOLDED_FOLLOWERS = frozenset(map(fold, _FOLLOWERS))
_OFFERS = Phrases(read_list("selling_words"))
_SLOTS = tuple(
    (slot.lower() + " ", sign)
    for section, sign in (("strict", _STRICT), ("loose", _LOOSE), ("prepositions", _ANYWHERE))
    for entry in read_list("slots", section)
    for slot in {entry, _old_style(entry)}
)
_UNIT = re.compile("(?:" + "|".join(read_list("slots", "units")) + ") ", re.I)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that stand after a slot, and how many of them belong together where nothing else tells."""

    words: tuple[Span, ...]
    likely: int
    place: str
    sign: float
    exact: bool  # its end is certain: a line break follows


@dataclass(slots=True)
class _Suspect:
    """A phrase that stands where a name belongs, and what speaks against it."""

    folded: str
    spans: set[tuple[str, int, int]] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    sign: float = 0.0
    usual: bool = True  # it begins as what may follow there
    orphan: float = 0.0
    quoted: bool = True
    reported: bool = True


def find_in_slots(texts: Texts) -> list[Finding]:
    """Return a finding for each occurrence of words that were put in the place of a name."""
    suspects: dict[str, _Suspect] = {}
    for passage in texts.passages:
        _gather(passage, [*_runs(passage), *_before_breaks(passage)], suspects)
    _merge(suspects)
    if not suspects:
        return []
    linked = {anchor.folded for anchor in texts.anchors}
    return [found for suspect in suspects.values() for found in _judge(suspect, texts, linked)]


def _runs(passage: Passage) -> Iterator[_Run]:
    text = passage.text
    lowered = text.lower()
    if len(lowered) != len(text):
        return
    seen: set[int] = set()
    for slot, sign in _SLOTS:
        start = lowered.find(slot)
        while start >= 0:
            end = start + len(slot)
            if (start == 0 or not lowered[start - 1].isalnum()) and (
                run := _run_after(passage, end, slot, sign, seen)
            ):
                yield run
            start = lowered.find(slot, end - 1)
    for match in _OPENING.finditer(text):
        if run := _run_after(passage, match.end(), "(" if match[0] == "(" else ",", _ANYWHERE, seen):
            yield run


def _run_after(passage: Passage, start: int, slot: str, sign: float, seen: set[int]) -> _Run | None:
    """Return the words at `start` if they may be no name; each place is looked at once, as its first slot says."""
    if start >= len(passage.text):
        return None
    if unit := _UNIT.match(passage.text, start):
        if run := _run(passage, unit.end(), slot, max(sign, _STRICT), seen):
            return run
        sign = 0.0
    return _run(passage, start, slot, sign, seen) if sign else None


def _run(passage: Passage, start: int, slot: str, sign: float, seen: set[int]) -> _Run | None:
    text = passage.text
    first = text[start : start + 1]
    if not (first.islower() or first.isdigit()) or start in seen:
        return None
    window = text[start : start + 80]
    words: list[Span] = []
    likely = 0
    previous = ""
    limit = stop.start() if (stop := _DELIMITER.search(window)) else len(window)
    for match in _WORD.finditer(window, 0, limit):
        word = match[0]
        lower = _style(word)
        both = f"{previous} {lower}"
        if not words:
            if lower in _PARTICLES or (lower[0].isdigit() and not BRAND.fullmatch(lower)):
                return None
            if lower in _FOLLOWERS:
                sign = 0.0
        elif (word[0].isupper() and not word.isascii()) or len(words) == _MOST_WORDS:
            break
        elif len(words) == 1 and both in _FOLLOWERS:
            sign = 0.0
        elif not likely and (lower in _ENDS or both in _ENDS):
            likely = len(words) - (both in _ENDS)
        words.append((start + match.start(), start + match.end()))
        previous = lower
    if not words or _is_plain_ascii(text[start : words[-1][1]]):
        return None
    seen.add(start)
    end = words[-1][1]
    exact = "\n" in text[end : end + 2]
    return _Run(tuple(words), len(words) if exact else likely or len(words), slot, sign, exact)


def _is_plain_ascii(words: str) -> bool:
    """Tell whether words are such as may follow, written without their marks (as scans and old pages have them)."""
    if not words.isascii():
        return False
    parts = words.split()
    return parts[0] in _FOLDED_FOLLOWERS or " ".join(parts[:2]) in _FOLDED_FOLLOWERS


def _before_breaks(passage: Passage) -> Iterator[_Run]:
    """Yield the words that several line breaks in mid-sentence have before them."""
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
    for index, tail in enumerate(tails):
        common = max(
            (
                _common(passage.folded, reversed(tail), reversed(other))
                for other in tails[:index] + tails[index + 1 :]
            ),
            default=0,
        )
        words = tail[len(tail) - common :]
        while words and _style(text[words[0][0] : words[0][1]]) in _FOLLOWERS:
            words = words[1:]
        if (
            words
            and not any(text[start].isupper() for start, _ in words)
            and _is_phrase(passage.folded, words)
        ):
            yield _Run(tuple(words), len(words), "", 0.0, True)


def _common(folded: str, one: Iterable[Span], other: Iterable[Span]) -> int:
    count = 0
    for (a, b), (c, d) in zip(one, other, strict=False):
        if folded[a:b] != folded[c:d]:
            break
        count += 1
    return count


def _is_phrase(folded: str, words: list[Span] | tuple[Span, ...]) -> bool:
    """Tell whether words are more than one syllable of Vietnamese, which stands anywhere."""
    return len(words) > 1 or folded[words[0][0] : words[0][1]] not in folded_syllables()


def _is_common(folded: str) -> bool:
    """Tell whether every word could be a syllable of Vietnamese."""
    return all(word in folded_syllables() for word in folded.split())


def _gather(passage: Passage, runs: list[_Run], suspects: dict[str, _Suspect]) -> None:
    """Find out where each phrase ends, and collect what is known of it."""
    folded, text = passage.folded, passage.text
    alike: dict[str, list[_Run]] = {}
    for run in runs:
        alike.setdefault(folded[run.words[0][0] : run.words[:2][-1][1]], []).append(run)
    for group in alike.values():
        for run in group:
            words = run.words
            if not run.exact:
                # What two places have in common is the phrase, what follows is the sentence.
                common = [
                    shared
                    for other in group
                    if other is not run and (shared := _common(folded, words, other.words)) > 0
                ]
                words = words[: min(common)] if common else words[: run.likely]
                while len(words) > 1 and _style(text[slice(*words[-1])]) in _PARTICLES:
                    words = words[:-1]
            if not _is_phrase(folded, words):
                continue
            start, end = words[0][0], words[-1][1]
            suspect = suspects.setdefault(folded[start:end], _Suspect(folded[start:end]))
            suspect.spans.add((passage.field, start, end))
            if run.place:
                suspect.places.add(run.place)
            suspect.sign = max(suspect.sign, run.sign)
            suspect.usual = suspect.usual and run.place != "" and run.sign == 0.0
            if _ORPHAN_MARK.match(text, end):
                suspect.orphan = _ORPHAN
            elif text[end : end + 2] in _SPACED:
                suspect.orphan = max(suspect.orphan, _GAP)
            elif _BROKEN.match(text, end) and _is_only_broken_by(passage, folded[start:end]):
                suspect.orphan = max(suspect.orphan, _BREAK)
            suspect.quoted = suspect.quoted and passage.is_quoted(start, end)
            suspect.reported = suspect.reported and passage.reports(start)


def _is_only_broken_by(passage: Passage, phrase: str) -> bool:
    """Tell whether hardly any line but those after a phrase is broken in mid-sentence, as in a poem all are."""
    others = sum(
        not passage.folded.endswith(phrase, 0, match.start()) for match in _BREAKS.finditer(passage.text)
    )
    return others <= _MOST_BREAKS


def _merge(suspects: dict[str, _Suspect]) -> None:
    """Let a phrase whose ends are certain take what was found of it with more words before or behind."""
    for key in sorted(suspects, key=len):
        known = suspects.get(key)
        if known is None or (len(known.spans) < 2 and not known.orphan):
            continue
        for longer in [other for other in suspects if other != key]:
            if longer.startswith(key + " ") or longer.endswith(" " + key):
                more = suspects.pop(longer)
                known.spans |= more.spans
                known.places |= more.places
                known.sign = max(known.sign, more.sign)
                known.orphan = max(known.orphan, more.orphan)
                known.usual = known.usual and more.usual
                known.quoted = known.quoted and more.quoted
                known.reported = known.reported and more.reported


def _judge(suspect: _Suspect, texts: Texts, linked: set[str]) -> Iterator[Finding]:
    is_link = suspect.folded in linked
    if (suspect.quoted and not suspect.orphan and not is_link) or is_place(suspect.folded):
        return
    spans = [(passage, *span) for passage in texts.passages for span in passage.occurrences(suspect.folded)]
    signs = [suspect.sign]
    said = [("Words in a place where a name belongs", "Cụm từ đứng ở chỗ lẽ ra là tên riêng")]
    for sign, english, vietnamese in _signs(suspect, texts, len(spans), is_link):
        signs.append(sign)
        said.append((english, vietnamese))
    score = together(signs)
    if score < _LEAST or len(said) < 2 or (suspect.usual and len(said) < 3 and score < FLAGGED):
        return
    reason, reason_vi = ("; ".join(sentence[language] for sentence in said) + "." for language in (0, 1))
    for passage, start, end in spans:
        yield finding(NAME_SLOT, score, passage.text, passage.field, start, end, reason, reason_vi)


def _signs(suspect: _Suspect, texts: Texts, count: int, is_link: bool) -> Iterator[tuple[float, str, str]]:
    """Yield how much each sign says, and what it is."""
    folded = suspect.folded
    if suspect.orphan:
        yield suspect.orphan, "a line break cuts the sentence after them", "câu bị ngắt dòng ngay sau đó"
    if count > 1:
        there = len(suspect.spans) >= _ONLY_THERE * count
        many = len(suspect.places) if there else 0
        two = _TWO_PLACES if suspect.sign >= _LOOSE else _BOTH_LOOSE
        sign = _MORE_PLACES if many > 2 else two if many == 2 else _AGAIN
        if suspect.usual and not suspect.orphan:
            sign = _MORE_PLACES if many > 2 and "," in suspect.places else 0.0
        if folded.count(" ") < 2 and _is_common(folded):
            sign = min(sign, _BOTH_LOOSE if many > 2 else _AGAIN)
        yield sign, f"they stand there {count} times", f"lặp lại {count} lần"
    if is_link:
        yield _LINK, "they are a link to a foreign host", "là liên kết tới trang bên ngoài"
    if suspect.orphan or is_link or not (suspect.reported or (suspect.sign < _STRICT and texts.reports)):
        if SELLS.within(folded):
            yield (
                _SELLS,
                "they advertise gambling, loans or the like",
                "quảng cáo cờ bạc, vay tiền hoặc tương tự",
            )
        elif NAMES.within(folded):
            yield _NAMES, "they name gambling, loans or the like", "nói về cờ bạc, vay tiền hoặc tương tự"
    if BRAND.search(folded):
        yield _BRAND, "they look like the name of a betting site", "giống tên một trang cá cược"
    if (offer := _OFFERS.spans(folded)) and offer[-1][1] == len(folded):
        yield _OFFER, "they end like an offer", "kết thúc như lời chào hàng"
