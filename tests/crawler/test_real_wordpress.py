"""A real WordPress crawled, edited and crawled again: exactly what its editors did, found by a few requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from crawling import Answer, Crawl, Site
from real_pages import PORTALS, needs_real_pages
from warcio.archiveiterator import ArchiveIterator

pytestmark = needs_real_pages

FOLDER = PORTALS / "cms-wordpress"
HOST = "127.0.0.1:8201"
BEGIN = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
ON_THE_WIRE = ("content-length", "transfer-encoding", "content-encoding", "connection")


def pages(capture: Path, host: str) -> dict[str, Answer]:
    """Return what the site answered, by path, under another address."""

    def own(text: bytes) -> bytes:
        return text.replace(HOST.encode(), host.encode())

    found: dict[str, Answer] = {}
    with capture.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            parts = urlsplit((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"))
            headers = {
                name: own(value.encode()).decode()
                for name, value in record.http_headers.headers
                if name.lower() not in ON_THE_WIRE
            }
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            status = int(record.http_headers.get_statuscode())
            found[path] = (status, headers, own(record.content_stream().read()))
    return found


def changes(host: str) -> dict[str, set[str]]:
    """Return the addresses of the articles that were changed, by what was done to them."""
    done: dict[str, set[str]] = {}
    for change in json.loads((FOLDER / "changes.json").read_text(encoding="utf-8")):
        done.setdefault(change["kind"], set()).add(
            (change.get("url") or change["new_url"]).replace(HOST, host)
        )
    return done


@pytest.mark.long
def test_the_changes_of_a_wordpress_and_no_others(site: Site, crawl: Crawl) -> None:
    done = changes(site.host)
    gone = done["deleted"] | done["unpublished"]
    edits = (
        "title_changed", "number_corrected", "paragraph_added", "paragraph_removed", "published_date_changed",
        "author_changed", "image_replaced",
    )  # fmt: skip

    def at(hours: int) -> int:
        """Crawl so many hours after the first crawl; return how many requests that took."""
        before = len(site.log)
        crawl.now = BEGIN + timedelta(hours=hours)
        run = crawl.portal(site)
        assert run.returncode == 0, run.stderr
        return len(site.log) - before

    site.routes = pages(FOLDER / "site.warc.gz", site.host)
    assert at(0) <= 3 * 46
    assert crawl.query("SELECT count(*), max(version) FROM articles") == [(46, 1)]
    assert at(1) <= 30
    site.routes = pages(FOLDER / "second.warc.gz", site.host)
    at(2)
    new = {url for (url,) in crawl.query("SELECT url FROM articles ORDER BY id LIMIT -1 OFFSET 46")}
    assert new == done["new"]
    at(28)
    at(54)
    changed = {url for (url,) in crawl.query("SELECT url FROM articles WHERE version = 2")}
    assert changed == set().union(*(done[edit] for edit in edits))
    assert crawl.query("SELECT count(*), max(version) FROM versions") == [(46 + 3 + 7, 2)]
    assert {url for (url,) in crawl.query("SELECT url FROM articles WHERE gone_at IS NOT NULL")} == gone
    # Moved to another address or category, or written in other markup: the same article, and no version.
    assert crawl.query("SELECT count(*) FROM articles") == [(46 + 3,)]
    moved = crawl.query("SELECT count(*) FROM article_urls GROUP BY article_id HAVING count(*) > 1")
    assert len(moved) == len(done["slug_moved"])
