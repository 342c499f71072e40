"""`/article/ID/file/N`, `/article/ID/image/N`: the text of an attached file, page by page, or of an image."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from portal_archive.archive.search.snippets import spans
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.parts.body import typeset
from portal_archive.publish.parts.found_words import Marked
from portal_archive.publish.parts.typed import understand

_SHOWN = 10
_LISTED = 40
# Of a longer file, the first pages are looked through for where its words stand.
_MOST_CHARACTERS = 3_000_000
_TABLES = {
    "file": (
        "SELECT title, url, capture_id FROM attachments WHERE article_id = ? AND position = ?",
        "SELECT page, text, confidence FROM attachment_pages WHERE article_id = ? AND position = ? ORDER BY page",
    ),
    "image": (
        "SELECT caption AS title, url, (SELECT c.id FROM captures c WHERE c.url = images.url AND c.status = 200"
        " AND c.kind = 'file' ORDER BY c.fetched_at DESC LIMIT 1) AS capture_id"
        " FROM images WHERE article_id = ? AND position = ?",
        "SELECT 1 AS page, text, confidence FROM images WHERE article_id = ? AND position = ? AND text != ''",
    ),
}


@dataclass(frozen=True, slots=True)
class _File:
    heading: sqlite3.Row
    file: sqlite3.Row
    shown: list[sqlite3.Row]
    numbers: list[int]
    found_on: list[int]


async def attachment(ctx: PageContext) -> Any:
    """Show the text of a file from a page of it on, with the words of a search marked."""
    taken = ctx.request.url_vars
    number, position, kind = int(taken["id"]), int(taken["position"]), taken["kind"]
    typed = ctx.arg("page")
    first = int(typed) if typed.isdecimal() and len(typed) < 7 else 1
    query = await understand(ctx)

    def read(db: sqlite3.Connection) -> _File:
        about, texts = _TABLES[kind]
        heading = db.execute("SELECT title FROM articles WHERE id = ?", [number]).fetchone()
        file = db.execute(about, [number, position]).fetchone()
        if heading is None or file is None:
            raise MissingError
        shown: list[sqlite3.Row] = []
        numbers, found_on, size = [], [], 0
        for page in db.execute(texts, [number, position]):
            numbers.append(page["page"])
            if page["page"] >= first and len(shown) < _SHOWN:
                shown.append(page)
            size += len(page["text"])
            if query.terms and size <= _MOST_CHARACTERS and spans(page["text"], query):
                found_on.append(page["page"])
        if not shown:
            raise MissingError
        return _File(heading, file, shown, numbers, found_on)

    found = await ctx.read(read)
    marked = Marked(query, [row["text"] for row in found.shown])
    here = f"/article/{number}/{kind}/{position}"
    words = [("q", ctx.arg("q"))] if query.terms else []

    def link(page: int) -> str:
        return ctx.url(here, [*words, ("page", str(page))])

    later = [page for page in found.numbers if page > found.shown[-1]["page"]]
    earlier = [page for page in found.numbers if page < found.shown[0]["page"]]
    title = found.file["title"] or found.file["url"].rpartition("/")[2]
    return await ctx.page(
        "room_file.html",
        title=title,
        article=found.heading["title"] or ctx.t("article.untitled"),
        article_url=ctx.url(f"/article/{number}", words),
        stored=found.file["capture_id"] and ctx.url(f"/capture/{found.file['capture_id']}/file"),
        pages=await ctx.compute(
            lambda: [_page(ctx, marked, row, is_alone=kind == "image") for row in found.shown]
        ),
        found_on=[(page, link(page) + "#found") for page in found.found_on[:_LISTED]],
        found_more=len(found.found_on) > _LISTED,
        next_url=link(later[0]) if later else "",
        previous_url=link(earlier[-_SHOWN:][0]) if earlier else "",
    )


def _page(ctx: PageContext, marked: Marked, row: sqlite3.Row, *, is_alone: bool) -> dict[str, Any]:
    confidence = row["confidence"]
    return {
        "label": "" if is_alone else ctx.t("file.page", page=row["page"]),
        "recognised": ctx.t("file.recognised", percent=round(confidence)) if confidence is not None else "",
        "text": marked.html(typeset(None, row["text"], {})[0]),
    }
