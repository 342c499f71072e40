"""Visits a day and contradictions, from readings alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

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


def test_the_same_growth_every_hour() -> None:
    start = datetime(2026, 10, 1, 1, 0)
    steady = [reading((start + timedelta(hours=hour)).isoformat(), 1000 + 83 * hour) for hour in range(6)]
    found = marks(steady)
    assert [(mark.kind, mark.values) for mark in found] == [("mark.same_growth", {"rate": 83, "hours": 5})]


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
