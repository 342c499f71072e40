from __future__ import annotations

import json
from pathlib import Path

import pytest
from visiting import Site, article, articles, hours, url

from portal_archive.archive.moments import to_text
from portal_archive.model.errors import ArchiveError
from portal_archive.model.file_text import FilePage, FileText
from portal_archive.model.kinds import FileReason, Outcome, Precision
from portal_archive.model.page import READER_VERSION, Attachment, Counter, Image, Page, Problem
from portal_archive.model.records import CaptureRef, Visit


def at(number: float) -> str:
    return to_text(hours(number))


def test_every_field_of_an_article(site: Site) -> None:
    shown = article(
        summary="Tóm tắt",
        html="<p>Nội dung</p>",
        captions=["Ảnh 1", "Ảnh 2"],
        author="Kim Anh",
        source="Báo Lai Châu",
        published_precision=Precision.MINUTE,
        modified_at="2026-03-01T09:00:00+07:00",
        category="Tin huyện",
        tags=["dân vận", "giao ban"],
        views=5087,
        rating={"points": 9, "votes": 2},
        comments=0,
        images=[Image(url("1.jpg"), "Ảnh 1"), Image(url("2.jpg"))],
        attachments=[Attachment(url("1.pdf"), "Công văn")],
        cms_id="7",
    )
    site.read("tin/bai-7.html", 0, shown, methods={"title": "nukeviet", "views": "meta"})
    columns = (
        "portal, url, cms_id, summary, html, captions, author, source, published_at, published_precision,"
        " modified_at, category, tags, views, rating_points, rating_votes, comments, version, capture_id,"
        " fetched_at, first_seen, last_seen, methods, reader_version"
    )
    assert site.one(f"SELECT {columns} FROM articles") == (
        *("huyen", url("tin/bai-7.html"), "7", "Tóm tắt", "<p>Nội dung</p>", "Ảnh 1\nẢnh 2", "Kim Anh"),
        *("Báo Lai Châu", "2026-03-01T08:00:00+07:00", "minute", "2026-03-01T09:00:00+07:00", "Tin huyện"),
        *('["dân vận", "giao ban"]', 5087, 9, 2, 0, 1, 1, at(0), at(0), at(0)),
        *('{"title": "nukeviet", "views": "meta"}', READER_VERSION),
    )
    assert site.rows("SELECT position, url, caption FROM images") == [
        (1, url("1.jpg"), "Ảnh 1"),
        (2, url("2.jpg"), None),
    ]
    assert site.rows("SELECT position, url, title FROM attachments") == [(1, url("1.pdf"), "Công văn")]


def test_a_value_that_a_later_page_does_not_show_stays(site: Site) -> None:
    site.read("a.html", 0, article(views=5, category="Tin", tags=["x"], comments=2, html="<p>x</p>"))
    site.read("a.html", 30)
    assert site.one("SELECT views, category, tags, comments, html FROM articles") == (
        5,
        "Tin",
        '["x"]',
        2,
        "<p>x</p>",
    )


def test_views_are_a_row_when_they_change(site: Site) -> None:
    for hour, views in ((0, 5), (1, 5), (2, 7), (3, None), (4, 7), (5, 5)):
        site.read("a.html", hour, article(views=views))
    assert site.rows("SELECT seen_at, last_seen, views FROM article_views ORDER BY seen_at") == [
        (at(0), at(1), 5),
        (at(2), at(4), 7),
        (at(5), at(5), 5),
    ]
    site.read("a.html", 6, article(views=5, rating={"points": 4, "votes": 1}))
    assert site.one(
        "SELECT views, rating_points, rating_votes FROM article_views WHERE seen_at = ?", at(6)
    ) == (5, 4, 1)


def test_an_older_sighting_goes_to_its_place_in_the_series(site: Site) -> None:
    for hour, views in ((0, 5), (10, 5), (5, 7), (-5, 5), (20, 9), (15, 9)):
        site.read("a.html", hour, article(views=views))
    assert site.rows("SELECT seen_at, last_seen, views FROM article_views ORDER BY seen_at") == [
        (at(-5), at(0), 5),
        (at(5), at(5), 7),
        (at(10), at(10), 5),
        (at(15), at(20), 9),
    ]


