"""`scrapy probe`, as it is typed, against portals on loopback and against saved pages."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from crawling import ROOT, Crawl, Site, article, html, links, page, serving, title_of

from demo.server import serve
from portal_archive.integrity.check import read_and_check as read_page

PATHS = [f"/tin-so-thu-{letter}.html" for letter in "abcdefgh"]
PEOPLE = "Lò Văn Mây|Giàng A Páo|Vàng Thị Sua|Tẩn Láo Sử|Hạng A Chu|Mùa A Dơ|Sùng A Lử|Lý A Tủa".split("|")
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Tin</title>
<item><title>Tin A</title><link>/tin-so-thu-a.html</link></item></channel></rss>"""


def routes() -> dict[str, Any]:
    """Return a portal with a home page, three lists of which one is forbidden, a feed, and eight articles."""
    lists = ["/danh-muc-tin-tuc", "/danh-muc-dan-van", "/danh-muc-rieng"]
    inside = "<p><a href='/chuyen-muc-sau'>Sau</a></p>"
    found: dict[str, Any] = {path: html(article(path[-6].upper(), inside)) for path in PATHS}
    found |= {path: html(links(*PATHS[:6])) for path in (*lists, "/chuyen-muc-sau")}
    feed = b"<link rel='alternate' type='application/rss+xml' href='/rss/tin.xml'></head>"
    menu = "".join(f"<a href='{path}'>{path[-8:]}</a> " for path in lists)
    home = links(*PATHS).replace(b"</head>", feed).replace(b"<body>", f"<body><nav>{menu}</nav>".encode())
    rules = b"User-agent: *\nDisallow: /danh-muc-rieng\n"
    return found | {
        "/": html(home),
        "/rss/tin.xml": (200, {"Content-Type": "application/rss+xml"}, FEED),
        "/robots.txt": (200, {"Content-Type": "text/plain"}, rules),
    }


@pytest.fixture
def portal(site: Site) -> Site:
    site.routes = routes()
    return site


def shell(inside: str) -> dict[str, Any]:
    head = "<!DOCTYPE html><html><head><title>Xã Mây</title></head><body><div id='app'></div>"
    return {"/": html(f"{head}{inside}</body></html>".encode())}


def led_around() -> dict[str, Any]:
    """Return a portal where each page is at another address than is asked for."""
    pages = routes()
    del pages["/robots.txt"]
    around: dict[str, Any] = {path: (302, {"Location": f"{path}?den=1"}, b"") for path in pages}
    return around | {f"{path}?den=1": answer for path, answer in pages.items()}


def undated() -> dict[str, Any]:
    date = "Ngày đăng: 18/01/2024 07:34".encode()
    pages = {path: html(article(path[-6].upper()).replace(date, b"")) for path in PATHS}
    return pages | {"/": html(links(*PATHS))}


SITES: dict[str, Callable[[], dict[str, Any]]] = {
    "whole": routes,
    "undated": undated,
    "empty": lambda: {"/": html(page("Trang chủ", "<p>Đang xây dựng</p>"))},
    "moved": lambda: {"/": (301, {"Location": "https://laichau.gov.vn/"}, b"")},
    "around": led_around,
    "endpoint": lambda: shell("<script>fetch('/api/tin-tuc?trang=1').then(ve)</script>"),
    "rendered": lambda: shell("<script src='/assets/app.3f2a.js'></script>"),
}


