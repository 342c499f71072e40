"""The browser's way out connects to the portal's site at a public address, whatever it is asked."""

from __future__ import annotations

import asyncio
import socket

import pytest
from crawling import Site, html

from crawler.network.proxy import FilteringProxy
from portal_archive.model.site import site_of

CLOSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def through(sites: set[str], request: bytes) -> bytes:
    """Return all that the proxy answers to what a browser sends."""
    served = FilteringProxy(lambda url: site_of(url) in sites)
    host, _, port = (await served.start()).removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    await served.close()
    return answer


def ask(sites: set[str], request: str) -> bytes:
    return asyncio.run(through(sites, request.encode()))


def test_a_page_of_the_site(site: Site) -> None:
    site.routes = {"/tin?a=1": html(b"xin chao")}
    answer = ask(
        {site.host},
        f"GET {site.url}/tin?a=1 HTTP/1.1\r\nHost: {site.host}\r\nProxy-Connection: keep-alive\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"xin chao")
    assert site.log == ["/tin?a=1"]
    assert site.headers == [{"Host": site.host, "Connection": "close"}]


def test_a_tunnel_to_the_site(site: Site) -> None:
    site.routes = {"/tin": html(b"xin chao")}
    answer = ask(
        {site.host},
        f"CONNECT {site.host} HTTP/1.1\r\n\r\nGET /tin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert site.log == ["/tin"]


@pytest.mark.parametrize("way", ["GET {url}/tin HTTP/1.1\r\n\r\n", "CONNECT {host} HTTP/1.1\r\n\r\n"])
def test_another_site_is_refused(site: Site, way: str) -> None:
    assert ask({"xa.gov.vn"}, way.format(url=site.url, host=site.host)) == CLOSED
    assert site.log == []


def test_a_name_of_the_site_that_leads_to_this_machine_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.server.server_address[1]))]

    async def getaddrinfo(*_: object, **__: object) -> object:
        return found

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    served = FilteringProxy(lambda url: True)
    assert asyncio.run(served._connect("https://xa.gov.vn/")) is None
    assert site.log == []


@pytest.mark.parametrize("head", ["", "GET\r\n\r\n", "GET ftp://x/ HTTP/1.1\r\n\r\n", "x" * 100_000])
def test_what_is_no_request_ends_the_connection(head: str) -> None:
    async def answered() -> bytes:
        served = FilteringProxy(lambda url: True)
        _, _, port = (await served.start()).rpartition(":")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        writer.write(head.encode())
        writer.write_eof()
        try:
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()
            await served.close()

    assert asyncio.run(answered()) in (b"", CLOSED)
