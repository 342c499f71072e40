"""How far long work is: told on a terminal as it goes, and under cron a line a minute at most."""

from __future__ import annotations

from itertools import count

import pytest

import crawler.progress
from crawler.progress import progress


def test_under_cron_it_is_a_line_a_minute(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count(step=25)
    monkeypatch.setattr(crawler.progress, "monotonic", lambda: next(seconds))
    with progress("captures", 5000) as advance:
        for _ in range(5):
            advance(1000)
    assert capsys.readouterr().err.splitlines() == ["captures: 3,000 of 5,000"]


def test_short_work_says_nothing_under_cron(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("captures") as advance:
        advance(7)
    assert capsys.readouterr().err == ""
