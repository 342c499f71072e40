"""CSV, as spreadsheets read it."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Sequence
from io import StringIO
from typing import Any

from portal_archive.archive.export.cells import EXCEL_CELL, spreadsheet_cell
from portal_archive.archive.export.formats.exporter import Exporter
from portal_archive.archive.export.json_columns import JSON


class Csv(Exporter):
    """UTF-8 with BOM, which Excel reads with its accents. With `inert`, cells are as `cells` makes them."""

    name = "csv"
    mime_type = "text/csv; charset=utf-8"
    label = "CSV (Excel)"

    def __init__(self, columns: Sequence[str], *, inert: bool = True) -> None:
        super().__init__(columns, inert=inert)
        self._is_json = [name in JSON for name in columns]

    def begin(self) -> bytes:
        """Return the names of the columns."""
        return BOM_UTF8 + _line(self.columns)

    def row(self, row: Sequence[Any]) -> bytes:
        """Return one row."""
        if not self.inert:
            return _line(row)
        return _line([self._cell(cell, is_json) for cell, is_json in zip(row, self._is_json, strict=True)])

    def _cell(self, cell: Any, is_json: bool) -> Any:
        safe = spreadsheet_cell(cell, is_json=is_json)
        if isinstance(cell, str) and len(cell) > len(safe) and len(cell) * 2 > EXCEL_CELL:
            self.cut += 1
        return safe


def _line(cells: Sequence[Any]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
