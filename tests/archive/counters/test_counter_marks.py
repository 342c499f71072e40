"""Visits a day and contradictions, from readings alone."""

import math
import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import pytest

from portal_archive.archive.counters.evenness import highest_probability
from portal_archive.archive.counters.marks import Reading, by_day, marks


def reading(
    at: str,
    total: int | None = None,
    *,
    today: int | None = None,
    month: int | None = None,
    year: int | None = None,
) -> Reading:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Reading(int(moment.timestamp()), moment, "https://p.example/", today, month, year, total)


def kinds(*readings: Reading) -> list[str]:
    return [mark.kind for mark in marks(readings)]


def test_visits_a_day_are_differences_of_the_last_totals() -> None:
    days = by_day(
        [
            reading("2026-10-01T01:00", 100),
            reading("2026-10-01T16:59", 130),
            reading("2026-10-01T17:00", 150),  # already the 2nd in Vietnam
            reading("2026-10-05T01:00", 450),
            reading("2026-10-06T01:00", None),
            reading("2026-10-07T01:00", 440),
        ]
    )
    assert [(day.day, day.total, day.visits, day.days) for day in days] == [
        (date(2026, 10, 1), 130, None, 0),
        (date(2026, 10, 2), 150, 20.0, 1),
        (date(2026, 10, 5), 450, 100.0, 3),
        (date(2026, 10, 7), 440, None, 2),
    ]


def test_a_total_that_falls() -> None:
    found = marks([reading("2026-10-01T01:00", 500), reading("2026-10-02T01:00", 499)])
    assert [(mark.kind, mark.values) for mark in found] == [
        ("mark.total_fell", {"before": 500, "after": 499})
    ]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"today": 11, "month": 10}, ["mark.today_over_month"]),
        ({"today": 10, "month": 10}, []),
        ({"month": 21, "year": 20}, ["mark.month_over_year"]),
        ({"year": 21, "total": 20}, ["mark.year_over_total"]),
        ({"today": 21, "total": 20}, ["mark.today_over_total"]),
        ({"today": 21, "year": 20}, ["mark.today_over_year"]),
        ({"month": 21, "total": 20}, ["mark.month_over_total"]),
        ({"today": 0, "month": 0, "year": 0, "total": 0}, []),
        ({}, []),
    ],
)
def test_a_part_is_not_more_than_the_whole(numbers: dict[str, int], expected: list[str]) -> None:
    assert kinds(reading("2026-10-01T01:00", **numbers)) == expected


def test_a_month_that_does_not_begin_again() -> None:
    assert kinds(
        reading("2026-10-31T01:00", 10_000, month=900), reading("2026-11-01T01:00", 10_040, month=940)
    ) == ["mark.month_kept"]


def test_a_busy_new_month_is_no_contradiction() -> None:
    assert (
        kinds(reading("2026-10-31T01:00", 10_000, month=10), reading("2026-11-20T01:00", 10_940, month=900))
        == []
    )
    assert kinds(reading("2026-10-30T01:00", month=900), reading("2026-10-31T01:00", month=910)) == []


def hourly(totals: Iterable[int], seconds: Callable[[], int] = lambda: 0) -> list[Reading]:
    start = datetime(2026, 1, 1, 1, 0)
    return [
        reading((start + timedelta(hours=hour, seconds=seconds())).isoformat(), total)
        for hour, total in enumerate(totals)
    ]


def test_even_growth_is_told_with_its_chance() -> None:
    found = marks(hourly(1000 + 83 * hour for hour in range(8)))
    assert [(mark.kind, mark.values) for mark in found] == [
        ("mark.same_growth", {"low": 83, "high": 83, "hours": 7, "years": 900})
    ]


def test_a_script_with_a_little_noise_is_told_with_its_range() -> None:
    noise = random.Random(4)
    totals = list(accumulate([1000, *(noise.randint(212, 214) for _ in range(48))]))
    found = marks(hourly(totals, lambda: noise.randint(0, 9)))
    assert [(mark.kind, mark.values) for mark in found] == [
        ("mark.even_growth", {"low": 212, "high": 214, "hours": 48, "years": 1_000_000})
    ]


def test_four_or_five_an_hour_through_a_night_is_no_wonder() -> None:
    assert kinds(*hourly(accumulate([1000, 4, 4, 5, 5, 4, 5, 5, 4]))) == []
    assert kinds(*hourly(1000 + 4 * hour for hour in range(8))) == []
    assert kinds(*hourly(1000 + 4 * hour for hour in range(24 * 2))) == ["mark.same_growth"]


