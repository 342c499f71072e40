"""`/article/ID.wacz`, `/search.wacz`: the captures of an article, or of a search's newest hits, packed to take away."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from portal_archive.archive.search import hits
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.pages.search import asked
from portal_archive.publish.parts.packages import MOST_ARTICLES, Wanted, package

_BY_ORDER = """
SELECT id FROM articles WHERE search_order IN (SELECT value FROM json_each(?)) ORDER BY search_order DESC
"""


async def of_article(ctx: PageContext) -> Any:
    """Answer with the captures that prove an article. Raises MissingError."""
    number = int(ctx.request.url_vars["id"])
    found = await ctx.read(
        lambda db: db.execute("SELECT title FROM articles WHERE id = ?", [number]).fetchone()
    )
    if found is None:
        raise MissingError
    title = found["title"] or ctx.t("article.untitled")
    return await package(ctx, f"article-{number}", lambda _: Wanted(title, [number]))


async def of_search(ctx: PageContext) -> Any:
    """Answer with the captures that prove the newest hits of a search."""
    wanted = await asked(ctx)
    typed = ctx.arg("q")

    def choose(db: sqlite3.Connection) -> Wanted:
        orders = hits.every(db, wanted.query, wanted.filters, None, MOST_ARTICLES + 1)
        numbers = [number for (number,) in db.execute(_BY_ORDER, [json.dumps(orders[:MOST_ARTICLES])])]
        title = ctx.t("results.title", query=typed) if typed else ctx.t("results.title_blank")
        return Wanted(title, numbers, more=len(orders) > MOST_ARTICLES)

    return await package(ctx, "search", choose)
