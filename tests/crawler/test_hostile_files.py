"""Files made to harm whoever reads them: bombs, loops, entities, endless nesting. All are made here.

Each must come back as what could be read of it, or as a problem; nothing outside may be read or asked.
"""

import io
import threading
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import assemble_pdf, make_docx, make_pdf, zipped
from scrapy.robotstxt import ProtegoRobotParser

from crawler.response_reader import Reading, read_response
from crawler.workers.limits import Limits, ReaderStopped
from crawler.workers.pool import ReaderPool
from portal_archive.archive.warc.foreign import read_foreign
from portal_archive.archive.warc.foreign_records import BadRecord
from portal_archive.model.kinds import Outcome, ProblemKind
from portal_archive.model.page import Problem
from portal_archive.model.records import Fetch
from portal_archive.reading.documents import bounds
from portal_archive.reading.documents.read import read_file
from portal_archive.reading.markup.document import parse

URL = "https://xa.example/tin/bai-7.html"
SECRET = "mat-khau-cua-kho"
LENIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    with ReaderPool(1, Limits(cpu_seconds=5)) as pool:
        yield pool


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """Serve a file that nobody may ask for, and list who did."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def entities(target: str, use: str) -> str:
    """Return a document type that refers to what lies elsewhere, and one that grows to gigabytes."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE {use} [<!ENTITY l0 "haha">{laughs}'
        f'<!ENTITY ext SYSTEM "{target}"><!ENTITY % par SYSTEM "{target}?dtd"> %par;]>'
    )


def docx_with(document: bytes, **more: bytes) -> bytes:
    """Return the DOCX of the other tests with another text in it."""
    with zipfile.ZipFile(io.BytesIO(make_docx())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**files, "word/document.xml": document, **more})


def text_and_problems(body: bytes) -> tuple[str | None, list[Problem]]:
    read, problems = read_file(body)
    return (read.text if read else None), problems


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(text: str) -> str:
    return f"<w:document {WORD}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"


# --- entities ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["file", "http"])
def target(request: pytest.FixtureRequest, asked: tuple[str, list[str]], tmp_path: Path) -> str:
    if request.param == "http":
        return f"{asked[0]}/secret"
    (tmp_path / "secret.txt").write_text(SECRET)
    return (tmp_path / "secret.txt").as_uri()


@pytest.mark.parametrize("use", ["&ext;", "&l9;", "x"])
def test_entities_of_a_docx_are_left_alone(target: str, use: str, asked: tuple[str, list[str]]) -> None:
    body = docx_with((entities(target, "w:document") + word(f"Toàn văn {use}")).encode())
    text, problems = text_and_problems(body)
    assert SECRET not in (text or "")
    assert "hahahaha" not in (text or "")
    assert text is not None or [problem.kind for problem in problems] == ["attachment-unreadable"]
    assert asked[1] == []


@pytest.mark.parametrize("use", ["&ext;", "&l9;"])
@pytest.mark.parametrize(
    ("kind", "markup"),
    [
        (
            Outcome.FEED,
            "<rss version='2.0'><channel><item><title>{}</title><link>https://xa.example/{}</link></item></channel></rss>",
        ),
        (
            Outcome.SITEMAP,
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://xa.example/{}{}</loc></url></urlset>",
        ),
        (None, "<html><body><h1>Tin {}</h1><p>{}</p></body></html>"),
    ],
)
def test_entities_of_feeds_sitemaps_and_pages_are_left_alone(
    target: str, use: str, kind: str | None, markup: str, asked: tuple[str, list[str]]
) -> None:
    root = markup[1:].split()[0].split(">")[0]
    body = (entities(target, root) + markup.format(use, use)).encode()
    reading = read_response(body, URL, {"Content-Type": "text/xml" if kind else "text/html"}, 200)
    assert "reader-failed" not in {problem.kind for problem in reading.problems}
    told = repr(reading)
    assert SECRET not in told
    assert "hahahaha" not in told
    assert asked[1] == []


def test_a_feed_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    from portal_archive.reading.listing.feeds import read_feed

    hidden = tmp_path / "rss.xml"
    hidden.write_text("<rss><channel><item><link>https://xa.example/lo</link></item></channel></rss>")
    assert read_feed(str(hidden).encode(), URL) == []
    assert read_feed(hidden.as_uri().encode(), URL) == []


# --- bombs -------------------------------------------------------------------------------------------------


def test_a_docx_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    buffer = io.BytesIO(make_docx())
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/image1.emf", "w", force_zip64=True) as entry,
    ):
        for _ in range(201):
            entry.write(bytes(1024 * 1024))
    body = buffer.getvalue()
    assert len(body) < 1_000_000
    text, problems = text_and_problems(body)
    assert text is None
    assert [problem.kind for problem in problems] == ["attachment-too-large"]


