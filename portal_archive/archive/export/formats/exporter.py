"""What every format of an export is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar


class Exporter(ABC):
    """Writes rows in one format, piece by piece, so that memory does not grow with them.

    `name` is the format's name on command lines and the suffix of its files and addresses, `mime_type` what a
    download says it is, `label` what it is called in a list of downloads. `columns` are the names of the columns,
    in order. With `inert` a text that a spreadsheet would run or could not hold is changed, and `cut` counts the cells
    that were too long; see `cells`.
    """

    name: ClassVar[str]
    mime_type: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, columns: Sequence[str], *, inert: bool = True) -> None:
        self.columns = list(columns)
        self.inert = inert
        self.cut = 0

    def begin(self) -> bytes:
        """Return what comes before the first row."""
        return b""

    @abstractmethod
    def row(self, row: Sequence[Any]) -> bytes:
        """Return one row; its values stand in the order of the columns."""

    def end(self) -> Iterator[bytes]:
        """Give what comes after the last row."""
        yield from ()
