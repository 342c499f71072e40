"""What a long crawl remembers of all it has met, in little memory."""

from __future__ import annotations

from array import array

_SLOTS = 1024


class Seen:
    """A set of hashes, as `hash()` makes them, in at most 32 bytes each, where Python's own takes a hundred.

    Two things with the same hash are taken for one: once in a thousand million crawls of a hundred thousand pages.
    """

    def __init__(self) -> None:
        # Open addressing; 0 is an empty slot.
        self._slots = array("q", bytes(8 * _SLOTS))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, value: int) -> bool:
        return self._slots[self._place(value or 1)] != 0

    def add(self, value: int) -> None:
        """Enter a hash; once is enough."""
        value = value or 1
        place = self._place(value)
        if self._slots[place] == 0:
            self._slots[place] = value
            self._count += 1
            if self._count * 2 > len(self._slots):
                self._grow()

    def _place(self, value: int) -> int:
        slots = self._slots
        last = len(slots) - 1
        place = value & last
        while slots[place] not in (0, value):
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("q", bytes(16 * len(before)))
        for value in before:
            if value:
                self._slots[self._place(value)] = value
