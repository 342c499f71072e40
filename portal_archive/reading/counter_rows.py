"""Rows of a visitor counter, read from a run of page text by their labels.

Works on segments (pieces of text in reading order) and not on elements, so that a text dump is read by the
same rules as a page. Where segments come from a page, their `path` says how near two of them stand in its
tree; that decides whether a number belongs to the label before or behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Counter, Problem
from portal_archive.reading import labels
from portal_archive.reading.counts import NO_VALUE, NUMBER, Count, parse_count
from portal_archive.vietnamese.folding import fold, fold_keep_length, nfc

# A label longer than this is a sentence.
_MAX_LABEL = 60
# A row may stand this many foreign texts away from the row or heading that vouches for it.
_MAX_GAP = 3
# A number farther from its label, in segments or levels of the tree, belongs to something else.
_MAX_SEGMENTS = 3
_MAX_CLIMB = 5
_MAX_PRINTED = 100
_SAME_SEGMENT = 1000.0

_SCRIPT = Count(None, "", "script")
_PERIOD = re.compile(r"thang\s*(?:0?[1-9]|1[0-2])(?:\s*[/-]\s*(?:19|20)\d\d)?|nam\s*(?:19|20)\d\d")
_DATE = re.compile(r"(?<!\d)\d{1,2}\s?[/-]\s?\d{1,2}\s?[/-]\s?\d{4}(?!\d)")
_ARTICLE_LINE = re.compile(f"{_DATE.pattern}|{labels.ARTICLE_META.compiled.pattern}")
_TOKEN = re.compile(
    rf"""
    (?P<sep>    \.:\. | [|;•·»›] )
  | (?P<foreign>{_DATE.pattern} | \d{{1,2}}:\d{{2}}(?::\d{{2}})? )
  | (?P<empty>  \{{+[^{{}}]*\}}+ )
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
_TRAILING = re.compile(r"[\W_]+$")


class Sort(Enum):
    """What a word of a counter is."""

    SURE = auto()  # counts visits, whatever stands around it
    BARE = auto()  # only in a block with evidence
    HEADING = auto()
    TOTAL_HEADING = auto()  # a heading, or the label of the total
    OPENER = auto()
    UNKNOWN = auto()  # a text that may be the label of a number nobody asked for
    PROSE = auto()


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text without markup inside; `text` None is an element without any.

    `path` identifies the elements around it from the outermost inwards, empty for plain text.
    `after_break`: a line break stands before it; `linked`: it is inside a link.
    """

    text: str | None
    path: tuple[int, ...] = ()
    after_break: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A label of the counter with its count. `explicit`: a value is shown or announced ("Tổng:")."""

    field: str
    count: Count
    sort: Sort
    segment: int
    explicit: bool = True


@dataclass(slots=True)
class Block:
    """Rows that stand together. `heading`: under a heading of a visitor counter."""

    heading: bool
    rows: list[Row] = field(default_factory=list)

    def lone_totals(self) -> list[Row]:
        """Return the rows of a block that has nothing but "Lượt truy cập: n", which may be articles' own."""
        alone = all(row.sort is Sort.TOTAL_HEADING and row.field == "total" for row in self.rows)
        return self.rows if alone and not self.heading else []

    def has_total(self) -> bool:
        """Say whether one of the rows is the total."""
        return any(row.field == "total" for row in self.rows)

    def is_live(self) -> bool:
        """Say whether it counts who is here now or came today, as no report about visits does."""
        return any(
            row.field in ("online", "today") and row.count.reason != "not-a-count" for row in self.rows
        )


@dataclass(slots=True)
class _Token:
    kind: str
    text: str  # folded; of a value: as printed
    segment: int
    start: int
    end: int
    sort: Sort = Sort.UNKNOWN
    field: str | None = None
    colon: bool = False  # of a label: a colon follows


