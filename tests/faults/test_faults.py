"""Portals, each with a trouble of its own, crawled side by side in one process: docs/reliability.md.

One run shows them all, since none may keep another from finishing.
"""

from __future__ import annotations

import gzip
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from crawling import ROOT, Crawl, Site, article, html, links, page
from fault_server import (
    Authority,
    Route,
    bomb,
    cut,
    endless,
    news,
    raw,
    reset,
    serving,
    silence,
    too_much,
    trickle,
)

from crawler.network.traps import BARREN_CHAIN
from portal_archive.archive.verify.verify import verify

MEMORY_MB = 400
# What the crawler's resolver is told, by name: nothing here leaves the machine.
# What the crawling process is told first: names, and to leave its peak of memory behind. (What wait4 says of a child
# may be the peak of the process that started it.)
CUSTOMS = """
import atexit
import os
import pathlib
import socket

status = pathlib.Path("/proc/self/status")
atexit.register(lambda: pathlib.Path(__file__).with_name(f"{os.getpid()}.status").write_text(status.read_text()))

NAMES = {"ve-may.gov.vn": "127.0.0.1", "ve-mang.gov.vn": "169.254.169.254"}


def gethostbyname(name):
    if name in NAMES:
        return NAMES[name]
    if name.replace(".", "").isdigit():
        return name
    raise socket.gaierror(-2, "Name or service not known")


socket.gethostbyname = gethostbyname
"""
SPIDER = """
from crawler.spider import PortalSpider


class Faulty(PortalSpider):
    name = {name!r}
    title = {name!r}
    home = {home!r}
    custom_settings = {settings!r}
    tls_seclevel_1 = {weak!r}
"""
FLOOD = "<div class='floodblocker'>Hệ thống đang từ chối truy cập của bạn. Hãy đợi 1 giây</div>"


@dataclass
class Portal:
    """A portal with its fault, and what is to come of it: state, articles, problems by path."""

    routes: dict[str, Route]
    state: str = "ok"
    cause: str | None = None
    articles: int = 3
    problems: set[tuple[str, str]] = field(default_factory=set)
    settings: dict[str, Any] = field(default_factory=dict)
    certificate: Path | None = None
    weak: bool = False
    home: str | None = None


def first(times: int, fault: Route, then: Route) -> Route:
    """Answer with a fault so many times, and then as a portal should."""

    def answer(visit: int) -> Any:
        route = fault if visit <= times else then
        return route(visit) if callable(route) else route

    return answer


def robots(text: bytes, status: int = 200) -> Route:
    return status, {"Content-Type": "text/plain"}, text


