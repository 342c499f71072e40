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
        ("2024", ("2024", "2 024")),
        ("5/5", ("5 5", "05 05", "05 5", "5 05")),
        ("26/4/2024", ("26 4 2024", "26 04 2024")),
        ("26/04/2024", ("26 04 2024", "26 4 2024")),
        ("Sapa", ("sapa", "sa pa")),
        ("TPHCM", ("tphcm", "thành phố hồ chí minh")),
        ("Đắk", ("đắk", "đắc")),
        ("Lắc", ("lắc", "lắk")),
        ("25-NQ/TW", ("25 nq tw",)),
        ('"kỹ"', ("kỹ",)),
        ("kỹ*", ("kỹ",)),
    ],
)
def test_variants_of_a_word(typed: str, found: tuple[str, ...]) -> None:
    (term,) = parse_query(typed).groups[0]
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
    for alone in ("dân", "dân OR vận", '"dân vận"', ""):
        assert parse_query(alone).phrase == ""
