"""List pages that are asked for by POST are crawled, captured and read as others are."""

from __future__ import annotations

import pytest
from crawling import Crawl, Site, article, html
from scrapy import Request
from warcio.archiveiterator import ArchiveIterator

from crawler.network.posts import method_of, on_the_wire

LOADER = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"
PATHS = [f"/tin-tuc/tin-ban-may-so-thu-{name}-11000{n:02}" for n, name in enumerate("abcdefghi", 1)]


def boxes(paths: list[str]) -> str:
    items = "".join(
        f'<li class="row"><h2 class="Title"><a href="{path}">Tin số {path[-2:]} của huyện Bản Mây hôm nay</a></h2></li>'
        for path in paths
    )
    return f'<div class="UIArticleInMenu_Default"><ul class="ArticleList">{items}</ul></div>'


def test_pages_after_the_first_come_by_post(site: Site, crawl: Crawl) -> None:
    script = "<script>var maxPage = parseInt(3); $.post(u, {article_category_id: 54442, site_id: 4, page_size: 3});</script>"

    def form(page: int) -> str:
        return (
            f"article_category_id=54442&site_id=4&page={page}&page_size=3&keyword=&date_begin=&date_end=&show_no=False"
            "&show_view_count=False&filter_order_in_list=False&is_default=False&new=False&show_post_date=True"
            "&num_of_text=0&number_of_day=3&no=-3&articlelang=vi-VN"
        )

    forms = {page: f"POST {LOADER} {form(page)}" for page in (2, 3, 4)}
    first = f"<html><head><title>Tin tức</title></head><body>{boxes(PATHS[:3])}{script}</body></html>"
    site.routes = {"/": html(first.encode())} | {path: html(article(path[-2:])) for path in PATHS}
    site.routes |= {
        forms[2]: html(boxes(PATHS[3:6]).encode()),
        forms[3]: html(boxes(PATHS[6:]).encode()),
        forms[4]: html(b'<div class="UIArticleInMenu_Default"></div>'),
    }
    done = crawl.portal(site)
    assert done.returncode == 0, done.stderr
    assert [asked for asked in site.log if asked.startswith("POST")] == list(forms.values())
    sent = next(headers for headers in site.headers if "form" in headers.get("Content-Type", ""))
    assert sent["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert {row[0] for row in crawl.query("SELECT url FROM articles")} == {site.url + path for path in PATHS}
    address = f"{site.url}{LOADER}?__wb_method=POST&{form(2)}"
    assert crawl.query("SELECT kind, state FROM pages WHERE url = ?", address) == [("list", "done")]
    (capture,) = crawl.query("SELECT file, status FROM captures WHERE url = ?", address)
    assert capture[1] == 200
    with (crawl.captures / capture[0]).open("rb") as file:
        asked = {
            record.rec_headers.get_header("WARC-Target-URI"): record.http_headers.protocol
            for record in ArchiveIterator(file)
            if record.rec_type == "request"
        }
    assert asked[address] == "POST"


@pytest.mark.parametrize(
    ("url", "method"),
    [
        ("https://muongmay.example.vn/tai?__wb_method=POST&page=2", "POST"),
        ("https://muongmay.example.vn/tai?page=2&x=__wb_method=POST", "GET"),
        ("https://muongmay.example.vn/tai", "GET"),
    ],
)
def test_method(url: str, method: str) -> None:
    assert method_of(url) == method


def test_form() -> None:
    request = Request("https://muongmay.example.vn/tai?__wb_method=POST&page=2&name=B%E1%BA%A3n+M%C3%A2y")
    sent = on_the_wire(request)
    assert (sent.method, sent.url, sent.body) == (
        "POST",
        "https://muongmay.example.vn/tai",
        b"page=2&name=B%E1%BA%A3n+M%C3%A2y",
    )
    plain = Request("https://muongmay.example.vn/tai?page=2")
    assert on_the_wire(plain) is plain
