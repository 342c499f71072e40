"""What shows that an article was tampered with: kept by version, with what a person decided about it.

A finding is the same when its kind, its field and its span are; of equal spans in one field it is the first, the
second and so on. Where it stands, its score and its signs are those of the newest capture that showed it. An
article without findings costs no query.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal_archive.archive.findings import originals
from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import row, rows, update
from portal_archive.model.errors import ArchiveError
from portal_archive.model.page import FLAGGED, Finding


class Verdict(StrEnum):
    """What a person decided about a finding."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


# Of `findings f`: no weak sign. What a person confirmed is none, whatever its score.
STRONG = f"(f.score >= {FLAGGED} OR f.verdict IS 'confirmed')"
# Of `findings f`: it makes its article suspicious.
COUNTS = f"({STRONG} AND f.verdict IS NOT 'dismissed')"
# Of `findings f` and `articles a`: the article's newest capture still shows it.
CURRENT = "(f.article_id = a.id AND f.content_hash = a.content_hash AND f.last_seen >= a.fetched_at)"

_SAME = ("kind", "field", "span", "occurrence")
_OF_ARTICLE = "(article_id, content_hash, kind, field, span, occurrence)"
_OF_PAGE = "(portal, url, kind, field, span, occurrence) WHERE article_id IS NULL"
_NOTE = """
INSERT INTO findings (portal, article_id, url, content_hash, kind, field, span, occurrence, start, "end", score,
    signs, details, first_seen, last_seen, capture_id, verdict, why, decided_at)
VALUES (:portal, :article_id, :url, :content_hash, :kind, :field, :span, :occurrence, :start, :end, :score,
    :signs, :details, :seen, :seen, :capture_id, :verdict, :why, :decided_at)
ON CONFLICT {key} DO UPDATE SET
    start = iif(:seen >= last_seen, excluded.start, start),
    "end" = iif(:seen >= last_seen, excluded."end", "end"),
    score = iif(:seen >= last_seen, excluded.score, score),
    signs = iif(:seen >= last_seen, excluded.signs, signs),
    details = iif(:seen >= last_seen, excluded.details, details),
    old_reason = iif(:seen >= last_seen, NULL, old_reason),
    url = iif(:seen >= last_seen, excluded.url, url),
    capture_id = iif(:seen < first_seen, excluded.capture_id, capture_id),
    first_seen = min(first_seen, :seen), last_seen = max(last_seen, :seen)
"""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Which page was seen, when, in which capture; and of which article and content it is, if of one."""

    portal: str
    url: str
    seen: str
    capture_id: int | None
    article_id: int | None = None
    content_hash: str | None = None


def note(db: sqlite3.Connection, sighting: Sighting, found: Sequence[Finding]) -> None:
    """Enter what a capture shows. A finding that a person decided about before is as decided."""
    sql = _NOTE.format(key=_OF_PAGE if sighting.article_id is None else _OF_ARTICLE)
    decided: dict[tuple[str, str], dict[str, Any]] = {}
    for occurrence, finding in _numbered(found):
        same = (finding.kind, finding.span)
        if same not in decided:
            decided[same] = _verdict(db, sighting, *same)
        db.execute(
            sql,
            {
                "portal": sighting.portal,
                "article_id": sighting.article_id,
                "url": sighting.url,
                "content_hash": sighting.content_hash,
                "seen": sighting.seen,
                "capture_id": sighting.capture_id,
                "kind": finding.kind,
                "field": finding.field,
                "span": finding.span,
                "occurrence": occurrence,
                **_said(finding),
                **decided[same],
            },
        )


def _said(finding: Finding) -> dict[str, Any]:
    """Return what the newest capture says of a finding, as it is stored."""
    return {
        "start": finding.start,
        "end": finding.end,
        "score": finding.score,
        "signs": json.dumps(finding.signs),
        "details": json.dumps(finding.details, ensure_ascii=False, sort_keys=True),
    }


def _numbered(found: Sequence[Finding]) -> Iterator[tuple[int, Finding]]:
    """Give each finding once, with which of the equal spans of its field it is, from 1."""
    seen: Counter[tuple[str, str, str]] = Counter()
    places = {(one.kind, one.field, one.span, one.start): one for one in found}
    for finding in sorted(places.values(), key=lambda one: one.start):
        same = (finding.kind, finding.field, finding.span)
        seen[same] += 1
        yield seen[same], finding


def _verdict(db: sqlite3.Connection, sighting: Sighting, kind: str, span: str) -> dict[str, Any]:
    """Return what was decided about the same words in this article, or on this page."""
    where, of = _same_words(sighting.article_id, sighting.portal, sighting.url, kind, span)
    found = row(
        db,
        f"SELECT verdict, why, decided_at FROM findings WHERE {where}"
        " AND verdict IS NOT NULL ORDER BY decided_at DESC LIMIT 1",
        *of,
    )
    return dict(found) if found else {"verdict": None, "why": None, "decided_at": None}


def is_dismissed(db: sqlite3.Connection, portal: str, kind: str, span: str) -> bool:
    """Return whether a person dismissed this sign about a portal as a whole."""
    found = row(
        db,
        "SELECT verdict FROM findings WHERE article_id IS NULL AND portal = ? AND kind = ? AND span = ?"
        " AND verdict IS NOT NULL ORDER BY decided_at DESC LIMIT 1",
        portal,
        kind,
        span,
    )
    return found is not None and found["verdict"] == Verdict.DISMISSED


def _same_words(
    article_id: int | None, portal: str, url: str, kind: str, span: str
) -> tuple[str, tuple[object, ...]]:
    """Return the condition, with its values, for what a verdict holds for."""
    if article_id is None:
        where = "article_id IS NULL AND portal = ? AND url = ? AND kind = ? AND span = ?"
        return where, (portal, url, kind, span)
    # The pluses keep SQLite from taking the index of kinds, which grows with the archive.
    return "article_id = ? AND +kind = ? AND +span = ?", (article_id, kind, span)


def settle(db: sqlite3.Connection, article_id: int) -> None:
    """Set the flag of an article by what its newest capture shows, and look for the original words."""
    originals.keep(db, article_id)
    now = row(
        db,
        f"SELECT flagged, EXISTS (SELECT 1 FROM findings f WHERE {CURRENT} AND {COUNTS}) AS shown"
        " FROM articles a WHERE a.id = ?",
        article_id,
    )
    # The search index may know the flag: it is touched only when it changes.
    if now is not None and now["flagged"] != now["shown"]:
        update(db, "articles", article_id, {"flagged": now["shown"]})


def reread(
    db: sqlite3.Connection, capture: sqlite3.Row, found: Sequence[Finding], *, dry_run: bool
) -> tuple[list[str], list[str]] | None:
    """Put what a better reader finds in a capture of an article in place of what was found in it.

    Returns the spans before and after, None where nothing differs. A finding that no capture shows any more
    is removed, unless a person decided about it.
    """
    seen = capture["fetched_at"]
    old = rows(
        db,
        "SELECT * FROM findings WHERE article_id = ? AND content_hash = ?"
        " AND first_seen <= ? AND last_seen >= ? ORDER BY field, start",
        capture["article_id"],
        capture["content_hash"],
        seen,
        seen,
    )
    if not old and not found:
        return None
    new = {(one.kind, one.field, one.span, occurrence): one for occurrence, one in _numbered(found)}
    before = {tuple(one[name] for name in _SAME): one for one in old}
    if before.keys() == new.keys() and all(
        before[key][name] == value for key, finding in new.items() for name, value in _said(finding).items()
    ):
        return None
    if not dry_run:
        sighting = Sighting(
            *(capture[name] for name in ("portal", "url", "fetched_at", "id", "article_id", "content_hash"))
        )
        note(db, sighting, found)
        for key, finding in before.items():
            if key not in new:
                _unsee(db, capture, finding)
    return [one["span"] for one in old], [one.span for one in new.values()]


def _unsee(db: sqlite3.Connection, capture: sqlite3.Row, finding: sqlite3.Row) -> None:
    """Let a finding begin after, or end before, a capture that does not show it."""
    if finding["verdict"] is not None:
        return
    seen = capture["fetched_at"]
    for column, compare, order in (("first_seen", ">", "ASC"), ("last_seen", "<", "DESC")):
        if finding[column] != seen:
            continue
        near = row(
            db,
            "SELECT id, fetched_at FROM captures WHERE article_id = ? AND content_hash = ?"
            f" AND fetched_at {compare} ? AND fetched_at BETWEEN ? AND ? ORDER BY fetched_at {order} LIMIT 1",
            capture["article_id"],
            capture["content_hash"],
            seen,
            finding["first_seen"],
            finding["last_seen"],
        )
        if near is None:
            db.execute("DELETE FROM findings WHERE id = ?", (finding["id"],))
            return
        values = {column: near["fetched_at"]}
        if column == "first_seen":
            values["capture_id"] = near["id"]
        update(db, "findings", finding["id"], values)


def rename(db: sqlite3.Connection, article_id: int, before: str, after: str) -> None:
    """Let the findings of a version that is read differently now follow its content hash."""
    still = "SELECT 1 FROM versions WHERE article_id = ? AND content_hash = ?"
    if row(db, still, article_id, before) is None:
        _move(db, article_id, before, article_id, after)
    db.execute(
        "UPDATE findings SET original_hash = ? WHERE original_article = ? AND original_hash = ?",
        (after, article_id, before),
    )


def merge(db: sqlite3.Connection, dropped: int, kept: int) -> None:
    """Give the findings of an article to the one that takes its place."""
    for (content_hash,) in db.execute(
        "SELECT DISTINCT content_hash FROM findings WHERE article_id = ?", (dropped,)
    ).fetchall():
        _move(db, dropped, content_hash, kept, content_hash)
    db.execute("UPDATE findings SET original_article = ? WHERE original_article = ?", (kept, dropped))
    db.execute(
        "UPDATE findings SET (verdict, why, decided_at) = (SELECT d.verdict, d.why, d.decided_at"
        " FROM findings d WHERE d.article_id = findings.article_id AND +d.kind = findings.kind"
        " AND +d.span = findings.span AND d.verdict IS NOT NULL ORDER BY d.decided_at DESC LIMIT 1)"
        " WHERE article_id = ?",
        (kept,),
    )


def _move(db: sqlite3.Connection, article_id: int, content_hash: str, to_article: int, to_hash: str) -> None:
    of = (article_id, content_hash)
    for one in rows(db, "SELECT * FROM findings WHERE article_id = ? AND content_hash = ?", *of):
        there = row(
            db,
            "SELECT id, first_seen, last_seen FROM findings WHERE article_id = ? AND content_hash = ?"
            " AND kind = ? AND field = ? AND span = ? AND occurrence = ?",
            to_article,
            to_hash,
            *(one[name] for name in _SAME),
        )
        if there is None:
            update(db, "findings", one["id"], {"article_id": to_article, "content_hash": to_hash})
            continue
        seen = {"last_seen": max(one["last_seen"], there["last_seen"])}
        if one["first_seen"] < there["first_seen"]:
            seen |= {"first_seen": one["first_seen"], "capture_id": one["capture_id"]}
        update(db, "findings", there["id"], seen)
        db.execute("DELETE FROM findings WHERE id = ?", (one["id"],))


def decide(
    db: sqlite3.Connection, number: int, verdict: Verdict | None, why: str | None, at: datetime
) -> list[sqlite3.Row]:
    """Keep what a person decided about a finding at the moment `at`, and why; None: that it is undecided again.

    It holds for the same words and kind in all of that article, or of that page: now, in other versions and in
    later captures. Returns the findings it holds for now. Raises ArchiveError when there is no such finding.
    """
    one = row(db, "SELECT * FROM findings WHERE id = ?", number)
    if one is None:
        raise ArchiveError(f"no finding {number} in the archive: 'scrapy findings list' shows their numbers")
    where, of = _same_words(*(one[name] for name in ("article_id", "portal", "url", "kind", "span")))
    db.execute(
        f"UPDATE findings SET verdict = ?, why = ?, decided_at = ? WHERE {where}",
        (verdict, why, to_text(at) if verdict else None, *of),
    )
    if one["article_id"] is not None:
        settle(db, one["article_id"])
    return rows(db, f"SELECT * FROM findings WHERE {where} ORDER BY first_seen, field, start", *of)
