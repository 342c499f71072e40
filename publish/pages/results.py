"""`/search.csv`, `.json`, `.jsonl`, `.atom`: a search taken away whole, streamed, with the same query string.

The rows are those of the export of `articles`, newest first, before them their address in this reading room.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from datasette.utils.asgi import Response

from archive.export import EXPORTS, json_objects, write_csv
from archive.moments import to_text
from archive.search import is_exact
from publish import cards, hits, inert_csv, words
from publish.pages.search import Asked, asked, parameters
from publish.room import Room

_PART = 200
_FEED_ENTRIES = 50
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}
_ARTICLES = EXPORTS["articles"]

Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Download:
    """Sends a whole result in parts, each read on its own, so that no thread waits for a slow reader."""

    def __init__(self, room: Room, form: str, wanted: Asked) -> None:
        self._room, self._form, self._wanted = room, form, wanted
        self._inert = inert_csv.wanted(room.datasette, room.arg(inert_csv.PARAMETER))

    async def asgi_send(self, send: Send) -> None:
        headers = {
            "content-type": _TYPES[self._form],
            "content-disposition": f'attachment; filename="search.{self._form}"',
            "x-content-type-options": "nosniff",
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        before: int | None = None
        first = True
        while True:
            orders, columns, rows = await self._room.read(partial(self._part, before))
            body = _encode(self._form, columns, rows, first=first, inert=self._inert)
            first = first and not body
            await send({"type": "http.response.body", "body": body, "more_body": True})
            if not orders:
                break
            before = orders[-1]
        await send({"type": "http.response.body", "body": _END[self._form](first)})

    def _part(
        self, before: int | None, db: sqlite3.Connection
    ) -> tuple[list[int], list[str], list[tuple[Any, ...]]]:
        wanted = self._wanted
        orders = hits.every(db, wanted.query, wanted.filters, before, _PART)
        address = f"'{_base(self._room)}' || t.id"
        columns = {"archive_url": address, **_ARTICLES.columns(db)}
        selected = ", ".join(columns.values())
        marks = ", ".join("?" * len(orders))
        sql = (
            f"SELECT t.search_order, t.title, t.summary, t.body, t.captions, t.author, t.attachment_text,"
            f" {selected} FROM articles t {_ARTICLES.joins} WHERE t.search_order IN ({marks})"
        )
        rows = sorted(db.execute(sql, orders).fetchall(), key=lambda row: -row[0])
        if wanted.exact and wanted.query.has_accents:
            rows = [row for row in rows if is_exact(row, wanted.query)]
        return orders, list(columns), [tuple(row)[7:] for row in rows]


def _encode(form: str, columns: list[str], rows: list[tuple[Any, ...]], *, first: bool, inert: bool) -> bytes:
    if form == "csv":
        out = BytesIO()
        write_csv(rows, out, header=columns if first else None, inert=inert)
        return out.getvalue()
    lines = list(json_objects(columns, rows))
    if form == "jsonl" or not lines:
        return b"".join(line + b"\n" for line in lines)
    return (b"[\n" if first else b",\n") + b",\n".join(lines)


_END: dict[str, Callable[[bool], bytes]] = {
    "csv": lambda _empty: b"",
    "jsonl": lambda _empty: b"",
    "json": lambda empty: b"[]\n" if empty else b"\n]\n",
}


async def download(room: Room) -> Any:
    """Answer with the whole result of a search as CSV, JSON or JSON Lines."""
    return _Download(room, room.request.url_vars["form"], asked(room))


def _base(room: Room) -> str:
    return _absolute(room, "/article/").replace("'", "%27")


def _absolute(room: Room, path: str) -> str:
    address: str = room.datasette.absolute_url(room.request, room.url(path))
    return address


async def atom(room: Room) -> Any:
    """Answer with an Atom feed (RFC 4287) of the newest hits of a search."""
    wanted = asked(room)
    rows = await room.read(lambda db: _newest(db, wanted))
    kept = parameters(room)
    here = _absolute(room, room.url("/search.atom", kept))
    there = _absolute(room, room.url("/search", kept))
    title = room.t("results.title", query=room.arg("q")) if room.arg("q") else room.t("results.title_blank")
    updated = max((row["fetched_at"] for row in rows), default=to_text(datetime.now(UTC)))
    entries = "".join(_entry(room, row) for row in rows)
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{room.lang}">'
        f"<title>{_text(title)} · {_text(room.t('site.name'))}</title>"
        f"<id>{escape(here)}</id><updated>{updated}</updated>"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(here)}/>'
        f'<link rel="alternate" type="text/html" href={quoteattr(there)}/>'
        f"<author><name>{_text(room.t('site.name'))}</name></author>{entries}</feed>\n"
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _newest(db: sqlite3.Connection, wanted: Asked) -> list[sqlite3.Row]:
    orders = hits.every(db, wanted.query, wanted.filters, None, _FEED_ENTRIES)
    page = hits.page(
        db,
        wanted.query,
        orders,
        f"{cards.COLUMNS}, a.fetched_at, a.first_seen, a.url",
        start=0,
        size=_FEED_ENTRIES,
        exact_only=wanted.exact,
    )
    return sorted((hit.row for hit in page), key=lambda row: -row["search_order"])


def _entry(room: Room, row: sqlite3.Row) -> str:
    here = _absolute(room, f"/article/{row['id']}")
    published = row["published_at"] or row["first_seen"]
    shown = words.printed(row["published_at"], row["published_precision"]) or room.t("date.unknown")
    summary = " · ".join(part for part in (shown, row["portal_title"], row["summary"]) if part)
    author = row["author"] or row["portal_title"]
    return (
        f"<entry><title>{_text(row['title'] or room.t('article.untitled'))}</title><id>{escape(here)}</id>"
        f'<link rel="alternate" type="text/html" href={quoteattr(here)}/>'
        f'<link rel="via" href={quoteattr(row["url"])}/>'
        f"<published>{escape(published)}</published><updated>{escape(row['fetched_at'])}</updated>"
        f"<author><name>{_text(author)}</name></author><summary>{_text(summary)}</summary></entry>"
    )


def _text(text: str) -> str:
    # What XML 1.0 does not allow at all is left out; a page can hold anything.
    return escape("".join(letter for letter in text if letter >= " " or letter in "\t\n\r"))
