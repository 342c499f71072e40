"""A whole site served by a real NukeViet, and pages of a real Liferay, held against what their CMS had stored."""

import json
import unicodedata
from collections import Counter as Multiset
from functools import cache
from typing import Any

import pytest
from real_pages import NUKEVIET, PORTALS, needs_real_pages
from warcio.archiveiterator import ArchiveIterator

from portal_archive.integrity.check import read_and_check as read_page
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Page

_HANOI = PORTALS / "hanoi-liferay"
_HOME = "http://127.0.0.1:8088"


def _gold() -> list[dict[str, Any]]:
    if not NUKEVIET.exists():
        return []
    text = unicodedata.normalize("NFC", (NUKEVIET / "gold.jsonl").read_text())
    return [json.loads(line) for line in text.splitlines()]


GOLD = _gold()
EXACT = [row for row in GOLD if row["origin"] == "fixture"]
# The other readings were taken on pages and visits that the archive of the site does not hold.
_HELD = ("article/", "cat/", "misc/", "statistics/", "home.html", "feeds.html")
COUNTERS = {
    name: row
    for name, row in (
        json.loads((NUKEVIET / "counters.json").read_text()) if NUKEVIET.exists() else {}
    ).items()
    if name.startswith(_HELD)
}
COUNTER_FIELDS = {
    "Đang truy cập": "online",
    "Thành viên online": "members",
    "Máy chủ tìm kiếm": "bots",
    "Khách viếng thăm": "guests",
    "Hôm nay": "today",
    "Tháng hiện tại": "month",
    "Tổng lượt truy cập": "total",
}


@cache
def _responses() -> dict[str, tuple[int, str, bytes]]:
    found = {}
    with (NUKEVIET / "site.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                found[record.rec_headers.get_header("WARC-Target-URI")] = (
                    int(record.http_headers.get_statuscode()),
                    record.http_headers.get_header("Content-Type") or "",
                    record.content_stream().read(),
                )
    return found


@cache
def _page(url: str) -> Page:
    status, content_type, body = _responses()[url]
    return read_page(body, url, {"Content-Type": content_type}, status)


_LISTS = [
    f"{_HOME}/{category}/{page}"
    for category in ("cong-tac-dan-van", "xay-dung-dang", "kinh-te-xa-hoi", "van-ban-chi-dao")
    for page in ("", "page-2/", "page-3/")
]


def _word_f1(got: str, wanted: str) -> float:
    ours, theirs = Multiset(got.split()), Multiset(wanted.split())
    common = sum((ours & theirs).values())
    return 2 * common / (ours.total() + theirs.total())


def _author(row: dict[str, Any]) -> str | None:
    """Return the CMS's author line, else the byline of the body without its «Tin, ảnh:»."""
    byline = row["byline_in_body"]
    return row["author"] or (byline.split(": ")[-1] if byline else None)


def _identity(row: dict[str, Any]) -> str:
    return str(row["id"])


@needs_real_pages
@pytest.mark.parametrize("row", EXACT, ids=_identity)
def test_fields_equal_what_the_cms_stored(row: dict[str, Any]) -> None:
    page = _page(row["url"])
    article = page.article

    assert page.kind is Outcome.ARTICLE
    assert page.cms == "nukeviet"
    assert article is not None
    assert article.title == row["title"]
    assert article.published_at == row["published_at"]
    assert article.published_precision == "minute"
    assert article.author == _author(row)
    assert article.source == row["source"]
    assert article.summary == row["summary"]
    assert article.tags == row["tags"]
    assert article.views == row["hits"]
    assert article.comments == row["comments"]
    assert article.rating == row["rating"]
    assert article.cms_id == str(row["id"])
    assert article.canonical_url == row["url"]
    shown = [row["lead_image"]] if row["lead_image"] else []
    lead = [article.images[0].caption] if shown and article.images[0].caption else []
    assert article.captions == [*lead, *row["captions"]]
    assert [image.url for image in article.images] == [_HOME + path for path in (*shown, *row["images"])]
    assert [file.title for file in article.attachments] == row["attachments"]
    assert [file.url for file in article.attachments] == [
        f"{row['url']}?download=1&id={index}" for index in range(len(row["attachments"]))
    ]


@needs_real_pages
@pytest.mark.parametrize("row", EXACT, ids=_identity)
def test_body_holds_the_words_the_editor_typed(row: dict[str, Any]) -> None:
    article = _page(row["url"]).article
    assert article is not None
    body = article.body or ""
    wanted = "\n".join(row["body"])
    with_tables = "\n".join([wanted, *(cell for table in row["tables"] for cells in table for cell in cells)])

    assert max(_word_f1(body, wanted), _word_f1(body, with_tables)) >= 0.995
    # In order, each as a paragraph of its own; the rows of a table stand between them.
    tables = {"\n".join("\t".join(cells) for cells in table) for table in row["tables"]}
    assert [text for text in body.split("\n\n") if text not in tables] == row["body"]
    for caption in row["captions"]:
        assert caption not in body


