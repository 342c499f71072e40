import sqlite3

import pytest
from synthetic_rows import add, add_article, add_portal, new_archive

from archive.search import count, is_exact, parse_query, search, snippet

BODY = "Đồng chí Bí thư dự lễ phát động thi đua “Dân vận khéo” tại xã Bản Lang. " * 3


@pytest.fixture
def db() -> sqlite3.Connection:
    db = new_archive()
    add(db, "provinces", id="lai-chau", slug="lai-chau", name="Lai Châu")
    add(db, "provinces", id="lao-cai-2025", slug="lao-cai", name="Lào Cai")
    add(db, "provinces", id="yen-bai", slug="yen-bai", name="Yên Bái", successor="lao-cai-2025")
    add_portal(db, "laichau", "lai-chau")
    add_portal(db, "yenbai", "yen-bai")
    add_portal(db, "127.0.0.1:8088")
    add_article(db, "laichau", "Công tác Dân vận", "2024-01-01T00:30:00+07:00", author="Kim Anh")
    add_article(db, "yenbai", "Tin thứ hai", "2023-12-31T23:30:00+07:00", body=BODY)
    add_article(db, "laichau", "Tỉnh uỷ họp về dẫn vân", "2022-05-01T08:00:00+07:00", captions="Dân vận")
    add_article(db, "127.0.0.1:8088", "Cá cược casino", "2025-03-01T08:00:00+07:00", summary="dân vận")
    text = "Nghị quyết số 25-NQ/TW của Đảng"
    add_article(db, "yenbai", "Tài liệu", "2021-03-01T08:00:00+07:00", attachment_text=text)
    return db


def ids(found) -> list[int]:
    return [row["id"] for row in found]


@pytest.mark.parametrize("typed", ["dan van", "dân vận", "DÂN VẬN", "da\u0302n va\u0323\u0302n", '"dan van"'])
def test_diacritics_and_case_do_not_count(db, typed):
    assert ids(search(db, typed)) == [4, 1, 2, 3]
    assert count(db, typed) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [4, 1, 2, 3, 5]),
        ("-casino", [1, 2, 3, 5]),
        ("dân vận -casino", [1, 2, 3]),
        ('"vận khéo"', [2]),
        ('"khéo vận"', []),
        ("dong chi", [2]),
        ("tinh uy", [3]),
        ("tỉnh ủy", [3]),
        ("author:kim", [1]),
        ("title:vận", [1, 3]),
        ("casino OR author:kim", [4, 1]),
        ("phát* độ*", [2]),
        ("25-NQ/TW", [5]),
        ("Nghị quyết 25", [5]),
        ("Nghị quyết 26", []),
        ("portal:laichau vận", [1, 3]),
        ("portal:127.0.0.1:8088", [4]),
        ("portal:khong-co vận", []),
        ("không có gì", []),
    ],
)
def test_what_is_found_newest_first(db, typed, found):
    assert ids(search(db, typed)) == found
    assert count(db, typed) == len(found)


def test_filters(db):
    assert ids(search(db, "vận", portal="yenbai")) == [2]
    assert ids(search(db, "portal:laichau vận", portal="yenbai")) == [2]
    assert ids(search(db, "vận", province="lao-cai-2025")) == [2]
    assert ids(search(db, "vận", province="lai-chau")) == [1, 3]
    assert ids(search(db, "vận", year=2024)) == [1]
    assert ids(search(db, "vận", year=2023)) == [2]
    assert ids(search(db, "", year=2021)) == [5]
    assert ids(search(db, "", province="lao-cai-2025")) == [2, 5]
    assert count(db, "vận", year=2023, province="yen-bai", portal="yenbai") == 1
    db.execute("UPDATE articles SET published_at = NULL WHERE id = 1")
    assert ids(search(db, "vận", year=2024)) == []


def test_pages_of_results(db):
    assert ids(search(db, "vận", limit=2)) == [4, 1]
    assert ids(search(db, "vận", limit=2, offset=1)) == [1, 2]
    assert ids(search(db, "", limit=2, offset=4)) == [5]
    assert ids(search(db, "dân vận", order="relevance", limit=1, offset=3)) == [2]


def test_relevance_puts_the_title_first(db):
    assert ids(search(db, "dân vận", order="relevance")) == [1, 3, 4, 2]
    assert ids(search(db, "", order="relevance")) == [4, 1, 2, 3, 5]
    assert ids(search(db, "dân vận", order="relevance", portal="laichau")) == [1, 3]


