"""Dates as Vietnamese portals print them.

Day comes before month, always. A date is taken to be in Vietnam's time, +07:00, unless it says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Literal

from portal_archive.model.page import Moment, Precision, Problem
from portal_archive.reading import labels
from portal_archive.vietnamese.folding import fold_keep_length, nfc

VIETNAM = timezone(timedelta(hours=7))
_OLDEST = 1997  # Vietnam went online in November 1997
_NEWEST = 2100

_MONTH_NAMES = ["một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"]
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)} | {"bốn": 4, "bẩy": 7}
_MONTH = "|".join(sorted((name.replace(" ", r"\s+") for name in _MONTHS), key=len, reverse=True))
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 18/01/2024, 11 - 11 - 2023, 18.9.2023; not 12/01/2024/QĐ
        r"(?<!\d)(?<!\d[/.-])(?P<d>\d{1,2})\s?(?P<sep>[/.-])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?(?P<y>\d{4})(?!\d|/\w)",
        r"(?<![\d/.-])(?P<y>\d{4})(?P<sep>[/-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d|[/-]\w)",
        rf"(?<!\d)(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}}|{_MONTH})\s*,?\s*(?:năm\s+)?(?P<y>\d{{4}})(?!\d)",
        rf"(?<!\w)tháng\s+(?P<m>\d{{1,2}}|{_MONTH})\s+(?P<d>\d{{1,2}}),\s*(?P<y>\d{{4}})(?!\d)",
    )
)
_TIME = (
    r"(?P<hour>\d{1,2})\s?(?::|h|g|giờ)\s?(?P<minute>\d{2})(?:\s?:\s?(?P<second>\d{2})(?:\.\d{1,7})?)?(?!\d)"
    r"(?:\s?['’′])?(?:\s*(?P<half>(?-i:[AaPp]\.?[Mm]\.?|SA|CH)|sáng|trưa|chiều|tối|đêm)(?!\w)(?!\s+PA\b))?"
    r"(?:,?\s*[\[(]?(?:GMT|UTC)\s*\+\s*0?7(?::?00)?[\])]?)?"
)
_TIME_AFTER = re.compile(rf"[\s,|–—(-]{{0,6}}(?:(?:vào\s+)?lúc\s*:?\s*)?{_TIME}", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"(?<![\d:/.-]){_TIME}[\s,|–—-]{{0,6}}(?:ngày\s*:?\s*)?$", re.IGNORECASE)
_WEEKDAY_NAME = r"(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật|(?-i:CN))"
_WEEKDAY = re.compile(rf"(?<!\w){_WEEKDAY_NAME}(?!\w)", re.IGNORECASE)
_WEEKDAY_BEFORE = re.compile(rf"{_WEEKDAY_NAME}[\s,:–—-]{{0,5}}(?:ngày\s*)?$", re.IGNORECASE)
_DAY_BEFORE = re.compile(r"(?<!\w)ngày\s*:?\s*$", re.IGNORECASE)
_LUNAR_BEFORE = re.compile(r"(?:nhằm|tức|âm\s+lịch)(?:\s+ngày)?[\s:(]*$", re.IGNORECASE)
_LUNAR_AFTER = re.compile(r"\s*(?:(?-i:ÂL)|âm\s+lịch)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_RANGE_BEFORE = re.compile(r"\d[/.-]\d{4}\s*[-–]\s*$")
_RANGE_AFTER = re.compile(r"\s*[-–]\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_MARKS = " \t\xa0.,:;|*•/()[]-–—"
_EDGE = 4  # characters that may stand before the date of a longer line
_LINE = 60  # characters: a longer line may be a sentence that speaks of a date
_REACH = 60  # characters before a date in which its time, weekday and label stand

_SHORT = 80
_NO_YEAR = re.compile(r"(?<![\d/.-])(?P<d>\d{1,2})(?P<sep>[/-])(?P<m>\d{1,2})(?![\d/-])")
_RELATIVE = re.compile(
    r"(?:(?<!\d)\d{1,3}\s+(?:giây|phút|giờ|ngày|tuần|tháng|năm)\s+){1,3}trước\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date found in a line.

    `moment` is None where it cannot be believed, and `problem` says why: "date-impossible", "date-future",
    "date-too-old", "date-without-year", "date-relative"; "time-impossible" leaves the day. `label` says
    what the words before it make of it. `start` and `end` are its place in the NFC text with weekday, time
    and label. `is_clock`: the line itself says that it is the time of the visit.
    """

    moment: Moment | None
    problem: Problem | None
    label: Literal["posted", "updated"] | None
    start: int
    end: int
    is_clock: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may hold the date of an article.

    `distance` counts lines from the title, negative before it; `label` is what an element before the line
    says; `clock` is the verdict of `is_clock`.
    """

    text: str
    distance: int
    label: str | None = None
    clock: bool = False


def parse_date(
    text: str, *, not_after: datetime | None = None, year_from: date | None = None
) -> ParsedDate | None:
    """Read the date of a short line such as «Thời gian đăng: 18/01/2024 07:34:05 AM - Lượt đọc: 2923».

    A date labelled as that of publication goes before one of an update, and that before one without label.
    Dates that a sentence speaks of («... Chỉ thị số 12 ngày 08/6/2020 ...») are none.

    A 12-hour midnight («12:00 AM») and 00:00:00 mean that only the day is known. `not_after`, an aware
    datetime, is when the page was fetched: later dates are a problem (a day's grace covers zones).
    `year_from` is a date no earlier than the one printed, to complete «26/04 19:05», which is then inferred.
    Returns None when there is no date at all.
    """
    text = nfc(text)
    if not _DIGIT.search(text):
        return None
    if found := _find(text, not_after):
        return min(found, key=_by_label)
    if len(text) > _SHORT:
        return None
    return _without_year(text, not_after, year_from) or _relative(text)


def _by_label(parsed: ParsedDate) -> int:
    return ("posted", "updated", None).index(parsed.label) + 3 * parsed.is_clock


def _find(text: str, not_after: datetime | None) -> list[ParsedDate]:
    matches = sorted((m for pattern in _DATES for m in pattern.finditer(text)), key=lambda m: m.start())
    found: list[ParsedDate] = []
    previous = 0
    for match in matches:
        before = text[max(previous, match.start() - _REACH) : match.start()]
        if match.start() < previous or _LUNAR_BEFORE.search(before) or _LUNAR_AFTER.match(text, match.end()):
            continue
        parsed = _read(text, match, before, not_after)
        if parsed is not None:
            found.append(parsed)
            previous = parsed.end
    return found


def _read(text: str, match: re.Match[str], before: str, not_after: datetime | None) -> ParsedDate | None:
    """Read the time, weekday and label around a date; None where it is one that a sentence speaks of.

    `before` is the text in front that may hold them.
    """
    start, end = match.span()
    start -= len(before)
    after = _TIME_AFTER.match(text, end)
    if after is not None:
        end = after.end()
    in_front = _without(_WEEKDAY_BEFORE, before)
    time = after or _TIME_BEFORE.search(in_front)
    if time is not None and after is None:
        in_front = _without(_WEEKDAY_BEFORE, in_front[: time.start()])
    folded = fold_keep_length(in_front)
    label: Literal["posted", "updated"] | None = None
    if said := labels.DATE_POSTED.search(folded):
        label = "posted"
    elif said := labels.DATE_UPDATED.search(folded):
        label = "updated"
    clock = said is None and labels.CLOCK_BEFORE.search(folded) is not None
    if said is None and not clock and after is None:
        words = _without(_DAY_BEFORE, in_front)
        if words != before and in_front == before and words.strip(_MARKS):
            return None  # «Chỉ thị số 12 ngày 08/6/2020»
        if _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(text, end):
            return None
        at_edge = start + len(words) < _EDGE or not text[end:].strip(_MARKS)
        if len(text) > _LINE and not at_edge:
            return None
        in_front = words
    start += said.start() if said else len(in_front)
    moment, problem = _moment(match, time, not_after)
    return ParsedDate(moment, problem, label, start, end, clock)


def _without(pattern: re.Pattern[str], before: str) -> str:
    match = pattern.search(before)
    return before[: match.start()] if match else before


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _MONTHS[" ".join(name.lower().split())]


def _moment(
    match: re.Match[str], time: re.Match[str] | None, not_after: datetime | None
) -> tuple[Moment | None, Problem | None]:
    try:
        day = datetime(int(match["y"]), _month(match["m"]), int(match["d"]), tzinfo=VIETNAM)
    except ValueError:
        return None, _problem("date-impossible", match[0])
    if problem := _out_of_range(day, not_after):
        return None, problem
    if time is None:
        return _stamp(day, Precision.DAY), None
    clock = _clock(time)
    if clock is None:
        return _stamp(day, Precision.DAY), _problem("time-impossible", time[0].strip())
    hour, minute, second = clock
    if (hour, minute, second or 0) == (0, 0, 0) and (second == 0 or time["half"]):
        # A database's date without a time, printed with one.
        return _stamp(day, Precision.DAY), None
    precision = Precision.MINUTE if second is None else Precision.SECOND
    moment = day.replace(hour=hour, minute=minute, second=second or 0)
    problem = _out_of_range(moment, not_after)
    return (None, problem) if problem else (_stamp(moment, precision), None)


def _clock(time: re.Match[str]) -> tuple[int, int, int | None] | None:
    """Read hour, minute and second (None where not printed) of a day of 24 hours; None for no such time."""
    hour, minute = int(time["hour"]), int(time["minute"])
    second = int(time["second"]) if time["second"] else None
    half = (time["half"] or "").lower().replace(".", "")
    if half in ("am", "sa", "sáng") or (half == "đêm" and hour in (12, *range(1, 6))):
        hour = 0 if hour == 12 else hour
    elif (half in ("pm", "ch", "chiều", "tối", "đêm") or (half == "trưa" and hour < 10)) and 0 < hour < 12:
        hour += 12
    return (hour, minute, second) if hour < 24 and minute < 60 and (second or 0) < 60 else None


def _out_of_range(moment: datetime, not_after: datetime | None) -> Problem | None:
    if moment.year < _OLDEST:
        return _problem("date-too-old", moment.date().isoformat())
    if moment.year > _NEWEST or (not_after is not None and moment > not_after + timedelta(days=1)):
        return _problem("date-future", moment.date().isoformat())
    return None


def _problem(kind: str, seen: str) -> Problem:
    return Problem(kind, seen[:100], "published_at")


def _stamp(moment: datetime, precision: Precision) -> Moment:
    return Moment(moment.isoformat(timespec="seconds"), precision)


def _without_year(text: str, not_after: datetime | None, year_from: date | None) -> ParsedDate | None:
    """Read «26/04 19:05»: the time proves that it is a date, no fraction, range or number of a document."""
    for match in _NO_YEAR.finditer(text):
        after = _TIME_AFTER.match(text, match.end())
        time = after or _TIME_BEFORE.search(text[: match.start()])
        if time is None:
            continue
        start, end = min(match.start(), time.start()), max(match.end(), time.end())
        clock = _clock(time)
        if year_from is None or clock is None:
            return ParsedDate(None, _problem("date-without-year", match[0]), None, start, end)
        day = _complete(int(match["d"]), int(match["m"]), year_from)
        if day is None:
            return ParsedDate(None, _problem("date-impossible", match[0]), None, start, end)
        hour, minute, second = clock
        moment = datetime(day.year, day.month, day.day, hour, minute, second or 0, tzinfo=VIETNAM)
        problem = _out_of_range(moment, not_after)
        stamp = None if problem else _stamp(moment, Precision.INFERRED)
        return ParsedDate(stamp, problem, None, start, end)
    return None


def _complete(day: int, month: int, year_from: date) -> date | None:
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
    return ParsedDate(None, _problem("date-relative", match[0].strip()), None, match.start(), match.end())


# --- which date of a page ------------------------------------------------------------------------------

_TOP = 5
_NEXT = 3


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
    if index >= _TOP or not (_WEEKDAY.search(line[: parsed.end]) or "GMT" in line):
        return False
    following = (line[parsed.end :], *lines[index + 1 : index + 1 + _NEXT])
    return any(labels.CLOCK_NEIGHBOUR.search(fold_keep_length(nfc(text))) for text in following)


def pick_article_date(
    candidates: Sequence[Candidate], *, not_after: datetime | None = None
) -> ParsedDate | None:
    """Choose the date of publication among the lines around an article.

    A label counts most ("posted" before "updated"), then nearness to the title, after it before ahead of
    it. Clocks never count; a paragraph only where a date with its time is glued to its beginning. A labelled
    date that cannot be believed is returned with its problem rather than passed over.
    """
    ranked: list[tuple[tuple[int, bool, int, bool], int, ParsedDate]] = []
    for order, candidate in enumerate(candidates):
        prefix = f"{candidate.label}: " if candidate.label else ""
        parsed = parse_date(prefix + candidate.text, not_after=not_after)
        if parsed is None or candidate.clock or parsed.is_clock:
            continue
        timed = parsed.moment is not None and parsed.moment.precision is not Precision.DAY
        if parsed.label is None and len(candidate.text) > 2 * _SHORT and (parsed.start > 0 or not timed):
            continue
        label = ("posted", "updated", None).index(parsed.label)
        missing = parsed.moment is None and parsed.label is None
        ranked.append(((label, missing, abs(candidate.distance), candidate.distance < 0), order, parsed))
    return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None


# --- what machines write -------------------------------------------------------------------------------

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?P<seconds>:\d{2})?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
# PHP's date('Y-m-dTH:i:s'), where T is the abbreviation of the zone the time is in.
_ISO_WITH_ABBREVIATION = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?P<zone>[+-]\d{2}|[A-Z]{3,4})(?P<time>\d{2}:\d{2}(?P<seconds>:\d{2}))"
)
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "PST": -8, "PDT": -7}
_RFC_822 = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d{2}:\d{2}.*")
_EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?:\d{3})?")


def parse_meta_date(value: str | None, *, not_after: datetime | None = None) -> Moment | None:
    """Read a date from a meta tag, feed, sitemap or attribute.

    ISO 8601 (without a zone: Vietnam's time), RFC 822, seconds or milliseconds since 1970, NukeViet's
    ``2024-01-18+0707:34:05`` and ``2024-01-18EST07:34:05`` (day, abbreviation of the zone, time in that
    zone), and what `parse_date` reads. Midnight to the second in Vietnam's time is a day. None for anything
    else, and for what is before 1997 or after `not_after`.
    """
    value = nfc(value or "").strip()
    precision = Precision.SECOND
    try:
        if iso := _ISO_WITH_ABBREVIATION.fullmatch(value) or _ISO.fullmatch(value):
            moment = _from_iso(iso)
            precision = (
                Precision.SECOND if iso["seconds"] else Precision.MINUTE if iso["time"] else Precision.DAY
            )
        elif epoch := _EPOCH.fullmatch(value):
            moment = datetime.fromtimestamp(int(epoch["seconds"]), UTC)
        elif _RFC_822.fullmatch(value):
            moment = parsedate_to_datetime(value)
        else:
            human = parse_date(value, not_after=not_after)
            return human.moment if human else None
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None
    if _out_of_range(moment, not_after):
        return None
    if precision is Precision.SECOND and (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        precision = Precision.DAY
    return _stamp(moment, precision)


def _from_iso(match: re.Match[str]) -> datetime:
    """Read an ISO date with its zone. Raises ValueError for an impossible one."""
    zone = (match["zone"] or "").upper()
    if zone[:1] in ("+", "-"):
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        offset = -offset if zone[0] == "-" else offset
    else:
        offset = timedelta(hours=_ZONES.get(zone, 7))  # "ICT" is Vietnam's
    local = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}")
    return local.replace(tzinfo=timezone(offset))


# --- datelines and addresses ---------------------------------------------------------------------------

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
        return _moment(match, None, None)[0]
    day = None if year_from is None else _complete(int(match["d"]), int(match["m"]), year_from)
    if day is None or day.year < _OLDEST:
        return None
    return _stamp(datetime(day.year, day.month, day.day, tzinfo=VIETNAM), Precision.INFERRED)


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
            if _OLDEST <= found.year <= _NEWEST:
                return found
    return None
