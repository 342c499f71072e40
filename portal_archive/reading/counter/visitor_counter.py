"""The visitor counter of a page, read by its labels from any markup, and from a page of text by the same rules.

A page is walked once, into pieces of text. Where words of a counter stand together, and one of them counts visits by
itself or is the heading of a counter, labels and numbers are paired by how near they stand. All of it takes time that
grows with the page and not faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import COUNTER_FIELDS, Counter, Problem
from portal_archive.reading import labels
from portal_archive.reading.counter.counter_words import (
    DATE,
    PERIODS,
    SAME_SEGMENT,
    Sort,
    Token,
    closeness,
    heads_columns,
    is_opened,
    tokens_of,
    weigher,
)
from portal_archive.reading.counter.segments import AFTER, BEFORE, Owner, Segment, common_depth, parts_of
from portal_archive.reading.metadata.counts import Count, parse_count
from portal_archive.vietnamese.folding import fold

# A row may stand this many foreign texts away from the row or heading that vouches for it.
_MAX_GAP = 3
# A number farther from its label, in segments or levels of the tree, belongs to something else.
_MAX_SEGMENTS = 3
_MAX_CLIMB = 5
_MAX_PRINTED = 100
# As many words that only go with others vouch for each other.
_LEAST_BARE = 4
# A list page may show the read counts of all its articles: of more words no more is looked at.
_MAX_WORDS = 2000
_MAX_ANCESTORS = 40
_NEAR_META = 120  # characters: a longer text is no line of an article's meta data

_ARTICLE = re.compile(
    r"article|texthit|(?:news|content|text|post)[-_]?detail|detail[-_]?(?:news|content)|body[-_]?(?:text|html)|"
    r"(?:post|entry|news)[-_]?(?:meta|content|body)|bai-?viet|asset-?(?:content|publish)|chi-?tiet|noi-?dung",
    re.I,
)
_SITE = re.compile(r"footer|sidebar|counter|statistic|visitor|thong-?ke|truy-?cap|wd-access|online", re.I)
_SCRIPT = Count(None, "", "script")
_REASONS = (None, "impossible", "not-a-count", "unavailable", "script")
_PROBLEMS = {
    "impossible": ProblemKind.COUNTER_TOO_LARGE,
    "not-a-count": ProblemKind.COUNTER_NOT_A_COUNT,
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A label of the counter with its count. `explicit`: a value is shown or announced ("Tổng:")."""

    field: str
    count: Count
    sort: Sort
    segment: int
    explicit: bool = True
    boxes: bool = False


@dataclass(slots=True)
class _Block:
    """Rows that stand together, `heading` under a heading of a visitor counter, `marked` in an element of one."""

    heading: bool = False
    marked: bool = False
    rows: list[_Row] = field(default_factory=list)

    def is_proven(self) -> bool:
        """Say whether the rows count visits: by a heading, a label that says so, or by all they show together."""
        if not any(row.explicit for row in self.rows):
            return False
        if self.heading or any(row.sort is not Sort.BARE for row in self.rows):
            return True
        shown = {row.field: row.count.value for row in self.rows if row.count.value is not None}
        if self.marked:
            return any(name in shown for name in ("online", "today", "yesterday"))
        total = shown.get("total")
        periods = [shown[name] for name in PERIODS if name in shown]
        return total is not None and "today" in shown and len(periods) >= 3 and max(periods) <= total

    def lone_totals(self) -> list[_Row]:
        """Return the rows of a block that has nothing but "Lượt truy cập: n", which may be articles' own."""
        alone = all(row.sort is Sort.TOTAL_HEADING and row.field == "total" for row in self.rows)
        return self.rows if alone and not self.heading else []

    def is_live(self) -> bool:
        """Say whether it counts who is here now or came today, as no report about visits does."""
        return any(
            row.field in ("online", "today") and row.count.reason != "not-a-count" for row in self.rows
        )


def read_counter(tree: etree._Element) -> tuple[Counter | None, list[Problem]]:
    """Read the visitor counter of a page from its root element.

    Returns None where the page has no counter; a counter with ``None`` and a reason where it has a label without a
    number. A number inside a comment or a script is not read, one that is only hidden by its style is. Of two
    counters the one that shows more is read. Problems: "counter-too-large", "counter-not-a-count",
    "counter-ambiguous" where two counters disagree. Never raises for what a page contains.
    """
    return _read(parts_of(tree, weigher(), _LEAST_BARE))


def read_counter_text(lines: Sequence[str]) -> tuple[Counter | None, list[Problem]]:
    """Read the visitor counter from a page's text alone, a line of the page an item of `lines`."""
    return _read([([Segment(line) for line in lines if line.strip()], None)])


