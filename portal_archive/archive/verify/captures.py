"""The captures on the disk, held against the rows that name them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urldefrag

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from portal_archive.archive.sql import rows
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.warc.captures import KINDS, RENDERED, parse_record, warc_date
from portal_archive.archive.warc.gzip_members import (
    BrokenMemberError,
    Member,
    find_member,
    read_member,
    sha256_of,
    whole_length,
)

_FROM_BACKUP = "copy the file from the backup, if it is whole there"
_COLUMNS = "offset, length, digest, sha256, url, fetched_at, status, content_type, revisit_of, lost"


def verify_captures(
    db: sqlite3.Connection, captures: Path, advance: Callable[[int], object] = int
) -> Iterator[Damage]:
    """Give the damage to the captures: every byte of every record, and whether it is what its row says.

    `advance` is called with 1 when a file has been read.
    Records are proved by the checksums of gzip and WARC, and by the SHA-256 that the row of a capture has of its
    request and response; rows of older archives have none.
    """
    known = {name for (name,) in db.execute("SELECT DISTINCT file FROM captures")}
    found = {path.relative_to(captures).as_posix() for path in captures.rglob("*.warc.gz")}
    for name in sorted(known | found):
        stored = rows(db, f"SELECT {_COLUMNS} FROM captures WHERE file = ? ORDER BY offset", name)
        try:
            with (captures / name).open("rb") as stream:
                yield from _File(name, stream, stored).damage()
        except OSError as error:
            reason = f"the file cannot be read: {error.strerror or error}"
            yield Damage(name, reason, repair=_FROM_BACKUP)
        advance(1)


class _File:
    """One WARC file, read beside the rows of the captures in it."""

    def __init__(self, name: str, stream: BinaryIO, stored: list[sqlite3.Row]) -> None:
        self._name = name
        self._stream = stream
        self._rows = iter(stored)
        self._row = next(self._rows, None)
        # Where the request begins that belongs to the response which comes next.
        self._asked_at: int | None = None

    def damage(self) -> Iterator[Damage]:
        unknown: list[int] = []
        offset: int | None = 0
        while offset is not None:
            try:
                member = read_member(self._stream, offset)
            except BrokenMemberError as error:
                if self._row is None and whole_length(self._stream, offset) == offset:
                    yield self._at(offset, "its last record is torn, and no row knows it", note=True)
                    break
                if self._row is None or not self._row["lost"]:
                    yield self._at(offset, str(error), repair=_FROM_BACKUP)
                offset = find_member(self._stream, offset + 1)
                yield from self._missed(offset)
                self._asked_at = None
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
        while self._row is not None and (offset is None or self._row["offset"] < offset):
            what = f"the capture of {self._row['url']}"
            if self._row["lost"]:
                yield self._at(
                    self._row["offset"], f"{what} was lost when the machine lost its power", note=True
                )
            else:
                yield self._at(self._row["offset"], f"{what} is not there", repair=_FROM_BACKUP)
            self._row = next(self._rows, None)

    def _record(self, member: Member, unknown: list[int]) -> Iterator[Damage]:
        stored = self._row if self._row is not None and self._row["offset"] == member.offset else None
        if stored is not None:
            self._row = next(self._rows, None)
        try:
            record = parse_record(member.data)
            while record.raw_stream.read(1 << 20):
                pass
        except (ArchiveLoadFailed, EOFError, ValueError) as error:
            self._asked_at = None
            yield self._at(member.offset, f"the record cannot be read: {error}", repair=_FROM_BACKUP)
            return
        asked_at, self._asked_at = self._asked_at, member.offset if record.rec_type == "request" else None
        if stored is not None:
            reason = self._difference(stored, record, member, asked_at)
            if reason is not None:
                yield self._at(member.offset, reason)
        elif record.rec_type in KINDS:
            unknown.append(member.offset)

    def _difference(
        self, stored: sqlite3.Row, record: ArcWarcRecord, member: Member, asked_at: int | None
    ) -> str | None:
        """Return in words how a record differs from its row, None when it does not."""
        what = f"the capture of {stored['url']}"
        if record.rec_type not in KINDS:
            return f"a {record.rec_type} record, not {what}"
        if stored["length"] != member.length:
            return f"{what} has {member.length} bytes, not {stored['length']}"
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        if digest != stored["digest"]:
            return f"{what} has the digest {digest}, not {stored['digest']}"
        if record.rec_type == "revisit" and stored["revisit_of"] is None:
            return f"{what} repeats one that is not known"
        for name, said, there in _said(stored, record):
            if said != there:
                return f"{what} has the {name} {there}, not {said}"
        if stored["sha256"] is not None:
            begin = member.offset if asked_at is None else asked_at
            if sha256_of(self._stream, begin, member.offset + member.length) != stored["sha256"]:
                return f"{what} has been altered: its bytes have another SHA-256"
        return None

    def _at(self, offset: int, reason: str, *, note: bool = False, repair: str = "") -> Damage:
        return Damage(f"{self._name}, offset {offset}", reason, note, repair)


def _said(stored: sqlite3.Row, record: ArcWarcRecord) -> Iterator[tuple[str, object, object]]:
    """Give what row and record both say: name, as in the row, as in the record."""
    said = record.rec_headers.get_header
    yield "moment", stored["fetched_at"], warc_date(said("WARC-Date"))
    http = record.http_headers
    if http is None:
        return
    yield "status", stored["status"], int(http.get_statuscode() or 0)
    if http.get_header(RENDERED) is None:
        # A browser may end at another address than it was sent to.
        yield "URL", urldefrag(stored["url"]).url, urldefrag(said("WARC-Target-URI")).url
    types = [value for name, value in http.headers if name.lower() == "content-type"] or [None]
    if (stored["content_type"] or "").isascii() and stored["content_type"] not in types:
        yield "Content-Type", stored["content_type"], types[0]
