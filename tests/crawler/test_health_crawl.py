"""Portals that break between two crawls, over HTTP: what nobody noticed elsewhere is noticed at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from crawling import Answer, Crawl, Site, article, html, links, page, title_of

DAY0 = datetime(2026, 1, 21, 2, tzinfo=UTC)
NAMES = [f"tin-{number}" for number in range(8)]
NEW = [f"moi-{number}" for number in range(6)]


def path(name: str) -> str:
    return f"/{name}-{len(name) * 100 + int(name.rpartition('-')[2])}.html"


def portal(names: list[str], when: str = "20/01/2026 07:34") -> dict[str, Answer]:
    return {"/": html(links(*map(path, names)))} | {
        path(name): html(article(name, when=when)) for name in names
    }


def redesigned(name: str) -> bytes:
    """Return a page whose metadata tells all but the text, which its scripts fetch: nothing is shown before."""
    title = title_of(name)
    told = "Hội nghị đánh giá kết quả công tác dân vận, biểu dương các tập thể tiêu biểu của huyện. " * 6
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta property='og:title' content='{title}'><meta property='og:description' content='{told[:150]}'>"
        "<meta property='article:published_time' content='2026-01-22T08:00:00+07:00'>"
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",'
        ' "datePublished": "2026-01-22T08:00:00+07:00"}</script></head>'
        "<body><div id='app'></div></body></html>"
    ).encode()


def crawled(crawl: Crawl, site: Site, routes: dict[str, Any], day: float) -> dict[str, Any]:
    """Crawl a portal with these pages on a day, and return the state it is in then."""
    site.routes = dict(routes)
    crawl.now = DAY0 + timedelta(days=day)
    done = crawl.portal(site, PAUSE_SECONDS=0)
    assert "Traceback" not in done.stderr
    columns = ("state", "cause", "field", "before", "after", "examples")
    (row,) = crawl.query(f"SELECT {', '.join(columns)} FROM portal_states WHERE until IS NULL")
    return dict(zip(columns, row, strict=True))


@pytest.fixture
def well(site: Site, crawl: Crawl) -> dict[str, Answer]:
    """Crawl a portal that is well, and return its pages."""
    routes = portal(NAMES)
    assert crawled(crawl, site, routes, 0)["state"] == "ok"
    return routes


def test_a_redesign_that_only_scripts_fill(site: Site, crawl: Crawl, well: dict[str, Answer]) -> None:
    routes = {path(name): html(redesigned(name)) for name in [*NAMES, *NEW]}
    found = crawled(crawl, site, routes | {"/": html(links(*map(path, [*NEW, *NAMES])))}, 1)
    assert (found["state"], found["field"], found["after"]) == ("degraded", "article", "0%")
    assert found["examples"].count(site.url) == 3
    # Nothing that was stored is replaced by what is empty now.
    assert crawl.query("SELECT count(*), min(length(body)) > 100 FROM articles") == [(len(NAMES), 1)]


def test_the_same_again_half_a_year_later(site: Site, crawl: Crawl, well: dict[str, Answer]) -> None:
    assert crawled(crawl, site, well, 1)["state"] == "ok"
    assert crawled(crawl, site, well, 180)["state"] == "silent"


def test_a_home_page_that_greets(site: Site, crawl: Crawl, well: dict[str, Answer]) -> None:
    found = crawled(crawl, site, {"/": html(page("Xin chào", "<p>It works!</p>"))}, 1)
    # Maintenance looks the same: what vanishes at once is not called gone on its first day.
    assert (found["state"], found["cause"]) == ("degraded", "vanished")


def test_another_owner(site: Site, crawl: Crawl, well: dict[str, Answer]) -> None:
    text = (
        "The newest slots and the best welcome bonus await you at our trusted online casino, where players from all"
        " over the world win every day, cash out within minutes and collect free spins on every single weekend."
    )
    spam = [f"best-bonus-{number}" for number in range(12)]
    routes = {"/": html(page("Best online casino", f"<p>{text}</p>" + "".join(
        f"<p><a href='{path(name)}'>Best online casino bonus number {name} for new players</a></p>" for name in spam
    )))}  # fmt: skip
    head = "<meta name='generator' content='WordPress 6.4'>"
    for name in spam:
        body = page(f"Best bonus {name}", head + f"<div><p>{name} {text}</p><p>{text} Again.</p></div>" * 3)
        routes[path(name)] = html(body)
    found = crawled(crawl, site, routes, 1)
    assert found["state"] == "hijacked"
    assert "language" in found["cause"]
    assert crawl.query("SELECT DISTINCT kind FROM findings WHERE span = 'language'") == [("host-takeover",)]
