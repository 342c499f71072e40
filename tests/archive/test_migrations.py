"""An archive that any earlier program of this project made becomes one of today, in one transaction.

`schemas/VERSION-NUMBER.sql` is every schema that a commit of this project made archives with.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from visiting import Site

from portal_archive.archive import migrations
from portal_archive.archive.archive import Archive
from portal_archive.archive.migrations import Step
from portal_archive.archive.search import filter_terms
from portal_archive.archive.search.order import ALL_AT_ONCE
from portal_archive.model.errors import ArchiveError

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
AT = "2026-03-02T01:00:00Z"
TITLE = "Giao ban công tác dân vận quý I"
ROWS: dict[str, dict[str, object]] = {
    "portals": {
        "name": "huyen",
        "title": "Huyện",
        "home_url": "https://huyen.example/",
        "host": "huyen.example",
        "family": "generic",
        "known": "described",
    },
    "crawls": {"id": 4, "portal": "huyen", "started_at": AT, "last_active_at": AT, "pages": 2},
    "crawl_signs": {"crawl_id": 4, "sign": "ended", "value": "article", "pages": 2},
    "captures": {
        "id": 7,
        "portal": "huyen",
        "crawl_id": 4,
        "url": "https://huyen.example/a.html",
        "fetched_at": AT,
        "status": 200,
        "kind": "article",
        "digest": "sha1:ABCDEFGHIJKLMNOP",
        "file": "huyen/1.warc.gz",
        "offset": 0,
        "length": 9,
        "article_id": 1,
        "content_hash": "c",
    },
    "articles": {
        "id": 1,
        "portal": "huyen",
        "url": "https://huyen.example/a.html",
        "title": TITLE,
        "version": 1,
        "content_hash": "c",
        "text_hash": "t",
        "capture_id": 7,
        "fetched_at": AT,
        "first_seen": AT,
        "last_seen": AT,
        "reader_version": 1,
        "search_order": 1 << 30,
    },
    "versions": {
        "article_id": 1,
        "version": 1,
        "first_seen": AT,
        "last_seen": AT,
        "capture_id": 7,
        "content_hash": "c",
        "text_hash": "t",
        "reader_version": 1,
        "url": "https://huyen.example/a.html",
    },
    "attachments": {
        "article_id": 1,
        "position": 1,
        "url": "https://huyen.example/12.pdf",
        "text": "Công văn\n\nsố 12",
    },
    "problems": {
        "portal": "huyen",
        "url": "https://huyen.example/b.html",
        "kind": "robots",
        "field": "",
        "detail": "no",
        "first_seen": AT,
        "last_seen": AT,
    },
    "portal_states": {
        "portal": "huyen",
        "state": "blocked",
        "since": AT,
        "judged_at": AT,
        "reason": "it shows its flood page",
        "reason_vi": "hiện trang chống truy cập dồn dập",
        "next_step": "Ask more slowly.",
        "next_step_vi": "Hỏi chậm lại.",
        "told_by": '["mail"]',
        "told_at": AT,
    },
}


def older(path: Path, schema: Path) -> None:
    """Make an archive with this schema and a row in each of its tables that `ROWS` has one for."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema.read_text())
        for table, row in ROWS.items():
            columns = [column[1] for column in db.execute(f"PRAGMA table_info({table})")]
            values = {name: value for name, value in row.items() if name in columns}
            if values:
                marks = ", ".join("?" * len(values))
                db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", [*values.values()])
        db.commit()


