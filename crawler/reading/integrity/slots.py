"""A phrase in a place where a name belongs: «tại điểm cầu X», «trên địa bàn X», «Trong đó, X».

Whoever hijacks a portal has its own name replaced wherever it stands. What then stands there need not be in any
list: it is no name, no word that can follow there, it comes back in other such places, and a line break and a lone
comma or full stop follow it where the replacement was a block of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.reading.integrity.finding import LEAST, NAME_SLOT, finding, together
from crawler.reading.integrity.hosts import BRAND
from crawler.reading.integrity.passages import Passage, Texts
from crawler.reading.integrity.words import NAMES, SELLS, Phrases, read_list
from crawler.reading.page import Finding
from vietnamese.folding import fold
from vietnamese.places import is_place

# How sure each sign makes us that words were put in the place of a name.
_STRICT, _LOOSE = 0.42, 0.2
_ORPHAN, _BREAK = 0.5, 0.3  # lone punctuation after a line break; a sentence that goes on after one
_OTHER_SLOT, _AGAIN = 0.4, 0.1
_SELLS, _NAMES, _OFFER, _BRAND, _LINK = 0.7, 0.5, 0.2, 0.4, 0.5

_MOST_WORDS = 7
_WORD = re.compile(r"[^\W_]+(?:['’/][^\W_]+)*")
_DELIMITER = re.compile(r"[\n\t,.;:!?…()\[\]“”\"«»–—|]|\s-\s")
_ORPHAN_MARK = re.compile(r"[ \t]*\n\s*[,.;:!?…)]")
_BROKEN = re.compile(r"[ \t]*\n[ \t]*(?=[^\W\d_])")
_ORPHANS = re.compile(r"\n\s*[,.;:!?…)]|(?<!\n)\n(?!\n)[ \t]*(?=[^\W\d_])")
_OLD_STYLE = re.compile("(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?![a-zà-ỹ])")
_NEW_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


def _style(word: str) -> str:
    """Return a word in lower case and in one tone style."""
    word = word.lower()
    return word if word.isascii() else _OLD_STYLE.sub(lambda match: _NEW_STYLE[match[1]], word)


_ENDS = frozenset(_style(entry) for entry in read_list("followers", "ends"))
_FOLLOWERS = _ENDS | frozenset(_style(entry) for entry in read_list("followers", "describes"))
_OFFERS = Phrases(read_list("selling_words"))
_SLOTS = tuple(
    (fold(slot) + " ", section == "strict")
    for section in ("strict", "loose")
    for slot in read_list("slots", section)
)
_FAMILIES = (
    "diem cau",
    "dia ban",
    "trong do",
    "uy",
    "ubnd",
    "hdnd",
    "mttq",
    "dang bo",
    "cong an",
    "nhan dan",
    "lanh dao",
)


@dataclass(slots=True)
class _Suspect:
    """Words that stand where a name belongs, and what speaks against them."""

    folded: str
    places: list[tuple[Passage, int, int]] = field(default_factory=list)
    families: set[str] = field(default_factory=set)
    strict: bool = False
    orphan: float = 0.0
    quoted: bool = True
    reported: bool = True


def find_in_slots(texts: Texts) -> list[Finding]:
    """Return a finding for each occurrence of words that were put in the place of a name."""
    suspects: dict[str, _Suspect] = {}
    for passage in texts.passages:
        runs = [*_runs(passage), *_before_orphans(passage)]
        _gather(passage, runs, suspects)
    _merge(suspects)
    linked = {anchor.folded for anchor in texts.anchors}
    found: list[Finding] = []
    for suspect in suspects.values():
        found += _judge(suspect, texts, linked)
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """What stands after a slot, up to where it must end."""

    start: int
    words: tuple[tuple[int, int], ...]
    family: str
    strict: bool
    exact: bool  # its end is certain: a line break follows


def _runs(passage: Passage) -> Iterator[_Run]:
    text, folded = passage.text, passage.folded
    for slot, strict in _SLOTS:
        position = folded.find(slot)
        while position >= 0:
            start = position + len(slot)
            if (position == 0 or not folded[position - 1].isalnum()) and start < len(text):
                first = text[start]
                if (first.islower() or first.isdigit()) and (run := _run(passage, start, slot, strict)):
                    yield run
            position = folded.find(slot, start)


def _run(passage: Passage, start: int, slot: str, strict: bool) -> _Run | None:
    text = passage.text
    window = text[start : start + 80]
    first = _WORD.match(window)
    if first is None:
        return None
    one = _style(first[0])
    if one in _FOLLOWERS or (one[0].isdigit() and not BRAND.fullmatch(one)):
        return None
    words: list[tuple[int, int]] = []
    stop = _DELIMITER.search(window)
    limit = stop.start() if stop else len(window)
    previous = ""
    for match in _WORD.finditer(window, 0, limit):
        word = match[0]
        lower = _style(word)
        if words and (f"{previous} {lower}" in _FOLLOWERS and len(words) == 1):
            return None
        if words and f"{previous} {lower}" in _ENDS:
            words.pop()
            break
        if words and (
            lower in _ENDS or (word[0].isupper() and not word.isascii()) or len(words) == _MOST_WORDS
        ):
            break
        words.append((start + match.start(), start + match.end()))
        previous = lower
    if not words:
        return None
    end = words[-1][1]
    family = next((name for name in _FAMILIES if name in slot), "unit")
    return _Run(start, tuple(words), family, strict, "\n" in text[end : end + 2])


def _before_orphans(passage: Passage) -> Iterator[_Run]:
    """Yield the last words before line breaks that nobody types: a lone comma or a sentence going on follows."""
    text = passage.text
    if "\n" not in text:
        return
    tails: list[list[tuple[int, int]]] = []
    for match in _ORPHANS.finditer(text):
        line = max(text.rfind("\n", 0, match.start()), match.start() - 90)
        if "\t" in text[line + 1 : match.start()]:
            continue
        tails.append([word.span() for word in _WORD.finditer(text, line + 1, match.start())][-_MOST_WORDS:])
    for index, tail in enumerate(tails):
        best = 0
        for other_index, other in enumerate(tails):
            if index != other_index:
                best = max(best, _common_tail(passage.folded, tail, other))
        words = tail[len(tail) - best :]
        while words and _style(text[words[0][0] : words[0][1]]) in _ENDS:
            words = words[1:]
        best = len(words)
        if words and not any(text[start].isupper() for start, _ in words):
            if best > 1 or BRAND.fullmatch(passage.folded[words[0][0] : words[0][1]]):
                yield _Run(words[0][0], tuple(words), "", False, True)


def _common_tail(folded: str, one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    count = 0
    for (a, b), (c, d) in zip(reversed(one), reversed(other), strict=False):
        if folded[a:b] != folded[c:d]:
            break
        count += 1
    return count


def _gather(passage: Passage, runs: list[_Run], suspects: dict[str, _Suspect]) -> None:
    """Find out where each phrase ends, and collect what is known of it."""
    folded = passage.folded
    for run in runs:
        words = run.words
        if not run.exact and len(words) > 1:
            # What two places have in common is the phrase, what follows is the sentence.
            for other in runs:
                if other.start != run.start and folded[other.start :].startswith(
                    folded[run.start : words[1][1]]
                ):
                    words = words[: max(_common_head(folded, words, other.words), 2)]
        start, end = words[0][0], words[-1][1]
        key = folded[start:end]
        suspect = suspects.setdefault(key, _Suspect(key))
        if (passage, start, end) not in suspect.places:
            suspect.places.append((passage, start, end))
        if run.family:
            suspect.families.add(run.family)
        suspect.strict |= run.strict
        if _ORPHAN_MARK.match(passage.text, end):
            suspect.orphan = _ORPHAN
        elif _BROKEN.match(passage.text, end):
            suspect.orphan = max(suspect.orphan, _BREAK)
        suspect.quoted &= passage.is_quoted(start, end)
        suspect.reported &= passage.reports(start)


def _common_head(folded: str, one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> int:
    count = 0
    for (a, b), (c, d) in zip(one, other, strict=False):
        if folded[a:b] != folded[c:d]:
            break
        count += 1
    return count


def _merge(suspects: dict[str, _Suspect]) -> None:
    """Let a phrase whose ends are certain take what was found of it with more words before or behind."""
    for key in sorted(suspects, key=len):
        if key not in suspects:
            continue
        for longer in [
            other
            for other in suspects
            if other != key and (other.startswith(key + " ") or other.endswith(" " + key))
        ]:
            if len(suspects[key].places) > 1 or suspects[key].orphan:
                known, more = suspects[key], suspects.pop(longer)
                known.places += more.places
                known.orphan = max(known.orphan, more.orphan)
                known.families |= more.families
                known.strict |= more.strict
                known.quoted &= more.quoted
                known.reported &= more.reported


def _judge(suspect: _Suspect, texts: Texts, linked: set[str]) -> Iterator[Finding]:
    signs = [_STRICT if suspect.strict else _LOOSE if suspect.families else 0.0]
    said: list[tuple[str, str]] = []
    if suspect.orphan:
        signs.append(suspect.orphan)
        said.append(("a line break cuts the sentence after it", "câu bị ngắt dòng ngay sau đó"))
    count = sum(len(passage.occurrences(suspect.folded)) for passage in texts.passages)
    if len(suspect.families) > 1 or (not suspect.families and count > 1):
        signs.append(_OTHER_SLOT)
    elif count > 1:
        signs.append(_AGAIN)
    if count > 1:
        said.append((f"it stands there {count} times", f"lặp lại {count} lần"))
    is_link = suspect.folded in linked
    if is_link:
        signs.append(_LINK)
        said.append(("it is a link to a foreign host", "là liên kết tới trang bên ngoài"))
    if not suspect.reported or suspect.orphan or is_link:
        if SELLS.within(suspect.folded):
            signs.append(_SELLS)
            said.append(
                ("it advertises gambling, loans or the like", "quảng cáo cờ bạc, vay tiền hoặc tương tự")
            )
        elif NAMES.within(suspect.folded):
            signs.append(_NAMES)
            said.append(("it names gambling, loans or the like", "nói về cờ bạc, vay tiền hoặc tương tự"))
    if BRAND.search(suspect.folded):
        signs.append(_BRAND)
        said.append(("it looks like the name of a betting site", "giống tên một trang cá cược"))
    if (offer := _OFFERS.spans(suspect.folded)) and offer[-1][1] == len(suspect.folded):
        signs.append(_OFFER)
        said.append(("it ends like an offer", "kết thúc như lời chào hàng"))
    if suspect.quoted and not suspect.orphan and not is_link:
        return
    if is_place(suspect.folded):
        return
    score = together(signs)
    if score < LEAST + 0.15 or not (suspect.families or said):
        return
    reason = "Words in a place where a name belongs"
    reason_vi = "Cụm từ đứng ở chỗ lẽ ra là tên riêng"
    if said:
        reason += ": " + "; ".join(english for english, _ in said)
        reason_vi += ": " + "; ".join(vietnamese for _, vietnamese in said)
    for passage in texts.passages:
        for start, end in passage.occurrences(suspect.folded):
            yield finding(
                NAME_SLOT, score, passage.text, passage.field, start, end, reason + ".", reason_vi + "."
            )
