"""Tables of data, told from those that lay out a page."""

from __future__ import annotations

from lxml import etree

from portal_archive.reading.markup.elements import line


def data_rows(table: etree._Element) -> list[list[str]] | None:
    """Return the cells of a table of data; None for one that only lays out pictures or text."""
    if table.find(".//table") is not None or table.find(".//img") is not None:
        return None
    rows: list[list[str]] = []
    wide = 0
    for row in table.iter("tr"):
        cells = [line(cell) for cell in row if cell.tag in ("td", "th")]
        if any(len(cell) > 600 for cell in cells):
            return None
        if any(cells):
            rows.append(cells)
            wide += sum(1 for cell in cells if cell) > 1
    return rows if wide >= 2 and wide * 2 >= len(rows) else None
