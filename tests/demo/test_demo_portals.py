"""Every demo portal serves what its gold says, the same every time, and nothing else."""

import io
import re
import unicodedata
from datetime import datetime
from itertools import pairwise

import pytest
from docx import Document
from fetching import fetch, squeezed
from lxml import html
from pypdfium2 import PdfDocument

from demo.portals import PORTALS
from demo.server import Site, serve

LISTS = {
    "laichau": ("/tin-tuc-su-kien", "/tin-tuc-su-kien?page={}"),
    "dienbien": ("/ChuyenMuc/Tin-tuc", "/ChuyenMuc/Tin-tuc?PageIndex={}"),
    "sapa": ("/tin-tuc", "/tin-tuc?page={}"),
    "backan": ("/portal/Pages/Tin-tuc.aspx", "/portal/Pages/Tin-tuc.aspx?Page={}"),
    "tamduong": ("/tin-tuc", "/tin-tuc?page={}"),
    "hijacked": ("/", "/page/{}/"),
}


def test_the_portals() -> None:
    assert list(PORTALS) == ["laichau", "dienbien", "sapa", "backan", "tamduong", "hijacked"]
    assert all(portal.stem == stem for stem, portal in PORTALS.items())


def test_at_least_forty_articles_over_fourteen_months(site: Site) -> None:
    days = [
        datetime.fromisoformat(str(article["listed_at"] or article["published_at"]))
        for article in dated(site)
    ]
    assert len(site.gold()) >= 40
    assert (max(days) - min(days)).days >= 14 * 30
    assert days == sorted(days, reverse=True)


def dated(site: Site) -> list[dict[str, object]]:
    return [dict(article) for article in site.gold() if article["listed_at"] or article["published_at"]]


def test_articles_differ_and_are_of_plausible_length(site: Site) -> None:
    gold = site.gold()
    assert len({article["title"] for article in gold}) == len(gold)
    assert len({tuple(article["paragraphs"][1:]) for article in gold}) == len(gold)
    lengths = [len(f"{article['summary']} {' '.join(article['paragraphs'])}".split()) for article in gold]
    assert min(lengths) >= 250
    assert max(lengths) <= 900


def test_pages_show_what_gold_says(site: Site) -> None:
    for article in site.gold():
        answer = fetch(article["url"])
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/html")
        text = answer.text
        places = [text.index(squeezed(part)) for part in (article["title"], *article["paragraphs"])]
        assert places == sorted(places)
        for shown in (article["summary"], *article["captions"], article["byline"], article["source"]):
            assert shown is None or squeezed(shown) in text
        cells = [
            cell for block in article["body"] if isinstance(block, list) for row in block for cell in row
        ]
        assert [squeezed(td.text_content()) for td in answer.tree.xpath("//table[@border]//td")] == cells
        sources = [site.url + src for src in answer.tree.xpath("//img[not(contains(@src, 'logo'))]/@src")]
        assert sources == [image["url"] for image in article["images"]]
        links = {site.url + a.get("href"): squeezed(a.text_content()) for a in answer.tree.iter("a")}
        assert all(links[item["url"]] == item["title"] for item in article["attachments"])
        assert article["category"] is None or article["category"] in text
        assert all(tag in text for tag in article["tags"])
        if article["views"] is not None:
            assert re.search(rf"Lượt (?:xem|đọc): {article['views']}\b", text)


def test_every_address_of_an_article_leads_to_it(site: Site) -> None:
    for article in site.gold():
        for url in article["urls"]:
            answer = fetch(url)
            if answer.status == 301:
                assert site.url + answer.headers["Location"] == article["url"]
                answer = fetch(article["url"])
            assert answer.status == 200
            assert squeezed(article["paragraphs"][-1]) in answer.text


def test_lists_lead_to_every_article_and_to_nothing_else(site: Site) -> None:
    first, further = LISTS[site.portal.stem]
    found: list[str] = []
    paths = {path for article in site.gold() for path in [article["url"].removeprefix(site.url)]}
    for number in range(1, 6):
        tree = fetch(site.url + (first if number == 1 else further.format(number))).tree
        found += [href for href in tree.xpath("//a/@href") if href in paths]
        has_next = further.format(number + 1) in tree.xpath("//a/@href")
        assert has_next == (number < 5)
    assert found == [article["url"].removeprefix(site.url) for article in site.gold()]