@dataclass
class Probed:
    """What one process said of all the sites, and of pages that were saved."""

    code: int
    told: str
    sites: dict[str, Site]
    reports: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probed]:
    folder = tmp_path_factory.mktemp("saved") / "muongmay.example.vn"
    folder.mkdir()
    (folder / "index.html").write_bytes(links(*(path.lstrip("/") for path in PATHS)))
    for path in PATHS:
        (folder / path.lstrip("/")).write_bytes(article(path[-6].upper()))
    empty = folder.parent / "trong.warc"
    empty.touch()
    sites = {}
    with ExitStack() as running:
        for name, made in SITES.items():
            sites[name] = running.enter_context(serving(Site()))
            sites[name].routes = made()
        urls = [f"{site.url}/" for site in sites.values()]
        crawl = Crawl(tmp_path_factory.mktemp("probed"))
        done = crawl.command("probe", "--json", *urls, "http://127.0.0.1:9/", str(folder), str(empty))
        assert not crawl.archive.exists()
        reports = json.loads(done.stdout)
        names = ["saved", *SITES, "dead"]
        yield Probed(done.returncode, done.stderr, sites, dict(zip(names, reports, strict=True)))


def test_what_is_wrong_with_one_portal_stops_no_other(probed: Probed) -> None:
    assert probed.code == 2
    assert "Traceback" not in probed.told
    assert "trong.warc: no page in it" in probed.told
    assert "[8/8] " in probed.told
    assert {name: one["state"] for name, one in probed.reports.items()} == {
        "whole": "works",
        "saved": "works",
        "undated": "lacking",
        "empty": "lacking",
        "moved": "moved",
        "around": "works",
        "endpoint": "shell",
        "rendered": "shell",
        "dead": "unreachable",
    }


def test_a_report_says_all_that_a_portal_shows(probed: Probed) -> None:
    seen, site = probed.reports["whole"], probed.sites["whole"]
    assert (seen["family"], seen["home"]) == ("generic", f"{site.url}/")
    assert seen["robots"] == {"status": 200, "crawl_delay": None, "sitemaps": []}
    assert "/danh-muc-rieng" not in site.log
    assert [(one["url"].removeprefix(site.url), one["items"]) for one in seen["lists"]] == [
        ("/", 8),
        ("/danh-muc-tin-tuc", 6),
        ("/danh-muc-dan-van", 6),
        ("/chuyen-muc-sau", 6),
    ]
    assert seen["feeds"] == [{"url": f"{site.url}/rss/tin.xml", "entries": 1, "is_linked": True}]
    assert len(seen["articles"]) == 5
    assert seen["articles"][0]["fields"]["published_at"] == {
        "method": "label",
        "value": "2024-01-18T07:34:00+07:00",
    }
    assert seen["labels"] == {"date": ["Ngày đăng"]}
    assert seen["requests"] == len(site.log) <= 15
    assert (seen["missing"], seen["reason"]) == ([], "")


def test_no_request_is_made_beyond_the_limit(probed: Probed) -> None:
    seen, site = probed.reports["around"], probed.sites["around"]
    assert len(site.log) == seen["requests"] == 15
    assert seen["redirects"] == [f"{site.url}/?den=1"]


def test_what_is_missing_is_said(probed: Probed) -> None:
    assert probed.reports["undated"]["missing"] == ["published_at: in 0 of 5 articles"]
    assert probed.reports["empty"]["missing"] == ["no list was found", "no article was found"]
    assert probed.reports["dead"]["reason"].startswith("the connection is refused. ")


def test_a_home_page_that_leads_away_says_to_whom(probed: Probed) -> None:
    seen = probed.reports["moved"]
    assert (seen["moved_to"], seen["moved_portal"]) == ("laichau.gov.vn", "laichau")


def test_empty_shells_are_told_with_what_would_help(probed: Probed) -> None:
    home = f"{probed.sites['endpoint'].url}/"
    assert probed.reports["endpoint"]["shells"] == [
        {"url": home, "help": "endpoint", "endpoints": [f"{home}api/tin-tuc?trang=1"]}
    ]
    assert probed.reports["rendered"]["reason"] == (
        "its pages are empty until a script has run: only a browser shows it: `rendered = True` in the portal's file"
    )


def test_a_folder_of_pages_is_probed_without_a_network(probed: Probed) -> None:
    seen = probed.reports["saved"]
    assert (seen["requests"], seen["home"]) == (0, "http://muongmay.example.vn/")
    assert len(seen["articles"]) == 5


