"""Which links and frames of a page lead to a document, and which show a film."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from lxml import etree

from portal_archive.reading.cms.family import split

_ENDINGS = r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|zip|rar|7z|od[ts])"
# By its name; by its name before an id (Liferay); by a name among what a handler is asked for; a numbered download.
_FILE = re.compile(
    rf"{_ENDINGS}(?:$|[?#]|/[0-9a-f]{{8}}-[0-9a-f-]{{27}}(?:$|[?#/]))|[?&][\w.-]+=[^&#]*{_ENDINGS}(?:$|[&#])"
    r"|[?&]download=\d",
    re.I,
)
_NAMED = re.compile(rf"{_ENDINGS}(?:$|[?#/])", re.I)
# A page that shows the document it is given.
_VIEWER = re.compile(
    r"/(?:g?view(?:er)?(?:\.html?)?|embed\.aspx|view\.aspx|pdfjs[^?]*|web/viewer[^?]*)/?$", re.I
)
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
    shown = _viewed(source)
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


def _viewed(address: str) -> str | None:
    """Return the document that an address of a viewer names: `viewer.html?file=...`, `gview?url=...`."""
    parts = split(address)
    if not parts.query or not _VIEWER.search(parts.path):
        return None
    values = (
        value for name, value in parse_qsl(parts.query) if name.lower() in ("file", "url", "src", "doc")
    )
    return next((value for value in values if _NAMED.search(unquote(value))), None)
