"""How much of a page is read: whatever a server sends, a tree of it fits in memory and is made in seconds."""

from __future__ import annotations

import re
from itertools import islice

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem

MAX_HTML = 10_000_000
# A tree takes a hundred times the memory of the shortest tags it is made of. Real pages have some thousands.
MAX_TAGS = 200_000
# Of a page without markup.
MAX_LINES = 50_000
MAX_TEXT = 1_000_000  # characters
# Of one tag, quoted values aside. libxml2 compares each attribute with all before it.
MAX_TAG = 4_000

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d,}" % MAX_TAG)
# The same where ">" stands in quoted values. It looks at every tag, which only large pages are worth.
_ANY_TAG = re.compile(rb"<[A-Za-z](?:[^=<>]++|=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)?+)*+")
_LARGE = 100_000
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_OPEN_QUOTE = re.compile(rb"[\"']")
_LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def bounded(body: bytes) -> tuple[bytes, list[Problem]]:
    """Return as much of a page as is read, and what is left out of it."""
    problems = []
    if len(body) > MAX_HTML:
        problems.append(Problem(ProblemKind.HTML_TOO_LARGE, f"{len(body)} bytes; read up to {MAX_HTML}"))
        body = body[:MAX_HTML]
    tags = body.count(b"<")
    if tags > MAX_TAGS:
        problems.append(Problem(ProblemKind.HTML_TOO_LARGE, f"{tags} tags; read up to {MAX_TAGS}"))
        body = body[: next(islice(re.finditer(b"<", body), MAX_TAGS, None)).start()]
    if _has_long_tag(body):
        body = _LONG_TAG.sub(_short_tag, body)
    if len(body) > _LARGE and max(map(len, _ANY_TAG.findall(body)), default=0) > MAX_TAG:
        body = _ANY_TAG.sub(_short_tag, body)
    return body, problems


def _has_long_tag(body: bytes) -> bool:
    """Tell whether a tag may have more than `MAX_TAG` bytes; it leaps from one end of a tag to another."""
    position = 0
    while position + MAX_TAG < len(body):
        end = body.rfind(b">", position, position + MAX_TAG)
        if end < 0:
            end = body.find(b">", position + MAX_TAG)
            end = len(body) if end < 0 else end
            _, *begun = body[position:end].split(b"<")
            if max(map(len, begun), default=0) > MAX_TAG:
                return True
        position = end + 1
    return False


def lines(text: str) -> list[str]:
    """Return the lines of a page without markup, as many as are read, without empty ones in a row."""
    return _LINE_BREAK.split(text, MAX_LINES)[:MAX_LINES]


def _short_tag(found: re.Match[bytes]) -> bytes:
    tag = found[0]
    if len(tag) <= MAX_TAG or len(_QUOTED.sub(b"", tag)) <= MAX_TAG:
        return tag
    cut = tag[:MAX_TAG]
    value = _OPEN_QUOTE.search(_QUOTED.sub(b"", cut))
    return cut + value[0] if value else cut
