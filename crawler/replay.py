"""Captures of another archive of this kind, read and stored here in order of time: a visit is a capture."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler.capture_reader import FetchJob, read_fetch
from crawler.importer import BATCH, all_portals, leads_away
from crawler.registry import rules_of
from crawler.response_reader import Reading, unread
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import Readers, batched
from portal_archive.archive.archive import Archive
from portal_archive.archive.moments import from_text
from portal_archive.archive.sql import row, update
from portal_archive.archive.warc.captures import CaptureWriter, read_capture
from portal_archive.archive.warc.copying import records_of
from portal_archive.archive.warc.lookup import original_of, ref_of
from portal_archive.archive.warc.open_captures import open_captures
from portal_archive.model.kinds import Outcome
from portal_archive.model.records import CaptureRef, Fetch, Portal, Visit

_KNOWN = "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? AND digest = ?"
_LACKING = (
    "SELECT *, revisit_of IS NOT NULL AS revisit FROM captures WHERE portal = ? AND NOT lost"
    " ORDER BY fetched_at, id"
)


class Replay:
    """Stores what an archive lacks of the captures of others, see `archive.gathering.gather.Replay`.

    `folder` and `there` are the captures folders of the open, claimed archive and of the other one; `began` is when it
    began: its day names the files. Captures are copied byte for byte, and keep their grade: `imported` or crawled.
    """

    def __init__(
        self, archive: Archive, folder: Path, there: Path, readers: Readers, began: datetime
    ) -> None:
        self._archive, self._db = archive, archive.db.conn
        self._folder, self._there = folder, there
        self._readers, self._began = readers, began
        self._portals = {portal.name: portal for portal in all_portals(archive)}

    def __call__(self, source: sqlite3.Connection, portal: str, crawls: Mapping[int, int]) -> int:
        """Store the captures of a portal that are lacking; returns how many."""
        count = 0
        with self._archive.batch():
            writer = open_captures(self._db, self._folder, portal, self._began, imported=True)
        with writer:
            jobs = self._jobs(source, self._portals[portal])
            for batch in batched(self._readers.in_order(read_fetch, jobs), BATCH):
                with self._archive.batch():
                    for job, reading in batch:
                        if isinstance(reading, ReaderStopped):
                            reading = unread(job.fetch.url, reading)
                        count += self._store(source, writer, job, reading, crawls)
                    writer.sync()
        return count

    def _jobs(self, source: sqlite3.Connection, portal: Portal) -> Iterator[FetchJob]:
        rules = rules_of(portal.name, portal.family)
        cursor = source.cursor()
        cursor.row_factory = sqlite3.Row
        for found in cursor.execute(_LACKING, (portal.name,)):
            if row(self._db, _KNOWN, found["url"], found["fetched_at"], found["digest"]) is not None:
                continue
            fetch = read_capture(self._there, ref_of(found), original_of(source))
            url = found["page_url"] or found["url"]
            is_data = found["page_url"] is not None
            yield FetchJob(replace(fetch, url=url), portal, rules, is_data=is_data, source_id=found["id"])

    def _store(
        self,
        source: sqlite3.Connection,
        writer: CaptureWriter,
        job: FetchJob,
        reading: Reading | None,
        crawls: Mapping[int, int],
    ) -> int:
        found = row(
            source, "SELECT *, revisit_of IS NOT NULL AS revisit FROM captures WHERE id = ?", job.source_id
        )
        assert found is not None
        place = (found["url"], found["fetched_at"], found["digest"])
        if row(self._db, _KNOWN, *place) is not None:
            return 0  # twice in the other archive
        fetch = replace(job.fetch, url=found["url"])
        visit = Visit(
            portal=job.portal.name,
            url=job.fetch.url,
            final_url=job.fetch.url,
            fetched_at=fetch.fetched_at,
            kind=Outcome.REDIRECT,
            status=found["status"],
            content_type=found["content_type"],
            capture=self._copied(source, writer, found, fetch),
            data_url=found["url"] if found["page_url"] is not None else None,
            rendered=bool(found["rendered"]),
            imported=bool(found["imported"]),
            gathered=None if found["imported"] else self._began_of(found, crawls),
        )
        if reading is None:
            location = {name.lower(): value for name, value in fetch.headers}.get("location", "")
            visit.off_frontier = not leads_away(fetch.url, location, job.portal.home_url)
        else:
            visit.kind, visit.page = reading.kind, reading.page
            visit.problems, visit.file_text = reading.problems, reading.file_text
        if _is_beside(source, found, job) or _was_held(found):
            visit.off_frontier = True
        self._archive.store(visit)
        crawl = crawls.get(found["crawl_id"])
        if crawl is not None:
            stored = row(self._db, _KNOWN.replace("SELECT 1", "SELECT id"), *place)
            assert stored is not None
            update(self._db, "captures", stored["id"], {"crawl_id": crawl})
        return 1

    def _began_of(self, found: sqlite3.Row, crawls: Mapping[int, int]) -> datetime:
        crawl = row(self._db, "SELECT started_at FROM crawls WHERE id = ?", crawls.get(found["crawl_id"]))
        return from_text(crawl["started_at"] if crawl is not None else found["fetched_at"])

    def _copied(
        self, source: sqlite3.Connection, writer: CaptureWriter, found: sqlite3.Row, fetch: Fetch
    ) -> CaptureRef:
        """Copy the records of a capture; one that repeats another which is not here yet is written whole."""
        if found["revisit"]:
            original = row(
                source, "SELECT url, fetched_at, digest FROM captures WHERE id = ?", found["revisit_of"]
            )
            sql = f"{_KNOWN} AND revisit_of IS NULL AND NOT lost"
            if original is None or row(self._db, sql, *original) is None:
                return writer.write(fetch, self._archive.payload(found["digest"]))
        return writer.copy(ref_of(found), records_of(source, self._there, ref_of(found)))


def _is_beside(source: sqlite3.Connection, found: sqlite3.Row, job: FetchJob) -> bool:
    """Tell whether the other archive asked for it beside its frontier, or an archive before it had it imported so."""
    page = row(source, "SELECT 1 FROM pages WHERE portal = ? AND url = ?", found["portal"], job.fetch.url)
    return page is None


def _was_held(found: sqlite3.Row) -> bool:
    """Tell whether the archive that made a capture of an article did not believe it; its doubt comes with it."""
    return found["kind"] == Outcome.ARTICLE and found["content_hash"] is None
