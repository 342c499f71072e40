"""Every row of the table of portals is a spider; a bad row is named with its line and stops no other."""

import csv
from pathlib import Path

import pytest

from crawler.portal_table import read_table
from crawler.registry import Selection, portal_for_host, portal_spiders
from portal_archive.model.bodies import Body
from spiders import rows

TABLE = Path(rows.__file__).with_name("portals.csv")
HEADING = TABLE.read_text(encoding="utf-8").splitlines()[0].split(",")
GOOD = {
    **dict.fromkeys(HEADING, ""),
    "name": "muong_thu",
    "title": "Tỉnh ủy Mường Thử",
    "home": "https://muongthu.example.vn/",
    "province": "lai-chau",
    "body": "tỉnh ủy",
    "family": "nukeviet",
    "lists": "/tin-tuc https://muongthu.example.vn/van-ban",
    "known": "described",
    "evidence": "stored text",
}


def write(path: Path, *changed: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, HEADING, lineterminator="\n")
        table.writeheader()
        table.writerows(GOOD | one for one in changed)
    return path


def test_every_row_is_a_spider() -> None:
    assert rows.broken == {}
    declared = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    assert [row["name"] for row in declared] == list(rows.found)
    assert len(portal_spiders()) >= 180
    homes = [spider.home for spider in portal_spiders()]
    assert len(set(homes)) == len(homes)


def test_a_row_declares_its_portal(tmp_path: Path) -> None:
    row = {"closed": "2025-07-01", "moved_to": "moi.example.vn", "tls_seclevel_1": "1"}
    found, broken = read_table(write(tmp_path / "portals.csv", row), "spiders.rows")
    assert broken == {}
    spider = found["muong_thu"]()
    assert (spider.title, spider.home) == ("Tỉnh ủy Mường Thử", "https://muongthu.example.vn/")
    assert (spider.province, spider.body) == ("lai-chau", Body.PROVINCIAL_COMMITTEE)
    assert spider.lists == ("/tin-tuc", "https://muongthu.example.vn/van-ban")
    assert spider.note == "Evidence: stored text. Moved to moi.example.vn."
    assert spider.expect.closed == "2025-07-01"
    assert spider.tls_seclevel_1
    assert spider.of_table


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Mường Thử"}, "'Mường Thử' is no name: lower-case letters, digits and underscores"),
        ({"home": "muongthu.example.vn"}, "'muongthu.example.vn' is no home page"),
        ({"province": "muong-thu"}, "no province has the id 'muong-thu'"),
        ({"body": "hội"}, "'hội' is not a valid Body"),
        ({"family": "kho"}, "no family is called 'kho'"),
        ({"known": "well"}, "known is one of address only, described, read from real pages, not 'well'"),
        (
            {"lists": "/tin/ /api?p={page}#/tin/"},
            "'/api?p={page}#/tin/' names a list with one {page}, and an article by {field}",
        ),
        ({"evidence": ""}, "title and evidence must be given"),
        ({"closed": "tomorrow"}, "Invalid isoformat string: 'tomorrow'"),
        ({}, "the name 'muong_thu' stands in an earlier row"),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(tmp_path: Path, change: dict[str, str], said: str) -> None:
    good = {"name": "ban_khac", "home": "https://bankhac.example.vn/"}
    table = write(tmp_path / "portals.csv", {}, change, good)
    found, broken = read_table(table, "spiders.rows")
    assert broken == {"portals.csv:3": f"portals.csv, line 3: {said}"}
    assert list(found) == ["muong_thu", "ban_khac"]


def chosen(selection: Selection) -> set[str]:
    return {spider.name for spider in portal_spiders() if selection.takes(type(spider))}


def test_what_a_crawl_takes() -> None:
    usual = chosen(Selection())
    assert {"laichau", "dienbien", "sapa", "angiang_dcs", "thanhuycantho"} <= usual
    assert not {"angiang", "baoangiang"} & usual
    assert chosen(Selection(body="báo đảng")) <= {
        one.name for one in portal_spiders() if one.body == "báo đảng"
    }
    # What was Yên Bái is Lào Cai now.
    lao_cai = chosen(Selection(province="lao-cai"))
    assert {"laocai", "yenbai", "yenbai_dcs", "sapa"} <= lao_cai
    assert chosen(Selection(province="lao-cai", body="tỉnh ủy")) == {"yenbai_dcs"}


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ({"province": "muong-thu"}, "no province has the id 'muong-thu'"),
        ({"body": "hội"}, "no body is called 'hội'"),
    ],
)
def test_a_selection_of_nothing_is_an_error(selection: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Selection(**selection)


def test_a_host_of_the_table_is_known() -> None:
    portal = portal_for_host("www.baoangiang.com.vn")
    assert portal is not None
    assert portal.name == "baoangiang"


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
