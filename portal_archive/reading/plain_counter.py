"""The visitor counter that is written as nothing but label, number, label, number: read from the source alone.

Most counters are, and stand in one place; finding their rows there costs a fraction of walking the page. Whatever
could be read in another way is left to `counters`, which looks at the elements around each word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape

from portal_archive.reading.counter_rows import Block, Row, Sort, scan
from portal_archive.reading.counts import parse_count

# Characters of source before, after and between the vouchers of a counter.
_BEFORE, _AFTER, _BETWEEN = 400, 800, 2500
_LONGEST = 200  # characters: longer text is no row
_MARKUP = re.compile(r"<(/?[a-zA-Z0-9]*)[^<>]*>")
_ROW_TAGS = frozenset(
    "li ul ol span em i img b strong font label small p div td tr th tbody table br hr dl dt dd "
    "h1 h2 h3 h4 h5 h6".split()
)
_ICONS = frozenset(("em", "i"))  # without text they are pictures, and others wait for a script
# A letter for each piece of text: Label, Number, Row («Hôm nay: 12»), Heading, Total heading, _ any other text;
# "?" is what may be part of a counter in a way that is not plain, "|" markup that no plain counter has.
_PLAIN = re.compile(r"[N_|]*[_|](?P<heading>[HT]?)(?P<rows>(?:[LT]N|R){3,})[_|][N_|]*")
_CODES = {
    Sort.SURE: "L",
    Sort.BARE: "L",
    Sort.HEADING: "H",
    Sort.TOTAL_HEADING: "T",
    Sort.OPENER: "?",
}


def read_plain(source: str, vouchers: Sequence[int]) -> Block | None:
    """Read a page's only counter from its source.

    `vouchers` are the places of all words that can vouch for a counter. Returns None where these are apart, or
    where anything but known labels and whole numbers, in turn, stands between the first row and the last, or
    where a total or the visitors of now or today are missing.
    """
    if not vouchers or (last := max(vouchers)) - (first := min(vouchers)) > _BETWEEN:
        return None
    start = source.find("<", max(first - _BEFORE, 0))
    end = source.rfind(">", start, last + _AFTER) + 1
    pieces = list(_pieces(_MARKUP.split(source[start:end])))
    match = _PLAIN.fullmatch("".join(code for code, _ in pieces))
    if match is None or not _is_shown(source, first):
        return None
    rows = list(_rows([text for _, text in pieces[slice(*match.span("rows"))]]))
    fields = {row.field for row in rows}
    block = Block(heading=bool(match["heading"]), rows=rows)
    is_certain = block.heading or any(row.sort is not Sort.BARE for row in rows)
    if len(fields) < len(rows) or not (is_certain and block.has_total() and block.is_live()):
        return None
    return block if all(row.count.reason is None for row in rows) else None


def _pieces(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give code and text of what stands between tags; `parts` are text and name of a tag in turn."""
    for position in range(0, len(parts), 2):
        text = parts[position].strip()
        before = parts[position - 1] if position else ""
        if position and before.removeprefix("/") not in _ROW_TAGS:
            yield "|", ""
        if text:
            text = unescape(text)
            yield _code(text), text
        elif position and before not in _ICONS and parts[position + 1 : position + 2] == [f"/{before}"]:
            yield "|", ""


# The same few labels stand on every page of a portal.
@lru_cache(maxsize=4096)
def _code(text: str) -> str:
    tokens = scan(text) if len(text) <= _LONGEST else ()
    kinds = ["label" if kind == "period" else kind for kind, *_ in tokens]
    sort = next((sort for *_, (sort, _) in tokens if sort not in (Sort.UNKNOWN, Sort.PROSE)), None)
    if sort is None:
        return "N" if kinds in (["value"], ["colon", "value"]) else "_"
    if kinds in (["label"], ["label", "colon"]):
        return _CODES[sort]
    return "R" if kinds == ["label", "colon", "value"] and _CODES[sort] == "L" else "?"


def _rows(texts: Sequence[str]) -> Iterator[Row]:
    tokens = [token for text in texts for token in scan(text) if token[0] != "colon"]
    for (*_, (sort, name)), (_, number, *_) in zip(tokens[::2], tokens[1::2], strict=True):
        yield Row(name or "total", parse_count(number), sort, 0)


def _is_shown(source: str, place: int) -> bool:
    """Tell whether a place is outside comments and scripts: none closes behind it that does not open there."""
    for opened, closed in (("<!--", "-->"), ("<script", "</script")):
        end = source.find(closed, place)
        if end >= 0 and source.find(opened, place, end) < 0:
            return False
    return True
