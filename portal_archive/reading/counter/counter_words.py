"""The words of a visitor counter: what each piece of a page's text is to a counter, by the labels of `labels.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from portal_archive.model.page import COUNTER_FIELDS
from portal_archive.reading import labels
from portal_archive.reading.counter.segments import Segment, Weight, common_depth
from portal_archive.reading.metadata.counts import NO_VALUE, NUMBER
from portal_archive.vietnamese.folding import fold, fold_keep_length, letters_of, nfc

_MAX_LABEL = 60  # characters: a longer text is a sentence
_MAX_TEXT = 1000  # characters: a longer text has no rows of a counter
_PERIOD = re.compile(r"thang\s*(?:0?[1-9]|1[0-2])(?:\s*[/-]\s*(?:19|20)\d\d)?|nam\s*(?:19|20)\d\d")
DATE = re.compile(r"(?<!\d)\d{1,2}\s?[/-]\s?\d{1,2}\s?[/-]\s?\d{4}(?!\d)")
_TOKEN = re.compile(
    rf"""
    (?P<sep>    \.:\. | [|;•·»›] )
  | (?P<foreign>{DATE.pattern} | \d{{1,2}}:\d{{2}}(?::\d{{2}})? )
  | (?P<empty>  \{{{{1,3}}[^{{}}]{{0,40}}\}}{{1,3}} )
  | (?P<period> (?:{_PERIOD.pattern})(?![\d]|[.,/]\d) )
  | (?P<value>  {NUMBER.pattern} )
  | (?P<colon>  [:：] )
  | (?P<dash>   {NO_VALUE.pattern} )
  | (?P<slash>  / )
  | (?P<open>   [(\[] )
  | (?P<text>   [^\W\d_](?:(?!\s[-–—]\s|\.:\.|\.\.)[^\d:：/|;•·»›()\[\]{{}}…–—])* )
    """,
    re.X,
)
PERIODS = ("today", "yesterday", "week", "last_week", "month", "last_month", "year", "last_year")
_BARE = ("online", "members", "guests", "total")
_TRAILING = re.compile(r"[\W_]+$")


class Sort(Enum):
    """What a word of a counter is."""

    SURE = auto()  # counts visits, whatever stands around it
    BARE = auto()  # only in a block with evidence
    HEADING = auto()
    TOTAL_HEADING = auto()  # a heading, or the label of the total
    MARK = auto()  # the class of an element that holds a counter
    OPENER = auto()
    UNKNOWN = auto()  # a text that may be the label of a number nobody asked for
    PROSE = auto()


class Word(NamedTuple):
    """A word of a segment: its kind, its text (folded; of a value as printed), its place and its meaning."""

    kind: str
    text: str
    start: int
    end: int
    sort: Sort = Sort.UNKNOWN
    field: str | None = None


@dataclass(slots=True)
class Token:
    """A word in its segment; what it turns out to be among its neighbours."""

    kind: str
    text: str
    segment: int
    start: int
    end: int
    sort: Sort = Sort.UNKNOWN
    field: str | None = None
    boxes: bool = False  # joined from digits that are printed one by one


@cache
def _vocabulary(own: object) -> Mapping[str, tuple[Sort, str | None]]:
    """Return sort and field of each label; `own` are the labels of the portal that is read."""
    words: dict[str, tuple[Sort, str | None]] = {}

    def add(sort: Sort, name: str | None, printed: Iterable[str]) -> None:
        words.update((fold(label), (sort, name)) for label in printed)

    add(Sort.OPENER, None, labels.of_group("counter.opener"))
    add(Sort.HEADING, None, labels.of_group("counter.heading"))
    add(Sort.TOTAL_HEADING, "total", labels.of_group("counter.total_heading"))
    for name in COUNTER_FIELDS:
        add(Sort.BARE, name, labels.of_group(f"counter.bare.{name}") if name in _BARE else ())
        printed = labels.of_group(f"counter.{name}")
        if name in PERIODS:
            add(Sort.BARE, name, printed)
            prefixes = labels.of_group("counter.prefix")
            add(Sort.SURE, name, (f"{prefix} {period}" for prefix in prefixes for period in printed))
        else:
            add(Sort.SURE, name, printed)
    return words


_PROSE = (Word("label", "", 0, 0, Sort.PROSE),)


def weigher() -> Callable[[str], Weight | None]:
    """Return the function that weighs a text on the portal that is read, None where no word of it is of a counter."""
    own = labels.own_labels()
    # Not asked of a long text: what is cached must not grow.
    return lambda raw: _weight(own, raw) if len(raw) <= _MAX_TEXT else None


# The same few labels stand on every page of a portal.
@lru_cache(maxsize=8192)
def _weight(own: object, raw: str) -> Weight | None:
    parts = frozenset(letters_of(fold(raw)))
    # Most texts have no word with which a label begins.
    firsts = _parts_by_first(own)
    if not any(rest <= parts for first in firsts.keys() & parts for rest in firsts[first]):
        return None
    sorts = {word.sort for word in _scan(raw, own)}
    vouches = not sorts.isdisjoint((Sort.SURE, Sort.HEADING, Sort.TOTAL_HEADING))
    bare = Sort.BARE in sorts
    return Weight(vouches, bare) if vouches or bare or Sort.OPENER in sorts else None


@cache
def _parts_by_first(own: object) -> Mapping[str, list[frozenset[str]]]:
    """Return the words of each label by the first of them."""
    found: dict[str, list[frozenset[str]]] = {"thang": [frozenset()], "nam": [frozenset()]}
    for label in _vocabulary(own):
        parts = letters_of(label)
        found.setdefault(parts[0], []).append(frozenset(parts))
    return found


def _words(raw: str) -> tuple[Word, ...]:
    """Return the words of a text; a text longer than any row of a counter is one word of prose."""
    return _PROSE if len(raw) > _MAX_TEXT else _scan(raw, labels.own_labels())


@lru_cache(maxsize=8192)
def _scan(raw: str, own: object) -> tuple[Word, ...]:
    known = _vocabulary(own)
    text = nfc(raw)
    found = []
    for match in _TOKEN.finditer(fold_keep_length(text)):
        kind = match.lastgroup or ""
        start, end = match.span()
        if kind == "text":
            word = " ".join(_TRAILING.sub("", match[0]).split())
            if word in labels.folded("counter.loading"):
                found.append(Word("empty", word, start, end))
            else:
                unknown = Sort.UNKNOWN if len(word) <= _MAX_LABEL else Sort.PROSE
                found.append(Word("label", word, start, end, *known.get(word, (unknown, None))))
        elif kind == "period":
            named = "month" if match[0].startswith("t") else "year"
            found.append(Word("period", text[start:end], start, end, Sort.BARE, named))
        else:
            found.append(Word(kind, text[start:end], start, end))
    return tuple(found)


def tokens_of(segments: Sequence[Segment]) -> list[Token]:
    """Return the tokens of segments that follow each other, each as what it is among its neighbours."""
    tokens: list[Token] = []
    for index, segment in enumerate(segments):
        if segment.marked:
            tokens.append(Token("mark", "", index, 0, 0, Sort.MARK))
        if segment.text is None:
            tokens.append(Token("empty", "", index, 0, 0))
        elif not segment.text:
            tokens.append(Token("end", "", index, 0, 0))
        else:
            tokens += [
                Token(word.kind, word.text, index, word.start, word.end, word.sort, word.field)
                for word in _words(segment.text)
            ]
    tokens = list(_split_periods(tokens))
    _demote(tokens, segments)
    return _join_boxes(_drop_units(tokens, segments), segments)


SAME_SEGMENT = 1000.0


def closeness(first: Token, second: Token, segments: Sequence[Segment]) -> float:
    """Return how near two tokens stand: the deeper the element around both, the nearer."""
    if first.segment == second.segment:
        return SAME_SEGMENT
    if second.segment == first.segment + 1:
        next_one = segments[second.segment]
        return next_one.common - 0.5 * next_one.after_break
    broken = any(segments[i].after_break for i in range(first.segment + 1, second.segment + 1))
    return common_depth(first.segment, second.segment, segments) - 0.5 * broken


def _split_periods(tokens: Sequence[Token]) -> Iterator[Token]:
    """Decide what the number in "Tháng 04" or "Trong năm 2024" is: part of the label, or its value."""
    last: Token | None = None
    for position, token in enumerate(tokens):
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.kind == "value" and after and after.kind == "colon" and after.segment == token.segment:
            if last and last.kind == "label" and last.segment == token.segment:
                last.end = token.end
            continue
        last = token
        if token.kind == "period":
            token.kind = "label"
            number = re.search(r"\d+$", token.text)
            padded = number is not None and (number[0].startswith("0") or len(number[0]) == 4)
            if number and not padded and not (after and after.kind in ("value", "colon", "empty", "dash")):
                split = token.start + number.start()
                token.end = split
                yield token
                last = Token("value", number[0], token.segment, split, split + len(number[0]))
        yield last


def _drop_units(tokens: Sequence[Token], segments: Sequence[Segment]) -> list[Token]:
    """Take away "lượt" behind a number; make void a number of something else ("45 hộ", "25 - 32")."""
    result: list[Token] = []
    units = labels.folded("counter.unit")
    for position, token in enumerate(tokens):
        before = result[-1] if result else None
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if before and before.kind in ("value", "void") and _on_one_line(before, token, segments):
            if token.kind == "label":
                opened = is_opened(result)
                follows = next((t.kind for t in tokens[position + 1 : position + 3] if t.kind != "open"), "")
                is_label = follows in ("colon", "value", "empty")
                if token.text in units and not opened and not is_label:
                    continue
                if token.sort in (Sort.UNKNOWN, Sort.PROSE):
                    before.kind = "void"
            elif token.kind == "dash" and after and after.kind == "value" and after.segment == token.segment:
                before.kind = after.kind = "void"
                continue
            elif token.kind == "value" and token.segment == before.segment and len(token.text) > 1:
                before.kind = token.kind = "void"
        elif token.kind == "value" and _is_minus(result, token):
            sign = result.pop()
            token.text, token.start = sign.text + token.text, sign.start
        result.append(token)
    return result


def is_opened(before: Sequence[Token]) -> bool:
    """Say whether tokens end in «Đã có 2.500» or «Đã có: 2.500», which the label follows."""
    if not before or before[-1].kind not in ("value", "void"):
        return False
    at = -3 if len(before) > 2 and before[-2].kind == "colon" else -2
    return len(before) >= -at and before[at].sort is Sort.OPENER


def _is_minus(before: Sequence[Token], number: Token) -> bool:
    return (
        len(before) > 1
        and before[-1].kind == "dash"
        and (before[-1].segment, before[-1].end) == (number.segment, number.start)
        and before[-2].kind == "colon"
    )


def _demote(tokens: Sequence[Token], segments: Sequence[Segment]) -> None:
    """Make a label that only marks words of a sentence ("có <b>tổng số</b> 45") no label."""
    for before, token in pairwise(tokens):
        outer, inner = segments[before.segment], segments[token.segment]
        if (
            before.kind == token.kind == "label"
            and before.sort in (Sort.UNKNOWN, Sort.PROSE)
            and token.segment == before.segment + 1
            and inner.depth == outer.depth + 1
            and inner.common == outer.depth > 0
            and not inner.after_break
        ):
            token.sort, token.field = Sort.UNKNOWN, None


def _on_one_line(first: Token, second: Token, segments: Sequence[Segment]) -> bool:
    """Say whether `second` is in the same text or runs on behind the inline element that `first` is in."""
    if first.segment == second.segment:
        return True
    inner, outer = segments[first.segment], segments[second.segment]
    return (
        second.segment == first.segment + 1
        and not outer.after_break
        and inner.depth == outer.depth + 1
        and outer.common == outer.depth > 0
    )


_MAX_BOXES = 12  # digits: no counter has more


def _join_boxes(tokens: Sequence[Token], segments: Sequence[Segment]) -> list[Token]:
    """Join digits that are printed one by one, as on a mechanical counter: 0 0 1 2 3 is "00123"."""
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        end = _end_of_boxes(tokens, position, segments)
        first = tokens[position]
        if end - position > _MAX_BOXES:
            for token in tokens[position:end]:
                token.kind = "void"
        elif (
            end - position >= 2
            and not heads_columns(result, end - position)
            and not (
                result
                and result[-1].kind != "mark"
                and closeness(result[-1], first, segments) > closeness(first, tokens[position + 1], segments)
            )
        ):
            first.text = "".join(token.text for token in tokens[position:end])
            first.boxes = True
            result.append(first)
            position = end
            continue
        end = max(end, position + 1)
        result += tokens[position:end]
        position = end
    return result


def _end_of_boxes(tokens: Sequence[Token], start: int, segments: Sequence[Segment]) -> int:
    """Return the end of the run of single digits from `start` on that stand evenly in the tree."""
    depth = segments[tokens[start].segment].depth
    common: int | None = None
    last = tokens[start].segment
    for end in range(start, len(tokens)):
        token = tokens[end]
        segment = segments[token.segment]
        if token.kind != "value" or len(token.text) != 1 or segment.linked or segment.depth != depth:
            return end
        if end > start:
            here = common_depth(last, token.segment, segments)
            if common is not None and here < common:
                return end
            common = here if common is None else common
        last = token.segment
    return len(tokens)


def heads_columns(before: Sequence[Token], columns: int) -> bool:
    """Say whether tokens end in one label for each of `columns` values."""
    heads = before[-columns:]
    return (
        len(heads) == columns
        and all(token.kind == "label" and token.sort in (Sort.SURE, Sort.BARE) for token in heads)
        and len({token.segment for token in heads}) == columns
    )
