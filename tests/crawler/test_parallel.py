"""Work spread over processes comes back in order, and only as much is taken ahead as keeps them busy."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator

import pytest

from crawler import parallel


@pytest.mark.parametrize(("cores", "count"), [(1, 9), (2, 2), (2, 3), (2, 40), (None, 0)])
def test_in_the_order_of_the_jobs(monkeypatch: pytest.MonkeyPatch, cores: int | None, count: int) -> None:
    monkeypatch.setattr(parallel, "_ALONE", 3)
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for number in range(count):
            taken.append(number)
            yield number

    done = parallel.in_order(operator.neg, jobs(), cores)
    assert taken == []
    for number, pair in enumerate(done):
        assert pair == (number, -number)
        assert len(taken) <= number + 1 + 2 * 8
    assert taken == list(range(count))


def test_an_error_of_the_work_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_ALONE", 0)
    for cores in (1, 2):
        with pytest.raises(ValueError, match="factorial"):
            list(parallel.in_order(math.factorial, [1, -1], cores))


def test_batches() -> None:
    assert list(parallel.batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
