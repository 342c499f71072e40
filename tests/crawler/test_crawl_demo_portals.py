"""The demo portals, crawled by the spiders of the portals they imitate; then again after editors were at work."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from crawling import Crawl

from demo.portals import PORTALS
from demo.server import Site, serve


def command(stem: str, site: Site) -> tuple[str, ...]:
    # The hijacked copy stands where no portal belongs, so that it is crawled as any portal.
    if stem == "hijacked":
        return "crawl", "portal", "-a", f"url={site.url}/"
    return "crawl", stem, "-a", f"home={site.url}/"


# Two of them at each change, the others with what takes long.
_SOON = ("laichau", "hijacked")


@pytest.mark.parametrize(
    "stem", [pytest.param(stem, marks=() if stem in _SOON else pytest.mark.long) for stem in sorted(PORTALS)]
)
def test_crawl_and_come_back(stem: str, crawl: Crawl) -> None:
    with serve([stem]) as sites:
        site = sites[stem]
        done = crawl.command(*command(stem, site))
        assert done.returncode == 0, done.stderr
        urls = dict(crawl.query("SELECT url, article_id FROM article_urls"))
        articles = {
            entry["key"]: {urls[url] for url in entry["urls"] if url in urls} for entry in site.gold()
        }
        # Each article once, under whichever of its addresses, and nothing else.
        assert {key: len(found) for key, found in articles.items()} == dict.fromkeys(articles, 1)
        assert crawl.query("SELECT count(*) FROM articles") == [(len(articles),)]
        asked = [request.path for request in site.log]
        assert not [path for path in asked if path.startswith(site.portal.disallowed)]
        trapped = Counter(path for path in asked if re.search(site.portal.traps, path))
        assert sum(trapped.values()) <= 10
        before = len(site.log)

        site.advance()
        # All is due again, as in some days.
        crawl.change("UPDATE pages SET next_visit = '2000-01-01T00:00:00Z' WHERE next_visit IS NOT NULL")
        done = crawl.command(*command(stem, site))
        assert done.returncode == 0, done.stderr
        assert len(site.log) > before
        changes = {change["key"]: change["kind"] for change in site.changes()}
        number = {article_id: key for key, ids in articles.items() for article_id in ids}
        changed = crawl.query("SELECT id FROM articles WHERE version > 1")
        missing = crawl.query("SELECT id FROM articles WHERE missing_since IS NOT NULL")
        new = crawl.query("SELECT count(*) FROM articles WHERE id > ?", len(articles))
        edits = {key for key, kind in changes.items() if kind in ("title", "paragraph", "figure")}
        assert {number[article_id] for (article_id,) in changed} == edits
        deleted = {key for key, kind in changes.items() if kind == "deleted"}
        assert {number[article_id] for (article_id,) in missing} == deleted
        assert new == [(sum(kind == "new" for kind in changes.values()),)]
