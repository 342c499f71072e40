"""The database itself: its pages, indexes, foreign keys and search index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from portal_archive.archive.verify.damage import Damage


def verify_database(db: sqlite3.Connection) -> Iterator[Damage]:
    """Give the damage to the database: its pages, indexes, foreign keys and search index."""
    try:
        for (problem,) in db.execute("PRAGMA integrity_check").fetchall():
            if problem != "ok":
                yield Damage("database", problem)
        for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
            yield Damage(table, f"row {row} refers to a row of {parent} that is not there")
    except sqlite3.DatabaseError as error:
        yield Damage("database", str(error))
        return
    for index in ("articles_fts", "articles_exact"):
        try:
            # With rank 1 the index is compared with the articles, not only with itself.
            db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.OperationalError as error:
            yield Damage(index, f"the search index could not be checked: {error}", note=True)
        except sqlite3.DatabaseError:
            yield Damage(index, "the search index does not agree with the articles: rebuild it")