def _read(
    parts: Iterable[tuple[Sequence[Segment], Sequence[Owner] | None]],
) -> tuple[Counter | None, list[Problem]]:
    blocks: list[_Block] = []
    lone: list[tuple[_Row, bool]] = []
    for cluster, owners in _clusters(parts):
        for block in _blocks(cluster):
            rows = block.lone_totals()
            places = {row: _place(owners[row.segment]) if owners else None for row in rows or block.rows[:1]}
            lone += [
                (row, places[row] == "site")
                for row in rows
                if places[row] != "article" and not _is_of_an_article(row, cluster)
            ]
            if not rows and (block.is_live() or places[block.rows[0]] != "article"):
                blocks.append(block)
    return _to_counter(blocks + _settle_lone(lone))


def _clusters(
    parts: Iterable[tuple[Sequence[Segment], Sequence[Owner] | None]],
) -> Iterator[tuple[Sequence[Segment], Sequence[Owner] | None]]:
    """Give each run of segments in which words of a counter stand together, and one of them vouches for it."""
    weigh = weigher()
    words = 0
    for segments, owners in parts:
        start = end = bare = 0
        vouched = False
        for index, segment in enumerate(segments):
            found = weigh(segment.text) if segment.text else None
            if not (segment.marked or found):
                continue
            words += 1
            if words > _MAX_WORDS:
                break
            if index - BEFORE > end:
                if vouched or bare >= _LEAST_BARE:
                    yield segments[start:end], owners and owners[start:end]
                start, bare, vouched = max(index - BEFORE, end), 0, False
            end = min(index + AFTER, len(segments))
            bare += bool(found and found.bare)
            vouched = vouched or segment.marked or bool(found and found.vouches)
        if vouched or bare >= _LEAST_BARE:
            yield segments[start:end], owners and owners[start:end]


# --- places on a page -----------------------------------------------------------------------------------


def _place(owner: Owner) -> str | None:
    """Say whether the nearest telling element around a text belongs to an "article" or to the "site"."""
    element, is_tail = owner
    around = element.getparent() if is_tail else element
    for _ in range(_MAX_ANCESTORS):
        if around is None or around.tag in ("body", "html"):
            return None
        marks = " ".join(filter(None, map(around.get, ("class", "id", "itemtype", "itemprop"))))[:400]
        if around.tag in ("footer", "aside") or _SITE.search(marks):
            return "site"
        if around.tag == "article" or _ARTICLE.search(marks):
            return "article"
        around = around.getparent()
    return None


def _is_of_an_article(row: _Row, segments: Sequence[Segment]) -> bool:
    """Say whether a date or another label of an article's meta data stands beside `row`."""
    own = segments[row.segment]
    for index in range(max(row.segment - 2, 0), min(row.segment + 2, len(segments))):
        text = segments[index].text
        if not text or len(text) > _NEAR_META:
            continue
        depth = max(own.depth, segments[index].depth)
        levels = depth - common_depth(min(index, row.segment), max(index, row.segment), segments)
        if levels <= 2 if own.depth else abs(index - row.segment) < 2:
            line = fold(text)
            if (DATE.search(line) or labels.ARTICLE_META.search(line)) and not labels.SITE_META.search(line):
                return True
    return False


# --- from segments to rows -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Ahead:
    """What stands behind a label: a value or dash (`index`), an element without text, a colon, or nothing."""

    index: int | None = None
    closeness: float = -1.0
    colon: bool = False
    empty: bool = False
    ends: bool = True  # no other label follows before the value or the end


def _ahead(tokens: Sequence[Token], position: int, segments: Sequence[Segment]) -> _Ahead:
    label = tokens[position]
    result = _Ahead()
    nearest_empty = -1.0
    for index in range(position + 1, len(tokens)):
        token = tokens[index]
        if token.segment - label.segment > _MAX_SEGMENTS:
            break
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind == "mark" and label.sort in (Sort.UNKNOWN, Sort.PROSE):
            break
        if token.kind == "colon":
            result.colon = True
        elif token.kind in ("open", "mark", "end") or (
            token.kind == "void" and _is_apart(label, token, segments)
        ):
            continue
        elif token.kind == "empty":
            nearest_empty = max(nearest_empty, closeness(label, token, segments))
        elif token.kind == "dash" and _is_no_answer(tokens, index, label, result.colon):
            continue
        elif token.kind in ("value", "dash", "void"):
            near = closeness(label, token, segments)
            climb = segments[label.segment].depth - near
            # One of several numbers in a row, such as a pager's, is nobody's value.
            alone = after is None or after.kind != "value" or closeness(token, after, segments) < near
            if alone and near >= nearest_empty and (climb <= _MAX_CLIMB or near == SAME_SEGMENT):
                result.index, result.closeness = index, near
            break
        else:
            result.ends = token.kind != "label" or token.sort in (Sort.UNKNOWN, Sort.PROSE)
            break
    result.empty = nearest_empty >= 0 and result.index is None
    return result


