"""The text of Word and PowerPoint files of today (.docx, .pptx)."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from portal_archive.reading.documents.package import text_of, xml_of

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}sldId"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_docx(body: bytes) -> str:
    """Return the text of a Word file: paragraphs, and a line for each row of a table."""
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(body))
    texts: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            texts.extend("\t".join(cell.text.strip() for cell in row.cells) for row in block.rows)
        else:
            texts.append(block.text.strip())
    return "\n\n".join(text for text in texts if text)


def read_pptx(package: zipfile.ZipFile) -> Iterator[str]:
    """Give the text of each slide, in the order in which they are shown."""
    related = {
        relation.get("Id"): relation.get("Target") or ""
        for relation in xml_of(package, "ppt/_rels/presentation.xml.rels")
    }
    for slide in xml_of(package, "ppt/presentation.xml").iter(_SLIDES):
        target = related.get(slide.get(_RELATION), "")
        name = posixpath.normpath(posixpath.join("ppt", target)).lstrip("/")
        if name not in package.namelist():
            continue
        paragraphs = xml_of(package, name).iter(f"{_DRAWING}p")
        texts = (text_of(one, f"{_DRAWING}t", {f"{_DRAWING}br": "\n"}).strip() for one in paragraphs)
        yield "\n\n".join(text for text in texts if text)
