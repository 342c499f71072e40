"""Which lists of a portal a crawl begins with: those that give news, and some of the others in turn.

A portal has dozens of categories, and most of them are silent for months. Its home page, its own feeds, and every list
that gave an article of late which no other page had shown before are asked in every crawl. The others take turns until
one of those shows something new: then all of them are asked.
"""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from portal_archive.archive.frontier.frontier import Queue
from portal_archive.archive.frontier.schedule import EARLY
from portal_archive.archive.moments import from_text, to_text
from portal_archive.model.kinds import LinkKind, PageState

# Silent lists that are asked in a crawl, those first that were not asked for longest.
IN_TURN = 20
# None waits longer: a crawl that begins so long after the visit, or up to `EARLY` before, asks it in any case.
LONGEST_WAIT = timedelta(days=1)
# A list is silent when it has given nothing for so long.
LIVELY = timedelta(days=30)

# In the words of the queue: what is not the home page's own, nor a feed that it names.
_SILENT = f"""
    portal = :portal AND queue = {int(Queue.START)} AND depth > 0 AND NOT (kind = '{LinkKind.FEED}' AND depth = 1)
    AND state = '{PageState.DONE}'
"""


def take_turns(db: sqlite3.Connection, portal: str, started: str) -> int:
    """Let the silent lists whose turn it is not wait, in a crawl that begins at `started`; return how many do."""
    ask_all(db, portal, started)  # those that waited before
    asked_lately = to_text(from_text(started) - LONGEST_WAIT + EARLY)
    values = {
        "portal": portal,
        "started": started,
        "asked": asked_lately,
        "lively": _lively(db, portal, started),
    }
    waiting = db.execute(
        f"SELECT id, last_visit FROM pages WHERE {_SILENT} AND next_visit <= :started AND last_visit > :asked"
        " AND NOT EXISTS (SELECT 1 FROM json_each(:lively) WHERE value = pages.id)"
        " ORDER BY last_visit, id LIMIT -1 OFFSET :in_turn",
        values | {"in_turn": IN_TURN},
    ).fetchall()
    db.executemany(
        "UPDATE pages SET next_visit = ? WHERE id = ?",
        [(to_text(from_text(last_visit) + LONGEST_WAIT), page_id) for page_id, last_visit in waiting],
    )
    return len(waiting)


def ask_all(db: sqlite3.Connection, portal: str, started: str) -> None:
    """Let a crawl that has found something new ask the lists whose turn it was not."""
    db.execute(
        f"UPDATE pages SET next_visit = :started WHERE {_SILENT} AND next_visit > :started AND last_visit < :started",
        {"portal": portal, "started": started},
    )


def _lively(db: sqlite3.Connection, portal: str, started: str) -> str:
    """Return, as JSON, the ids of lists that first showed an article of late, after the crawl that found the list."""
    found: str = db.execute(
        "SELECT json_group_array(DISTINCT list.id) FROM articles JOIN pages page ON page.article_id = articles.id"
        " JOIN pages list ON list.portal = page.portal AND list.url = page.found_on"
        " WHERE articles.portal = ? AND articles.first_seen >= ? AND page.discovered_at > list.discovered_at",
        (portal, to_text(from_text(started) - LIVELY)),
    ).fetchone()[0]
    return found