def _is_no_answer(tokens: Sequence[Token], index: int, label: Token, colon: bool) -> bool:
    """Say whether a dash only stands between a label and what follows, and not for a count that is missing."""
    dash, before = tokens[index], tokens[index - 1]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        (after is not None and after.kind == "value" and after.segment == dash.segment)
        or not (colon or dash.segment != label.segment or after is None)
        or (before.kind == "empty" and before.segment == dash.segment)
    )


def _is_apart(label: Token, number: Token, segments: Sequence[Segment]) -> bool:
    """Say whether a line ends between a label and a number."""
    between = segments[label.segment + 1 : number.segment + 1]
    return any(segment.after_break or not segment.depth for segment in between)


_HEADINGS = (Sort.HEADING, Sort.TOTAL_HEADING, Sort.MARK)


def _bind(tokens: Sequence[Token], segments: Sequence[Segment]) -> dict[int, list[_Row]]:
    """Return the rows by the position of their label among `tokens`."""
    ahead = {
        i: _ahead(tokens, i, segments) for i, token in enumerate(tokens) if token.kind in ("label", "mark")
    }
    value_of: dict[int, int] = {}
    for pairs in (*_columns(tokens, ahead), *_numbers_first(tokens, ahead, segments)):
        value_of.update(pairs)
    taken = set(value_of.values())

    def claim(label: int, value: int | None) -> None:
        if value is not None and value not in taken and label not in value_of:
            value_of[label] = value
            taken.add(value)

    names = [i for i in ahead if tokens[i].sort not in (*_HEADINGS, Sort.OPENER)]
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
        elif tokens[i].sort is Sort.MARK and (at := ahead[i].index) is not None and tokens[at].boxes:
            claim(i, at)
    return {i: rows for i, look in ahead.items() if (rows := _rows(tokens, i, value_of.get(i), look))}


def _behind(tokens: Sequence[Token], label: int, segments: Sequence[Segment]) -> float:
    """Say how near the number before a label is; -1 where there is none."""
    if _is_opened(tokens, label):
        return SAME_SEGMENT
    if label and tokens[label - 1].kind == "value":
        return closeness(tokens[label - 1], tokens[label], segments)
    return -1.0


def _is_opened(tokens: Sequence[Token], label: int) -> bool:
    return label > 1 and tokens[label - 1].kind == "value" and is_opened(tokens[max(label - 3, 0) : label])


def _columns(tokens: Sequence[Token], ahead: Mapping[int, _Ahead]) -> Iterator[dict[int, int]]:
    """Find labels in one table row and as many values in the next."""
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and tokens[end].kind == "value":
            end += 1
        count = end - position
        if 2 <= count <= len(COUNTER_FIELDS) and heads_columns(
            tokens[max(position - count, 0) : position], count
        ):
            heads = range(position - count, position)
            separate = len({token.segment for token in tokens[position:end]}) == count
            if separate and not any(ahead[head].colon for head in heads):
                yield dict(zip(heads, range(position, end), strict=True))
        position = max(end, position + 1)


def _numbers_first(
    tokens: Sequence[Token], ahead: Mapping[int, _Ahead], segments: Sequence[Segment]
) -> Iterator[dict[int, int]]:
    """Find runs of number, label, number, label ... on one level, in which each label follows its number."""
    run: list[int] = []
    for position, token in enumerate(tokens):
        look = ahead.get(position)
        is_label = look is not None and token.sort in (Sort.SURE, Sort.BARE, Sort.UNKNOWN) and not look.colon
        if (token.kind == "value" and len(run) % 2 == 0) or (is_label and len(run) % 2 == 1):
            run.append(position)
            if is_label and look and look.index is None and len(run) > 2:
                before = tokens[run[0] - 1] if run[0] else None
                levels = {segments[tokens[i].segment].depth for i in run}
                if len(levels) == 1 and (
                    before is None or before.kind != "label" or before.sort in _HEADINGS
                ):
                    yield {run[i + 1]: run[i] for i in range(0, len(run), 2)}
                run = []
        elif token.kind not in ("empty", "sep", "mark", "end"):
            run = [position] if token.kind == "value" else []


