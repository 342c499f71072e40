"""HTTP bodies as other archivers stored them: chunked, compressed, or decoded under headers that deny it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from portal_archive.model.errors import BadInputError

try:
    import brotli  # type: ignore[import-untyped,unused-ignore]
except ImportError:  # pragma: no cover  # an optional dependency of Scrapy
    brotli = None

_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_SLICE = 1 << 14
_GZIP = b"\x1f\x8b"


class BadBodyError(BadInputError):
    """The body cannot be read in full; the message says why."""


def decode_body(raw: bytes, get_header: Callable[[str, str], str], limit: int) -> bytes:
    """Return a response's body without the encodings of the wire.

    `get_header(name, default)` gives a header. A body that its headers call chunked or compressed and that is
    not, since the archiver decoded it, is returned as it stands. Raises BadBodyError when the body is cut,
    damaged, or decodes to more than `limit` bytes.
    """
    if "chunked" in get_header("Transfer-Encoding", "").lower():
        raw = _dechunk(raw)
    for encoding in reversed(get_header("Content-Encoding", "").lower().split(",")):
        match encoding.strip():
            case "gzip" | "x-gzip" if raw.startswith(_GZIP):
                raw = _inflate(raw, zlib.MAX_WBITS | 16, limit)
            case "deflate" if raw:
                raw = _deflate(raw, limit)
            case "br" if raw:
                raw = _brotli(raw, limit)
            case "zstd" | "compress" as name:
                raise BadBodyError(f"its body is compressed as {name}, which cannot be read")
    return raw


def _dechunk(raw: bytes) -> bytes:
    position = 0
    chunks: list[bytes] = []
    while True:
        size = _CHUNK_SIZE.match(raw, position)
        if size is None:
            if position == 0:
                return raw
            raise BadBodyError("its chunked body is cut")
        length = int(size[1], 16)
        if length == 0:
            return b"".join(chunks)
        position = size.end() + length
        if position > len(raw):
            raise BadBodyError("its chunked body is cut")
        chunks.append(raw[size.end() : position])


def _inflate(raw: bytes, wbits: int, limit: int) -> bytes:
    stream = zlib.decompressobj(wbits)
    try:
        body = stream.decompress(raw, limit + 1)
    except zlib.error as error:
        raise BadBodyError(f"its compressed body is damaged ({error})") from error
    if len(body) > limit:
        raise _too_large(limit)
    if not stream.eof:
        raise BadBodyError("its compressed body is cut")
    return body


def _deflate(raw: bytes, limit: int) -> bytes:
    # Servers disagree on whether "deflate" has a zlib header.
    wbits = zlib.MAX_WBITS if raw[:1] == b"\x78" else -zlib.MAX_WBITS
    try:
        return _inflate(raw, wbits, limit)
    except BadBodyError:
        if _is_text(raw):
            return raw
        raise


def _brotli(raw: bytes, limit: int) -> bytes:
    if brotli is None:  # pragma: no cover
        raise BadBodyError("its body is compressed as br, which needs the package brotli")
    stream = brotli.Decompressor()
    # The packages brotli and brotlipy share a module name, but not this method's.
    inflate = getattr(stream, "process", None) or stream.decompress
    try:
        size = 0
        for start in range(0, len(raw), _SLICE):
            size += len(inflate(raw[start : start + _SLICE]))
            if size > limit:
                raise _too_large(limit)
        body: bytes = brotli.decompress(raw)
    except brotli.error as error:
        if _is_text(raw):
            return raw
        raise BadBodyError("its compressed body is damaged or cut (br)") from error
    return body


def _too_large(limit: int) -> BadBodyError:
    return BadBodyError(f"its body is larger than {limit:,} bytes")


def _is_text(raw: bytes) -> bool:
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
