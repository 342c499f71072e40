"""Stored captures, as the archive keeps them beside its file."""

from __future__ import annotations

import sqlite3
from email.message import Message
from pathlib import Path

from portal_archive.archive.warc.captures import read_capture
from portal_archive.archive.warc.lookup import original_of
from portal_archive.model.records import CaptureRef, Fetch
from portal_archive.publish.hardening import serving
from portal_archive.publish.page_context import MissingError, PageContext

COLUMNS = "id, portal, url, fetched_at, status, content_type, kind, digest, file, offset, length, revisit_of, imported"


def row(db: sqlite3.Connection, capture_id: int) -> sqlite3.Row:
    """Return a row of `captures`. Raises MissingError."""
    found: sqlite3.Row | None = db.execute(
        f"SELECT {COLUMNS} FROM captures WHERE id = ?", [capture_id]
    ).fetchone()
    if found is None:
        raise MissingError
    return found


def read(db: sqlite3.Connection, folder: Path, found: sqlite3.Row) -> Fetch:
    """Return the response of a row of `captures`. Raises ArchiveError naming the file it cannot read."""
    place = CaptureRef(
        found["file"], found["offset"], found["length"], found["digest"], found["revisit_of"] is not None
    )
    return read_capture(folder, place, original_of(db))


async def fetch(ctx: PageContext, capture_id: int) -> Fetch:
    """Return the stored response. Raises MissingError, or ArchiveError naming the file it cannot read."""
    folder = captures_folder(ctx)
    return await ctx.read(lambda db: read(db, folder, row(db, capture_id)))


def content_type(fetch: Fetch) -> Message:
    """Return the Content-Type of a response, parsed; that of plain text where it has none."""
    message = Message()
    for name, value in fetch.headers:
        if name.lower() == "content-type":
            message["Content-Type"] = value
    return message


def captures_folder(ctx: PageContext) -> Path:
    """Return the folder of the WARC files: the plugin's setting `captures`, else beside the archive."""
    configured = (ctx.datasette.plugin_config(serving.PLUGIN) or {}).get("captures")
    if configured:
        return Path(configured)
    return Path(ctx.archive_path).absolute().parent / "captures"