def test_every_page_says_that_it_is_synthetic(site: Site) -> None:
    for path in (
        "/",
        LISTS[site.portal.stem][0],
        site.portal.dead_path,
        site.gold()[0]["url"].removeprefix(site.url),
    ):
        answer = fetch(site.url + path)
        assert answer.tree.xpath("//meta[@name='generator-note']/@content")[0].startswith("synthetic")
        assert "(synthetic)" in answer.text


def test_the_same_bytes_every_time(site: Site) -> None:
    with serve([site.portal.stem]) as again:
        twin = again[site.portal.stem]
        for ours, theirs in zip(site.gold()[:12], twin.gold()[:12], strict=True):
            assert fetch(ours["url"]).body == fetch(theirs["url"]).body
            for one, other in zip(ours["images"], theirs["images"], strict=True):
                assert fetch(str(one["url"])).body == fetch(str(other["url"])).body
        assert (
            fetch(site.url).headers["Date"]
            == fetch(twin.url).headers["Date"]
            == "Fri, 26 Apr 2024 08:00:00 +0700"
        )


def test_files_are_what_they_say(site: Site) -> None:
    bodies = set()
    for article in site.gold():
        for image in article["images"]:
            answer = fetch(str(image["url"]))
            assert answer.headers["Content-Type"] == "image/jpeg"
            assert (answer.body[:4], answer.body[-2:]) == (b"\xff\xd8\xff\xe0", b"\xff\xd9")
            bodies.add(answer.body)
        for item in article["attachments"]:
            body = fetch(item["url"]).body
            if item["url"].endswith(".pdf"):
                text = PdfDocument(body)[0].get_textpage().get_text_bounded()
            else:
                text = Document(io.BytesIO(body)).paragraphs[0].text
            assert squeezed(text) == item["text"]
    assert len(bodies) == sum(len(article["images"]) for article in site.gold())


def test_body_styles_and_forms_of_unicode(site: Site) -> None:
    gold = site.gold()
    assert {article["style"] for article in gold} == {"p", "br", "div", "word", "table", "figure"}
    decomposed = [article for article in gold if article["nfd"]]
    assert len(decomposed) == 4
    for article in decomposed:
        source = fetch(article["url"]).body.decode()
        assert unicodedata.normalize("NFD", article["title"]) in source
    assert any(isinstance(block, list) for article in gold for block in article["body"])


def test_robots_forbid_a_page_that_is_linked(site: Site) -> None:
    forbidden = site.portal.disallowed
    assert fetch(site.url + "/robots.txt").body.decode() == f"User-agent: *\nDisallow: {forbidden}\n"
    links = [href for href in fetch(site.url + "/").tree.xpath("//a/@href") if href.startswith(forbidden)]
    assert len(links) == 1
    assert fetch(site.url + links[0]).status == 200
    assert re.search(site.portal.traps, links[0])


def test_no_article_or_list_is_a_trap(site: Site) -> None:
    pages = [url for article in site.gold() for url in article["urls"]]
    pages += [site.url + LISTS[site.portal.stem][1].format(2)]
    assert not [url for url in pages if re.search(site.portal.traps, url.removeprefix(site.url))]


@pytest.mark.parametrize(
    ("stem", "path", "pattern"),
    [
        ("laichau", "/", r"^/lich-cong-tac$"),
        ("laichau", None, r"\?in=1$"),
        ("dienbien", None, r"\?PageIndex=2$"),
        ("sapa", "/", r"^/doi-giao-dien/"),
        ("sapa", None, r"^/print/"),
        ("sapa", None, r"^/tag/"),
        ("backan", "/", r"/Lich\.aspx$"),
        ("backan", None, r"\?isdlg=1$"),
        ("hijacked", None, r"\?replytocom="),
    ],
)
def test_traps_are_set(stem: str, path: str | None, pattern: str) -> None:
    with serve([stem]) as sites:
        site = sites[stem]
        url = site.url + path if path else site.gold()[0]["url"]
        found = [href for href in fetch(url).tree.xpath("//a/@href") if re.search(pattern, href)]
        assert found
        assert all(re.search(site.portal.traps, href) for href in found)
        assert fetch(site.url + found[0]).status in {200, 302}


