"""Rows by name, and statements from columns: what every part of the store needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

# The captures that hold the payload of the digest ?1, by the index on the beginning of digests: the plus and the name
# of the index keep SQLite from reading all of them.
HOLDING_PAYLOAD = (
    "captures INDEXED BY captures_digest"
    " WHERE substr(digest, 6, 10) = substr(?1, 6, 10) AND +digest = ?1 AND revisit_of IS NULL"
    " AND NOT lost AND NOT rendered"
)


def rows(db: sqlite3.Connection, sql: str, *values: Any) -> list[sqlite3.Row]:
    """Return the rows of a query, each readable by column name."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(sql, values).fetchall()


def row(db: sqlite3.Connection, sql: str, *values: Any) -> sqlite3.Row | None:
    """Return the first row of a query, readable by column name, or None."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    found: sqlite3.Row | None = cursor.execute(sql, values).fetchone()
    return found


def insert(db: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Insert one row and return its rowid."""
    names = ", ".join(values)
    places = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(values.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def update(db: sqlite3.Connection, table: str, row_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of the row with this `id`; only those named, so that no trigger on others fires."""
    if values:
        names = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"UPDATE {table} SET {names} WHERE id = ?", (*values.values(), row_id))
