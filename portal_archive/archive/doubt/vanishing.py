"""Articles that are missing all at once: held for a week or until a person decides; the rest is looked at soon."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from portal_archive.archive.doubt import doubts
from portal_archive.archive.doubt.doubts import Shown
from portal_archive.archive.frontier.schedule import CONFIRM_AFTER
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import row
from portal_archive.model.kinds import DoubtRule, DoubtState

# The tally of visits to pages that have shown an article, and what they showed of it.
PRESENT = "present"
THERE, IN_PART, NEWLY_MISSING, STILL_MISSING, UNKNOWN = (
    "there",
    "in part",
    "newly missing",
    "still missing",
    "unknown",
)
# More than this share of what a crawl looks at again, and so many at least, are too many to be deletions.
AT_ONCE = 1 / 5
# What small crawls find missing adds up over so many days before and after.
_AROUND = timedelta(days=2)
LEAST = 3
# What is missing for so long is gone, however many went with it.
CONFIRMED_AFTER = timedelta(days=7)
# The rest of a portal is looked at within so many days.
AUDIT_DAYS = 3
_AUDITED_A_DAY = 5000
# What was sent away or refused so lately belongs to the trouble that is over.
_REMEMBERED = timedelta(days=30)


def share_missing(db: sqlite3.Connection, *crawl_ids: int) -> tuple[int, int]:
    """Return how many articles crawls found newly missing, and how many they looked at that were not before."""
    marks = ", ".join("?" * len(crawl_ids))
    counts = dict(
        db.execute(
            f"SELECT value, sum(pages) FROM crawl_tallies WHERE crawl_id IN ({marks}) AND tally = ? GROUP BY value",
            (*crawl_ids, PRESENT),
        ).fetchall()
    )
    missing = counts.get(NEWLY_MISSING, 0)
    return missing, missing + sum(counts.get(value, 0) for value in (THERE, IN_PART, UNKNOWN))


def is_at_once(missing: int, looked_at: int) -> bool:
    """Tell whether so many missing of so many are too many at once."""
    return missing >= LEAST and missing > looked_at * AT_ONCE


def is_held(db: sqlite3.Connection, portal: str, missing_since: str, visited: datetime) -> bool:
    """Tell whether a page, missing since `missing_since`, vanished with so many others that it is not gone yet."""
    if visited - from_text(missing_since) >= CONFIRMED_AFTER:
        return False
    around = [to_text(from_text(missing_since) + _AROUND * times) for times in (-1, 1)]
    crawls = [
        number
        for (number,) in db.execute(
            "SELECT id FROM crawls WHERE portal = ? AND started_at BETWEEN ? AND ?", (portal, *around)
        ).fetchall()
    ]
    together = [[number] for number in crawls] + [crawls]
    if not any(is_at_once(*share_missing(db, *some)) for some in together):
        return False
    # What is missing still when the others are there again is missing; as is what a person says.
    decided = row(
        db,
        "SELECT 1 FROM doubts WHERE portal = ? AND rule = ? AND state IN ('accepted', 'passed') AND decided_at >= ?",
        portal,
        DoubtRule.VANISHED,
        missing_since,
    )
    return decided is None


def settle(db: sqlite3.Connection, crawl_id: int) -> None:
    """At the end of a crawl, hold what vanished at once in it, and have the rest of the portal looked at soon."""
    crawl = row(
        db,
        "SELECT c.*, p.home_url FROM crawls c JOIN portals p ON p.name = c.portal WHERE c.id = ?",
        crawl_id,
    )
    assert crawl is not None
    missing, looked_at = share_missing(db, crawl_id)
    if not is_at_once(missing, looked_at):
        return
    held = doubts.of(db, crawl["portal"], crawl["home_url"], "")
    if held is not None and held.state in (DoubtState.ACCEPTED, DoubtState.REJECTED):
        # What vanishes now was not decided then.
        held = None
    shown = Shown(
        crawl["portal"],
        crawl["home_url"],
        DoubtRule.VANISHED,
        details={"missing": missing, "of": looked_at},
    )
    doubts.note(db, shown, crawl["started_at"])
    if held is None or held.state is not DoubtState.HELD:
        _audit(db, crawl["portal"], crawl["last_active_at"])


def _audit(db: sqlite3.Connection, portal: str, at: str) -> None:
    """Spread the articles of a portal that are not due yet over the next days."""
    late = to_text(from_text(at) + timedelta(days=AUDIT_DAYS))
    condition = (
        "portal = ? AND kind = 'article' AND state = 'done' AND article_id IS NOT NULL AND next_visit > ?"
    )
    number = db.execute(f"SELECT count(*) FROM pages WHERE {condition}", (portal, late)).fetchone()[0]
    days = max(AUDIT_DAYS, number // _AUDITED_A_DAY)
    for day in range(days):
        due = to_text(from_text(at) + timedelta(days=day))
        db.execute(
            f"UPDATE pages SET next_visit = ? WHERE {condition} AND id % ? = ?",
            (due, portal, late, days, day),
        )


def recover(db: sqlite3.Connection, portal: str, missing_since: str | None, started: str) -> None:
    """Where an article is there again, have those looked at in this crawl that went with it.

    `missing_since` is since when its page was missing, None for one that only made no statement; `started` is the
    start of the crawl.
    """
    # What this crawl has looked at already is not looked at twice.
    due = "UPDATE pages SET next_visit = :started WHERE portal = :portal AND last_visit < :started AND kind != 'file'"
    values = {"portal": portal, "started": started, "lately": to_text(from_text(started) - _REMEMBERED)}
    db.execute(
        f"{due} AND attempts > 0 AND next_visit > :started AND kind = 'article' AND state != 'failed'", values
    )
    # What was new on a bad day was sent away, or not to be asked for, like all the others.
    db.execute(
        f"{due} AND state IN ('moved', 'refused') AND last_visit >= :lately AND kind = 'article'"
        " AND last_digest IS NULL",
        values,
    )
    if missing_since is None:
        return
    held = row(
        db,
        "SELECT id, first_seen FROM doubts WHERE portal = ? AND rule = ? AND first_seen <= ?"
        " AND state IN ('held', 'believed', 'accepted')",
        portal,
        DoubtRule.VANISHED,
        missing_since,
    )
    if held is None:
        return
    db.execute(
        f"{due} AND state IN ('missing', 'gone') AND missing_since >= :since",
        values | {"since": to_text(from_text(held["first_seen"]) - _AROUND)},
    )
    # What this crawl found missing before it was known that the trouble is over is to be confirmed tomorrow.
    db.execute(
        "UPDATE pages SET next_visit = :tomorrow WHERE portal = :portal AND state = 'missing'"
        " AND last_visit >= :started AND next_visit > :tomorrow",
        values | {"tomorrow": to_text(from_text(started) + CONFIRM_AFTER)},
    )
    db.execute(
        "UPDATE doubts SET state = ?, decided_at = ? WHERE id = ?", (DoubtState.PASSED, started, held["id"])
    )
