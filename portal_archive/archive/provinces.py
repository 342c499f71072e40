"""The provinces of Vietnam: the 63 until 30 June 2025 and the 34 since 1 July 2025.

The names stand in `provinces.csv`, the 34 first, so that a row's successor is always stored before it.
`source` is the resolution of the National Assembly by which a unit began or ended: 202/2025/QH15 of 12 June 2025 made
the 34 (11 units unchanged, 52 merged into 23), in office since 1 July 2025; 175/2024/QH15 of 30 November 2024 made
Thừa Thiên Huế the centrally run city of Huế on 1 January 2025, so that between these days there were 63 with Huế
among them. `seat` is the town or district that the seat is in, by its name before July 2025.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Province:
    """A row of the table `provinces`. Dates are ISO 8601; None: from of old, or to this day."""

    id: str
    slug: str
    name: str
    unit: str
    valid_from: str | None
    valid_to: str | None
    successor: str | None
    seat: str | None
    source: str


def provinces() -> list[Province]:
    """Return all 97 provinces, each after its successor."""
    with (files(__package__) / "provinces.csv").open(encoding="utf-8") as file:
        return [
            Province(
                id=row["id"],
                slug=row["slug"],
                name=row["name"],
                unit=row["unit"],
                valid_from=row["valid_from"] or None,
                valid_to=row["valid_to"] or None,
                successor=row["successor"] or None,
                seat=row["seat"] or None,
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
