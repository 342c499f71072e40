"""Dates as Vietnamese portals print them.

Day comes before month unless the date itself or its page proves otherwise. A date is taken to be in Vietnam's
time, +07:00, unless it says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from portal_archive.model.kinds import Precision, ProblemKind
from portal_archive.model.page import Moment, Problem
from portal_archive.reading import labels
from portal_archive.reading.dates.moments import ISO, VIETNAM, from_iso, out_of_range, problem, stamp
from portal_archive.vietnamese.folding import fold_keep_length, nfc

_MONTH_NAMES = ["một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"]
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS = (
    {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
    | {"bốn": 4, "bẩy": 7}
    | {name: number for number, name in enumerate(_ENGLISH_MONTHS, 1)}
)
_MONTH_WORD = "|".join(
    sorted((name.replace(" ", r"\s+") for name in (*_MONTH_NAMES, "bốn", "bẩy")), key=len, reverse=True)
)
_ENGLISH_MONTH = (
    r"(?<![a-z])(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?(?![a-z])\.?"
)
_NOT_IN_NUMBER = r"(?<!\d)(?<!\d[/.-])"
_DAY_MONTH = r"(?P<d>\d{1,2})\s?(?P<sep>[/.-])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?"
_THANG = r"(?:tháng|thg\.?|th\.?(?=\s?\d))"

# 18/01/2024, 11 - 11 - 2023, 18.9.2023; not 12/01/2024/QĐ
_NUMERIC = re.compile(rf"{_NOT_IN_NUMBER}{_DAY_MONTH}(?P<y>\d{{4}})(?!\d|/\w)")
_YEAR_FIRST = re.compile(
    r"(?<![\d/.-])(?P<y>\d{4})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d|[/.-]\w)"
)
_WORDS = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})[\s-]+{_THANG}\s*(?P<m>\d{{1,2}}|{_MONTH_WORD})[\s,-]*(?:năm\s+)?(?P<y>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_THANG}\s*(?P<m>\d{{1,2}}|{_MONTH_WORD})\s+(?P<d>\d{{1,2}})(?:,\s*|\s+)(?P<y>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    rf"{_ENGLISH_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)", re.IGNORECASE
)
_ENGLISH_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_ENGLISH_MONTH}[\s,-]+(?P<y>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
# Dates only where something else says that they are: «chủ nhật, 28 07 2019», «21/09/23 08:30».
_SPACED = re.compile(
    r"(?<!\d)(?<!\d[\s/.,-])(?P<d>\d{1,2})\s+(?P<m>\d{1,2})(?:,\s*|\s+)(?P<y>\d{4})(?![\d.,]\d|\d)"
)
_SHORT_YEAR = re.compile(rf"{_NOT_IN_NUMBER}{_DAY_MONTH}(?P<y>\d{{2}})(?![\d/:-]|[.,]\d)")
_ISO_STAMP = re.compile(rf"(?<!\d)(?=\d{{4}}-\d{{2}}-\d{{2}}T\d){ISO.pattern}", re.IGNORECASE)
_DATES = (
    _ISO_STAMP, _NUMERIC, _YEAR_FIRST, _WORDS, _MONTH_FIRST, _ENGLISH, _ENGLISH_DAY_FIRST, _SPACED, _SHORT_YEAR,
)  # fmt: skip
_DOUBTFUL = (_SPACED, _SHORT_YEAR)

_MINUTES = (
    r"\s?(?::|h|g|giờ)\s?(?P<minute>\d{2})(?:\s?phút)?(?:\s?:\s?(?P<second>\d{2})(?:\.\d{1,7})?)?(?!\d)"
)
_HALF = (
    r"(?:\s*(?P<half>(?-i:[AaPp]\.?[Mm]\.?|SA|CH)|sáng|trưa|chiều|tối|đêm)(?!\w)(?!\s+PA\b))?"
    r"(?:,?\s*[\[(]?(?:GMT|UTC)\s*\+\s*0?7(?::?00)?[\])]?)?"
)
_TIME = rf"(?P<hour>\d{{1,2}})(?:{_MINUTES}|\s?(?:h|giờ)(?![\w]))(?:\s?['’′])?{_HALF}"
_TIME_AFTER = re.compile(rf"(?:[\s,|–—(\[-]{{0,6}}|T)(?:(?:vào\s+)?lúc\s*:?\s*|at\s+)?{_TIME}", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"(?<![\d:/.-]){_TIME}[\s,|–—-]{{0,6}}(?:ngày\s*:?\s*)?$", re.IGNORECASE)
_VIETNAMESE_WEEKDAY = r"thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật|(?-i:CN|T[2-7]|Th\s[2-7])"
_ENGLISH_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_WEEKDAY_NAME = rf"(?:{_VIETNAMESE_WEEKDAY}|{_ENGLISH_WEEKDAY})"
_WEEKDAY = re.compile(rf"(?<!\w){_WEEKDAY_NAME}(?!\w)", re.IGNORECASE)
_WEEKDAY_BEFORE = re.compile(rf"(?<!\w){_WEEKDAY_NAME}[\s,:–—-]{{0,5}}(?:ngày\s*)?$", re.IGNORECASE)
_DAY_BEFORE = re.compile(r"(?<!\w)ngày\s*:?\s*$", re.IGNORECASE)
_LUNAR_BEFORE = re.compile(r"(?:nhằm|tức|âm\s+lịch)(?:\s+ngày)?[\s:(]*$", re.IGNORECASE)
_LUNAR_AFTER = re.compile(r"\s*(?:(?-i:ÂL)|âm\s+lịch)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_RANGE_BEFORE = re.compile(r"\d[/.-]\d{4}\s*[-–]\s*$")
_RANGE_AFTER = re.compile(r"\s*[-–]\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_MARKS = " \t\xa0.,:;|*•/()[]-–—"
_PARTS = ("|", "•", "·", "–", "—", "-")  # between the fields of a line
_EDGE = 4  # characters that may stand before the date of a longer line
_LINE = 60  # characters: a longer line may be a sentence that speaks of a date
_REACH = 60  # characters before a date in which its time, weekday and label stand
_LONGEST = 2000  # characters: nothing behind them is a date of the line

_SHORT = 80
_NO_YEAR = re.compile(r"(?<![\d/.-])(?P<d>\d{1,2})(?P<sep>[/-])(?P<m>\d{1,2})(?![\d/-])")
_RELATIVE = re.compile(
    r"(?:(?<!\d)\d{1,3}\s+(?:giây|phút|giờ|ngày|tuần|tháng|năm)\s+){1,3}trước\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date found in a line.

    `moment` is None where it cannot be believed, and `problem` says why: "date-impossible", "date-future",
    "date-too-old", "date-without-year", "date-relative". Two problems leave a moment: "time-impossible" the
    day, and "date-ambiguous" the reading of an English date («5/3/2024 8:30 AM») whose page does not say
    whether the month comes first. `label` says what the words before it make of it. `start` and `end` are
    its place in the NFC text with weekday, time and label. `has_weekday`: its weekday stands before it.
    `is_clock`: the line itself says that it is the time of the visit.
    """

    moment: Moment | None
    problem: Problem | None
    label: Literal["posted", "updated"] | None
    start: int
    end: int
    is_clock: bool = False
    has_weekday: bool = False


