"""A counter that a script fills in: read in Chromium where there is one, null with a reason where there is none."""

from __future__ import annotations

from importlib.util import find_spec
from shutil import which

import pytest
from crawling import Crawl

from demo.server import serve


def test_without_a_browser(crawl: Crawl) -> None:
    with serve(["dienbien"]) as sites:
        done = crawl.command(
            "crawl", "dienbien", "-a", f"home={sites['dienbien'].url}/", path="/khong/co", FETCH_FILES=False
        )
    assert done.returncode == 0, done.stderr
    assert crawl.query("SELECT DISTINCT total, reasons FROM counter_readings") == [
        (None, '{"total": "script"}')
    ]


@pytest.mark.skipif(
    not (which("chromium") and find_spec("scrapy_playwright")), reason="the extra `browser` is not installed"
)
def test_in_the_browser(crawl: Crawl) -> None:
    with serve(["dienbien"]) as sites:
        site = sites["dienbien"]
        done = crawl.command("crawl", "dienbien", "-a", f"home={site.url}/", FETCH_FILES=False)
        asked = [request.path for request in site.log]
        printed = {reading["total"] for _, reading in site.readings if "total" in reading}
    assert done.returncode == 0, done.stderr
    read = crawl.query("SELECT url, total FROM counter_readings WHERE total IS NOT NULL")
    assert [url for url, _ in read] == [f"{site.url}/"]
    assert {total for _, total in read} <= printed
    assert asked.count("/") == 2
    marked = crawl.command("show-capture", f"{site.url}/", "--headers").stdout
    assert "X-Archive-Rendered: by Chromium after its scripts ran" in marked or "tongtruycap" in marked
