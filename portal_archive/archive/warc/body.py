"""HTTP bodies as servers and archivers give them: chunked, compressed, or decoded under headers that deny it.

One way for a crawl and an import.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

from portal_archive.model.errors import BadInputError

try:
    import brotli  # type: ignore[import-untyped,unused-ignore]
except ImportError:  # pragma: no cover  # an optional dependency of Scrapy
    brotli = None
try:
    import zstandard
except ImportError:  # pragma: no cover  # the extra "zstd"
    zstandard = None  # type: ignore[assignment,unused-ignore]

# What a request may say that it reads.
ACCEPTED = ", ".join(["gzip", "deflate"] + ["br"] * (brotli is not None) + ["zstd"] * (zstandard is not None))
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_SLICE = 1 << 14
_GZIP = b"\x1f\x8b"
# What no text has, and compressed bytes have soon (the WHATWG's "binary data bytes").
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BEGINNING = 1024


class BadBodyError(BadInputError):
    """The body cannot be read in full; the message says why."""


class TooLargeError(BadBodyError):
    """The body is larger than is read."""


def decode_body(raw: bytes, get_header: Callable[[str, str], str], limit: int) -> bytes:
    """Return a response's body without the encodings of the wire.

    `get_header(name, default)` gives a header. A body that its headers call chunked or compressed and that is
    not, since the archiver decoded it or the server is wrong, is returned as it stands. Raises BadBodyError when the
    body is cut, damaged, or compressed in a way that cannot be read here; TooLargeError when it decodes to more than
    `limit` bytes.
    """
    if "chunked" in get_header("Transfer-Encoding", "").lower():
        raw = _dechunk(raw)
    elif not get_header("Content-Encoding", ""):
        # What was compressed may have been unpacked, and has another length.
        announced = get_header("Content-Length", "").strip()
        if announced.isdecimal() and len(raw) < int(announced):
            raise BadBodyError(f"its body is cut: {len(raw):,} of {int(announced):,} bytes")
    for encoding in reversed(get_header("Content-Encoding", "").lower().split(",")):
        decode = _DECODERS.get(encoding.strip())
        if decode is None or not raw:
            continue
        try:
            raw = decode(raw, limit)
        except TooLargeError:
            raise
        except BadBodyError:
            if _BINARY.search(raw[:_BEGINNING]) and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise
    return raw


def gunzip(raw: bytes, limit: int) -> bytes:
    """Return what all gzip members of `raw` hold; what follows them is left, as browsers do. Raises BadBodyError."""
    body = b""
    while True:
        part, raw = _inflate(raw, zlib.MAX_WBITS | 16, limit - len(body))
        body += part
        if not raw.startswith(_GZIP):
            return body


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


def _inflate(raw: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    """Return what one stream holds, and what follows it."""
    stream = zlib.decompressobj(wbits)
    try:
        body = stream.decompress(raw, limit + 1)
    except zlib.error as error:
        raise BadBodyError(f"its compressed body is damaged ({error})") from error
    if len(body) > limit:
        raise _too_large(limit)
    if not stream.eof:
        raise BadBodyError("its compressed body is cut")
    return body, stream.unused_data


def _deflate(raw: bytes, limit: int) -> bytes:
    # Servers disagree on whether "deflate" has a zlib header.
    wbits = zlib.MAX_WBITS if raw[:1] == b"\x78" else -zlib.MAX_WBITS
    return _inflate(raw, wbits, limit)[0]


def _brotli(raw: bytes, limit: int) -> bytes:
    if brotli is None:
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
        raise BadBodyError("its compressed body is damaged or cut (br)") from error
    return body


def _zstd(raw: bytes, limit: int) -> bytes:
    if zstandard is None:
        raise BadBodyError("its body is compressed as zstd, which needs the package zstandard")
    body = bytearray()
    try:
        while raw:
            stream: Any = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            for start in range(0, len(raw), _BEGINNING):
                body += stream.decompress(raw[start : start + _BEGINNING])
                if len(body) > limit:
                    raise _too_large(limit)
                if stream.eof:
                    raw = stream.unused_data + raw[start + _BEGINNING :]
                    break
            else:
                raise BadBodyError("its compressed body is cut")
    except zstandard.ZstdError as error:
        raise BadBodyError(f"its compressed body is damaged ({error})") from error
    return bytes(body)


def _compress(_raw: bytes, _limit: int) -> bytes:
    raise BadBodyError("its body is compressed as compress, which cannot be read")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
    "compress": _compress,
    "x-compress": _compress,
}


def _too_large(limit: int) -> BadBodyError:
    return TooLargeError(f"its body is larger than {limit:,} bytes")
