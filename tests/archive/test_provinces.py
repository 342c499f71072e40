"""The 63 provinces until 30 June 2025, the 34 since, and what became of each."""

import re
from collections import Counter

import pytest

from portal_archive.archive.provinces import Province, provinces
from portal_archive.vietnamese.folding import fold, nfc

ALL = provinces()
OLD = [province for province in ALL if province.valid_to]
NEW = [province for province in ALL if not province.valid_to]
BY_ID = {province.id: province for province in ALL}
UNMERGED = {
    "Hà Nội", "Huế", "Cao Bằng", "Điện Biên", "Lai Châu", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa",
    "Nghệ An", "Hà Tĩnh",
}  # fmt: skip
MERGED = {
    "Tuyên Quang": {"Hà Giang", "Tuyên Quang"},
    "Lào Cai": {"Yên Bái", "Lào Cai"},
    "Thái Nguyên": {"Bắc Kạn", "Thái Nguyên"},
    "Phú Thọ": {"Vĩnh Phúc", "Hòa Bình", "Phú Thọ"},
    "Bắc Ninh": {"Bắc Giang", "Bắc Ninh"},
    "Hưng Yên": {"Thái Bình", "Hưng Yên"},
    "Hải Phòng": {"Hải Dương", "Hải Phòng"},
    "Ninh Bình": {"Hà Nam", "Nam Định", "Ninh Bình"},
    "Quảng Trị": {"Quảng Bình", "Quảng Trị"},
    "Đà Nẵng": {"Quảng Nam", "Đà Nẵng"},
    "Quảng Ngãi": {"Kon Tum", "Quảng Ngãi"},
    "Gia Lai": {"Bình Định", "Gia Lai"},
    "Khánh Hòa": {"Ninh Thuận", "Khánh Hòa"},
    "Lâm Đồng": {"Đắk Nông", "Bình Thuận", "Lâm Đồng"},
    "Đắk Lắk": {"Phú Yên", "Đắk Lắk"},
    "Hồ Chí Minh": {"Bà Rịa - Vũng Tàu", "Bình Dương", "Hồ Chí Minh"},
    "Đồng Nai": {"Bình Phước", "Đồng Nai"},
    "Tây Ninh": {"Long An", "Tây Ninh"},
    "Cần Thơ": {"Sóc Trăng", "Hậu Giang", "Cần Thơ"},
    "Vĩnh Long": {"Trà Vinh", "Bến Tre", "Vĩnh Long"},
    "Đồng Tháp": {"Tiền Giang", "Đồng Tháp"},
    "Cà Mau": {"Bạc Liêu", "Cà Mau"},
    "An Giang": {"Kiên Giang", "An Giang"},
}


def test_counts():
    assert (len(OLD), len(NEW), len(BY_ID)) == (63, 34, 97)
    assert Counter(province.unit for province in OLD) == {"tỉnh": 58, "thành phố": 5}
    assert Counter(province.unit for province in NEW) == {"tỉnh": 28, "thành phố": 6}


def test_the_centrally_run_cities():
    five = {"Hà Nội", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"}
    assert {province.name for province in OLD if province.unit == "thành phố"} == five
    assert {province.name for province in NEW if province.unit == "thành phố"} == five | {"Huế"}


def test_every_old_one_has_its_successor_among_the_new():
    predecessors: dict[str, set[str]] = {}
    for province in OLD:
        predecessors.setdefault(BY_ID[province.successor].name, set()).add(province.name)
    assert len(MERGED) == 23
    assert predecessors == MERGED | {name: {name} for name in UNMERGED - {"Huế"}} | {
        "Huế": {"Thừa Thiên Huế"}
    }
    assert all(province.successor is None for province in NEW)


def test_a_successor_stands_before_those_it_follows():
    stored: set[str] = set()
    for province in ALL:
        assert province.successor is None or province.successor in stored
        stored.add(province.id)


@pytest.mark.parametrize(("era", "suffix"), [(OLD, ""), (NEW, "-2025")])
def test_slug_is_the_folded_name(era, suffix):
    for province in era:
        assert province.name == nfc(province.name)
        assert province.slug == re.sub(r"\W+", "-", fold(province.name))
        assert province.id == province.slug + suffix
        assert province.seat
    assert len({province.slug for province in era}) == len(era)


def test_dates():
    usual = [province for province in ALL if province.id not in ("thua-thien-hue", "hue-2025")]
    assert {(province.valid_from, province.valid_to) for province in usual} == {
        (None, "2025-06-30"),
        ("2025-07-01", None),
    }
    assert {province.source for province in usual} == {"Nghị quyết 202/2025/QH15"}


def test_hue_was_a_city_half_a_year_before_the_others_merged():
    before, since = BY_ID["thua-thien-hue"], BY_ID["hue-2025"]
    assert (before.valid_to, since.valid_from) == ("2024-12-31", "2025-01-01")
    assert before.source == since.source == "Nghị quyết 175/2024/QH15"


def test_rows():
    assert BY_ID["bac-kan"] == Province(
        "bac-kan",
        "bac-kan",
        "Bắc Kạn",
        "tỉnh",
        None,
        "2025-06-30",
        "thai-nguyen-2025",
        "Bắc Kạn",
        "Nghị quyết 202/2025/QH15",
    )
    assert BY_ID["lao-cai-2025"] == Province(
        "lao-cai-2025",
        "lao-cai",
        "Lào Cai",
        "tỉnh",
        "2025-07-01",
        None,
        None,
        "Yên Bái",
        "Nghị quyết 202/2025/QH15",
    )
    assert BY_ID["thua-thien-hue"].successor == "hue-2025"
    assert BY_ID["ba-ria-vung-tau"].name == "Bà Rịa - Vũng Tàu"


@pytest.mark.parametrize(
    ("name", "before", "since"),
    [
        ("lao-cai", "Lào Cai", "Yên Bái"),
        ("bac-ninh", "Bắc Ninh", "Bắc Giang"),
        ("quang-tri", "Đông Hà", "Đồng Hới"),
        ("gia-lai", "Pleiku", "Quy Nhơn"),
        ("tay-ninh", "Tây Ninh", "Tân An"),
        ("dong-thap", "Cao Lãnh", "Mỹ Tho"),
        ("an-giang", "Long Xuyên", "Rạch Giá"),
        ("phu-tho", "Việt Trì", "Việt Trì"),
    ],
)
def test_seats(name, before, since):
    assert (BY_ID[name].seat, BY_ID[f"{name}-2025"].seat) == (before, since)
