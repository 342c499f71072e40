"""Everything that can be checked of an archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from portal_archive.archive.verify.captures import verify_captures
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import verify_database


def verify(db: sqlite3.Connection, captures: Path) -> Iterator[Damage]:
    """Give all damage to an archive and its captures folder; nothing, but for notes, when all is well.

    Reads everything: the database and its search index, and every byte of every capture. A crawl may be
    writing meanwhile. Raises nothing for what is damaged.
    """
    return chain(verify_database(db), verify_captures(db, captures))
