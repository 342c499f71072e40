"""`/article/ID/version/N/HASH`: a version of an article as it was, at an address that never shows another text."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.archive.warc.lookup import nearest_capture
from portal_archive.model.kinds import Precision
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.pages import article
from portal_archive.publish.parts import citing, permalinks, stored
from portal_archive.publish.parts.body import typeset
from portal_archive.publish.parts.tampering import Findings


class _TextGoneError(MissingError):
    """The article has no version of this hash."""


@dataclass(frozen=True, slots=True)
class _Found:
    article: article.Found
    version: sqlite3.Row
    capture: sqlite3.Row | None
    images: list[tuple[str, int | None]]


def _read(db: sqlite3.Connection, number: int, version: int, content_hash: str) -> _Found:
    """Read a version: that of a hash, wherever it stands now, else that of a number. Raises MissingError."""
    found = article.read(db, number)
    same = [row for row in found.versions if content_hash and row["content_hash"].startswith(content_hash)]
    candidates = same if content_hash else found.versions
    row = next((row for row in candidates if row["version"] == version), same[0] if same else None)
    if row is None:
        raise _TextGoneError if content_hash else MissingError
    images = [
        (url, nearest_capture(db, url, row["last_seen"], kind="file"))
        for url in json.loads(row["images"] or "[]")
    ]
    capture = stored.row(db, row["capture_id"]) if row["capture_id"] else None
    return _Found(found, row, capture, images)


async def version(ctx: PageContext) -> Any:
    """Show a version of an article; an address whose text is not in the archive any more says so."""
    taken = ctx.request.url_vars
    number, wanted, content_hash = int(taken["id"]), int(taken["version"]), taken.get("hash") or ""
    try:
        found = await ctx.read(lambda db: _read(db, number, wanted, content_hash))
    except article.MergedError as merged:
        if not content_hash:
            # The numbers of its versions are others now.
            return Response.redirect(ctx.url(f"/article/{merged.number}"))
        return Response.redirect(ctx.url(f"/article/{merged.number}/version/{wanted}/{content_hash}"))
    except _TextGoneError:
        return await ctx.page(
            "room_error.html",
            404,
            title=ctx.t("error.missing"),
            explanation=ctx.t("article.text_gone"),
            leads=[(ctx.t("article.text_gone_now"), ctx.url(f"/article/{number}"))],
        )
    row = found.version
    if content_hash and row["version"] != wanted:
        moved = permalinks.of_version(number, row["version"], row["content_hash"])
        return Response.redirect(ctx.url(moved))
    findings = Findings(ctx, number, found.article.findings, row["content_hash"])
    precision = _precision(row, found.article.article)
    body = typeset(None, row["body"], {})[0]
    text = article.texts(ctx, row, findings, body, precision)
    text |= await article.marked_texts(ctx, text, row)
    return await ctx.page(
        "room_version.html",
        **text,
        tampered=findings.banner(
            found.article.versions, "tampered.title_version", text["heading"], text["summary"], text["body"]
        ),
        notice=ctx.t(
            "article.this_version" if row["is_current"] else "article.old_version", n=row["version"]
        ),
        current_url=ctx.url(f"/article/{number}"),
        images=[
            {"url": url, "stored": kept and ctx.url(f"/capture/{kept}/file")} for url, kept in found.images
        ],
        url=row["url"],
        seen=article.seen(ctx, row),
        capture_url=found.capture
        and ctx.url(permalinks.of_capture(found.capture["id"], found.capture["digest"])),
        capture_label=found.capture and ctx.t("article.capture_open", id=str(found.capture["id"])),
        **citing.of_version(
            ctx,
            found.article.article,
            row,
            found.capture,
            precision,
            found.capture["fetched_at"] if found.capture else row["first_seen"],
        ),
    )


def _precision(row: sqlite3.Row, current: sqlite3.Row) -> str:
    """Return how exactly the date of a version is known; where that was not kept, no more exactly than it can be."""
    kept = dict(row).get("published_precision")
    if kept is None and row["published_at"] == current["published_at"]:
        kept = current["published_precision"]
    at_midnight = "T00:00:00" in (row["published_at"] or "")
    return kept or (Precision.DAY if at_midnight else Precision.MINUTE)