def test_zero_is_a_value(site: Site) -> None:
    site.read("a.html", 0, article(views=0))
    assert site.rows("SELECT views FROM article_views") == [(0,)]


def test_each_visit_that_showed_a_counter_is_a_reading(site: Site) -> None:
    counter = Counter(online=3, total=0, printed={"online": "3", "total": "0"}, reasons={"today": "script"})
    site.read("a.html", 0, counter=counter)
    site.read("a.html", 1, counter=counter)
    site.read("a.html", 2)
    page = Page(url=url(""), kind=Outcome.LIST, counter=Counter(total=9))
    site.visit("", 3, "list", page=page)
    assert site.rows("SELECT url, read_at, online, today, total, printed, reasons FROM counter_readings") == [
        (url("a.html"), at(0), 3, None, 0, '{"online": "3", "total": "0"}', '{"today": "script"}'),
        (url("a.html"), at(1), 3, None, 0, '{"online": "3", "total": "0"}', '{"today": "script"}'),
        (url(""), at(3), None, None, 9, "{}", "{}"),
    ]
    assert site.rows(
        "SELECT c.url FROM counter_readings r JOIN captures c ON c.id = r.capture_id ORDER BY r.id"
    ) == [
        (url("a.html"),),
        (url("a.html"),),
        (url(""),),
    ]


def test_a_problem_is_counted_and_closed(site: Site) -> None:
    bad = Problem("date-impossible", "31/02/2026", "published_at")
    site.read("a.html", 0, problems=[bad])
    site.read("a.html", 1, problems=[Problem("date-impossible", "30/02/2026", "published_at")])
    row = "SELECT kind, field, detail, first_seen, last_seen, count, closed_at FROM problems"
    assert site.rows(row) == [("date-impossible", "published_at", "30/02/2026", at(0), at(1), 2, None)]
    site.error("a.html", 2, problems=[Problem("timeout", "no answer in 30 s")])
    assert site.rows(f"{row} ORDER BY id")[0][-1] is None
    site.read("a.html", 3)
    assert [(found[0], found[-1]) for found in site.rows(f"{row} ORDER BY id")] == [
        ("date-impossible", at(3)),
        ("timeout", at(3)),
    ]
    site.read("a.html", 4, problems=[bad])
    assert site.rows(f"{row} ORDER BY id")[0] == (
        *("date-impossible", "published_at", "31/02/2026", at(0), at(4), 3),
        None,
    )
    # Of an older capture, imported later: neither reopens nor closes.
    site.read("a.html", 5)
    site.read("a.html", -5, problems=[bad])
    assert site.rows(f"{row} ORDER BY id")[0][3:] == (at(-5), at(4), 4, at(5))


def test_the_figures_of_a_crawl(site: Site) -> None:
    site.list("", 0, articles("a.html", "b.html"))
    methods = {"title": "nukeviet", "author": "meta"}
    site.read("a.html", 0, article(author="Kim Anh", views=0), methods=methods, counter=Counter(total=1))
    site.read("b.html", 0.5, article(title="B"), problems=[Problem("x", "y")])
    assert site.one(
        "SELECT pages, new_articles, changed_articles, gone_articles, problems, last_active_at FROM crawls"
    ) == (3, 2, 0, 0, 1, at(0.5))
    site.begin(24)
    site.read("a.html", 24, article(author="Kim Chi"))
    assert site.one("SELECT pages, new_articles, changed_articles FROM crawls WHERE id = 2") == (1, 0, 1)
    fields = dict(site.rows("SELECT field, filled || '/' || articles FROM crawl_fields WHERE crawl_id = 1"))
    assert fields == {
        "title": "2/2",
        "body": "2/2",
        "published_at": "2/2",
        "views": "1/2",
        "counter": "1/2",
        # Read from the metadata only: it says nothing about what people see.
        "author": "0/2",
        # Pages taken for articles that were some.
        "article": "2/2",
        **dict.fromkeys(("summary", "captions", "source", "category", "tags", "rating"), "0/2"),
        **dict.fromkeys(("comments", "images", "attachments"), "0/2"),
    }


