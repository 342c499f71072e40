"""A dossier: articles, versions and findings with notes, held by its address and by nothing else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from portal_archive.publish.parts import permalinks

MOST_ITEMS = 60
LONGEST_NOTE = 500
_LONGEST_TITLE = 120
# "article:12" is the article as it is now, "version:12:HASH" a text that stays, "finding:5" words that were put in.
_ITEM = re.compile(r"article:\d{1,18}|version:\d{1,18}:[0-9a-f]{16}|finding:\d{1,18}")
_VERSION = """
SELECT a.id, v.version, v.content_hash, v.title, v.published_at, v.published_precision, v.url, a.portal,
       p.title AS portal_title, c.id AS capture_id, c.fetched_at, c.digest
FROM article_versions v JOIN articles a ON a.id = v.article_id JOIN portals p ON p.name = a.portal
LEFT JOIN captures c ON c.id = {capture}
WHERE a.id = ? AND {where} ORDER BY v.version DESC LIMIT 1
"""
_ARTICLE = _VERSION.format(capture="a.capture_id", where="v.is_current")
_FIXED = _VERSION.format(capture="v.capture_id", where="substr(v.content_hash, 1, 16) = ?")
_FINDING = """
SELECT f.article_id AS id, NULL AS version, f.content_hash, coalesce(a.title, f.url) AS title, a.published_at,
       a.published_precision, f.url, f.portal, p.title AS portal_title, c.id AS capture_id, c.fetched_at, c.digest,
       f.span
FROM findings f JOIN portals p ON p.name = f.portal LEFT JOIN articles a ON a.id = f.article_id
LEFT JOIN captures c ON c.id = f.capture_id WHERE f.id = ?
"""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What an address holds: pairs of item and note, and what the dossier is called."""

    items: tuple[tuple[str, str], ...] = ()
    title: str = ""

    def query(self) -> list[tuple[str, str]]:
        """Return it as parameters of an address."""
        pairs = [("title", self.title)] if self.title else []
        for item, note in self.items:
            pairs += [("item", item), ("note", note)]
        return pairs

    def with_item(self, item: str) -> Dossier:
        """Return it with one more item, at the end; itself where it has that, or as many as it can have."""
        if not _ITEM.fullmatch(item) or len(self.items) >= MOST_ITEMS or item in dict(self.items):
            return self
        return Dossier((*self.items, (item, "")), self.title)

    def without(self, place: int) -> Dossier:
        """Return it without the item at a place, counted from 0."""
        return Dossier(tuple(pair for number, pair in enumerate(self.items) if number != place), self.title)


def read_query(query: str) -> Dossier:
    """Return the dossier that the query string of an address holds; what is no item is left out."""
    title, items = "", dict[str, str]()
    current = ""
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "title":
            title = value.strip()[:_LONGEST_TITLE]
        elif name == "item":
            current = value if _ITEM.fullmatch(value) and len(items) < MOST_ITEMS else ""
            if current:
                items.setdefault(current, "")
        elif name == "note" and current:
            items[current] = value.strip()[:LONGEST_NOTE]
    return Dossier(tuple(items.items()), title)


def write_query(dossier: Dossier) -> str:
    """Return a dossier as the query string that `read_query` reads."""
    return urlencode(dossier.query())


def find(db: sqlite3.Connection, item: str) -> sqlite3.Row | None:
    """Return what the archive has of an item; None where it has nothing."""
    kind, _, rest = item.partition(":")
    number, _, content_hash = rest.partition(":")
    found: sqlite3.Row | None
    if kind == "version":
        found = db.execute(_FIXED, [int(number), content_hash]).fetchone()
    else:
        found = db.execute(_ARTICLE if kind == "article" else _FINDING, [int(number)]).fetchone()
    return found


def path_of(row: sqlite3.Row) -> str:
    """Return the path of what stands behind a row of `find`."""
    if row["version"] is not None:
        return permalinks.of_version(row["id"], row["version"], row["content_hash"])
    if row["id"] is not None:
        return f"/article/{row['id']}"
    return permalinks.of_capture(row["capture_id"], row["digest"]) if row["capture_id"] else "/findings"


def numbers(rows: Sequence[sqlite3.Row | None]) -> tuple[list[int], list[int]]:
    """Return the articles and the captures behind rows of `find`."""
    found = [row for row in rows if row is not None]
    articles = dict.fromkeys(row["id"] for row in found if row["id"] is not None)
    return list(articles), [row["capture_id"] for row in found if row["capture_id"] is not None]
