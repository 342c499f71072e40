"""Findings and doubts that wait for a person, and the decisions about them: who, why, and whether taken back."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal_archive.archive.doubt import doubts
from portal_archive.archive.findings import findings
from portal_archive.archive.moments import to_text
from portal_archive.archive.sql import insert, row, rows, update
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import DoubtState


class Subject(StrEnum):
    """What a decision is about. People name one by it and its number: "finding:12"."""

    FINDING = "finding"  # something on a page that seems tampered with
    DOUBT = "doubt"  # something that a page showed and that is not believed yet


# What may be decided: dismissed and confirmed of findings, accepted and rejected of doubts.
VERDICTS: dict[Subject, tuple[str, ...]] = {
    Subject.FINDING: tuple(findings.Verdict),
    Subject.DOUBT: (DoubtState.ACCEPTED, DoubtState.REJECTED),
}
# Equal words of an article are one line: a verdict holds for all of them.
_WAITING = f"""
SELECT 'finding' AS subject, min(f.id) AS id, f.portal, f.kind, min(f.first_seen) AS since, f.span AS shows,
       coalesce(a.title, f.url) AS what, f.article_id, min(f.capture_id) AS capture_id, count(*) AS places
FROM findings f LEFT JOIN articles a ON a.id = f.article_id
WHERE f.verdict IS NULL AND {findings.STRONG} AND (?1 IS NULL OR f.portal = ?1)
  AND (?2 IS NULL OR f.kind = ?2)
GROUP BY f.portal, f.article_id, iif(f.article_id IS NULL, f.url, ''), f.kind, f.span
UNION ALL
SELECT 'doubt', d.id, d.portal, d.rule, d.first_seen, coalesce(json_extract(d.details, '$.title'), ''), d.url,
       d.article_id, d.capture_id, d.times
FROM doubts d WHERE d.state IN ({", ".join(f"'{state}'" for state in doubts.OPEN)})
  AND (?1 IS NULL OR d.portal = ?1) AND (?2 IS NULL OR d.rule = ?2)
ORDER BY 5 DESC, 1, 2 LIMIT ?3
"""
_ALL = -1


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. `kind` is that of a finding or the rule of a doubt; `since` is in UTC."""

    subject: Subject
    id: int
    portal: str
    kind: str
    since: str
    shows: str
    what: str
    article_id: int | None
    capture_id: int | None
    places: int

    @property
    def name(self) -> str:
        """Its name on the command line and on the page, such as "finding:12"."""
        return f"{self.subject}:{self.id}"


def parse(name: str) -> tuple[Subject, int]:
    """Return what "finding:12" names. Raises ArchiveError."""
    subject, _, number = name.partition(":")
    if subject not in VERDICTS or not number.isdecimal() or len(number) > 18:
        raise ArchiveError(f"{name!r} names nothing; say finding:12 or doubt:7, as `review` lists them")
    return Subject(subject), int(number)


def waiting(
    db: sqlite3.Connection, portal: str | None = None, kind: str | None = None, most: int = _ALL
) -> list[Item]:
    """Return what nobody decided about yet, the newest first: all, of a portal, of a kind; `most` at the most."""
    found = rows(db, _WAITING, portal, kind, most)
    return [Item(Subject(one["subject"]), *tuple(one)[1:]) for one in found]


def decide(
    db: sqlite3.Connection, subject: Subject, number: int, verdict: str, *, why: str, who: str, at: datetime
) -> list[tuple[int, str]]:
    """Enter a decision; returns number and description of all that it holds for. Raises ArchiveError.

    Needs a transaction, and no claim to the archive: a crawl may be writing between two of them.
    """
    if verdict not in VERDICTS[subject]:
        raise ArchiveError(f"{subject}:{number} is not {verdict}; it is {' or '.join(VERDICTS[subject])}")
    portal, holds_for = _apply(db, subject, number, verdict, why, at)
    values = {
        "subject": subject, "item": number, "portal": portal, "what": holds_for[0][1], "verdict": verdict,
        "why": why, "who": who, "decided_at": to_text(at),
    }  # fmt: skip
    insert(db, "decisions", values)
    return holds_for


def undo(db: sqlite3.Connection, number: int, *, who: str, at: datetime) -> str:
    """Take a decision back: what it was about waits again, or is as it was decided before. Returns what it was about.

    Raises ArchiveError where there is no such decision, it was taken back before, or it can no longer be undone.
    """
    one = row(db, "SELECT * FROM decisions WHERE id = ?", number)
    if one is None or one["undone_at"] is not None:
        raise ArchiveError(f"no decision {number} that could be undone: `review --decided` lists them")
    update(db, "decisions", number, {"undone_at": to_text(at), "undone_by": who})
    before = row(
        db,
        "SELECT * FROM decisions WHERE subject = ? AND item = ? AND undone_at IS NULL"
        " ORDER BY decided_at DESC, id DESC LIMIT 1",
        one["subject"],
        one["item"],
    )
    verdict, why = (before["verdict"], before["why"]) if before else (None, None)
    _apply(db, Subject(one["subject"]), one["item"], verdict, why, at)
    return str(one["what"])


def decided(db: sqlite3.Connection, most: int = _ALL) -> list[sqlite3.Row]:
    """Return the decisions, the newest first."""
    return rows(db, "SELECT * FROM decisions ORDER BY decided_at DESC, id DESC LIMIT ?", most)


def _apply(
    db: sqlite3.Connection, subject: Subject, number: int, verdict: str | None, why: str | None, at: datetime
) -> tuple[str, list[tuple[int, str]]]:
    """Write a verdict, None to take it back; return the portal, and number and description of all it holds for."""
    if subject is Subject.FINDING:
        found = findings.decide(db, number, findings.Verdict(verdict) if verdict else None, why, at)
        return found[0]["portal"], [(one["id"], f"{one['kind']} in {one['url']}") for one in found]
    doubt = doubts.decide(db, number, DoubtState(verdict or DoubtState.HELD), at, why)
    return doubt.portal, [(doubt.id, f"{doubt.rule} at {doubt.url}")]


def as_json(items: list[Item]) -> str:
    """Return items as a JSON array of objects."""
    return json.dumps(
        [{"name": one.name, **{key: getattr(one, key) for key in Item.__slots__}} for one in items],
        ensure_ascii=False,
    )
