"""What SQLite reports, said so that a person knows what to do; and transactions that end either way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from portal_archive.model.errors import ArchiveError

_MESSAGES = {
    sqlite3.SQLITE_NOTADB: "not an SQLite database: choose another file",
    sqlite3.SQLITE_CORRUPT: "damaged: run 'scrapy verify', and restore it from a backup",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: no such folder, no permission, or a read-only medium",
    sqlite3.SQLITE_FULL: "the disk is full: make room and start again, nothing stored is lost",
    sqlite3.SQLITE_BUSY: "locked by another program that writes to it: try again when it has ended",
    sqlite3.SQLITE_IOERR: "the disk does not answer (input/output error)",
}


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Raise ArchiveError, naming the archive at `path` and what to do, for what goes wrong with its file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The low byte of an extended code is the primary code.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _MESSAGES:
            raise
        raise ArchiveError(f"{path}: {_MESSAGES[code]}") from error


@contextmanager
def transaction(db: Database, path: Path) -> Iterator[None]:
    """Keep all that is written inside, or nothing; inside another transaction, a part of it."""
    with clear_errors(path):
        if db.conn.in_transaction:
            with db.atomic():
                yield
            return
        # Taken at once: a transaction that begins by reading can be refused its first write.
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
