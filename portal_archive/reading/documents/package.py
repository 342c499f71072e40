"""The files within a file: ZIP (Office of today, OpenDocument) and OLE (Office until 2003), within bounds."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from portal_archive.reading.documents import bounds
from portal_archive.reading.documents.bounds import TooLargeError

if TYPE_CHECKING:
    import olefile


def open_zip(body: bytes) -> zipfile.ZipFile:
    """Open a ZIP. Raises TooLargeError where it says that it would unpack to too much."""
    package = zipfile.ZipFile(io.BytesIO(body))
    unpacked = sum(entry.file_size for entry in package.infolist())
    if unpacked > bounds.MAX_UNPACKED:
        raise TooLargeError(f"unpacks to {unpacked} bytes")
    return package


def xml_of(package: zipfile.ZipFile, name: str) -> etree._Element:
    """Parse a file of a package; entities stay unexpanded, and nothing outside is asked."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(package.read(name), parser)


def stream_of(package: olefile.OleFileIO, name: str) -> bytes:
    """Return a stream of an OLE file; empty where there is none."""
    return bytes(package.openstream(name).read()) if package.exists(name) else b""


def text_of(paragraph: etree._Element, text: str, breaks: dict[str, str]) -> str:
    """Return what the `text` elements of a paragraph say; `breaks` are elements that stand for characters."""
    return "".join(
        breaks.get(str(element.tag)) or element.text or "" for element in paragraph.iter(text, *breaks)
    )
