"""The text of Word files until 2003 (.doc): what the piece table says, in order.

Sources: [MS-DOC] 2.5 (the file information block), 2.4.1 and 2.8.35 (the piece table), 2.9.73 (8-bit text), 2.8.25 (the
characters of fields); for Word 6 and 95 the same block without a table, whose text lies in one run.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

import olefile

from portal_archive.reading.documents.bounds import EncryptedError
from portal_archive.reading.documents.package import stream_of

_WORD_97 = 0xC1
_ENCRYPTED, _TABLE_1, _COMPLEX = 0x0100, 0x0200, 0x0004
_EIGHT_BIT = 0x4000_0000
# Where the block of Word 97 says how long each part of the text is, in order: the text itself, footnotes, headers and
# footers, macros (not used), comments, endnotes, text boxes, text boxes of headers.
_LENGTHS = struct.Struct("<8i")
_LENGTHS_AT, _PIECES_AT = 0x4C, 0x1A2
_READ = (True, True, False, False, False, True, True, False)
# A field is its instruction, and after the separator what it shows.
_INSTRUCTION = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_CHARACTERS = {
    0x07: "\t", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x1E: "-", 0x1F: None, 0xA0: " ",
    **dict.fromkeys((0x01, 0x02, 0x03, 0x04, 0x05, 0x08, 0x14, 0x15)),
}  # fmt: skip


def read_word_binary(package: olefile.OleFileIO) -> str:
    """Return the text of a Word file, a paragraph a line. Raises EncryptedError, ValueError, struct.error."""
    document = stream_of(package, "WordDocument")
    version, flags = struct.unpack_from("<H", document, 2)[0], struct.unpack_from("<H", document, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise EncryptedError
    if version < _WORD_97:
        if flags & _COMPLEX:
            raise ValueError("saved in parts by Word 6 or 95")
        first, end = struct.unpack_from("<2I", document, 0x18)
        return _clean(document[first:end].decode("cp1252", "replace"))
    table = stream_of(package, "1Table" if flags & _TABLE_1 else "0Table")
    return _clean("".join(_parts(document, table)))


def _parts(document: bytes, table: bytes) -> Iterator[str]:
    """Give the parts of the text that are read."""
    lengths = _LENGTHS.unpack_from(document, _LENGTHS_AT)
    text = "".join(_pieces(document, table))
    start = 0
    for length, is_read in zip(lengths, _READ, strict=True):
        if is_read and length > 0:
            yield text[start : start + length]
        start += max(length, 0)


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """Give the pieces of the text. They stand one after the other in it, and anywhere in the file."""
    place, size = struct.unpack_from("<2I", document, _PIECES_AT)
    block = table[place : place + size]
    at = 0
    while at < len(block) and block[at] == 1:  # formatting that the pieces refer to
        at += 3 + struct.unpack_from("<H", block, at + 1)[0]
    if at >= len(block) or block[at] != 2:
        raise ValueError("no piece table")
    (length,) = struct.unpack_from("<I", block, at + 1)
    number = (length - 4) // 12
    at += 5
    ends = struct.unpack_from(f"<{number + 1}I", block, at)
    at += 4 * (number + 1)
    left = len(document)
    for index in range(number):
        characters = ends[index + 1] - ends[index]
        (where,) = struct.unpack_from("<I", block, at + 8 * index + 2)
        if characters <= 0 or left <= 0:  # pieces that overlap say the same again and again
            continue
        if where & _EIGHT_BIT:
            start = (where & ~_EIGHT_BIT) // 2
            yield document[start : start + characters].decode("cp1252", "replace")
            left -= characters
        else:
            yield document[where : where + 2 * characters].decode("utf-16-le", "replace")
            left -= 2 * characters


def _clean(text: str) -> str:
    for _ in range(8):  # fields within fields
        text, number = _INSTRUCTION.subn("", text)
        if not number:
            break
    # The end of a row is the mark of a cell once more.
    text = text.replace("\x07\x07", "\n").translate(_CHARACTERS)
    return re.sub(r"[ \t]+\n", "\n", text)
