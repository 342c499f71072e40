from __future__ import annotations

from collections.abc import Iterator

import pytest
from visiting import Site


@pytest.fixture(autouse=True)
def close_archives() -> Iterator[None]:
    """Close every archive that a test has opened through `Site`."""
    yield
    while Site.opened:
        Site.opened.pop().close()