def test_captures_know_their_article_and_what_they_repeat(site: Site) -> None:
    site.read("a.html", 0, digest="same")
    original = site.one("SELECT digest FROM captures")
    assert site.archive.payload(original) == (url("a.html"), hours(0))
    assert site.archive.payload("sha1:NONE") is None
    again = CaptureRef("huyen/1.warc.gz", 99, 5, original, revisit=True)
    site.read("a.html", 24, capture=again)
    assert site.rows("SELECT id, url, fetched_at, status, kind, revisit_of, article_id FROM captures") == [
        (1, url("a.html"), at(0), 200, "article", None, 1),
        (2, url("a.html"), at(24), 200, "article", 1, 1),
    ]
    assert site.archive.payload(original) == (url("a.html"), hours(0))


def test_a_visit_beside_the_frontier_leaves_pages_alone(site: Site) -> None:
    page = Page(url=url("counter.asp"), kind=Outcome.OTHER, counter=Counter(total=5))
    site.visit("counter.asp", 0, "other", page=page, off_frontier=True, problems=[Problem("slow", "12 s")])
    assert site.one("SELECT count(*) FROM captures") == 1
    assert site.one("SELECT total FROM counter_readings") == 5
    assert site.one("SELECT kind FROM problems") == "slow"
    assert site.one("SELECT count(*) FROM pages WHERE depth > 0") == 0
    assert site.one("SELECT pages FROM crawls") == 0


def test_a_file_that_comes_before_its_article(site: Site) -> None:
    site.visit("1.pdf", 0, "file", file_text=FileText.whole("Công văn số 25"))
    assert site.one("SELECT text FROM unclaimed_texts") == "Công văn số 25"
    site.read("a.html", 1, article(attachments=[url("1.pdf")]))
    assert site.one("SELECT attachment_text FROM articles") == "Công văn số 25"
    assert site.one("SELECT text, capture_id FROM attachments") == ("Công văn số 25", 1)
    assert site.rows("SELECT * FROM unclaimed_texts") == []
    # Offered again with another article, and in another place of the first: it was fetched once.
    site.read("b.html", 2, article(title="B", attachments=[url("1.pdf")]))
    site.read("a.html", 3, article(attachments=[url("2.pdf"), url("1.pdf")]))
    assert site.rows("SELECT article_id, position, url, text FROM attachments ORDER BY 1, 2") == [
        (1, 1, url("2.pdf"), None),
        (1, 2, url("1.pdf"), "Công văn số 25"),
        (2, 1, url("1.pdf"), "Công văn số 25"),
    ]


def test_what_fails_takes_nothing_else_with_it(site: Site) -> None:
    with site.archive.batch():
        site.read("a.html", 0)
        stranger = Visit("khong-co", url("x"), url("x"), hours(0), "list")
        with pytest.raises(ArchiveError, match="khong-co: a portal the archive does not know"):
            site.archive.store(stranger)
        site.read("b.html", 0, article(title="B"))
    assert site.one("SELECT count(*) FROM articles") == 2


