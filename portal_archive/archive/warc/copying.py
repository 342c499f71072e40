"""The records of a capture as they lie in the file of another archive."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from portal_archive.archive.sql import row
from portal_archive.archive.warc.captures import parse_record
from portal_archive.archive.warc.gzip_members import BrokenMemberError, Member, walk
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import CaptureRef


def records_of(db: sqlite3.Connection, folder: Path, ref: CaptureRef) -> bytes:
    """Return the bytes of a capture's request, if it stands right before its response, and of the response.

    `db` is the archive that has the capture, `folder` its captures. Raises ArchiveError naming file and offset.
    """
    before = row(
        db,
        "SELECT offset + length AS ends FROM captures WHERE file = ? AND offset < ? ORDER BY offset DESC LIMIT 1",
        ref.file,
        ref.offset,
    )
    last: Member | None = None
    try:
        with (folder / ref.file).open("rb") as stream:
            for member in walk(stream, before["ends"] if before else 0):
                if member.offset >= ref.offset:
                    break
                last = member
            is_asked = last is not None and parse_record(last.data).rec_type == "request"
            start = last.offset if last is not None and is_asked else ref.offset
            stream.seek(start)
            return stream.read(ref.offset + ref.length - start)
    except OSError as error:
        raise ArchiveError(f"{folder / ref.file}: {error.strerror or error}") from error
    except BrokenMemberError as error:
        raise ArchiveError(f"{folder / ref.file}, offset {ref.offset}: {error}") from error
