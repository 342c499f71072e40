"""The archive: one SQLite file, everything a crawl or an import writes to it, and nothing of the network."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from sqlite_utils import Database

from portal_archive.archive import checksums, migrations
from portal_archive.archive.doubt import vanishing
from portal_archive.archive.errors import clear_errors, transaction
from portal_archive.archive.frontier import clock, turns
from portal_archive.archive.frontier.frontier import Frontier
from portal_archive.archive.lock import WriterLock
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.provinces import provinces
from portal_archive.archive.search.order import ALL_AT_ONCE
from portal_archive.archive.sql import HOLDING_PAYLOAD, insert
from portal_archive.archive.stories import stories
from portal_archive.archive.storing import files
from portal_archive.archive.storing.corrections import correct
from portal_archive.archive.storing.store import store
from portal_archive.model.errors import ArchiveError
from portal_archive.model.file_text import FileText
from portal_archive.model.page import Page
from portal_archive.model.records import Crawl, Portal, Stored, Visit

# A crawl that was active this recently was killed, and goes on; an older one is over.
RESUME_WITHIN = timedelta(hours=1)
# How long one statement waits for a program that locks the file, such as a backup tool.
BUSY_SECONDS = 30
# Writing the log back costs two syncs of the disk. At 256 MB of log instead of 4 storing a page takes a third of
# the time on a slow disk, since pages of indexes that were written many times are written back once.
CHECKPOINT_PAGES = 64_000
CACHE_KIB = 64 * 1024
# How many articles are looked at in one transaction for stories; a kill loses no more than that.
STORIES_BATCH = 500
# A crawl does not wait at its end for an archive of a million articles that were never looked at: the newest
# are, which take a minute or two, and the next crawl goes on.
STORIES_AT_END = 20_000


class Archive:
    """An open archive.

    `db` is its sqlite-utils database, for reading; `frontier` says which page is next. Use as a context
    manager, or call `close`. Every method raises ArchiveError when the file cannot be read or written,
    naming it and what to do.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the archive at `path`; unless `read_only`, create it or migrate it to this version first.

        A migration keeps a copy of the older archive beside it. Raises ArchiveError when the file is not an
        archive, cannot be opened or written, or was written by a newer version of this program.
        """
        self.path = path
        self._read_only = read_only
        self._closed = False
        self._lock = WriterLock(path)
        with clear_errors(self.path):
            mode = "ro" if read_only else "rwc"
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                cached_statements=512,
            )
            self.db = Database(connection)
            try:
                self._prepare(read_only)
            except BaseException:
                self._lock.release()
                connection.close()
                raise
        self.frontier = Frontier(self.db, path)

    def _prepare(self, read_only: bool) -> None:
        outdated = migrations.check(self.db, self.path)
        if read_only:
            if outdated:
                raise ArchiveError(
                    f"{self.path}: written by an older version of this program:"
                    " run 'scrapy verify' once, which brings it up to date"
                )
        else:
            self.db.execute("PRAGMA journal_mode = wal")
            self.db.execute("PRAGMA synchronous = normal")
            self.db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            self.db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            if outdated:
                self._lock.acquire("migration")
                migrations.migrate(self.db, self.path)
                self._lock.release()
            # What undoes one visit of a batch: with it in a file, storing writes ten times as much.
            self.db.execute("PRAGMA temp_store = memory")
            checksums.install(self.db.conn)
        self.db.execute("PRAGMA foreign_keys = on")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write the log back into the archive file, give the writer's lock back, and close; once is enough."""
        if self._closed:
            return
        self._closed = True
        try:
            if not self._read_only:
                # A reader in the middle of a query only makes the log stay for the next one to write back.
                self.db.execute("PRAGMA busy_timeout = 1000")
                self.db.execute("PRAGMA analysis_limit = 400")
                self.db.execute("PRAGMA optimize")
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            # The log holds everything that was stored; the next program to open the archive writes it back.
            pass
        finally:
            self.db.close()
            self._lock.release()

    def claim(self, who: str, at_most: timedelta | None = None) -> None:
        """Become the one writer of this archive, as `who` ("crawl laichau"), for `at_most` so long.

        Held until `close`, or until the process ends in whatever way. Raises ArchiveError that says who
        holds it when another does. Readers need no claim and are never hindered.
        """
        self._lock.acquire(who, at_most)

    def register(self, portals: Iterable[Portal]) -> None:
        """Enter the portals, or what has changed about them, and the provinces they belong to."""
        with self.batch():
            self.db.table("provinces").upsert_all(map(asdict, provinces()), pk="id")
            rows = [{**asdict(portal), "host": urlsplit(portal.home_url).netloc} for portal in portals]
            for row in rows:
                if row["province"] and not self.db.table("provinces").count_where(
                    "id = ?", [row["province"]]
                ):
                    raise ArchiveError(f"{row['name']}: no province has the id {row['province']}")
            self.db.table("portals").upsert_all(rows, pk="name")

    def declare(self, portals: Iterable[Portal]) -> None:
        """Replace the list of declared portals, crawled or not; the provinces must be entered (see `register`)."""
        columns = ("name", "title", "province", "body", "home_url", "family", "known", "note")
        with self.batch():
            self.db.execute("DELETE FROM declared_portals")
            rows = [{column: getattr(portal, column) for column in columns} for portal in portals]
            self.db.table("declared_portals").insert_all(rows, pk="name")

    def begin_crawl(self, portal: str, at: datetime) -> Crawl:
        """Start a crawl of a registered portal at the moment `at`, or go on with one that was killed.

        An unfinished crawl whose last page is less than `RESUME_WITHIN` old is resumed, with its own start;
        an older one is marked "interrupted", and what it left waiting is due in the new one.
        """
        now = to_text(at)
        with self.batch():
            if not self.db.execute("SELECT 1 FROM portals WHERE name = ?", (portal,)).fetchone():
                raise ArchiveError(f"{self.path}: no portal {portal} in it: register it first")
            unfinished = self.db.execute(
                "SELECT id, started_at, last_active_at FROM crawls"
                " WHERE portal = ? AND finished_at IS NULL ORDER BY id DESC",
                (portal,),
            ).fetchall()
            resumed = None
            for number, started_at, last_active_at in unfinished:
                if resumed is None and at - from_text(last_active_at) < RESUME_WITHIN:
                    resumed = Crawl(number, portal, from_text(started_at), resumed=True)
                    self.db.execute("UPDATE crawls SET last_active_at = ? WHERE id = ?", (now, number))
                else:
                    self.db.execute(
                        "UPDATE crawls SET finished_at = last_active_at, outcome = 'interrupted'"
                        " WHERE id = ?",
                        (number,),
                    )
            if resumed is not None:
                return resumed
            clock.reset_future_visits(self.db.conn, portal, now)
            number = insert(
                self.db.conn, "crawls", {"portal": portal, "started_at": now, "last_active_at": now}
            )
            turns.take_turns(self.db.conn, portal, now)
            return Crawl(number, portal, from_text(now), resumed=False)

    def end_crawl(self, crawl: Crawl, at: datetime, outcome: str) -> None:
        """Write that `crawl` ended at the moment `at`: "finished", or "closed" by a limit or a signal.

        What it found is put among the stories.
        """
        with self.batch():
            self.db.execute(
                "UPDATE crawls SET finished_at = max(:at, last_active_at), last_active_at = max(:at, last_active_at),"
                " outcome = :outcome WHERE id = :id",
                {"at": to_text(at), "outcome": outcome, "id": crawl.id},
            )
            vanishing.settle(self.db.conn, crawl.id)
            self.frontier.ask_again_where_nothing_was_found(crawl.portal, at)
        for _ in self.group_stories(STORIES_AT_END):
            pass

    def group_stories(self, at_most: int | None = None) -> Iterator[int]:
        """Find the stories of articles that are new or have changed; give the number looked at, batch by batch.

        Of more than `at_most` the newest are looked at, the others the next time.
        """
        since = stories.newest(self.db.conn, at_most) if at_most else 0
        looked_at = None
        while looked_at != 0:
            with self.batch():
                looked_at = stories.group(self.db.conn, STORIES_BATCH, since)
            yield looked_at

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make one transaction of all that is stored inside: for imports, some hundred visits at a time.

        Inside a batch a visit that fails to be stored takes nothing else with it. Batches may be nested. What is
        stored inside is indexed at the end of the outermost, before anybody else can see it.
        """
        with transaction(self.db, self.path):
            place = (ALL_AT_ONCE,)
            outermost = self.db.execute("INSERT OR IGNORE INTO search_waiting VALUES (?)", place).rowcount
            yield
            if outermost:
                self.db.execute("DELETE FROM search_waiting WHERE search_order = ?", place)

    def store(self, visit: Visit) -> Stored:
        """Store what one visit gave, in one transaction; the page leaves the frontier in the same one.

        The visit of a crawl sets when its page is looked at next. A capture already stored (same URL,
        moment and digest) changes nothing. Visits may come in any order of time: an older one becomes an
        earlier version.
        """
        with transaction(self.db, self.path):
            return store(self.db.conn, visit)

    def recognised(self, portal: str, url: str, read: FileText, at: datetime) -> int:
        """Enter what was recognised in a file of a portal; return with how many articles it is offered."""
        with self.batch():
            return files.recognised(self.db.conn, portal, url, read, to_text(at))

    def correct(self, capture_id: int, page: Page, *, dry_run: bool = False) -> dict[str, tuple[Any, Any]]:
        """Put a better reading of a stored capture in place of the one it was given.

        Returns old and new value of every field that differs; a `dry_run` changes nothing. Makes no new
        version: the version that the capture belongs to is read differently, and carries the reader's
        version.
        """
        with self.batch():
            return correct(self.db.conn, capture_id, page, dry_run=dry_run)

    def payload(self, digest: str) -> tuple[str, datetime] | None:
        """Return URL and moment of the capture that holds the payload of this digest, None for a new payload.

        A response with a known payload needs only a revisit record that names that capture.
        """
        with clear_errors(self.path):
            found = self.db.execute(
                f"SELECT url, fetched_at FROM {HOLDING_PAYLOAD} ORDER BY id", (digest,)
            ).fetchone()
        return (found[0], from_text(found[1])) if found else None
