"""Which captures prove an article: those of its versions, the newest, its pictures and attachments."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from portal_archive.archive.sql import rows
from portal_archive.archive.warc.wacz import Entry, Packed

_IDS = """
WITH wanted AS (SELECT value AS id FROM json_each(?1))
SELECT capture_id FROM versions WHERE article_id IN wanted
UNION SELECT capture_id FROM articles WHERE id IN wanted
UNION SELECT capture_id FROM attachments WHERE article_id IN wanted
UNION SELECT (SELECT c.id FROM captures c WHERE c.url = i.url AND c.status = 200 AND c.kind = 'file'
              ORDER BY c.fetched_at DESC LIMIT 1) FROM images i WHERE i.article_id IN wanted
UNION SELECT value FROM json_each(?2)
"""
# A page as a browser shows it is proved by what the server answered; a revisit by what it says is the same.
_CAPTURES = f"""
WITH chosen AS ({_IDS}), everything AS (
    SELECT capture_id AS id FROM chosen
    UNION SELECT (SELECT o.id FROM captures o WHERE o.url = c.url AND NOT o.rendered AND o.fetched_at <= c.fetched_at
                  ORDER BY o.fetched_at DESC LIMIT 1) FROM chosen JOIN captures c ON c.id = capture_id WHERE c.rendered
)
SELECT c.id, c.url, c.fetched_at, c.status, c.content_type, c.digest, c.file, c.offset, c.length,
       iif(c.rendered, 'conversion', iif(c.revisit_of IS NULL, 'response', 'revisit')) AS record
FROM captures c WHERE NOT c.lost AND c.id IN (
    SELECT id FROM everything UNION SELECT c.revisit_of FROM everything e JOIN captures c ON c.id = e.id
) ORDER BY c.id
"""
_PAGES = """
SELECT a.id, a.title, c.url, c.fetched_at FROM articles a JOIN captures c ON c.id = a.capture_id
WHERE a.id IN (SELECT value FROM json_each(?))
"""


def captures_of(db: sqlite3.Connection, articles: Iterable[int], others: Iterable[int] = ()) -> list[Packed]:
    """Return the captures that prove articles, and others by number, with those that they refer to."""
    found = rows(db, _CAPTURES, json.dumps([*articles]), json.dumps([*others]))
    return [Packed(**{name: row[name] for name in Packed.__dataclass_fields__}) for row in found]


def pages_of(db: sqlite3.Connection, articles: Iterable[int]) -> list[Entry]:
    """Return the newest captured page of each article, in the order of their numbers as given."""
    wanted = [*articles]
    found = {row["id"]: row for row in rows(db, _PAGES, json.dumps(wanted))}
    return [
        Entry(found[one]["url"], found[one]["fetched_at"], found[one]["title"] or found[one]["url"])
        for one in wanted
        if one in found
    ]
