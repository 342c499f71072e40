"""`/capture/ID/page`: a page as it was: with the pictures and styles that the archive has, linked to what it has.

Nothing of it runs. It loads nothing but stored pictures and styles from here, and links lead to the nearest capture of
where they led, else to a page that says where that is.
"""

from __future__ import annotations

import sqlite3
from html import escape
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.archive.warc.lookup import nearest_capture
from portal_archive.model.errors import ArchiveError
from portal_archive.publish.page_context import HEADERS, MissingError, PageContext
from portal_archive.publish.pages.capture import unreadable
from portal_archive.publish.parts import formats, permalinks, stored, stored_html
from portal_archive.publish.parts.stored_css import harmless_css
from portal_archive.publish.parts.stored_html import Copies

_POLICY = {
    **HEADERS,
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
    ),
}
# A page can have any number of links; of more than these, the rest lead to the page about where they lead.
_MOST_LOOKED_UP = 3000
# Whatever the page's own styles say.
_BANNER = (
    "all:initial!important;display:block!important;position:relative!important;z-index:2147483647!important;"
    "font:14px/1.5 system-ui,sans-serif!important;color:#1d1c1a!important;background:#fdeebb!important;"
    "padding:8px 12px!important;border-bottom:2px solid #8a2b1f!important;overflow-wrap:anywhere!important"
)


class _Nearest:
    """Finds the captures nearest in time to that of a page, each address once."""

    def __init__(self, ctx: PageContext, db: sqlite3.Connection, at: str) -> None:
        self._context, self._db, self._at = ctx, db, at
        self._known: dict[str, int | None] = {}

    def find(self, address: str) -> int | None:
        if address not in self._known:
            if len(self._known) >= _MOST_LOOKED_UP:
                return None
            scheme, mark, rest = address.partition("://")
            other = ("http" if scheme.lower() == "https" else "https") + mark + rest
            self._known[address] = nearest_capture(self._db, address, self._at) or nearest_capture(
                self._db, other, self._at
            )
        return self._known[address]

    def link(self, address: str) -> str:
        page, mark, place = address.partition("#")
        number = self.find(page)
        if number is None:
            return self._context.url("/leaving", [("to", address)])
        is_page = "html" in (stored.row(self._db, number)["content_type"] or "html")
        return (
            self._context.url(f"/capture/{number}/page" if is_page else f"/capture/{number}") + mark + place
        )

    def picture(self, address: str) -> str | None:
        number = self.find(address.partition("#")[0])
        return self._context.url(f"/capture/{number}/file") if number else None

    def sheet(self, address: str) -> str | None:
        number = self.find(address.partition("#")[0])
        return self._context.url(f"/capture/{number}/style") if number else None


async def stored_page(ctx: PageContext) -> Any:
    """Answer with the stored page in a sandbox, below a line that says which capture it is."""
    folder, number = stored.captures_folder(ctx), int(ctx.request.url_vars["id"])

    def read(db: sqlite3.Connection) -> str:
        row = stored.row(db, number)
        fetch = stored.read(db, folder, row)
        nearest = _Nearest(ctx, db, row["fetched_at"])
        copies = Copies(nearest.link, nearest.picture, nearest.sheet)
        charset = stored.content_type(fetch).get_content_charset()
        styles, content = stored_html.harmless(fetch.body, fetch.url, charset, copies)
        said = ctx.t(
            "capture.banner",
            when=formats.minute(row["fetched_at"]),
            url=row["url"],
            digest=row["digest"],
            place=permalinks.of_capture(number, row["digest"]),
        )
        title = escape(ctx.t("capture.title", id=str(number)))
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'{styles}</head><body><div style="{_BANNER}" lang="{ctx.lang}">{escape(said)}</div>{content}</body></html>'
        )

    try:
        page = await ctx.read(read)
    except ArchiveError as error:
        return await unreadable(ctx, error)
    return Response(page, content_type="text/html; charset=utf-8", headers=dict(_POLICY))


async def stored_style(ctx: PageContext) -> Any:
    """Answer with a stored style sheet, without anything that it would load. Raises MissingError for other files."""
    try:
        fetch = await stored.fetch(ctx, int(ctx.request.url_vars["id"]))
    except ArchiveError as error:
        return await unreadable(ctx, error)
    if stored.content_type(fetch).get_content_type() != "text/css":
        raise MissingError
    charset = stored.content_type(fetch).get_content_charset()
    css = await ctx.compute(lambda: harmless_css(stored_html.decode(fetch.body, charset)))
    return Response(css, content_type="text/css; charset=utf-8", headers=dict(_POLICY))
