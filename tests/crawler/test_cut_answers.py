"""Answers that are not all there, or wear the wrong label: read whole or not at all."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from crawling import Answer, Crawl, Site, article, html, links, title_of

TYPES = (
    "text/html, charset=utf-8",
    "text/html charset=utf-8",
    "text/htm",
    "html",
    "text/plain",
    "application/octet-stream",
    "application/x-httpd-php",
)
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def plain(name: str) -> bytes:
    return article(name)


def cut(data: bytes) -> bytes:
    return data[: len(data) * 3 // 4]


def closed_early(name: str) -> Answer:
    """Half a page without a length, as HTTP/1.0 has it."""

    def send(connection: socket.socket) -> None:
        body = article(name)
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body[: len(body) // 2])
        connection.shutdown(socket.SHUT_RDWR)

    return send


@pytest.fixture
def portal(site: Site) -> Site:
    def now_and_then(path: str, fault: Answer) -> Callable[[int], Answer]:
        return lambda visit: fault if visit == 2 else html(article(path))

    parts = {
        "/tin-206.html": html(cut(article("/tin-206.html")), 206, Content_Range="bytes 0-1/2"),
        "/tin-226.html": html(cut(article("/tin-226.html")), 226),
        "/tin-dong.html": closed_early("/tin-dong.html"),
    } | {
        f"/tin-cut-{name}.html": html(cut(compress(plain(f"/tin-cut-{name}.html"))), Content_Encoding=name)
        for name, compress in COMPRESS.items()
    }
    pages = {path: now_and_then(path, fault) for path, fault in parts.items()}
    for name, compress in COMPRESS.items():
        pages[f"/tin-nen-{name}.html"] = html(compress(plain(f"/tin-nen-{name}.html")), Content_Encoding=name)
        pages[f"/tin-nhan-{name}.html"] = html(plain(f"/tin-nhan-{name}.html"), Content_Encoding=name)
    halves = article("/tin-hai-nua.html")
    two = gzip.compress(halves[:300]) + gzip.compress(halves[300:])
    pages["/tin-hai-nua.html"] = html(two, Content_Encoding="gzip")
    for number, kind in enumerate(TYPES):
        path = f"/tin-kieu-{number}.html"
        pages[path] = (200, {"Content-Type": kind}, article(path))
    site.routes = {"/": html(links(*pages))} | pages
    return site


def test_what_is_cut_is_never_stored_and_what_is_mislabelled_is_read(portal: Site, crawl: Crawl) -> None:
    paths = sorted(path for path in portal.routes if path != "/")
    assert crawl.portal(portal).returncode == 0
    found = crawl.query("SELECT url, title, length(body) FROM articles ORDER BY url")
    assert [(url, title) for url, title, _ in found] == [
        (portal.url + path, title_of(path)) for path in paths
    ]
    # All bodies are four paragraphs that differ in the name alone.
    assert {length - 4 * len(url.removeprefix(portal.url)) for url, _, length in found} == {614}
    assert portal.headers[0]["Accept-Encoding"] == "gzip, deflate, br, zstd"
    crawl.change("UPDATE pages SET next_visit = '2020-01-01T00:00:00Z'")
    captures = crawl.query("SELECT count(*) FROM captures")
    assert crawl.portal(portal, RETRY_TIMES=0).returncode == 0
    broken = [
        path
        for path in paths
        if "cut" in path or path in ("/tin-206.html", "/tin-226.html", "/tin-dong.html")
    ]
    assert crawl.query("SELECT url, detail FROM problems WHERE kind = 'cut-short' ORDER BY url") == [
        (portal.url + path, f"{portal.url}{path}: ResponseDataLossError: {reason}")
        for path, reason in zip(
            broken,
            (
                "answered 206 with a part that was not asked for",
                "answered 226 with a part that was not asked for",
                "its compressed body is damaged or cut (br)",
                "its compressed body is cut",
                "its compressed body is cut",
                "its compressed body is cut",
                "ends without </html>, which it had before",
            ),
            strict=True,
        )
    ]
    assert crawl.query("SELECT max(version) FROM articles") == [(1,)]
    states = crawl.query("SELECT url FROM pages WHERE state = 'failed' ORDER BY url")
    assert states == [(portal.url + path,) for path in broken]
    # robots.txt, the home page and the whole ones again.
    assert crawl.query("SELECT count(*) FROM captures")[0][0] - captures[0][0] == 2 + len(paths) - len(broken)


def test_a_cut_answer_is_asked_for_again_at_once(site: Site, crawl: Crawl) -> None:
    body = gzip.compress(article("/tin-1.html"))
    whole = html(body, Content_Encoding="gzip")
    part = html(cut(body), Content_Encoding="gzip")
    site.routes = {
        "/": html(links("/tin-1.html")),
        "/tin-1.html": lambda visit: part if visit == 1 else whole,
    }
    assert crawl.portal(site, RETRY_TIMES=1).returncode == 0
    assert site.log.count("/tin-1.html") == 2
    assert crawl.query("SELECT title FROM articles") == [(title_of("/tin-1.html"),)]
    assert crawl.query("SELECT count(*) FROM problems") == [(0,)]