def portals(authority: Authority, closed: int) -> dict[str, Portal]:
    home = html(links("/tin-so-thu-1.html", "/tin-so-thu-2.html", "/tin-so-thu-3.html"))
    a, b = "/tin-so-thu-hong-1.html", "/tin-so-thu-hong-2.html"
    redirects = {a: html(b"", 302, Location=a)}
    days = {f"/ngay/{day}/": html(page("Lịch", f"<a href='/ngay/{day + 1}/'>sau</a>")) for day in range(1000)}
    # In the menu: what stands among the news is looked at again before it leads on.
    news_with_calendar = links(*(f"/tin-so-thu-{number}.html" for number in (1, 2, 3))).replace(
        b"</body>", "<nav><a href='/ngay/0/'>Lịch</a></nav></body>".encode()
    )
    away = {
        a: html(b"", 302, Location="http://169.254.169.254/latest/"),
        b: html(b"", 302, Location="file:///etc/passwd"),
    }
    huge = b"User-agent: *\n" + b"Disallow: /khong-co/\n" * 60_000 + b"Disallow: /\n"
    tags = html(
        gzip.compress(b"<!DOCTYPE html><title>the</title>" + b"<p>" * 5_000_000, 1), Content_Encoding="gzip"
    )
    nothing = {"articles": 0}
    # What names of files could be made of; the last is decoded by whoever decodes twice.
    hostile, hostile_file = "/tin-tuc/..%2f..%2fetc-cong-tac-dan-van.html", "/tep/%252e%252e%252fevil.pdf"
    file = (
        200,
        {"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=../../evil.pdf"},
        b"%PDF-1.4",
    )
    return {
        "binhthuong": Portal(news(of="bình thường", broken={hostile: html(article("tên", f"<p><a href='{hostile_file}'>tệp</a></p>")), hostile_file: file}), articles=4, problems={(hostile_file, "attachment-unreadable")}),
        "tuchoi": Portal({}, "unreachable", "connection-refused", 0, {("/", "connection-refused")}, home=f"http://127.0.0.1:{closed}/"),
        "dutgiuachung": Portal({"/": raw(reset)}, "unreachable", "cut-short", **nothing, problems={("/", "cut-short")}),
        "imlang": Portal({"/": raw(silence)}, "unreachable", "timeout", **nothing, problems={("/", "timeout")}, settings={"DOWNLOAD_TIMEOUT": 1}),
        "nhogiot": Portal({"/": raw(trickle)}, "unreachable", "timeout", **nothing, problems={("/", "timeout")}, settings={"DOWNLOAD_TIMEOUT": 1}),
        "loitungdot": Portal(news(of="từng đợt") | {"/": first(1, html(b"", 500), home), "/tin-so-thu-2.html": first(1, html(b"", 500), html(article("từng đợt 2")))}),
        "loimottrang": Portal(news(of="lỗi", broken={a: html(b"", 500)}), problems={(a, "http-500")}),
        "bao503": Portal(news(of="503") | {"/": first(1, html(b"", 503, Retry_After="1"), home)}),
        "bao429": Portal({"/": html(page("429", "Too Many Requests"), 429, Retry_After="1")}, "blocked", "flood", **nothing, problems={("/", "blocked")}),
        "ngap": Portal({"/": html(page("Hãy đợi...", FLOOD))}, "blocked", "flood", **nothing, problems={("/", "blocked")}),
        "cutdong": Portal(news(of="cụt", broken={a: raw(cut)}), problems={(a, "cut-short")}),
        "saidodai": Portal(news(of="dài", broken={a: raw(too_much)}), articles=4),
        "bom": Portal(news(of="bom", broken={a: bomb()}), problems={(a, "too-large")}),
        "khonglo": Portal(news(of="khổng lồ", broken={a: endless(b"Content-Length: 1073741824\r\n"), b: endless(b"")}), problems={(a, "too-large"), (b, "too-large")}),
        "toanthe": Portal(news(of="toàn thẻ", broken={a: tags}), problems={(a, "html-too-large")}),
        "vongtron": Portal(news(of="vòng", broken=redirects), problems={(a, "redirects")}),
        "dichuyen": Portal({"/": html(b"", 301, Location="https://cho-khac.gov.vn/")}, "moved", "redirect", **nothing),
        "lich": Portal(news(of="lịch") | days | {"/": html(news_with_calendar)}),
        "robotskhong": Portal(news(of="không tệp")),
        "robots500": Portal(news(of="tệp 500") | {"/robots.txt": robots(b"", 500)}, problems={("/robots.txt", "http-500")}),
        "robotslon": Portal(news(of="tệp lớn") | {"/robots.txt": robots(huge)}),
        "robotsvohan": Portal(news(of="tệp vô hạn") | {"/robots.txt": endless(b"")}, problems={("/robots.txt", "too-large")}),
        "robotshoi": Portal(news(of="tệp hỏi", broken={"/?tin=1": html(article("hỏi"))}) | {"/robots.txt": robots(b"User-agent: *\nDisallow: /?\n")}),
        "hethan": Portal(news(of="hết hạn"), "unreachable", "tls-expired", 0, {("/", "tls-expired")}, certificate=authority.certificate(days=-1)),
        "saiten": Portal(news(of="sai tên"), "unreachable", "tls-wrong-name", 0, {("/", "tls-wrong-name")}, certificate=authority.certificate(name="khac.gov.vn")),
        "yeu": Portal(news(of="yếu"), "unreachable", "tls-weak", 0, {("/", "tls-weak")}, certificate=authority.certificate(bits=1024)),
        "yeuduocphep": Portal(news(of="yếu được phép"), certificate=authority.certificate(bits=1024), weak=True),
        "khongten": Portal({}, "unreachable", "dns", 0, {("/", "dns")}, home="http://khong-co.gov.vn/"),
        "trovemay": Portal(news(of="về máy"), "unreachable", "private-address", 0, {("/", "private-address")}, home="http://ve-may.gov.vn:{port}/"),
        "trovemang": Portal({}, "unreachable", "private-address", 0, {("/", "private-address")}, home="http://ve-mang.gov.vn/"),
        "dibenngoai": Portal(news(of="ra ngoài", broken=away), problems={(a, "private-address"), (b, "scheme")}),
    }  # fmt: skip