def _vocabulary() -> Mapping[str, tuple[Sort, str | None]]:
    words: dict[str, tuple[Sort, str | None]] = {}

    def add(sort: Sort, name: str | None, printed: Iterable[str]) -> None:
        words.update((fold(label), (sort, name)) for label in printed)

    of = labels.of_group
    add(Sort.OPENER, None, of("counter.opener"))
    add(Sort.HEADING, None, of("counter.heading"))
    add(Sort.TOTAL_HEADING, "total", of("counter.total_heading"))
    for name in ("online", "members", "guests", "total"):
        add(Sort.BARE, name, of(f"counter.bare.{name}"))
    for name in ("today", "yesterday", "week", "month", "last_month", "year"):
        printed = of(f"counter.{name}")
        add(Sort.BARE, name, printed)
        add(Sort.SURE, name, (f"{prefix} {p}" for prefix in of("counter.prefix") for p in printed))
    for name in ("online", "members", "bots", "guests", "total"):
        add(Sort.SURE, name, of(f"counter.{name}"))
    return words


_WORDS = _vocabulary()
_UNITS = frozenset(map(fold, labels.of_group("counter.unit")))
_LOADING = frozenset(map(fold, labels.of_group("counter.loading")))
_LABELS = ("label", "period")


def names_counter(text: str) -> bool:
    """Say whether `text` holds a word that vouches for a counter: a label that says so, or a heading."""
    return any(sort in (Sort.SURE, Sort.HEADING, Sort.TOTAL_HEADING) for *_, (sort, _) in scan(text))


def find_blocks(segments: Sequence[Segment]) -> list[Block]:
    """Return the blocks of counter rows in `segments`: only those with evidence that they count visits."""
    tokens = _tokens(segments)
    bound = _bind(tokens, segments)
    return [block for block in _blocks(tokens, bound) if block.rows]


def is_of_an_article(row: Row, segments: Sequence[Segment]) -> bool:
    """Say whether a date or another label of an article's meta data stands beside `row`."""
    own = segments[row.segment].path
    for index in range(max(row.segment - 2, 0), min(row.segment + 2, len(segments))):
        text, path = segments[index].text, segments[index].path
        levels = max(len(own), len(path)) - _common(own, path)
        if text and len(text) <= 2 * _MAX_LABEL and (levels <= 2 if own else abs(index - row.segment) < 2):
            line = fold(text)
            if _ARTICLE_LINE.search(line) and not labels.SITE_META.search(line):
                return True
    return False


def settle_lone(lone: Sequence[tuple[Row, bool]]) -> list[Block]:
    """Choose among the rows that may be an article's own count or the site's.

    Takes each with whether it stands in a part of the page that is the site's. Where the counts differ, as in
    a list of articles, only one that certainly is the site's is believed.
    """
    for rows in ([row for row, _ in lone], [row for row, is_sites in lone if is_sites]):
        if len({row.count for row in rows}) == 1:
            return [Block(heading=False, rows=rows[:1])]
    return []


def to_counter(blocks: Iterable[Block]) -> tuple[Counter | None, list[Problem]]:
    """Put the rows of all blocks of a page into one record; the block that shows most goes first."""
    ranked = sorted(blocks, key=lambda block: -sum(row.count.value is not None for row in block.rows))
    best: dict[str, tuple[tuple[int, int, bool], Count]] = {}
    for position, block in enumerate(ranked):
        for row in block.rows:
            rank = (_REASONS.index(row.count.reason), position, row.sort is Sort.BARE)
            if row.field not in best or rank < best[row.field][0]:
                best[row.field] = (rank, row.count)
    if not best:
        return None, []
    counter = Counter()
    problems = []
    for name, (_, count) in best.items():
        setattr(counter, name, count.value)
        if count.printed:
            counter.printed[name] = count.printed[:_MAX_PRINTED]
        if count.reason:
            counter.reasons[name] = count.reason
        if kind := _PROBLEMS.get(count.reason or ""):
            problems.append(
                Problem(kind, f"{name} is printed as {count.printed[:_MAX_PRINTED]!r}", "counter")
            )
    return counter, problems


