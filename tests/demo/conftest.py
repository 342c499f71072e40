from collections.abc import Iterator

import pytest

from demo.portals import PORTALS
from demo.server import Site, serve


@pytest.fixture(params=PORTALS)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with serve([request.param]) as sites:
        yield sites[request.param]
