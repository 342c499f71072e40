"""A saved page of each structure beside what it says, to be read by people too: `pages/<stem>.html` and `.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal_archive.reading.read import read_page

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("stem", sorted(path.stem for path in PAGES.glob("*.html")))
def test_page_says_what_stands_beside_it(stem: str) -> None:
    wanted = json.loads((PAGES / f"{stem}.json").read_text())
    page = read_page((PAGES / f"{stem}.html").read_bytes(), wanted["url"])
    values = page.as_dict()
    values["body"] = (values["body"] or "").split("\n\n")
    if page.counter is not None:
        values["counter"] = {name: getattr(page.counter, name) for name in wanted["counter"] or {}}

    assert {name: values[name] for name in wanted} == wanted
