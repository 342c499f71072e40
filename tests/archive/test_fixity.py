"""One flipped bit in anything that is shown is found, and named with its row."""

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from synthetic_rows import new_archive
from visiting import LONG, Site, article

from portal_archive.archive import checksums
from portal_archive.archive.archive import Archive
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import verify_database
from portal_archive.archive.verify.verify import open_read_only
from portal_archive.model.page import Counter

SHOWN = re.compile(r"(?!search_|articles_|stories_waiting|story_|row_checksums|sqlite_)")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return an archive of an article with two versions, another, and a counter."""
    site = Site(tmp_path / "archive.db")
    counter = Counter(today=12, total=82336925, printed={"today": "12", "total": "82.336.925"})
    site.begin(0)
    first = article(images=["https://x/1.jpg"], attachments=["https://x/a.pdf"])
    site.read("a.html", 0, first, counter=counter)
    site.read("b.html", 0, article(title="Tin khác", body=LONG[::-1]))
    site.begin(24)
    site.read("a.html", 24, article(author="Nguyễn Văn A"))
    site.archive.close()
    return tmp_path / "archive.db"


def damage(path: Path) -> list[Damage]:
    with open_read_only(path) as db:
        return [found for found in verify_database(db) if not found.note]


def places(path: Path) -> set[str]:
    return {found.place for found in damage(path)}


def cells(path: Path) -> Iterator[tuple[str, int, str, object]]:
    """Give every value that is shown: table, row, column, value."""
    with closing(sqlite3.connect(path)) as db:
        for table in checksums.tables(db):
            for _, name, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                for row_id, value in db.execute(f"SELECT rowid, {name} FROM {table} LIMIT 2"):
                    yield table, row_id, name, value


def alter(path: Path, sql: str, *values: object) -> None:
    """Change rows as another program does, without constraints and triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql, values)


def test_what_was_stored_is_sound(filled):
    assert places(filled) == set()


def test_every_value_that_is_altered_is_found_with_its_row(filled):
    whole = filled.read_bytes()
    tables = set()
    for table, row_id, name, value in cells(filled):
        key = name == "id" or (table == "pages" and name == "next_visit")
        if key or (table == "portals" and name == "name"):
            continue
        altered = f"{value}?" if isinstance(value, str) else (value or 0) + 1_000_003  # type: ignore[operator]
        alter(filled, f"UPDATE {table} SET {name} = ? WHERE rowid = ?", altered, row_id)
        assert f"{table}:{row_id}" in places(filled), (table, name, value)
        tables.add(table)
        for path in filled.parent.iterdir():
            path.unlink() if path.is_file() else None
        filled.write_bytes(whole)
    assert {
        "articles",
        "versions",
        "counter_readings",
        "pages",
        "captures",
        "article_urls",
        "portals",
    } <= tables


def test_random_bits_of_the_file_are_found_where_they_change_what_is_read(filled):
    def read() -> list[object]:
        with closing(sqlite3.connect(f"{filled.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            tables = checksums.tables(db)
            db.text_factory = bytes
            found: list[object] = []
            for table in tables:
                names = [
                    column.decode()
                    for _, column, *_ in db.execute(f"PRAGMA table_info({table})")
                    if column != b"next_visit"
                ]
                found.append(db.execute(f"SELECT rowid, {', '.join(names)} FROM {table}").fetchall())
            return found

    whole = filled.read_bytes()
    before = read()
    choose = random.Random(7)
    changed = 0
    for _ in range(150):
        damaged = bytearray(whole)
        damaged[choose.randrange(len(whole))] ^= 1 << choose.randrange(8)
        filled.write_bytes(damaged)
        try:
            is_changed = read() != before
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            is_changed = True
        if is_changed:
            changed += 1
            with closing(sqlite3.connect(f"{filled.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                assert [found for found in verify_database(db) if not found.note]
    assert changed > 5


def test_a_row_that_is_not_there_any_more_and_one_that_came_from_elsewhere(filled):
    alter(filled, "DELETE FROM article_urls WHERE rowid = 1")
    url = "'huyen', 'https://x/9.html', 2, '2026-03-02T01:00:00Z', '2026-03-02T01:00:00Z', NULL"
    alter(filled, f"INSERT INTO article_urls VALUES ({url})")
    with open_read_only(filled) as db:
        found = list(verify_database(db))
    assert [(one.place, one.reason, one.note) for one in found] == [
        ("article_urls:1", "the row is not there any more", False),
        ("article_urls", "1 rows that another program wrote have no checksum", True),
    ]


def test_text_that_is_none_any_more_is_named(filled):
    alter(filled, "UPDATE articles SET title = CAST(x'54696eff' AS TEXT) WHERE id = 1")
    (found,) = damage(filled)
    assert str(found) == (
        "articles:1: the row is not as it was written; no text any more: title ('scrapy reparse' reads it again from"
        " its capture; once it is right, 'scrapy verify --accept articles:1')"
    )


def test_damage_stays_found_when_the_archive_goes_on_and_ends_when_the_row_is_mended(filled):
    alter(filled, "UPDATE articles SET html = 'x' WHERE id = 2")
    with Archive(filled) as archive:
        archive.db.execute("UPDATE articles SET comments = 3 WHERE id = 2")
        assert [one.id for one in checksums.altered(archive.db.conn)] == [2]
        assert checksums.accept(archive.db.conn, "articles", 2)
        assert not checksums.accept(archive.db.conn, "articles", 99)
        assert not checksums.accept(archive.db.conn, "nobody", 1)
        archive.db.execute("UPDATE articles SET comments = 4 WHERE id = 2")
    assert damage(filled) == []


def test_what_went_wrong_before_there_were_checksums_is_told_by_the_hashes(filled):
    alter(filled, "UPDATE articles SET body = body || '!' WHERE id = 1")
    alter(filled, "UPDATE versions SET title = 'Khác' WHERE id = 1")
    alter(filled, "UPDATE counter_readings SET total = total + 1000000")
    with Archive(filled) as archive:
        checksums.renew(archive.db.conn)
    with open_read_only(filled) as db:
        found = [(one.place, one.reason) for one in verify_database(db) if not one.note]
    assert found == [
        ("versions:1", "title and body differ from their text_hash"),
        ("articles:1", "title and body differ from their text_hash"),
        ("counter_readings:1", "total is 83336925, and was printed as '82.336.925'"),
    ]


def test_rows_without_checksums_are_only_noted(tmp_path):
    db = new_archive(tmp_path / "archive.db")
    db.execute("DELETE FROM row_checksums")
    db.execute("INSERT INTO provinces (id, slug, name, unit) VALUES ('a', 'a', 'A', 'tỉnh')")
    db.execute("DELETE FROM row_checksums")
    assert [str(found) for found in verify_database(db)] == [
        "provinces: 1 rows that another program wrote have no checksum"
    ]
    db.close()


def test_hashes_of_other_rules_are_noted_once(filled):
    for column in ("content_hash", "author"):
        alter(filled, f"UPDATE articles SET {column} = 'x'")
    alter(filled, "UPDATE versions SET content_hash = 'x'")
    with Archive(filled) as archive:
        checksums.renew(archive.db.conn)
    with open_read_only(filled) as db:
        assert [(str(one), one.note) for one in verify_database(db)] == [
            ("versions: 3 have a content_hash that today's rules of what makes a version do not give", True)
        ]
