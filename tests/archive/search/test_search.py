import sqlite3

import pytest
from synthetic_rows import add_article, add_portal, new_archive

from portal_archive.archive.search.query import parse_query
from portal_archive.archive.search.snippets import WEIGHTS, snippet

BODY = "Đồng chí Bí thư dự lễ phát động thi đua “Dân vận khéo” tại xã Bản Lang. " * 3


@pytest.fixture
def db() -> sqlite3.Connection:
    db = new_archive()
    for portal in ("laichau", "yenbai", "127.0.0.1:8088"):
        add_portal(db, portal)
    add_article(db, "laichau", "Công tác Dân vận", "2024-01-01T00:30:00+07:00", author="Kim Anh")
    add_article(db, "yenbai", "Tin thứ hai", "2023-12-31T23:30:00+07:00", body=BODY)
    add_article(db, "laichau", "Tỉnh uỷ họp về dẫn vân", "2022-05-01T08:00:00+07:00", captions="Dân vận")
    add_article(db, "127.0.0.1:8088", "Cá cược casino", "2025-03-01T08:00:00+07:00", summary="dân vận")
    text = "Nghị quyết số 25-NQ/TW của Đảng"
    add_article(db, "yenbai", "Tài liệu", "2021-03-01T08:00:00+07:00", attachment_text=text)
    return db


def found(
    db: sqlite3.Connection, typed: str, order: str = "f.rowid DESC", *, exact: bool = False
) -> list[int]:
    query = parse_query(typed)
    index, match = ("articles_exact", query.exact) if exact else ("articles_fts", query.match)
    rows = db.execute(
        f"SELECT a.id FROM {index} f CROSS JOIN articles a ON a.search_order = f.rowid"
        f" WHERE {index} MATCH ? ORDER BY {order}",
        (match,),
    )
    return [number for (number,) in rows]


@pytest.mark.parametrize("typed", ["dan van", "dân vận", "DÂN VẬN", "da\u0302n va\u0323\u0302n", '"dan van"'])
def test_diacritics_and_case_do_not_count(db, typed):
    assert found(db, typed) == [4, 1, 2, 3]


@pytest.mark.parametrize(
    ("typed", "articles"),
    [
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
        ("không có gì", []),
    ],
)
def test_what_is_found_newest_first(db, typed, articles):
    assert found(db, typed) == articles


def test_relevance_puts_the_title_first(db):
    assert found(db, "dân vận", f"bm25(articles_fts, {WEIGHTS})") == [1, 3, 4, 2]


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("dân vận", [4, 1, 2, 3]),
        ("dẫn vàn", [6]),
        ("title:dẫn", [3, 6]),
        ("dẫn OR tỉnh", [3, 6, 7]),
        ("Tỉnh ủy", [3, 7]),
        ("Tỉnh uỷ", [3, 7]),
        ("tính ủy", []),
        ("khé*", [2]),
        ("dân vận -CASINO", [1, 2, 3]),
        ("dân vận -cásino", [4, 1, 2, 3]),
        ('"Dẫn vàn"', [6]),
        ('"vàn dẫn"', []),
        ("author:anh", [1]),
        ("author:ánh", []),
        ("25-NQ/TW của", [5]),
        ("Nghị quyết 25", [5]),
        ("Đảng", [5]),
    ],
)
def test_exact_matches_have_the_letters_typed_in_either_tone_style(db, typed, exact):
    add_article(db, "laichau", "Dẫn vàn", "2020-01-01T08:00:00+07:00")
    add_article(db, "laichau", "Tỉnh ủy", "2019-01-01T08:00:00+07:00")
    assert found(db, typed, exact=True) == exact


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
