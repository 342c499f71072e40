"""A page in the browser reaches its own site and nothing beside the crawler; what it was led to is not archived."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib.util import find_spec
from shutil import which

import pytest
from crawling import Crawl, Site, html, links, page

SECRET = "SECRET-TOKEN"
needs_browser = pytest.mark.skipif(
    not (which("chromium") and find_spec("scrapy_playwright")), reason="the extra `browser` is not installed"
)


@pytest.fixture
def canary() -> Iterator[Site]:
    """A service of the machine beside the crawler, which nobody of a portal may ask."""
    served = Site()
    served.answer = lambda path, headers: (served.log.append(path), html(SECRET.encode()))[1]  # type: ignore[method-assign,func-returns-value]
    thread = threading.Thread(target=served.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield served
    served.server.shutdown()
    served.server.server_close()
    thread.join()


def attack(canary: Site) -> bytes:
    socket = canary.url.replace("http://", "ws://")
    script = f"""
        const a = "{canary.url}";
        fetch("/302"); fetch(a + "/fetch", {{mode: "no-cors"}}); navigator.sendBeacon("/307", "x");
        navigator.sendBeacon(a + "/beacon", "x"); new EventSource(a + "/events"); new EventSource("/302");
        new WebSocket("{socket}/socket"); window.open(a + "/window"); window.open("/302");
        new Worker(URL.createObjectURL(new Blob([`fetch("{canary.url}/worker", {{mode: "no-cors"}});
            new WebSocket("{socket}/worker-socket")`])));
        navigator.serviceWorker.register("/worker.js");
    """
    markup = (
        f"<iframe src='/302'></iframe><iframe src='{canary.url}/frame'></iframe><embed src='/302'>"
        f"<object data='{canary.url}/object'></object><link rel=preload as=fetch href='{canary.url}/preload'>"
        f"<link rel=prefetch href='{canary.url}/prefetch'><script src='/302'></script>"
        f"<script src='{canary.url}/script'></script><img src='{canary.url}/image'>"
        f"<script>{script}</script><p>Tổng truy cập: <b id='tongtruycap'>4.711</b></p>"
    )
    return page("Tỉnh ủy", markup)


def visited(site: Site, crawl: Crawl) -> str:
    done = crawl.command("crawl", "dienbien", "-a", f"home={site.url}/", FETCH_FILES=False)
    return done.stderr


@needs_browser
def test_a_page_reaches_nothing_beside_the_crawler(site: Site, crawl: Crawl, canary: Site) -> None:
    hop = {"Location": f"{canary.url}/hop"}
    site.routes = {
        "/": html(attack(canary)),
        "/302": html(b"", 302, **hop),
        "/307": html(b"", 307, **hop),
        "/worker.js": (200, {"Content-Type": "text/javascript"}, f"fetch('{canary.url}/sw')".encode()),
    }
    errors = visited(site, crawl)
    assert site.log.count("/") == 2, errors
    assert "/302" in site.log  # the page was run
    assert canary.log == []
    assert crawl.query("SELECT url FROM captures WHERE url LIKE ?", f"{canary.url}%") == []


@needs_browser
def test_a_page_that_leads_away_is_not_taken(site: Site, crawl: Crawl, canary: Site) -> None:
    def home(visit: int):  # type: ignore[no-untyped-def]
        is_browser = "Mozilla" in site.headers[-1].get("User-Agent", "") or visit > 1
        return html(b"", 302, Location=f"{canary.url}/main") if is_browser else html(links())

    site.routes = {"/": home}
    visited(site, crawl)
    assert canary.log == []
    assert crawl.query("SELECT url FROM captures WHERE url LIKE ?", f"{canary.url}%") == []
    for file in crawl.captures.rglob("*.warc*"):
        assert SECRET.encode() not in file.read_bytes()