_REASONS = (None, "impossible", "not-a-count", "unavailable", "script")
_PROBLEMS = {"impossible": ProblemKind.COUNTER_TOO_LARGE, "not-a-count": ProblemKind.COUNTER_NOT_A_COUNT}


# --- from segments to tokens ---------------------------------------------------------------------------


def _tokens_of(index: int, text: str) -> list[_Token]:
    return [_Token(kind, word, index, start, end, *meaning) for kind, word, start, end, meaning in scan(text)]


# The same few labels stand on every page of a portal.
@lru_cache(maxsize=4096)
def scan(raw: str) -> tuple[tuple[str, str, int, int, tuple[Sort, str | None]], ...]:
    """Return the tokens of a text: kind, folded text, start, end, and sort and field of a label."""
    text = nfc(raw)
    found = []
    for match in _TOKEN.finditer(fold_keep_length(text)):
        kind = match.lastgroup or ""
        start, end = match.span()
        word = text[start:end]
        meaning: tuple[Sort, str | None] = (Sort.UNKNOWN, None)
        if kind == "text":
            kind, word = "label", " ".join(_TRAILING.sub("", match[0]).split())
            if word in _LOADING:
                kind = "empty"
            else:
                meaning = _WORDS.get(word, (Sort.UNKNOWN if len(word) <= _MAX_LABEL else Sort.PROSE, None))
        elif kind == "period":
            meaning = (Sort.BARE, "month" if match[0].startswith("t") else "year")
        found.append((kind, word, start, end, meaning))
    return tuple(found)


def _tokens(segments: Sequence[Segment]) -> list[_Token]:
    tokens: list[_Token] = []
    for index, segment in enumerate(segments):
        if segment.text is None:
            tokens.append(_Token("empty", "", index, 0, 0))
        else:
            tokens += _tokens_of(index, segment.text)
    tokens = _split_periods(tokens)
    _demote(tokens, segments)
    tokens = _drop_units(tokens, segments)
    return _join_boxes(tokens, segments)


def _split_periods(tokens: list[_Token]) -> list[_Token]:
    """Decide what the number in "Tháng 04" or "Trong năm 2024" is: part of the label, or its value."""
    result: list[_Token] = []
    for position, token in enumerate(tokens):
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.kind == "value" and after and after.kind == "colon" and after.segment == token.segment:
            if result and result[-1].kind == "label" and result[-1].segment == token.segment:
                result[-1].end = token.end
            continue
        if token.kind == "period":
            number = re.search(r"\d+$", token.text)
            padded = number is not None and (number[0].startswith("0") or len(number[0]) == 4)
            if number and not padded and not (after and after.kind in ("value", "colon", "empty", "dash")):
                split = token.start + number.start()
                token.end = split
                result.append(token)
                result.append(_Token("value", number[0], token.segment, split, split + len(number[0])))
                continue
        result.append(token)
    for token in result:
        if token.kind == "period":
            token.kind = "label"
    return result


def _drop_units(tokens: list[_Token], segments: Sequence[Segment]) -> list[_Token]:
    """Take away "lượt" behind a number; make void a number of something else ("45 hộ", "25 - 32")."""
    result: list[_Token] = []
    for position, token in enumerate(tokens):
        before = result[-1] if result else None
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if before and before.kind in ("value", "void") and _on_one_line(before, token, segments):
            if token.kind == "label":
                opened = len(result) > 1 and result[-2].sort is Sort.OPENER
                follows = next((t.kind for t in tokens[position + 1 : position + 3] if t.kind != "open"), "")
                is_label = follows in ("colon", "value", "empty")
                if token.text in _UNITS and not opened and not is_label:
                    continue
                if token.sort in (Sort.UNKNOWN, Sort.PROSE):
                    before.kind = "void"
            elif token.kind == "dash" and after and after.kind == "value" and after.segment == token.segment:
                before.kind = after.kind = "void"
                continue
            elif token.kind == "value" and token.segment == before.segment and len(token.text) > 1:
                before.kind = token.kind = "void"
        elif (
            token.kind == "value"
            and before
            and before.kind == "dash"
            and (before.segment, before.end) == (token.segment, token.start)
            and len(result) > 1
            and result[-2].kind == "colon"
        ):
            result.pop()
            token.text, token.start = before.text + token.text, before.start
        result.append(token)
    return result


