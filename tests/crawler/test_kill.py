"""kill -9 at twenty moments of a crawl, each followed by a restart: nothing is lost, hardly anything asked twice."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from crawling import Crawl

from archive.verify import verify
from demo.server import Site, serve

KILLS = 20
# What an archive holds of a portal, without what differs between two visits: times, figures that grow, files.
CONTENT = {
    "articles": "SELECT url, cms_id, title, summary, body, captions, author, source, published_at, category, tags,"
    " version, content_hash, missing_since IS NULL FROM articles",
    "versions": "SELECT a.url, v.version, v.content_hash, v.changed FROM versions v JOIN articles a"
    " ON a.id = v.article_id",
    "urls": "SELECT u.url, a.url FROM article_urls u JOIN articles a ON a.id = u.article_id",
    "images": "SELECT a.url, i.position, i.url, i.caption FROM images i JOIN articles a ON a.id = i.article_id",
    "attachments": "SELECT a.url, t.position, t.url, t.text FROM attachments t JOIN articles a"
    " ON a.id = t.article_id",
    "pages": "SELECT url, kind, state, depth FROM pages",
    "readings": "SELECT DISTINCT url FROM counter_readings",
    "captures": "SELECT DISTINCT url, status, kind FROM captures WHERE url NOT LIKE '%/robots.txt'",
    "problems": "SELECT url, kind FROM problems",
}


def content(crawl: Crawl, site: Site) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(crawl.archive)) as db:
        return {
            name: sorted(repr(row).replace(site.url, "") for row in db.execute(sql))
            for name, sql in CONTENT.items()
        }


def asked(site: Site) -> Counter[str]:
    return Counter(request.path for request in site.log if request.path != "/robots.txt")


@pytest.mark.parametrize("seed", [20261122])
def test_kill_trial(tmp_path: Path, seed: int) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    whole, killed = Crawl(tmp_path / "whole"), Crawl(tmp_path / "killed")
    with serve(["laichau"]) as sites:
        site = sites["laichau"]
        done = whole.command("crawl", "laichau", "-a", f"home={site.url}/")
        assert done.returncode == 0, done.stderr
        expected, asked_once = content(whole, site), asked(site)
    moments = random.Random(seed)
    with serve(["laichau"]) as sites:
        site = sites["laichau"]
        command = ("crawl", "laichau", "-a", f"home={site.url}/")
        kills = 0
        while kills < KILLS:
            process = killed.start(*command)
            until = len(site.log) + moments.randint(1, 11)
            while len(site.log) < until and process.poll() is None:
                time.sleep(0.001)
            time.sleep(moments.uniform(0, 0.03))
            process.kill()
            process.communicate()
            assert process.returncode == -9, "the crawl ended before it was killed often enough"
            kills += 1
        done = killed.command(*command)
        assert done.returncode == 0, done.stderr
        assert content(killed, site) == expected
        twice = sum((asked(site) - asked_once).values())
        assert twice <= KILLS
    with closing(sqlite3.connect(killed.archive)) as db:
        assert [damage for damage in verify(db, killed.captures) if not damage.note] == []
        assert db.execute("SELECT outcome, pages FROM crawls").fetchall() == [
            ("finished", whole.query("SELECT pages FROM crawls")[0][0])
        ]
