"""The rows of portals that only the other archive has visited, copied; their numbers go up by what is here."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from portal_archive.archive.search.order import search_order
from portal_archive.archive.sql import insert
from portal_archive.model.errors import ArchiveError

# Tables of a portal, in an order in which each names only rows of those before it, but for captures and articles,
# which name each other. The others are worked out again.
_TABLES = (
    "crawls", "captures", "articles", "absences", "versions", "article_urls", "article_views", "images", "attachments",
    "unclaimed_texts", "pages", "counter_readings", "crawl_fields", "crawl_tallies", "portal_states", "problems",
    "doubts", "findings",
)  # fmt: skip
_NUMBERED = {"crawls": "crawl_id", "captures": "capture_id", "articles": "article_id"}
_REFERS = {"revisit_of": "captures", "original_article": "articles"} | {
    column: table for table, column in _NUMBERED.items()
}
_OF_ARTICLES = ("absences", "versions", "article_views", "images", "attachments")
_OF_CRAWLS = ("crawl_fields", "crawl_tallies")


class Copy:
    """Copies the rows of portals; numbers of rows go up by what this archive has already."""

    def __init__(self, db: sqlite3.Connection, source: sqlite3.Connection, portals: list[str]) -> None:
        self._db, self._source, self._portals = db, source, portals
        self._marks = ", ".join("?" * len(portals))
        tables = [*_TABLES, "merges"]
        self._offset = {table: self._highest(table) for table in tables if self._is_numbered(table)}
        # Numbers of articles that were merged into others are taken too.
        self._offset["articles"] = max(self._offset["articles"], self._offset.pop("merges", 0))

    def run(self) -> int:
        """Copy everything; return the number of articles."""
        self._portals_themselves()
        counts = {table: self._table(table) for table in _TABLES}
        for row in self._rows(
            "merges", f"merged_into IN (SELECT id FROM articles WHERE portal IN ({self._marks}))"
        ):
            self._merge(dict(row))
        return counts["articles"]

    def _is_numbered(self, table: str) -> bool:
        keys = [column[2] for column in self._db.execute(f"PRAGMA table_info({table})") if column[5]]
        return keys == ["INTEGER"]

    def _highest(self, table: str) -> int:
        return int(self._db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])

    def _rows(self, table: str, where: str) -> sqlite3.Cursor:
        return self._source.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY rowid", self._portals)

    def _portals_themselves(self) -> None:
        for row in self._source.execute(
            f"SELECT * FROM portals WHERE name IN ({self._marks})", self._portals
        ):
            if self._db.execute("SELECT 1 FROM portals WHERE name = ?", (row["name"],)).fetchone() is None:
                insert(self._db, "portals", dict(row))

    def _table(self, table: str) -> int:
        if table in _OF_ARTICLES:
            where = f"article_id IN (SELECT id FROM articles WHERE portal IN ({self._marks}))"
        elif table in _OF_CRAWLS:
            where = f"crawl_id IN (SELECT id FROM crawls WHERE portal IN ({self._marks}))"
        else:
            where = f"portal IN ({self._marks})"
        order = "" if table == "crawl_tallies" else " ORDER BY rowid"
        count = 0
        for row in self._source.execute(f"SELECT * FROM {table} WHERE {where}{order}", self._portals):
            insert(self._db, table, self._renumbered(table, dict(row)))
            count += 1
        return count

    def _renumbered(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        if table in self._offset and "id" in row:
            row["id"] += self._offset[table]
        for column, parent in _REFERS.items():
            if row.get(column) is not None:
                row[column] = self._number(parent, row[column])
        if "search_order" in row:
            row["search_order"] = search_order(self._db, row["published_at"], row["first_seen"])
        return row

    def _number(self, table: str, number: int) -> int | None:
        """Return the number here of a row of the other archive; of a portal that is not gathered, if it is known."""
        there = self._source.execute(f"SELECT * FROM {table} WHERE id = ?", (number,)).fetchone()
        if there is None or there["portal"] in self._portals:
            return number + self._offset[table]
        same = ("portal", "url") + (("fetched_at", "digest") if table == "captures" else ())
        found = self._db.execute(
            f"SELECT id FROM {table} WHERE {' AND '.join(f'{name} = ?' for name in same)}",
            tuple(there[name] for name in same),
        ).fetchone()
        if found is None and table == "captures":
            raise ArchiveError(
                f"{there['url']}: a capture of {there['portal']} that is repeated, and not in this archive"
            )
        return found[0] if found else None

    def _merge(self, row: dict[str, Any]) -> None:
        for name in ("article_id", "merged_into"):
            row[name] += self._offset["articles"]
        was = json.loads(row["rows"])
        for one in was.values():
            if isinstance(one, dict):
                self._shift(one)
        insert(self._db, "merges", row | {"rows": json.dumps(was, ensure_ascii=False)})

    def _shift(self, was: dict[str, Any]) -> None:
        """Renumber what an article was, which `storing.merge.split` puts back."""
        was["article"]["id"] += self._offset["articles"]
        was["captures"] = [number + self._offset["captures"] for number in was.get("captures", ())]
        for one in [
            was["article"],
            *(one for rows in was.values() if isinstance(rows, list) for one in rows),
        ]:
            if isinstance(one, dict):
                for column, table in (("article_id", "articles"), ("capture_id", "captures")):
                    if one.get(column) is not None:
                        one[column] += self._offset[table]
