"""Gzip members that prove themselves whole: how each WARC record of the archive lies in its file.

A gzip member's own CRC covers what it holds, not every byte it is stored in (its header, padding bits, a copy
from another distance that gives the same text). So each member carries, in gzip's extra field (RFC 1952,
2.3.1.1), the length and the CRC-32 of all the bytes that follow: one flipped byte anywhere is found, and a
file can be walked without inflating it. Any gzip reader skips the field.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal_archive.model.errors import BadInputError

# ID1 ID2, deflate, FEXTRA, no time, XFL, OS, XLEN 12, then the subfield "PA" of 8 bytes.
MAGIC = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x0c\x00PA\x08\x00"
_SEAL = struct.Struct("<II")
_HEAD = len(MAGIC) + _SEAL.size
_BLOCK = 1 << 16
_TAIL = 1 << 20


class DamagedMemberError(BadInputError):
    """A member is cut or altered. `offset` is where it begins in its file."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"{reason} at offset {offset}")
        self.offset = offset
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Member:
    """A whole member: where it begins, how many bytes it takes in the file, and what it holds."""

    offset: int
    length: int
    data: bytes


def seal(data: bytes) -> bytes:
    """Return `data` as one gzip member that carries its own length and checksum."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    rest = b"".join(
        (deflate.compress(data), deflate.flush(), _SEAL.pack(zlib.crc32(data), len(data) & 0xFFFFFFFF))
    )
    return MAGIC + _SEAL.pack(len(rest), zlib.crc32(rest)) + rest


def read_member(stream: BinaryIO, offset: int) -> Member | None:
    """Read the member that begins at `offset`; None at the end of the file.

    Raises DamagedMemberError when the member is cut, or any byte of it is not as it was written.
    """
    stream.seek(offset)
    head = stream.read(_HEAD)
    if not head:
        return None
    if len(head) < _HEAD:
        raise DamagedMemberError(offset, "the record is cut off")
    if not head.startswith(MAGIC):
        raise DamagedMemberError(offset, "no record begins here")
    length, checksum = _SEAL.unpack_from(head, len(MAGIC))
    end = stream.seek(0, 2)
    # A damaged length must not make us ask for gigabytes that the file does not have.
    if offset + _HEAD + length > end:
        raise DamagedMemberError(offset, "the record is cut off")
    stream.seek(offset + _HEAD)
    rest = stream.read(length)
    if zlib.crc32(rest) != checksum:
        raise DamagedMemberError(offset, "the record has been altered")
    try:
        data = zlib.decompress(head + rest, wbits=zlib.MAX_WBITS | 16)
    except zlib.error as error:
        raise DamagedMemberError(offset, f"the record does not inflate ({error})") from error
    return Member(offset, _HEAD + length, data)


def walk(stream: BinaryIO, offset: int = 0) -> Iterator[Member]:
    """Give every member from `offset` to the end. Raises DamagedMemberError at the first that is damaged."""
    while (member := read_member(stream, offset)) is not None:
        yield member
        offset += member.length


def find_member(stream: BinaryIO, offset: int) -> int | None:
    """Return where the next member seems to begin, at or after `offset`; None when there is none."""
    kept = b""
    stream.seek(offset)
    while block := stream.read(_BLOCK):
        window = kept + block
        found = window.find(MAGIC)
        if found >= 0:
            return offset - len(kept) + found
        kept = window[-(len(MAGIC) - 1) :]
        offset += len(block)
    return None


def whole_length(stream: BinaryIO) -> int:
    """Return how many bytes of a file stand before a last member torn by a kill; all of them when none is.

    Members are only ever appended, so nothing but the last can be torn. A member that is altered is not torn:
    it is left to `walk` to report, and never cut away.
    """
    end = stream.seek(0, 2)
    if _ends_with_member(stream, end):
        return end
    offset = 0
    while offset < end:
        stream.seek(offset)
        head = stream.read(_HEAD)
        if len(head) < _HEAD or not head.startswith(MAGIC):
            # Zeros are what a file is filled up with when the power fails before its last bytes are written.
            torn = MAGIC.startswith(head[: len(MAGIC)]) or not head.strip(b"\0")
            return offset if torn else end
        following = offset + _HEAD + _SEAL.unpack_from(head, len(MAGIC))[0]
        if following > end:
            return offset
        offset = following
    return end


def _ends_with_member(stream: BinaryIO, end: int) -> bool:
    # Spares walking the whole file when its last member is not larger than the tail.
    start = max(0, end - _TAIL)
    stream.seek(start)
    tail = stream.read()
    found = tail.rfind(MAGIC)
    while found >= 0:
        if found + _HEAD <= len(tail):
            length, _ = _SEAL.unpack_from(tail, found + len(MAGIC))
            if start + found + _HEAD + length == end:
                return True
        found = tail.rfind(MAGIC, 0, found)
    return False
