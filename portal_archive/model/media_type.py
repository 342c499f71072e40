"""What a Content-Type means, however it is written: one rule for a crawl and an import."""

from __future__ import annotations

import re

_FIRST = re.compile(r"[^\s;,\"']+")
# "text/html", "application/xhtml+xml", and what stands for them: "text/htm", "html", "text/x-html".
_HTML = re.compile(r"(?:[\w.-]+/)?(?:x-)?(?:server-parsed-)?x?html?(?:\+xml)?")
# Servers send these for what they know nothing of.
_VAGUE = re.compile(
    r"(?:text/plain|(?:application|binary)/(?:x-)?(?:octet-stream|unknown|download)|\*/\*|[^/]*)"
)
_NO_TEXT = re.compile(r"(?:image|audio|video|font)/")
SNIFFED = 1024
# The patterns of HTML of the WHATWG's "MIME Sniffing" standard, section 7.1, after what may stand before them.
_BEGINS_HTML = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|"
    rb"style|title|b|body|br|p)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
# Behind the warning of a script that failed.
_HOLDS_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def media_type(content_type: str) -> str:
    """Return the first type that a Content-Type names, in lower case and without parameters; "" for none."""
    found = _FIRST.search(content_type)
    return found[0].lower() if found else ""


def is_html_type(content_type: str) -> bool:
    """Tell whether a Content-Type says that this is a page, in whatever spelling."""
    return _HTML.fullmatch(media_type(content_type)) is not None


def is_vague_type(content_type: str) -> bool:
    """Tell whether a Content-Type says as good as nothing: then the body tells."""
    return _VAGUE.fullmatch(media_type(content_type)) is not None


def is_html(content_type: str, beginning: bytes) -> bool:
    """Tell whether a response is HTML, from its Content-Type and the first `SNIFFED` bytes of its body."""
    if is_html_type(content_type):
        return True
    beginning = beginning[:SNIFFED].replace(b"\0", b"").lstrip(b"\xff\xfe")
    if is_vague_type(content_type):
        return bool(_BEGINS_HTML.match(beginning) or _HOLDS_HTML.search(beginning))
    return not _NO_TEXT.match(media_type(content_type)) and bool(_BEGINS_HTML.match(beginning))