def schema_of(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    return {key: migrations._bare(sql) for key, sql in migrations._schema(db).items()}


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_an_archive_of_each_schema_becomes_one_of_today(tmp_path: Path, schema: Path) -> None:
    path = tmp_path / "older.db"
    older(path, schema)
    version = int(schema.stem.partition("-")[0])
    with pytest.raises(ArchiveError, match="older version"):
        Archive(path, read_only=True)
    with Archive(path) as migrated, Archive(tmp_path / "new.db") as new:
        db = migrated.db.conn
        assert schema_of(db) == schema_of(new.db.conn)
        assert migrations.version(migrated.db) == migrations.version(new.db) == len(migrations.STEPS)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute(
            "SELECT a.title, a.flagged, v.version, c.file FROM articles a JOIN versions v ON v.article_id = a.id"
            " JOIN captures c ON c.id = a.capture_id"
        ).fetchall() == [(TITLE, 0, 1, "huyen/1.warc.gz")]
        for index, words in (("articles_fts", "giao ban"), ("articles_exact", "dân vận")):
            found = db.execute(
                f"SELECT a.id FROM {index} x JOIN articles a ON a.search_order = x.rowid WHERE {index} MATCH ?",
                (f"{words} {filter_terms.of_portal('huyen')}",),
            )
            assert found.fetchall() == [(1,)]
            assert db.execute(f"SELECT k, v FROM {index}_config ORDER BY k").fetchall() == (
                new.db.execute(f"SELECT k, v FROM {index}_config ORDER BY k").fetchall()
            )
        assert db.execute("SELECT url, page, text, confidence FROM attachment_pages").fetchall() == [
            ("https://huyen.example/12.pdf", 1, "Công văn\n\nsố 12", None)
        ]
        assert db.execute("SELECT count(*) FROM search_facets").fetchone() == (1,)
        assert db.execute("SELECT article_id FROM stories_waiting").fetchall() == [(1,)]
        assert db.execute("SELECT count(*), count(closed_at) FROM problems").fetchone() == (
            1,
            int(version < 4),
        )
        if version >= 4:
            assert db.execute("SELECT tally, value, pages FROM crawl_tallies").fetchall() == [
                ("ended", "article", 2)
            ]
            assert db.execute("SELECT state, sent_by, sent_at FROM portal_states").fetchall() == [
                ("blocked", '["mail"]', AT)
            ]
    with closing(sqlite3.connect(tmp_path / f"older.db.schema-{version}")) as kept:
        assert kept.execute("PRAGMA user_version").fetchone() == (version,)
        assert kept.execute("SELECT title FROM articles").fetchall() == [(TITLE,)]


@pytest.mark.parametrize(
    ("words", "codes", "kept"),
    [
        ("title", [["change.title", {}]], None),
        (
            "publication date, 2 paragraphs added, 1 image removed",
            [
                ["change.publication_date", {}],
                ["change.paragraphs_added", {"n": 2}],
                ["change.images_removed", {"n": 1}],
            ],
            None,
        ),
        ("figure 12,5% -> 1.254", [["change.figure", {"before": "12,5%", "after": "1.254"}]], None),
        ("captions in another order", [["change.captions_in_another_order", {}]], None),
        ("paragraphs divided differently", [["change.paragraphs_divided_differently", {}]], None),
        ("", [], None),
        ("title, colour of the sky", [], "title, colour of the sky"),
    ],
)
def test_what_had_changed_becomes_codes(
    tmp_path: Path, words: str, codes: list[object], kept: str | None
) -> None:
    path = tmp_path / "older.db"
    older(path, SCHEMAS[-1])
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "INSERT INTO versions (article_id, version, first_seen, last_seen, content_hash, text_hash, reader_version,"
            " url, changed) VALUES (1, 2, ?, ?, 'd', 't', 1, 'https://huyen.example/a.html', ?)",
            (AT, AT, words),
        )
        db.execute("UPDATE articles SET version = 2, body = 'Huyện có 1.254 tổ.'")
        db.execute("UPDATE versions SET title = ?, body = 'Huyện có 1.245 tổ.' WHERE version = 1", (TITLE,))
        db.commit()
    with Archive(path) as migrated:
        found = migrated.db.execute(
            "SELECT changed, old_changed, weight FROM versions ORDER BY version"
        ).fetchall()
    assert [(changed and json.loads(changed), *rest) for changed, *rest in found] == [
        (None, None, None),
        (codes, kept, "figure"),
    ]


def test_every_version_is_tried() -> None:
    versions = {int(schema.stem.partition("-")[0]) for schema in SCHEMAS}
    assert versions == set(range(1, max(versions) + 1))


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.db"
    older(path, SCHEMAS[0])

    def fail(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM article_views")
        raise ZeroDivisionError

    with closing(sqlite3.connect(path)) as db:
        before = list(db.iterdump())
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (*migrations.STEPS, Step("a step that fails", after=fail)))
        with pytest.raises(ZeroDivisionError):
            Archive(path)
    with closing(sqlite3.connect(path)) as db:
        assert list(db.iterdump()) == before
    with Archive(path) as archive:
        archive.claim("crawl laichau")


def test_a_new_column_needs_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path / "archive.db")
    site.read("a.html", 0)
    site.archive.close()
    create = migrations.create

    def tomorrow(db: sqlite3.Connection) -> None:
        create(db)
        db.execute("ALTER TABLE articles ADD COLUMN starred INTEGER NOT NULL DEFAULT 0")
        db.execute("CREATE INDEX articles_starred ON articles(starred)")

    monkeypatch.setattr(migrations, "create", tomorrow)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, Step("stars")))
    with Archive(tmp_path / "archive.db") as archive:
        assert archive.db.execute("SELECT title, starred FROM articles").fetchall() == [(TITLE, 0)]
        archive.db.execute("UPDATE articles SET title = 'Tên khác', starred = 1")
        assert archive.db.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'khac'"
        ).fetchall() == (archive.db.execute("SELECT search_order FROM articles").fetchall())


def test_what_python_composes_is_what_the_schema_says() -> None:
    schema = schema_of(migrations.blank().conn)
    marks, facets = (migrations._bare(sql) for sql in (filter_terms.sql(), filter_terms.facets_sql()))
    for view in ("articles_folded", "articles_written", "articles_dropped"):
        assert f"{marks}AS marks" in schema["view", view]
    for trigger in ("search_waiting_one", "search_waiting_all"):
        assert facets in schema["trigger", trigger]
        assert f"search_order = {ALL_AT_ONCE}" in schema["trigger", trigger]
    columns = ",".join(filter_terms.COLUMNS)
    for trigger in ("articles_fts_forget", "articles_fts_learn"):
        assert f"portal,category,{columns},removed_text ON articles" in schema["trigger", trigger]
