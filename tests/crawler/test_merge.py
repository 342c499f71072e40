"""`scrapy merge`: a portal that was crawled elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawling import Crawl, Site, article, html, links


@pytest.mark.long
def test_a_portal_crawled_elsewhere_is_gathered(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    site.routes = {"/": html(links("/tin-so-thu-1.html")), "/tin-so-thu-1.html": html(article("Một"))}
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Crawl(tmp_path / "elsewhere")
    assert elsewhere.portal(site).returncode == 0
    done = crawl.command("merge", str(elsewhere.archive))
    assert (done.returncode, done.stdout) == (
        0,
        f"{elsewhere.archive}: 1 portals gathered with 1 articles, 0 visited by both with 0 captures, 0 known already\n",
    )
    assert crawl.query("SELECT portal, url FROM articles") == [(site.host, f"{site.url}/tin-so-thu-1.html")]
    assert crawl.command("verify").returncode == 0
    shown = crawl.command("show-capture", f"{site.url}/tin-so-thu-1.html")
    assert shown.stdout == article("Một").decode()
    assert crawl.command("merge", str(elsewhere.archive)).stdout.endswith(
        "0 portals gathered with 0 articles, 0 visited by both with 0 captures, 1 known already\n"
    )
    # From here on it is crawled here.
    crawl.change("UPDATE pages SET next_visit = '2020-01-01T00:00:00Z'")
    assert crawl.portal(site).returncode == 0
    assert crawl.query("SELECT count(*), max(version) FROM articles") == [(1, 1)]
    # What both have visited is read again from the other's captures.
    site.routes["/tin-so-thu-1.html"] = html(
        article("Một", "<p>Bổ sung: huyện biểu dương thêm ba tập thể.</p>")
    )
    elsewhere.change("UPDATE pages SET next_visit = '2020-01-01T00:00:00Z'")
    assert elsewhere.portal(site).returncode == 0
    both = crawl.command("merge", str(elsewhere.archive))
    assert (both.returncode, both.stdout) == (
        0,
        f"{elsewhere.archive}: 0 portals gathered with 0 articles, 1 visited by both with 3 captures, 0 known already\n",
    )
    assert crawl.query("SELECT count(*), max(version) FROM articles") == [(1, 2)]
    assert crawl.query("SELECT count(*) FROM crawls WHERE outcome = 'finished'") == [(3,)]
    missing = crawl.command("merge", str(tmp_path / "none.db"))
    assert (missing.returncode, missing.stderr.count("none.db: no such archive")) == (1, 1)
