"""The lists of districts and syllables, as facts."""

from collections import Counter

import pytest

from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.places import districts, is_place
from portal_archive.vietnamese.syllables import syllables
from portal_archive.vietnamese.written import is_syllable


def test_every_district_of_30_june_2025() -> None:
    rows = districts()
    assert len(rows) == len(set(rows)) == 696
    counts = Counter(row.province for row in rows)
    assert len(counts) == 63
    assert {
        name: counts[name]
        for name in ("Hà Nội", "Hồ Chí Minh", "Thanh Hóa", "Lai Châu", "Điện Biên", "Bắc Ninh")
    } == {
        "Hà Nội": 30,
        "Hồ Chí Minh": 22,
        "Thanh Hóa": 26,
        "Lai Châu": 8,
        "Điện Biên": 10,
        "Bắc Ninh": 8,
    }
    assert Counter(row.unit for row in rows)["thị xã"] == 52


@pytest.mark.parametrize(
    "text",
    ["huyện Tam Đường", "Tam Đường", "tỉnh Lai Châu", "thị xã Sa Pa", "huyện krông búk", "Bà Rịa - Vũng Tàu"],
)
def test_places(text: str) -> None:
    assert is_place(text)


@pytest.mark.parametrize("text", ["sòng bài online uy tín", "huyện", "", "xã Nậm Cần", "nhân dân"])
def test_no_places(text: str) -> None:
    assert not is_place(text)


def test_syllables_that_there_are_and_are_not() -> None:
    known = syllables()
    for word in "nghiêng khuỷu hòa hoà thuỷ thủy quốc giếng gì yêu ưỡn xoong loẹt chuếnh buýt".split():
        assert word in known, word
    for word in "úỷ bỉết xuât nghành chuơng brăk".split():
        assert word not in known, word
    assert 15_000 < len(known) < 20_000


def test_the_list_keeps_to_the_rules() -> None:
    # The rules leave out the rime of "hoen", "toét".
    assert [word for word in syllables() if not is_syllable(word) and "oe" not in fold(word)] == []
