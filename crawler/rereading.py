"""Whether captures still read as what is stored of them: a sample of them, read again by the readers of today."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from crawler.capture_reader import CaptureJob, read_again
from crawler.registry import rules_of
from crawler.workers.pool import ReaderPool
from portal_archive.archive.sql import row
from portal_archive.archive.storing.corrections import correct
from portal_archive.archive.verify.damage import Damage
from portal_archive.archive.verify.database import is_of_today
from portal_archive.archive.warc.lookup import captured_pages, count_captured_pages
from portal_archive.model.page import READER_VERSION, Page

# What the same reader reads of the same bytes, whatever was kept of other fields from an earlier day.
_SURE = ("title", "body")


def verify_readings(
    db: sqlite3.Connection, captures: Path, readers: ReaderPool, number: int, day: date
) -> Iterator[Damage]:
    """Read about `number` captures again, others each `day`, and give where they do not read as they are stored.

    Title or body that the same version of the readers reads otherwise are damage. Anything else is a note: a newer
    reader would read it differently. Captures that cannot be read are left to `verify_captures`. Writes nothing.
    """
    if not is_of_today(db):
        return
    every = max(1, count_captured_pages(db) // max(1, number))
    jobs = (
        CaptureJob(captures, capture, rules_of(capture.portal, capture.family))
        for capture in captured_pages(db, every=every, turn=day.toordinal())
    )
    otherwise: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for job, page in readers.in_order(read_again, jobs):
        if not isinstance(page, Page):
            continue
        fields = correct(db, job.capture.id, page, dry_run=True)
        if not fields:
            continue
        place, version = _read_by(db, job.capture.id)
        wrong = [name for name in _SURE if name in fields]
        if wrong and version == READER_VERSION:
            reason = (
                f"{' and '.join(wrong)} differ from what the capture of {job.capture.url} reads as,"
                f" by the same reader (version {version})"
            )
            yield Damage(place, reason, repair="'scrapy reparse' reads it again")
        else:
            otherwise[version].update(fields.keys())
    for version, counted in otherwise.items():
        by = "" if version is None else f", which version {version} of the readers read"
        what = ", ".join(f"{name} {times}" for name, times in sorted(counted.items()))
        reason = f"version {READER_VERSION} would read differently{by}: {what} ('scrapy reparse' does)"
        yield Damage("captures", reason, note=True)


def _read_by(db: sqlite3.Connection, capture_id: int) -> tuple[str, int | None]:
    """Return the row that holds what a capture was read as, and which readers read it; None for no article."""
    found = row(
        db,
        "SELECT w.id, w.article_id, w.is_current, w.reader_version FROM captures c"
        " JOIN article_versions w ON w.article_id = c.article_id AND w.content_hash = c.content_hash"
        " AND w.first_seen <= c.fetched_at WHERE c.id = ? ORDER BY w.first_seen DESC LIMIT 1",
        capture_id,
    )
    if found is None:
        return "captures", None
    place = f"articles:{found['article_id']}" if found["is_current"] else f"versions:{found['id']}"
    return place, found["reader_version"]
