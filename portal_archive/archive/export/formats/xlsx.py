"""A workbook of Excel's, for a search or a dossier: text that is text, whole or marked as cut."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from xlsxwriter import Workbook

from portal_archive.archive.export.cells import cut_json_to_excel, cut_to_excel
from portal_archive.archive.export.formats.exporter import Exporter
from portal_archive.archive.export.json_columns import JSON

# Rows of a sheet ("Excel specifications and limits"), with the one of the names.
MOST_ROWS = 1_048_576
# Excel's numbers are floating point: larger ones would lose their last digits.
_LARGEST = 10**15
_AT_ONCE = 1 << 20
_TOO_MANY = "more rows than a sheet holds: take CSV or JSON"


class Xlsx(Exporter):
    """One sheet; written to a temporary file row by row, so that it begins only when the last row is known."""

    name = "xlsx"
    mime_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    label = "Excel (.xlsx)"

    def __init__(self, columns: Sequence[str], *, inert: bool = True) -> None:
        super().__init__(columns, inert=inert)
        folder = mkdtemp(prefix="portal-archive-")
        # A reader may go away before the end.
        self._remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._path = Path(folder) / "export.xlsx"
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = Workbook(self._path, {"constant_memory": True, "tmpdir": folder, **plain})
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, MOST_ROWS - 1, max(0, len(self.columns) - 1))
        self._is_json = [name in JSON for name in columns]
        self._written = 0
        self._write(self.columns)

    def row(self, row: Sequence[Any]) -> bytes:
        """Write one row; those that a sheet does not hold are left out, and its last row says so."""
        if self._written < MOST_ROWS - 1:
            self._write(row)
        elif self._written == MOST_ROWS - 1:
            self._write([_TOO_MANY])
        return b""

    def end(self) -> Iterator[bytes]:
        """Give the workbook."""
        try:
            self._book.close()
            with self._path.open("rb") as file:
                while part := file.read(_AT_ONCE):
                    yield part
        finally:
            self._remove()

    def _write(self, row: Sequence[Any]) -> None:
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                whole = cut_json_to_excel(cell) if self._is_json[place] else cut_to_excel(cell)
                self.cut += whole != cell
                self._sheet.write_string(self._written, place, whole)
            elif isinstance(cell, int | float):
                if abs(cell) < _LARGEST:
                    self._sheet.write_number(self._written, place, cell)
                else:
                    self._sheet.write_string(self._written, place, str(cell))
        self._written += 1
