"""The pace that crawls of one process keep with each host, under a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from crawler.network import pace
from crawler.network.pace import Pace

ONE, SAME, OTHER = "http://ban-may.vn/a", "https://www.ban-may.vn/b", "http://ban-may.vn:8080/a"


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        monkeypatch.setattr(pace, "monotonic", lambda: self.now)
        monkeypatch.setattr(pace, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def ask(paces: Pace, clock: Clock, url: str, distance: float, takes: float = 0) -> None:
    async with paces.turn(url) as host:
        host.last, host.distance = clock.now, max(host.distance, distance)
        clock.now += takes


def test_a_host_is_asked_at_the_greater_distance(clock: Clock) -> None:
    async def crawl() -> None:
        paces = Pace()
        await ask(paces, clock, ONE, 1)
        await ask(paces, clock, SAME, 2.1, takes=0.5)
        await ask(paces, clock, ONE, 1)
        await ask(paces, clock, OTHER, 1)

    asyncio.run(crawl())
    assert clock.slept == [0, 1, 1.6, 0]


def test_turns_come_in_order_and_one_at_a_time(clock: Clock) -> None:
    said: list[str] = []

    async def crawl() -> None:
        paces, answers = Pace(), asyncio.Event()

        async def one(name: str, url: str, *, waits: bool = False) -> None:
            async with paces.turn(url):
                said.append(f"{name} asks")
                if waits:
                    await answers.wait()
                said.append(f"{name} is answered")

        first = asyncio.create_task(one("first", ONE, waits=True))
        others = [asyncio.create_task(one(name, SAME)) for name in ("second", "third")]
        await asyncio.create_task(one("elsewhere", OTHER))
        answers.set()
        await asyncio.gather(first, *others)

    asyncio.run(crawl())
    assert said == [
        *("first asks", "elsewhere asks", "elsewhere is answered", "first is answered"),
        *("second asks", "second is answered", "third asks", "third is answered"),
    ]


def test_an_error_ends_the_turn(clock: Clock) -> None:
    async def crawl() -> None:
        paces = Pace()
        with pytest.raises(OSError, match="hỏng"):
            async with paces.turn(ONE):
                raise OSError("hỏng")
        await asyncio.wait_for(ask(paces, clock, ONE, 1), 60)

    asyncio.run(crawl())


def test_a_pause_is_the_hosts_and_is_never_cut_short(clock: Clock) -> None:
    paces = Pace()
    paces.pause(ONE, 60)
    paces.pause(SAME, 10)
    assert [paces.is_paused(url) for url in (ONE, SAME, OTHER)] == [True, True, False]
    clock.now += 59
    assert paces.is_paused(ONE)
    clock.now += 1
    assert not paces.is_paused(SAME)


def test_refusals_are_counted_by_host_until_it_answers(clock: Clock) -> None:
    paces = Pace()
    assert [paces.refused(url) for url in (ONE, SAME, OTHER, ONE)] == [1, 2, 1, 3]
    paces.answered(SAME)
    assert [paces.refused(url) for url in (ONE, OTHER)] == [1, 2]