def test_the_calendar_never_ends() -> None:
    with serve(["laichau"]) as sites:
        url = sites["laichau"].url + "/lich-cong-tac?thang=12&nam=2024"
        assert "/lich-cong-tac?thang=1&nam=2025" in fetch(url).tree.xpath("//a/@href")


def test_the_theme_switch_has_a_new_address_on_every_page() -> None:
    with serve(["sapa"]) as sites:
        pattern = "//a[starts-with(@href, '/doi-giao-dien/')]/@href"
        pages = [fetch(sites["sapa"].url + "/").tree.xpath(pattern) for _ in range(2)]
    assert pages == [["/doi-giao-dien/000001"], ["/doi-giao-dien/000002"]]


@pytest.mark.parametrize(
    ("stem", "status", "refresh"),
    [
        ("laichau", 404, True),
        ("dienbien", 200, False),
        ("sapa", 404, True),
        ("backan", 200, False),
        ("tamduong", 404, True),
        ("hijacked", 404, False),
    ],
)
def test_missing_articles(stem: str, status: int, refresh: bool) -> None:
    with serve([stem]) as sites:
        answer = fetch(sites[stem].url + sites[stem].portal.dead_path)
    assert answer.status == status
    assert bool(answer.tree.xpath("//meta[@http-equiv='refresh']")) == refresh
    assert "không tồn tại" in answer.text or "404" in answer.text or "Không tìm thấy" in answer.text


def test_the_home_page_links_to_the_renamed_article_by_its_old_address(site: Site) -> None:
    assert site.portal.old_path in fetch(site.url + "/").tree.xpath("//a/@href")
    answer = fetch(site.url + site.portal.old_path)
    renamed = next(article for article in site.gold() if article["key"] == 20)
    assert (answer.status, site.url + answer.headers["Location"]) == (301, renamed["url"])
    assert site.url + site.portal.old_path in renamed["urls"]


def test_read_counts_grow_with_each_visit() -> None:
    for stem, label in (("dienbien", "Lượt đọc"), ("sapa", "Lượt xem")):
        with serve([stem]) as sites:
            first = sites[stem].gold()[0]
            shown = [int(re.search(rf"{label}: (\d+)", fetch(first["url"]).text)[1]) for _ in range(3)]  # type: ignore[index]
            assert shown == [first["views"], first["views"] + 1, first["views"] + 2]  # type: ignore[operator]
            assert sites[stem].gold()[0]["views"] == shown[-1]


def test_the_log_names_what_was_asked_for() -> None:
    with serve(["laichau"]) as sites:
        fetch(sites["laichau"].url + "/lien-he?a=1", User_Agent="tester")
        fetch(sites["laichau"].url + "/nirgends", method="HEAD", User_Agent="tester")
        assert sites["laichau"].log == [
            ("GET", "/lien-he?a=1", 200, "tester"),
            ("HEAD", "/nirgends", 404, "tester"),
        ]


def test_feed_and_sitemap_name_the_newest_articles() -> None:
    with serve(["laichau", "sapa"]) as sites:
        feed = html.fromstring(fetch(sites["laichau"].url + "/rss/tin-tuc-su-kien.rss").body)
        titles = [title.text for title in feed.xpath("//item/title")]
        assert titles == [article["title"] for article in sites["laichau"].gold()[:20]]
        sitemap = fetch(sites["sapa"].url + "/sitemap.xml").body.decode()
        assert re.findall("<loc>(.*?)</loc>", sitemap) == [article["url"] for article in sites["sapa"].gold()]


def test_articles_are_newest_first(site: Site) -> None:
    assert all(newer.published > older.published for newer, older in pairwise(site.portal.articles))
