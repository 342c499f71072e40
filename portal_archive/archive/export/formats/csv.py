"""CSV, as spreadsheets read it."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Sequence
from io import StringIO
from typing import Any

from portal_archive.archive.export.cells import spreadsheet_cell
from portal_archive.archive.export.formats.exporter import Exporter


class Csv(Exporter):
    """UTF-8 with BOM, which Excel reads with its accents. With `inert`, cells are as `cells` makes them."""

    name = "csv"
    mime_type = "text/csv; charset=utf-8"
    label = "CSV (Excel)"

    def begin(self) -> bytes:
        """Return the names of the columns."""
        return BOM_UTF8 + _line(self.columns)

    def row(self, row: Sequence[Any]) -> bytes:
        """Return one row."""
        return _line([spreadsheet_cell(cell) for cell in row] if self.inert else row)


def _line(cells: Sequence[Any]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
