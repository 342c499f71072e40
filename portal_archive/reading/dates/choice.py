"""Which date of a page is that of its article."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lxml import etree

from portal_archive.model.kinds import Precision
from portal_archive.reading import labels
from portal_archive.reading.dates.moments import VIETNAM
from portal_archive.reading.dates.printed import ParsedDate, has_weekday, parse_date
from portal_archive.vietnamese.folding import fold_keep_length, nfc

_MOST = 120  # candidates
_TOP = 5
_NEXT = 3
_CLOCK = timedelta(minutes=15)  # a page's clock shows the visit, or when its copy was made
_PARAGRAPH = 160  # characters: a longer line is text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may hold the date of an article.

    `distance` counts lines from the title, negative before it; `label` is what an element before the line
    says; `clock` is the verdict of `is_clock`; `outside`: the line stands outside the article's own block;
    `element` is where it stands.
    """

    text: str
    distance: int
    label: str | None = None
    clock: bool = False
    outside: bool = False
    element: etree._Element | None = None


def is_clock(lines: Sequence[str], index: int) -> bool:
    """Say whether the date in ``lines[index]`` is the clock of the page, which tells the time of the visit.

    `lines` are those of the whole page from its top. A clock stands in the first five, with its weekday or
    zone and without a label, and a menu or a telephone number follows it on its line or on the next three.
    """
    line = nfc(lines[index])
    parsed = parse_date(line)
    if parsed is None or parsed.label is not None:
        return False
    if parsed.is_clock:
        return True
    if index >= _TOP or not (has_weekday(line[: parsed.end]) or "GMT" in line):
        return False
    following = (line[parsed.end :], *lines[index + 1 : index + 1 + _NEXT])
    return any(labels.CLOCK_NEIGHBOUR.search(fold_keep_length(nfc(text))) for text in following)


def pick_article_date(
    candidates: Sequence[Candidate],
    *,
    not_after: datetime | None = None,
    month_first: bool | None = None,
    stated: Collection[date] = (),
) -> ParsedDate | None:
    """Choose the date of publication among the lines around an article.

    A label counts most ("posted" before "updated"), then agreement with one of the days that machine-readable
    marks of this article state, then nearness to the title, after it before ahead of it. Clocks never count;
    a paragraph only where a date with its time is glued to its beginning. A labelled date that cannot be
    believed is returned with its problem rather than passed over.
    """
    ranked: list[tuple[tuple[int, bool, bool, int, bool], int, ParsedDate]] = []
    for order, candidate in enumerate(candidates[:_MOST]):
        prefix = f"{candidate.label}: " if candidate.label else ""
        parsed = parse_date(prefix + candidate.text, not_after=not_after, month_first=month_first)
        if (
            parsed is None
            or candidate.clock
            or parsed.is_clock
            or _tells_the_visit(candidate, parsed, not_after)
        ):
            continue
        timed = parsed.moment is not None and parsed.moment.precision is not Precision.DAY
        if parsed.label is None and len(candidate.text) > _PARAGRAPH and (parsed.start > 0 or not timed):
            continue
        rank = (
            ("posted", "updated", None).index(parsed.label),
            parsed.moment is None and parsed.label is None,
            bool(stated) and _day(parsed) not in stated,
            abs(candidate.distance),
            candidate.distance < 0,
        )
        ranked.append((rank, order, parsed))
    return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def _day(parsed: ParsedDate) -> date | None:
    return datetime.fromisoformat(parsed.moment.iso).date() if parsed.moment else None


def _tells_the_visit(candidate: Candidate, parsed: ParsedDate, visited: datetime | None) -> bool:
    """Tell whether an unlabelled date outside the article's block is that of the visit, in a page's header.

    A weekday's date without a time always is: a saved page may not say when it was visited.
    """
    if not candidate.outside or parsed.label is not None or parsed.moment is None:
        return False
    is_day = parsed.moment.precision is Precision.DAY
    if visited is None or (parsed.has_weekday and is_day):
        return parsed.has_weekday and is_day
    moment = datetime.fromisoformat(parsed.moment.iso)
    return moment.date() == visited.astimezone(VIETNAM).date() and (is_day or abs(moment - visited) < _CLOCK)


_WITH_HALF = re.compile(
    r"(?<![\d/])(\d{1,2})/(\d{1,2})/\d{2,4},?\s+\d{1,2}:\d{2}(?::\d{2})?\s*[AaPp]\.?[Mm]\b"
)
# How SharePoint names the language its dates are printed in.
_ENGLISH_SERVER = re.compile(r"current(?:UI)?CultureName\"?\s*:\s*\"en-US", re.IGNORECASE)


def months_come_first(source: str) -> bool | None:
    """Tell from all numeric dates with AM or PM of a page whether their months come first; None: no proof."""
    orders = [(int(first), int(second)) for first, second in _WITH_HALF.findall(source)]
    if any(first > 12 for first, _ in orders):
        return False
    if any(second > 12 for _, second in orders) or _ENGLISH_SERVER.search(source):
        return True
    return None
