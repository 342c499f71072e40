"""Atom feeds (RFC 4287) of whatever a page lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from datasette.utils.asgi import Response

from portal_archive.archive.moments import to_text
from portal_archive.publish.hardening import hosts
from portal_archive.publish.page_context import PageContext

# What XML 1.0 does not allow at all ("Char", section 2.2), even as a reference; a page can hold anything.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. `page` is its page here, `via` the portal's own; moments are ISO 8601; `content` is HTML."""

    key: str
    title: str
    page: str
    via: str
    published: str
    updated: str
    author: str
    summary: str
    content: str = ""


def absolute(ctx: PageContext, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """Return a link into the reading room with scheme and host."""
    return hosts.base_of_links(ctx.datasette, ctx.request) + ctx.url(path, query)


def feed(
    ctx: PageContext,
    title: str,
    path: str,
    page: str,
    kept: Iterable[tuple[str, str]],
    entries: Iterable[Entry],
) -> Response:
    """Answer with the feed at `path` of what `page` shows with the parameters `kept`; it may be empty."""
    entries, kept = list(entries), list(kept)
    here, there = (absolute(ctx, one, kept) for one in (path, page))
    updated = max((entry.updated for entry in entries), default=to_text(datetime.now(UTC)))
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{ctx.lang}">'
        f"<title>{_text(title)} · {_text(ctx.t('site.name'))}</title>"
        f"<id>{_text(here)}</id><updated>{updated}</updated>"
        f'<link rel="self" type="application/atom+xml" href={_attribute(here)}/>'
        f'<link rel="alternate" type="text/html" href={_attribute(there)}/>'
        f"<author><name>{_text(ctx.t('site.name'))}</name></author>"
        f"{''.join(map(_entry, entries))}</feed>\n"
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _entry(entry: Entry) -> str:
    content = f'<content type="html">{_text(entry.content)}</content>' if entry.content else ""
    return (
        f"<entry><title>{_text(entry.title)}</title><id>{_text(entry.key)}</id>"
        f'<link rel="alternate" type="text/html" href={_attribute(entry.page)}/>'
        f'<link rel="via" href={_attribute(entry.via)}/>'
        f"<published>{_text(entry.published)}</published><updated>{_text(entry.updated)}</updated>"
        f"<author><name>{_text(entry.author)}</name></author><summary>{_text(entry.summary)}</summary>{content}</entry>"
    )


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
