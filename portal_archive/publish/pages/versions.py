"""`/article/ID/diff/A/B`: two versions of an article, by word, inline or side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from portal_archive.publish import differences, formats
from portal_archive.publish.cards import json_list
from portal_archive.publish.change_words import change_words
from portal_archive.publish.page_context import MissingError, PageContext

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


async def diff(room: PageContext) -> Any:
    """Show what differs between two versions of an article."""
    taken = room.request.url_vars
    number, wanted = int(taken["id"]), (int(taken["before"]), int(taken["after"]))
    before, after = await room.read(lambda db: _read(db, number, wanted))
    side = room.arg("view") == "side"
    here = f"/article/{number}/diff/{wanted[0]}/{wanted[1]}"
    return await room.page(
        "room_diff.html",
        title=room.t(
            "diff.title", a=wanted[0], b=wanted[1], title=after["title"] or room.t("article.untitled")
        ),
        article_url=room.url(f"/article/{number}"),
        side=side,
        inline_url=room.url(here),
        side_url=room.url(here, [("view", "side")]),
        columns=[_heading(room, row) for row in (before, after)],
        words=change_words(after["changed"], room.lang) if wanted[1] - wanted[0] == 1 else "",
        fields=compared(room, before, after, _FIELDS),
    )


def compared(
    room: PageContext, before: _Texts, after: _Texts, fields: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return those of the `fields` that differ between two rows, with their paragraphs side by side."""
    return [
        {"label": room.t(f"field.{field}"), "rows": rows}
        for field in fields
        for rows in [differences.compare(_text(before, field), _text(after, field))]
        if any(row.changed for row in rows)
    ]


def _heading(room: PageContext, row: sqlite3.Row) -> str:
    label = room.t("article.version", n=row["version"])
    seen = room.t(
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
