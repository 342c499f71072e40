"""Fixity: whether everything that was stored is still there, to the last byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed

from portal_archive.archive.warc.captures import parse_record
from portal_archive.archive.warc.members import (
    DamagedMemberError,
    Member,
    find_member,
    read_member,
    whole_length,
)


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was stored, or (a `note`) only worth knowing.

    `place` is a table, or a file below the captures folder with an offset.
    """

    place: str
    reason: str
    note: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def verify(db: sqlite3.Connection, captures: Path) -> Iterator[Damage]:
    """Give all damage to an archive and its captures folder; nothing, but for notes, when all is well.

    Reads everything: the database and its search index, and every byte of every capture. A crawl may be
    writing meanwhile. Raises nothing for what is damaged.
    """
    return chain(verify_database(db), verify_captures(db, captures))


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


def verify_captures(db: sqlite3.Connection, captures: Path) -> Iterator[Damage]:
    """Give the damage to the captures: files, records, lengths, digests, against the rows that name them."""
    known = {name for (name,) in db.execute("SELECT DISTINCT file FROM captures")}
    found = {path.relative_to(captures).as_posix() for path in captures.rglob("*.warc.gz")}
    for name in sorted(known | found):
        rows = db.execute(
            "SELECT offset, length, digest, url, revisit_of FROM captures WHERE file = ? ORDER BY offset",
            (name,),
        )
        try:
            with (captures / name).open("rb") as stream, closing(_File(name, stream, rows)) as file:
                yield from file.damage()
        except OSError as error:
            rows.close()
            yield Damage(name, f"the file cannot be read: {error.strerror or error}")


class _File:
    """One WARC file, read beside the rows of the captures in it."""

    def __init__(self, name: str, stream: BinaryIO, rows: sqlite3.Cursor) -> None:
        self._name = name
        self._stream = stream
        self._rows = rows
        self._row = rows.fetchone()

    def close(self) -> None:
        self._rows.close()

    def damage(self) -> Iterator[Damage]:
        unknown: list[int] = []
        offset: int | None = 0
        while offset is not None:
            try:
                member = read_member(self._stream, offset)
            except DamagedMemberError as error:
                if self._row is None and whole_length(self._stream) == offset:
                    yield self._at(offset, "its last record is torn, and no row knows it", note=True)
                    break
                yield self._at(offset, error.reason)
                offset = find_member(self._stream, offset + 1)
                yield from self._missed(offset)
                continue
            if member is None:
                break
            yield from self._missed(member.offset)
            yield from self._record(member, unknown)
            offset = member.offset + member.length
        yield from self._missed(None)
        if unknown:
            reason = f"{len(unknown)} responses without a row, of which this is the first"
            yield self._at(unknown[0], reason, note=True)

    def _missed(self, offset: int | None) -> Iterator[Damage]:
        """Give the captures that should stand before `offset`, and do not."""
        while self._row is not None and (offset is None or self._row[0] < offset):
            yield self._at(self._row[0], f"the capture of {self._row[3]} is not there")
            self._row = self._rows.fetchone()

    def _record(self, member: Member, unknown: list[int]) -> Iterator[Damage]:
        try:
            record = parse_record(member.data)
            while record.raw_stream.read(1 << 20):
                pass
        except (ArchiveLoadFailed, EOFError, ValueError) as error:
            yield self._at(member.offset, f"the record cannot be read: {error}")
            if self._row is not None and self._row[0] == member.offset:
                self._row = self._rows.fetchone()
            return
        is_response = record.rec_type in ("response", "revisit")
        if self._row is None or self._row[0] > member.offset:
            if is_response:
                unknown.append(member.offset)
            return
        _, length, digest, url, revisit_of = self._row
        self._row = self._rows.fetchone()
        stated = record.rec_headers.get_header("WARC-Payload-Digest")
        if not is_response:
            yield self._at(member.offset, f"a {record.rec_type} record, not the capture of {url}")
        elif length != member.length:
            yield self._at(member.offset, f"the capture of {url} has {member.length} bytes, not {length}")
        elif stated != digest:
            yield self._at(member.offset, f"the capture of {url} has the digest {stated}, not {digest}")
        elif record.rec_type == "revisit" and revisit_of is None:
            yield self._at(member.offset, f"the capture of {url} repeats one that is not known")

    def _at(self, offset: int, reason: str, *, note: bool = False) -> Damage:
        return Damage(f"{self._name}, offset {offset}", reason, note)
