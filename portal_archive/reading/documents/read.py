"""Text of files that anybody may have made: which format one is, and what its reader makes of it.

No reader runs macros, follows references to other files or asks the network; none can be stopped within a page, and a
file of some kilobytes can ask for gigabytes: read them in a worker (see `crawler.workers`). The libraries are imported
where they are used: most runs meet no file, and they take a second.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Callable, Iterable

from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason, ProblemKind
from portal_archive.model.page import Problem, without_controls
from portal_archive.reading.documents import office
from portal_archive.reading.documents.bounds import (
    EncryptedError,
    OtherFormatError,
    TooLargeError,
    bounded,
)
from portal_archive.reading.documents.opendocument import read_opendocument
from portal_archive.reading.documents.package import open_zip
from portal_archive.reading.documents.sheets import read_sheets
from portal_archive.vietnamese.legacy import repair_legacy

Read = tuple[list[FilePage], list[Problem]]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_WITHIN = 1024  # ISO 32000-1, annex H: where readers look for its header
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_PAGE_END = "\n\f\n"
# Where Word puts the characters of fonts that it takes for symbols; old Vietnamese fonts are among them.
_SYMBOLS = {0xF000 + byte: byte for byte in range(0x20, 0x100)}
_BLANKS = re.compile(r"[ \xa0]{2,}")
_LINES = re.compile(r"\n{3,}")

# olefile reports every oddity of a file on its logger; what matters comes back as an exception.
logging.getLogger("olefile").setLevel(logging.CRITICAL)


def read_file(body: bytes) -> tuple[FileText | None, list[Problem]]:
    """Return what can be read of a file, and what was wrong with it; None for an image, which has no text of its own.

    A text longer than `bounds.MAX_CHARACTERS`, or of more than `bounds.MAX_PAGES` pages, is cut there, as is one that
    takes longer than `bounds.MAX_SECONDS`, and a problem says so. Raises MemoryError for a file that needs more
    memory than there is.
    """
    if not body or body.startswith(_IMAGES):
        return None, []
    kind = "file"
    try:
        kind, read = _reader_of(body)
        pages, problems = read(body)
    except OtherFormatError:
        return FileText(reason=FileReason.FORMAT), []
    except EncryptedError:
        return FileText(reason=FileReason.ENCRYPTED), []
    except TooLargeError as error:
        return FileText(reason=FileReason.CUT), [Problem(ProblemKind.ATTACHMENT_TOO_LARGE, f"{kind} {error}")]
    except RecursionError:
        return _unreadable(f"{kind} nested too deeply")
    except MemoryError:
        raise  # the worker tells, and is replaced
    except BaseException as error:
        # The file is hostile or broken: its readers raise whatever they come across; those in Rust a PanicException,
        # which is none of Python's own.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return _unreadable(f"{kind}: {type(error).__name__}: {error}"[:200])
    pages = _clean(pages)
    return FileText(tuple(pages), _missing(kind, pages, problems)), problems


def _unreadable(reason: str) -> tuple[FileText, list[Problem]]:
    return FileText(reason=FileReason.UNREADABLE), [Problem(ProblemKind.ATTACHMENT_UNREADABLE, reason)]


def _missing(kind: str, pages: list[FilePage], problems: list[Problem]) -> FileReason | None:
    empty = sum(not page.text for page in pages)
    if kind == "PDF" and empty:
        return FileReason.SCAN if empty == len(pages) else FileReason.SCAN_IN_PART
    if problems:
        return FileReason.CUT
    return FileReason.EMPTY if empty == len(pages) else None


def _reader_of(body: bytes) -> tuple[str, Callable[[bytes], Read]]:
    """Return the name of a file's format and what reads it. Raises OtherFormatError, and what a broken file raises."""
    if b"%PDF-" in body[:_PDF_WITHIN]:
        return "PDF", _read_pdf
    if body.startswith(b"{\\rtf"):
        return "RTF", _read_rtf
    if body.startswith(_OLE):
        return _reader_of_ole(body)
    if body.startswith(b"PK\x03\x04"):
        return _reader_of_zip(body)
    raise OtherFormatError


def _reader_of_ole(body: bytes) -> tuple[str, Callable[[bytes], Read]]:
    import olefile

    with olefile.OleFileIO(io.BytesIO(body)) as package:
        if package.exists("WordDocument"):
            return "DOC", _read_doc
        if package.exists("Workbook") or package.exists("Book"):
            return "XLS", _pages_of("XLS", read_sheets)
        if package.exists("PowerPoint Document"):
            return "PPT", _read_ppt
        if package.exists("EncryptedPackage"):
            raise EncryptedError
    raise OtherFormatError


def _reader_of_zip(body: bytes) -> tuple[str, Callable[[bytes], Read]]:
    with open_zip(body) as package:
        names = package.namelist()
        form = package.read("mimetype") if "mimetype" in names else b""
    if "word/document.xml" in names:
        return "DOCX", _pages_of("DOCX", lambda body: [office.read_docx(body)])
    if "ppt/presentation.xml" in names:
        return "PPTX", _pages_of("PPTX", lambda body: office.read_pptx(open_zip(body)))
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "XLSX", _pages_of("XLSX", read_sheets)
    if form.endswith(b"opendocument.spreadsheet"):
        return "ODS", _pages_of("ODS", read_sheets)
    if form.startswith(b"application/vnd.oasis.opendocument.") and "content.xml" in names:
        return "OpenDocument", _pages_of("OpenDocument", lambda body: read_opendocument(open_zip(body)))
    raise OtherFormatError


def _pages_of(kind: str, read: Callable[[bytes], Iterable[str]]) -> Callable[[bytes], Read]:
    return lambda body: bounded(kind, read(body))


def _read_pdf(body: bytes) -> Read:
    from portal_archive.reading.documents.pdf import open_pdf, page_texts

    document = open_pdf(body)
    return bounded("PDF", page_texts(document), len(document))


def _read_rtf(body: bytes) -> Read:
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(body.decode("latin-1"), encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    rows = (line[:-1].replace("|", "\t") if line.endswith("|") else line for line in text.split("\n"))
    return bounded("RTF", ["\n".join(rows)])


def _read_doc(body: bytes) -> Read:
    import olefile

    from portal_archive.reading.documents.word_binary import read_word_binary

    with olefile.OleFileIO(io.BytesIO(body)) as package:
        return bounded("DOC", [read_word_binary(package)])


def _read_ppt(body: bytes) -> Read:
    import olefile

    from portal_archive.reading.documents.powerpoint_binary import read_powerpoint_binary

    with olefile.OleFileIO(io.BytesIO(body)) as package:
        return bounded("PPT", read_powerpoint_binary(package))


def _clean(pages: list[FilePage]) -> list[FilePage]:
    """Return pages as text that can be stored: composed, converted from TCVN3 and VNI, without control characters."""
    whole = _PAGE_END.join(page.text.replace("\f", "\n") for page in pages)
    # Half a surrogate pair is no text that could be stored.
    whole = whole.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    whole, _ = repair_legacy(whole.translate(_SYMBOLS))
    return [FilePage(_tidy(text)) for text in unicodedata.normalize("NFC", whole).split("\f")]


def _tidy(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip(" ") for line in without_controls(text).split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()
