"""Captures that others made: wget, Heritrix, Browsertrix, Common Crawl extracts.

Gives each page of their WARC, ARC and WACZ files as a fetch, with the moment the record states, as if we had
made it then. What cannot be read is named, and stops nothing else.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zipfile import BadZipFile

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import HOLDING_PAYLOAD
from portal_archive.archive.warc.body import BadBodyError, decode_body
from portal_archive.archive.warc.captures import decoded_headers, read_capture
from portal_archive.archive.warc.foreign_records import (
    BadRecord,
    BadRecordError,
    Body,
    Read,
    Source,
    find_sources,
    read_records,
)
from portal_archive.archive.warc.lookup import original_of
from portal_archive.model.errors import ArchiveError
from portal_archive.model.media_type import SNIFFED, is_html, is_html_type, is_vague_type, media_type
from portal_archive.model.records import CaptureRef, Fetch

# Finds the payload a revisit refers to: from the URL and date (WARC-Date, as written) of the original, and
# its digest, each where the record states it.
FindPayload = Callable[[str | None, str | None, str | None], bytes | None]

_T = TypeVar("_T")
_FILES = re.compile(r"image/|application/(?:pdf|msword|rtf|vnd\.)")
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|pptx?|rtf|odt)$", re.IGNORECASE)
# The first page of the web was published in August 1991.
_WEB_BEGAN = datetime(1991, 1, 1, tzinfo=UTC)
_PARTS = (206, 226)
_REDIRECTS = range(300, 400)
_STATUS = re.compile(rb"HTTP/\S+[ \t]+(\d{3})\b")


def read_foreign(
    paths: Iterable[Path],
    *,
    files: bool = False,
    max_body: int = 64_000_000,
    find_payload: FindPayload | None = None,
) -> Iterator[Fetch | BadRecord]:
    """Give the HTTP responses of the files at `paths` that hold pages, in the order they stand there.

    A page is HTML of any status, whatever its type says, or a redirect; with `files` also images, PDF and office
    documents. Bodies
    are decoded, and none is larger than `max_body` bytes: a larger one is a BadRecord, as is a body that is
    known to be cut, since a part of a page would pass for an edited page. Other responses are passed over
    unread.

    A revisit has the body of the response it refers to: from these files, whatever their order (a revisit
    that stands before it comes at the end), else from `find_payload`. Memory does not grow with the files.
    """
    with closing(_Import(files, max_body, find_payload)) as reading:
        for path in paths:
            try:
                sources = find_sources(path)
            except (OSError, BadZipFile) as error:
                yield BadRecord(str(path), 0, f"the file cannot be read: {error.args[-1]}")
                continue
            if not sources:
                yield BadRecord(str(path), 0, "no WARC or ARC file within")
            for source in sources:
                yield from reading.read(source)
        yield from reading.late_revisits()


def stored_payloads(db: sqlite3.Connection, captures: Path) -> FindPayload:
    """Return what finds payloads among the captures of an archive, for `read_foreign`.

    By URL and moment; else by digest, which fits where the other archiver stored the body decoded, as we do.
    """

    def find(url: str | None, date: str | None, digest: str | None) -> bytes | None:
        for captures_found, values in (
            ("captures WHERE url = ? AND fetched_at = ?", (url, _as_stored(date))),
            (HOLDING_PAYLOAD, (digest,)),
        ):
            found = db.execute(
                f"SELECT file, offset, length, digest, revisit_of IS NOT NULL FROM {captures_found} LIMIT 1",
                values,
            ).fetchone()
            if found:
                return read_capture(captures, CaptureRef(*found), original_of(db)).body
        return None

    return find


def _as_stored(date: str | None) -> str | None:
    try:
        return to_text(moment_of(date or ""))
    except ValueError:
        return None


def is_wanted(url: str, status: int, content_type: str, *, files: bool) -> bool:
    """Tell whether a response may be a page, or with `files` an image or document, before its body is known."""
    if is_vague_type(content_type) or is_html_type(content_type) or 300 <= status < 400:
        return True
    return files and is_file(url, content_type)


def is_file(url: str, content_type: str) -> bool:
    """Tell whether a response is an image or a document, by its type or its name."""
    return bool(_FILES.match(media_type(content_type)) or _FILE_NAME.search(urlsplit(url).path))


class _Import:
    def __init__(self, files: bool, max_body: int, find_payload: FindPayload | None) -> None:
        self._files = files
        self._max_body = max_body
        self._find_payload = find_payload
        self._sources: list[Source] = []
        self._late = False
        # An unnamed database is a temporary file that SQLite keeps in memory only while it is small.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "CREATE TABLE payloads (source INTEGER, offset INTEGER, url TEXT, date TEXT, digest TEXT);"
            "CREATE INDEX payloads_url ON payloads(url, date);"
            "CREATE INDEX payloads_digest ON payloads(digest);"
            "CREATE TABLE waiting (source INTEGER, offset INTEGER, url TEXT, date TEXT);"
            "BEGIN"
        )

    def close(self) -> None:
        self._db.close()

    def read(self, source: Source) -> Iterator[Fetch | BadRecord]:
        """Give the pages of one file."""
        self._sources.append(source)
        yield from read_records(source, self._read)

    def late_revisits(self) -> Iterator[Fetch | BadRecord]:
        """Give the revisits that stand before what they refer to."""
        self._late = True
        for place in self._db.execute("SELECT source, offset, url, date FROM waiting"):
            revisit = self._again(place, self._read)
            if revisit is not None:
                yield revisit

    def _again(self, place: tuple[int, int, str, str], read: Read[_T]) -> _T | BadRecord | None:
        """Read one record again. One gzip member may hold many, so its URL and date tell which it is."""
        number, offset, *wanted = place

        def only(headers: Any, body: Body, at: int) -> _T | None:
            return read(headers, body, at) if [_url(headers), _date(headers)] == wanted else None

        with closing(read_records(self._sources[number], only, offset)) as records:
            return next(records, None)

    def _read(self, headers: Any, body: Body, offset: int) -> Fetch | None:
        kind = headers.get_header("WARC-Type")
        if kind not in ("response", "revisit", "resource"):
            return None
        url = _url(headers)
        if not url.lower().startswith(("http://", "https://")):
            return None
        http, status = _resource_head(headers) if kind == "resource" else _http_head(body, url)
        revisit = kind == "revisit"
        content_type = http.get_header("Content-Type", "")
        if status == 304 or not self._is_wanted(url, status, http, body, revisit=revisit):
            if not revisit and is_vague_type(content_type):
                # What repeats it does not show by itself that it is no page.
                self._remember(headers, url, offset)
            return None
        payload: bytes | None
        if revisit:
            # Heritrix calls a revisit truncated, since it has no body.
            payload = self._payload(headers, url, offset)
            if payload is None:
                return None
        else:
            if headers.get_header("WARC-Truncated") or headers.get_header("WARC-Segment-Number"):
                raise BadRecordError(f"{url}: its body is not all there (truncated or in segments)")
            if status in _PARTS:
                raise BadRecordError(f"{url}: answered {status}, a part of what there is")
            payload = self._body(http, body, url, status)
            self._remember(headers, url, offset)
        if status not in _REDIRECTS and not self._is_right(url, content_type, payload):
            return None
        try:
            moment = moment_of(_date(headers))
        except ValueError as error:
            raise BadRecordError(f"{url}: its date {error}: {_date(headers)[:40]!r}") from error
        return Fetch(url, status, tuple(decoded_headers(http.headers, len(payload))), payload, moment)

    def _is_wanted(self, url: str, status: int, http: Any, body: Body, *, revisit: bool) -> bool:
        """Tell whether a body is worth reading, as far as its head and its first bytes show."""
        content_type = http.get_header("Content-Type", "")
        if revisit or is_html_type(content_type) or status in _REDIRECTS:
            return is_wanted(url, status, content_type, files=self._files)
        if self._files and is_file(url, content_type):
            return True
        coded = http.get_header("Content-Encoding", "") or http.get_header("Transfer-Encoding", "")
        return (is_vague_type(content_type) and bool(coded)) or is_html(content_type, body.peek(SNIFFED))

    def _is_right(self, url: str, content_type: str, payload: bytes) -> bool:
        return is_html(content_type, payload) or (self._files and is_file(url, content_type))

    def _body(self, http: Any, body: Body, url: str, status: int) -> bytes:
        if body.left > self._max_body:
            raise BadRecordError(f"{url}: its body is larger than {self._max_body:,} bytes")

        def header(name: str, default: str) -> str:
            # Nobody reads what a redirect says, and many archivers leave it out.
            if name == "Content-Length" and status in _REDIRECTS:
                return default
            found: str = http.get_header(name, default)
            return found

        try:
            return decode_body(body.read(body.left), header, self._max_body)
        except BadBodyError as error:
            raise BadRecordError(f"{url}: {error}") from error

    def _original(self, headers: Any, body: Body, _: int) -> bytes | None:
        kind = headers.get_header("WARC-Type")
        if kind not in ("response", "resource"):
            return None
        url = _url(headers)
        http, status = _resource_head(headers) if kind == "resource" else _http_head(body, url)
        return self._body(http, body, url, status)

    def _remember(self, headers: Any, url: str, offset: int) -> None:
        digest = headers.get_header("WARC-Payload-Digest")
        place = (len(self._sources) - 1, offset, url, _date(headers), digest)
        self._db.execute("INSERT INTO payloads VALUES (?, ?, ?, ?, ?)", place)

    def _payload(self, headers: Any, url: str, offset: int) -> bytes | None:
        """Return the payload of a revisit; None when what it refers to may still come."""
        said = headers.get_header
        digest = said("WARC-Payload-Digest")
        original_url, original_date = said("WARC-Refers-To-Target-URI"), said("WARC-Refers-To-Date")
        original_url = original_url.strip("<>") if original_url else None
        for condition, values in (
            ("url = ? AND date = ?", (original_url, original_date)),
            ("digest = ?", (digest,)),
        ):
            found = self._db.execute(
                f"SELECT source, offset, url, date FROM payloads WHERE {condition} LIMIT 1", values
            ).fetchone()
            if found and isinstance(original := self._again(found, self._original), bytes):
                return original
        if self._find_payload:
            try:
                payload = self._find_payload(original_url or url, original_date, digest)
            except ArchiveError as error:
                raise BadRecordError(f"{url}: the response it repeats cannot be read: {error}") from error
            if payload is not None:
                return payload
        if not self._late:
            place = (len(self._sources) - 1, offset, url, _date(headers))
            self._db.execute("INSERT INTO waiting VALUES (?, ?, ?, ?)", place)
            return None
        what = f"{original_url or url} at {original_date}" if original_date else f"payload {digest}"
        raise BadRecordError(f"{url}: the response it repeats is not in these files ({what})")


def _url(headers: Any) -> str:
    url: str | None = headers.get_header("WARC-Target-URI")
    # wget 1.19 wrote the brackets of the standard's grammar into the value.
    return (url or "").strip("<> ").replace(" ", "%20")


def _date(headers: Any) -> str:
    return headers.get_header("WARC-Date") or ""


def moment_of(date: str) -> datetime:
    """Return a WARC-Date in UTC. Raises ValueError, which says what is wrong with it."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        raise ValueError("cannot be read") from None
    # The standard wants "Z"; who left it out meant it too.
    return plausible(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def plausible(moment: datetime) -> datetime:
    """Return a moment in UTC. Raises ValueError when nothing can have been captured then."""
    if not _WEB_BEGAN <= moment <= datetime.now(UTC) + timedelta(days=1):
        raise ValueError("lies before the web or after tomorrow")
    return moment.astimezone(UTC)


def _resource_head(headers: Any) -> tuple[Any, int]:
    """Return what stands for the HTTP head of a file that was not fetched (as warcit writes)."""
    content_type = headers.get_header("Content-Type")
    said = [("Content-Type", content_type)] if content_type else []
    return StatusAndHeaders("200 OK", said, protocol="HTTP/1.1"), 200


def _http_head(body: Body, url: str) -> tuple[Any, int]:
    block = body.head()
    status = _STATUS.match(block)
    if status is None:
        raise BadRecordError(f"{url}: no HTTP response")
    return StatusAndHeadersParser(["HTTP/"], verify=False).parse(BytesIO(block)), int(status[1])
