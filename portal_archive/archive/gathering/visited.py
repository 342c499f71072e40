"""Portals that both archives have visited: what is known of the other's visits beside their captures.

Captures are read again by whoever calls (see `gather.Replay`), which makes articles, versions and readings of them.
Here is the rest: crawls, the frontier, addresses, doubts, problems, and visits that a server answered with "unchanged",
which left no capture. Of two statements about one thing the one of the later visit holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from portal_archive.archive.gathering.decisions import join_decisions
from portal_archive.archive.moments import from_text
from portal_archive.archive.sql import insert, row, update
from portal_archive.archive.storing.presence import settle
from portal_archive.model.kinds import PageState

_KEPT = 10_000
_ABSENT = (PageState.MISSING, PageState.GONE)
# What a page is known by before it is visited.
_FOUND = ("portal", "url", "kind", "queue", "priority", "depth", "found_on", "discovered_at", "next_visit")
_VISITED = (
    "state", "attempts", "last_visit", "next_visit", "missing_since", "unchanged", "etag", "last_modified",
    "conditional", "last_digest", "last_status",
)  # fmt: skip
_OF_CRAWLS = ("crawl_fields", "crawl_tallies")


class Visited:
    """Joins what `source` knows of one portal to what `db` knows of it; each step in a transaction of the caller."""

    def __init__(self, db: sqlite3.Connection, source: sqlite3.Connection, portal: str) -> None:
        self._db, self._source, self._portal = db, source, portal
        self.article = lru_cache(_KEPT)(self._article)

    def begin(self) -> Mapping[int, int]:
        """Enter crawls, and pages that nobody here has found yet; return the numbers of the crawls, there -> here."""
        for page in self._rows("pages"):
            if self._page(page["url"]) is None:
                found = {name: page[name] for name in _FOUND}
                insert(self._db, "pages", found | {"state": PageState.WAITING})
        return {crawl["id"]: self._crawl(crawl) for crawl in self._rows("crawls")}

    def end(self) -> None:
        """Enter what the captures do not say, once they are stored."""
        self._addresses()
        self._unchanged()
        for reading in self._rows("counter_readings"):
            self._enter_new("counter_readings", reading)
        for page in self._rows("pages"):
            self._join_page(page)
        self._doubts()
        self._problems()
        join_decisions(self._db, self._source, self._portal, self.article, self.capture)

    def _rows(self, table: str) -> Iterator[sqlite3.Row]:
        return self._source.execute(f"SELECT * FROM {table} WHERE portal = ? ORDER BY rowid", (self._portal,))

    def _page(self, url: str) -> sqlite3.Row | None:
        return row(self._db, "SELECT * FROM pages WHERE portal = ? AND url = ?", self._portal, url)

    def capture(self, number: int | None) -> int | None:
        """Return the number here of a capture of the other archive; None for one that is not here."""
        there = row(self._source, "SELECT url, fetched_at, digest FROM captures WHERE id = ?", number)
        if there is None:
            return None
        here = row(
            self._db, "SELECT id FROM captures WHERE url = ? AND fetched_at = ? AND digest = ?", *there
        )
        return None if here is None else here["id"]

    def _article(self, number: int | None) -> int | None:
        """Return the number here of an article of the other archive, by the addresses that it had there."""
        if number is None:
            return None
        urls = self._source.execute(
            "SELECT url FROM (SELECT url, 0 AS place FROM articles WHERE id = ?1"
            " UNION ALL SELECT url, 1 FROM article_urls WHERE article_id = ?1) ORDER BY place, url",
            (number,),
        )
        for (url,) in urls:
            here = row(
                self._db,
                "SELECT article_id FROM article_urls WHERE portal = ? AND url = ?",
                self._portal,
                url,
            )
            if here is not None:
                return int(here["article_id"])
        return None

    def _crawl(self, crawl: sqlite3.Row) -> int:
        known = row(
            self._db,
            "SELECT id FROM crawls WHERE portal = ? AND started_at = ?",
            self._portal,
            crawl["started_at"],
        )
        if known is not None:
            return int(known["id"])
        values = {name: crawl[name] for name in crawl.keys() if name != "id"}  # noqa: SIM118
        if crawl["finished_at"] is None:
            values |= {"finished_at": crawl["last_active_at"], "outcome": "interrupted"}
        number = insert(self._db, "crawls", values)
        for table in _OF_CRAWLS:
            for one in self._source.execute(f"SELECT * FROM {table} WHERE crawl_id = ?", (crawl["id"],)):
                insert(self._db, table, dict(one) | {"crawl_id": number})
        return number

    def _enter_new(self, table: str, one: sqlite3.Row) -> None:
        """Enter a row unless it is known, with the numbers that its article and its capture have here."""
        values = dict(one) | {"capture_id": self.capture(one["capture_id"])}
        if "article_id" in values:
            values["article_id"] = self.article(one["article_id"])
        del values["id"]
        marks = ", ".join(f":{name}" for name in values)
        self._db.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(values)}) VALUES ({marks})", values)

    def _addresses(self) -> None:
        for one in self._rows("article_urls"):
            article_id = self.article(one["article_id"])
            if article_id is None:
                continue
            self._db.execute(
                "INSERT INTO article_urls VALUES (:portal, :url, :article_id, :first_seen, :last_seen, :content_hash)"
                " ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),"
                " content_hash = iif(excluded.last_seen > last_seen, excluded.content_hash, content_hash),"
                " last_seen = max(last_seen, excluded.last_seen)"
                " WHERE excluded.first_seen < first_seen OR excluded.last_seen > last_seen",
                dict(one) | {"article_id": article_id},
            )

    def _unchanged(self) -> None:
        """Let versions last as long as the other archive was told that they had not changed."""
        sql = (
            "SELECT v.article_id, v.content_hash, v.last_seen FROM versions v JOIN articles a ON a.id = v.article_id"
            " WHERE a.portal = ?"
        )
        for there in self._source.execute(sql, (self._portal,)):
            article_id = self.article(there["article_id"])
            here = row(
                self._db,
                "SELECT id, content_hash, last_seen FROM versions WHERE article_id = ? AND first_seen <= ?"
                " ORDER BY first_seen DESC LIMIT 1",
                article_id,
                there["last_seen"],
            )
            if here is None or here["content_hash"] != there["content_hash"]:
                continue
            if here["last_seen"] < there["last_seen"]:
                update(self._db, "versions", here["id"], {"last_seen": there["last_seen"]})
            self._db.execute(
                "UPDATE articles SET last_seen = ?2 WHERE id = ?1 AND last_seen < ?2",
                (article_id, there["last_seen"]),
            )

    def _join_page(self, there: sqlite3.Row) -> None:
        here = self._page(there["url"])
        assert here is not None
        values: dict[str, Any] = {
            name: there[name] for name in ("discovered_at", "depth") if there[name] < here[name]
        }
        theirs, ours = there["last_visit"] or "", here["last_visit"] or ""
        if theirs >= ours and theirs:
            if here["article_id"] is None or there["article_id"] is not None:
                # A page that once showed an article remains an article's page.
                values |= {name: there[name] for name in ("kind", "queue", "priority")}
            # What both saw together, such as an absence that the other's visit confirms, no visit of one shows.
            if theirs > ours or there["state"] == here["state"] or here["state"] not in _ABSENT:
                values |= {name: there[name] for name in _VISITED}
            if here["article_id"] is None:
                values["article_id"] = self.article(there["article_id"])
            if there["missing_since"] and here["missing_since"]:
                values["missing_since"] = min(there["missing_since"], here["missing_since"])
        values = {name: value for name, value in values.items() if here[name] != value}
        update(self._db, "pages", here["id"], values)
        article_id = values.get("article_id", here["article_id"])
        if article_id is not None and {"state", "missing_since", "article_id"} & set(values):
            settle(self._db, article_id, from_text(theirs))

    def _doubts(self) -> None:
        for there in self._rows("doubts"):
            here = row(
                self._db,
                "SELECT * FROM doubts WHERE portal = ? AND url = ? AND content_hash = ?",
                self._portal,
                there["url"],
                there["content_hash"],
            )
            if here is None:
                self._enter_new("doubts", there)
                continue
            values: dict[str, Any] = {
                "first_seen": min(here["first_seen"], there["first_seen"]),
                "times": max(here["times"], there["times"]),
            }
            if _weight(there) > _weight(here):
                names = ("state", "rule", "last_seen", "decided_at", "why", "details")
                values |= {name: there[name] for name in names}
                values["capture_id"] = self.capture(there["capture_id"])
            update(
                self._db,
                "doubts",
                here["id"],
                {name: value for name, value in values.items() if here[name] != value},
            )

    def _problems(self) -> None:
        for there in self._rows("problems"):
            values = {name: there[name] for name in there.keys() if name != "id"}  # noqa: SIM118
            marks = ", ".join(f":{name}" for name in values)
            self._db.execute(
                f"INSERT INTO problems ({', '.join(values)}) VALUES ({marks})"
                " ON CONFLICT (portal, url, kind, field) DO UPDATE SET"
                " first_seen = min(first_seen, excluded.first_seen), count = max(count, excluded.count),"
                " closed_at = iif(excluded.last_seen >= last_seen, excluded.closed_at, closed_at),"
                " detail = iif(excluded.last_seen > last_seen, excluded.detail, detail),"
                " last_seen = max(last_seen, excluded.last_seen)",
                values,
            )


def _weight(doubt: sqlite3.Row) -> tuple[str, ...]:
    """Return what puts two statements about one doubt in order: the later holds, be it a visit or a person's."""
    decided = doubt["decided_at"] or ""
    return max(decided, doubt["last_seen"]), decided, doubt["state"], doubt["why"] or ""