def test_check_says_each_field_with_its_method_and_saves_pages(
    portal: Site, crawl: Crawl, tmp_path: Path
) -> None:
    folder = tmp_path / "fixtures"
    folder.mkdir()
    (folder / "article.html").write_text("mine")
    asked = ("check", "portal", "-a", f"url={portal.url}/", "--articles", "1")
    done = crawl.command(*asked, "--save", str(folder))
    assert (done.returncode, done.stderr.count("ERROR")) == (0, 0), done.stdout + done.stderr
    assert f"{portal.url}/  200 list" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["author", "missing"] in lines
    methods = {line[0]: line[1] for line in lines if line and line[0] in ("title", "body", "published_at")}
    assert set(methods) == {"title", "body", "published_at"}
    assert "missing" not in methods.values()
    assert "1 articles" in done.stdout
    assert not crawl.archive.exists()
    assert not crawl.captures.exists()
    assert (folder / "article.html").read_text() == "mine"
    saved = sorted(path.name for path in folder.glob("*.json"))
    assert "article_2.json" in saved
    assert "list.json" in saved
    assert all(f"{folder}/{name}" in done.stdout for name in saved)
    for name in saved:
        expected = json.loads((folder / name).read_text())
        read = read_page((folder / name).with_suffix(".html").read_bytes(), expected["url"]).as_dict()
        assert {key: read[key] for key in expected} == expected
    kept = json.loads((folder / "article_2.json").read_text())
    assert kept["title"] == title_of(kept["url"][-6].upper())
    assert (folder / "article_2.html").read_bytes() == portal.routes[kept["url"].removeprefix(portal.url)][2]  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["laichua"], "no portal has the name laichua; did you mean laichau"),
        (["laichau", "-a", "home"], "-a takes NAME=VALUE"),
        (["--all", "--province", "muong-thu"], "no province has the id 'muong-thu'"),
    ],
)
def test_what_cannot_be_done_is_said(crawl: Crawl, arguments: list[str], said: str) -> None:
    done = crawl.command("probe", *arguments)
    assert done.returncode in (1, 2)
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# --- what is proposed ----------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of its own, with a table of one portal."""
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n")
    (tmp_path / "spiders").mkdir()
    (tmp_path / "spiders" / "__init__.py").touch()
    shutil.copy(ROOT / "spiders" / "rows.py", tmp_path / "spiders")
    heading = (ROOT / "spiders" / "portals.csv").read_text().splitlines()[0]
    (tmp_path / "spiders" / "portals.csv").write_text(f"{heading}\n")
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Scrapy in a project: the folder a command is run in counts, wherever the packages are installed."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments, "-s", "DOWNLOAD_DELAY=0", "-s", f"ARCHIVE_DB={project}/a.db"],
        cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def table(project: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((project / "spiders" / "portals.csv").read_text().splitlines()))


def told(name: str, body: str, title: str) -> list[str]:
    return ["--name", name, "--province", "lai-chau", "--body", body, "--title", title, "--save"]


@pytest.mark.long
def test_a_row_is_written_and_then_only_what_differs(portal: Site, project: Path) -> None:
    done = run(project, "probe", f"{portal.url}/", *told("muong_thu", "tỉnh ủy", "Tỉnh ủy Mường Thử"))
    assert done.returncode == 0, done.stderr
    (row,) = table(project)
    assert row.pop("evidence").startswith("probed 2")
    assert {column: value for column, value in row.items() if value} == {
        "name": "muong_thu",
        "title": "Tỉnh ủy Mường Thử",
        "home": f"{portal.url}/",
        "province": "lai-chau",
        "body": "tỉnh ủy",
        "family": "generic",
        "lists": "/chuyen-muc-sau",
        "known": "read from real pages",
    }
    assert (project / "tests" / "spiders" / "muong_thu" / "article.html").exists()
    del portal.routes["/chuyen-muc-sau"]
    differs = run(project, "probe", "muong_thu", "--save")
    assert "lists = ()" in differs.stdout
    (changed,) = table(project)
    assert changed.pop("evidence").count("probed 2") == 1
    assert changed == row | {"lists": ""}


