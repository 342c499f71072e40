"""The fault server is the portal of the crawl tests, answering as no portal should; its reader is the reading room's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / room) for room in ("crawler", "publish")]

from crawling import Crawl, Site, article, html, links
from fault_server import serving


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


@pytest.fixture
def portal() -> Iterator[Site]:
    """A portal of twelve articles."""
    site = Site()
    paths = [f"/tin-so-thu-{number}.html" for number in range(12)]
    site.routes = {path: html(article(path[1:])) for path in paths} | {"/": html(links(*paths))}
    serving(site)
    yield site
    site.server.shutdown()
    site.server.server_close()
