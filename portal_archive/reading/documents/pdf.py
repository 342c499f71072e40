"""The text of PDF files, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from portal_archive.reading.documents.bounds import EncryptedError

if TYPE_CHECKING:
    import pypdfium2

# FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY of PDFium's fpdfview.h
_LOCKED = (4, 5)


def open_pdf(body: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF. Raises EncryptedError, pypdfium2.PdfiumError."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise EncryptedError from error
        raise


def page_texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """Give the text of each page."""
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()