def test_the_archives_own_visits_are_no_even_growth() -> None:
    one_page_an_hour = hourly(1000 + hour for hour in range(24 * 30))
    assert kinds(*one_page_an_hour) == []
    start = datetime(2026, 10, 1, 1, 0)
    crawl = [reading((start + timedelta(seconds=10 * n)).isoformat(), 1000 + n) for n in range(360 * 12)]
    assert kinds(*crawl) == []


# Visits by hour of the day in Vietnam: nobody at night, two heaps at work.
DAY = (2, 1, 1, 1, 1, 4, 10, 20, 32, 36, 34, 30, 22, 26, 34, 36, 32, 26, 22, 22, 24, 20, 12, 6)


def poisson(chance: random.Random, mean: float) -> int:
    if mean > 60:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    count, left = 0, chance.random()
    while left > math.exp(-mean):
        count, left = count + 1, left * chance.random()
    return count


@pytest.mark.parametrize("shape", ["people", "flat"])
@pytest.mark.parametrize("visits", [24, 100, 300, 1000, 5000, 20_000, 100_000])
def test_honest_counters_are_not_accused_in_a_year(visits: int, shape: str) -> None:
    chance = random.Random(visits)
    totals = [500_000]
    for hour in range(365 * 24):
        weekday = (hour // 24) % 7
        share = (
            DAY[(hour + 8) % 24] / sum(DAY) * (0.4 if weekday > 4 else 1.24) if shape == "people" else 1 / 24
        )
        totals.append(totals[-1] + poisson(chance, visits * share))
    assert kinds(*hourly(totals, lambda: chance.randint(0, 50))) == []


def test_the_highest_probability_of_a_range() -> None:
    # Of all Poisson variables, that of mean 2 is most often 2, and that of mean sqrt(2) most often 1 or 2.
    assert highest_probability(2, 1) == pytest.approx(2 * math.exp(-2))
    mean = math.sqrt(2)
    assert highest_probability(1, 2) == pytest.approx(math.exp(-mean) * (mean + mean**2 / 2))
    assert highest_probability(0, 3) == 1


def test_a_total_that_jumps() -> None:
    days = [reading(f"2026-10-{day:02}T01:00", 10_000 + 100 * day + day % 3) for day in range(1, 9)]
    found = marks([*days, reading("2026-10-09T01:00", 10_900_000)])
    assert [(mark.kind, mark.values) for mark in found] == [
        ("mark.jumped", {"before": 10_802, "after": 10_900_000})
    ]
    assert kinds(reading("2026-10-01T01:00", 2000), reading("2026-10-02T01:00", 2_002_000)) == ["mark.jumped"]
    assert kinds(*days, reading("2026-10-09T01:00", 12_100)) == []


def test_a_total_that_stands_still() -> None:
    days = [reading(f"2026-10-{day:02}T01:00", 10_000 + 97 * day + day % 3) for day in range(1, 9)]
    standing = [reading(f"2026-10-{day:02}T01:00", days[-1].total) for day in range(9, 12)]
    (mark,) = marks([*days, *standing])
    assert (mark.kind, mark.values) == ("mark.stood_still", {"hours": 72, "usual": 98})
    quiet = [reading(f"2026-10-{day:02}T01:00", 10_000 + day) for day in range(1, 9)]
    assert kinds(*quiet, *(reading(f"2026-10-{day:02}T01:00", quiet[-1].total) for day in range(9, 12))) == []


def test_readings_within_minutes_are_no_even_growth() -> None:
    start = datetime(2026, 10, 1, 1, 0)
    crawl = [
        reading((start + timedelta(minutes=minute)).isoformat(), 1000 + minute + minute**2 // 40)
        for minute in range(300)
    ]
    assert kinds(*crawl) == []


def test_a_contradiction_on_every_page_is_one_mark_a_day() -> None:
    start = datetime(2026, 10, 1, 1, 0)
    crawl = [reading((start + timedelta(hours=hour)).isoformat(), today=11, month=10) for hour in range(40)]
    assert [(mark.kind, mark.reading.day.day) for mark in marks(crawl)] == [
        ("mark.today_over_month", 1),
        ("mark.today_over_month", 2),
    ]


def test_growth_that_varies_or_rests_is_no_contradiction() -> None:
    start = datetime(2026, 10, 1, 1, 0)
    human = [1000, 1083, 1101, 1240, 1243, 1300]
    still = [1000] * 6
    for totals in (human, still):
        assert (
            kinds(
                *(reading((start + timedelta(hours=n)).isoformat(), total) for n, total in enumerate(totals))
            )
            == []
        )
