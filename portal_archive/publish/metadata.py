"""Where Datasette's description of the tables lies: at the top of a checkout, inside an installed package."""

from __future__ import annotations

from pathlib import Path

METADATA = Path(__file__).with_name("datasette-metadata.json")
