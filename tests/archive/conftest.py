from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import Site


@pytest.fixture(autouse=True)
def close_archives() -> Iterator[None]:
    """Close every archive that a test has opened through `Site`."""
    yield
    while Site.opened:
        Site.opened.pop().close()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a portal whose first crawl has begun and has visited nothing; modules with another one say so."""
    made = Site(tmp_path / "archive.db")
    made.begin(0)
    return made
