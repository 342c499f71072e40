import sqlite3

import pytest
from synthetic_rows import add_article, add_portal, new_archive

from portal_archive.archive.search import filter_terms


@pytest.fixture
def db() -> sqlite3.Connection:
    db = new_archive()
    for portal in ("laichau", "127.0.0.1:8088"):
        add_portal(db, portal)
    add_article(
        db, "laichau", "Một", "2024-01-01T08:00:00+07:00", category="Thời sự", published_precision="minute"
    )
    add_article(db, "laichau", "Hai", "2024-01-02T08:00:00+07:00", published_precision="inferred")
    add_article(db, "127.0.0.1:8088", "Ba", "2024-01-03T08:00:00+07:00", category="Dân vận")
    return db


def marked(db: sqlite3.Connection, mark: str) -> list[int]:
    rows = db.execute(
        "SELECT a.id FROM articles a JOIN articles_fts f ON f.rowid = a.search_order"
        " WHERE articles_fts MATCH ? ORDER BY a.id",
        [mark],
    )
    return [row[0] for row in rows]


def counted(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    return [filter_terms.read_facets(facets) for (facets,) in db.execute("SELECT facets FROM search_facets")]


def test_an_article_is_found_by_its_marks(db: sqlite3.Connection) -> None:
    assert marked(db, filter_terms.EVERY) == [1, 2, 3]
    assert marked(db, filter_terms.of_portal("laichau")) == [1, 2]
    assert marked(db, filter_terms.of_portal("127.0.0.1:8088")) == [3]
    assert marked(db, filter_terms.of_portal("127")) == []
    assert marked(db, filter_terms.of_category("Thời sự")) == [1]
    assert marked(db, filter_terms.of_dated()) == [1, 2]
    assert marked(db, filter_terms.of_flag("inferred")) == [2]
    assert counted(db) == [
        ("laichau", "Thời sự", [], True),
        ("laichau", None, ["inferred"], True),
        ("127.0.0.1:8088", "Dân vận", [], False),
    ]


@pytest.mark.parametrize(
    ("change", "flags"),
    [
        ("missing_since = '2024-02-01'", {"missing"}),
        ("missing_since = '2024-02-01', gone_at = '2024-02-02'", {"gone"}),
        ("gone_at = '2024-02-02', came_back_at = '2024-02-03'", {"back"}),
        (
            "missing_since = '2024-03-01', gone_at = '2024-02-02', came_back_at = '2024-02-03'",
            {"missing", "back"},
        ),
        ("version = 2, title = 'Mốt', category = 'Tin'", {"changed"}),
        ("flagged = 1", {"flagged"}),
    ],
)
def test_a_change_of_an_article_changes_its_marks(
    db: sqlite3.Connection, change: str, flags: set[str]
) -> None:
    db.execute(f"UPDATE articles SET {change} WHERE id = 1")
    assert {flag for flag in filter_terms.FLAGS if 1 in marked(db, filter_terms.of_flag(flag))} == flags
    assert counted(db)[0][2:] == (sorted(flags, key=list(filter_terms.FLAGS).index), True)
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    db.execute("UPDATE articles SET views = 7, last_seen = '2025-01-01T00:00:00Z', version = version")
    db.execute("DELETE FROM articles WHERE id = 1")
    assert marked(db, filter_terms.EVERY) == [2, 3]
    assert len(counted(db)) == 2
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_an_article_that_moves_in_time_is_counted_there(db: sqlite3.Connection) -> None:
    db.execute("UPDATE articles SET search_order = search_order + 7 WHERE id = 1")
    assert db.execute(
        "SELECT a.id FROM articles a JOIN search_facets s USING (search_order) ORDER BY a.id"
    ).fetchall() == [(1,), (2,), (3,)]
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
