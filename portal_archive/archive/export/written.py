"""What an export of everything was asked for, and what it wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from portal_archive.archive.export.columns import Column


@dataclass(frozen=True, slots=True)
class Choice:
    """What is exported: rows of one portal, rows written to since a moment (UTC), in parts by months, with Parquet."""

    portal: str | None = None
    changed_since: datetime | None = None
    monthly: bool = False
    parquet: bool = True
    address: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all rows are exported."""
        return self.portal is None and self.changed_since is None


@dataclass(slots=True)
class File:
    """A file of a table: its rows, or those of a month; `hash` is SHA-256 in hex."""

    path: str
    rows: int
    size: int
    hash: str
    cut: int = 0


@dataclass(slots=True)
class Table:
    """What was written of a table, as CSV and as Parquet."""

    name: str
    columns: list[Column]
    csv: list[File] = field(default_factory=list)
    parquet: list[File] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(file.rows for file in self.csv)
