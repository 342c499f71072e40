"""Where a page sends its reader at once: a refresh, or a script that sets the location."""

from __future__ import annotations

import re

from portal_archive.reading.markup.document import Document

_REFRESH = re.compile(r"^\s*\d*(?:\.\d+)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'>\s]+)", re.I)
_SCRIPT = re.compile(
    r"(?<![\w.])(?:(?:window|document|self|top|parent)\s*\.\s*)?location"
    r"(?:\s*\.\s*href)?\s*(?:=|\.\s*(?:replace|assign)\s*\()\s*[\"']([^\"'\s]{1,500})[\"']"
)
LARGE = 20_000  # characters: a page that only sends on is short


def jump_of(document: Document) -> str | None:
    """Return the address a page jumps to, as an absolute URL; None where it stays."""
    for stated in (document.refresh, *_stated(document)):
        if stated and (found := _REFRESH.match(stated)):
            return document.absolute(found[1])
    if len(document.source) > LARGE or "location" not in document.source:
        return None
    for script in document.tree.iter("script"):
        if found := _SCRIPT.search(script.text or ""):
            return document.absolute(found[1])
    return None


def _stated(document: Document) -> list[str]:
    return [
        meta.get("content") or ""
        for meta in document.tree.iter("meta")
        if (meta.get("http-equiv") or "").lower() == "refresh"
    ]
