"""`scrapy status`: what it says of each portal, and with which exit code."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from crawling import Crawl, Site, article, html, links
from scrapy.settings import Settings

from crawler.commands.status import as_json, portal_states
from crawler.registry import declared_portals
from crawler.spider import PortalSpider
from portal_archive.archive.archive import Archive
from portal_archive.archive.health.states import PortalHealth
from portal_archive.model.records import Portal

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DECLARED = [portal.name for portal in declared_portals()]
PATHS = [f"/tin-so-thu-{number}.html" for number in range(4)]
STATE = (
    "INSERT INTO portal_states (portal, state, since, judged_at, old_words,"
    " field, before, after, examples, warnings) VALUES ('huyen', ?, '2026-03-09T00:00:00Z',"
    " '2026-03-10T00:00:00Z', json_array('why', 'vì sao', 'do it', 'làm đi'), 'body', '98%', '0%',"
    ' \'["https://huyen.example/a"]\', \'[{"en": "many", "vi": "nhiều"}]\')'
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    with Archive(tmp_path / "archive.db") as opened:
        opened.register([Portal("huyen", "Huyện", "https://huyen.example/", "generic", "described")])
        return opened


def at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def crawled(path: Path, *hours_ago: float, new: int = 0, state: str | None = "ok") -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for hours in hours_ago:
            moment = at(NOW - timedelta(hours=hours))
            db.execute(
                "INSERT INTO crawls (portal, started_at, last_active_at, finished_at, outcome, pages,"
                " new_articles, state) VALUES ('huyen', ?, ?, ?, 'finished', 3, ?, ?)",
                (moment, moment, moment, new, state),
            )


def judged(path: Path, state: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(STATE, (state,))


def status(path: Path) -> dict[str, PortalHealth]:
    return {state.portal: state for state in portal_states(Settings({"ARCHIVE_DB": str(path)}), NOW)}


def test_declared_portals_are_new_where_there_is_no_archive(tmp_path: Path) -> None:
    states = status(tmp_path / "none.db")
    assert list(states) == DECLARED
    assert {(one.state, one.needs_person) for one in states.values()} == {("new", False)}
    assert states["sapa"].next_step.en == "scrapy crawl sapa"
    assert not (tmp_path / "none.db").exists()


def test_what_is_said_of_a_portal(archive: Archive) -> None:
    crawled(archive.path, 200, new=100)
    crawled(archive.path, 48, 24, 2, new=3)
    judged(archive.path, "degraded")
    states = status(archive.path)
    assert list(states) == sorted([*DECLARED, "huyen"])
    assert as_json(states["huyen"]) == {
        "portal": "huyen",
        "title": "Huyện",
        "state": "degraded",
        "needs_person": True,
        "reason": "why",
        "reason_vi": "vì sao",
        "next_step": "do it",
        "next_step_vi": "làm đi",
        "since": "2026-03-09T00:00:00Z",
        "cause": None,
        "field": "body",
        "before": "98%",
        "after": "0%",
        "examples": ("https://huyen.example/a",),
        "warnings": [{"en": "many", "vi": "nhiều"}],
        "last_crawl": "2026-03-10T10:00:00Z",
        "last_good_crawl": "2026-03-10T10:00:00Z",
        "new_articles_7_days": 9,
        "open_problems": 0,
        "open_doubts": 0,
        "exceptions": None,
    }


@pytest.mark.parametrize(
    ("hours_ago", "state"),
    [
        ((47,), "ok"),
        ((24 * 9,), "overdue"),  # crawled once
        ((50, 44, 38), "ok"),  # every six hours, and now a day and a half
        ((62, 56, 50), "overdue"),
        ((24 * 21, 24 * 14), "ok"),  # once a week
        ((24 * 29, 24 * 22), "overdue"),
    ],
)
def test_a_portal_that_nobody_crawls_is_not_ok(
    archive: Archive, hours_ago: tuple[float, ...], state: str
) -> None:
    crawled(archive.path, *hours_ago)
    judged(archive.path, "ok")
    found = status(archive.path)["huyen"]
    assert (found.state, found.needs_person) == (state, state == "overdue")
    if state == "overdue":
        assert found.reason.en.startswith(f"not crawled for {int(hours_ago[-1] // 24)} days")


def test_crawls_that_were_never_judged_are_no_success(archive: Archive) -> None:
    crawled(archive.path, 2, state=None)
    found = status(archive.path)["huyen"]
    assert (found.state, found.reason.en) == ("new", "no crawl has ended that could be judged")
    assert found.next_step.en == "scrapy crawl portal -a url=https://huyen.example/"


def test_an_exception_is_shown(archive: Archive) -> None:
    with Archive(archive.path) as opened:
        portal = Portal("huyen", "Huyện", "https://huyen.example/", "generic", "described")
        opened.register([portal, Portal(**{**_values(portal), "name": "cu", "exceptions": "TLS SECLEVEL=1"})])
    assert {
        name: one.exceptions for name, one in status(archive.path).items() if name in ("cu", "huyen")
    } == {
        "cu": "TLS SECLEVEL=1",
        "huyen": None,
    }


def test_the_exception_is_the_one_that_a_file_states() -> None:
    class Old(PortalSpider):
        name = "cu"
        home = "https://cu.example/"
        tls_seclevel_1 = True

    assert Old().portal.exceptions == "TLS SECLEVEL=1"
    assert {portal.exceptions for portal in declared_portals()} == {None}


def _values(portal: Portal) -> dict[str, Any]:
    return {name: getattr(portal, name) for name in portal.__dataclass_fields__}


# --- the command -------------------------------------------------------------------------------------------


def of(site: Site, crawl: Crawl) -> PortalHealth:
    states = portal_states(Settings({"ARCHIVE_DB": str(crawl.archive)}), datetime.now(UTC))
    return next(state for state in states if state.portal == site.host)


def test_from_the_first_crawl_to_a_refusal_and_back(site: Site, crawl: Crawl) -> None:
    routes = {path: html(article(path)) for path in PATHS} | {"/": html(links(*PATHS))}
    site.routes = dict(routes)
    assert crawl.portal(site).returncode == 0
    state = of(site, crawl)
    assert (state.state, state.new_articles, state.open_problems) == ("ok", 4, 0)
    assert state.last_good_crawl == crawl.query("SELECT finished_at FROM crawls")[0][0]
    stub = b'<html><body><script>document.cookie="D1N=9c8f6a20"+"; path=/";window.location.reload(true);</script>'
    site.routes["/"] = html(stub.ljust(177))
    assert crawl.portal(site).returncode == 1
    assert crawl.query("SELECT kind, url FROM problems WHERE closed_at IS NULL") == [
        ("blocked", f"{site.url}/")
    ]
    done = crawl.command("status", "--json")
    assert (done.returncode, done.stderr) == (2, "")
    (portal,) = (one for one in json.loads(done.stdout) if one["portal"] == site.host)
    assert (portal["state"], portal["cause"], portal["examples"]) == (
        "blocked",
        "cookie-wall",
        [f"{site.url}/"],
    )
    assert "D1N" in portal["reason"]
    assert portal["open_problems"] == 1
    table = crawl.command("status")
    assert table.returncode == 2
    assert "blocked" in table.stdout
    assert f"{site.url}/" in table.stdout
    site.routes = routes
    crawl.change("UPDATE pages SET next_visit = '2020-01-01T00:00:00Z'")
    assert crawl.portal(site).returncode == 0
    state = of(site, crawl)
    assert (state.state, state.open_problems, state.needs_person) == ("ok", 0, False)
    assert crawl.query("SELECT state, until IS NULL FROM portal_states ORDER BY id") == [
        ("ok", 0),
        ("blocked", 0),
        ("ok", 1),
    ]


def test_what_robots_forbids_is_no_problem(site: Site, crawl: Crawl) -> None:
    robots = (200, {"Content-Type": "text/plain"}, f"User-agent: *\nDisallow: {PATHS[0]}\n".encode())
    site.routes = {path: html(article(path)) for path in PATHS} | {
        "/": html(links(*PATHS)),
        "/robots.txt": robots,
    }
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT url, state FROM pages WHERE state = 'refused'") == [
        (f"{site.url}{PATHS[0]}", "refused")
    ]
    assert crawl.query("SELECT * FROM problems") == []
    assert of(site, crawl).state == "ok"


def test_a_portal_that_moved_says_where(site: Site, crawl: Crawl) -> None:
    site.routes = {"/": html(b"", 301, Location="http://khac.example/")}
    crawl.portal(site)
    state = of(site, crawl)
    assert (state.state, state.after, state.needs_person) == ("moved", "khac.example", True)


def test_it_reads_while_another_writes(archive: Archive) -> None:
    judged(archive.path, "ok")
    with closing(sqlite3.connect(archive.path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE portals SET title = 'Khác'")
        assert status(archive.path)["huyen"].title == "Huyện"


def test_an_archive_that_cannot_be_read(crawl: Crawl) -> None:
    crawl.archive.write_text("not an archive, but long enough to be taken for one " * 9)
    done = crawl.command("status")
    assert done.returncode == 1
    assert str(crawl.archive) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_crawl_that_broke_off_is_told_until_one_goes_on_with_it(site: Site, crawl: Crawl) -> None:
    site.routes = {"/": html(links("/tin-so-thu-mot.html")), "/tin-so-thu-mot.html": html(article("Một"))}
    assert crawl.portal(site).returncode == 0
    assert "broke off" not in crawl.command("status").stderr
    crawl.change("UPDATE crawls SET finished_at = NULL, outcome = NULL")
    done = crawl.command("status")
    assert done.returncode == 2
    assert f"{site.host}: its crawl of " in done.stderr
    assert crawl.portal(site).returncode == 0
    assert "broke off" not in crawl.command("status").stderr
