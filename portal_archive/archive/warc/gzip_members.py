"""Gzip members: how each record of a compressed WARC file lies in it (WARC 1.1, annex D)."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

MAGIC = b"\x1f\x8b\x08"
_BLOCK = 1 << 16
_BEGINNING = 1 << 10
_RECORD = re.compile(rb"\s*(?:WARC/\d|\S+ \S+ \d{8,17} )")


class BrokenMemberError(Exception):
    """A gzip member is cut or damaged; the message says which. `cut`: the file ends within it."""

    def __init__(self, reason: str, *, cut: bool = False) -> None:
        super().__init__(reason)
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Member:
    """A whole member: where it begins, how many bytes it takes in the file, and what it holds."""

    offset: int
    length: int
    data: bytes


class Inflating(io.RawIOBase):
    """What the gzip member holds at which `stream` stands, read as far as the reader wants.

    `end` is the offset behind it, once it was read to its end. Reading raises BrokenMemberError.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self.end: int | None = None

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer` as far as what comes next does; 0 at the end."""
        while not self._inflate.eof:
            block = self._inflate.unconsumed_tail or self._stream.read(1 << 14)
            if not block:
                raise BrokenMemberError("the record is cut off", cut=True)
            try:
                data = self._inflate.decompress(block, len(buffer))
            except zlib.error as error:
                raise BrokenMemberError(f"the record is damaged ({error})") from error
            if data:
                buffer[: len(data)] = data
                return len(data)
        self.end = self._stream.tell() - len(self._inflate.unused_data)
        return 0


def compress(data: bytes) -> bytes:
    """Return `data` as one gzip member, the same for the same data."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def read_member(stream: BinaryIO, offset: int) -> Member | None:
    """Read the member that begins at `offset`; None at the end of the file. Raises BrokenMemberError."""
    stream.seek(offset)
    head = stream.read(len(MAGIC))
    if not head:
        return None
    if head != MAGIC:
        cut = MAGIC.startswith(head)
        raise BrokenMemberError("the record is cut off" if cut else "no record begins here", cut=cut)
    stream.seek(offset)
    inflating = Inflating(stream)
    with io.BufferedReader(inflating, _BLOCK) as reader:
        data = reader.read()
    assert inflating.end is not None
    return Member(offset, inflating.end - offset, data)


def walk(stream: BinaryIO, offset: int = 0) -> Iterator[Member]:
    """Give every member from `offset` to the end. Raises BrokenMemberError at the first that is damaged."""
    while (member := read_member(stream, offset)) is not None:
        yield member
        offset += member.length


def find_member(stream: BinaryIO, offset: int) -> int | None:
    """Return where the next member that holds a record begins, at or after `offset`; None when there is none."""
    while True:
        stream.seek(offset)
        block = stream.read(_BLOCK)
        found = block.find(MAGIC)
        if found < 0:
            if len(block) < _BLOCK:
                return None
            offset += len(block) - len(MAGIC) + 1
            continue
        offset += found
        stream.seek(offset)
        try:
            beginning = Inflating(stream).read(_BEGINNING)
        except BrokenMemberError:
            beginning = b""
        if beginning and _RECORD.match(beginning):
            return offset
        offset += 1


def whole_length(stream: BinaryIO, start: int = 0) -> int:
    """Return how many bytes of a file stand before a last member torn by a kill; all of them when none is.

    `start` is where a member begins, up to which the file is known to be whole. Members are only ever appended, so
    nothing but the last can be torn. A member that is altered is not torn: it is left to `verify`, and never cut
    away.
    """
    end = stream.seek(0, io.SEEK_END)
    offset = start
    while offset < end:
        try:
            member = read_member(stream, offset)
        except BrokenMemberError as error:
            return offset if error.cut or _is_blank(stream, offset) else end
        assert member is not None
        offset += member.length
    return end


def _is_blank(stream: BinaryIO, offset: int) -> bool:
    """Tell whether only zeros follow, as when the power failed before the last bytes were written."""
    stream.seek(offset)
    return all(not block.strip(b"\0") for block in iter(lambda: stream.read(_BLOCK), b""))


def sha256_of(stream: BinaryIO, start: int, end: int) -> str:
    """Return the SHA-256, in hex, of the bytes of a file from `start` up to `end`."""
    digest = hashlib.sha256()
    stream.seek(start)
    while start < end and (block := stream.read(min(_BLOCK, end - start))):
        digest.update(block)
        start += len(block)
    return digest.hexdigest()
