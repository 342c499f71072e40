"""`scrapy check`, as it is typed, against a portal on loopback."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawling import ROOT, Crawl, Site, article, html, links, page, title_of

from crawler.probe import Probe, ProbedPage
from portal_archive.integrity.check import read_and_check as read_page
from portal_archive.model.expectations import Expect, Range, Rate
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Article, Counter, Page
from portal_archive.model.records import Visit

PATHS = [f"/tin-so-thu-{letter}.html" for letter in "abcdefgh"]


@pytest.fixture
def portal(site: Site) -> Site:
    """Return a portal with a home page, three lists of which one is forbidden, and eight articles."""
    lists = ["/danh-muc-tin-tuc", "/danh-muc-dan-van", "/danh-muc-rieng"]
    site.routes = {path: html(article(path[-6].upper())) for path in PATHS}
    site.routes |= {path: html(links(*PATHS[:6])) for path in lists}
    site.routes["/"] = html(links(*PATHS, *lists))
    site.routes["/robots.txt"] = (
        200,
        {"Content-Type": "text/plain"},
        b"User-agent: *\nDisallow: /danh-muc-rieng\n",
    )
    return site


def test_each_field_is_said_with_its_method_and_nothing_is_kept(portal: Site, crawl: Crawl) -> None:
    done = crawl.command("check", "portal", "-a", f"url={portal.url}/", "--articles", "2")
    assert (done.returncode, done.stderr.count("ERROR")) == (0, 0), done.stdout + done.stderr
    assert f"{portal.url}/  200 list" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["author", "missing"] in lines
    methods = {line[0]: line[1] for line in lines if line and line[0] in ("title", "body", "published_at")}
    assert set(methods) == {"title", "body", "published_at"}
    assert "missing" not in methods.values()
    assert done.stdout.count(f"{portal.url}/tin-so-thu-") == 2
    assert "2 articles" in done.stdout
    assert not crawl.archive.exists()
    assert not crawl.captures.exists()
    asked = [path for path in portal.log if path.startswith("/tin-so-thu")]
    assert len(asked) == 2
    assert "/danh-muc-rieng" not in portal.log


def test_pages_are_saved_as_fixtures_that_read_as_saved(portal: Site, crawl: Crawl, tmp_path: Path) -> None:
    folder = tmp_path / "fixtures"
    folder.mkdir()
    (folder / "article.html").write_text("mine")
    done = crawl.command(
        "check", "portal", "-a", f"url={portal.url}/", "--articles", "1", "--save", str(folder)
    )
    assert done.returncode == 0, done.stderr
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
    assert (folder / "article_2.html").read_bytes() == article(kept["url"][-6].upper())


def test_articles_without_a_date_want_a_person(site: Site, crawl: Crawl) -> None:
    bodies = {
        path: article(path[-6].upper()).replace("Ngày đăng: 18/01/2024 07:34".encode(), b"") for path in PATHS
    }
    site.routes = {path: html(body) for path, body in bodies.items()} | {"/": html(links(*PATHS))}
    done = crawl.command("check", "portal", "-a", f"url={site.url}/", "--articles", "2")
    assert done.returncode == 2
    assert "missing published_at: in 0 of 2 articles" in done.stdout


def test_a_portal_without_articles_wants_a_person(site: Site, crawl: Crawl) -> None:
    site.routes = {"/": html(page("Trang chủ", "<p>Đang xây dựng</p>"))}
    done = crawl.command("check", "portal", "-a", f"url={site.url}/")
    assert done.returncode == 2
    assert "missing no article was found" in done.stdout


def test_a_portal_that_does_not_answer_is_said_to_be_unreachable(crawl: Crawl) -> None:
    done = crawl.command("check", "laichau", "-a", "home=http://127.0.0.1:9/")
    assert done.returncode == 1
    assert "unreachable: the connection is refused" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_declared_portal_is_looked_at_elsewhere(portal: Site, crawl: Crawl) -> None:
    done = crawl.command("check", "tamduong", "-a", f"home={portal.url}/", "--articles", "1", "--pages", "9")
    assert done.returncode == 0, done.stdout
    assert f"{portal.url}/tin-so-thu-" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["khong-co"], "no portal khong-co; there are: backan, "),
        (["laichau", "-a", "home"], "-a takes NAME=VALUE"),
        (["portal", "-a", "url=ftp://x"], "no home page"),
    ],
)
def test_what_cannot_be_done_is_said(crawl: Crawl, arguments: list[str], said: str) -> None:
    done = crawl.command("check", *arguments)
    assert done.returncode in (1, 2)
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def seen(kind: Outcome, counter: Counter | None = None) -> ProbedPage:
    url = "https://xa.example/"
    shown = Article(title="x") if kind is Outcome.ARTICLE else None
    visit = Visit(
        "xa",
        url,
        url,
        datetime(2026, 1, 1, tzinfo=UTC),
        kind,
        page=Page(url, kind, article=shown, counter=counter),
    )
    return ProbedPage(visit, b"")


GOOD = {"title": Rate(4, 4), "body": Rate(4, 4), "published_at": Rate(4, 4), "author": Rate(4, 2)}


@pytest.mark.parametrize(
    ("rates", "expect", "missing"),
    [
        ({}, Expect(), []),
        ({"author": Rate(4, 0)}, Expect(), []),
        ({"body": Rate(4, 0)}, Expect(), ["body: in 0 of 4 articles"]),
        (
            {},
            Expect(filled={"author": Range(min=0.9)}),
            ["author: in 2 of 4 articles, at least 90% expected"],
        ),
        ({"author": Rate(4, 3)}, Expect(filled={"author": Range(min=0.9)}), []),
        ({}, Expect(filled={"author": Range(max=0.1)}), []),
        ({}, Expect(counter=True), ["counter: on no page"]),
        ({}, Expect(counter=False), []),
    ],
)
def test_what_counts_as_missing(rates: dict[str, Rate], expect: Expect, missing: list[str]) -> None:
    look = Probe([seen(Outcome.LIST), seen(Outcome.ARTICLE)], GOOD | rates)
    assert look.missing(expect) == missing


def test_a_counter_on_any_page_is_enough() -> None:
    look = Probe([seen(Outcome.LIST, Counter(total=5)), seen(Outcome.ARTICLE)], GOOD)
    assert look.missing(Expect(counter=True)) == []
    assert look.answered
    assert not Probe([]).answered


def test_the_guide_knows_the_command() -> None:
    assert "scrapy check muongmay" in (ROOT / "docs" / "adding-a-portal.md").read_text()
