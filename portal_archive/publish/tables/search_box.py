"""Datasette's own `?_search=` boxes, made to understand Vietnamese as the search page does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from portal_archive.archive.search.known import KnownNames
from portal_archive.archive.search.query import to_fts_query
from portal_archive.publish.hardening.asgi import Asgi


def reading(db: sqlite3.Connection) -> Callable[[str | None], str]:
    """Return the function that makes of what was typed an FTS5 expression, read as the search page does."""

    def escape_fts(query: str | None) -> str:
        typed = query or ""
        try:
            asked = to_fts_query(typed, KnownNames(db) if ":" in typed else None)
        except sqlite3.OperationalError:
            # A database that is no archive has no portals.
            asked = to_fts_query(typed)
        return asked or '""'

    return escape_fts


def without_blank_search(app: Asgi) -> Asgi:
    """Drop a blank `_search=` from the query string.

    Datasette's filter form always sends the box, and would look for nothing when only a filter was meant.
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        query = scope.get("query_string", b"")
        if b"_search=" in query:
            pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
            kept = [(key, value) for key, value in pairs if key != "_search" or value.strip()]
            if kept != pairs:
                scope = {**scope, "query_string": urlencode(kept).encode("latin-1")}
        await app(scope, receive, send)

    return wrapped