def _demote(tokens: list[_Token], segments: Sequence[Segment]) -> None:
    """Make a label that only marks words of a sentence ("có <b>tổng số</b> 45") no label."""
    for before, token in pairwise(tokens):
        outer, inner = segments[before.segment], segments[token.segment]
        if (
            before.kind == token.kind == "label"
            and before.sort in (Sort.UNKNOWN, Sort.PROSE)
            and token.segment == before.segment + 1
            and outer.path
            and inner.path[:-1] == outer.path
            and not inner.after_break
        ):
            token.sort, token.field = Sort.UNKNOWN, None


def _on_one_line(first: _Token, second: _Token, segments: Sequence[Segment]) -> bool:
    """Say whether `second` is in the same text or runs on behind the inline element that `first` is in."""
    if first.segment == second.segment:
        return True
    inner, outer = segments[first.segment].path, segments[second.segment].path
    return (
        second.segment == first.segment + 1
        and bool(outer)
        and not segments[second.segment].after_break
        and inner[:-1] == outer
    )


def _join_boxes(tokens: list[_Token], segments: Sequence[Segment]) -> list[_Token]:
    """Join digits that are printed one by one, as on a mechanical counter: 0 0 1 2 3 is "00123"."""
    result: list[_Token] = []
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and tokens[end].kind == "value" and len(tokens[end].text) == 1:
            if segments[tokens[end].segment].linked or not _evenly(tokens[position : end + 1], segments):
                break
            end += 1
        if (
            end - position >= 2
            and not _heads_columns(result, end - position)
            and not (result and _nearer(result[-1], tokens[position], tokens[position + 1], segments))
        ):
            first = tokens[position]
            first.text = "".join(token.text for token in tokens[position:end])
            result.append(first)
        else:
            end = max(end, position + 1)
            result += tokens[position:end]
        position = end
    return result


def _nearer(label: _Token, first: _Token, second: _Token, segments: Sequence[Segment]) -> bool:
    """Say whether `first` stands nearer to `label` than to `second`, which then opens another row."""
    return _closeness(label, first, segments) > _closeness(first, second, segments)


def _evenly(boxes: Sequence[_Token], segments: Sequence[Segment]) -> bool:
    paths = [segments[token.segment].path for token in boxes]
    return (
        len({len(path) for path in paths}) == 1 and len({_common(paths[0], path) for path in paths[1:]}) <= 1
    )


def _heads_columns(before: Sequence[_Token], columns: int) -> bool:
    """Say whether the tokens so far end in one label for each of `columns` values."""
    heads = before[-columns:]
    return (
        len(heads) == columns
        and all(token.kind == "label" and token.sort in (Sort.SURE, Sort.BARE) for token in heads)
        and len({token.segment for token in heads}) == columns
    )


# --- from tokens to rows -------------------------------------------------------------------------------


def _common(first: tuple[int, ...], second: tuple[int, ...]) -> int:
    common = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        common += 1
    return common


@dataclass(slots=True)
class _Ahead:
    """What stands behind a label: a value or dash (`index`), an element without text, a colon, or nothing."""

    index: int | None = None
    closeness: float = -1.0
    colon: bool = False
    empty: bool = False
    ends: bool = True  # no other label follows before the value or the end


def _closeness(first: _Token, second: _Token, segments: Sequence[Segment]) -> float:
    if first.segment == second.segment:
        return _SAME_SEGMENT
    broken = any(segments[i].after_break for i in range(first.segment + 1, second.segment + 1))
    return _common(segments[first.segment].path, segments[second.segment].path) - 0.5 * broken


