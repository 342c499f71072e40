import gzip
import zlib
from functools import partial

import brotli
import pytest
import zstandard

from portal_archive.archive.warc import body
from portal_archive.archive.warc.body import ACCEPTED, BadBodyError, decode_body

HTML = "<html><p>Dân vận khéo</p></html>".encode() * 20
LIMIT = 10_000
# Without the time of day, which would be in the names of tests: two processes would collect different ones.
zipped = partial(gzip.compress, mtime=0)
RAW_DEFLATE = zlib.compressobj(wbits=-15)
RAW_DEFLATED = RAW_DEFLATE.compress(HTML) + RAW_DEFLATE.flush()


def chunks(body: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    parts = [body[:100], body[100:]]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def decode(raw: bytes, encoding: str = "", transfer: str = "", limit: int = LIMIT) -> bytes:
    headers = {"Content-Encoding": encoding, "Transfer-Encoding": transfer}
    return decode_body(raw, lambda name, default: headers.get(name, default), limit)


@pytest.mark.parametrize(
    ("raw", "encoding", "transfer"),
    [
        (HTML, "", ""),
        (HTML, "identity", "identity"),
        (zipped(HTML), "gzip", ""),
        (zipped(HTML), "X-GZIP", ""),
        (zlib.compress(HTML), "deflate", ""),
        (RAW_DEFLATED, "deflate", ""),
        (brotli.compress(HTML), "br", ""),
        (zstandard.compress(HTML), "zstd", ""),
        (zipped(zlib.compress(HTML)), "deflate, gzip", ""),
        # Several members are one body (RFC 1952, 2.2); what follows them is nothing.
        (zipped(HTML[:100]) + zipped(b"") + zipped(HTML[100:]), "gzip", ""),
        (zipped(HTML) + bytes(7), "gzip", ""),
        (zstandard.compress(HTML[:100]) + zstandard.compress(HTML[100:]), "zstd", ""),
        (chunks(HTML), "", "chunked"),
        (chunks(HTML, b"0\r\nX-Trailer: 1\r\n\r\n"), "", "Chunked"),
        (chunks(HTML, b"0\r\n"), "", "chunked"),
        (chunks(zipped(HTML)), "gzip", "chunked"),
        (b"%X ;name=value\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML), "", "chunked"),
    ],
)
def test_bodies_are_decoded(raw, encoding, transfer):
    assert decode(raw, encoding, transfer) == HTML


@pytest.mark.parametrize(
    ("encoding", "transfer"),
    [
        ("gzip", ""),
        ("deflate", ""),
        ("br", ""),
        ("zstd", ""),
        ("compress", ""),
        ("", "chunked"),
        ("gzip", "chunked"),
    ],
)
def test_a_body_that_was_decoded_under_headers_that_deny_it_is_left_as_it_stands(encoding, transfer):
    for plain in (HTML, b"", "User-agent: *\nDisallow: /tìm".encode(), "Dân vận".encode("utf-16")):
        assert decode(plain, encoding, transfer) == plain


@pytest.mark.parametrize(
    ("raw", "encoding", "transfer", "reason"),
    [
        (zipped(HTML)[:-1], "gzip", "", "its compressed body is cut"),
        (zipped(HTML)[:-8] + bytes(8), "gzip", "", r"damaged \(Error -3.*incorrect data check"),
        (zlib.compress(HTML)[:-1], "deflate", "", "its compressed body is cut"),
        (brotli.compress(HTML)[:-1], "br", "", r"its compressed body is damaged or cut \(br\)"),
        (chunks(HTML, b""), "", "chunked", "its chunked body is cut"),
        (chunks(HTML)[:300], "", "chunked", "its chunked body is cut"),
        (zipped(HTML) + zipped(HTML)[:-9], "gzip", "", "its compressed body is cut"),
        (zstandard.compress(HTML)[:-1], "zstd", "", "its compressed body is cut"),
        (zstandard.compress(HTML)[:30] + b"\xff" * 9, "zstd", "", "its compressed body is (damaged|cut)"),
        (b"\x1f\x9d\x90", "compress", "", "compressed as compress, which cannot be read"),
        (bytes(range(256)), "br", "", r"its compressed body is damaged or cut \(br\)"),
    ],
)
def test_a_body_that_is_cut_or_damaged_is_not_passed_off_as_whole(raw, encoding, transfer, reason):
    with pytest.raises(BadBodyError, match=reason):
        decode(raw, encoding, transfer)


@pytest.mark.parametrize("compress", [zipped, zlib.compress, brotli.compress, zstandard.compress])
def test_a_body_that_grows_beyond_the_limit_is_refused(compress):
    encoding = {zipped: "gzip", zlib.compress: "deflate", brotli.compress: "br", zstandard.compress: "zstd"}[
        compress
    ]
    assert decode(compress(b"<" * 5000), encoding, limit=5000) == b"<" * 5000
    with pytest.raises(BadBodyError, match=r"larger than 4,999 bytes"):
        decode(compress(b"<" * 5000), encoding, limit=4999)


@pytest.mark.parametrize(("package", "encoding"), [("brotli", "br"), ("zstandard", "zstd")])
def test_what_is_compressed_in_a_way_that_nothing_here_reads_is_named(monkeypatch, package, encoding):
    monkeypatch.setattr(body, package, None)
    compressed = {"br": brotli.compress, "zstd": zstandard.compress}[encoding](HTML)
    with pytest.raises(BadBodyError, match=f"compressed as {encoding}, which needs the package {package}"):
        decode(compressed, encoding)
    assert decode(HTML, encoding) == HTML


def test_requests_accept_what_can_be_read():
    assert ACCEPTED == "gzip, deflate, br, zstd"
