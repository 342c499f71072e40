"""The text of OpenDocument files (.odt, .odp); spreadsheets are read with those of Excel."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from lxml import etree

from portal_archive.reading.documents.package import xml_of

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PAGE = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}page"
_ROW, _CELL = f"{_TABLE}table-row", f"{_TABLE}table-cell"
_BREAKS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_HIDDEN = (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms")


def read_opendocument(package: zipfile.ZipFile) -> Iterator[str]:
    """Give the text of a document, or of each slide of a presentation."""
    root = xml_of(package, "content.xml")
    etree.strip_elements(root, *_HIDDEN, with_tail=False)
    slides = list(root.iter(_PAGE))
    for part in slides or root.iter(f"{_OFFICE}text"):
        yield "\n\n".join(line for line in _lines(part) if line)


def _lines(part: etree._Element) -> Iterator[str]:
    for element in part.iter(f"{_TEXT}p", f"{_TEXT}h", _ROW):
        if element.tag == _ROW:
            cells = (
                " ".join(filter(None, map(_text, cell.iter(f"{_TEXT}p")))) for cell in element.iter(_CELL)
            )
            yield "\t".join(cells).rstrip()
        elif next(element.iterancestors(_CELL), None) is None:
            yield _text(element)


def _text(paragraph: etree._Element) -> str:
    parts = [paragraph.text or ""]
    for element in paragraph.iterdescendants():
        parts.append(_BREAKS.get(str(element.tag)) or element.text or "")
        parts.append(element.tail or "")
    return "".join(parts).strip()
