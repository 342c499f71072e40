"""JSON Lines: an object a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from portal_archive.archive.export.formats.exporter import Exporter
from portal_archive.archive.export.json_columns import JSON


class JsonLines(Exporter):
    """An object a line, UTF-8."""

    name = "jsonl"
    mime_type = "application/x-ndjson; charset=utf-8"
    label = "JSON Lines"

    def row(self, row: Sequence[Any]) -> bytes:
        """Return one row."""
        return json_object(self.columns, row) + b"\n"


def json_object(columns: Sequence[str], row: Sequence[Any]) -> bytes:
    """Return a row as a JSON object."""
    values = {
        name: json.loads(cell) if name in JSON and cell is not None else cell
        for name, cell in zip(columns, row, strict=True)
    }
    return json.dumps(values, ensure_ascii=False).encode()
