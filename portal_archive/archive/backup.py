"""A copy of the archive that is consistent while a crawl runs, and that grows instead of being made anew.

To restore: let no crawl run, delete `archive.db-wal` and `archive.db-shm`, copy the backup's `archive.db` to
where the archive was, and the backup's folder `captures` over the captures folder. A capture file that is
longer than its copy in the backup may stay: what the backup's database knows is in both.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from portal_archive.archive.verify.captures import verify_captures
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import verify_database
from portal_archive.archive.verify.search import compare, copy_database
from portal_archive.archive.verify.verify import open_read_only
from portal_archive.archive.warc.gzip_members import whole_length
from portal_archive.model.errors import ArchiveError

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup did: how many capture files were new or had grown, by how many bytes; what is damaged."""

    files: int
    bytes: int
    damage: tuple[Damage, ...]


def backup(db_path: Path, captures: Path, dest: Path, advance: Callable[[int], object] = int) -> Backup:
    """Bring the backup in the folder `dest` up to date, and verify it to the last byte.

    `advance` is called with 1 when a file of captures in it has been read.
    The database is copied as it is at one moment, even while it is written to; the copy takes the place of
    the last one only when it is sound. Of the captures, which only grow, the new part is copied; afterwards,
    so that every capture the database knows is there. Nothing is ever removed from a backup: a capture file
    that has become shorter than its copy is reported, and the copy stays.

    Raises ArchiveError, naming the file, when something cannot be read or written.
    """
    if not db_path.is_file():
        raise ArchiveError(f"{db_path}: no such archive")
    if dest.resolve() == db_path.resolve().parent or dest.resolve().is_relative_to(captures.resolve()):
        raise ArchiveError(f"{dest}: the archive itself is there; choose another folder for the backup")
    new = dest / f"{db_path.name}.new"
    try:
        dest.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{error.filename or dest}: {error.strerror or error}") from error
    try:
        _copy_database(db_path, new)
        damage: list[Damage] = []
        grown = list(_copy_captures(captures, dest / "captures", _known_lengths(new), damage))
        with closing(sqlite3.connect(new, isolation_level=None)) as db:
            found = [item for item in chain(verify_database(db), compare(db)) if not item.note]
            damage += (item for item in verify_captures(db, dest / "captures", advance) if not item.note)
        if not found:
            for ending in ("-wal", "-shm"):
                (dest / f"{db_path.name}{ending}").unlink(missing_ok=True)
            new.replace(dest / db_path.name)
    except OSError as error:
        raise ArchiveError(f"{error.filename or dest}: {error.strerror or error}") from error
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"{db_path}: cannot be copied to {new}: {error}") from error
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            new.with_name(new.name + ending).unlink(missing_ok=True)
    return Backup(len(grown), sum(grown), (*found, *damage))


def _copy_database(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with open_read_only(source) as db, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy_database(db, copy)
        # One file, which can be read on a medium that cannot be written.
        copy.execute("PRAGMA journal_mode = delete")


def _known_lengths(copy: Path) -> dict[str, int]:
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        return dict(db.execute("SELECT file, max(offset + length) FROM captures GROUP BY file"))


def _copy_captures(
    captures: Path, dest: Path, known: Mapping[str, int], damage: list[Damage]
) -> Iterator[int]:
    """Copy what is new, and give for each file that has grown by how many bytes.

    `known` says up to where the copied database knows a file, by its name below `captures`.
    """
    for path in sorted(path for path in captures.rglob("*") if path.is_file()):
        name = path.relative_to(captures)
        target = dest / name
        have = target.stat().st_size if target.exists() else 0
        with path.open("rb") as stream:
            # The record that is being written now may yet be torn, and cut away.
            size = path.stat().st_size
            if path.name.endswith(".warc.gz") and size > (start := known.get(name.as_posix(), 0)):
                size = whole_length(stream, start)
            if size < have:
                damage.append(Damage(name.as_posix(), f"has {size} bytes, its copy in the backup {have}"))
            elif size > have:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("ab") as copy:
                    stream.seek(have)
                    for start in range(have, size, _BLOCK):
                        copy.write(stream.read(min(_BLOCK, size - start)))
                    copy.flush()
                    os.fsync(copy.fileno())
                yield size - have
