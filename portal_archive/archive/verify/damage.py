"""What a look at the archive finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was stored, or (a `note`) only worth knowing.

    `place` is a table, with the row where one is meant ("articles, id 7"), or a file below the captures folder with
    an offset. `repair` says what to do, where that is safe to say.
    """

    place: str
    reason: str
    note: bool = False
    repair: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" + (f" ({self.repair})" if self.repair else "")
