"""Rows of an archive, invented, written straight into its tables."""

import sqlite3
from pathlib import Path

from portal_archive.archive import checksums, migrations
from portal_archive.archive.search.order import search_order
from portal_archive.model.records import CaptureRef


def new_archive(path: Path | str = ":memory:") -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = off")
    migrations.create(db)
    db.execute("PRAGMA foreign_keys = on")
    checksums.install(db)
    return db


def add(db: sqlite3.Connection, table: str, **values: object) -> int:
    """Insert a row; a column that must not be NULL and is not given is 0 or "" as its type is."""
    for _, name, kind, required, default, key in db.execute(f"PRAGMA table_info({table})").fetchall():
        if required and default is None and not key and name not in values:
            values[name] = 0 if kind == "INTEGER" else ""
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", [*values.values()])
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def add_portal(db: sqlite3.Connection, name: str, province: str | None = None) -> None:
    home = f"https://{name}.vidu.example/"
    add(db, "portals", name=name, title=f"Cổng {name}", province=province, home_url=home)


def add_article(db: sqlite3.Connection, portal: str, title: str, published_at: str, **values: object) -> int:
    number = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    given = {
        "portal": portal,
        "url": f"https://{portal}.vidu.example/{number}.html",
        "title": title,
        "published_at": published_at,
        "search_order": search_order(db, published_at, published_at),
        "version": 1,
        "first_seen": "2026-11-01T00:00:00Z",
        "last_seen": "2026-11-22T05:31:28Z",
        "fetched_at": "2026-11-22T05:31:28Z",
        **values,
    }
    return add(db, "articles", **given)


def add_capture(db: sqlite3.Connection, url: str, ref: CaptureRef, **values: object) -> int:
    """Insert the row of a capture of "laichau" that was made at 2026-11-22T05:31:28Z."""
    place = {"file": ref.file, "offset": ref.offset, "length": ref.length, "digest": ref.digest}
    said = {"fetched_at": "2026-11-22T05:31:28Z", "status": 200, "sha256": ref.sha256}
    return add(db, "captures", portal="laichau", url=url, **{**place, **said, **values})
