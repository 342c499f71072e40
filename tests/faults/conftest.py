"""The fault server is the portal of the crawl tests, answering as no portal should."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "crawler"))
