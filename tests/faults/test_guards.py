"""Where a crawl may go, and where its portal lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from crawling import Crawl, Site, article, html, links
from fault_server import serving
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.project import get_project_settings

from crawler.network import guards
from crawler.network.guards import Guarded, PublicOnly, is_private, problem_of
from crawler.spider import PortalSpider


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 127.1 2130706433 0177.0.0.1 0x7f.1 127.0.0.1. 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.10 100.64.0.1"
    " 169.254.169.254 224.0.0.1 255.255.255.255 [::1] :: fe80::1 fe80::1%eth0 fc00::1 fec0::1 ff02::1"
    " ::ffff:127.0.0.1 ::ffff:a00:1 ::127.0.0.1 64:ff9b::10.0.0.1 2002:7f00:1:: ①②⑦.0.0.1 127。0。0。1"
    " localhost LOCALHOST. a.localhost intranet may-in.local kho.internal portal.test".split(),
)
def test_not_on_the_internet(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    "laichau.gov.vn WWW.DCS.VN 8.8.8.8 134744072 2606:4700::1111 [::ffff:8.8.8.8] 127.0.0.1.gov.vn".split(),
)
def test_on_the_internet(host: str) -> None:
    assert not is_private(host)


def test_names_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(
        "127.0.0.1 localhost\n10.0.0.7\tlaichau.gov.vn WWW.laichau.gov.vn # sao chép\n# 10.0.0.8 khac.gov.vn\n"
    )
    monkeypatch.setattr(guards, "_HOSTS_FILE", hosts)
    guards._names_of_this_machine.cache_clear()
    try:
        assert [is_private(f"{name}.gov.vn") for name in ("laichau", "www.laichau", "khac")] == [
            True,
            True,
            False,
        ]
    finally:
        monkeypatch.undo()
        guards._names_of_this_machine.cache_clear()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://laichau.gov.vn/tin", None),
        ("http://192.168.1.10:8080/", "private-address"),
        ("http://user@[::1]/", "private-address"),
        ("http:///tin", "private-address"),
        ("file:///etc/passwd", "scheme"),
        ("FTP://laichau.gov.vn/a", "scheme"),
        ("data:text/html,a", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("http://[::1/", "scheme"),
        ("//laichau.gov.vn/", "scheme"),
    ],
)
def test_problems_of_addresses(url: str, kind: str | None) -> None:
    problem = problem_of(url)
    assert (problem and problem.kind) == kind
    assert problem is None or url in problem.detail


class Portal(PortalSpider):
    name = "cong"
    home = "http://127.0.0.1:8000/"
    storage_hosts = ("10.0.0.9", "kho.gov.vn")


@pytest.mark.parametrize(
    ("home", "url", "passes"),
    [
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/tin", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/tin", False),
        ("http://127.0.0.1:8000/", "http://localhost:8000/tin", False),
        ("http://127.0.0.1:8000/", "http://10.0.0.9/anh.jpg", True),
        ("http://127.0.0.1:8000/", "http://10.0.0.8/anh.jpg", False),
        ("http://intranet/", "http://intranet/tin", True),
        ("https://laichau.gov.vn/", "http://10.0.0.9/anh.jpg", False),
        ("https://laichau.gov.vn/", "https://kho.gov.vn/anh.jpg", True),
        ("https://laichau.gov.vn/", "http://169.254.169.254/", False),
        ("file:///etc/", "file:///etc/passwd", False),
    ],
)
def test_what_passes_the_middleware(home: str, url: str, passes: bool) -> None:
    crawler = SimpleNamespace(spider=Portal(home=home))
    middleware = PublicOnly.from_crawler(cast("Crawler", crawler))
    try:
        asyncio.run(middleware.process_request(Request(url)))
    except Guarded:
        assert not passes
    else:
        assert passes


def test_there_is_no_handler_for_other_schemes() -> None:
    handlers: dict[str, Any] = get_project_settings().getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler is not None} == {"http", "https"}


STORAGE_SPIDER = """
from crawler.spider import PortalSpider


class Kho(PortalSpider):
    name = "kho"
    title = "Kho"
    storage_hosts = ("127.0.0.1",)
"""


@pytest.fixture
def beside() -> Iterator[Site]:
    """Another server of this machine, which is none of the portal's."""
    site = Site()
    site.routes = {"/anh/a.jpg": (200, {"Content-Type": "image/jpeg"}, b"\xff\xd8\xff\xe0 anh")}
    serving(site)
    yield site
    site.server.shutdown()
    site.server.server_close()


def test_what_runs_beside_the_portal_is_left_alone(
    portal: Site, beside: Site, crawl: Crawl, tmp_path: Path
) -> None:
    port = beside.host.partition(":")[2]
    hosts = ("127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]")
    elsewhere = [f"http://{host}:{port}/quan-tri-he-thong-may-chu.html" for host in hosts]
    image = f"<img src='{beside.url}/anh/a.jpg'>"
    portal.routes = {
        "/": html(links("/tin-so-thu-0.html", "/tin-so-thu-di.html", *elsewhere, "file:///etc/passwd")),
        "/tin-so-thu-0.html": html(
            article("không", image, *(f"<a href='{url}'>máy</a>" for url in elsewhere))
        ),
        "/tin-so-thu-di.html": html(b"", 302, Location=elsewhere[0]),
    }
    assert crawl.portal(portal).returncode == 0
    assert beside.log == []
    assert crawl.query("SELECT kind, url FROM problems") == [
        ("private-address", f"{portal.url}/tin-so-thu-di.html")
    ]
    # What the portal's file says to be its storage, beside a home on the same machine, is fetched.
    spider = tmp_path / "kho.py"
    spider.write_text(STORAGE_SPIDER)
    done = crawl.command("runspider", str(spider), "-a", f"home={portal.url}/")
    assert done.returncode == 0, done.stderr
    assert set(beside.log) == {"/robots.txt", "/anh/a.jpg"}
