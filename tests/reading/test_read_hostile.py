"""Whatever a server sends, reading gives a page and raises nothing."""

from __future__ import annotations

import re
import unicodedata

import portal_pages as pages
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_read_templates import CASES, HOST

from portal_archive.model.kinds import Outcome
from portal_archive.reading.listing.links import find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.read import read_document, read_page

STORY = pages.Story()
SOURCES = [case.template(STORY, HOST + case.path).encode() for case in CASES.values()]
URLS = st.sampled_from(["", "http://", "https://[x/", *(HOST + case.path for case in CASES.values())])
HEADERS = st.sampled_from(
    [
        {},
        {"content-type": "text/html; charset=utf-16"},
        {"Content-Type": "text/html; charset=no-such"},
        {"Content-Type": "application/pdf", "Date": "no date"},
        {"Date": "Tue, 04 Jun 2024 01:00:00 GMT"},
    ]
)
LENIENT = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def _read(body: bytes, url: str, headers: dict[str, str], status: int = 200) -> None:
    document = parse(body, url, headers, status)
    page = read_document(document)
    find_links(document, page)
    values = page.as_dict()
    assert values["kind"] in set(Outcome)
    assert (page.article is not None) == (page.kind is Outcome.ARTICLE)
    for text in (values["title"], values["summary"], values["body"], values["author"], values["source"]):
        assert text is None or (text == unicodedata.normalize("NFC", text) and text.strip())
        assert text is None or "\x00" not in text
    assert all(len(problem.detail) <= 400 for problem in page.problems)


@LENIENT
@given(st.binary(max_size=400), URLS, HEADERS, st.sampled_from([200, 206, 302, 404, 429, 500, 0]))
def test_any_bytes(body: bytes, url: str, headers: dict[str, str], status: int) -> None:
    _read(body, url, headers, status)


@LENIENT
@given(st.text(max_size=400), URLS)
def test_any_text(text: str, url: str) -> None:
    _read(text.encode("utf-8", "surrogatepass"), url, {})


@LENIENT
@given(st.data())
def test_pages_cut_and_glued_anywhere(data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(SOURCES))
    second = data.draw(st.sampled_from(SOURCES))
    start, stop = data.draw(st.integers(0, len(first))), data.draw(st.integers(0, len(second)))
    _read(
        first[:start] + data.draw(st.binary(max_size=20)) + second[stop:], data.draw(URLS), data.draw(HEADERS)
    )


TAGS = st.sampled_from(
    "div p table tr td ul li h1 h2 a img br span form article !-- script figure figcaption svg".split()
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' class="title"',
        ' id="news-bodyhtml"',
        ' id="print"',
        ' class="bodytext"',
        ' style="display:none"',
        ' href="/a-1.html"',
        ' href="http://[::1"',
        ' src="data:x"',
        ' class="journal-content-article"',
        " href=' '",
    ]
)
WORDS = st.sampled_from(
    ["Ngày 31/02/2024", "Lượt xem: 9" * 9, "Tác giả:", *pages.PARAGRAPHS, pages.TITLE, "…", "\u0301"]
)


@LENIENT
@given(st.lists(st.tuples(st.sampled_from(["<", "</"]), TAGS, ATTRIBUTES, WORDS), max_size=60), URLS)
def test_any_markup(parts: list[tuple[str, str, str, str]], url: str) -> None:
    html = "".join(f"{opening}{tag}{attributes}>{word}" for opening, tag, attributes, word in parts)
    _read(html.encode(), url, {})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1258"])
def test_a_page_reads_the_same_in_every_encoding_that_holds_it(encoding: str) -> None:
    case = CASES["moha"]
    html = (
        unicodedata.normalize("NFD", case.template(STORY, ""))
        if encoding == "cp1258"
        else case.template(STORY, "")
    )
    html = html.replace('<meta charset="utf-8">', "")
    body = html.encode(encoding, "xmlcharrefreplace")
    wanted = read_page(case.template(STORY, "").encode(), "").article
    article = read_page(
        body, "", {"Content-Type": f"text/html; charset={encoding.removesuffix('-sig')}"}
    ).article

    assert article is not None
    assert wanted is not None
    assert (article.title, article.body, article.published_at) == (
        wanted.title,
        wanted.body,
        wanted.published_at,
    )


def test_a_page_that_says_latin_1_and_is_utf_8() -> None:
    html = CASES["moha"].template(STORY, "").replace('charset="utf-8"', 'charset="iso-8859-1"')
    page = read_page(html.encode(), "", {"Content-Type": "text/html; charset=ISO-8859-1"})

    assert page.article is not None
    assert page.article.title == pages.TITLE
    assert page.article.body == STORY.body
    assert {problem.kind for problem in page.problems} == {"charset-lie"}


_TCVN3 = str.maketrans(
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđĐ",
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ®§",
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_page_of_the_nineties_in_tcvn3(encoding: str) -> None:
    story = pages.Story(caption=None, image=None)
    html = (
        pages.nested_tables(story, "").replace("“", '"').replace("”", '"').replace("²", "2").replace("Ô", "ô")
    )
    stored = "".join(
        part if part.startswith("<") else part.translate(_TCVN3) for part in re.split(r"(<[^>]*>)", html)
    )
    stored = stored.replace('<meta charset="utf-8">', "")
    page = read_page(
        stored.encode(encoding, "xmlcharrefreplace"), "", {"Content-Type": f"text/html; charset={encoding}"}
    )

    assert "legacy-encoding" in {problem.kind for problem in page.problems}
    assert page.article is not None
    assert page.article.title == pages.TITLE.replace("“", '"').replace("”", '"')
    assert page.article.published_at == "2024-05-14T00:00:00+07:00"
    assert page.article.body == (
        "\n\n".join(pages.PARAGRAPHS).replace("“", '"').replace("”", '"').replace("²", "2").replace("Ô", "ô")
    )
