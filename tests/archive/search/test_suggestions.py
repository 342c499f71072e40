"""What a search names, what could be meant by one that finds nothing, and where a name without quotes ends."""

import sqlite3
from dataclasses import asdict

import pytest
from synthetic_rows import add_article, add_portal, new_archive

from portal_archive.archive.provinces import provinces
from portal_archive.archive.search.hits import Filters
from portal_archive.archive.search.known import KnownNames
from portal_archive.archive.search.names import Named, named
from portal_archive.archive.search.query import parse_query
from portal_archive.archive.search.suggest import Suggestion, suggestions
from portal_archive.archive.sql import insert


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    db = new_archive()
    db.execute("PRAGMA foreign_keys = off")
    for row in provinces():
        insert(db, "provinces", asdict(row))
    add_portal(db, "laichau", "lai-chau")
    add_portal(db, "sapa", "lao-cai")
    db.execute("UPDATE portals SET title = 'Ban Dân vận Tỉnh ủy Lai Châu' WHERE name = 'laichau'")
    body = "Đồng chí Vàng Thị Chư dự hội nghị về nông thôn mới tại Sa Pa theo Kế hoạch 143-KH/BDV."
    add_article(db, "laichau", "Hội nghị", "2024-05-03T08:00:00+07:00", body=body, author="Lò Vân Hạ")
    add_article(db, "sapa", "Thị Chư là bản", "2024-06-03T08:00:00+07:00", body="Nông dân vàng da.")
    return db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("laichau dân", (1, ("laichau",))),
        ("Lai Châu dân", (2, ("laichau",))),
        ("tỉnh lào cai", (3, ("sapa",))),
        ("ban dan van tinh uy lai chau tin", (7, ("laichau",))),
        ("Cổng sapa", (2, ("sapa",))),
        ("cà mau", (0, ())),
    ],
)
def test_a_portal_is_named_by_name_title_or_province(
    db: sqlite3.Connection, typed: str, found: tuple[int, tuple[str, ...]]
) -> None:
    assert KnownNames(db).portals(typed.split()) == found


def test_an_author_is_as_long_as_the_archive_has_it(db: sqlite3.Connection) -> None:
    known = KnownNames(db)
    assert [known.author(typed.split()) for typed in ("van ha nong", "lò", "Thị Chư", "…")] == [2, 1, 0, 0]


def names(db: sqlite3.Connection, typed: str, *, nothing: bool = False) -> list[Named]:
    return named(db, parse_query(typed), nothing=nothing)


def test_people_provinces_documents_and_days_are_named(db: sqlite3.Connection) -> None:
    assert names(db, "vang thi chu") == [Named("person", '"Vàng Thị Chư"', "Vàng Thị Chư")]
    assert names(db, "vân hạ") == [
        Named("author", 'author:"Vân Hạ"', "Vân Hạ"),
        Named("person", '"Vân Hạ"', "Vân Hạ"),
    ]
    assert names(db, "lai chau") == [
        Named("province", "lai-chau", "tỉnh Lai Châu"),
        Named("province_now", "lai-chau-2025", "tỉnh Lai Châu"),
        Named("portal", "laichau", "Ban Dân vận Tỉnh ủy Lai Châu"),
    ]
    # It has joined Lào Cai, which has a portal.
    assert names(db, "Yên Bái") == [Named("province_now", "lao-cai-2025", "tỉnh Lào Cai")]
    assert names(db, "họp về 143-KH/BDV") == [Named("document", "143-KH/BDV", "143-KH/BDV")]
    assert names(db, "họp tháng 5/2024") == [Named("date", "2024-05-01 2024-05-31", "tháng 5/2024", "họp")]
    # Nothing was published then, and no article has such a document.
    assert names(db, "họp tháng 2/2024") == names(db, "họp về 144-KH/BDV") == []
    assert names(db, "nông thôn mới") == []
    assert names(db, "") == []


def test_with_nothing_found_parts_of_the_words_are_names(db: sqlite3.Connection) -> None:
    assert names(db, "bí thư vàng thị chư lai châu", nothing=True) == [
        Named("province", "lai-chau", "tỉnh Lai Châu", "bí thư vàng thị chư"),
        Named("province_now", "lai-chau-2025", "tỉnh Lai Châu", "bí thư vàng thị chư"),
        Named("person", '"Vàng Thị Chư"', "Vàng Thị Chư"),
    ]


def suggested(db: sqlite3.Connection, typed: str, **filters: str) -> list[Suggestion]:
    return suggestions(db, typed, parse_query(typed, KnownNames(db)), Filters(**filters))  # type: ignore[arg-type]


def test_another_spelling_fewer_words_and_no_filter_are_suggested(db: sqlite3.Connection) -> None:
    assert suggested(db, "nong thom moi")[0] == Suggestion("nông thôn mới", 1)
    assert suggested(db, "bí thư Vàng Thị Chư")[0] == Suggestion("Vàng Thị Chư", 2, "bí thư")
    assert suggested(db, '"hội nghị Sa Pa"') == [Suggestion("hội nghị Sa Pa", 1)]
    assert suggested(db, "hội nghị NOT nông") == [Suggestion("hội nghị", 1, "-nông")]
    assert suggested(db, "hội nghị xyz qwe") == [Suggestion("hội nghị", 1, "xyz qwe")]
    assert suggested(db, "hội nghị", portal="sapa") == [Suggestion("hội nghị", 1, filter="portal")]
    assert suggested(db, "zzzz") == []