@dataclass
class Run:
    crawl: Crawl
    portals: dict[str, Portal]
    sites: dict[str, Site]
    homes: dict[str, str]
    returncode: int
    log: str
    memory_mb: float


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Crawl all of them at once, in a process whose memory is measured."""
    authority = Authority(tmp_path)
    package = tmp_path / "faulty"
    package.mkdir()
    (tmp_path / "sitecustomize.py").write_text(CUSTOMS)
    # A port that is taken, and on which nobody listens.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        all_portals = portals(authority, closed.getsockname()[1])
        sites, homes = {}, {}
        for name, portal in all_portals.items():
            site = sites[name] = Site()
            site.routes = dict(portal.routes)
            serving(site, portal.certificate)
            scheme = "https" if portal.certificate else "http"
            homes[name] = (portal.home or f"{scheme}://127.0.0.1:{{port}}/").format(
                port=site.server.server_address[1]
            )
            (package / f"{name}.py").write_text(
                SPIDER.format(name=name, home=homes[name], settings=portal.settings, weak=portal.weak)
            )
        crawl = Crawl(tmp_path)
        settings = {
            "SPIDER_MODULES": "faulty", "ARCHIVE_DB": crawl.archive, "DOWNLOAD_DELAY": 0, "RETRY_TIMES": 1,
            "PAUSE_TIMES": 1, "PAUSE_SECONDS": 1, "PAUSE_MAX_SECONDS": 1,
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        log = tmp_path / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "scrapy", "crawl-all", *options],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": str(tmp_path), "SSL_CERT_FILE": str(authority.file), "PYTHONWARNINGS": "default"},
            )  # fmt: skip
            process.wait()
        status = (tmp_path / f"{process.pid}.status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
        yield Run(crawl, all_portals, sites, homes, process.returncode, log.read_text(), peak)
        for site in sites.values():
            site.server.shutdown()
            site.server.server_close()


def all_portals_finish(run: Run) -> None:
    assert run.returncode == 2, run.log[-3000:]  # some need a person
    assert "Traceback" not in run.log
    assert dict(run.crawl.query("SELECT portal, count(*) FROM crawls GROUP BY portal")) == dict.fromkeys(
        run.portals, 1
    )
    assert run.crawl.query("SELECT portal FROM crawls WHERE finished_at IS NULL") == []


def states_and_their_causes(run: Run) -> None:
    found = {
        portal: (state, cause)
        for portal, state, cause in run.crawl.query(
            "SELECT portal, state, cause FROM portal_states WHERE until IS NULL"
        )
    }
    assert found == {name: (portal.state, portal.cause) for name, portal in run.portals.items()}


def problems(run: Run) -> None:
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in run.portals}
    for portal, url, kind in run.crawl.query(
        "SELECT portal, url, kind FROM problems WHERE closed_at IS NULL"
    ):
        found[portal].add(("/" + url.removeprefix(run.homes[portal]), kind))
    assert found == {name: portal.problems for name, portal in run.portals.items()}


def what_could_be_had_is_stored(run: Run) -> None:
    found = dict(run.crawl.query("SELECT portal, count(*) FROM articles GROUP BY portal"))
    assert found == {name: portal.articles for name, portal in run.portals.items() if portal.articles}


def nothing_stored_is_damaged(run: Run) -> None:
    with closing(sqlite3.connect(run.crawl.archive)) as db:
        assert [damage for damage in verify(db, run.crawl.captures) if not damage.note] == []


def what_is_refused_is_never_asked_for(run: Run) -> None:
    assert run.sites["trovemay"].log == []
    assert run.sites["saiten"].log == run.sites["hethan"].log == run.sites["yeu"].log == []
    assert "/?tin=1" not in run.sites["robotshoi"].log
    assert run.sites["robotslon"].log.count("/tin-so-thu-1.html") == 1


def nothing_is_asked_for_without_end(run: Run) -> None:
    asked = {name: Counter(site.log) for name, site in run.sites.items()}
    assert asked["vongtron"]["/tin-so-thu-hong-1.html"] == 11  # REDIRECT_MAX_TIMES, and the first
    assert sum(path.startswith("/ngay/") for path in asked["lich"]) == BARREN_CHAIN
    assert asked["loitungdot"]["/"] == asked["loitungdot"]["/tin-so-thu-2.html"] == 2
    assert asked["loimottrang"]["/tin-so-thu-hong-1.html"] == 2
    assert asked["bao429"]["/"] == asked["bao503"]["/"] == asked["ngap"]["/"] == 2
    assert asked["bom"]["/tin-so-thu-hong-1.html"] == 1


def names_from_the_web_never_become_paths(run: Run) -> None:
    asked = run.sites["binhthuong"].log
    assert "/tin-tuc/..%2f..%2fetc-cong-tac-dan-van.html" in asked
    assert "/tep/%252e%252e%252fevil.pdf" in asked
    written = [
        path for path in run.crawl.archive.parent.rglob("*") if path.is_file() and "faulty" not in path.parts
    ]
    captures = [path for path in written if run.crawl.captures in path.parents]
    for path in captures:
        portal = path.parent.name
        assert portal in run.portals
        assert re.fullmatch(rf"{portal}-\d{{8}}-\d{{5}}\.warc\.gz", path.name)
    names = {path.name.partition(".")[0] for path in written if path not in captures}
    assert {name for name in names if not name.isdigit()} == {
        *("archive", "authority", "crawl-all", "log", "sitecustomize")
    }


def memory_stays_under_the_bound(run: Run) -> None:
    assert run.memory_mb < MEMORY_MB


CHECKS = (
    all_portals_finish,
    states_and_their_causes,
    problems,
    what_could_be_had_is_stored,
    nothing_stored_is_damaged,
    what_is_refused_is_never_asked_for,
    nothing_is_asked_for_without_end,
    names_from_the_web_never_become_paths,
    memory_stays_under_the_bound,
)


def test_faults_side_by_side(run: Run, subtests: pytest.Subtests) -> None:
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(run)
