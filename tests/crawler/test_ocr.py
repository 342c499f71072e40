"""`scrapy ocr`: scans of a portal are recognised, stored page by page, and out of the way of crawls."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from shutil import which

import pytest
from crawling import ROOT, Crawl, Site, article, html, links

from crawler.workers.tesseract import Tesseract, page_of
from demo import files
from portal_archive.archive.archive import Archive
from portal_archive.reading.documents.pictures import document_picture, page_picture

SCANS = {path.stem: path.read_bytes() for path in (ROOT / "demo" / "documents").glob("*.png")}
NOTICE = files.scanned_pdf(SCANS["thong-bao-1"], SCANS["thong-bao-2"])
needs_tesseract = pytest.mark.skipif(
    which("tesseract") is None and os.environ.get("CI") != "true", reason="needs Tesseract with Vietnamese"
)


@pytest.fixture
def crawled(site: Site, crawl: Crawl) -> Crawl:
    """A crawl of a portal with an article that offers a scan of two pages, and shows one and a photograph."""
    offered = '<p><a href="/tep/thong-bao.pdf">Thông báo kết luận</a></p><p><img src="/anh/giay-moi.png"></p>'
    photo = '<p><img src="/anh/nui.jpg"></p>'
    site.routes |= {
        "/": html(links("/tin/nuoc-sach-12.html")),
        "/tin/nuoc-sach-12.html": html(article("nước sạch", offered, photo)),
        "/tep/thong-bao.pdf": (200, {"Content-Type": "application/pdf"}, NOTICE),
        "/anh/giay-moi.png": (200, {"Content-Type": "image/png"}, SCANS["giay-moi"]),
        "/anh/nui.jpg": (200, {"Content-Type": "image/jpeg"}, files.jpeg("núi", 1024, 768)),
    }
    done = crawl.portal(site)
    assert done.returncode == 0, done.stderr
    return crawl


@needs_tesseract
def test_scans_are_recognised_once(crawled: Crawl) -> None:
    assert crawled.query("SELECT text, reason, recognised_at FROM attachments") == [(None, "scan", None)]
    assert crawled.query("SELECT count(*) FROM problems WHERE kind LIKE 'attachment%'") == [(0,)]
    with Archive(crawled.archive) as busy:
        busy.claim("crawl")
        # A crawl has the archive: what is recognised waits for it, and no longer than it is told to.
        done = crawled.command("ocr", "--max-time", "1s")
        assert done.returncode == 1
        assert "is being written to" in done.stderr
    done = crawled.command("ocr")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "3 of 3 files looked at, text recognised in 2"
    pages = crawled.query("SELECT page, text, confidence FROM attachment_pages ORDER BY page")
    assert [number for number, *_ in pages] == [1, 2]
    assert "Kết luận của Thường trực Huyện ủy" in pages[0][1]
    assert "tăng 318 hộ so với cùng kỳ" in " ".join(pages[0][1].split())
    assert "vận động các hộ đầu nguồn không chăn thả gia súc" in " ".join(pages[1][1].split())
    assert all(85 < confidence <= 100 for *_, confidence in pages)
    images = crawled.query(
        "SELECT url, text, confidence > 80, recognised_at > '' FROM images ORDER BY position"
    )
    assert [(text and text.split("\n")[0], sure, looked) for _, text, sure, looked in images] == [
        ("GIẤY MỜI", 1, 1),
        (None, None, 1),
    ]
    ((found,),) = crawled.query("SELECT attachment_text FROM articles")
    assert found.index("THÔNG BÁO") < found.index("GIẤY MỜI")
    assert crawled.query("SELECT reason FROM attachments") == [(None,)]
    again = crawled.command("ocr")
    assert (again.returncode, again.stdout) == (0, "no scan waits to be recognised\n")


def test_without_tesseract_it_says_what_to_install(crawled: Crawl, tmp_path: Path) -> None:
    process = crawled.start("ocr", path=str(tmp_path))
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.startswith(
        "3 files wait to be recognised, and Tesseract is not installed: apt-get install tesseract"
    )
    # Nothing is lost: they wait on.
    assert crawled.query("SELECT recognised_at FROM attachments") == [(None,)]


def test_a_photograph_is_no_document() -> None:
    assert document_picture(files.jpeg("núi", 1024, 768)) is None
    assert document_picture(files.png("logo", 640, 640)) is None
    picture = document_picture(SCANS["giay-moi"])
    assert picture is not None
    # Drawn larger: letters of a scan of 150 dots per inch are small.
    assert picture.startswith(b"P5 1600 2263 255\n")
    assert len(picture) == len(b"P5 1600 2263 255\n") + 1600 * 2263


def test_a_page_is_drawn_at_300_dots_per_inch() -> None:
    picture = page_picture(NOTICE, 2)
    assert picture.startswith(b"P5 2480 3509 255\n")
    assert len(picture) == len(b"P5 2480 3509 255\n") + 2480 * 3509


def test_a_page_as_large_as_a_house_is_drawn_smaller() -> None:
    huge = NOTICE.replace(b"[0 0 595 842]", b"[0 0 99999 99999]")
    head = page_picture(huge, 1)[:20].split(b"\n")[0].split()
    assert int(head[1]) * int(head[2]) <= 18_100_000


HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def test_words_specks_and_paragraphs() -> None:
    rows = (
        (1, 1, 1, 90, "Dân"),
        (1, 1, 1, 70, "vận"),
        (1, 1, 2, 96, 'kh"éo'),
        (1, 2, 1, 12, "~"),
        (2, 1, 1, 80, "Hết"),
    )
    table = HEAD + "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n"
    for block, paragraph, line, sure, word in rows:
        table += f"5\t1\t{block}\t{paragraph}\t{line}\t1\t0\t0\t9\t9\t{sure}\t{word}\n"
    page = page_of(table)
    assert page.text == 'Dân vận\nkh"éo\n\nHết'
    assert page.confidence == round((3 * 90 + 3 * 70 + 5 * 96 + 3 * 80) / 14, 1)
    assert page_of(HEAD).confidence is None


def test_a_tesseract_that_fails_or_hangs_gives_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n[ -e fail ] && exit 1\nexec sleep 60\n")
    program.chmod(stat.S_IRWXU)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crawler.workers.tesseract.SECONDS", 0.2)
    assert Tesseract(str(program)).recognise(b"P5 1 1 255\n\0") is None
    (tmp_path / "fail").touch()
    assert Tesseract(str(program)).recognise(b"P5 1 1 255\n\0") is None