@needs_real_pages
@pytest.mark.parametrize("row", GOLD, ids=_identity)
def test_every_article_is_one(row: dict[str, Any]) -> None:
    page = _page(row["url"])

    assert page.kind is Outcome.ARTICLE
    assert page.article is not None
    assert page.article.title == row["title"]
    assert page.article.published_at == row["published_at"]
    assert page.article.views == row["hits"]


@needs_real_pages
@pytest.mark.parametrize("name", COUNTERS)
def test_counter_equals_what_was_printed(name: str) -> None:
    wanted = COUNTERS[name]
    counter = _page(wanted["url"]).counter

    if not wanted["counter"]:
        assert counter is None
        return
    assert counter is not None
    assert counter.printed == {
        COUNTER_FIELDS[label]: row["printed"] for label, row in wanted["counter"].items()
    }
    for label, row in wanted["counter"].items():
        assert getattr(counter, COUNTER_FIELDS[label]) == row["value"]


@needs_real_pages
def test_kinds_of_all_other_pages() -> None:
    articles = {row["url"] for row in GOLD}
    lists = 0
    for url, (status, content_type, _) in _responses().items():
        if not content_type.startswith("text/html") or url in articles:
            continue
        page, path = _page(url), url.removeprefix(_HOME)
        if path.startswith(("/print/", "/savefile/")):
            continue  # another view of an article; never visited by a crawl
        if status == 404:
            assert page.kind is Outcome.GONE, path
        elif status != 200:
            assert page.kind is Outcome.OTHER, path
        elif url in _LISTS:
            lists += 1
            assert page.kind is Outcome.LIST, path
            listed = {item.url for item in page.items}
            expected = {row["url"] for row in GOLD if path.split("/")[1] in row["categories"]}
            assert len(listed & expected) >= 5, path
        else:
            assert page.kind in (Outcome.LIST, Outcome.OTHER), path
    assert lists == 12


@needs_real_pages
def test_lists_announce_every_article_they_show() -> None:
    announced = {item.url: item.title for url in _LISTS for item in _page(url).items}
    shown = [
        row
        for row in EXACT
        if any(row["url"].removeprefix(_HOME).encode() in _responses()[url][2] for url in _LISTS)
    ]

    assert len(shown) == 66
    for row in shown:
        assert announced[row["url"]] == row["title"]


@needs_real_pages
def test_a_list_states_date_summary_and_reads() -> None:
    rows = {row["url"]: row for row in GOLD}
    items = _page(f"{_HOME}/cong-tac-dan-van/page-2/").items
    dated = [item for item in items if item.views is not None]

    assert len(dated) >= 5
    for item in dated:
        row = rows[item.url]
        assert item.published_at is not None
        assert item.published_at[:16] == row["published_at"][:16]
        assert item.summary is not None
        assert item.summary.rstrip(".… ")[:60] == row["summary"][:60].rstrip()


@needs_real_pages
@pytest.mark.parametrize("row", [row for row in EXACT if row["id"] in (13, 16, 18, 50)], ids=_identity)
def test_the_print_view_reads_as_the_article(row: dict[str, Any]) -> None:
    url = row["url"].replace(_HOME, f"{_HOME}/print")
    article = _page(url).article

    assert article is not None
    assert article.title == row["title"]
    assert article.published_at == row["published_at"]
    assert article.summary == row["summary"]
    assert article.author == _author(row)
    assert article.source == row["source"]
    assert article.canonical_url == row["url"]
    assert article.cms_id == str(row["id"])


@needs_real_pages
@pytest.mark.parametrize(
    ("name", "count", "dated"),
    [
        ("list_cong-nghe-thong-tin.html", 10, 10),
        ("list_cong-nghe-thong-tin_page2.html", 10, 10),
        ("list_du-thao.html", 3, 3),
    ],
)
def test_hanoi_lists(name: str, count: int, dated: int) -> None:
    page = read_page((_HANOI / name).read_bytes(), "")

    assert page.cms == "liferay"
    assert page.kind is Outcome.LIST
    assert len(page.items) == count
    assert sum(1 for item in page.items if item.published_at) == dated


@needs_real_pages
def test_hanoi_home_has_a_counter() -> None:
    counter = read_page((_HANOI / "home_index.html").read_bytes(), "https://sotttt.hanoi.gov.vn/").counter

    assert counter is not None
    assert (counter.online, counter.total) == (27, 4798809)
    assert counter.printed == {"online": "27", "total": "4.798.809"}


@needs_real_pages
def test_hanoi_article_that_answers_with_a_list_is_a_soft_404() -> None:
    url = "https://sotttt.hanoi.gov.vn/web/english/home/-/view_content/3159627-some-article"
    page = read_page((_HANOI / "article_en_3159627.html").read_bytes(), url)

    assert page.kind is Outcome.SOFT_404
    assert page.article is None
