"""Files whose text nobody has recognised yet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from portal_archive.archive.sql import row
from portal_archive.archive.warc.lookup import ref_of
from portal_archive.model.file_text import FileText
from portal_archive.model.kinds import FileReason
from portal_archive.model.records import CaptureRef

_SCANS = f"('{FileReason.SCAN}', '{FileReason.SCAN_IN_PART}')"
# Newest articles first: they are searched for most.
_WAITING = f"""
SELECT portal, url, is_image, max(search_order) AS newest FROM (
    SELECT a.portal, t.url, 0 AS is_image, a.search_order
    FROM attachments t JOIN articles a ON a.id = t.article_id
    WHERE t.reason IN {_SCANS} AND t.recognised_at IS NULL AND t.capture_id IS NOT NULL
    UNION ALL
    SELECT a.portal, i.url, 1, a.search_order FROM images i JOIN articles a ON a.id = i.article_id
    WHERE i.recognised_at IS NULL
        AND EXISTS (SELECT 1 FROM captures c WHERE c.url = i.url AND c.portal = a.portal AND c.status = 200)
) WHERE ?1 IS NULL OR portal = ?1 GROUP BY portal, url, is_image ORDER BY is_image, newest DESC
"""
_CAPTURE = (
    "SELECT file, offset, length, digest, revisit_of, revisit_of IS NOT NULL AS revisit FROM captures"
    " WHERE {} AND NOT lost ORDER BY fetched_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file to be recognised: what is known of an attachment (None of an image), and its newest capture."""

    portal: str
    url: str
    known: FileText | None
    capture: CaptureRef
    original: CaptureRef | None  # what the capture repeats


def waiting_scans(db: sqlite3.Connection, portal: str | None = None) -> Iterator[Scan]:
    """Give the files with pages that are pictures and images nobody has looked at, of one portal or all.

    Attachments first. The list is made at the beginning; what is given may be changed.
    """
    for found_in, url, is_image, _ in db.execute(_WAITING, (portal,)).fetchall():
        known = None if is_image else _known(db, found_in, url)
        capture = row(
            db, _CAPTURE.format("url = ? AND portal = ? AND status = 200"), url, found_in
        ) or _of_attachment(db, found_in, url)
        if capture is None:
            continue
        original = row(db, _CAPTURE.format("id = ?"), capture["revisit_of"])
        yield Scan(found_in, url, known, ref_of(capture), ref_of(original) if original else None)


def count_waiting(db: sqlite3.Connection, portal: str | None = None) -> int:
    """Return how many files `waiting_scans` gives."""
    return int(db.execute(f"SELECT count(*) FROM ({_WAITING})", (portal,)).fetchone()[0])


def _known(db: sqlite3.Connection, portal: str, url: str) -> FileText:
    found = row(
        db,
        "SELECT t.text, t.page_spans, t.reason FROM attachments t JOIN articles a ON a.id = t.article_id"
        " WHERE a.portal = ? AND t.url = ?",
        portal,
        url,
    )
    assert found is not None
    return FileText.stored(found["text"], json.loads(found["page_spans"]), found["reason"])


def _of_attachment(db: sqlite3.Connection, portal: str, url: str) -> sqlite3.Row | None:
    """Return the capture that an attachment names, which may be of another URL it redirects to."""
    return row(
        db,
        _CAPTURE.format(
            "id = (SELECT t.capture_id FROM attachments t JOIN articles a ON a.id = t.article_id"
            " WHERE a.portal = ? AND t.url = ? AND t.capture_id IS NOT NULL LIMIT 1)"
        ),
        portal,
        url,
    )
