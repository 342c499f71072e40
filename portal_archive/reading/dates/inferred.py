"""Dates that nothing states: of the opening of a text, and of an address."""

from __future__ import annotations

import re
from datetime import date, datetime

from portal_archive.model.kinds import Precision
from portal_archive.model.page import Moment
from portal_archive.reading.dates.moments import NEWEST, OLDEST, VIETNAM, out_of_range, stamp
from portal_archive.reading.dates.printed import complete_year
from portal_archive.vietnamese.folding import nfc

_DAY_MONTH = (
    r"(?:\d{1,2}(?:[/.-]\d{1,2})?\s*(?:,|và|-|–|đến(?:\s+ngày)?)\s*){0,3}"
    r"(?P<d>\d{1,2})\s?(?P<sep>[/.-])\s?(?P<m>\d{1,2})(?:\s?(?P=sep)\s?(?P<y>\d{4}))?(?![\d/%]|[.,-]\d)"
)
# «(NTO) - », «LCĐT – », «Lai Châu - »
_AGENCY = (
    r"\s*(?:\([^()]{2,30}\)\s*)?"
    r"(?:[^\s,.;()–—-]{2,20}(?:\s[^\s,.;()–—-]{1,12}){0,3}\s*[-–—]\s*|[-–—]\s*)?"
)
_BEFORE_CUE = r"(?:trong|vào|từ|vừa|mới|đây|cả|các|những|hai|ba|bốn|buổi|rạng|lúc|\d{1,2}h\d{0,2}|\d)"
_CUE = r"(?:sáng|trưa|chiều|tối|đêm|ngày|hôm|nay|qua|sớm|và|cùng)"
_OPENER = re.compile(
    rf"{_AGENCY}(?:{_BEFORE_CUE}[\s,]+){{0,5}}(?:{_CUE}[\s,]+){{1,6}}\(?(?:ngày\s+)?{_DAY_MONTH}",
    re.IGNORECASE,
)
_BARE_OPENER = re.compile(rf"{_AGENCY}(?!24/7){_DAY_MONTH}(?=\s*,)", re.IGNORECASE)
_MID_SENTENCE = re.compile(
    rf"(?<!\w)(?:sáng|trưa|chiều|tối|đêm)\s+(?:nay\s+|qua\s+)?[(,]?\s*(?:ngày\s+)?{_DAY_MONTH}", re.IGNORECASE
)
_OPENING = 150  # characters


def infer_dateline(text: str, *, year_from: date | None) -> Moment | None:
    """Read the date with which a body opens: «Chiều nay (18/3), ...», «Ngày 17/1, ...», «Chiều 08/10/2021».

    Without a year it takes the latest that is not after `year_from` (the date of the page or its address) and
    is inferred; without `year_from` there is no telling. Of several days the last counts. A date elsewhere
    counts only after a time of day («..., sáng 22/8, ...») within the first 150 characters.
    """
    text = nfc(text[: 2 * _OPENING])
    match = _OPENER.match(text) or _BARE_OPENER.match(text) or _MID_SENTENCE.search(text[:_OPENING])
    if match is None:
        return None
    if match["y"]:
        return _full(match)
    day = None if year_from is None else complete_year(int(match["d"]), int(match["m"]), year_from)
    if day is None or day.year < OLDEST:
        return None
    return stamp(datetime(day.year, day.month, day.day, tzinfo=VIETNAM), Precision.INFERRED)


def _full(match: re.Match[str]) -> Moment | None:
    try:
        day = datetime(int(match["y"]), int(match["m"]), int(match["d"]), tzinfo=VIETNAM)
    except ValueError:
        return None
    return None if out_of_range(day, None) else stamp(day, Precision.DAY)


_URL_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})(?P<sep>[/_-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:199|20\d)\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:\d{6})?(?!\d)",
        r"(?:ngay|sang|chieu|toi)-(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})(?!\d)",
        r"(?<!\d)(?P<d>\d{2})-(?P<m>\d{2})-(?P<y>(?:199|20\d)\d)(?!\d)",
    )
)


def date_from_url(url: str) -> date | None:
    """Return the full date that a URL spells out, or None.

    In its path (``/Pages/2024-5-17/``), its files (``/upload/1/20240318/``, ``image-20240318153000``) or its
    slug (``-ngay-18-3-2024``); in that order.
    """
    for pattern in _URL_DATES:
        for match in pattern.finditer(url):
            try:
                found = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            if OLDEST <= found.year <= NEWEST:
                return found
    return None
