"""`/search.csv`, `.json`, `.jsonl`, `.atom`: a search taken away whole, streamed, with the same query string.

The rows are those of the export of `articles`, newest first, before them their address in this reading room.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

from portal_archive.archive.export import EXPORTS
from portal_archive.archive.search import hits
from portal_archive.publish import cards, formats
from portal_archive.publish.downloads import Download, Part
from portal_archive.publish.feeds import Entry, absolute, feed
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.pages.search import Asked, asked, parameters

_PART = 200
_FEED_ENTRIES = 50
_ARTICLES = EXPORTS["articles"]


async def download(room: PageContext) -> Any:
    """Answer with the whole result of a search as CSV, JSON or JSON Lines."""
    return Download(room, room.request.url_vars["form"], "search", partial(_part, room, asked(room)))


def _part(room: PageContext, wanted: Asked, before: int | None, db: sqlite3.Connection) -> Part:
    orders = hits.every(db, wanted.query, wanted.filters, before, _PART)
    base = absolute(room, "/article/").replace("'", "%27")
    columns = {"archive_url": f"'{base}' || t.id", **_ARTICLES.columns(db)}
    selected = ", ".join(columns.values())
    marks = ", ".join("?" * len(orders))
    sql = f"SELECT t.search_order, {selected} FROM articles t {_ARTICLES.joins} WHERE t.search_order IN ({marks})"
    rows = sorted(db.execute(sql, orders).fetchall(), key=lambda row: -row[0])
    return Part(list(columns), [tuple(row)[1:] for row in rows], orders[-1] if orders else None)


async def atom(room: PageContext) -> Any:
    """Answer with an Atom feed of the newest hits of a search."""
    wanted = asked(room)
    rows = await room.read(lambda db: _newest(db, wanted))
    title = room.t("results.title", query=room.arg("q")) if room.arg("q") else room.t("results.title_blank")
    entries = [_entry(room, row) for row in rows]
    return feed(room, title, "/search.atom", "/search", parameters(room), entries)


def _newest(db: sqlite3.Connection, wanted: Asked) -> list[sqlite3.Row]:
    orders = hits.every(db, wanted.query, wanted.filters, None, _FEED_ENTRIES)
    page = hits.page(
        db,
        wanted.query,
        wanted.filters,
        orders,
        f"{cards.COLUMNS}, a.fetched_at, a.first_seen, a.url",
        start=0,
        size=_FEED_ENTRIES,
    )
    return sorted((hit.row for hit in page), key=lambda row: -row["search_order"])


def _entry(room: PageContext, row: sqlite3.Row) -> Entry:
    here = absolute(room, f"/article/{row['id']}")
    shown = formats.printed(row["published_at"], row["published_precision"]) or room.t("date.unknown")
    return Entry(
        key=here,
        title=row["title"] or room.t("article.untitled"),
        page=here,
        via=room.outside(row["url"]),
        published=row["published_at"] or row["first_seen"],
        updated=row["fetched_at"],
        author=row["author"] or row["portal_title"],
        summary=" · ".join(part for part in (shown, row["portal_title"], row["summary"]) if part),
    )
