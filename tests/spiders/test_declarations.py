"""Every portal file declares what the archive needs, and nothing that it does not know."""

import re
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

import spiders
from crawler.registry import declared_portals, portal_for_host, portal_spiders
from portal_archive.model.records import Portal
from portal_archive.model.site import site_of
from portal_archive.reading.cms import FAMILIES

FILES = {path.stem for path in Path(spiders.__file__).parent.glob("*.py")} - {"__init__", "rows", "portal"}


def test_each_file_is_a_portal() -> None:
    settings = Settings({"SPIDER_MODULES": ["spiders"]})
    assert FILES | {"portal"} <= set(SpiderLoader.from_settings(settings).list())
    assert {spider.name for spider in portal_spiders() if not spider.of_table} == FILES


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


def test_only_one_portal_was_read_from_real_pages() -> None:
    assert [portal.name for portal in declared_portals() if portal.known == "read from real pages"] == [
        "hanoi_ict"
    ]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("laichau.gov.vn", "laichau"),
        ("www.laichau.gov.vn", "laichau"),
        ("TAMDUONG.laichau.gov.vn", "tamduong"),
        ("dienbien.dcs.vn:80", None),
        ("dienbien.dcs.vn", "dienbien"),
        ("dienbien.dcs.vn:443", "dienbien"),
        ("congan.laichau.gov.vn", None),
        ("", None),
    ],
)
def test_portal_for_host(host: str, name: str | None) -> None:
    portal = portal_for_host(host)
    assert (portal.name if portal else None) == name
