"""`/dossier?item=...&note=...`: what a reader collects, at an address that holds all of it.

`/dossier/add?item=...` adds to the dossier that the browser remembers in a cookie; `/dossier/keep` remembers another.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import dossiers, formats, permalinks
from portal_archive.publish.parts.dossiers import Dossier
from portal_archive.publish.parts.downloads import Download, Part, offers
from portal_archive.publish.parts.feeds import absolute
from portal_archive.publish.parts.packages import Wanted, package

_COOKIE = "room_dossier"
# Browsers keep cookies of 4096 bytes.
_MOST_REMEMBERED = 3500
_A_YEAR = 365 * 24 * 3600
_COLUMNS = [
    "item",
    "title",
    "portal",
    "published_at",
    "url",
    "permalink",
    "capture",
    "captured_at",
    "digest",
    "note",
]


async def dossier(ctx: PageContext) -> Any:
    """Show the dossier of the address; without one, that which the browser remembers."""
    asked, remembered = dossiers.read_query(ctx.request.query_string), _remembered(ctx)
    if not asked.items and remembered.items:
        return Response.redirect(ctx.url("/dossier", remembered.query()))
    rows = await ctx.read(lambda db: _find(db, asked))
    return await ctx.page(
        "room_dossier.html",
        title=asked.title or ctx.t("dossier.title"),
        dossier=asked,
        address=absolute(ctx, "/dossier", asked.query()),
        items=[_item(ctx, item, note, row) for (item, note), row in zip(asked.items, rows, strict=True)],
        is_remembered=asked == remembered,
        longest=dossiers.LONGEST_NOTE,
        formats=[
            *offers(ctx, "/dossier", asked.query())[:-1],
            ("WACZ", ctx.url("/dossier.wacz", asked.query())),
        ],
    )


async def add(ctx: PageContext) -> Any:
    """Add an item to the dossier that the browser remembers, and show that."""
    return _remember(ctx, _remembered(ctx).with_item(ctx.arg("item")))


async def keep(ctx: PageContext) -> Any:
    """Let the browser remember the dossier of the address, without the item at the place `remove`."""
    asked = dossiers.read_query(ctx.request.query_string)
    place = ctx.arg("remove")
    if place.isdecimal() and len(place) < 4:
        asked = asked.without(int(place))
    return _remember(ctx, asked)


async def download(ctx: PageContext) -> Any:
    """Answer with the dossier as a table."""
    asked = dossiers.read_query(ctx.request.query_string)

    def read(_: Any, db: sqlite3.Connection) -> Part:
        found = zip(asked.items, _find(db, asked), strict=True)
        return Part(_COLUMNS, [_cells(ctx, item, note, row) for (item, note), row in found], None)

    return Download(ctx, ctx.request.url_vars["form"], "dossier", read)


async def take_away(ctx: PageContext) -> Any:
    """Answer with the captures that prove what is in the dossier."""
    asked = dossiers.read_query(ctx.request.query_string)

    def choose(db: sqlite3.Connection) -> Wanted:
        articles, captures = dossiers.numbers(_find(db, asked))
        return Wanted(asked.title or ctx.t("dossier.title"), articles, captures)

    return await package(ctx, "dossier", choose)


def _find(db: sqlite3.Connection, asked: Dossier) -> list[sqlite3.Row | None]:
    return [dossiers.find(db, item) for item, _ in asked.items]


def _remembered(ctx: PageContext) -> Dossier:
    return dossiers.read_query(ctx.request.cookies.get(_COOKIE) or "")


def _remember(ctx: PageContext, kept: Dossier) -> Response:
    response = Response.redirect(ctx.url("/dossier", kept.query()))
    text = dossiers.write_query(kept)
    # One that is too long is still at its address, which says that it is not remembered.
    if len(text) <= _MOST_REMEMBERED:
        response.set_cookie(_COOKIE, text, max_age=_A_YEAR, httponly=True)
    return response


def _item(ctx: PageContext, item: str, note: str, row: sqlite3.Row | None) -> dict[str, Any]:
    kind = item.partition(":")[0]
    if row is None:
        return {"key": item, "note": note, "title": item, "url": "", "kind": ctx.t("dossier.missing")}
    path = dossiers.path_of(row)
    return {
        "key": item,
        "note": note,
        "title": row["title"] or ctx.t("article.untitled"),
        "url": ctx.url(path),
        "address": absolute(ctx, path),
        "kind": ctx.t(f"dossier.{kind}", n=row["version"] or 0),
        "portal": row["portal_title"],
        "portal_url": ctx.url(f"/portal/{row['portal']}"),
        "date": formats.printed(row["published_at"], row["published_precision"]) or ctx.t("date.unknown"),
        "captured": formats.minute(row["fetched_at"]),
        "digest": row["digest"],
        "words": row["span"] if kind == "finding" else "",
    }


def _cells(ctx: PageContext, item: str, note: str, row: sqlite3.Row | None) -> tuple[Any, ...]:
    if row is None:
        return (item, *[None] * (len(_COLUMNS) - 2), note)
    capture = permalinks.of_capture(row["capture_id"], row["digest"]) if row["capture_id"] else None
    return (
        item,
        row["title"],
        row["portal_title"],
        row["published_at"],
        row["url"],
        absolute(ctx, dossiers.path_of(row)),
        capture and absolute(ctx, capture),
        row["fetched_at"],
        row["digest"],
        note,
    )