def parse_date(
    text: str,
    *,
    not_after: datetime | None = None,
    year_from: date | None = None,
    month_first: bool | None = None,
) -> ParsedDate | None:
    """Read the date of a short line such as «Thời gian đăng: 18/01/2024 07:34:05 AM - Lượt đọc: 2923».

    A date labelled as that of publication goes before one of an update, and that before one without label.
    Dates that a sentence speaks of («... Chỉ thị số 12 ngày 08/6/2020 ...») are none.

    A 12-hour midnight («12:00 AM») and 00:00:00 mean that only the day is known. `not_after`, an aware
    datetime, is when the page was fetched: later dates are a problem (a day's grace covers zones).
    `year_from` is a date no earlier than the one printed, to complete «26/04 19:05», which is then inferred.
    `month_first` is what other dates of the page prove of its numeric dates with AM or PM (None: nothing).
    Returns None when there is no date at all.
    """
    text = nfc(text[:_LONGEST])
    if not _DIGIT.search(text):
        return None
    if found := _find(text, not_after, month_first):
        return min(found, key=_by_label)
    if len(text) > _SHORT:
        return None
    return _without_year(text, not_after, year_from) or _relative(text)


def has_weekday(text: str) -> bool:
    """Tell whether a line names a day of the week."""
    return _WEEKDAY.search(text) is not None


