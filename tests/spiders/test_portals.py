"""Every portal that has a file: what it declares, and its saved pages, read as the people who saved them read them.

A portal is `spiders/<portal>.py` and `tests/spiders/<portal>/`, with pages as `<stem>.html` and what is read of each as
`<stem>.json` beside it; both are found here by themselves.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

import spiders
from crawler.registry import declared_portals, portal_spiders
from portal_archive.model.records import Portal
from portal_archive.model.site import site_of
from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.read import read_page

HERE = Path(__file__).parent
FILES = {path.stem for path in Path(spiders.__file__).parent.glob("*.py")} - {"__init__", "rows", "portal"}
SPIDERS = {spider.name: spider for spider in portal_spiders()}
PAGES = sorted(page.relative_to(HERE).with_suffix("") for page in HERE.glob("*/*.json"))


def test_each_file_is_a_portal() -> None:
    settings = Settings({"SPIDER_MODULES": ["spiders"]})
    assert set(SpiderLoader.from_settings(settings).list()) >= FILES
    assert {spider.name for spider in SPIDERS.values() if not spider.of_table} == FILES


def test_each_portal_has_a_page_and_each_page_a_portal() -> None:
    shown = {page.parts[0] for page in PAGES}
    assert shown >= FILES, "scrapy probe NAME --save saves the pages of a portal"
    assert shown <= set(SPIDERS)
    assert {page.relative_to(HERE).with_suffix("") for page in HERE.glob("*/*.html")} == set(PAGES)


@pytest.mark.parametrize("portal", declared_portals(), ids=lambda portal: portal.name)
def test_declaration(portal: Portal) -> None:
    assert site_of(portal.home_url)
    assert portal.home_url.endswith("/")
    assert portal.family in FAMILIES
    assert portal.known in ("read from real pages", "described", "generic")
    assert portal.province is not None
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", portal.province)
    assert portal.title
    assert portal.body
    assert portal.note
    assert not any("TODO" in value for value in (portal.title, portal.province, portal.body, portal.note))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_page(page: Path) -> None:
    expected = json.loads((HERE / page).with_suffix(".json").read_text())
    rules = SPIDERS[page.parts[0]].rules()
    read = read_page((HERE / page).with_suffix(".html").read_bytes(), expected["url"], family=rules).as_dict()
    if isinstance(expected.get("body"), list):
        read["body"] = (read["body"] or "").split("\n\n")
    if read["counter"]:
        # Only the rows that the page has.
        read["counter"] = {name: read["counter"][name] for name in expected.get("counter") or {}}
    assert {name: read[name] for name in expected} == expected
