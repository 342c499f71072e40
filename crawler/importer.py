"""Other people's captures into the archive: through the same readers and the same store as a crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.capture_reader import FetchJob, read_fetch
from crawler.registry import declared_portals, rules_of
from crawler.response_reader import Reading, is_aside, unread
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import AHEAD, Readers, batched
from portal_archive.archive.archive import Archive
from portal_archive.archive.warc.captures import CaptureWriter, payload_digest
from portal_archive.archive.warc.lookup import is_stored
from portal_archive.archive.warc.open_captures import open_captures
from portal_archive.model.kinds import Outcome
from portal_archive.model.records import Fetch, Portal, Visit
from portal_archive.model.site import site_of

BATCH = 200


class Importer:
    """Stores fetches in an open, claimed archive, in batches.

    `captures_folder` is where the captures go, `began` is when the import began: its day names the files, `readers`
    read them, `portal` is the portal all fetches belong to (None: the one declared for the host, else the host itself
    as a generic portal), `batch` how many fetches are stored in one transaction, `ahead` how many a reader are taken
    before the first is stored.
    `counts` says what became of the fetches.
    """

    def __init__(
        self,
        archive: Archive,
        captures_folder: Path,
        began: datetime,
        readers: Readers,
        portal: Portal | None = None,
        batch: int = BATCH,
        ahead: int = AHEAD,
    ) -> None:
        self._archive = archive
        self._folder = captures_folder
        self._began = began
        self._portal = portal
        self._readers = readers
        self._batch = batch
        self._ahead = ahead
        self._portals: dict[str, Portal] = {}
        self._writers: dict[str, CaptureWriter] = {}
        self.counts: Counter[str] = Counter()
        archive.register(declared_portals())

    def store(self, fetches: Iterable[Fetch]) -> Iterator[int]:
        """Store the fetches, in any order of time; give the number of those dealt with, batch by batch."""
        try:
            for batch in batched(
                self._readers.in_order(read_fetch, self._jobs(fetches), self._ahead), self._batch
            ):
                with self._archive.batch():
                    for job, reading in batch:
                        if isinstance(reading, ReaderStopped):
                            reading = unread(job.fetch.url, reading)
                        self._store(job, reading)
                    for writer in self._writers.values():
                        writer.sync()
                yield len(batch)
        finally:
            for writer in self._writers.values():
                writer.close()

    def _jobs(self, fetches: Iterable[Fetch]) -> Iterator[FetchJob]:
        for fetch in fetches:
            self.counts["read"] += 1
            if is_stored(self._archive.db.conn, fetch):
                self.counts["known"] += 1
                continue
            portal = self._portal or self._portal_of(fetch.url)
            yield FetchJob(fetch, portal, rules_of(portal.name, portal.family))

    def _portal_of(self, url: str) -> Portal:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
        if host not in self._portals:
            site = site_of(f"https://{host}/")
            found = (known for known in all_portals(self._archive) if site_of(known.home_url) in (site, host))
            portal = next(found, None)
            if portal is None:
                home = f"{parts.scheme}://{host}/"
                portal = Portal(host, host, home, family="generic", known="generic")
                self._archive.register([portal])
            self._portals[host] = portal
        return self._portals[host]

    def _store(self, job: FetchJob, reading: Reading | None) -> None:
        fetch, portal = job.fetch, job.portal
        headers = {name.lower(): value for name, value in fetch.headers}
        visit = Visit(
            portal=portal.name,
            url=fetch.url,
            final_url=fetch.url,
            fetched_at=fetch.fetched_at,
            kind=Outcome.REDIRECT,
            status=fetch.status,
            content_type=headers.get("content-type"),
            imported=True,
        )
        if reading is None:
            visit.off_frontier = not leads_away(fetch.url, headers.get("location", ""), portal.home_url)
        else:
            visit.kind = reading.kind
            visit.page = reading.page
            visit.problems = reading.problems
            visit.file_text = reading.file_text
            visit.off_frontier = reading.page is not None and is_aside(
                reading.page, fetch.url, portal.home_url
            )
        if portal.name not in self._writers:
            db = self._archive.db.conn
            self._writers[portal.name] = open_captures(
                db, self._folder, portal.name, self._began, imported=True
            )
        if is_stored(self._archive.db.conn, fetch):
            # Twice in these files, and read before the first was stored.
            self.counts["known"] += 1
            return
        same_as = self._archive.payload(payload_digest(fetch.body))
        visit.capture = self._writers[portal.name].write(fetch, same_as)
        stored = self._archive.store(visit)
        self.counts["stored"] += 1
        self.counts["new"] += stored.is_new
        self.counts["changed"] += stored.changed is not None
        self.counts["problems"] += len(visit.problems)


def all_portals(archive: Archive) -> list[Portal]:
    """Return the portals of an archive."""
    names = [field.name for field in fields(Portal)]
    return [Portal(*row) for row in archive.db.execute(f"SELECT {', '.join(names)} FROM portals")]


def leads_away(url: str, location: str, home: str) -> bool:
    """Tell whether a redirect says that the page is gone: it leads to another site, or to the home page.

    What it leads to on the same site is another response of the import, which is stored under its own URL.
    """
    try:
        target = urljoin(url, location)
    except ValueError:
        return False
    if site_of(target) != site_of(url):
        return True
    return urlsplit(target).path in ("", "/", urlsplit(home).path) and urlsplit(url).path not in ("", "/")