def test_a_docx_that_lies_about_its_size_is_not_believed() -> None:
    body = docx_with(word("a" * 5_000_000).encode())
    size = len(word("a" * 5_000_000)).to_bytes(4, "little")
    assert size in body
    text, problems = text_and_problems(body.replace(size, (1000).to_bytes(4, "little")))
    assert text is None
    assert [problem.kind for problem in problems] == ["attachment-unreadable"]


@pytest.mark.parametrize("levels", [200, 100_000])
def test_a_docx_nested_without_end(levels: int) -> None:
    deep = "<w:sdt><w:sdtContent>" * levels + "</w:sdtContent></w:sdt>" * levels
    body = docx_with(f"<w:document {WORD}><w:body>{deep}<w:p/></w:body></w:document>".encode())
    text, _ = text_and_problems(body)
    assert text is None


def test_names_in_a_docx_never_become_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = docx_with(word("Toàn văn").encode(), **{"../../../../evil.txt": b"x", "/evil.txt": b"x"})
    assert text_and_problems(body) == ("Toàn văn", [])
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "evil.txt").exists()


ODT = "mimetype", b"application/vnd.oasis.opendocument.text"
OFFICE = 'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'


@pytest.mark.parametrize("use", ["&ext;", "&l9;", "x"])
def test_entities_of_an_odt_are_left_alone(target: str, use: str, asked: tuple[str, list[str]]) -> None:
    text = f"<o:document {OFFICE}><o:body><o:text><t:p>Toàn văn {use}</t:p></o:text></o:body></o:document>"
    body = zipped(dict([ODT]) | {"content.xml": (entities(target, "o:document") + text).encode()})
    read, problems = text_and_problems(body)
    assert SECRET not in (read or "")
    assert "hahahaha" not in (read or "")
    assert read is not None or [problem.kind for problem in problems] == ["attachment-unreadable"]
    assert asked[1] == []


