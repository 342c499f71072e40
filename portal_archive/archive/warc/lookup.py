"""Finding captures by URL and time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import row
from portal_archive.archive.warc.captures import Lookup, payload_digest
from portal_archive.model.records import CaptureRef, Fetch

_REF = "file, offset, length, digest, revisit_of IS NOT NULL AS revisit"


def is_stored(db: sqlite3.Connection, fetch: Fetch) -> bool:
    """Tell whether the archive has a capture of this response, made at the same second."""
    found = row(
        db,
        "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? AND digest = ?",
        fetch.url,
        to_text(fetch.fetched_at),
        payload_digest(fetch.body),
    )
    return found is not None


def has_capture(db: sqlite3.Connection, url: str, at: datetime) -> bool:
    """Tell whether the archive has a capture of a URL that was made at this second."""
    return row(db, "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ?", url, to_text(at)) is not None


def find_capture(db: sqlite3.Connection, url: str, at: datetime | None = None) -> CaptureRef | None:
    """Return the last capture of a URL, or the last one made until `at`."""
    until = to_text(at) if at else "9999"
    found = row(
        db,
        f"SELECT {_REF} FROM captures WHERE url = ? AND fetched_at <= ? AND NOT rendered"
        " ORDER BY fetched_at DESC, id DESC LIMIT 1",
        url,
        until,
    )
    return ref_of(found) if found else None


def last_page(db: sqlite3.Connection, url: str) -> CaptureRef | None:
    """Return the last capture of a URL that was answered with status 200."""
    found = _last(db, url)
    return ref_of(found) if found else None


def last_page_at(db: sqlite3.Connection, url: str) -> str | None:
    """Return the moment of the last capture of a URL that was answered with status 200, as text in UTC."""
    found = _last(db, url)
    return found["fetched_at"] if found else None


def _last(db: sqlite3.Connection, url: str) -> sqlite3.Row | None:
    return row(
        db,
        f"SELECT {_REF}, fetched_at FROM captures WHERE url = ? AND status = 200 AND NOT lost AND NOT rendered"
        " ORDER BY fetched_at DESC LIMIT 1",
        url,
    )


def nearest_capture(db: sqlite3.Connection, url: str, at: str, *, kind: str | None = None) -> int | None:
    """Return the id of the capture of a URL, answered with status 200, made nearest to a moment (text, UTC).

    `kind` narrows it to captures of that kind.
    """
    where = "url = ?1 AND status = 200 AND NOT lost AND NOT rendered AND (?3 IS NULL OR kind = ?3)"
    found = row(
        db,
        f"SELECT id FROM (SELECT * FROM (SELECT id, fetched_at FROM captures WHERE {where} AND fetched_at <= ?2"
        " ORDER BY fetched_at DESC, id DESC LIMIT 1) UNION ALL"
        f" SELECT * FROM (SELECT id, fetched_at FROM captures WHERE {where} AND fetched_at > ?2"
        " ORDER BY fetched_at, id LIMIT 1))"
        " ORDER BY abs(julianday(fetched_at) - julianday(?2)), fetched_at LIMIT 1",
        url,
        at,
        kind,
    )
    return int(found["id"]) if found else None


def original_of(db: sqlite3.Connection) -> Lookup:
    """Return what finds the capture that a revisit refers to, for `archive.warc.captures.read_capture`."""

    def find(url: str, moment: str) -> CaptureRef | None:
        found = row(
            db,
            f"SELECT {_REF} FROM captures WHERE url = ? AND fetched_at = ? AND revisit_of IS NULL AND NOT rendered",
            url,
            moment,
        )
        return ref_of(found) if found else None

    return find


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A capture of a page: what is needed to read it again. `original` is what a revisit refers to."""

    id: int
    portal: str
    home_url: str
    family: str
    url: str
    kind: str
    ref: CaptureRef
    original: CaptureRef | None
    is_data: bool = False  # what a script of the page asks for at another address


_OF_PAGES = (
    "FROM captures c JOIN portals p ON p.name = c.portal WHERE NOT c.lost"
    " AND c.kind IN ('article', 'list', 'soft-404', 'other') AND (:portal IS NULL OR c.portal = :portal)"
    " AND c.fetched_at >= :since AND c.id % :every = :turn"
)
# So many rows are in memory at once.
_BATCH = 1000


def count_captured_pages(
    db: sqlite3.Connection, portal: str | None = None, since: datetime | None = None
) -> int:
    """Return how many captures `captured_pages` gives."""
    values = {"portal": portal, "since": to_text(since) if since else "", "every": 1, "turn": 0}
    return int(db.execute(f"SELECT count(*) {_OF_PAGES}", values).fetchone()[0])


def captured_pages(
    db: sqlite3.Connection,
    portal: str | None = None,
    since: datetime | None = None,
    *,
    every: int = 1,
    turn: int = 0,
) -> Iterator[CapturedPage]:
    """Give the captures of pages (not of files, feeds or redirects), oldest first; what is given may be changed.

    `every` gives one of so many only, another one for each `turn`, a number of any size.
    """
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    last: dict[str, Any] = {"portal": portal, "since": to_text(since) if since else "", "id": 0}
    last |= {"every": every, "turn": turn % every}
    while True:
        found = cursor.execute(
            "SELECT c.id, c.portal, p.home_url, p.family, coalesce(c.page_url, c.url) AS url, c.kind, c.fetched_at,"
            " c.page_url IS NOT NULL AS is_data,"
            f" c.file, c.offset, c.length, c.digest, c.revisit_of IS NOT NULL AS revisit, c.revisit_of {_OF_PAGES}"
            f" AND (c.fetched_at > :since OR c.id > :id) ORDER BY c.fetched_at, c.id LIMIT {_BATCH}",
            last,
        ).fetchall()
        for page in found:
            original = row(db, f"SELECT {_REF} FROM captures WHERE id = ?", page["revisit_of"])
            yield CapturedPage(
                page["id"],
                page["portal"],
                page["home_url"],
                page["family"],
                page["url"],
                page["kind"],
                ref_of(page),
                ref_of(original) if original else None,
                bool(page["is_data"]),
            )
        if len(found) < _BATCH:
            return
        last |= {"since": found[-1]["fetched_at"], "id": found[-1]["id"]}


def ref_of(found: sqlite3.Row) -> CaptureRef:
    """Return where a capture stands, of a row with file, offset, length, digest and `revisit`."""
    return CaptureRef(
        found["file"], found["offset"], found["length"], found["digest"], bool(found["revisit"])
    )