def _by_label(parsed: ParsedDate) -> int:
    return ("posted", "updated", None).index(parsed.label) + 3 * parsed.is_clock


def _find(text: str, not_after: datetime | None, month_first: bool | None) -> list[ParsedDate]:
    matches = sorted((m for pattern in _DATES for m in pattern.finditer(text)), key=lambda m: m.start())
    found: list[ParsedDate] = []
    previous = 0
    for match in matches:
        before = text[max(previous, match.start() - _REACH) : match.start()]
        if match.start() < previous or _LUNAR_BEFORE.search(before) or _LUNAR_AFTER.match(text, match.end()):
            continue
        parsed = _read(text, match, before, not_after, month_first)
        if parsed is not None:
            found.append(parsed)
            previous = parsed.end
    return found


def _read(
    text: str, match: re.Match[str], before: str, not_after: datetime | None, month_first: bool | None
) -> ParsedDate | None:
    """Read the time, weekday and label around a date; None where it is one that a sentence speaks of.

    `before` is the text in front that may hold them.
    """
    start, end = match.span()
    start -= len(before)
    after = None if match.re is _ISO_STAMP else _TIME_AFTER.match(text, end)
    if after is not None:
        end = after.end()
    in_front = _without(_WEEKDAY_BEFORE, before)
    time = after or (None if match.re is _ISO_STAMP else _TIME_BEFORE.search(in_front))
    if time is not None and after is None:
        in_front = _without(_WEEKDAY_BEFORE, in_front[: time.start()])
    folded = fold_keep_length(in_front)
    label: Literal["posted", "updated"] | None = None
    if said := labels.DATE_POSTED.search(folded):
        label = "posted"
    elif said := labels.DATE_UPDATED.search(folded):
        label = "updated"
    clock = said is None and labels.CLOCK_BEFORE.search(folded) is not None
    weekday = _WEEKDAY.search(before) is not None
    if match.re in _DOUBTFUL and not (time or weekday or said or _is_alone(match, in_front, text[end:])):
        return None
    if said is None and not clock and after is None and match.re is not _ISO_STAMP:
        words = _without(_DAY_BEFORE, in_front)
        apart = words.rstrip()[-1:] in _PARTS
        if words != before and in_front == before and words.strip(_MARKS) and not apart:
            return None  # «Chỉ thị số 12 ngày 08/6/2020»; not «Lượt xem: 9 | Ngày 08/6/2020»
        if _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(text, end):
            return None
        at_edge = start + len(words) < _EDGE or not text[end:].strip(_MARKS)
        if len(text) > _LINE and not at_edge:
            return None
        in_front = words
    start += said.start() if said else len(in_front)
    moment, wrong = _moment(match, time, not_after, month_first)
    return ParsedDate(moment, wrong, label, start, end, clock, weekday)


def _is_alone(match: re.Match[str], before: str, after: str) -> bool:
    """Tell whether a line is nothing but a date with a year of two digits, and not the number of a chapter."""
    padded = len(match["d"]) == len(match["m"]) == 2
    return (
        match.re is _SHORT_YEAR
        and (padded or match["sep"] == "/")
        and not (before.strip(_MARKS) or after.strip(_MARKS))
    )


def _without(pattern: re.Pattern[str], before: str) -> str:
    match = pattern.search(before)
    return before[: match.start()] if match else before


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _MONTHS[" ".join(name.lower().split())]


def _year(printed: str, not_after: datetime | None) -> int:
    """Complete a year of two digits: of this century, unless that lies ahead of the visit."""
    year = int(printed)
    if len(printed) > 2:
        return year
    return 2000 + year if year <= (not_after.year % 100 if not_after else 79) else 1900 + year


