"""The captures of a portal opened for writing, after what a power failure may have done to them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import rows
from portal_archive.archive.warc.captures import CaptureWriter, safe_name


def open_captures(
    db: sqlite3.Connection, folder: Path, portal: str, now: datetime, *, imported: bool = False
) -> CaptureWriter:
    """Return the writer of a portal's captures for the day of `now` (in UTC), within a transaction of the caller.

    The kernel may have kept rows of the archive and lost the bytes they name, if the machine lost its power. Such
    captures are marked as lost, and their pages are due again; the file stays as it is, and another is begun. Raises
    ArchiveError as `CaptureWriter` does.
    """
    known = known_lengths(db, portal)
    for name, length in known.items():
        path = folder / name
        if path.exists():
            size = path.stat().st_size
            if size < length:
                _mark_lost(db, name, size, to_text(now))
            else:
                # Restored from a backup, it may be.
                db.execute("UPDATE captures SET lost = 0 WHERE file = ? AND lost", (name,))
    day = now.strftime("import-%Y%m%d" if imported else "%Y%m%d")
    return CaptureWriter(folder, portal, day, known=known)


def known_lengths(db: sqlite3.Connection, portal: str) -> dict[str, int]:
    """Return for each file of a portal, by its name below the captures folder, where its last known capture ends."""
    folder = safe_name(portal)
    # By the unique index on file and offset alone, a step a file.
    found = rows(
        db,
        "WITH RECURSIVE names(name) AS ("
        " SELECT min(file) FROM captures WHERE file > ?1 AND file < ?2"
        " UNION ALL SELECT (SELECT min(file) FROM captures WHERE file > name AND file < ?2) FROM names"
        " WHERE name IS NOT NULL)"
        " SELECT name, (SELECT offset + length FROM captures WHERE file = name ORDER BY offset DESC LIMIT 1) AS length"
        " FROM names WHERE name IS NOT NULL",
        f"{folder}/",
        f"{folder}0",
    )
    return {row["name"]: row["length"] for row in found}


def _mark_lost(db: sqlite3.Connection, name: str, size: int, now: str) -> None:
    lost = rows(
        db,
        "UPDATE captures SET lost = 1 WHERE file = ? AND offset + length > ? AND NOT lost RETURNING portal, url",
        name,
        size,
    )
    # What was sent with the lost answers must not let the server say that nothing has changed.
    db.executemany(
        "UPDATE pages SET next_visit = :now, etag = NULL, last_modified = NULL, last_digest = NULL"
        " WHERE portal = :portal AND url = :url",
        [{"now": now, **dict(row)} for row in lost],
    )
