"""A bad day at each demo portal, over real HTTP, with the real spiders: the archive is then as it was before."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email.message import Message
from urllib.parse import unquote, urlsplit

import pytest
from crawling import Crawl

from demo.portal import NOW, Response
from demo.server import Site, serve

NOTICE = (
    "<html lang='vi'><head><meta charset='utf-8'><title>Thư ngỏ</title></head><body><h1>Thư ngỏ của ban quản trị</h1>"
    + "<p>Toàn bộ dữ liệu của trang đang được đưa sang nơi lưu trữ khác, các chuyên mục sẽ mở lại sau vài hôm nữa.</p>"
    * 4
    + "</body></html>"
).encode()
LOGIN = (
    "<html><head><meta charset='utf-8'><title>Đăng nhập</title></head><body><h1>Đăng nhập</h1><form method='post'>"
    "<input name='u'><input type='password' name='p'><button>Vào</button></form></body></html>"
).encode()
HTML = "text/html; charset=utf-8"
# The portal's answer at an article's address on the bad day, and elsewhere; None where it is as always.
Fault = Callable[[Response, bool], Response | None]
FAULTS: dict[str, Fault] = {
    "laichau": lambda _true, _of_article: Response(200, NOTICE, HTML),
    "dienbien": lambda _true, of_article: Response(200, LOGIN, HTML) if of_article else None,
    "sapa": lambda _true, of_article: Response(404, b"<h1>404</h1>", HTML) if of_article else None,
    "tamduong": lambda true, of_article: (
        Response(200, true.body[: len(true.body) // 2], HTML) if of_article else None
    ),
}
RECORD = (
    # Which of an article's addresses is its main one may change: the newest visit's.
    "SELECT portal, cms_id, title, body, author, published_at, version, missing_since, gone_at"
    " FROM articles ORDER BY 1, 3, 2"
)
STATES = "SELECT portal, state FROM portal_states WHERE until IS NULL ORDER BY 1"


def with_fault(site: Site, fault: Fault) -> Callable[[], None]:
    """Let a portal have a bad day; return what ends it."""
    true = site.answer
    paths = {unquote(urlsplit(url).path) for entry in site.gold() for url in entry["urls"]}

    def answer(method: str, target: str, headers: Message) -> Response:
        response = true(method, target, headers)
        if target == "/robots.txt" or response.type != site.portal.html_type or response.status in (301, 404):
            return response
        return fault(response, unquote(urlsplit(target).path) in paths) or response

    site.answer = answer  # type: ignore[method-assign]
    return lambda: setattr(site, "answer", true)


@pytest.mark.long
def test_a_bad_day_leaves_no_trace(crawl: Crawl) -> None:
    with serve(FAULTS, now=NOW) as sites:
        homes = json.dumps({stem: f"{site.url}/" for stem, site in sites.items()})
        command = ("crawl-all", "--only", ",".join(FAULTS), "-s", f"PORTAL_HOMES={homes}")
        states = []
        ends: list[Callable[[], None]] = []
        before = None
        for day in range(4):
            if day == 1:
                ends = [with_fault(sites[stem], FAULTS[stem]) for stem in FAULTS]
            for end in ends if day == 2 else ():
                end()
            crawl.now = NOW + timedelta(days=day)
            done = crawl.command(*command)
            assert done.returncode in (0, 2), done.stderr
            states.append(dict(crawl.query(STATES)))
            if day == 0:
                before = crawl.query(RECORD)
        assert crawl.query(RECORD) == before
    assert states[1] == {
        "dienbien": "degraded",
        "laichau": "degraded",
        "sapa": "degraded",
        "tamduong": "degraded",
    }
    assert states[3] == dict.fromkeys(FAULTS, "ok")
    assert crawl.query("SELECT url, rule FROM doubts WHERE state IN ('held', 'refused')") == []