def _moment(
    match: re.Match[str],
    time: re.Match[str] | None,
    not_after: datetime | None,
    month_first: bool | None = None,
) -> tuple[Moment | None, Problem | None]:
    try:
        if match.re is _ISO_STAMP:
            return from_iso(match, not_after)
        first, second = int(match["d"]), _month(match["m"])
        swapped, doubt = _order(match, time, first, second, month_first)
        if swapped:
            first, second = second, first
        day = datetime(_year(match["y"], not_after), second, first, tzinfo=VIETNAM)
    except ValueError:
        return None, problem(ProblemKind.DATE_IMPOSSIBLE, match[0])
    if wrong := out_of_range(day, not_after):
        return None, wrong
    if time is None:
        return stamp(day, Precision.DAY), doubt
    clock = _clock(time)
    if clock is None:
        return stamp(day, Precision.DAY), problem(ProblemKind.TIME_IMPOSSIBLE, time[0].strip())
    hour, minute, second_of = clock
    if (hour, minute, second_of or 0) == (0, 0, 0) and (second_of == 0 or time["half"]):
        # A database's date without a time, printed with one.
        return stamp(day, Precision.DAY), doubt
    precision = Precision.MINUTE if second_of is None else Precision.SECOND
    moment = day.replace(hour=hour, minute=minute, second=second_of or 0)
    wrong = out_of_range(moment, not_after)
    return (None, wrong) if wrong else (stamp(moment, precision), doubt)


def _order(
    match: re.Match[str], time: re.Match[str] | None, first: int, second: int, month_first: bool | None
) -> tuple[bool, Problem | None]:
    """Tell whether a numeric date has its month first, and what is doubtful about that.

    With AM or PM «9/21/2023 8:30 AM» can be read in no other way, and of others the page may prove it; else
    numbers without a leading zero («5/3/2024 8:30 AM») are how English servers print, while those of Vietnam
    pad theirs.
    """
    if match.re not in (_NUMERIC, _SHORT_YEAR) or match["sep"] != "/" or first > 12 or first == second:
        return False, None
    if time is None or (time["half"] or " ")[0] not in "AaPp":
        return False, None
    if second > 12:
        return True, None
    if month_first is not None:
        return month_first, None
    bare = (match["d"], match["m"], time["hour"])
    if any(number.startswith("0") for number in bare) or all(len(number) == 2 for number in bare):
        return False, None
    return True, problem(
        ProblemKind.DATE_AMBIGUOUS, f"{match[0]}: month before day, as English servers print"
    )


def _clock(time: re.Match[str]) -> tuple[int, int, int | None] | None:
    """Read hour, minute and second (None where not printed) of a day of 24 hours; None for no such time."""
    hour, minute = int(time["hour"]), int(time["minute"] or 0)
    second = int(time["second"]) if time["second"] else None
    half = (time["half"] or "").lower().replace(".", "")
    if half in ("am", "sa", "sáng") or (half == "đêm" and hour in (12, *range(1, 6))):
        hour = 0 if hour == 12 else hour
    elif (half in ("pm", "ch", "chiều", "tối", "đêm") or (half == "trưa" and hour < 10)) and 0 < hour < 12:
        hour += 12
    return (hour, minute, second) if hour < 24 and minute < 60 and (second or 0) < 60 else None


def _without_year(text: str, not_after: datetime | None, year_from: date | None) -> ParsedDate | None:
    """Read «26/04 19:05»: the time proves that it is a date, no fraction, range or number of a document."""
    for match in _NO_YEAR.finditer(text):
        after = _TIME_AFTER.match(text, match.end())
        time = after or _TIME_BEFORE.search(text[: match.start()])
        if time is None:
            continue
        none = ParsedDate(
            None, None, None, min(match.start(), time.start()), max(match.end(), time.end()), False, False
        )
        clock = _clock(time)
        if year_from is None or clock is None:
            return replace(none, problem=problem(ProblemKind.DATE_WITHOUT_YEAR, match[0]))
        day = complete_year(int(match["d"]), int(match["m"]), year_from)
        if day is None:
            return replace(none, problem=problem(ProblemKind.DATE_IMPOSSIBLE, match[0]))
        hour, minute, second = clock
        moment = datetime(day.year, day.month, day.day, hour, minute, second or 0, tzinfo=VIETNAM)
        if wrong := out_of_range(moment, not_after):
            return replace(none, problem=wrong)
        return replace(none, moment=stamp(moment, Precision.INFERRED))
    return None


def complete_year(day: int, month: int, year_from: date) -> date | None:
    """Give a date without year the latest year in which it is not after `year_from`."""
    for year in (year_from.year, year_from.year - 1):
        try:
            completed = date(year, month, day)
        except ValueError:
            continue
        if completed <= year_from:
            return completed
    return None


def _relative(text: str) -> ParsedDate | None:
    match = _RELATIVE.search(text)
    if match is None:
        return None
    return ParsedDate(
        None, problem(ProblemKind.DATE_RELATIVE, match[0].strip()), None, match.start(), match.end()
    )
