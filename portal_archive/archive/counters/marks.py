"""What a visitor counter's readings say, and where they contradict themselves. Pure: rows in, marks out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from portal_archive.archive.moments import VIETNAM

# So many readings in a row with the same growth an hour are no chance: people sleep.
_SAME_GROWTH_READINGS = 4
_SAME_GROWTH_AT_LEAST_HOURS = 3.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one portal's counter. `id` and `url` say where it stands; numbers may be unknown."""

    id: int
    read_at: datetime
    url: str
    today: int | None
    month: int | None
    year: int | None
    total: int | None

    @property
    def day(self) -> date:
        """The Vietnamese day of the reading."""
        return self.read_at.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Mark:
    """A contradiction. `kind` is a key of the string catalogue, `values` are what it says."""

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
    found += _same_growth(_hourly(readings))
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
    """Return the first total of every hour: within minutes, any growth looks even."""
    hours: dict[int, Reading] = {}
    for reading in readings:
        if reading.total is not None:
            hours.setdefault(int(reading.read_at.timestamp()) // 3600, reading)
    return list(hours.values())


def _same_growth(readings: Sequence[Reading]) -> Iterator[Mark]:
    run: list[Reading] = []
    rate = 0.0
    for before, after in pairwise(readings):
        hours = (after.read_at - before.read_at).total_seconds() / 3600
        grown = ((after.total or 0) - (before.total or 0)) / hours if hours > 0 else 0.0
        # Readings seldom stand exactly an hour apart: a visitor more or less a reading is the same rate.
        if run and hours > 0 and abs(grown - rate) * hours <= 1:
            run.append(after)
        else:
            yield from _constant(run, rate)
            run, rate = [before, after], grown
    yield from _constant(run, rate)


def _constant(run: Sequence[Reading], rate: float) -> Iterator[Mark]:
    if len(run) < _SAME_GROWTH_READINGS or rate <= 0:
        return
    hours = (run[-1].read_at - run[0].read_at).total_seconds() / 3600
    if hours >= _SAME_GROWTH_AT_LEAST_HOURS:
        yield Mark(run[-1], "mark.same_growth", {"rate": round(rate), "hours": round(hours)})
