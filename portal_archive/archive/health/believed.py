"""Whether what a crawl found is to be believed: one text everywhere, articles that vanish or change, odd counters."""

from __future__ import annotations

import json
import sqlite3

from portal_archive.archive.counters.marks import Reading, marks
from portal_archive.archive.doubt import doubts, episodes, site_texts, vanishing
from portal_archive.archive.health.evidence import Evidence
from portal_archive.archive.health.verdict import EXAMPLES, MAJORITY, Verdict, visited
from portal_archive.archive.moments import from_text
from portal_archive.archive.sql import row, rows
from portal_archive.model.kinds import DoubtRule, DoubtState, Outcome, PortalState, ProblemKind
from portal_archive.model.messages import Message, say

# Articles that do not read as before, that are no accident where most are.
_DOUBTED = 2
# Readings of a counter that are looked at for what contradicts itself.
_READINGS = 500


def one_text(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    """Judge one text at many addresses that had texts of their own: a notice, a login page, whoever shows it."""
    seen = db.execute(
        "SELECT url FROM doubts WHERE portal = ? AND rule = ? AND state = ? AND last_seen >= ? ORDER BY id",
        (crawl.crawl["portal"], DoubtRule.SAME_TEXT, DoubtState.REFUSED, crawl.crawl["started_at"]),
    ).fetchall()
    if len(seen) < site_texts.ADDRESSES or crawl.number("flagged", "yes"):
        return None
    if crawl.number("language", "other") > crawl.number("language") * MAJORITY:
        return None
    return Verdict(
        PortalState.DEGRADED,
        say("verdict.same_text", n=len(seen)),
        say("step.doubted"),
        "same-text",
        field="article",
        examples=tuple(url for (url,) in seen[:EXAMPLES]),
    )


def moved_or_vanished(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    """Judge articles that are looked at again and are sent elsewhere, or missing at once."""
    _, looked_at = vanishing.share_missing(db, crawl.crawl["id"])
    host = crawl.most("redirect")
    sent = crawl.number("redirect", host) if host else 0
    if host and sent >= vanishing.LEAST and sent > looked_at * MAJORITY:
        reason, step = say("verdict.articles_moved", n=sent, host=host), say("step.moved", host=host)
        examples = visited(db, crawl, Outcome.REDIRECT)
        return Verdict(PortalState.MOVED, reason, step, "redirect", "article", after=host, examples=examples)
    held = row(
        db,
        "SELECT details FROM doubts WHERE portal = ? AND rule = ? AND state = ?",
        crawl.crawl["portal"],
        DoubtRule.VANISHED,
        DoubtState.HELD,
    )
    if held is not None:
        reason = say(
            "verdict.vanished", n=(counts := json.loads(held["details"]))["missing"], of=counts["of"]
        )
        examples = visited(db, crawl, Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECT)
        step = say("step.vanished")
        return Verdict(PortalState.DEGRADED, reason, step, "vanished", "present", examples=examples)
    return None


def not_as_before(db: sqlite3.Connection, crawl: Evidence) -> Verdict | None:
    """Judge articles that are looked at again and do not read as before."""
    _, looked_at = vanishing.share_missing(db, crawl.crawl["id"])
    doubted = crawl.number(vanishing.PRESENT, vanishing.UNKNOWN, vanishing.IN_PART)
    if doubted >= _DOUBTED and doubted > looked_at * MAJORITY:
        reason = say("verdict.doubted", n=doubted, of=looked_at)
        # A login form shows nothing that could be held, and accepted.
        held = doubts.number_open(db, crawl.crawl["portal"])
        step = say("step.doubted") if held else say("step.not_as_before")
        return Verdict(
            PortalState.DEGRADED, reason, step, "doubted", "article", examples=_not_as_before(db, crawl)
        )
    return None


def _not_as_before(db: sqlite3.Connection, crawl: Evidence) -> tuple[str, ...]:
    kinds = (ProblemKind.KIND_CHANGED, ProblemKind.HELD, ProblemKind.SAME_TEXT, *episodes.IN_PART)
    found = db.execute(
        f"SELECT DISTINCT url FROM problems WHERE portal = ? AND last_seen >= ? AND closed_at IS NULL"
        f" AND kind IN ({', '.join('?' * len(kinds))}) ORDER BY id LIMIT ?",
        (crawl.crawl["portal"], crawl.crawl["started_at"], *kinds, EXAMPLES),
    )
    return tuple(url for (url,) in found)


def counter_marks(db: sqlite3.Connection, crawl: Evidence) -> list[Message]:
    """Return what the visitor counter shows in this crawl that cannot be: it fell, stood still, jumped."""
    found = rows(
        db,
        "SELECT id, read_at, url, today, month, year, total FROM counter_readings WHERE portal = ?"
        " ORDER BY read_at DESC LIMIT ?",
        crawl.crawl["portal"],
        _READINGS,
    )
    readings = [
        Reading(
            one["id"],
            from_text(one["read_at"]),
            *(one[name] for name in ("url", "today", "month", "year", "total")),
        )
        for one in reversed(found)
    ]
    return [
        say(f"mark.{mark.kind}", **mark.values)
        for mark in marks(readings)
        if mark.reading.read_at >= crawl.started
    ]
