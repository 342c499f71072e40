"""`/capture/ID`: what a server answered, and when; the page itself is shown where it can do no harm."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.model.errors import ArchiveError
from portal_archive.model.records import Fetch
from portal_archive.publish.page_context import HEADERS, MissingError, PageContext
from portal_archive.publish.parts import formats, permalinks, stored
from portal_archive.publish.parts.feeds import absolute

# A stored page runs nothing, sends nothing and loads nothing.
_HARMLESS = {
    **HEADERS,
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    ),
}
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"})


@dataclass(frozen=True, slots=True)
class _Found:
    capture: sqlite3.Row
    original: sqlite3.Row | None
    article: sqlite3.Row | None


def _read(db: sqlite3.Connection, capture_id: int) -> _Found:
    capture = stored.row(db, capture_id)
    original = stored.row(db, capture["revisit_of"]) if capture["revisit_of"] else None
    article = db.execute(
        "SELECT a.id, a.title FROM article_urls u JOIN articles a ON a.id = u.article_id"
        " WHERE u.url = ? LIMIT 1",
        [capture["url"]],
    ).fetchone()
    return _Found(capture, original, article)


async def capture(ctx: PageContext) -> Any:
    """Show what is known of a capture, and the stored page in a frame."""
    number = int(ctx.request.url_vars["id"])
    found = await ctx.read(lambda db: _read(db, number))
    row = found.capture
    wanted = ctx.request.url_vars.get("digest")
    if wanted and permalinks.of_capture(number, row["digest"]) != f"/capture/{number}/{wanted}":
        raise MissingError
    here = f"/capture/{number}"
    permalink = absolute(ctx, permalinks.of_capture(number, row["digest"]))
    return await ctx.page(
        "room_capture.html",
        title=ctx.t("capture.title", id=str(number)),
        facts=[
            (ctx.t("capture.url"), row["url"]),
            (ctx.t("article.captured"), formats.minute(row["fetched_at"])),
            (ctx.t("capture.grade"), grade(ctx, row)),
            (ctx.t("capture.status"), str(row["status"])),
            (ctx.t("capture.type"), row["content_type"] or "–"),
            (ctx.t("capture.kind"), row["kind"]),
            (ctx.t("article.digest"), row["digest"]),
            (ctx.t("article.place"), place(ctx, row)),
            (ctx.t("article.permalink"), permalink),
        ],
        same_as=found.original and ctx.url(f"/capture/{found.original['id']}"),
        same_as_id=found.original and found.original["id"],
        article=found.article and ctx.url(f"/article/{found.article['id']}"),
        article_title=found.article and (found.article["title"] or ctx.t("article.untitled")),
        is_page="html" in (row["content_type"] or "html"),
        page_url=ctx.url(f"{here}/page"),
        raw_url=ctx.url(f"{here}/raw"),
        file_url=ctx.url(f"{here}/file"),
        row_url=ctx.table_url("captures") + f"/{number}",
    )


def grade(ctx: PageContext, row: sqlite3.Row) -> str:
    """Return whose evidence a capture is: this archive's own, or another's that was imported."""
    return ctx.t("capture.imported" if row["imported"] else "capture.own")


def place(ctx: PageContext, row: sqlite3.Row) -> str:
    """Return where a capture stands: WARC file, offset and length."""
    where = ctx.t("article.offset", offset=ctx.number(row["offset"]), length=ctx.number(row["length"]))
    return f"{row['file']}, {where}"


async def stored_source(ctx: PageContext) -> Any:
    """Answer with the stored page's source code."""
    return await _answer(
        ctx, lambda fetch: Response(fetch.body, content_type=f"text/plain; charset={_charset(fetch)}")
    )


async def stored_file(ctx: PageContext) -> Any:
    """Answer with a stored picture, or with any other file as a download."""

    def respond(fetch: Fetch) -> Response:
        kind = stored.content_type(fetch).get_content_type()
        if kind in _PICTURES:
            return Response(fetch.body, content_type=kind, headers={"Cache-Control": "max-age=31536000"})
        name = fetch.url.rstrip("/").rpartition("/")[2].partition("?")[0] or "capture"
        safe = "".join(
            letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name
        )
        return Response(
            fetch.body,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{safe}"'},
        )

    return await _answer(ctx, respond)


async def _answer(ctx: PageContext, respond: Any) -> Any:
    try:
        response = respond(await _fetch(ctx))
    except ArchiveError as error:
        return await unreadable(ctx, error)
    response.headers.update(_HARMLESS)
    return response


async def _fetch(ctx: PageContext) -> Fetch:
    return await stored.fetch(ctx, int(ctx.request.url_vars["id"]))


async def unreadable(ctx: PageContext, error: ArchiveError) -> Any:
    """Answer that a capture cannot be read, and why."""
    explanation = ctx.t("capture.unreadable", why=str(error))
    return await ctx.page("room_error.html", 404, title=ctx.t("error.missing"), explanation=explanation)


def _charset(fetch: Fetch) -> str:
    charset = stored.content_type(fetch).get_content_charset() or "utf-8"
    return charset if charset.replace("-", "").replace("_", "").isalnum() else "utf-8"
