"""The one place where tests find real pages, which are no part of the project.

`REAL` is the folder beside the project, or what the variable REAL_PAGES names; where it is absent the tests that need it
are skipped, and the last lines of the run say how many.
"""

import os
from pathlib import Path

import pytest

REAL = Path(os.environ.get("REAL_PAGES") or Path(__file__).parents[2] / "shared")
SEEDS = REAL / "seeds"
PORTALS = REAL / "real-portals"
NUKEVIET = PORTALS / "nukeviet-egov"
REASON = "needs the real pages, which are not here"

needs_real_pages = pytest.mark.skipif(not PORTALS.is_dir(), reason=REASON)
