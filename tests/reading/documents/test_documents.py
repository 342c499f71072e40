"""Text of documents: of those in samples/, which LibreOffice wrote from words of our own, and of some made here."""

import gzip
import unicodedata
from pathlib import Path

import pytest
from office_files import make_docx, make_pdf, zipped

from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason
from portal_archive.model.page import Problem
from portal_archive.reading.documents import bounds
from portal_archive.reading.documents.read import read_file


def pages(*texts: str, reason: FileReason | None = None) -> FileText:
    return FileText(tuple(map(FilePage, texts)), reason)


def test_pdf_text_a_paragraph_a_page() -> None:
    assert read_file(make_pdf("Cong van 12", "Trang 2")) == (pages("Cong van 12", "Trang 2"), [])


def test_docx_text_with_its_tables() -> None:
    text, problems = read_file(make_docx())
    assert problems == []
    assert text == pages(
        "Quyết định về công tác dân vận năm 2024\n\nXã\tSố hộ\n\nTả Phìn\t128\n\nNơi nhận: như trên."
    )


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n", b"GIF89a"])
def test_images_have_no_text_of_their_own(body: bytes) -> None:
    assert read_file(body) == (None, [])


@pytest.mark.parametrize("body", [b"<html>", b"Rar!\x1a\x07\0", zipped({"a": b"not a document"})])
def test_other_files_are_not_read(body: bytes) -> None:
    assert read_file(body) == (FileText(reason=FileReason.FORMAT), [])


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4\n",
        make_pdf("x")[:150],
        b"PK\x03\x04 and then nothing",
        zipped({"word/document.xml": b"<w:document"}),
    ],
)
def test_a_broken_file_is_a_problem(body: bytes) -> None:
    text, problems = read_file(body)
    assert text == FileText(reason=FileReason.UNREADABLE)
    assert [problem.kind for problem in problems] == ["attachment-unreadable"]


def test_a_long_pdf_is_read_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_PAGES", 2)
    assert read_file(make_pdf("mot", "hai", "ba")) == (
        pages("mot", "hai", reason=FileReason.CUT),
        [Problem("attachment-too-long", "PDF of 3 pages read to page 2")],
    )


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_CHARACTERS", 5)
    assert read_file(make_pdf("mot hai", "ba")) == (
        pages("mot h", reason=FileReason.CUT),
        [Problem("attachment-too-long", "PDF text cut at 5 characters")],
    )


def test_a_docx_that_would_unpack_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_UNPACKED", 1000)
    bomb = zipped({"word/document.xml": b"0" * 1001})
    assert read_file(bomb) == (
        FileText(reason=FileReason.CUT),
        [Problem("attachment-too-large", "file unpacks to 1001 bytes")],
    )


FILES = Path(__file__).parent / "samples"
PLAN = (
    "Kế hoạch phúc tra phong trào Dân vận khéo năm 2024",
    "Ban Dân vận Huyện ủy Nậm Sơn (tên đặt cho bài thử) gửi các chi bộ trực thuộc lịch phúc tra quý III.",
    "Xã\tSố hộ",
    "Tả Van Thượng\t128",
    "Bản Khoang\t96",
    "Nơi nhận: như trên; lưu văn phòng.",
)
SLIDES = (
    ("Chuyên đề tổ dân vận bản Nậm Cang", "Ba việc cần làm ngay trong mùa mưa", "Gặp gỡ từng hộ"),
    ("Kết quả quý II: 41 hộ hiến đất",),
)
SHEET = "t\nXã\tSố hộ\tNgày họp\tTỷ lệ\nTả Van Thượng\t128\t15/03/2024\t0.5\nBản Khoang\t96\t20/03/2024\t0.75"


def read(name: str) -> FileText:
    body = (FILES / name).read_bytes()
    text, problems = read_file(gzip.decompress(body) if name.endswith(".gz") else body)
    assert problems == []
    assert text is not None
    return text


def lines(page: FilePage) -> tuple[str, ...]:
    return tuple(line for line in page.text.split("\n") if line)


@pytest.mark.parametrize("ending", ["doc", "docx", "odt", "rtf"])
def test_a_document_of_each_format(ending: str) -> None:
    found = read(f"ke-hoach.{ending}")
    assert [lines(page) for page in found.pages] == [PLAN]
    assert found.reason is None


@pytest.mark.parametrize("ending", ["odp", "ppt.gz", "pptx"])
def test_a_slide_is_a_page(ending: str) -> None:
    assert tuple(map(lines, read(f"chuyen-de.{ending}").pages)) == SLIDES


@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_a_sheet_is_a_page(ending: str) -> None:
    assert read(f"so-ho.{ending}") == pages(SHEET)


@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_text_in_tcvn3_is_converted(ending: str) -> None:
    assert lines(read(f"tcvn3.{ending}").pages[0]) == (
        "Huyện ủy Nậm Sơn báo cáo kết quả thực hiện quy chế dân chủ ở cơ sở năm 2003. Các xã vùng cao đã tổ chức"
        " đối thoại với nhân dân.",
        "So 12-BC/HU",
    )


def test_decomposed_letters_are_composed() -> None:
    rtf = "".join(
        char if char.isascii() else f"\\u{ord(char)}?"
        for char in unicodedata.normalize("NFD", "Tỉnh ủy Điện Biên")
    )
    assert read_file(f"{{\\rtf1\\ansi {rtf}}}".encode()) == (pages("Tỉnh ủy Điện Biên"), [])


def test_letters_of_a_symbol_font_are_those_of_their_bytes() -> None:
    """Word moves the characters of fonts without a code page to U+F000; the old Vietnamese fonts are such."""
    typed = "HuyÖn ñy NËm S¬n b¸o c¸o kÕt qu¶ thùc hiÖn quy chÕ d©n chñ"
    moved = "".join(char if char.isascii() else f"\\u{0xF000 + ord(char)}?" for char in typed)
    assert read_file(f"{{\\rtf1\\ansi {moved}}}".encode()) == (
        pages("Huyện ủy Nậm Sơn báo cáo kết quả thực hiện quy chế dân chủ"),
        [],
    )


def test_a_pdf_whose_pages_are_pictures_is_a_scan() -> None:
    assert read_file(make_pdf("", "")) == (pages("", "", reason=FileReason.SCAN), [])
    assert read_file(make_pdf("Cong van 12", "")) == (
        pages("Cong van 12", "", reason=FileReason.SCAN_IN_PART),
        [],
    )


def test_a_file_with_a_password_says_so() -> None:
    locked = bytearray((FILES / "ke-hoach.doc").read_bytes())
    place = locked.index(b"\xec\xa5") + 0x0B  # the second byte of the flags of the information block
    locked[place] |= 0x01
    assert read_file(bytes(locked)) == (FileText(reason=FileReason.ENCRYPTED), [])
