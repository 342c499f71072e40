"""`/search.csv`, `.json`, `.jsonl`, `.atom`: a search taken away whole, streamed, with the same query string.

The rows are those of the export of `articles`, newest first; permalinks lead to this reading room.
"""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import Any

from portal_archive.archive.events import passages
from portal_archive.archive.events.passages import Passages
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.search import hits
from portal_archive.model.kinds import ChangeWeight, EventKind
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.pages.search import Asked, asked, parameters
from portal_archive.publish.parts import cards, formats
from portal_archive.publish.parts.downloads import Download, Part
from portal_archive.publish.parts.feeds import Entry, absolute, feed
from portal_archive.publish.parts.listing import Parameters
from portal_archive.publish.parts.passage_html import as_html

_PART = 200
_FEED_ENTRIES = 50
# Of the newest ten thousand hits, those to which something happened last: found, changed, taken down, put back.
_BY_EVENT = f"""
SELECT {cards.COLUMNS}, a.summary, a.first_seen, a.url, v.weight, v.first_seen AS version_seen,
       max(a.first_seen, v.first_seen, coalesce(a.gone_at, ''), coalesce(a.came_back_at, '')) AS happened_at
FROM articles a {cards.JOIN} JOIN versions v ON v.article_id = a.id AND v.version = a.version
WHERE a.search_order IN (SELECT value FROM json_each(?)) ORDER BY happened_at DESC, a.search_order DESC
LIMIT {_FEED_ENTRIES}
"""
_NAMES = "SELECT name, title FROM portals UNION ALL SELECT id, name FROM provinces"
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
    found = await ctx.read(lambda db: _newest(db, wanted))
    names = await ctx.read(lambda db: dict(db.execute(_NAMES).fetchall()))
    kept = parameters(ctx, wanted)
    entries = [_entry(ctx, row, words) for row, words in found]
    return feed(ctx, _title(ctx, kept, names), "/search.atom", "/search", kept, entries)


def _title(ctx: PageContext, kept: Parameters, names: dict[str, str]) -> str:
    """Return what the feed is of: the words of the search, and all that narrows it."""
    parts = [ctx.t("results.title", query=ctx.arg("q")) if ctx.arg("q") else ctx.t("results.title_blank")]
    for name, value in kept:
        if name in ("since", "until"):
            parts.append(ctx.t(f"changes.{name}", day=formats.day(value)))
        elif name == "flag":
            parts.append(ctx.t(f"flag.{value}"))
        elif name in hits.FACETS:
            parts.append(names.get(value, value))
    return " · ".join(parts)


def _newest(db: sqlite3.Connection, wanted: Asked) -> list[tuple[sqlite3.Row, Passages]]:
    """Return the hits to which something happened last, and the words of it where they were changed."""
    orders = hits.every(db, wanted.query, wanted.filters, None, hits.COUNTED)
    rows = db.execute(_BY_EVENT, [json.dumps(orders)]).fetchall()
    return [
        (row, passages.of_change(db, row["id"], row["version"]) if _is_edit(row) else Passages())
        for row in rows
    ]


def _is_edit(row: sqlite3.Row) -> bool:
    return bool(row["version"] > 1 and row["happened_at"] == row["version_seen"])


def _label(ctx: PageContext, row: sqlite3.Row) -> str:
    """Return what happened to a hit, "" where it is new."""
    if row["happened_at"] == row["came_back_at"]:
        return ctx.t(f"changes.{EventKind.CAME_BACK}")
    if row["happened_at"] == row["gone_at"]:
        return ctx.t(f"changes.{EventKind.GONE}")
    return ctx.t(f"weight.{ChangeWeight(row['weight'])}") if _is_edit(row) and row["weight"] else ""


def _entry(ctx: PageContext, row: sqlite3.Row, words: Passages) -> Entry:
    here = absolute(ctx, f"/article/{row['id']}")
    shown = formats.printed(row["published_at"], row["published_precision"]) or ctx.t("date.unknown")
    return Entry(
        key=here,
        title=": ".join(filter(None, (_label(ctx, row), row["title"] or ctx.t("article.untitled")))),
        page=here,
        via=ctx.outside(row["url"]),
        published=row["published_at"] or row["first_seen"],
        updated=row["happened_at"],
        author=row["author"] or row["portal_title"],
        summary=" · ".join(part for part in (shown, row["portal_title"], row["summary"]) if part),
        content=as_html(ctx, words, f"{row['portal_title']} · {shown}") if words.shown else "",
    )
