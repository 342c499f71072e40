"""kill -9 at twenty moments of a crawl, each followed by a restart: nothing is lost, hardly anything asked twice."""

from __future__ import annotations

import math
import random
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from crawling import Crawl

from demo.portal import Response
from demo.server import Site, serve
from portal_archive.archive.verify.verify import verify

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


class Gate:
    """Holds requests back, so that it is not the speed of the machine which says how far a crawl gets."""

    def __init__(self, site: Site) -> None:
        self._answer = site.answer
        self._change = threading.Condition()
        self._tickets: float = 0
        self._turn = 0
        site.answer = self.answer  # type: ignore[method-assign]

    def answer(self, method: str, target: str, headers: Message) -> Response:
        with self._change:
            turn = self._turn
            self._change.wait_for(lambda: self._tickets > 0 or self._turn != turn)
            if self._turn != turn:
                return Response(503, b"")  # to a crawl that is dead
            self._tickets -= 1
            self._change.notify_all()
        return self._answer(method, target, headers)

    def let_through(self, requests: int) -> None:
        """Answer so many requests, and return when the last one is being answered."""
        with self._change:
            self._tickets = requests
            self._change.notify_all()
            assert self._change.wait_for(lambda: self._tickets == 0, 60)

    def turn_away(self) -> None:
        """Leave who waits without an answer."""
        with self._change:
            self._turn += 1
            self._change.notify_all()

    def open(self) -> None:
        """Hold nothing back any more."""
        with self._change:
            self._tickets = math.inf
            self._change.notify_all()


def asked(site: Site) -> Counter[str]:
    return Counter(request.path for request in site.log if request.path != "/robots.txt")


@pytest.mark.long
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
    # So many answers between two kills that the crawl cannot be through before the last.
    most = 2 + asked_once.total() // KILLS
    with serve(["laichau"]) as sites:
        site = sites["laichau"]
        gate = Gate(site)
        command = ("crawl", "laichau", "-a", f"home={site.url}/")
        for _ in range(KILLS):
            process = killed.start(*command)
            gate.let_through(moments.randint(1, most))
            time.sleep(moments.uniform(0, 0.03))
            process.kill()
            process.communicate()
            assert process.returncode == -9
            gate.turn_away()
        gate.open()
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
