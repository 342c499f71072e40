"""Records of WARC, ARC and WACZ files that anyone wrote, whole or damaged.

warcio parses the heads of records. Walking the file is done here, since warcio's own iterator ends at the
first garbage, gives a cut record as if it were whole, and writes to standard error.
"""

from __future__ import annotations

import io
import re
import tempfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast
from zipfile import BadZipFile, ZipFile

from warcio.recordloader import ARC2WARCHeadersParser, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from portal_archive.archive.warc.gzip_members import MAGIC, BrokenMemberError, Inflating, find_member
from portal_archive.model.errors import BadInputError

_ZSTD = b"\x28\xb5\x2f\xfd"
# Frames to be skipped begin with 0x50 to 0x5F and these; the first may be the dictionary.
_ZSTD_SKIPPED = b"\x2a\x4d\x18"
_DICTIONARY = b"\x5d" + _ZSTD_SKIPPED
_MAX_DICTIONARY = 1 << 24
# So much may become thirty thousand times as much.
_SLICE = 1 << 10
_BLOCK = 1 << 16
_MAX_LINE = 1 << 16
_MAX_HEAD = 1 << 18
_START = re.compile(
    rb"WARC/[01]\.\d+\s*\r?\n|(?:https?://|ftp://|dns:|filedesc://)\S+ \S+ \d{8,17} \S+ \d+\s*\r?\n"
)
_ARCHIVE = re.compile(r"\.w?arc(?:\.gz)?$", re.IGNORECASE)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BadRecord:
    """What could not be read: in which file (of which WACZ), from which byte on, and why."""

    file: str
    offset: int
    reason: str


class BadRecordError(BadInputError):
    """What a record holds cannot be read; the message says why."""


class DamagedFileError(BadInputError):
    """A record is cut, or is not where or as long as it should be; the message says why."""


class Body:
    """The content of a record, read as far as the reader wants."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream = stream
        self._ahead = b""
        self.left = length

    def read(self, size: int) -> bytes:
        """Read `size` bytes, or what is left. Raises DamagedFileError when the file ends before that."""
        size = min(size, self.left)
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        data += self._stream.read(size - len(data))
        self.left -= len(data)
        if len(data) < size:
            raise DamagedFileError("the record is cut off")
        return data

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, to be read again."""
        self._ahead = self.read(size)
        self.left += len(self._ahead)
        return self._ahead

    def head(self) -> bytes:
        """Read a head: all lines until a blank one. Raises DamagedFileError, or BadRecordError if endless."""
        lines: list[bytes] = []
        size = 0
        while self.left:
            line = self._stream.readline(min(self.left, _MAX_LINE))
            self.left -= len(line)
            size += len(line)
            lines.append(line)
            if not line:
                raise DamagedFileError("the record is cut off")
            if not line.strip():
                break
            if size > _MAX_HEAD:
                raise BadRecordError("its head does not end")
        return b"".join(lines)

    def skip(self) -> None:
        """Pass over what is left."""
        while self.left:
            self.read(_BLOCK)


# Makes something of a record, or None, from its WARC headers, content and offset; may raise BadRecordError.
Read = Callable[[Any, Body, int], _T | None]


@dataclass(frozen=True, slots=True)
class Source:
    """A WARC or ARC file: a file of its own, or one within a WACZ.

    `unpacked` is the temporary file, deleted with this object, that holds what is in it, if it was compressed as zstd.
    """

    path: Path
    inner: str | None = None
    unpacked: Any = None

    @property
    def name(self) -> str:
        """The file's name, for people."""
        return str(self.path) if self.inner is None else f"{self.path}/{self.inner}"

    @property
    def place(self) -> Path:
        """The file to be read."""
        return self.path if self.unpacked is None else Path(self.unpacked.name)


def find_sources(path: Path) -> list[Source]:
    """Return the WARC and ARC files that `path` is or, for a WACZ, holds. Raises OSError, BadZipFile."""
    with path.open("rb") as stream:
        begin = stream.read(4)
        if begin == _ZSTD or (begin[1:] == _ZSTD_SKIPPED and begin[0] >> 4 == 5):
            stream.seek(0)
            return [Source(path, unpacked=_unpack(stream))]
        if begin != b"PK\x03\x04":
            return [Source(path)]
    with ZipFile(path) as zipped:
        return [Source(path, name) for name in zipped.namelist() if _ARCHIVE.search(name)]


def _unpack(stream: BinaryIO) -> Any:
    """Return a temporary file with what a .warc.zst holds: a frame a record, after a dictionary if there is one.

    See "Use of Zstandard in WARC files" of the IIPC. Raises OSError, which says why it cannot be read.
    """
    try:
        import zstandard
    except ImportError as error:  # pragma: no cover
        raise OSError("it is compressed as zstd, which needs the package zstandard") from error
    dictionary = None
    if stream.read(4) == _DICTIONARY:
        dictionary = stream.read(int.from_bytes(stream.read(4), "little"))
        if dictionary.startswith(_ZSTD):
            dictionary = zstandard.ZstdDecompressor().decompress(dictionary, max_output_size=_MAX_DICTIONARY)
    else:
        stream.seek(0)
    decompressor = zstandard.ZstdDecompressor(
        dict_data=zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    )
    unpacked = tempfile.NamedTemporaryFile(prefix="warc-zst-")  # noqa: SIM115  # closed with its source
    frame: Any = None
    block = b""
    try:
        while block := block or stream.read(_SLICE):
            frame = frame or decompressor.decompressobj()
            unpacked.write(frame.decompress(block))
            block = frame.unused_data if frame.eof else b""
            frame = None if frame.eof else frame
    except zstandard.ZstdError:
        pass
    if frame is not None:
        # What comes before the damage is read; this is no record, and will be named.
        unpacked.write(b"\r\n\r\ndamaged")
    unpacked.flush()
    return unpacked


