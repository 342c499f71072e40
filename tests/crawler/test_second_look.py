"""Articles that are shown to search engines otherwise than to readers."""

import sqlite3
from contextlib import closing

import pytest
from crawling import Answer, Crawl, Site, article, html, links

SPAM = "nhà cái uy tín tặng tiền cược miễn phí cho người mới"


@pytest.mark.parametrize(("asked", "found"), [("1", 1), ("", 0)])
def test_what_only_a_search_engine_is_shown_is_a_finding(
    site: Site, crawl: Crawl, asked: str, found: int
) -> None:
    def by_turns(visit: int) -> Answer:
        spam = html(article("cá cược bóng đá").replace("Hội nghị".encode(), SPAM.encode()))
        return html(article("A")) if visit == 1 else spam

    site.routes = {
        "/": html(links("/tin-so-thu-a.html", "/tin-so-thu-b.html")),
        "/tin-so-thu-a.html": by_turns,
        "/tin-so-thu-b.html": html(article("B")),
    }
    done = crawl.command("crawl", "portal", "-a", f"url={site.url}/", "-a", f"second_look={asked}")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(crawl.archive)) as db:
        rows = db.execute("SELECT kind, url, article_id, score >= 0.5 FROM findings").fetchall()
        stored = db.execute("SELECT count(*), max(version), sum(flagged) FROM articles").fetchone()
    assert rows == [("cloaking", f"{site.url}/tin-so-thu-a.html", None, 1)] * found
    assert stored == (2, 1, 0)
    agents = [headers["User-Agent"] for headers in site.headers if "Googlebot/2.1" in headers["User-Agent"]]
    assert [agent.count("portal-archive/") for agent in agents] == [1, 1] * found