def test_a_batch_is_one_transaction(site: Site) -> None:
    def fail() -> None:
        with site.archive.batch():
            site.read("a.html", 0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert site.one("SELECT count(*) FROM articles") == 0
    assert site.read("a.html", 0).is_new


def test_a_killed_visit_is_due_again(tmp_path: Path) -> None:
    """The capture was written, the process killed before it was stored: the page is asked for once more."""
    site = Site(tmp_path / "archive.db")
    site.begin(0)
    site.list("", 0, articles("a.html"))
    page = site.archive.frontier.next_page(site.crawl)  # type: ignore[arg-type]
    assert page is not None
    crawl = site.archive.begin_crawl("huyen", hours(0.5))
    assert crawl.resumed
    assert site.archive.frontier.next_page(crawl) == page


def scan(*texts: str, reason: FileReason | None = None, confidence: float | None = None) -> FileText:
    return FileText(tuple(FilePage(text, confidence if text else None) for text in texts), reason)


def test_pages_of_a_file_keep_their_numbers(site: Site) -> None:
    site.read("a.html", 0, article(attachments=[url("1.pdf")]))
    site.visit(
        "1.pdf", 1, "file", file_text=scan("Trang một", "", "Trang ba", reason=FileReason.SCAN_IN_PART)
    )
    assert site.rows("SELECT page, text, confidence FROM attachment_pages") == [
        (1, "Trang một", None),
        (3, "Trang ba", None),
    ]
    assert site.one("SELECT text, reason, recognised_at FROM attachments") == (
        "Trang một\n\nTrang ba",
        "scan-in-part",
        None,
    )
    recognised = FileText((FilePage("Trang một"), FilePage("Dấu đỏ", 81.5), FilePage("Trang ba")))
    assert site.archive.recognised("huyen", url("1.pdf"), recognised, hours(2)) == 1
    assert site.rows("SELECT page, text, confidence FROM attachment_pages") == [
        (1, "Trang một", None),
        (2, "Dấu đỏ", 81.5),
        (3, "Trang ba", None),
    ]
    assert site.one("SELECT reason, recognised_at FROM attachments") == (None, at(2))
    assert site.one("SELECT attachment_text FROM articles") == "Trang một\n\nDấu đỏ\n\nTrang ba"
    text, spans, reason = site.one("SELECT text, page_spans, reason FROM attachments")
    assert FileText.stored(text, json.loads(spans), reason) == recognised


def test_what_was_recognised_lasts_as_long_as_the_file(site: Site) -> None:
    site.read("a.html", 0, article(attachments=[url("1.pdf")]))
    site.visit("1.pdf", 1, "file", digest="x", file_text=scan("", reason=FileReason.SCAN))
    site.archive.recognised("huyen", url("1.pdf"), scan("Kế hoạch", confidence=90.0), hours(2))
    site.visit("1.pdf", 3, "file", digest="x", file_text=scan("", reason=FileReason.SCAN))
    known = "SELECT text, reason, recognised_at, capture_id FROM attachments"
    assert site.one(known) == ("Kế hoạch", None, at(2), 3)
    # Another scan: its text is not known, and what was known is not thrown away before it is.
    site.visit("1.pdf", 4, "file", digest="y", file_text=scan("", reason=FileReason.SCAN))
    assert site.one(known) == ("Kế hoạch", "scan", None, 4)
    site.archive.recognised("huyen", url("1.pdf"), scan(reason=FileReason.NOT_RECOGNISED), hours(5))
    assert site.one(known) == ("Kế hoạch", "not-recognised", at(5), 4)


def test_an_image_that_is_a_document_is_found_by_its_text(site: Site) -> None:
    site.read("a.html", 0, article(images=[url("1.jpg"), url("2.jpg")], attachments=[url("1.pdf")]))
    site.visit("1.pdf", 1, "file", file_text=FileText.whole("Công văn"))
    site.archive.recognised("huyen", url("2.jpg"), scan("Giấy mời họp", confidence=77.0), hours(2))
    assert site.one("SELECT attachment_text FROM articles") == "Công văn\n\nGiấy mời họp"
    # Another caption: the image is the same.
    site.read("a.html", 3, article(images=[url("2.jpg")], attachments=[url("1.pdf")]))
    assert site.rows("SELECT position, text, confidence, recognised_at FROM images") == [
        (1, "Giấy mời họp", 77.0, at(2))
    ]
    site.read("a.html", 4, article(attachments=[url("1.pdf")]))
    assert site.one("SELECT attachment_text FROM articles") == "Công văn"