def test_exact_and_loose_matches_are_told_apart(db):
    add_article(db, "laichau", "Dẫn vàn", "2020-01-01T08:00:00+07:00")
    add_article(db, "laichau", "Tỉnh ủy", "2019-01-01T08:00:00+07:00")
    assert ids(search(db, "dân vận", matching="exact")) == [4, 1, 2, 3]
    assert ids(search(db, "dân vận", matching="loose")) == [6]
    assert ids(search(db, "dân vận", matching="exact", limit=2, offset=1)) == [1, 2]
    assert ids(search(db, "title:dẫn", matching="exact")) == [3, 6]
    assert ids(search(db, "dẫn OR tỉnh", matching="exact", order="relevance")) == [7, 3, 6]
    assert ids(search(db, "Tỉnh ủy", matching="exact")) == [3, 7]
    assert ids(search(db, "Tỉnh uỷ", matching="exact")) == [3, 7]
    assert ids(search(db, "tính ủy", matching="exact")) == []


def test_a_row_is_whole_and_its_names_are_columns(db):
    (row,) = search(db, "khéo")
    assert (row["title"], row["body"], row["portal"]) == ("Tin thứ hai", BODY, "yenbai")
    assert is_exact(row, parse_query("khéo"))


@pytest.mark.parametrize(
    ("typed", "filters", "first"),
    [
        ("vận", {}, "SCAN f VIRTUAL TABLE"),
        ("vận", {"portal": "laichau", "province": "lai-chau", "year": 2024}, "SCAN f VIRTUAL TABLE"),
        ("", {"year": 2024}, "SEARCH a USING INDEX articles_search_order"),
        ("", {}, "SCAN a USING"),
    ],
)
def test_newest_first_needs_no_sorting(db, typed, filters, first):
    ran = []
    db.set_trace_callback(ran.append)
    list(search(db, typed, **filters))
    db.set_trace_callback(None)
    asked = next(sql for sql in ran if "ORDER BY" in sql)
    steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert not [step for step in steps if "TEMP B-TREE" in step]
    assert steps[0].startswith(first)


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Công tác Dân vận", "dan", "Công tác [Dân] vận"),
        ("Công tác Dân vận", '"DÂN VẬN"', "Công tác [Dân vận]"),
        ("Dân-vận, dân  vận; dân tộc", '"dan van"', "[Dân-vận], [dân  vận]; dân tộc"),
        ("Đảng bộ đảng", "dang", "[Đảng] bộ [đảng]"),
        ("Khéo léo khéotay", "khé*", "[Khéo] léo [khéotay]"),
        ("Nghị quyết số 25 và Nghị quyết 25", "nghi quyet 25", "[Nghị quyết số 25] và [Nghị quyết 25]"),
        ("theo 25-NQ/TW.", "25-nq/tw", "theo [25-NQ/TW]."),
        ("dân_vận", "vận", "dân_[vận]"),
        ("vận -casino", "vận -casino", "[vận] -casino"),
        ("không có", "", "không có"),
        ("", "vận", ""),
    ],
)
def test_marks_are_carried_over_to_the_letters_as_written(text, typed, shown):
    pieces = snippet(text, parse_query(typed))
    assert "".join(f"[{piece}]" if marked else piece for piece, marked in pieces) == shown


def test_a_long_text_is_cut_around_its_best_part():
    before, after = "Chữ khác nữa. " * 60, "Cuối cùng. " * 60
    text = f"Mở đầu nói về dân. {before}Lễ phát động dân vận khéo ở xã. {after}"
    assert snippet(text, parse_query("dân khéo"), length=70) == [
        ("…", False),
        ("Lễ phát động ", False),
        ("dân", True),
        (" vận ", False),
        ("khéo", True),
        (" ở xã. Cuối cùng. Cuối cùng. Cuối cùng.", False),
        ("…", False),
    ]


def test_a_long_text_without_a_match_shows_its_beginning():
    assert snippet("một hai ba bốn năm", parse_query("vận"), length=10) == [("một hai", False), ("…", False)]
    assert snippet("x" * 30, parse_query(""), length=10) == [("x" * 10, False), ("…", False)]
    assert snippet("một hai ba vận", parse_query("vận"), length=8) == [
        ("…", False),
        ("ba ", False),
        ("vận", True),
    ]
