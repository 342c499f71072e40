"""`/search.csv`, `.json`, `.jsonl`, `.atom`: a search taken away whole, streamed, with the same query string.

The rows are those of the export of `articles`, newest first; permalinks lead to this reading room.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.search import hits, ranking
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.pages.search import Asked, asked, parameters
from portal_archive.publish.parts import cards, formats
from portal_archive.publish.parts.downloads import Download, Part
from portal_archive.publish.parts.feeds import Entry, absolute, feed

_PART = 200
_FEED_ENTRIES = 50
_ARTICLES = EXPORTS["articles"]


async def download(ctx: PageContext) -> Any:
    """Answer with the whole result of a search, in a format of the exports."""
    return Download(ctx, ctx.request.url_vars["form"], "search", partial(_part, ctx, await asked(ctx)))


def _part(ctx: PageContext, wanted: Asked, before: int | None, db: sqlite3.Connection) -> Part:
    orders = hits.every(db, wanted.query, wanted.filters, before, _PART)
    columns = _ARTICLES.columns(db, absolute(ctx, "/").rstrip("/"))
    selected = ", ".join(columns.values())
    marks = ", ".join("?" * len(orders))
    sql = f"SELECT t.search_order, {selected} FROM {_ARTICLES.rows} WHERE t.search_order IN ({marks})"
    rows = sorted(db.execute(sql, orders).fetchall(), key=lambda row: -row[0])
    return Part(list(columns), [tuple(row)[1:] for row in rows], orders[-1] if orders else None)


async def atom(ctx: PageContext) -> Any:
    """Answer with an Atom feed of the newest hits of a search."""
    wanted = await asked(ctx)
    rows = await ctx.read(lambda db: _newest(db, wanted))
    title = ctx.t("results.title", query=ctx.arg("q")) if ctx.arg("q") else ctx.t("results.title_blank")
    entries = [_entry(ctx, row) for row in rows]
    return feed(ctx, title, "/search.atom", "/search", parameters(ctx, wanted), entries)


def _newest(db: sqlite3.Connection, wanted: Asked) -> list[sqlite3.Row]:
    orders = hits.every(db, wanted.query, wanted.filters, None, _FEED_ENTRIES)
    return ranking.rows(db, orders, f"{cards.COLUMNS}, a.fetched_at, a.first_seen, a.url")


def _entry(ctx: PageContext, row: sqlite3.Row) -> Entry:
    here = absolute(ctx, f"/article/{row['id']}")
    shown = formats.printed(row["published_at"], row["published_precision"]) or ctx.t("date.unknown")
    return Entry(
        key=here,
        title=row["title"] or ctx.t("article.untitled"),
        page=here,
        via=ctx.outside(row["url"]),
        published=row["published_at"] or row["first_seen"],
        updated=row["fetched_at"],
        author=row["author"] or row["portal_title"],
        summary=" · ".join(part for part in (shown, row["portal_title"], row["summary"]) if part),
    )
