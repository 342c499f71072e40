"""Cells that a spreadsheet neither runs nor breaks."""

from __future__ import annotations

import json
import re
from typing import Any

# The most characters Excel keeps in a cell ("Excel specifications and limits"); it counts UTF-16 units.
EXCEL_CELL = 32_767
_MARK = " … [{length} characters: whole in JSON]"

# What a spreadsheet takes for a formula, or skips before one; full-width signs count in East Asian settings.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# Read with another separator than the comma, a cell begins behind each of these too.
_BEHIND_SEPARATOR = re.compile(r"([;\t|])(?=[ \"]*[=+\-@＝＋－＠])")
# And behind a line break; where "-" or "+" is the sign of a list, only what calls a function or another program counts.
_BEHIND_BREAK = re.compile(r"([\r\n])(?=[ \"]*(?:[=@＝＠]|[+\-＋－](?:[ \"]*[\w.]+\(|[^\r\n|]*\|)))")


def neutralise_formula(cell: Any) -> Any:
    """Return a CSV cell that no spreadsheet takes for a formula, whatever it takes for the separator.

    Where a formula could begin, in a text, an apostrophe goes before it.
    """
    if not isinstance(cell, str):
        return cell
    first = f"'{cell[0]}" if cell.startswith(FORMULA) else ""
    rest = cell[1:] if first else cell
    return first + _BEHIND_BREAK.sub(r"\1'", _BEHIND_SEPARATOR.sub(r"\1'", rest))


def cut_to_excel(cell: Any) -> Any:
    """Return a CSV cell of no more than `EXCEL_CELL` characters; one that was cut says so at its end."""
    if not isinstance(cell, str) or len(cell) * 2 <= EXCEL_CELL:
        return cell
    units = cell.encode("utf-16-le")
    if len(units) <= 2 * EXCEL_CELL:
        return cell
    mark = _MARK.format(length=len(cell))
    return units[: 2 * (EXCEL_CELL - len(mark))].decode("utf-16-le", "ignore") + mark


def cut_json_to_excel(cell: str) -> str:
    """Return JSON of no more than `EXCEL_CELL` characters: as many entries of a list as fit, and how many there are."""
    if len(cell.encode("utf-16-le")) <= 2 * EXCEL_CELL:
        return cell
    try:
        entries = json.loads(cell)
    except (ValueError, RecursionError):
        return str(cut_to_excel(cell))
    mark = _MARK.format(length=len(cell)).strip(" …")
    if not isinstance(entries, list):
        return json.dumps({"cut": mark})
    kept = [f"{len(entries)} entries, {mark}"]
    room = EXCEL_CELL - len(json.dumps(kept)) - 2
    for place, entry in enumerate(entries):
        room -= len(json.dumps(entry, ensure_ascii=False).encode("utf-16-le")) // 2 + 2
        if room < 0:
            break
        kept.insert(place, entry)
    return json.dumps(kept, ensure_ascii=False)


def spreadsheet_cell(cell: Any, *, is_json: bool = False) -> Any:
    """Return a CSV cell that is safe to open in a spreadsheet, and whole there or marked as cut."""
    safe = neutralise_formula(cell)
    return cut_json_to_excel(safe) if is_json and isinstance(safe, str) else cut_to_excel(safe)