def _is_apart(label: _Token, number: _Token, segments: Sequence[Segment]) -> bool:
    """Say whether a line ends between a label and a number."""
    between = segments[label.segment + 1 : number.segment + 1]
    return any(segment.after_break or not segment.path for segment in between)


def _ahead(tokens: Sequence[_Token], position: int, segments: Sequence[Segment]) -> _Ahead:
    label = tokens[position]
    result = _Ahead()
    empty_closeness = -1.0
    for index in range(position + 1, len(tokens)):
        token = tokens[index]
        if token.segment - label.segment > _MAX_SEGMENTS:
            break
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind == "colon":
            result.colon = True
        elif token.kind == "open" or (token.kind == "void" and _is_apart(label, token, segments)):
            continue
        elif token.kind == "empty":
            empty_closeness = max(empty_closeness, _closeness(label, token, segments))
        elif token.kind == "dash" and (
            (after and after.kind == "value" and after.segment == token.segment)
            or not (result.colon or token.segment != label.segment or after is None)
            or (tokens[index - 1].kind == "empty" and tokens[index - 1].segment == token.segment)
        ):
            continue
        elif token.kind in ("value", "dash", "void"):
            closeness = _closeness(label, token, segments)
            climb = len(segments[label.segment].path) - closeness
            # One of several numbers in a row, such as a pager's, is nobody's value.
            alone = after is None or after.kind != "value" or _closeness(token, after, segments) < closeness
            if alone and closeness >= empty_closeness and (climb <= _MAX_CLIMB or closeness == _SAME_SEGMENT):
                result.index, result.closeness = index, closeness
            break
        elif token.kind == "label":
            result.ends = token.sort in (Sort.UNKNOWN, Sort.PROSE)
            break
        else:
            break
    result.empty = empty_closeness >= 0 and result.index is None
    return result


def _bind(tokens: list[_Token], segments: Sequence[Segment]) -> dict[int, list[Row]]:
    """Return the rows by the position of their label among `tokens`."""
    ahead = {i: _ahead(tokens, i, segments) for i, token in enumerate(tokens) if token.kind == "label"}
    value_of: dict[int, int] = {}
    for pairs in (*_columns(tokens, ahead), *_numbers_first(tokens, ahead, segments)):
        value_of.update(pairs)

    def claim(label: int, value: int | None) -> None:
        if value is not None and value not in value_of.values():
            value_of.setdefault(label, value)

    names = [i for i in ahead if tokens[i].sort not in (Sort.HEADING, Sort.TOTAL_HEADING, Sort.OPENER)]
    behind = {i: _behind(tokens, i, segments) for i in names}
    for i in names:
        if ahead[i].colon or ahead[i].closeness >= behind[i]:
            claim(i, ahead[i].index)
    for i in names:
        if behind[i] >= 0 and not ahead[i].colon:
            claim(i, i - 1)
    for i in ahead:
        if tokens[i].sort in (Sort.HEADING, Sort.TOTAL_HEADING):
            claim(i, i - 1 if _is_opened(tokens, i) else ahead[i].index)
    return {i: rows for i, look in ahead.items() if (rows := _rows(tokens, i, value_of.get(i), look))}


def _behind(tokens: Sequence[_Token], label: int, segments: Sequence[Segment]) -> float:
    """Say how near the number before a label is; -1 where there is none."""
    if _is_opened(tokens, label):
        return _SAME_SEGMENT
    if label and tokens[label - 1].kind == "value":
        return _closeness(tokens[label - 1], tokens[label], segments)
    return -1.0


def _is_opened(tokens: Sequence[_Token], label: int) -> bool:
    return label > 1 and tokens[label - 1].kind == "value" and tokens[label - 2].sort is Sort.OPENER


