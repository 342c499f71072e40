"""JSON: one array of objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from portal_archive.archive.export.formats.exporter import Exporter
from portal_archive.archive.export.formats.jsonl import json_object


class Json(Exporter):
    """One array, an object a row, UTF-8."""

    name = "json"
    mime_type = "application/json; charset=utf-8"
    label = "JSON"

    def __init__(self, columns: Sequence[str], *, inert: bool = True) -> None:
        super().__init__(columns, inert=inert)
        self._empty = True

    def row(self, row: Sequence[Any]) -> bytes:
        """Return one row, with what parts it from the one before."""
        before, self._empty = (b"[\n" if self._empty else b",\n"), False
        return before + json_object(self.columns, row)

    def end(self) -> Iterator[bytes]:
        """Give the end of the array."""
        yield b"[]\n" if self._empty else b"\n]\n"
