"""Feeds and sitemaps as portals write them, well or badly; all invented for these tests."""

from __future__ import annotations

import pytest

from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.reading.listing.feeds import MAX_ENTRIES, kind_of, read_feed, read_sitemap

URL = "https://phienban.example.vn/sitemap.xml"
ARTICLE = "https://phienban.example.vn/tin/bai-so-7.html"
RSS = f"<rss version='2.0'><channel><item><title>Bài</title><link>{ARTICLE}</link></item></channel></rss>"
SITEMAP = (
    f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{ARTICLE}</loc></url></urlset>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, LinkKind.FEED),
        (f"\ufeff\n<?xml version='1.0'?>\n{RSS}", LinkKind.FEED),
        (f"<?xml version='1.0'?><!-- {'x' * 9000} --><?xml-stylesheet href='a.xsl'?>{RSS}", LinkKind.FEED),
        (f"<br />\n<b>Warning</b>: date() in x.php<br />\n<?xml version='1.0'?>{RSS}", LinkKind.FEED),
        (f"<?xml version='1.0'?><!-- {'x' * 9000} -->{SITEMAP}", LinkKind.SITEMAP),
        (f"{ARTICLE}\r\n\r\n{ARTICLE}\r\n", LinkKind.SITEMAP),
        (f"<html><body>&lt;rss&gt; <rss> {RSS}</body></html>", None),
        ("Một dòng chữ\nhttps://phienban.example.vn/", None),
        ("", None),
    ],
    ids=["rss", "mark", "comment", "warning", "sitemap", "lines", "page", "text", "empty"],
)
def test_what_a_response_is(body: str, kind: LinkKind | None) -> None:
    assert kind_of(body.encode()) is kind


@pytest.mark.parametrize("label", ["utf-16", "UTF-16", "utf16"])
def test_utf_8_that_calls_itself_utf_16(label: str) -> None:
    head = f'<?xml version="1.0" encoding="{label}"?>'

    assert read_feed((head + RSS).encode(), URL) == [Link(ARTICLE, LinkKind.ARTICLE)]
    assert read_sitemap((head + SITEMAP).encode(), URL) == [Link(ARTICLE, LinkKind.ARTICLE)]


def test_utf_16_itself() -> None:
    body = f'<?xml version="1.0" encoding="utf-16"?>{SITEMAP}'.encode("utf-16")

    assert read_sitemap(body, URL) == [Link(ARTICLE, LinkKind.ARTICLE)]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (
            "https://phienban.example.vn/xem.aspx?id=5&muc=3",
            "https://phienban.example.vn/xem.aspx?id=5&muc=3",
        ),
        (
            "https://phienban.example.vn/xem.aspx?id=5&amp;muc=3",
            "https://phienban.example.vn/xem.aspx?id=5&muc=3",
        ),
        ("/tin/bai-so-7.html", ARTICLE),
        (" \n tin/bai-so-7.html ", ARTICLE),
    ],
)
def test_addresses_of_a_sitemap(written: str, url: str) -> None:
    correct = "<url><loc>https://phienban.example.vn/dung?a=1&amp;b=2</loc></url>"
    body = f"<urlset>{correct}<url><loc>{written}</loc></url></urlset>"

    assert [link.url for link in read_sitemap(body.encode(), URL)] == [
        "https://phienban.example.vn/dung?a=1&b=2",
        url,
    ]


def test_an_index_of_sitemaps() -> None:
    body = "<sitemapindex><sitemap><loc>/sitemap-2.xml</loc><lastmod>2024-05-17</lastmod></sitemap></sitemapindex>"

    assert read_sitemap(body.encode(), URL) == [
        Link("https://phienban.example.vn/sitemap-2.xml", LinkKind.SITEMAP, "2024-05-17T00:00:00+07:00")
    ]


def test_a_sitemap_of_lines() -> None:
    assert read_sitemap(f"\ufeff{ARTICLE}\n\n{ARTICLE}\n{URL}".encode(), URL) == [
        Link(ARTICLE, LinkKind.ARTICLE),
        Link(URL, LinkKind.ARTICLE),
    ]


def test_a_feed_of_comments_lists_its_article_once() -> None:
    items = "".join(f"<item><link>{ARTICLE}#comment-{number}</link></item>" for number in range(3))

    assert read_feed(f"<rss><channel>{items}</channel></rss>".encode(), URL) == [
        Link(ARTICLE, LinkKind.ARTICLE)
    ]


def test_a_feed_without_end_is_read_so_far() -> None:
    body = b"<rss><channel>" + b"<item>" * (2 * MAX_ENTRIES) + b"</channel></rss>"

    assert read_feed(body, URL) == []


def test_what_a_list_of_addresses_must_not_lead_to() -> None:
    addresses = (ARTICLE, "https://phienban.example.vn/tag/dan-van", "https://phienban.example.vn/in-tin/7")
    entries = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    items = "".join(f"<item><link>{address}</link></item>" for address in addresses)

    assert [link.url for link in read_sitemap(f"<urlset>{entries}</urlset>".encode(), URL)] == [ARTICLE]
    assert [link.url for link in read_sitemap("\n".join(addresses).encode(), URL)] == [ARTICLE]
    assert [link.url for link in read_feed(f"<rss><channel>{items}</channel></rss>".encode(), URL)] == list(
        addresses[:2]
    )