def _rows(tokens: Sequence[Token], position: int, value: int | None, look: _Ahead) -> list[_Row]:
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
                _Row("online", count, label.sort, label.segment),
                _Row("total", total, label.sort, label.segment),
            ]
        if count.reason == "not-a-count" and label.sort is Sort.BARE:
            return []
        return [_Row(name, count, label.sort, label.segment, boxes=token.boxes)]
    explicit = look.colon or look.empty
    if label.sort in _HEADINGS:
        announced = label.sort is not Sort.MARK and (
            look.colon or (look.empty and label.sort is Sort.TOTAL_HEADING)
        )
        return [_Row(name, _SCRIPT, label.sort, label.segment)] if announced and look.ends else []
    if explicit or label.sort is Sort.SURE:
        return [_Row(name, _SCRIPT, label.sort, label.segment, explicit)]
    return []


def _blocks(segments: Sequence[Segment]) -> list[_Block]:
    """Return the blocks of counter rows in a part of a page: only those with evidence that they count visits."""
    tokens = tokens_of(segments)
    bound = _bind(tokens, segments)
    blocks = [_Block()]
    gap = 0
    for position, token in enumerate(tokens):
        rows = bound.get(position, [])
        if token.kind == "end":
            if blocks[-1].marked and not blocks[-1].heading and blocks[-1].rows:
                blocks.append(_Block())
            blocks[-1].marked = False
        elif token.kind == "mark":
            blocks[-1].marked = True
            blocks[-1].rows += rows
        elif token.kind != "label":
            continue
        elif token.sort in _HEADINGS and not rows:
            blocks.append(_Block(heading=True, marked=blocks[-1].marked))
            gap = 0
        elif rows:
            blocks[-1].rows += rows
            blocks[-1].heading = blocks[-1].heading or token.sort is Sort.HEADING
            gap = 0
        else:
            gap += _MAX_GAP + 1 if token.sort is Sort.PROSE else 1
            if gap > _MAX_GAP:
                blocks.append(_Block(marked=blocks[-1].marked))
                gap = 0
    return [block for block in blocks if block.is_proven()]


# --- from blocks to a record ---------------------------------------------------------------------------


def _settle_lone(lone: Sequence[tuple[_Row, bool]]) -> list[_Block]:
    """Choose among the rows that may be an article's own count or the site's.

    Takes each with whether it stands in a part of the page that is the site's. Where the counts differ, as in a
    list of articles, only one that certainly is the site's is believed.
    """
    for rows in ([row for row, _ in lone], [row for row, is_sites in lone if is_sites]):
        if len({row.count for row in rows}) == 1:
            return [_Block(rows=rows[:1])]
    return []


def _to_counter(blocks: Iterable[_Block]) -> tuple[Counter | None, list[Problem]]:
    """Put the rows of all blocks of a page into one record; the block that shows most goes first."""
    ranked = sorted(blocks, key=lambda block: -sum(row.count.value is not None for row in block.rows))
    best: dict[str, tuple[tuple[int, bool, int, bool], Count]] = {}
    for position, block in enumerate(ranked):
        for row in block.rows:
            # A plugin may cut its digit boxes to six, where the labelled row beside them is whole.
            rank = (_REASONS.index(row.count.reason), row.boxes, position, row.sort is Sort.BARE)
            if row.field not in best or rank < best[row.field][0]:
                best[row.field] = (rank, row.count)
    if not best:
        return None, []
    counter = Counter()
    problems = []
    for name, (rank, count) in best.items():
        setattr(counter, name, count.value)
        if count.printed:
            counter.printed[name] = count.printed[:_MAX_PRINTED]
        if count.reason:
            counter.reasons[name] = count.reason
        if kind := _PROBLEMS.get(count.reason or ""):
            problems.append(
                Problem(kind, f"{name} is printed as {count.printed[:_MAX_PRINTED]!r}", "counter")
            )
        if other := _disagreeing(ranked, name, rank[2], count):
            detail = f"{name} is printed as {count.printed[:60]!r} and as {other[:60]!r}"
            problems.append(Problem(ProblemKind.COUNTER_AMBIGUOUS, detail, "counter"))
    return counter, problems


def _disagreeing(ranked: Sequence[_Block], name: str, chosen: int, count: Count) -> str | None:
    """Return what another counter of the page prints for a field, where it is another number."""
    rows = (row for at, block in enumerate(ranked) if at != chosen for row in block.rows if row.field == name)
    others = (row.count for row in rows if row.count.value is not None)
    if count.value is None:
        return None
    return next((other.printed for other in islice(others, 100) if other.value != count.value), None)
