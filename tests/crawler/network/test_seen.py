"""The memory of a long crawl."""

from __future__ import annotations

import random

from crawler.network.seen import Seen
from crawler.scheduler import _Ids


def test_what_was_entered_is_there_and_nothing_else() -> None:
    numbers = random.Random(1)
    entered = {numbers.randrange(-(1 << 63), 1 << 63) for _ in range(5000)}
    # Hashes that fall on the same place, and the one that marks an empty place.
    entered |= {number << 20 for number in range(100)} | {0, -1, -2, (1 << 63) - 1, -(1 << 63)}
    seen = Seen()
    for _ in range(2):
        for value in entered:
            seen.add(value)
    others = {numbers.randrange(-(1 << 63), 1 << 63) for _ in range(5000)} - entered
    assert all(value in seen for value in entered)
    assert not any(value in seen for value in others)
    assert len(seen) == len(entered)


def test_ids_of_rows() -> None:
    ids = _Ids()
    for number in (0, 7, 8, 1_000_003):
        ids.add(number)
    assert [number for number in (*range(20), 1_000_002, 1_000_003, 9_000_000) if number in ids] == [
        0,
        7,
        8,
        1_000_003,
    ]
