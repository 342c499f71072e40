"""A checksum of every row: what a disk, or another program, has altered since it was written is found by `verify`.

SQLite has none of its own for pages. `install` gives a connection temporary triggers, so that every row the archive
writes has its checksum in `row_checksums`; a program that writes to the file without them is told from it. A row that
is altered and then updated by the archive keeps a checksum that does not fit.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_TABLE = "row_checksums"
_FUNCTION = "row_checksum"
# Worked out of other tables, and checked with them.
_DERIVED = (
    "search_",
    "articles_fts",
    "articles_exact",
    "articles_removed",
    "stories_waiting",
    "story_sketches",
    "sqlite_",
    _TABLE,
)

# What a person may set by hand: when a page is due.
_BY_HAND = {"pages": {"next_visit"}}


@dataclass(frozen=True, slots=True)
class Altered:
    """A row that is not as it was written; `columns` are those that are no text any more. `gone`: it is not there."""

    table: str
    id: int
    columns: tuple[str, ...] = ()
    gone: bool = False


def install(db: sqlite3.Connection) -> None:
    """Have every row that this connection writes carry its checksum, as long as it is open."""
    _define(db)
    for table in tables(db):
        new, old = _call(db, table, "new"), _call(db, table, "old")
        for event, statement in (
            (
                "INSERT",
                f"INSERT INTO {_TABLE} VALUES ('{table}', new.rowid, {new})"
                " ON CONFLICT DO UPDATE SET checksum = excluded.checksum",
            ),
            (
                "UPDATE",
                f"UPDATE {_TABLE} SET checksum = {new}"
                f" WHERE name = '{table}' AND id = new.rowid AND checksum = {old}",
            ),
            ("DELETE", f"DELETE FROM {_TABLE} WHERE name = '{table}' AND id = old.rowid"),
        ):
            db.execute(
                f"CREATE TEMP TRIGGER checksum_{table}_{event.lower()} AFTER {event} ON main.{table}"
                f" BEGIN {statement}; END"
            )


def renew(db: sqlite3.Connection) -> None:
    """Write the checksums of all rows as they are, after a change of the tables themselves."""
    _define(db)
    db.execute(f"DELETE FROM {_TABLE}")
    for table in tables(db):
        db.execute(f"INSERT INTO {_TABLE} SELECT '{table}', t.rowid, {_call(db, table, 't')} FROM {table} t")


def accept(db: sqlite3.Connection, table: str, row_id: int) -> bool:
    """Take a row for right as it is; return whether there is one."""
    if table not in tables(db):
        return False
    _define(db)
    written = db.execute(
        f"INSERT INTO {_TABLE} SELECT '{table}', t.rowid, {_call(db, table, 't')} FROM {table} t WHERE t.rowid = ?"
        " ON CONFLICT DO UPDATE SET checksum = excluded.checksum",
        (row_id,),
    ).rowcount
    if not written:
        written = db.execute(f"DELETE FROM {_TABLE} WHERE name = ? AND id = ?", (table, row_id)).rowcount
    return written > 0


def altered(db: sqlite3.Connection) -> Iterator[Altered]:
    """Give the rows that are not as they were written, table by table. Only reads."""
    _define(db)
    for table in tables(db):
        names = _columns(db, table)
        values = ", ".join(f'CAST(t."{name}" AS BLOB)' for name in names)
        kinds = ", ".join(f't."{name}" IS NOT NULL AND typeof(t."{name}") = \'text\'' for name in names)
        found = db.execute(
            f"SELECT t.rowid, {values}, {kinds} FROM {table} t"
            f" JOIN {_TABLE} k ON k.name = '{table}' AND k.id = t.rowid"
            f" WHERE k.checksum != {_call(db, table, 't')}"
        )
        for row_id, *rest in found:
            cells = zip(names, rest[: len(names)], rest[len(names) :], strict=True)
            yield Altered(
                table, row_id, tuple(name for name, cell, text in cells if text and not _is_utf8(cell))
            )
        for (row_id,) in db.execute(
            f"SELECT id FROM {_TABLE} k WHERE name = '{table}'"
            f" AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.rowid = k.id)"
        ):
            yield Altered(table, row_id, gone=True)


def unknown(db: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Give each table in which rows have no checksum, since another program wrote them, and how many. Only reads."""
    for table in tables(db):
        ((number,),) = db.execute(
            f"SELECT count(*) FROM {table} t WHERE NOT EXISTS"
            f" (SELECT 1 FROM {_TABLE} k WHERE k.name = '{table}' AND k.id = t.rowid)"
        ).fetchall()
        if number:
            yield table, number


def tables(db: sqlite3.Connection) -> list[str]:
    """Return the tables whose rows have checksums: all but those that are worked out of others."""
    found = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [
        name
        for name, sql in found
        if not name.startswith(_DERIVED) and not sql.rstrip().upper().endswith("WITHOUT ROWID")
    ]


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]


def _call(db: sqlite3.Connection, table: str, row: str) -> str:
    """Return the call for the checksum of a row; as bytes, since altered text may be none."""
    names = [name for name in _columns(db, table) if name not in _BY_HAND.get(table, ())]
    values = ", ".join(f'CAST({row}."{name}" AS BLOB)' for name in names)
    return f"{_FUNCTION}({values})"


def _define(db: sqlite3.Connection) -> None:
    db.create_function(_FUNCTION, -1, _checksum, deterministic=True)


def _checksum(*cells: bytes | None) -> int:
    checksum = 0
    for cell in cells:
        # A length before each cell tells them apart, and what is unknown from what is empty.
        if cell is None:
            checksum = zlib.crc32(b"-", checksum)
        else:
            checksum = zlib.crc32(cell, zlib.crc32(b"%d:" % len(cell), checksum))
    return checksum


def _is_utf8(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True
