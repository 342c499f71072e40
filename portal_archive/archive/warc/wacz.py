"""Captures packed to take away: WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1), which ReplayWeb.page opens.

Records go in as they lie in the archive's WARC files, one after the other, in constant memory; requests stay behind.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from warcio.warcwriter import WARCWriter

from portal_archive.archive.moments import to_text
from portal_archive.archive.warc.gzip_members import BrokenMemberError, compress, read_member

_WARC = "data.warc.gz"
_LINES_A_BLOCK = 3000


@dataclass(frozen=True, slots=True)
class Packed:
    """A capture to be packed, and where it lies below the captures folder.

    `record` is "response", "revisit" or "conversion".
    """

    url: str
    fetched_at: str
    status: int
    content_type: str | None
    digest: str
    file: str
    offset: int
    length: int
    record: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the package is about; `moment` is that of its capture (UTC, as text)."""

    url: str
    moment: str
    title: str


@dataclass(slots=True)
class _Index:
    lines: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, capture: Packed, offset: int, raw: bytes) -> None:
        # A conversion is kept, but is no answer that could be replayed.
        if capture.record == "conversion":
            return
        mime = "warc/revisit" if capture.record == "revisit" else _mime(capture.content_type)
        said = {
            "url": capture.url,
            "mime": mime,
            "status": str(capture.status),
            "digest": capture.digest,
            "length": str(len(raw)),
            "offset": str(offset),
            "filename": _WARC,
            "recordDigest": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        }
        key = f"{sort_key(capture.url)} {_timestamp(capture.fetched_at)}"
        self.lines.append((key, f"{key} {json.dumps(said)}\n"))

    def files(self) -> tuple[bytes, bytes]:
        """Return the index in compressed blocks (ZipNum), and the index of these blocks."""
        self.lines.sort()
        blocks, heads = b"", ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
        for start in range(0, len(self.lines), _LINES_A_BLOCK):
            lines = self.lines[start : start + _LINES_A_BLOCK]
            block = gzip.compress("".join(line for _, line in lines).encode(), mtime=0)
            digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
            place = {"offset": len(blocks), "length": len(block), "digest": digest}
            heads.append(f"{lines[0][0]} {json.dumps(place)}\n")
            blocks += block
        return blocks, "".join(heads).encode()


class _Sink(io.RawIOBase):
    """What the ZIP is written to, and taken from part by part."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: Any, /) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


class _Package:
    def __init__(self, created: datetime) -> None:
        self.sink = _Sink()
        self._zip = zipfile.ZipFile(self.sink, "w")
        self._date = created.timetuple()[:6]
        self._resources: list[dict[str, Any]] = []

    def write(self, path: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Write a file in parts, and give what of the package that makes."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(zipfile.ZipInfo(path, self._date), "w") as out:
            for part in parts:
                digest.update(part)
                size += len(part)
                out.write(part)
                yield self.sink.take()
        self._resources.append(
            {
                "name": PurePosixPath(path).name,
                "path": path,
                "hash": f"sha256:{digest.hexdigest()}",
                "bytes": size,
            }
        )

    def close(self, about: dict[str, Any]) -> Iterator[bytes]:
        said = json.dumps({**about, "resources": self._resources}, ensure_ascii=False, indent=2).encode()
        yield from self.write("datapackage.json", [said])
        proof = {"path": "datapackage.json", "hash": self._resources[-1]["hash"]}
        yield from self.write("datapackage-digest.json", [json.dumps(proof, indent=2).encode()])
        self._zip.close()
        yield self.sink.take()


def pack(
    folder: Path,
    captures: Sequence[Packed],
    pages: Sequence[Entry],
    title: str,
    description: str,
    created: datetime,
) -> Iterator[bytes]:
    """Give a WACZ part by part: `captures` from below `folder`, and `pages` to begin at; `created` is in UTC.

    A capture that cannot be read is left out, and named in `datapackage.json` under "unreadable".
    """
    package, index = _Package(created), _Index()
    yield from package.write(f"archive/{_WARC}", _records(folder, captures, index, title))
    blocks, heads = index.files()
    yield from package.write("indexes/index.cdx.gz", [blocks])
    yield from package.write("indexes/index.idx", [heads])
    yield from package.write("pages/pages.jsonl", _page_lines(pages))
    about = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "software": f"portal-archive/{version('portal-archive')}",
        "created": to_text(created),
        "title": title,
        "description": description,
    }
    if pages:
        about |= {"mainPageUrl": pages[0].url, "mainPageDate": pages[0].moment}
    yield from package.close(about | ({"unreadable": index.missing} if index.missing else {}))


def _records(folder: Path, captures: Sequence[Packed], index: _Index, title: str) -> Iterator[bytes]:
    builder = WARCWriter(None, gzip=False, warc_version="1.1")
    out = io.BytesIO()
    info = {
        "software": f"portal-archive/{version('portal-archive')}",
        "format": "WARC File Format 1.1",
        "isPartOf": title,
    }
    # One line each, whatever an article is called.
    record = builder.create_warcinfo_record(
        _WARC, {name: " ".join(value.split()) for name, value in info.items()}
    )
    builder._write_warc_record(out, record)
    first = compress(out.getvalue())
    yield first
    offset = len(first)
    for capture in sorted(captures, key=lambda one: (one.file, one.offset)):
        raw = _raw(folder, capture)
        if raw is None:
            index.missing.append(f"{capture.url} {capture.fetched_at}")
            continue
        index.add(capture, offset, raw)
        offset += len(raw)
        yield raw


def _raw(folder: Path, capture: Packed) -> bytes | None:
    """Return a record as it lies in its file, once it proves whole; None where it cannot be read."""
    place = PurePosixPath(capture.file)
    if place.is_absolute() or ".." in place.parts:
        return None
    try:
        with (folder / place).open("rb") as stream:
            member = read_member(stream, capture.offset)
            if member is None or member.length != capture.length:
                return None
            stream.seek(capture.offset)
            return stream.read(member.length)
    except (OSError, BrokenMemberError):
        return None


def _page_lines(pages: Iterable[Entry]) -> Iterator[bytes]:
    yield b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'
    for number, page in enumerate(pages, start=1):
        said = {"id": str(number), "url": page.url, "ts": page.moment, "title": page.title}
        yield json.dumps(said, ensure_ascii=False).encode() + b"\n"


def sort_key(url: str) -> str:
    """Return the key of a URL in an index: "com,example)/path?a=1", as readers of WACZ make it."""
    try:
        parts = urlsplit(url.lower())
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host:
        return url
    labels = host.split(".")
    if len(labels) > 1 and labels[0].startswith("www") and labels[0][3:].isdecimal() | (labels[0] == "www"):
        labels = labels[1:]
    key = ",".join(reversed(labels)) + (f":{port}" if port not in (None, 80, 443) else "")
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True))) if parts.query else ""
    return f"{key}){parts.path or '/'}" + (f"?{query}" if query else "")


def _timestamp(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _mime(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower() or "unk"
