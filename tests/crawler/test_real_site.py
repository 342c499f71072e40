"""A whole real site (NukeViet, eGovernment theme), served as it was captured, crawled as any portal."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from crawling import ROOT, Crawl

SHARED = ROOT / ".." / "shared"
SITE = SHARED / "real-portals" / "nukeviet-egov"
PORT = 8088  # the absolute URLs in its pages say so
TRAPS = ("/print/", "/savefile/", "/tag/", "/seek/", "/statistics/", "nvvithemever", "/users/")

pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason="the captured site is not beside the project")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    with closing(socket.socket()) as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            pytest.skip(f"something else is served on port {PORT}")
    log = tmp_path / "requests.log"
    server = subprocess.Popen(
        [sys.executable, SHARED / "tools" / "warcserver.py", SITE / "site.warc.gz", "--port", str(PORT),
         "--log", log],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    with server:
        assert server.stdout is not None
        assert b"serving" in server.stdout.readline()
        yield log
        server.kill()


def gold() -> dict[str, dict[str, Any]]:
    # Three articles are stored decomposed; the archive composes everything.
    lines = unicodedata.normalize("NFC", (SITE / "gold.jsonl").read_text()).splitlines()
    return {entry["url"]: entry for entry in map(json.loads, lines)}


def test_crawl(log: Path, crawl: Crawl) -> None:
    done = crawl.command("crawl", "portal", "-a", f"url=http://127.0.0.1:{PORT}/")
    assert done.returncode == 0, done.stderr
    asked = [line.split()[3] for line in log.read_text().splitlines()]
    assert [path for path in asked if any(trap in path for trap in TRAPS)] == []
    expected = gold()
    stored = crawl.query("SELECT url, title, published_at, author, source, views, cms_id FROM articles")
    assert {row[0] for row in stored} == set(expected)
    assert len(stored) == len(expected) == 80
    for url, title, published_at, author, source, views, cms_id in stored:
        entry = expected[url]
        assert (title, cms_id) == (entry["title"], str(entry["id"]))
        assert published_at[:16] == entry["published_at"][:16]
        if entry["origin"] == "fixture":
            assert (source, views) == (entry["source"] or None, entry["hits"])
            # Where the CMS names no author, the byline of the text does.
            assert author == entry["author"] or not entry["author"]
    assert crawl.query("SELECT count(*) FROM versions") == [(80,)]

    imported = Crawl(crawl.archive.parent / "imported")
    imported.archive.parent.mkdir()
    assert imported.command("import", str(SITE / "site.warc.gz")).returncode == 0
    fields = (
        "SELECT url, cms_id, title, summary, body, html, captions, author, source, published_at, modified_at,"
        " category, tags, views, rating_points, rating_votes, comments, version, content_hash FROM articles"
        " ORDER BY url"
    )
    assert imported.query(fields) == crawl.query(fields)
