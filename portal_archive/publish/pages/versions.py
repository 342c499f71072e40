"""`/article/ID/diff/A/B`: two versions of an article, by word, inline or side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from portal_archive.archive import differences
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.parts import formats
from portal_archive.publish.parts.cards import change_words, json_list
from portal_archive.publish.parts.found_words import Marked
from portal_archive.publish.parts.typed import understand

_FIELDS = (
    "title",
    "summary",
    "author",
    "source",
    "published_at",
    "body",
    "captions",
    "images",
    "attachments",
)


# A row of `article_versions`, or texts by field.
_Texts = sqlite3.Row | Mapping[str, str | None]


def _read(db: sqlite3.Connection, number: int, wanted: tuple[int, int]) -> list[sqlite3.Row]:
    found = {
        row["version"]: row
        for row in db.execute(
            "SELECT * FROM article_versions WHERE article_id = ? AND version IN (?, ?)", [number, *wanted]
        )
    }
    if set(found) != set(wanted):
        raise MissingError
    return [found[version] for version in wanted]


async def diff(ctx: PageContext) -> Any:
    """Show what differs between two versions of an article."""
    taken = ctx.request.url_vars
    number, wanted = int(taken["id"]), (int(taken["before"]), int(taken["after"]))
    before, after = await ctx.read(lambda db: _read(db, number, wanted))
    side = ctx.arg("view") == "side"
    here = f"/article/{number}/diff/{wanted[0]}/{wanted[1]}"
    words = [("q", ctx.arg("q"))] if ctx.arg("q") else []
    marked = (
        Marked(await understand(ctx), [_text(row, field) for row in (before, after) for field in _FIELDS])
        if words
        else None
    )
    return await ctx.page(
        "room_diff.html",
        title=ctx.t(
            "diff.title", a=wanted[0], b=wanted[1], title=after["title"] or ctx.t("article.untitled")
        ),
        article_url=ctx.url(f"/article/{number}", words),
        side=side,
        inline_url=ctx.url(here, words),
        side_url=ctx.url(here, [*words, ("view", "side")]),
        columns=[_heading(ctx, row) for row in (before, after)],
        words=change_words(ctx, after) if wanted[1] - wanted[0] == 1 else "",
        found=ctx.arg("q"),
        fields=await ctx.compute(lambda: compared(ctx, before, after, _FIELDS, marked)),
    )


def compared(
    ctx: PageContext,
    before: _Texts,
    after: _Texts,
    fields: tuple[str, ...],
    marked: Marked | None = None,
) -> list[dict[str, Any]]:
    """Return those of the `fields` that differ between two rows, with their paragraphs side by side.

    `marked`: with the words of a search marked.
    """
    found = []
    for field in fields:
        rows, is_cut = differences.cut(differences.compare(_text(before, field), _text(after, field)))
        if is_cut or any(row.changed for row in rows):
            note = ctx.t("diff.cut") if is_cut else ""
            found.append(
                {
                    "label": ctx.t(f"field.{field}"),
                    "rows": [marked.row(row) for row in rows] if marked else rows,
                    "note": note,
                }
            )
    return found


def _heading(ctx: PageContext, row: sqlite3.Row) -> str:
    label = ctx.t("article.version", n=row["version"])
    seen = ctx.t(
        "article.version_seen", first=formats.minute(row["first_seen"]), last=formats.minute(row["last_seen"])
    )
    return f"{label}: {seen}"


def _text(row: _Texts, field: str) -> str | None:
    if field in ("images", "attachments"):
        return "\n".join(json_list(row[field]))
    if field == "published_at":
        return formats.minute(row[field])
    text: str | None = row[field]
    return text