def read_records(source: Source, read: Read[_T], start: int = 0) -> Generator[_T | BadRecord, None, None]:
    """Give what `read` makes of each record from byte `start` on, and what could not be read.

    A record is given once it is known to be whole. Memory does not grow with the file. After damage the next
    record is searched for. Raises nothing for what is in the file.
    """
    try:
        with closing(_Opened(source)) as opened:
            yield from opened.records(read, start)
    except (OSError, BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        yield BadRecord(
            source.name, 0, f"the file cannot be read: {getattr(error, 'strerror', None) or error}"
        )


class _Opened:
    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._zip = None if source.inner is None else ZipFile(source.path)
        self._stream = (
            source.place.open("rb") if self._zip is None else self._zip.open(cast("str", source.inner))
        )

    def close(self) -> None:
        self._stream.close()
        if self._zip:
            self._zip.close()

    def records(self, read: Read[_T], start: int) -> Iterator[_T | BadRecord]:
        stream = cast("BinaryIO", self._stream)
        zipped = stream.read(len(MAGIC)) == MAGIC
        stream.seek(start)
        if zipped:
            yield from self._members(stream, read, start)
        else:
            yield from self._walk(stream, read, None)

    def _members(self, stream: BinaryIO, read: Read[_T], start: int) -> Iterator[_T | BadRecord]:
        while True:
            stream.seek(start)
            found = stream.read(len(MAGIC))
            if not found:
                return
            if found != MAGIC:
                # A file may be filled up with zeros.
                if (found + stream.read(_BLOCK)).strip(b"\0"):
                    yield BadRecord(self._name, start, "no record begins here")
                next_start = find_member(stream, start)
            else:
                stream.seek(start)
                inflating = Inflating(stream)
                yield from self._walk(cast("BinaryIO", io.BufferedReader(inflating, _BLOCK)), read, start)
                next_start = inflating.end or find_member(stream, start + 1)
            if next_start is None:
                return
            start = next_start

    def _walk(self, stream: BinaryIO, read: Read[_T], fixed: int | None) -> Iterator[_T | BadRecord]:
        """Walk through the records of a plain file, or of the gzip member at `fixed`."""
        line, offset = b"", fixed or 0
        try:
            while line := line or _next_line(stream):
                offset = stream.tell() - len(line) if fixed is None else fixed
                try:
                    made, line = self._one(stream, line, read, offset)
                except DamagedFileError as error:
                    yield BadRecord(self._name, offset, str(error))
                    if fixed is None:
                        # Its length may be wrong, and have led over the records after it.
                        stream.seek(offset + 1)
                    line = _find_start(stream)
                else:
                    if made is not None:
                        yield made
        except BrokenMemberError as error:
            yield BadRecord(self._name, offset, str(error))

    def _one(
        self, stream: BinaryIO, line: bytes, read: Read[_T], offset: int
    ) -> tuple[_T | BadRecord | None, bytes]:
        """Read the record that begins with `line`; return what it gives, and the line after it."""
        made: _T | BadRecord | None
        headers, length = _parse_head(stream, line)
        body = Body(stream, length)
        try:
            made = read(headers, body, offset)
        except BadRecordError as error:
            made = BadRecord(self._name, offset, str(error))
        body.skip()
        line = stream.readline(_MAX_LINE)
        if line.strip() and not _START.match(line):
            raise DamagedFileError("it is not as long as its head says")
        return made, line if line.strip() else _next_line(stream)


def _parse_head(stream: BinaryIO, line: bytes) -> tuple[Any, int]:
    if not _START.match(line):
        raise DamagedFileError("no record begins here")
    try:
        if line.startswith(b"WARC/"):
            block = line + Body(stream, _MAX_HEAD).head()
            headers = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES).parse(io.BytesIO(block))
            length = int(headers.get_header("Content-Length", ""))
        else:
            headers = ARC2WARCHeadersParser().parse(stream, line)
            length = int(headers.get_header("Content-Length", "")) - headers.total_len
    except (ValueError, BadRecordError, StatusAndHeadersParserException) as error:
        raise DamagedFileError("its head cannot be read") from error
    if length < 0:
        raise DamagedFileError("its length is negative")
    return headers, length


def _next_line(stream: BinaryIO) -> bytes:
    """Return the next line that is not blank; b"" at the end."""
    while (line := stream.readline(_MAX_LINE)) and not line.strip():
        pass
    return line


def _find_start(stream: BinaryIO) -> bytes:
    while line := stream.readline(_MAX_LINE):
        if found := _START.search(line):
            return line[found.start() :]
    return b""
