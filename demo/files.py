"""Small real files made in code: JPEG, PNG, PDF and DOCX. The same arguments give the same bytes."""

from __future__ import annotations

import hashlib
import io
import struct
import textwrap
import zipfile
import zlib
from html import escape

# Huffman code lengths (1 to 16 bits) and symbols: twelve DC sizes of four bits each; only "end of block".
_DC_TABLE = bytes([0, 0, 0, 12, *[0] * 12, *range(12)])
_AC_TABLE = bytes([1, *[0] * 15, 0])


def jpeg(name: str, width: int = 320, height: int = 208) -> bytes:
    """Draw hills as a grey baseline JPEG, one tone a block of 8 x 8; `name` decides which hills."""
    bits, previous = "", 0
    columns, rows = width // 8, height // 8
    peaks = [rows // 3 + byte % (rows // 2) for byte in hashlib.sha256(name.encode()).digest()]
    for row in range(rows):
        for column in range(columns):
            left, right = peaks[column // 4 % 32], peaks[(column // 4 + 1) % 32]
            ridge = left + (right - left) * (column % 4) // 4
            tone = 70 - row if row < ridge else -30 - (row - ridge)
            step, previous = tone - previous, tone
            size = abs(step).bit_length()
            coded = step if step > 0 else step + (1 << size) - 1
            bits += f"{size:04b}" + (f"{coded:0{size}b}" if size else "") + "0"
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\x00")
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xFE, f"synthetic: {name}".encode()),
            _segment(0xDB, bytes([0, *[8] * 64])),
            _segment(0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)),
            _segment(0xC4, b"\x00" + _DC_TABLE),
            _segment(0xC4, b"\x10" + _AC_TABLE),
            _segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
            scan,
            b"\xff\xd9",
        )
    )


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def png(name: str, width: int = 64, height: int = 64) -> bytes:
    """Make a PNG of one colour, which depends on `name`."""
    colour = hashlib.sha256(name.encode()).digest()[:3]
    rows = (b"\0" + colour * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def pdf(text: str) -> bytes:
    """Make a PDF of one page whose Vietnamese `text` can be extracted: a ToUnicode map names each code."""
    letters = sorted(set(text))
    codes = {letter: f"{index:04X}" for index, letter in enumerate(letters, 1)}
    lines = textwrap.wrap(text, 80)
    shown = "\n".join(f"<{''.join(codes[letter] for letter in line)}> Tj T*" for line in lines)
    pairs = [f"<{codes[letter]}> <{letter.encode('utf-16-be').hex()}>" for letter in letters]
    chunks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    mapping = "\n".join(f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Demo def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{mapping}\nendcmap end end"
    )
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R >> >> >>",
        _stream(f"BT /F 11 Tf 14 TL 50 780 Td\n{shown}\nET"),
        "<< /Type /Font /Subtype /Type0 /BaseFont /Demo /Encoding /Identity-H "
        "/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Demo /FontDescriptor 8 0 R /DW 500 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(cmap),
        "<< /Type /FontDescriptor /FontName /Demo /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        "/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>",
    )
    return _pdf_of([content.encode("ascii") for content in objects])


def scanned_pdf(*scans: bytes) -> bytes:
    """Make a PDF whose pages are pictures: each a PNG of black and white, as a scanner makes them."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for scan in scans:
        width, height = struct.unpack(">II", scan[16:24])
        shown = b"q 595 0 0 842 0 0 cm /S Do Q"
        # The compressed rows of a PNG are what a PDF calls Flate with the predictors of PNG.
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray "
            "/BitsPerComponent 1 /Filter /FlateDecode /DecodeParms "
            f"<< /Predictor 15 /Colors 1 /BitsPerComponent 1 /Columns {width} >> /Length {len(rows := _rows(scan))} >>"
        )
        number = len(objects)
        objects += [
            b"%s\nstream\n%s\nendstream" % (head.encode(), rows),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /XObject << /S %d 0 R >> >> >>" % (number + 2, number + 1),
        ]
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _pdf_of(objects)


def _rows(png: bytes) -> bytes:
    """Return the compressed rows of a PNG."""
    rows, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            rows += png[at + 8 : at + 8 + length]
        at += length + 12
    return rows


def _pdf_of(objects: list[bytes]) -> bytes:
    """Return a PDF of these objects, the first of which is its catalogue."""
    out, offsets = b"%PDF-1.4\n% synthetic\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    xref = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"xref\n0 {size}\n0000000000 65535 f \n{xref}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return out + f"{trailer}startxref\n{len(out)}\n%%EOF\n".encode("ascii")


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def docx(text: str) -> bytes:
    """Make a Word document of one paragraph. By hand: python-docx stamps the time into its files."""
    package = "http://schemas.openxmlformats.org/package/2006"
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body><w:p><w:r>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name), '<?xml version="1.0" encoding="UTF-8"?>\n' + xml)
    return buffer.getvalue()
