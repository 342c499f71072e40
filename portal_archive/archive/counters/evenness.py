"""Growth of a counter that is too even for people, and how seldom chance would make it. Pure.

Visits of people are at least as uneven as a Poisson process, whatever the hour and the day: for any rate, known or not,
`n` successive growths fall into ranges of `k` numbers each with a probability of at most the product of
`highest_probability`. A run is told only where that, times all the places and widths at which a run could have been
found in a year, is expected less than once in `YEARS` years. Visitors who come in bursts are more uneven still.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

# So many years, at least, chance would need for one run in one portal's counter.
YEARS = 100
# And no more than this is said: beyond it the model is not to be trusted.
MOST_YEARS = 1_000_000
_HOURS_OF_A_YEAR = 8766
# How far growths may lie from their common rate: visitors either way, or a share of the growth. The first is for
# rounding alone.
_SLACKS = ((1e-6, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.02))
# The rate is fitted to the run, at one of some places within each width.
_FITS = 4


@dataclass(frozen=True, slots=True)
class Total:
    """A counter's total at a moment. `own` is how many pages the archive itself read from then to the next."""

    at: datetime
    total: int
    own: int


@dataclass(frozen=True, slots=True)
class EvenRun:
    """Totals from place `first` to `last` that grew evenly.

    `low` and `high` are visitors an hour, `years` how long chance would need for one such run, YEARS to MOST_YEARS.
    """

    first: int
    last: int
    low: int
    high: int
    hours: int
    years: int


@dataclass(frozen=True, slots=True)
class _Step:
    hours: float
    grown: int
    own: int


def even_runs(totals: Sequence[Total]) -> list[EvenRun]:
    """Return the runs of even growth, those that overlap as the least likely of them.

    `totals` are in order of time, at most one an hour.
    """
    steps = [
        _Step((after.at - before.at).total_seconds() / 3600, after.total - before.total, before.own)
        for before, after in pairwise(totals)
    ]
    found = sorted(
        (run for slack in _SLACKS for run in _runs(steps, *slack)),
        key=lambda run: (-run.years, run.first - run.last),
    )
    kept: list[EvenRun] = []
    for run in found:
        if all(run.first >= other.last or run.last <= other.first for other in kept):
            kept.append(run)
    return sorted(kept, key=lambda run: run.first)


def _runs(steps: Sequence[_Step], visitors: float, share: float) -> Iterator[EvenRun]:
    """Give the longest runs in which one rate explains every growth."""
    start, lowest, highest = 0, -math.inf, math.inf
    for place, step in enumerate(steps):
        slack = max(visitors, share * step.grown)
        if step.hours > 0 and step.grown > 0:
            low, high = (step.grown - slack) / step.hours, (step.grown + slack) / step.hours
        else:
            low, high = math.inf, -math.inf
        if max(lowest, low) <= min(highest, high):
            lowest, highest = max(lowest, low), min(highest, high)
            continue
        yield from _unlikely(steps, start, place, visitors, share)
        start, lowest, highest = (place, low, high) if low <= high else (place + 1, -math.inf, math.inf)
    yield from _unlikely(steps, start, len(steps), visitors, share)


def _unlikely(
    steps: Sequence[_Step], start: int, end: int, visitors: float, share: float
) -> Iterator[EvenRun]:
    run = steps[start:end]
    if len(run) < 3:
        return
    expected = math.log(_HOURS_OF_A_YEAR * len(_SLACKS) * _FITS)
    # What the archive itself adds to the counter comes evenly; it is taken off, as far as it may have been counted.
    own_most, own_least = max(step.own for step in run), min(step.own for step in run)
    for place, step in enumerate(run):
        slack = max(visitors, share * step.grown)
        width = math.floor(2 * slack) + 1 + own_most - own_least
        lowest = math.ceil(step.grown - 2 * slack) - own_most
        # The first growth only says what the rate is.
        expected += math.log(width) if place == 0 else math.log(highest_probability(_rounded(lowest), width))
    if expected > -math.log(YEARS):
        return
    rates = [round(step.grown / step.hours) for step in run]
    years = MOST_YEARS if expected < -math.log(MOST_YEARS) else _one_digit(math.exp(-expected))
    hours = round(sum(step.hours for step in run))
    yield EvenRun(start, end, min(rates), max(rates), hours, years)


@lru_cache(maxsize=4096)
def highest_probability(lowest: int, width: int) -> float:
    """Return the highest probability that a Poisson variable, of any mean, is one of `width` numbers from `lowest`."""
    if lowest < 1:
        return 1.0
    # The mean at which it is highest: the geometric mean of the numbers.
    log_mean = (math.lgamma(lowest + width) - math.lgamma(lowest)) / width
    mean = math.exp(log_mean)
    return min(
        1.0,
        sum(
            math.exp(number * log_mean - mean - math.lgamma(number + 1))
            for number in range(lowest, lowest + width)
        ),
    )


def _rounded(lowest: int) -> int:
    """Return a number or a little less, of three digits: a lower one is the more probable, and few are computed."""
    size = int(10 ** max(0, len(str(lowest)) - 3))
    return lowest // size * size


def _one_digit(years: float) -> int:
    size = 10 ** math.floor(math.log10(years))
    return int(years // size * size)
