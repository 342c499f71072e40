"""Which links and frames of a page lead to a document, and which show a film."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urljoin

from lxml import etree

from portal_archive.reading.cms.family import split

_ENDINGS = r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar|7z|od[tsp])"
# By its name; by its name before an id (Liferay); by a name among what a handler is asked for; a numbered download.
_FILE = re.compile(
    rf"{_ENDINGS}(?:$|[?#]|/[0-9a-f]{{8}}-[0-9a-f-]{{27}}(?:$|[?#/]))|[?&][\w.-]+=[^&#]*{_ENDINGS}(?:$|[&#])"
    r"|[?&]download=\d",
    re.I,
)
_NAMED = re.compile(rf"{_ENDINGS}(?:$|[?#/])", re.I)
# A page that shows the document it is given.
_VIEWER = re.compile(
    r"(?:^|/)(?:g?view(?:er)?(?:\.html?)?|embed\.aspx|view\.aspx|pdfjs[^?]*|web/viewer[^?]*|viewerjs)/?$",
    re.I,
)
# How viewers name the document they are given; ViewerJS gives it no name.
_GIVEN = ("file", "url", "src", "doc", "")
_ADDRESSES = ("/", "../", "http:", "https:")
_FRAMES = {"iframe": "src", "embed": "src", "object": "data", "frame": "src"}
_FILM = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed|v|watch)|youtu\.be/|player\.vimeo\.com|dailymotion\.com/embed"
    r"|facebook\.com/plugins/video|\.(?:mp4|m3u8|webm|flv|mov|mp3|wav|ogg)(?:$|[?#]))",
    re.I,
)


def is_file(href: str) -> bool:
    """Tell whether a link leads to a document rather than to a page."""
    return _FILE.search(href) is not None


def linked_file(link: etree._Element) -> str | None:
    """Return the address of the document that a link offers, as it stands in the page; None for other links."""
    href = (link.get("href") or "").strip()
    if is_file(href) or (
        href and link.get("download") is not None and not href.startswith(("#", "data:", "blob:"))
    ):
        return _viewed(href) or href
    return None


def embedded_file(frame: etree._Element) -> str | None:
    """Return the address of the document that a frame, an object or a viewer in a frame shows; None without one."""
    source = _source(frame)
    if not source or source.startswith(("data:", "blob:", "about:")):
        return None
    shown = _viewed(source, in_frame=True)
    return shown or (source if is_file(source) or "pdf" in (frame.get("type") or "") else None)


def shows_film(element: etree._Element) -> bool:
    """Tell whether an element plays a film or a recording."""
    if element.tag in ("video", "audio"):
        return True
    return _FILM.search(_source(element)) is not None


def _source(frame: etree._Element) -> str:
    source = frame.get(_FRAMES.get(str(frame.tag), "src")) or frame.get("data-src") or ""
    if not source and frame.tag == "object":
        named = ("src", "movie", "filename", "url")
        source = next(
            (
                param.get("value") or ""
                for param in frame.iter("param")
                if (param.get("name") or "").lower() in named
            ),
            "",
        )
    return source.strip()


def _viewed(address: str, *, in_frame: bool = False) -> str | None:
    """Return the document that an address of a viewer names: `viewer.html?file=...`, `gview?url=...`, `ViewerJS/#...`.

    Whatever stands in a frame is taken for a viewer where it is given the address of a document, not only a name.
    What PDF.js and ViewerJS are given is relative to the viewer, not to the page that shows it.
    """
    parts = split(address)
    is_viewer = _VIEWER.search(parts.path) is not None
    if not is_viewer and not in_frame:
        return None
    values = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)] or [("", unquote(parts.fragment))]
    for name, value in values:
        is_named = name.lower() in _GIVEN and _NAMED.search(unquote(value)) is not None
        # A viewer of PDFs is given a PDF, whatever its address looks like.
        if (is_viewer and (is_named or name.lower() == "file")) or (
            is_named and value.startswith(_ADDRESSES)
        ):
            try:
                return urljoin(address, value)
            except ValueError:
                return None
    return None
