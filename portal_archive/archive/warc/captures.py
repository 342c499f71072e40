"""Captures: every response as a WARC 1.1 record, written through warcio, one gzip member a record.

A portal has its own folder, and in it a file a day (and one for the imports of a day). Files only ever grow: what
was written is never changed. The request record goes before its response, so that the last record of a file is
always one that a row of `captures` knows, and a cut end is noticed. That row also has the SHA-256 of both records
as they lie in the file.

The body is kept as it was delivered to us, which is decoded. So that its headers are true for any replay
tool, those that speak of the body on the wire are kept under another name: `Content-Encoding`,
`Transfer-Encoding` and a `Content-Length` that no longer fits become `X-Archive-Orig-...`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO, FileIO
from pathlib import Path, PurePosixPath
from threading import RLock
from typing import Any, Self
from urllib.parse import urlsplit

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import iso_date_to_datetime
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from portal_archive.archive.moments import to_text
from portal_archive.archive.warc.gzip_members import BrokenMemberError, compress, read_member, whole_length
from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import CaptureRef, Fetch

KEPT_AS = "X-Archive-Orig-"
# Said by older archives of a response that a browser made of a page; today that is a conversion record.
RENDERED = "X-Archive-Rendered"
RENDERED_TYPE = "text/html; charset=utf-8"
# The types of records that a row of `captures` may name.
KINDS = ("response", "revisit", "conversion")
_OF_THE_WIRE = ("content-encoding", "transfer-encoding")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LINE_BREAKS = re.compile(r"[\r\n\x00]+")

# Finds the capture that a revisit refers to: its URL and its time as written ("2026-11-22T05:31:28Z").
Lookup = Callable[[str, str], CaptureRef | None]


def payload_digest(body: bytes) -> str:
    """Return the digest of a body as WARC-Payload-Digest has it: "sha1:" and base32."""
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)


def safe_name(name: str) -> str:
    """Return `name` as one harmless part of a file name: "127.0.0.1:8088" becomes "127.0.0.1-8088"."""
    return _UNSAFE.sub("-", name).lstrip(".-")[:100] or "portal"


def warc_date(moment: datetime | str) -> str:
    """Return a moment (aware, or already text) as WARC-Date has it here: as rows of the archive have it."""
    return to_text(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


def decoded_headers(headers: Iterable[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """Return response headers that are true of a decoded body of `length` bytes.

    What was said of the body on the wire is kept under `X-Archive-Orig-`; order and spelling stay.
    """
    kept = []
    fits = False
    for name, value in headers:
        lower = name.lower()
        if lower == "content-length" and value.strip() == str(length):
            fits = True
        elif lower == "content-length" or lower in _OF_THE_WIRE:
            name = KEPT_AS + name
        kept.append((name, value))
    if not fits:
        kept.append(("Content-Length", str(length)))
    return kept


class _Headers(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers that are written as the bytes they were, where warcio would percent-encode them."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text: str = self.to_str(filter_func)
        try:
            return text.encode("latin-1") + b"\r\n"
        except UnicodeEncodeError:
            return text.encode() + b"\r\n"


def _one_line(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(_LINE_BREAKS.sub(" ", name), _LINE_BREAKS.sub(" ", value)) for name, value in headers]


def _response_headers(fetch: Fetch) -> _Headers:
    try:
        phrase = HTTPStatus(fetch.status).phrase
    except ValueError:
        phrase = ""
    headers = decoded_headers(fetch.headers, len(fetch.body))
    return _Headers(f"{fetch.status} {phrase}", _one_line(headers), protocol="HTTP/1.1")


def _request_headers(fetch: Fetch) -> _Headers:
    parts = urlsplit(fetch.url)
    target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    headers = _one_line(fetch.request_headers)
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", parts.netloc.rpartition("@")[2]))
    return _Headers(f"{fetch.method} {target} HTTP/1.1", headers, is_http_request=True)


def _compressed(record: ArcWarcRecord) -> bytes:
    buffer = BytesIO()
    WARCWriter(buffer, gzip=False, warc_version="1.1").write_record(record)
    return compress(buffer.getvalue())


class CaptureWriter:
    """Appends the captures of one portal to its WARC files of one day.

    `folder` is the captures folder, `portal` the portal's name, `day` what the files of this writer have in common
    ("20261122", or "import-20261122"). A file is closed and the next begun once it has `max_bytes`. A file comes into
    being with its first capture. `known` says how far each file of the portal is known by the archive (name below
    the captures folder -> bytes, see `lookup.known_lengths`): one that is shorter than that, after a power failure, is
    left as it is, and the next begun.

    On opening, torn last records in the portal's folder are closed (see `close_torn`). What is written is on the disk
    once `sync` has returned, and no row may name it before. `sync` may be called in another thread than the rest.
    Raises ArchiveError, naming the file, when the folder or a file cannot be written, or another process writes the
    same file; and where the archive knows files of the portal, and none of them is there.
    """

    def __init__(
        self,
        folder: Path,
        portal: str,
        day: str | int,
        *,
        known: Mapping[str, int] | None = None,
        max_bytes: int = 1_000_000_000,
    ) -> None:
        self._portal = portal
        self._day = str(day)
        self._known = known or {}
        self._max_bytes = max_bytes
        self._folder = folder / safe_name(portal)
        self._stem = f"{safe_name(portal)}-{safe_name(self._day)}-"
        self._builder = WARCWriter(None, warc_version="1.1")
        self._out: FileIO | None = None
        self._path = self._folder
        self._size = 0
        self._written = self._synced = 0
        self._is_new_file = False
        self._syncing = RLock()
        if self._known and not any((folder / name).exists() for name in self._known):
            raise ArchiveError(
                f"{self._folder}: none of the {len(self._known)} capture files that the archive knows is there:"
                " is the disk mounted? If they are lost, restore them from the backup"
            )
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(self._folder.glob("*.warc.gz")):
                close_torn(path, self._known.get(self._name_of(path), 0))
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write_rendered(self, fetch: Fetch, original: datetime | str | None) -> CaptureRef:
        """Write a page as a browser shows it: a conversion of the response that was captured at the moment `original`.

        Raises ArchiveError as `write` does.
        """
        out = self._open()
        digest = payload_digest(fetch.body)
        of = (
            {"WARC-Refers-To-Target-URI": fetch.url, "WARC-Refers-To-Date": warc_date(original)}
            if original
            else {}
        )
        record = self._builder.create_warc_record(
            fetch.url,
            "conversion",
            payload=BytesIO(fetch.body),
            length=len(fetch.body),
            warc_content_type=RENDERED_TYPE,
            warc_headers_dict={"WARC-Date": warc_date(fetch.fetched_at), "WARC-Payload-Digest": digest, **of},
        )
        before, written = self._size, _compressed(record)
        self._append(out, written)
        self._written += 1
        sha256 = hashlib.sha256(written).hexdigest()
        return CaptureRef(self._name_of(self._path), before, len(written), digest, sha256=sha256)

    def write(self, fetch: Fetch, same_as: tuple[str, datetime | str] | None = None) -> CaptureRef:
        """Write a response with its request and return where it stands; it is in the file when this returns.

        `fetch.body` is the decoded body. `same_as` names the capture (URL and time) with the same payload:
        then a revisit record is written. Raises ArchiveError when it cannot be written; the
        file is then as it was before.
        """
        out = self._open()
        digest = payload_digest(fetch.body)
        dated = {"WARC-Date": warc_date(fetch.fetched_at)}
        headers = _response_headers(fetch)
        if same_as is None:
            response = self._builder.create_warc_record(
                fetch.url,
                "response",
                payload=BytesIO(fetch.body),
                length=len(fetch.body),
                http_headers=headers,
                warc_headers_dict={**dated, "WARC-Payload-Digest": digest},
            )
        else:
            url, moment = same_as
            response = self._builder.create_revisit_record(
                fetch.url, digest, url, warc_date(moment), http_headers=headers, warc_headers_dict=dated
            )
        request = self._builder.create_warc_record(
            fetch.url,
            "request",
            http_headers=_request_headers(fetch),
            warc_headers_dict={
                **dated,
                "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
            },
        )
        before, asked, answered = self._size, _compressed(request), _compressed(response)
        self._append(out, asked + answered)
        self._written += 1
        return CaptureRef(
            self._name_of(self._path),
            before + len(asked),
            len(answered),
            digest,
            same_as is not None,
            hashlib.sha256(asked + answered).hexdigest(),
        )

    def copy(self, ref: CaptureRef, records: bytes) -> CaptureRef:
        """Write a capture of another archive byte for byte: `records` are its request, if there is one, and response.

        `ref` is where it stands there. Raises ArchiveError as `write` does.
        """
        out = self._open()
        before = self._size
        self._append(out, records)
        self._written += 1
        sha256 = hashlib.sha256(records).hexdigest()
        offset = before + len(records) - ref.length
        return dataclasses.replace(ref, file=self._name_of(self._path), offset=offset, sha256=sha256)

    def sync(self) -> None:
        """Return once all that was written before is on the disk. Raises ArchiveError."""
        with self._syncing:
            written = self._written
            if self._out is None or written == self._synced:
                return
            try:
                os.fdatasync(self._out.fileno())
                if self._is_new_file:
                    _sync_folders(self._folder)
            except OSError as error:
                raise _unwritable(self._path, error) from error
            self._synced, self._is_new_file = written, False

    def close(self) -> None:
        """Close the current file, once its bytes are on the disk."""
        with self._syncing:
            if self._out is not None:
                self.sync()
                self._out.close()
                self._out = None

    def _name_of(self, path: Path) -> str:
        return str(PurePosixPath(self._folder.name, path.name))

    def _append(self, out: FileIO, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[out.write(view) or 0 :]
        except OSError as error:
            with contextlib.suppress(OSError):
                out.truncate(self._size)
            raise _unwritable(self._path, error) from error
        self._size += len(data)

    def _open(self) -> FileIO:
        if self._out is not None and self._size >= self._max_bytes:
            self.close()
        if self._out is None:
            self._path = self._next_path()
            try:
                out = FileIO(self._path, "ab")
            except OSError as error:
                raise _unwritable(self._path, error) from error
            try:
                fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                out.close()
                raise ArchiveError(f"{self._path}: another process is writing this file") from error
            self._out, self._size = out, out.seek(0, os.SEEK_END)
            if self._size == 0:
                self._is_new_file = True
                self._append(out, self._warcinfo())
        return self._out

    def _next_path(self) -> Path:
        last = max(self._folder.glob(f"{self._stem}{'[0-9]' * 5}.warc.gz"), default=None)
        if last is None:
            return self._folder / f"{self._stem}00001.warc.gz"
        if self._known.get(self._name_of(last), 0) <= last.stat().st_size < self._max_bytes:
            return last
        number = int(last.name.removeprefix(self._stem).removesuffix(".warc.gz")) + 1
        return self._folder / f"{self._stem}{number:05}.warc.gz"

    def _warcinfo(self) -> bytes:
        about = {
            "software": f"portal-archive/{version('portal-archive')}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": f"{self._portal}, {self._day}",
        }
        return _compressed(self._builder.create_warcinfo_record(self._path.name, about))


def _sync_folders(folder: Path) -> None:
    """Have the names of new files, and of a new folder, on the disk too."""
    for path in (folder, folder.parent):
        opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _unwritable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path}: cannot be written: {error.strerror or error}")


def close_torn(path: Path, known: int = 0) -> int:
    """Close a file whose last record was torn by a kill: cut it back to its last whole record.

    `known` is up to which byte the archive knows the file; what stands there is not looked at, and a file that ends
    before is left alone. The torn bytes are kept beside it in a `.torn` file, one after another. A file that another
    process is writing is left alone. Returns the number of bytes moved, 0 when the file is whole. Raises OSError.
    """
    if known and path.stat().st_size <= known:
        return 0
    with path.open("r+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        whole = whole_length(stream, known)
        stream.seek(whole)
        torn = stream.read()
        if torn:
            with path.with_name(path.name + ".torn").open("ab") as kept:
                kept.write(torn)
                kept.flush()
                os.fsync(kept.fileno())
            stream.truncate(whole)
    return len(torn)


def parse_record(data: bytes) -> ArcWarcRecord:
    """Parse one WARC record; reading its content to the end checks its digests (ArchiveLoadFailed)."""
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    return loader.parse_record_stream(BytesIO(data), known_format="warc", check_digests="raise")


def read_capture(folder: Path, ref: CaptureRef, lookup: Lookup) -> Fetch:
    """Read the response that `ref` points at, below the captures folder.

    A revisit has its own headers and time, and the body of the capture it refers to, which `lookup` finds.
    Header values are text: UTF-8 where they are, else Latin-1. Raises ArchiveError naming file and offset,
    when the record is missing, damaged or not a response.
    """
    where = f"{folder / ref.file}, offset {ref.offset}"
    record, body = _read_response(folder, ref, where)
    headers: Sequence[tuple[str, str]] = []
    status = 0
    if record.rec_type == "conversion":
        headers, status = [("Content-Type", RENDERED_TYPE)], 200
    if record.http_headers:
        headers = record.http_headers.headers
        status = int(record.http_headers.get_statuscode() or 0)
    said = record.rec_headers.get_header
    if record.rec_type == "revisit":
        url, moment = said("WARC-Refers-To-Target-URI"), said("WARC-Refers-To-Date")
        original = lookup(url, moment)
        if original is None or original.revisit:
            raise ArchiveError(f"{where}: the capture it refers to is not known ({url} at {moment})")
        if original.digest != said("WARC-Payload-Digest"):
            raise ArchiveError(f"{where}: the capture it refers to is another one ({url} at {moment})")
        _, body = _read_response(folder, original, f"{folder / original.file}, offset {original.offset}")
    return Fetch(
        url=said("WARC-Target-URI"),
        status=status,
        headers=tuple(headers),
        body=body,
        fetched_at=iso_date_to_datetime(said("WARC-Date"), tz_aware=True),
    )


def _read_response(folder: Path, ref: CaptureRef, where: str) -> tuple[ArcWarcRecord, bytes]:
    place = PurePosixPath(ref.file)
    if place.is_absolute() or ".." in place.parts:
        raise ArchiveError(f"{ref.file}: not a file of the captures folder")
    try:
        with (folder / place).open("rb") as stream:
            member = read_member(stream, ref.offset)
        if member is None:
            raise ArchiveError(f"{where}: the file ends before it")
        record = parse_record(member.data)
        body: bytes = record.raw_stream.read()
    except OSError as error:
        raise ArchiveError(f"{where}: {error.strerror or error}") from error
    except (BrokenMemberError, ArchiveLoadFailed) as error:
        raise ArchiveError(f"{where}: {error}") from error
    if record.rec_type not in KINDS:
        raise ArchiveError(f"{where}: a {record.rec_type} record, no response")
    return record, body
