"""`/leaving?to=URL`: where a link of a stored page leads, and what the archive has of it."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import urlsplit

from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.pages.article import find

_LONGEST = 4000
_CAPTURE = "SELECT max(id) FROM captures WHERE url = ? AND status = 200"
# Hosts of portals that are what they were. Nobody is led to a portal in other hands.
_TRUSTED = """
SELECT 1 FROM portals p LEFT JOIN portal_states s ON s.portal = p.name AND s.until IS NULL
WHERE p.host = ? AND coalesce(s.state, '') NOT IN ('hijacked', 'moved', 'gone')
"""


def _read(db: sqlite3.Connection, url: str, host: str) -> tuple[int | None, int | None, bool]:
    capture = db.execute(_CAPTURE, [url]).fetchone()[0]
    return find(db, url), capture, db.execute(_TRUSTED, [host]).fetchone() is not None


async def leaving(ctx: PageContext) -> Any:
    """Show the address in words, and lead to what the archive has of it, or to a portal that is to be trusted."""
    url = ctx.arg("to")
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host or len(url) > _LONGEST or not url.lower().startswith(("http://", "https://")):
        raise MissingError
    article, capture, is_trusted = await ctx.read(lambda db: _read(db, url, host))
    return await ctx.page(
        "room_leaving.html",
        title=ctx.t("leaving.title"),
        url=url,
        host=host,
        article_url=article and ctx.url(f"/article/{article}"),
        capture_url=capture and ctx.url(f"/capture/{capture}"),
        is_trusted=is_trusted,
        note=ctx.t("leaving.portal" if is_trusted else "leaving.unknown"),
    )
