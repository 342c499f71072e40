"""All tables as files of one state of the archive, with what a reader needs to use and to cite them.

A folder of CSV and Parquet with `datapackage.json` (Frictionless Data Package) and `CITATION.cff`. Everything is
written in a folder inside it and then put in place, the descriptor last: one that is interrupted leaves what was there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from portal_archive.archive.counters import series
from portal_archive.archive.export import describe, parquet
from portal_archive.archive.export.columns import Column, exported_columns
from portal_archive.archive.export.export import select
from portal_archive.archive.export.formats.csv import Csv
from portal_archive.archive.export.tables import EXPORTS, Export
from portal_archive.archive.export.written import Choice, File, Table
from portal_archive.archive.moments import to_text
from portal_archive.model.errors import ArchiveError

DESCRIPTOR = "datapackage.json"
CITATION = "CITATION.cff"
_UNFINISHED = ".unfinished"
_AT_ONCE = 1 << 20
# Rows between two checks of whether to say how far it is.
_PROGRESS = 10_000


def write(
    db: sqlite3.Connection,
    folder: Path,
    about: Mapping[str, Any],
    choice: Choice,
    now: datetime,
    report: Callable[[str], None],
) -> list[Table]:
    """Write all tables of `EXPORTS` to `folder`, and return what was written; `report` is told how far it is.

    `about` has title, description, source and license of the archive, and `tables`: what Datasette's metadata says of
    each table and its columns. All tables are of one state, of when this began; a crawl may go on
    writing. Memory does not grow with the archive. Raises ArchiveError when the folder holds something else, or a whole
    export where this is a part of one, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _before(folder, choice)
    series.define_functions(db)
    with _alone(folder), _unfinished(folder) as unfinished:
        db.execute("BEGIN")
        try:
            tables = [_table(db, chosen, unfinished, choice, report) for chosen in EXPORTS.values()]
            package = describe.descriptor(db, tables, about, choice, now)
        finally:
            db.execute("ROLLBACK")
        (unfinished / DESCRIPTOR).write_text(
            json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        (unfinished / CITATION).write_text(describe.citation(package), "utf-8")
        names = [file.path for table in tables for file in (*table.csv, *table.parquet)]
        _put_in_place(unfinished, folder, [*names, CITATION, DESCRIPTOR], before)
    return tables


def _before(folder: Path, choice: Choice) -> list[str]:
    """Return the files of the export that the folder holds. Raises ArchiveError where this one must not replace it."""
    there = folder / DESCRIPTOR
    if not there.exists():
        others = [path.name for path in folder.iterdir() if path.name != _UNFINISHED]
        if others:
            raise ArchiveError(
                f"{folder}: holds other files ({others[0]}): choose an empty folder, or a new one"
            )
        return []
    try:
        package = json.loads(there.read_text("utf-8"))
        chosen = package["chosen"]
        paths = [part["path"] for resource in package["resources"] for part in resource["parts"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{there}: of another program: choose an empty folder, or a new one") from error
    if (chosen["portal"], bool(chosen["changed_since"])) != (choice.portal, bool(choice.changed_since)):
        raise ArchiveError(
            f"{folder}: holds an export of something else ({_words(chosen)}): choose another folder for this one"
        )
    return [path for path in paths if Path(path).name == path]


def _words(chosen: Mapping[str, Any]) -> str:
    return (
        ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in chosen.items() if value)
        or "everything"
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ArchiveError(f"{folder}: another export writes to it") from error
    finally:
        os.close(handle)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    unfinished = folder / _UNFINISHED
    # Left by one that was killed.
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _put_in_place(unfinished: Path, folder: Path, names: list[str], before: list[str]) -> None:
    for name in names:
        (unfinished / name).replace(folder / name)
    for name in set(before) - set(names):
        (folder / name).unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Hashed:
    """A file whose bytes are counted and hashed as they are written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self.size += len(data)
        self.digest.update(data)

    def close(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()


class _Part:
    """A table's rows, or those of a month, on their way to CSV and, as lines of JSON, to Parquet."""

    def __init__(self, folder: Path, stem: str, columns: list[Column], with_parquet: bool) -> None:
        self._folder, self._stem, self._columns = folder, stem, columns
        self._names = [column.name for column in columns]
        self._csv = Csv(self._names)
        self._out = _Hashed((folder / f"{stem}.csv").open("wb"))
        self._out.write(self._csv.begin())
        self._lines = (folder / f"{stem}.jsonl").open("wb") if with_parquet else None
        self._rows = self._longest = 0

    def row(self, row: tuple[Any, ...]) -> None:
        self._out.write(self._csv.row(row))
        if self._lines:
            line = json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False).encode() + b"\n"
            self._lines.write(line)
            self._longest = max(self._longest, len(line))
        self._rows += 1

    def close(self) -> None:
        self._out.close()
        if self._lines:
            self._lines.close()

    def files(self, table: Table) -> None:
        """Add the files to the table."""
        digest = self._out.digest.hexdigest()
        table.csv.append(File(f"{self._stem}.csv", self._rows, self._out.size, digest, self._csv.cut))
        if self._lines:
            lines, out = Path(self._lines.name), self._folder / f"{self._stem}.parquet"
            scratch = self._folder / "scratch"
            parquet.write(lines, self._longest, self._rows, self._columns, out, scratch)
            lines.unlink()
            table.parquet.append(File(out.name, self._rows, out.stat().st_size, _sha256(out)))


def _table(
    db: sqlite3.Connection, chosen: Export, folder: Path, choice: Choice, report: Callable[[str], None]
) -> Table:
    table = Table(chosen.table, exported_columns(db, chosen.table))
    month = f"substr({chosen.month}, 1, 7)" if choice.monthly and chosen.month else "''"
    rows = select(
        db,
        chosen,
        {"": month, **chosen.columns(db, choice.address)},
        portal=choice.portal if chosen.portal else None,
        changed_since=to_text(choice.changed_since) if choice.changed_since else None,
    )
    parts: dict[str, _Part] = {}

    def part(of: str) -> _Part:
        stem = f"{chosen.table}-{of}" if of else chosen.table
        return (
            parts.setdefault(of, _Part(folder, stem, table.columns, choice.parquet))
            if of not in parts
            else parts[of]
        )

    try:
        for count, (of, *row) in enumerate(rows, 1):
            part(of).row(tuple(row))
            if count % _PROGRESS == 0:
                report(f"{chosen.table}: {count:,} rows")
        if not parts:
            part("")
    finally:
        for one in parts.values():
            one.close()
    for _, one in sorted(parts.items()):
        one.files(table)
    return table


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
