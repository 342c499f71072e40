"""`/story/ID`: one text in several portals: who was first, who followed, and what each of them changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.archive import differences
from portal_archive.archive.moments import VIETNAM
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.pages.versions import compared
from portal_archive.publish.parts import formats
from portal_archive.publish.parts.cards import COLUMNS, JOIN, card

_FIELDS = ("title", "body")
_SHOWN = 200
_EXACT = ("minute", "second")

_STORY = "SELECT id, articles, portals, joined FROM stories WHERE id = ?"
_ARTICLES = f"""
SELECT {COLUMNS}, a.first_seen, s.words_left_out, s.words_added, s.percent_changed
FROM story_articles s JOIN articles a ON a.id = s.article_id {JOIN}
WHERE s.story_id = ? ORDER BY s.position LIMIT {_SHOWN}
"""


@dataclass(frozen=True, slots=True)
class _Found:
    story: sqlite3.Row
    articles: list[sqlite3.Row]
    pair: tuple[sqlite3.Row, sqlite3.Row]


def _read(db: sqlite3.Connection, number: int, wanted: tuple[str, str]) -> _Found | int:
    """Return a story and two of its articles to compare; or the number of the story it has become part of."""
    story = db.execute(_STORY, [number]).fetchone()
    if story is None:
        raise MissingError
    if story["joined"] is not None:
        return int(story["joined"])
    articles = db.execute(_ARTICLES, [number]).fetchall()
    if len(articles) < 2:
        raise MissingError
    ids = [str(row["id"]) for row in articles]
    chosen = [one if one in ids else otherwise for one, otherwise in zip(wanted, ids, strict=False)]
    texts = [
        db.execute("SELECT id, title, summary, body FROM articles WHERE id = ?", [one]).fetchone()
        for one in chosen
    ]
    return _Found(story, articles, (texts[0], texts[1]))


async def story(ctx: PageContext) -> Any:
    """Show a story, with two of its articles side by side."""
    number = int(ctx.request.url_vars["id"])
    found = await ctx.read(lambda db: _read(db, number, (ctx.arg("a"), ctx.arg("b"))))
    if isinstance(found, int):
        return Response.redirect(ctx.url(f"/story/{found}"))
    first, (left, right) = found.articles[0], found.pair
    here = f"/story/{number}"
    pair = [("a", str(left["id"])), ("b", str(right["id"]))]
    items = [_item(ctx, here, first, row) for row in found.articles]
    labels = {item["id"]: item["label"] for item in items}
    beyond = found.story["articles"] - len(found.articles)
    return await ctx.page(
        "room_story.html",
        title=first["title"] or ctx.t("article.untitled"),
        count=ctx.t("story.count", articles=found.story["articles"], portals=found.story["portals"]),
        articles=items,
        more=ctx.t("story.more", n=beyond) if beyond > 0 else "",
        table_url=ctx.table_url("story_articles", [("story_id", str(number))]),
        here=ctx.url(here),
        pickers=[
            ("a", ctx.t("story.left"), left["id"]),
            ("b", ctx.t("story.right"), right["id"]),
        ],
        side=ctx.arg("view") != "inline",
        side_url=ctx.url(here, [*pair, ("view", "side")]) + "#side",
        inline_url=ctx.url(here, [*pair, ("view", "inline")]) + "#side",
        heads=[labels[left["id"]], labels[right["id"]]],
        fields=await ctx.compute(lambda: _differences(ctx, left, right)),
    )


def _differences(ctx: PageContext, left: sqlite3.Row, right: sqlite3.Row) -> list[dict[str, Any]]:
    before, after = _text(left), _text(right)
    return compared(
        ctx,
        {"title": left["title"], "body": before},
        {"title": right["title"], "body": differences.reflow(before, after)},
        _FIELDS,
    )


def _text(row: sqlite3.Row) -> str:
    # One portal's summary is the first paragraph of another.
    lines = "\n".join(text for text in (row["summary"], row["body"]) if text).split("\n")
    return "\n".join(line.strip() for line in lines)


def _item(ctx: PageContext, here: str, first: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    shown = card(ctx, row)
    pair = [("a", str(first["id"])), ("b", str(row["id"]))]
    return {
        "id": row["id"],
        "card": shown,
        "label": f"{shown['portal']}, {shown['date']}",
        "when": _when(ctx, first, row),
        "changed": ctx.t("story.first") if row is first else _changed(ctx, row),
        "compare": "" if row is first else ctx.url(here, pair) + "#side",
    }


def _changed(ctx: PageContext, row: sqlite3.Row) -> str:
    if not row["percent_changed"]:
        return ctx.t("story.whole")
    return ctx.t(
        "story.changed",
        percent=row["percent_changed"],
        left_out=row["words_left_out"],
        added=row["words_added"],
    )


def _when(ctx: PageContext, first: sqlite3.Row, row: sqlite3.Row) -> str:
    """Say how long after the first an article was published, as exactly as both pages state it."""
    if row["published_at"] is None:
        return ctx.t("story.seen", when=formats.minute(row["first_seen"]))
    if row is first or first["published_at"] is None:
        return ""
    start, moment = (datetime.fromisoformat(one["published_at"]).astimezone(VIETNAM) for one in (first, row))
    days = (moment.date() - start.date()).days
    if days < 0:
        return ctx.t("story.earlier_days", n=-days)
    exact = all(one["published_precision"] in _EXACT for one in (first, row))
    minutes = int((moment - start).total_seconds()) // 60
    if not exact or minutes < 0:
        return ctx.t("story.later_days", n=days) if days else ctx.t("story.same_day")
    if minutes < 60:
        return ctx.t("story.later_minutes", n=minutes)
    return (
        ctx.t("story.later_hours", n=minutes // 60)
        if minutes < 48 * 60
        else ctx.t("story.later_days", n=days)
    )
