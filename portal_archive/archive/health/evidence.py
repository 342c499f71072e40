"""What the archive knows of a crawl and of the good ones before it: all that a portal is judged by."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from portal_archive.archive.moments import VIETNAM, epoch, from_text, to_text
from portal_archive.archive.sql import row
from portal_archive.model.expectations import Rate

GOOD_CRAWLS = 10
# So many of the newest articles tell how long a portal is used to be silent.
_NEWEST = 1000
# A printed date may be ahead of the clock by so much; a later one is a slip of the pen, or a lure.
_AHEAD = timedelta(days=2)

# Crawls from before their ends were judged count as good when they ended by themselves and saw something.
GOOD = "(state = 'ok' OR state IS NULL AND outcome = 'finished' AND pages > 0)"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A crawl: its row, its signs (`archive.health.signs`) as sign -> value -> pages, and its fill rates by field."""

    crawl: sqlite3.Row
    signs: Mapping[str, Counter[str]]
    fields: Mapping[str, Rate]
    counters: bool  # a visitor counter was read

    @property
    def started(self) -> datetime:
        """When the crawl began."""
        return from_text(self.crawl["started_at"])

    @property
    def is_cut_short(self) -> bool:
        """Whether a limit or a signal ended it, not the portal."""
        return bool(self.crawl["outcome"] == "closed")

    def number(self, sign: str, *values: str) -> int:
        """Return the pages with a sign, with any of the values where some are named."""
        counts = self.signs.get(sign, Counter[str]())
        return sum(counts[value] for value in values) if values else counts.total()

    def most(self, sign: str) -> str | None:
        """Return the most frequent value of a sign."""
        counts = self.signs.get(sign)
        return counts.most_common(1)[0][0] if counts else None


def load(db: sqlite3.Connection, crawl_id: int) -> Evidence:
    """Return what is known of a crawl."""
    crawl = row(db, "SELECT * FROM crawls WHERE id = ?", crawl_id)
    assert crawl is not None
    signs: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sign, value, pages in db.execute(
        "SELECT tally, value, pages FROM crawl_tallies WHERE crawl_id = ?", (crawl_id,)
    ):
        signs[sign][value] = pages
    fields = {
        field: Rate(articles, filled, tuple(json.loads(examples)))
        for field, articles, filled, examples in db.execute(
            "SELECT field, articles, filled, examples FROM crawl_fields WHERE crawl_id = ?", (crawl_id,)
        )
    }
    counters = db.execute(
        "SELECT 1 FROM counter_readings WHERE portal = ? AND read_at BETWEEN ? AND ?"
        " AND coalesce(total, today, online) IS NOT NULL LIMIT 1",
        (crawl["portal"], crawl["started_at"], crawl["finished_at"] or crawl["last_active_at"]),
    ).fetchone()
    return Evidence(crawl, signs, fields, counters is not None)


def good_before(db: sqlite3.Connection, crawl: sqlite3.Row, *, with_articles: bool = False) -> list[Evidence]:
    """Return the last good crawls before one, newest first; `with_articles`: of those that read some."""
    more = " AND EXISTS (SELECT 1 FROM crawl_fields f WHERE f.crawl_id = crawls.id)" if with_articles else ""
    found = db.execute(
        f"SELECT id FROM crawls WHERE portal = ? AND started_at < ? AND {GOOD}{more}"
        " ORDER BY started_at DESC LIMIT ?",
        (crawl["portal"], crawl["started_at"], GOOD_CRAWLS),
    ).fetchall()
    return [load(db, crawl_id) for (crawl_id,) in found]


def with_articles(db: sqlite3.Connection, crawl: Evidence) -> list[Evidence]:
    """Return the last crawls that read articles, this one first if it did, good or not; newest first."""
    found = db.execute(
        "SELECT id FROM crawls WHERE portal = ? AND started_at < ?"
        " AND EXISTS (SELECT 1 FROM crawl_fields f WHERE f.crawl_id = crawls.id)"
        " ORDER BY started_at DESC LIMIT ?",
        (crawl.crawl["portal"], crawl.crawl["started_at"], GOOD_CRAWLS),
    ).fetchall()
    return [*([crawl] if crawl.fields else []), *(load(db, crawl_id) for (crawl_id,) in found)]


def last_good(db: sqlite3.Connection, portal: str) -> str | None:
    """Return when the last good crawl of a portal ended."""
    found = db.execute(
        f"SELECT finished_at FROM crawls WHERE portal = ? AND finished_at IS NOT NULL AND {GOOD}"
        " ORDER BY started_at DESC LIMIT 1",
        (portal,),
    ).fetchone()
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class News:
    """When the newest articles of a portal appeared, newest first, and since when it is watched."""

    moments: tuple[datetime, ...]
    watched_since: datetime

    @property
    def gaps(self) -> list[timedelta]:
        """The times between one day with an article and the next, newest first."""
        days = sorted({moment.astimezone(VIETNAM).date() for moment in self.moments}, reverse=True)
        return [late - early for late, early in pairwise(days)]

    def since(self, moment: datetime) -> int:
        """Return how many appeared since a moment."""
        return sum(appeared >= moment for appeared in self.moments)


def news(db: sqlite3.Connection, portal: str, now: datetime) -> News:
    """Return what is known at the moment `now` of how often a portal has something new.

    Told by the dates it prints, so that old articles found late are no news, and by first sight of articles
    without a date. Bounded: of each only the newest are looked at.
    """
    printed = db.execute(
        "SELECT published_at FROM articles WHERE portal = ? AND published_at <= ?"
        " ORDER BY published_at DESC LIMIT ?",
        (portal, to_text(now + _AHEAD), _NEWEST),
    )
    undated = db.execute(
        "SELECT first_seen FROM articles WHERE portal = ? AND published_at IS NULL ORDER BY id DESC LIMIT ?",
        (portal, _NEWEST),
    )
    moments = sorted((epoch(moment) for found in (printed, undated) for (moment,) in found), reverse=True)
    watched = db.execute(
        "SELECT min(started_at) FROM crawls WHERE portal = ? AND pages > 0", (portal,)
    ).fetchone()[0]
    return News(
        tuple(datetime.fromtimestamp(moment, UTC) for moment in moments),
        from_text(watched) if watched else now,
    )