@pytest.mark.long
def test_what_a_row_cannot_say_goes_into_a_file(site: Site, project: Path) -> None:
    site.routes = {
        path: html(article(path[-6].upper()).replace(b"<p>Ng", f"<p>Người soạn: {name}</p><p>Ng".encode(), 1))
        for path, name in zip(PATHS, PEOPLE, strict=True)
    } | {"/": html(links(*PATHS))}
    done = run(project, "probe", f"{site.url}/", *told("muong_may", "huyện ủy", "Huyện ủy Mường Mây"))
    assert done.returncode == 0, done.stderr
    path = project / "spiders" / "muong_may.py"
    assert '    labels = {"author": ("Người soạn",)}\n' in path.read_text()
    assert table(project) == []
    # Its pages are tests at once, which the readers pass only with the label.
    shutil.copy(ROOT / "tests" / "spiders" / "test_portals.py", project / "tests" / "spiders")
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "tests/spiders/test_portals.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(test, cwd=project, env=environment, check=False).returncode == 0
    declared: dict[str, Any] = {"__name__": "muong_may"}
    exec(path.read_text(), declared)
    saved = project / "tests" / "spiders" / "muong_may" / "article.html"
    url = json.loads(saved.with_suffix(".json").read_text())["url"]
    read = read_page(saved.read_bytes(), url, family=declared["MuongMay"].rules())
    assert read.article is not None
    assert read.article.author == PEOPLE["abcdefgh".index(url[-6])]


@pytest.mark.long
def test_the_demo_portals_are_crawled_exactly_with_what_is_proposed(project: Path) -> None:
    with serve() as sites:
        urls = [f"{site.url}/" for site in sites.values()]
        done = run(project, "probe", *urls, "--save")
        assert "Traceback" not in done.stderr
        assert len(list((project / "spiders").glob("portal_*.py"))) == 6
        assert run(project, "crawl-all").returncode == 2  # one shows articles that were tampered with
        gold = {one["url"] for site in sites.values() for one in site.gold()}
    crawled = Crawl(project)
    crawled.archive = project / "a.db"
    assert len(gold) == 264
    assert crawled.query("SELECT count(*) FROM articles") == [(264,)]
    assert gold <= {url for (url,) in crawled.query("SELECT url FROM article_urls")}


@pytest.mark.long
def test_all_portals_are_probed_into_a_table_that_is_kept(portal: Site, crawl: Crawl) -> None:
    chosen = ("--all", "--province", "lai-chau", "--body", "huyện ủy")
    first = crawl.command("probe", *chosen, PORTAL_HOMES='{"tamduong": "http://127.0.0.1:9/"}')
    assert (first.returncode, first.stderr.count("Traceback")) == (1, 0), first.stderr  # of one, none answers
    second = crawl.command("probe", *chosen, PORTAL_HOMES=json.dumps({"tamduong": f"{portal.url}/"}))
    assert second.returncode == 2
    job = json.loads((crawl.archive.parent / "jobs" / "probe.json").read_text())
    assert (job["state"], job["exit_code"]) == ("ok", 2)  # a change is no failure of the job
    assert "state: unreachable -> works" in " ".join(second.stdout.split())
    kept = "SELECT portal, state, articles, json_extract(changes, '$[0][0]') FROM probes ORDER BY id"
    assert crawl.query(kept) == [("tamduong", "unreachable", 0, None), ("tamduong", "works", 5, "state")]


def test_the_guide_knows_the_command() -> None:
    assert "scrapy probe https://muongmay.example.vn/" in (ROOT / "docs" / "adding-a-portal.md").read_text()
