"""Headers and cookies have an end; what comes before the page is counted as the page is."""

from __future__ import annotations

import contextlib
import socket

import pytest
from crawling import Crawl, Site, article, html, links

from crawler.network.headers import COOKIES_MAX, HEADERS_MAX_BYTES

ARTICLE = "/tin-so-thu-mot.html"


def endless(first: bytes, again: bytes):  # type: ignore[no-untyped-def]
    """Return an answer that sends `again` until the other side has had enough; `sent` says how much that was."""

    def answer(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(first)
            while answer.sent < 100 * HEADERS_MAX_BYTES:  # type: ignore[attr-defined]
                connection.sendall(again * 1000)
                answer.sent += len(again) * 1000  # type: ignore[attr-defined]

    answer.sent = 0  # type: ignore[attr-defined]
    return answer


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: a\r\n", b" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: a", b"a" * 40),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 ", b"a" * 40),
    ],
    ids=["lines", "folded", "one line", "continue", "status"],
)
def test_headers_without_an_end_are_given_up(site: Site, crawl: Crawl, first: bytes, again: bytes) -> None:
    answer = endless(first, again)
    site.routes = {"/": html(links(ARTICLE, "/tin-so-thu-hai.html")), ARTICLE: lambda visit: answer}
    site.routes["/tin-so-thu-hai.html"] = html(article("Hai"))
    assert crawl.portal(site).returncode == 0
    # What the sockets of both sides hold is sent too.
    assert answer.sent < 50 * HEADERS_MAX_BYTES
    assert crawl.query("SELECT url, kind FROM problems") == [(site.url + ARTICLE, "too-large")]
    assert crawl.query("SELECT count(*) FROM articles") == [(1,)]


def test_long_headers_that_end_are_read(site: Site, crawl: Crawl) -> None:
    policy = "default-src 'self' " + "https://a.example " * 2200
    site.routes = {
        "/": html(links(ARTICLE), Content_Security_Policy=policy),
        ARTICLE: html(article("Một"), Content_Security_Policy=policy, X_Long="a" * 150_000),
    }
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT count(*) FROM articles") == [(1,)]


def test_cookies_are_few_and_short_and_the_first_are_kept(site: Site, crawl: Crawl) -> None:
    def flood(connection: socket.socket) -> None:
        lines = [b"Set-Cookie: session=s; Path=/", b"Set-Cookie: long=" + b"x" * 5000]
        lines += [b"Set-Cookie: c%d=%s" % (number, b"y" * 1000) for number in range(200)]
        body = links(ARTICLE)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n" % len(body)
        connection.sendall(head + b"\r\n".join(lines) + b"\r\n\r\n" + body)

    site.routes = {"/": lambda visit: flood, ARTICLE: html(article("Một"), Set_Cookie="late=1")}
    assert crawl.portal(site).returncode == 0
    sent = site.headers[site.log.index(ARTICLE)]["Cookie"]
    names = [cookie.partition("=")[0] for cookie in sent.split("; ")]
    assert len(sent) <= 16 * 1024
    assert len(names) <= COOKIES_MAX
    assert names == ["session", *(f"c{number}" for number in range(len(names) - 1))]


def test_what_a_portal_sends_moves_no_cursor(site: Site, crawl: Crawl) -> None:
    evil = "ftp://evil.example/\x1b[31mRED\x1b]0;pwn\x07x\x9b31m"
    site.routes = {"/": html(links(ARTICLE)), ARTICLE: html(b"", 302, Location=evil)}
    done = crawl.portal(site)
    assert done.returncode == 0
    ((detail,),) = crawl.query("SELECT detail FROM problems WHERE kind = 'scheme'")
    assert "RED" in detail
    for text in (detail, done.stderr, done.stdout):
        assert not {"\x1b", "\x07", "\x9b"} & set(text)