def _columns(tokens: Sequence[_Token], ahead: Mapping[int, _Ahead]) -> Iterable[dict[int, int]]:
    """Find labels in one table row and as many values in the next."""
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and tokens[end].kind == "value":
            end += 1
        count = end - position
        if count >= 2 and _heads_columns(tokens[:position], count):
            heads = range(position - count, position)
            separate = len({token.segment for token in tokens[position:end]}) == count
            if separate and not any(ahead[head].colon for head in heads):
                yield dict(zip(heads, range(position, end), strict=True))
        position = max(end, position + 1)


def _numbers_first(
    tokens: Sequence[_Token], ahead: Mapping[int, _Ahead], segments: Sequence[Segment]
) -> Iterable[dict[int, int]]:
    """Find runs of number, label, number, label ... on one level, in which each label follows its number."""
    run: list[int] = []
    for position, token in enumerate(tokens):
        look = ahead.get(position)
        is_label = look is not None and token.sort in (Sort.SURE, Sort.BARE, Sort.UNKNOWN) and not look.colon
        if (token.kind == "value" and len(run) % 2 == 0) or (is_label and len(run) % 2 == 1):
            run.append(position)
            if is_label and look and look.index is None and len(run) > 2:
                before = tokens[run[0] - 1] if run[0] else None
                levels = {len(segments[tokens[i].segment].path) for i in run}
                if len(levels) == 1 and (
                    before is None or before.kind != "label" or before.sort is Sort.HEADING
                ):
                    yield {run[i + 1]: run[i] for i in range(0, len(run), 2)}
        elif token.kind not in ("empty", "sep"):
            run = [position] if token.kind == "value" else []


def _rows(tokens: Sequence[_Token], position: int, value: int | None, look: _Ahead) -> list[Row]:
    label = tokens[position]
    if label.sort in (Sort.UNKNOWN, Sort.PROSE, Sort.OPENER):
        return []
    name = label.field or "total"
    if value is not None:
        token = tokens[value]
        if token.kind == "void":
            return []
        count = parse_count(token.text)
        following = tokens[value + 1 : value + 3]
        if len(following) == 2 and following[0].kind == "slash" and following[1].kind in ("value", "void"):
            if name != "total" or following[1].kind == "void":
                return []  # a date such as 17/1
            total = parse_count(following[1].text)
            return [
                Row("online", count, label.sort, label.segment),
                Row("total", total, label.sort, label.segment),
            ]
        if count.reason == "not-a-count" and label.sort is Sort.BARE:
            return []
        return [Row(name, count, label.sort, label.segment)]
    explicit = look.colon or look.empty
    if label.sort in (Sort.HEADING, Sort.TOTAL_HEADING):
        announced = look.colon or (look.empty and label.sort is Sort.TOTAL_HEADING)
        return [Row(name, _SCRIPT, label.sort, label.segment)] if announced and look.ends else []
    if explicit or label.sort is Sort.SURE or " " in label.text:
        return [Row(name, _SCRIPT, label.sort, label.segment, explicit)]
    return []


def _blocks(tokens: Sequence[_Token], bound: Mapping[int, list[Row]]) -> Iterable[Block]:
    block = Block(heading=False)
    gap = 0
    for position, token in enumerate(tokens):
        if token.kind != "label":
            continue
        rows = bound.get(position, [])
        if token.sort in (Sort.HEADING, Sort.TOTAL_HEADING) and not rows:
            if block.rows:
                yield _proven(block)
            block = Block(heading=True)
            gap = 0
        elif rows:
            block.rows += rows
            block.heading |= token.sort is Sort.HEADING
            gap = 0
        else:
            gap += _MAX_GAP + 1 if token.sort is Sort.PROSE else 1
            if gap > _MAX_GAP:
                yield _proven(block)
                block = Block(heading=False)
    yield _proven(block)


def _proven(block: Block) -> Block:
    if not block.heading and all(row.sort is Sort.BARE for row in block.rows):
        return Block(heading=False)
    if not any(row.explicit for row in block.rows):
        return Block(heading=block.heading)
    return block
