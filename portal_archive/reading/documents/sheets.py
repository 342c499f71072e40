"""The text of spreadsheets (.xls, .xlsx, .xlsb, .ods): a page a sheet, a line a row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time

from portal_archive.reading.documents import bounds
from portal_archive.reading.documents.bounds import EncryptedError


def read_sheets(body: bytes) -> Iterator[str]:
    """Give the text of each sheet, after its name. Raises EncryptedError."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    except PasswordError as error:
        raise EncryptedError from error
    for name in book.sheet_names:
        lines = [name]
        left = bounds.MAX_CHARACTERS
        for row in book.get_sheet_by_name(name).iter_rows():
            line = "\t".join(map(_shown, row)).rstrip()
            if line:
                lines.append(line)
                left -= len(line) + 1
            if left < 0:
                break
        yield "\n".join(lines) if len(lines) > 1 else ""


def _shown(value: object) -> str:
    """Return a value as such a sheet shows it; a date as it is written in Vietnam."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).strip().replace("\n", " ")
