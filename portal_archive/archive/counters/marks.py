"""What a visitor counter's readings say, and where they contradict themselves. Pure: rows in, marks out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from statistics import median

from portal_archive.archive.counters.evenness import Total, even_runs
from portal_archive.archive.moments import VIETNAM

# A total that is so many times what it was, or grows so many times faster than it does by half, has jumped.
_JUMP = 1000
_LEAST_JUMP = 1000
# A total stands still where half as many visits as usual would all stay away once in a hundred years of hours.
_STILL_HOURS = 24
_STILL_VISITS = 2 * math.log(100 * 8766)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one portal's counter. `id` and `url` say where it stands; numbers may be unknown.

    `pages` is how many pages the archive read in the reading's hour, from it on: 0 where another reading says that.
    """

    id: int
    read_at: datetime
    url: str
    today: int | None
    month: int | None
    year: int | None
    total: int | None
    pages: int = 1

    @property
    def day(self) -> date:
        """The Vietnamese day of the reading."""
        return self.read_at.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Mark:
    """A contradiction. `kind` is the code of a message, `values` are what it says."""

    reading: Reading
    kind: str
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class Day:
    """Visits between the last reading of a day and the last one of the reading day before.

    `visits` is per day, and None where the total fell or is the first; `days` is how many days lie between.
    """

    day: date
    total: int
    visits: float | None
    days: int


def by_day(readings: Sequence[Reading]) -> list[Day]:
    """Return visits a day from successive totals. `readings` are in order of time."""
    last: dict[date, int] = {}
    for reading in readings:
        if reading.total is not None:
            last[reading.day] = reading.total
    days: list[Day] = []
    for today, total in last.items():
        if not days:
            days.append(Day(today, total, None, 0))
            continue
        apart = (today - days[-1].day).days
        grown = total - days[-1].total
        days.append(Day(today, total, grown / apart if grown >= 0 else None, apart))
    return days


def marks(readings: Sequence[Reading]) -> list[Mark]:
    """Return where the printed numbers cannot all be true, each kind once a day. `readings` are in order of time."""
    found = [mark for reading in readings for mark in _within(reading)]
    found += [mark for before, after in pairwise(readings) for mark in _between(before, after)]
    hourly = _hourly(readings)
    found += [*_jumps(hourly), *_still(hourly), *_even_growth(hourly)]
    # A crawl reads the counter on every page: one mark of a kind says enough of a day.
    first = {(mark.kind, mark.reading.day): mark for mark in reversed(found)}
    return sorted(first.values(), key=lambda mark: (mark.reading.read_at, mark.kind))


def _within(reading: Reading) -> Iterator[Mark]:
    names = ("today", "month", "year", "total")
    numbers = [(name, value) for name in names if (value := getattr(reading, name)) is not None]
    for (part, smaller), (whole, larger) in pairwise(numbers):
        if smaller > larger:
            yield Mark(reading, f"mark.{part}_over_{whole}", {part: smaller, whole: larger})


def _between(before: Reading, after: Reading) -> Iterator[Mark]:
    if before.total is not None and after.total is not None and after.total < before.total:
        yield Mark(after, "mark.total_fell", {"before": before.total, "after": after.total})
    first, second = before.day, after.day
    new_month = (first.year, first.month) != (second.year, second.month)
    if before.month and after.month is not None and new_month and after.month >= before.month:
        # A new month may overtake the old one only with as many visits as the total gained.
        gained = after.total - before.total if before.total is not None and after.total is not None else None
        if gained is None or gained < after.month:
            yield Mark(after, "mark.month_kept", {"before": before.month, "after": after.month})


def _hourly(readings: Sequence[Reading]) -> list[Reading]:
    """Return the first total of every hour, with the pages of the whole hour: within minutes, any growth looks even."""
    hours: dict[int, Reading] = {}
    for reading in readings:
        if reading.total is not None:
            hour = int(reading.read_at.timestamp()) // 3600
            first = hours.setdefault(hour, reading)
            if first is not reading:
                hours[hour] = replace(first, pages=first.pages + reading.pages)
    return list(hours.values())


def _grown(readings: Sequence[Reading]) -> Iterator[tuple[Reading, Reading, int, float]]:
    """Give each two readings in a row with their growth and the hours between them."""
    for before, after in pairwise(readings):
        hours = (after.read_at - before.read_at).total_seconds() / 3600
        yield before, after, (after.total or 0) - (before.total or 0), hours


def _usual(readings: Sequence[Reading]) -> float:
    """Return how many visits an hour a day has by half, 0 where too few days are known to say so."""
    days = [day.visits for day in by_day(readings) if day.visits]
    return median(days) / 24 if len(days) >= 5 else 0.0


def _jumps(readings: Sequence[Reading]) -> Iterator[Mark]:
    usual = _usual(readings)
    for before, after, grown, hours in _grown(readings):
        expected = usual * hours
        times = before.total and before.total >= _JUMP and grown >= _JUMP * before.total
        if times or (usual and grown >= max(_JUMP * expected, _LEAST_JUMP)):
            yield Mark(after, "mark.jumped", {"before": before.total or 0, "after": after.total or 0})


def _still(readings: Sequence[Reading]) -> Iterator[Mark]:
    """Give a total that stood still for a day and longer while its usual traffic would have raised it."""
    usual = _usual(readings)
    since: Reading | None = None
    stood: Reading | None = None
    for before, after, grown, _ in _grown(readings):
        if grown == 0:
            since, stood = since or before, after
        if since and stood and (grown or after is readings[-1]):
            hours = (stood.read_at - since.read_at).total_seconds() / 3600
            if hours >= _STILL_HOURS and usual * hours >= _STILL_VISITS:
                yield Mark(stood, "mark.stood_still", {"hours": round(hours), "usual": round(usual * 24)})
        if grown:
            since = stood = None


def _even_growth(readings: Sequence[Reading]) -> Iterator[Mark]:
    totals = [Total(reading.read_at, reading.total or 0, reading.pages) for reading in readings]
    for run in even_runs(totals):
        values = {"low": run.low, "high": run.high, "hours": run.hours, "years": run.years}
        kind = "mark.even_growth" if run.low < run.high else "mark.same_growth"
        yield Mark(readings[run.last], kind, values)
