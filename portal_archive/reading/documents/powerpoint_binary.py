"""The text of PowerPoint files until 2003 (.ppt): the atoms of text of each slide.

Source: [MS-PPT] 2.3.1 (record header), 2.13.24 (record types). The text of slides stands once in the list of slides,
and in text boxes with the slide itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import olefile

from portal_archive.reading.documents.bounds import EncryptedError
from portal_archive.reading.documents.package import stream_of

_HEADER = struct.Struct("<HHI")
_CONTAINER = 0xF
_DOCUMENT, _SLIDE, _LIST, _SLIDE_ATOM, _CHARS, _BYTES = 1000, 1006, 4080, 1011, 4000, 4008
_LIST_OF_SLIDES = 0
_DEEPEST = 30


def read_powerpoint_binary(package: olefile.OleFileIO) -> list[str]:
    """Return the text of each slide. Raises EncryptedError."""
    if package.exists("EncryptedSummary"):
        raise EncryptedError
    stream = stream_of(package, "PowerPoint Document")
    listed: list[list[str]] = []
    drawn: list[list[str]] = []
    for kind, start, end, _ in _records(stream, 0, len(stream)):
        if kind == _DOCUMENT:
            for inner, first, last, instance in _records(stream, start, end):
                if inner == _LIST and instance == _LIST_OF_SLIDES:
                    listed = list(
                        _listed(stream, first, last)
                    )  # the newest list, where it was saved in parts
        elif kind == _SLIDE:
            drawn.append(list(_texts(stream, start, end)))
    slides = max(len(listed), len(drawn))
    listed += [[] for _ in range(slides - len(listed))]
    drawn += [[] for _ in range(slides - len(drawn))]
    return ["\n\n".join(dict.fromkeys((*one, *other))) for one, other in zip(listed, drawn, strict=True)]


def _records(stream: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Give type, begin, end and instance of each record between two places."""
    while start + _HEADER.size <= end:
        version, kind, length = _HEADER.unpack_from(stream, start)
        start += _HEADER.size
        yield kind, start, min(start + length, end), version >> 4
        start += length


def _listed(stream: bytes, start: int, end: int) -> Iterator[list[str]]:
    slide: list[str] | None = None
    for kind, first, last, _ in _records(stream, start, end):
        if kind == _SLIDE_ATOM:
            if slide is not None:
                yield slide
            slide = []
        elif slide is not None and (text := _text(stream, kind, first, last)):
            slide.append(text)
    if slide is not None:
        yield slide


def _texts(stream: bytes, start: int, end: int, depth: int = 0) -> Iterator[str]:
    """Give the texts below a record, whatever holds them."""
    at = start
    while at + _HEADER.size <= end:
        version, kind, length = _HEADER.unpack_from(stream, at)
        at += _HEADER.size
        last = min(at + length, end)
        if version & 0xF == _CONTAINER and depth < _DEEPEST:
            yield from _texts(stream, at, last, depth + 1)
        elif text := _text(stream, kind, at, last):
            yield text
        at += length


def _text(stream: bytes, kind: int, start: int, end: int) -> str:
    encoding = {_CHARS: "utf-16-le", _BYTES: "latin-1"}.get(kind)
    if encoding is None:
        return ""
    return stream[start:end].decode(encoding, "replace").replace("\r", "\n").replace("\x0b", "\n").strip()
