"""Portals that another archive visited, gathered into this one.

Of a portal that only the other has visited every row is copied. Of one that both have visited the other's captures are
read and stored in order of time, as if this archive had made them, and what they do not say is joined (see `visited`).
So the order in which archives are gathered changes nothing but numbers of rows, and gathering twice changes nothing at
all.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from portal_archive.archive import migrations
from portal_archive.archive.archive import Archive
from portal_archive.archive.errors import clear_errors
from portal_archive.archive.gathering.decisions import join_decisions
from portal_archive.archive.gathering.rows import Copy
from portal_archive.archive.gathering.visited import Visited
from portal_archive.archive.replace_file import replacing
from portal_archive.archive.verify.captures import verify_captures
from portal_archive.archive.verify.database import verify_database
from portal_archive.archive.verify.verify import open_read_only
from portal_archive.model.errors import ArchiveError

# Reads the captures of a portal that this archive lacks, from a connection to the other archive, and stores them; takes
# the portal and the numbers that its crawls have here too. Returns how many it stored.
Replay = Callable[[sqlite3.Connection, str, Mapping[int, int]], int]


@dataclass(slots=True)
class Gathered:
    """What became of the portals of another archive: taken over, known already, or visited by both and joined.

    `articles` were taken over with the first, `captures` read and stored of the last.
    """

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)
    articles: int = 0
    captures: int = 0


def gather(archive: Archive, captures: Path, other: Path, other_captures: Path, replay: Replay) -> Gathered:
    """Take over the portals of the archive `other` that this claimed one has never visited; join the others.

    `captures` and `other_captures` are their folders of captures. What is taken over is in one transaction; `replay`
    makes its own, and what a kill leaves undone the next gathering does. Memory does not grow with the archives.
    Raises ArchiveError where the other cannot be read, is damaged, of another version, or this very archive.
    """
    if not other.is_file():
        raise ArchiveError(f"{other}: no such archive")
    if other.resolve() == archive.path.resolve():
        raise ArchiveError(f"{other}: this very archive")
    with clear_errors(other), open_read_only(other) as source:
        source.row_factory = sqlite3.Row
        if migrations.check(Database(source), other):
            raise ArchiveError(
                f"{other}: written by an older version of this program: run 'scrapy verify' on it first"
            )
        for found in _damage(source, other_captures):
            raise ArchiveError(f"{other}: damaged, and not gathered: {found}")
        gathered = _sort(archive.db.conn, source)
        if gathered.taken:
            _copy_captures(source, gathered.taken, other_captures, captures)
            with archive.batch():
                archive.db.execute("PRAGMA defer_foreign_keys = on")
                gathered.articles = Copy(archive.db.conn, source, gathered.taken).run()
                for portal in gathered.taken:
                    copied = Visited(archive.db.conn, source, portal)
                    join_decisions(archive.db.conn, source, portal, copied.article, copied.capture)
        for portal in (*gathered.both, *gathered.known):
            visited = Visited(archive.db.conn, source, portal)
            with archive.batch():
                crawls = visited.begin()
            gathered.captures += replay(source, portal, crawls)
            with archive.batch():
                visited.end()
    return gathered


def _damage(source: sqlite3.Connection, captures: Path) -> Iterator[object]:
    found = (*verify_database(source), *verify_captures(source, captures))
    return (one for one in found if not one.note)


def _sort(db: sqlite3.Connection, source: sqlite3.Connection) -> Gathered:
    gathered = Gathered()
    for (name,) in source.execute(
        "SELECT DISTINCT portal FROM crawls UNION SELECT DISTINCT portal FROM captures"
    ):
        visited = db.execute(
            "SELECT 1 FROM crawls WHERE portal = ?1 UNION ALL SELECT 1 FROM captures WHERE portal = ?1 LIMIT 1",
            (name,),
        ).fetchone()
        if visited is None:
            gathered.taken.append(name)
            continue
        new = any(
            db.execute(
                "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? AND digest = ?", tuple(row)
            ).fetchone()
            is None
            for row in source.execute(
                "SELECT url, fetched_at, digest FROM captures WHERE portal = ?", (name,)
            )
        )
        (gathered.both if new else gathered.known).append(name)
    return gathered


def _copy_captures(source: sqlite3.Connection, portals: list[str], folder: Path, target: Path) -> None:
    for portal in portals:
        for (name,) in source.execute("SELECT DISTINCT file FROM captures WHERE portal = ?", (portal,)):
            try:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                with (folder / name).open("rb") as there, replacing(target / name) as here:
                    shutil.copyfileobj(there, here, 1 << 20)
            except OSError as error:
                raise ArchiveError(f"{error.filename or target / name}: {error.strerror or error}") from error
