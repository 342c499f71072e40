"""Text of PDF and DOCX files, made here; hostile ones among them."""

import io
import zipfile

import docx
import pytest

from crawler import attachments
from crawler.attachments import read_attachment
from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason
from portal_archive.model.page import Problem


def make_pdf(*pages: str) -> bytes:
    """Return a PDF with a line of Latin text on each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        contents = len(objects)
        font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>"
            % (contents, font)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return assemble_pdf(*objects)


def assemble_pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, the first of which is its catalogue."""
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def pages(*texts: str, reason: FileReason | None = None) -> FileText:
    return FileText(tuple(map(FilePage, texts)), reason)


def make_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("Quyết định về công tác dân vận năm 2024")
    table = document.add_table(rows=2, cols=2)
    for row, texts in enumerate((("Xã", "Số hộ"), ("Tả Phìn", "128"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.add_paragraph("Nơi nhận: như trên.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_pdf_text_a_paragraph_a_page() -> None:
    assert read_attachment(make_pdf("Cong van 12", "Trang 2")) == (pages("Cong van 12", "Trang 2"), [])


def test_docx_text_with_its_tables() -> None:
    text, problems = read_attachment(make_docx())
    assert problems == []
    assert text == pages(
        "Quyết định về công tác dân vận năm 2024\n\nXã\tSố hộ\n\nTả Phìn\t128\n\nNơi nhận: như trên."
    )


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n", b"GIF89a", b"<html>"])
def test_other_files_have_no_text(body: bytes) -> None:
    assert read_attachment(body) == (None, [])


def test_an_archive_of_other_files_is_no_document() -> None:
    assert read_attachment(zipped(a=b"not a document")) == (FileText(reason=FileReason.FORMAT), [])


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4\n",
        make_pdf("x")[:150],
        b"PK\x03\x04 and then nothing",
        zipped(**{"word/document.xml": b"<w:document"}),
    ],
)
def test_a_broken_file_is_a_problem(body: bytes) -> None:
    text, problems = read_attachment(body)
    assert text == FileText(reason=FileReason.UNREADABLE)
    assert [problem.kind for problem in problems] == ["attachment-unreadable"]


def test_a_long_pdf_is_read_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_PAGES", 2)
    assert read_attachment(make_pdf("mot", "hai", "ba")) == (
        pages("mot", "hai", reason=FileReason.CUT),
        [Problem("attachment-too-long", "PDF of 3 pages read to page 2")],
    )


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_CHARACTERS", 5)
    assert read_attachment(make_pdf("mot hai", "ba")) == (
        pages("mot h", reason=FileReason.CUT),
        [Problem("attachment-too-long", "PDF text cut at 5 characters")],
    )


def test_a_docx_that_would_unpack_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_UNPACKED", 1000)
    bomb = zipped(**{"word/document.xml": b"0" * 1001})
    assert read_attachment(bomb) == (
        FileText(reason=FileReason.CUT),
        [Problem("attachment-too-large", "DOCX unpacks to 1001 bytes")],
    )
