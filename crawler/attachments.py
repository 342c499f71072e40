"""Text of attachments: PDF and DOCX files, which anybody may have made.

Neither library can be stopped within a page, and a file of some kilobytes can ask for gigabytes: read them in a worker
(see `crawler.workers`). The limits here are those within which a part is better than nothing.
"""

from __future__ import annotations

import io
import logging
import time
import zipfile

from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason, ProblemKind
from portal_archive.model.page import Problem

MAX_PAGES = 500
MAX_CHARACTERS = 2_000_000
# Seconds of processor after which no further page is begun; less than a worker is given.
MAX_SECONDS = 12.0
# A DOCX is a ZIP: what it may unpack to.
MAX_UNPACKED = 200 * 1024 * 1024

# pypdf reports every oddity of a file on its logger; what matters comes back as an exception.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
# Both libraries are imported where they are used: most runs meet no attachment, and they take a second.


def _kind(body: bytes) -> str | None:
    return "PDF" if body.startswith(b"%PDF-") else "DOCX" if body.startswith(b"PK\x03\x04") else None


def read_attachment(body: bytes) -> tuple[FileText | None, list[Problem]]:
    """Return what can be read of a PDF or DOCX file, and what was wrong with it; None for any other file.

    A text longer than `MAX_CHARACTERS`, or of more than `MAX_PAGES` pages, is cut there, as is one that takes longer
    than `MAX_SECONDS`, and a problem says so. Raises MemoryError for a file that needs more memory than there is.
    """
    kind = _kind(body)
    if kind is None:
        return None, []
    read = _read_pdf if kind == "PDF" else _read_docx
    try:
        text, problems = read(body)
    except RecursionError:
        return _unreadable(f"{kind} nested too deeply")
    except MemoryError:
        raise  # the worker tells, and is replaced
    except Exception as error:  # the file is hostile or broken: its libraries raise whatever they come across
        return _unreadable(f"{kind}: {type(error).__name__}: {error}"[:200])
    pages = _within(text.pages)
    if pages != text.pages:
        problems.append(
            Problem(ProblemKind.ATTACHMENT_TOO_LONG, f"{kind} text cut at {MAX_CHARACTERS} characters")
        )
    return FileText(pages, text.reason or (FileReason.CUT if problems else None)), problems


def _unreadable(reason: str) -> tuple[FileText, list[Problem]]:
    return FileText(reason=FileReason.UNREADABLE), [Problem(ProblemKind.ATTACHMENT_UNREADABLE, reason)]


def _within(pages: tuple[FilePage, ...]) -> tuple[FilePage, ...]:
    """Return the pages as far as `MAX_CHARACTERS` go."""
    kept: list[FilePage] = []
    left = MAX_CHARACTERS
    for page in pages:
        kept.append(FilePage(page.text[:left]))
        left -= len(page.text)
        if left < 0:
            break
    return tuple(kept)


def _page(text: str) -> FilePage:
    # Half a surrogate pair is no text that could be stored.
    return FilePage(text.encode("utf-8", "replace").decode().strip())


def _read_pdf(body: bytes) -> tuple[FileText, list[Problem]]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
    problems: list[Problem] = []
    if len(reader.pages) > MAX_PAGES:
        problems.append(
            Problem(
                ProblemKind.ATTACHMENT_TOO_LONG, f"PDF of {len(reader.pages)} pages read to page {MAX_PAGES}"
            )
        )
    pages: list[FilePage] = []
    length = 0
    started = time.process_time()
    for number, page in enumerate(reader.pages[:MAX_PAGES], 1):
        pages.append(_page(page.extract_text()))
        length += len(pages[-1].text)
        if length > MAX_CHARACTERS:
            break
        if time.process_time() - started > MAX_SECONDS:
            problems.append(
                Problem(ProblemKind.ATTACHMENT_TOO_SLOW, f"PDF read to page {number} of {len(reader.pages)}")
            )
            break
    empty = sum(not page.text for page in pages)
    scan = FileReason.SCAN if empty == len(pages) else FileReason.SCAN_IN_PART if empty else None
    return FileText(tuple(pages), scan), problems


def _read_docx(body: bytes) -> tuple[FileText, list[Problem]]:
    import docx
    from docx.table import Table

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        if "word/document.xml" not in names:
            return FileText(reason=FileReason.FORMAT), []
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        return FileText(), [Problem(ProblemKind.ATTACHMENT_TOO_LARGE, f"DOCX unpacks to {unpacked} bytes")]
    document = docx.Document(io.BytesIO(body))
    texts: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            texts.extend("\t".join(cell.text.strip() for cell in row.cells) for row in block.rows)
        else:
            texts.append(block.text.strip())
    page = _page("\n\n".join(text for text in texts if text))
    return FileText((page,), None if page.text else FileReason.EMPTY), []
