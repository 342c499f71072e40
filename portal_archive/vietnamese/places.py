"""The provinces and districts of Vietnam as they were until the reform of 1 July 2025.

Source: Nghị quyết of the Standing Committee of the National Assembly on the districts and communes of each province
for 2023 to 2025, the last of them in force since 1 March 2025: 63 provinces and cities, 696 districts. Resolution
203/2025/QH15 ended the district level on 1 July 2025.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal_archive.vietnamese.folding import fold

_UNITS = sorted(
    fold(unit) + " "
    for unit in (
        "tỉnh",
        "thành phố",
        "TP",
        "TP.",
        "thị xã",
        "TX",
        "TX.",
        "quận",
        "huyện",
        "huyện đảo",
        "Q.",
        "H.",
    )
)[::-1]  # the longer of two that begin alike first


@dataclass(frozen=True, slots=True)
class District:
    """A district: its province, its unit ("quận", "huyện", "thị xã", "thành phố") and its name."""

    province: str
    unit: str
    name: str


@cache
def districts() -> tuple[District, ...]:
    """Return every district of 30 June 2025."""
    with (Path(__file__).parent / "districts.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(District(row["province"], row["unit"], row["name"]) for row in csv.DictReader(rows))


@cache
def _names() -> frozenset[str]:
    return frozenset(_key(name) for district in districts() for name in (district.province, district.name))


def _key(text: str) -> str:
    return " ".join(fold(text).replace("'", " ").replace("’", " ").replace("-", " ").split())


def is_place(text: str) -> bool:
    """Say whether `text` is the name of a province or district, with or without its unit; case does not count."""
    folded = fold(text).strip()
    unit = next((unit for unit in _UNITS if folded.startswith(unit)), "")
    return _key(folded.removeprefix(unit)) in _names()
