"""Everything that can be checked of an archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

from portal_archive.archive.verify.captures import verify_captures
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import verify_database
from portal_archive.archive.verify.search import verify_search


def verify(
    db: sqlite3.Connection, captures: Path, advance: Callable[[int], object] = int
) -> Iterator[Damage]:
    """Give all damage to an archive and its captures folder; nothing, but for notes, when all is well.

    `advance` is called with 1 when a file of captures has been read.
    Reads everything: the database and its search index, and every byte of every capture. Takes no lock and writes
    nothing to the archive; a crawl may be writing meanwhile. Raises nothing for what is damaged.
    """
    return chain(verify_database(db), verify_search(db), verify_captures(db, captures, advance))


def open_read_only(path: Path) -> closing[sqlite3.Connection]:
    """Return a connection that reads an archive and never writes to it, on a read-only medium too.

    Raises sqlite3.OperationalError when it cannot be opened.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        # Nobody writes to it; SQLite wants to make files beside a database in WAL mode, and cannot.
        db = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
    return closing(db)
