"""The search indexes, held against the articles. Comparing takes the writer's lock, so it is done on a copy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from portal_archive.archive.migrations import INDEXES
from portal_archive.archive.search import filter_terms
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import REBUILD, is_of_today

# A step of this many pages is 8 MB: a reader beside it hardly notices.
PAGES = 2000
_PREFIX = ".verify-"
_DAY = 86_400


def verify_search(db: sqlite3.Connection) -> Iterator[Damage]:
    """Give the search indexes that do not agree with the articles; waits for no one and keeps nobody waiting."""
    with _copied(db) as copy:
        if copy is None:
            reason = "not compared with the articles: no room for a copy of the archive; 'scrapy backup' compares it"
            yield Damage("search index", reason, note=True)
        else:
            yield from compare(copy)


def compare(copy: sqlite3.Connection) -> Iterator[Damage]:
    """Give the search indexes of a copy, which nobody else uses, that do not agree with its articles."""
    for index in INDEXES if is_of_today(copy) else ():
        try:
            # With rank 1 the index is compared with the articles, not only with itself.
            copy.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
                yield Damage(index, "the search index does not agree with the articles", repair=REBUILD)
            else:
                yield Damage(index, f"the search index could not be compared with the articles: {error}")


def rebuild(db: sqlite3.Connection) -> None:
    """Make the search indexes anew from the articles."""
    for index in INDEXES:
        db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    db.execute("DELETE FROM search_facets")
    db.execute(f"INSERT INTO search_facets SELECT search_order, {filter_terms.facets_sql()} FROM articles")


def copy_database(db: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Copy a database as it is at one moment, even while it is written to."""
    # Within a transaction the copy is of one moment; else each write of a crawl would start it again.
    db.execute("BEGIN")
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        db.backup(copy, pages=PAGES)
    finally:
        db.execute("ROLLBACK")


@contextmanager
def _copied(db: sqlite3.Connection) -> Iterator[sqlite3.Connection | None]:
    """Give a copy of a database that is gone afterwards; None where there is no room for one."""
    size = db.execute("PRAGMA page_count").fetchone()[0] * db.execute("PRAGMA page_size").fetchone()[0]
    beside = Path(db.execute("PRAGMA database_list").fetchone()[2] or ".").parent
    folder = beside if os.access(beside, os.W_OK) else Path(tempfile.gettempdir())
    if shutil.disk_usage(folder).free < size + (size >> 3):
        yield None
        return
    for left in folder.glob(f"{_PREFIX}*"):
        # Of a check that was killed.
        if time.time() - left.stat().st_mtime > _DAY:
            shutil.rmtree(left, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(prefix=_PREFIX, dir=folder) as name,
        closing(sqlite3.connect(Path(name) / "copy.db", isolation_level=None)) as copy,
    ):
        try:
            copy_database(db, copy)
            # One file, without a log.
            copy.execute("PRAGMA journal_mode = memory")
        except sqlite3.DatabaseError:
            # `verify_database` says what is wrong with it.
            yield None
        else:
            yield copy
