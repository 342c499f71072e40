"""Pages as pictures, for the recognition of their text: those of a PDF that have none, and images that are documents.

Runs in a worker: files are decoded here, and what is handed on is nothing but grey pixels.
"""

from __future__ import annotations

import io
import math

from portal_archive.reading.documents.pdf import open_pdf

DPI = 300
# An A3 page at 300 dots per inch.
MAX_PIXELS = 18_000_000
# What an image may decode to; more is a bomb, or a map.
MAX_DECODED = 60_000_000
# A document is as large as letters that can be read take, and ink on paper without colours.
_MIN_SIDE = 500
_PAPER, _MAX_COLOUR = 170, 40
_INK_SHARE = (0.005, 0.4)
_THUMBNAIL = (200, 200)
# A picture smaller than this is drawn larger: Tesseract wants capitals of some 30 pixels.
_MIN_WIDTH = 1600


def page_picture(body: bytes, number: int) -> bytes:
    """Draw the page of a PDF with this number, from 1, as a grey PGM of 300 dots per inch, of less where it is huge.

    Raises EncryptedError, pypdfium2.PdfiumError, MemoryError.
    """
    page = open_pdf(body)[number - 1]
    width, height = page.get_size()
    scale = min(DPI / 72, math.sqrt(MAX_PIXELS / max(width * height, 1)))
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    rows = memoryview(bitmap.buffer).cast("B")
    pixels = b"".join(
        bytes(rows[start : start + bitmap.width])
        for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
    )
    return _pgm(bitmap.width, bitmap.height, pixels)


def document_picture(body: bytes) -> bytes | None:
    """Return an image as a grey PGM, None where it is no picture of a document. Raises what Pillow raises."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP")) as image:
        width, height = image.size
        if min(width, height) < _MIN_SIDE or width * height > MAX_DECODED:
            return None
        image.draft("RGB", (width, height))
        thumbnail = image.convert("RGB").resize(_THUMBNAIL)
        if not _is_document(thumbnail.tobytes()):
            return None
        grey = ImageOps.exif_transpose(image).convert("L")
    scale = math.sqrt(MAX_PIXELS / (grey.width * grey.height))
    if grey.width < _MIN_WIDTH:
        scale = min(scale, _MIN_WIDTH / grey.width)
    if scale < 1 or grey.width < _MIN_WIDTH:
        grey = grey.resize((round(grey.width * scale), round(grey.height * scale)))
    return _pgm(grey.width, grey.height, grey.tobytes())


def _is_document(pixels: bytes) -> bool:
    """Tell by the pixels of a small RGB picture whether it is ink on paper."""
    ink = colour = 0
    for red, green, blue in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True):
        ink += red + green + blue < 3 * _PAPER
        colour += max(red, green, blue) - min(red, green, blue)
    number = len(pixels) // 3
    least, most = _INK_SHARE
    return least < ink / number < most and colour / number < _MAX_COLOUR


def _pgm(width: int, height: int, pixels: bytes) -> bytes:
    return b"P5 %d %d 255\n" % (width, height) + pixels
