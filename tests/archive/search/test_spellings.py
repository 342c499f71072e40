"""Spellings that are one to whoever searches."""

import pytest

from portal_archive.archive.search.query import parse_query


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kỹ", ("kỹ", "kĩ")),
        ("lí", ("lí", "lý")),
        ("quý", ("quý", "quí")),
        ("hai", ("hai",)),
        ("1.500", ("1 500", "1500")),
        ("1500", ("1500", "1 500")),
        ("12.345.678", ("12 345 678", "12345678")),
        ("2024", ("2024",)),
        ("05/5", ("05 5", "5 5", "5 tháng 5", "5 05", "5 tháng 05", "05 tháng 5", "05 05", "05 tháng 05")),
        ("26/4/2024", ("26 4 2024", "26 tháng 4 năm 2024", "26 04 2024", "26 tháng 04 năm 2024")),
        ("2024-10-26", ("2024 10 26", "26 10 2024", "26 tháng 10 năm 2024")),
        ("26.12.24", ("26 12 24", "26 12 2024", "26 tháng 12 năm 2024")),
        (
            "5/2024",
            ("5 2024", "tháng 5 2024", "tháng 5 năm 2024", "tháng 05 2024", "05 2024", "tháng 05 năm 2024"),
        ),
        ("tháng 12 năm 2024", ("tháng 12 năm 2024", "tháng 12 2024", "12 2024")),
        ("thang 12/2024", ("thang 12 2024", "tháng 12 2024", "12 2024", "tháng 12 năm 2024")),
        ("tháng 12", ("tháng 12",)),
        ("ngày 23 tháng 12", ("ngày 23 tháng 12", "23 12", "23 tháng 12")),
        ("ngày 23/12", ("ngày 23 12", "23 12", "23 tháng 12")),
        ("30 tháng Tư", ("30 tháng tư", "30 4", "30 tháng 4", "30 04", "30 tháng 04")),
        ("32/4/2024", ("32 4 2024",)),
        ("30/2/2024", ("30 2 2024",)),
        ("5/13", ("5 13",)),
        ("Sapa", ("sapa", "sa pa")),
        ("Sa Pa", ("sa pa", "sapa")),
        ("TPHCM", ("tphcm", "thành phố hồ chí minh", "tp hồ chí minh", "tp hcm")),
        ("tp. HCM", ("tp hcm", "thành phố hồ chí minh", "tp hồ chí minh", "tphcm")),
        ("TP.HCM", ("tp hcm", "thành phố hồ chí minh", "tp hồ chí minh", "tphcm")),
        ("Ủy ban nhân dân", ("uỷ ban nhân dân", "ubnd")),
        ("laichau", ("laichau", "lai chau")),
        ("tuyengiao", ("tuyengiao", "tuyen giao")),
        ("Bắc Kạn", ("bắc kạn", "bắc cạn")),
        ("Đắk", ("đắk", "đắc")),
        ("Lắc", ("lắc", "lắk")),
        ("25-NQ/TW", ("25 nq tw",)),
        ('"kỹ"', ("kỹ",)),
        ("kỹ*", ("kỹ",)),
    ],
)
def test_variants_of_a_word(typed: str, found: tuple[str, ...]) -> None:
    (term,) = parse_query(typed).terms
    assert tuple(" ".join(words) for words in term.variants) == found


def test_the_phrase_has_every_spelling() -> None:
    query = parse_query("lý Sapa")
    assert query.phrase == '("ly sapa" OR "ly sa pa" OR "li sapa" OR "li sa pa")'
    assert (
        query.near
        == '(NEAR("ly" "sapa", 8) OR NEAR("ly" "sa pa", 8) OR NEAR("li" "sapa", 8) OR NEAR("li" "sa pa", 8))'
    )


def test_phrase_and_near_are_for_plain_words() -> None:
    assert parse_query("dân vận").phrase == '"dan van"'
    assert parse_query("dân vận -khéo").phrase == '("dan van") NOT ("kheo")'
    assert parse_query("dân vận title:khéo").near == 'NEAR("dan" "van", 8) AND title : "kheo"'
    assert parse_query("tuyên tru*").phrase == '"tuyen tru" *'
    assert parse_query("tuyên tru*").near == parse_query("tru* tuyên").phrase == ""
    assert parse_query("a b c d").runs() == '(("a" AND "b" AND "c" AND "d")) AND ("a b c" OR "b c d")'
    assert parse_query("a b c").runs().endswith(' AND ("a b" OR "b c")')
    assert parse_query("a b").runs() == ""
    for alone in ("dân", "dân OR vận", '"dân vận"', ""):
        assert parse_query(alone).phrase == ""
