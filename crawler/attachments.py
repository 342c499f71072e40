"""Text of attachments: PDF and DOCX files, which anybody may have made.

Neither library can be stopped within a page, and a file of some kilobytes can ask for gigabytes: read them in a worker
(see `crawler.workers`). The limits here are those within which a part is better than nothing.
"""

from __future__ import annotations

import io
import logging
import time
import zipfile

from portal_archive.model.kinds import ProblemKind
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


def read_attachment(body: bytes) -> tuple[str | None, list[Problem]]:
    """Return the text of a PDF or DOCX file, and what was wrong with it.

    Text is None for any other file, for a scan without text and for a file that cannot be read. A text longer
    than `MAX_CHARACTERS`, or of more than `MAX_PAGES` pages, is cut there, as is one that takes longer than
    `MAX_SECONDS`, and a problem says so. Raises MemoryError for a file that needs more memory than there is.
    """
    kind = _kind(body)
    if kind is None:
        return None, []
    read = _read_pdf if kind == "PDF" else _read_docx
    try:
        text, problems = read(body)
    except RecursionError:
        return None, [Problem(ProblemKind.ATTACHMENT_UNREADABLE, f"{kind} nested too deeply")]
    except MemoryError:
        raise  # the worker tells, and is replaced
    except Exception as error:  # the file is hostile or broken: its libraries raise whatever they come across
        return None, [
            Problem(ProblemKind.ATTACHMENT_UNREADABLE, f"{kind}: {type(error).__name__}: {error}"[:200])
        ]
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        problems.append(
            Problem(ProblemKind.ATTACHMENT_TOO_LONG, f"{kind} text cut at {MAX_CHARACTERS} characters")
        )
    # Half a surrogate pair is no text that could be stored.
    return text.encode("utf-8", "replace").decode().strip() or None, problems


def _read_pdf(body: bytes) -> tuple[str, list[Problem]]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
    problems: list[Problem] = []
    if len(reader.pages) > MAX_PAGES:
        problems.append(
            Problem(
                ProblemKind.ATTACHMENT_TOO_LONG, f"PDF of {len(reader.pages)} pages read to page {MAX_PAGES}"
            )
        )
    texts: list[str] = []
    length = 0
    started = time.process_time()
    for number, page in enumerate(reader.pages[:MAX_PAGES], 1):
        texts.append(page.extract_text().strip())
        length += len(texts[-1])
        if length > MAX_CHARACTERS:
            break
        if time.process_time() - started > MAX_SECONDS:
            problems.append(
                Problem(ProblemKind.ATTACHMENT_TOO_SLOW, f"PDF read to page {number} of {len(reader.pages)}")
            )
            break
    return "\n\n".join(text for text in texts if text), problems


def _read_docx(body: bytes) -> tuple[str, list[Problem]]:
    import docx
    from docx.table import Table

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        if "word/document.xml" not in names:
            return "", []
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        return "", [Problem(ProblemKind.ATTACHMENT_TOO_LARGE, f"DOCX unpacks to {unpacked} bytes")]
    document = docx.Document(io.BytesIO(body))
    texts: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            texts.extend("\t".join(cell.text.strip() for cell in row.cells) for row in block.rows)
        else:
            texts.append(block.text.strip())
    return "\n\n".join(text for text in texts if text), []
