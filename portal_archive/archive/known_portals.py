"""Names of portals that somebody gives."""

from __future__ import annotations

import sqlite3

from portal_archive.model.errors import ArchiveError
from portal_archive.model.nearest import nearest


def check_portal(db: sqlite3.Connection, name: str | None) -> None:
    """Raise ArchiveError, with the nearest names, where an archive has no portal of this name; None is any."""
    known = [row[0] for row in db.execute("SELECT name FROM portals ORDER BY name")]
    if name is not None and name not in known:
        raise ArchiveError(f"no portal {name} in the archive; {nearest(name, known)}")
