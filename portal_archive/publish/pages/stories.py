"""`/stories`: every text that several portals published, those of the most portals first."""

from __future__ import annotations

from typing import Any

from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts.cards import COLUMNS, JOIN, card
from portal_archive.publish.parts.listing import start

_SIZE = 30
_FARTHEST = 3000
_STORIES = f"""
SELECT s.id AS story_id, s.articles, s.portals, {COLUMNS}
FROM stories s JOIN articles a ON a.id = s.first_article {JOIN}
WHERE s.joined IS NULL AND s.articles > 1 ORDER BY s.portals DESC, s.articles DESC, s.id DESC LIMIT ? OFFSET ?
"""


async def stories(ctx: PageContext) -> Any:
    """Show a part of the list."""
    first = start(ctx, _FARTHEST)
    rows = await ctx.read(lambda db: db.execute(_STORIES, [_SIZE + 1, first]).fetchall())
    more = len(rows) > _SIZE and first + _SIZE <= _FARTHEST
    lines = [
        card(ctx, row, ctx.t("story.count", articles=row["articles"], portals=row["portals"]))
        | {"url": ctx.url(f"/story/{row['story_id']}")}
        for row in rows[:_SIZE]
    ]
    before = [("start", str(first - _SIZE))] if first > _SIZE else []
    return await ctx.page(
        "room_stories.html",
        title=ctx.t("story.list"),
        lines=lines,
        next_url=ctx.url("/stories", [("start", str(first + _SIZE))]) if more else "",
        previous_url=ctx.url("/stories", before) if first else "",
    )