SHEETS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx_with(cells: str) -> bytes:
    """Return a workbook of one sheet with these cells, which refers to another workbook."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    names = {
        "rId1": ("worksheet", "worksheets/sheet1.xml"),
        "rId2": ("externalLink", "http://127.0.0.1:9/so.xlsx"),
    }
    related = "".join(
        f'<Relationship Id="{key}" Type="{RELATION}/{kind}" Target="{target}"/>'
        for key, (kind, target) in names.items()
    )
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{RELATION}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook {SHEETS} xmlns:r="{RELATION}"><sheets><sheet name="Hộ" sheetId="1" r:id="rId1"/>'
            f'</sheets><externalReferences><externalReference r:id="rId2"/></externalReferences></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{related}</Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f"<worksheet {SHEETS}><sheetData>{cells}</sheetData></worksheet>".encode(),
        }
    )


def cell(place: str, content: str) -> str:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="str"><f>WEBSERVICE("http://127.0.0.1:9/")</f><v>{content}</v></c></row>'


def test_formulas_of_a_sheet_are_not_run() -> None:
    assert text_and_problems(xlsx_with(cell("A1", "Tả Phìn"))) == ("Hộ\nTả Phìn", [])


@pytest.mark.parametrize(
    "body",
    [
        xlsx_with(cell("A1", "a") + cell("XFD1048576", "z")),
        xlsx_with("".join(cell(f"A{row}", "x" * 200) for row in range(1, 20_000))),
        zipped({"xl/workbook.xml": bytes(150 * 1024 * 1024)}),
        zipped(dict([ODT]) | {"content.xml": b"<a>" * 1_000_000}),
        b"{\\rtf1" + b"{" * 500_000,
        b"{\\rtf1 " + b"\\u9?" * 1_000_000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
    ],
    ids=["endless sheet", "long sheet", "zeros", "deep", "braces", "letters", "empty container"],
)
def test_a_hostile_office_file_ends(body: bytes, readers: ReaderPool) -> None:
    assert len(body) < 8_000_000
    ((_, answer),) = readers.in_order(read_file, [body])
    if isinstance(answer, ReaderStopped):
        assert answer.kind in (ProblemKind.READER_TOO_LARGE, ProblemKind.READER_TOO_SLOW)
        return
    read, problems = answer
    assert read.reason is not None or sum(len(page.text) for page in read.pages) <= bounds.MAX_CHARACTERS
    assert len(problems) <= 2


def zeros(megabytes: int) -> bytes:
    """Return so many megabytes of nothing, compressed."""
    packer = zlib.compressobj()
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)) + packer.flush()


def flate(data: bytes, times: int = 1, *, packed: bool = False) -> bytes:
    for _ in range(times - packed):
        data = zlib.compress(data, 9)
    return b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (
        len(data),
        b"/FlateDecode " * times,
        data,
    )


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PDFS = {
    "bomb": assemble_pdf(CATALOG, PAGES, PAGE, flate(zeros(200), packed=True)),
    "bomb in a bomb": assemble_pdf(CATALOG, PAGES, PAGE, flate(zeros(200), 2, packed=True)),
    "pages that hold themselves": assemble_pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"),
    "a page that is its own parent": assemble_pdf(
        CATALOG, PAGES, b"<< /Type /Page /Parent 3 0 R /Contents 3 0 R >>"
    ),
    "a billion pages": assemble_pdf(CATALOG, b"<< /Type /Pages /Kids [] /Count 1000000000 >>"),
    "arrays without end": assemble_pdf(CATALOG, PAGES, PAGE, b"[" * 200_000),
    "dictionaries without end": assemble_pdf(CATALOG, b"<< /A " * 100_000),
    "text without end": assemble_pdf(CATALOG, PAGES, PAGE, flate(b"BT " + b"(a) Tj " * 400_000)),
    "a form that draws itself": assemble_pdf(
        CATALOG,
        PAGES,
        PAGE[:-3] + b" /Resources << /XObject << /X 5 0 R >> >> >>",
        flate(b"/X Do"),
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 5 0 R >> >> /Length 5 >>"
        b"\nstream\n/X Do\nendstream",
    ),
    "a table of places that goes in circles": b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n"
    b"<< /Root 1 0 R /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF\n",
    "a length beyond the end": assemble_pdf(
        CATALOG, PAGES, PAGE, b"<< /Length 99999999999 >>\nstream\nx\nendstream"
    ),
}


@pytest.mark.parametrize("name", PDFS)
def test_a_hostile_pdf_ends(name: str, readers: ReaderPool) -> None:
    ((_, answer),) = readers.in_order(read_file, [PDFS[name]])
    if isinstance(answer, ReaderStopped):
        assert answer.kind in (ProblemKind.READER_TOO_LARGE, ProblemKind.READER_TOO_SLOW)
        return
    text, problems = answer
    assert sum(len(page.text) for page in text.pages) <= bounds.MAX_CHARACTERS
    assert {problem.kind for problem in problems} <= {
        "attachment-unreadable",
        "attachment-too-large",
        "attachment-too-slow",
        "attachment-too-long",
    }
    assert all(len(problem.detail) <= 250 for problem in problems)


@LENIENT
@given(st.data())
def test_any_pdf_or_docx_that_was_changed_anywhere(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([make_pdf("Cong van", "Trang 2"), make_docx()])))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(5, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    text, problems = text_and_problems(bytes(body))
    assert text is None or text == text.encode().decode().strip()
    assert len(problems) <= 3


# --- pages -------------------------------------------------------------------------------------------------


def read(body: bytes, content_type: str = "text/html; charset=utf-8") -> Reading:
    reading = read_response(body, URL, {"Content-Type": content_type}, 200)
    assert "reader-failed" not in {problem.kind for problem in reading.problems}
    return reading


STORY = (
    "<h1>Hội nghị công tác dân vận</h1><p>Ngày đăng: 18/01/2024</p>"
    + "<p>Đoạn văn về công tác dân vận ở xã.</p>" * 20
)
PAGES_OF_HARM = {
    "divs": "<div>" * 100_000 + STORY,
    "tables": "<table><tr><td>" * 20_000 + STORY,
    "inline": "<b><i><a href=x>" * 20_000 + STORY,
    "lists": "<ul><li>" * 30_000 + STORY,
    "fonts": "<font><span>" * 30_000 + STORY,
    "forms": "<form><fieldset>" * 10_000 + STORY,
    "svg": "<svg><g>" * 30_000 + STORY,
    "attribute": f"<p title='{'a' * 8_000_000}'>x</p>{STORY}",
    "attributes": f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>x</p>{STORY}",
    "classes": f"<div class='{'title ' * 200_000}'>x</div>{STORY}",
    "style": f"<div style='{'display:none;' * 100_000}'>x</div>{STORY}",
    "address": f"<a href='https://{'a.' * 500_000}'>x</a>{STORY}",
    "script": f"<script>{'var a=1;' * 500_000}</script>{STORY}",
    "comment": f"<!-- {'-' * 3_000_000} {STORY}",
    "tag": f"<{'a' * 3_000_000}>{STORY}",
    "quotes": "<p a='" * 50_000 + STORY,
    "ampersands": "&" * 1_000_000 + STORY,
    "entities": "&#x110000;&#0;&#xD800;&nosuch;" * 50_000 + STORY,
    "zeros": "\x00" * 1_000_000 + STORY,
    "marks": "a" + "\u0301" * 500_000 + STORY,
    "blanks": STORY + " \n" * 2_000_000,
    "digits": STORY + "<p>Lượt xem: " + "9" * 500_000,
    "dates": STORY + "<p>" + "18/01/2024 " * 100_000,
    "labels": STORY + "<p>" + "Tác giả: " * 100_000,
    "links": "".join(f"<a href='/tin-{n}.html'>Tin tức số {n} của huyện Bản Mây</a>" for n in range(20_000)),
    "same id": "<div id='news-bodyhtml'>" * 5_000 + STORY,
    "bases": "<base href='//['>" * 20_000 + STORY,
    "json": f"<script type='application/ld+json'>{'[' * 100_000}</script>{STORY}",
}


@pytest.mark.parametrize("name", PAGES_OF_HARM)
def test_a_hostile_page_is_read_or_named(name: str) -> None:
    reading = read(PAGES_OF_HARM[name].encode("utf-8", "surrogatepass"))
    assert reading.kind in set(Outcome)
    assert all(len(problem.detail) <= 400 for problem in reading.problems)


@pytest.mark.parametrize("value", ["", "=1", "='>'", '=">"'])
def test_a_tag_with_too_many_attributes_is_cut_and_the_text_after_it_kept(value: str) -> None:
    attributes = " ".join(f"a{number}{value}" for number in range(60_000))
    document = parse(f"<html><p {attributes}>x</p>{STORY}".encode(), URL)
    assert document.tree.findtext(".//h1") == "Hội nghị công tác dân vận"
    assert max(len(element.attrib) for element in document.tree.iter()) <= 1000


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=" + "a" * 100_000, "text/html; charset=idna", "x" * 99_999]
)
def test_a_hostile_content_type(content_type: str) -> None:
    assert read(STORY.encode(), content_type).kind in set(Outcome)


@LENIENT
@given(
    st.lists(
        st.sampled_from(
            [
                "<rss>",
                "<channel>",
                "<item>",
                "</item>",
                "<link>",
                "https://x.example/",
                "]]>",
                "<![CDATA[",
                "&amp;",
                "&x;",
                "\x0b",
                "<?xml version='1.0' encoding='utf-16'?>",
                "<pubDate>",
                "31/02/2024",
            ]
        ),
        max_size=40,
    )
)
def test_any_feed(parts: list[str]) -> None:
    assert read(("<rss>" + "".join(parts)).encode(), "application/rss+xml").kind == Outcome.FEED


@LENIENT
@given(
    st.lists(
        st.sampled_from(
            [
                "<url>",
                "</url>",
                "<loc>",
                "https://[x/",
                "</loc>",
                "<sitemap>",
                "<lastmod>",
                "\x00",
                "&x;",
                "<?x?>",
                "<!--",
                "ÿ",
            ]
        ),
        max_size=40,
    )
)
def test_any_sitemap(parts: list[str]) -> None:
    assert read(("<urlset>" + "".join(parts)).encode("latin-1"), "application/xml").kind == Outcome.SITEMAP


@LENIENT
@given(
    st.binary(max_size=300)
    | st.just(b"User-agent: *\nDisallow: " + b"*" * 5000)
    | st.just(b"Disallow: /\n" * 50_000)
)
def test_any_robots_txt(body: bytes) -> None:
    parser = ProtegoRobotParser.from_crawler(None, body)
    assert parser.allowed(URL, "portal-archive") in (True, False)


# --- captures of others ------------------------------------------------------------------------------------


@LENIENT
@given(data=st.data())
def test_any_warc(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://xa.example/../../../etc/passwd\r\n"
        b"WARC-Date: 2019-03-02T01:02:03Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>x</p></html>"
    body = bytearray((head % len(http) + http + b"\r\n\r\n") * 2)
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    path = tmp_path_factory.mktemp("warc") / "x.warc"
    path.write_bytes(bytes(body))
    for item in read_foreign([path], max_body=10_000):
        assert isinstance(item, Fetch | BadRecord)
    assert [found.name for found in path.parent.iterdir()] == ["x.warc"]


def test_the_corpus_is_made_of_files_that_were_sound(tmp_path: Path) -> None:
    assert text_and_problems(docx_with(word("Toàn văn").encode())) == ("Toàn văn", [])
    assert text_and_problems(assemble_pdf(CATALOG, PAGES, PAGE, flate(b"BT ET")))[1] == []
    docx.Document(io.BytesIO(make_docx()))
