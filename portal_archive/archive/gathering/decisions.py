"""What people decided in another archive, beside what was decided in this one; the newest that stands holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from portal_archive.archive.findings import findings
from portal_archive.archive.moments import from_text
from portal_archive.archive.review import Subject
from portal_archive.archive.sql import insert, row, rows, update

# Number of an article, or of a capture, of the other archive -> its number here; None: it is not here.
Here = Callable[[int | None], int | None]
_SAME = "subject, portal, what, verdict, who, why, decided_at"
_PLACE = "kind = :kind AND field = :field AND span = :span AND occurrence = :occurrence"


def join_decisions(
    db: sqlite3.Connection, source: sqlite3.Connection, portal: str, article: Here, capture: Here
) -> None:
    """Enter the decisions and verdicts about a portal that `source` has, within a transaction of the caller.

    Of verdicts about one thing the newest that was not taken back holds; all decisions are kept as rows.
    """
    for one in rows(source, "SELECT * FROM findings WHERE portal = ? AND verdict IS NOT NULL", portal):
        number = _finding(db, one, article, capture)
        here = row(db, "SELECT decided_at, verdict, why FROM findings WHERE id = ?", number)
        assert here is not None
        if _order(one) > _order(here):
            at = from_text(one["decided_at"])
            findings.decide(db, number, findings.Verdict(one["verdict"]), one["why"], at)
    for one in rows(source, "SELECT * FROM decisions WHERE portal = ? ORDER BY id", portal):
        item = _item(db, source, one, article, capture)
        if item is not None:
            _enter(db, one, item)


def _order(found: sqlite3.Row) -> tuple[str, ...]:
    return tuple(found[name] or "" for name in ("decided_at", "verdict", "why"))


def _item(
    db: sqlite3.Connection, source: sqlite3.Connection, one: sqlite3.Row, article: Here, capture: Here
) -> int | None:
    """Return the number here of what a decision is about; None where that is gone there."""
    if one["subject"] == Subject.FINDING:
        there = row(source, "SELECT * FROM findings WHERE id = ?", one["item"])
        return None if there is None else _finding(db, there, article, capture)
    there = row(source, "SELECT portal, url, content_hash FROM doubts WHERE id = ?", one["item"])
    if there is None:
        return None
    sql = "SELECT id FROM doubts WHERE portal = ? AND url = ? AND content_hash = ?"
    here = row(db, sql, *there)
    return None if here is None else here["id"]


def _finding(db: sqlite3.Connection, there: sqlite3.Row, article: Here, capture: Here) -> int:
    """Return the number here of a finding; one that today's rules do not make is taken over, since it was decided."""
    article_id = article(there["article_id"])
    values = dict(there) | {"article_id": article_id, "capture_id": capture(there["capture_id"])}
    of = (
        "article_id = :article_id AND content_hash IS :content_hash"
        if article_id
        else "article_id IS NULL AND portal = :portal AND url = :url"
    )
    found = db.execute(f"SELECT id FROM findings WHERE {of} AND {_PLACE}", values).fetchone()
    if found is not None:
        return int(found[0])
    del values["id"]
    values["original_article"] = article(there["original_article"])
    return insert(db, "findings", values | {"verdict": None, "why": None, "decided_at": None})


def _enter(db: sqlite3.Connection, one: sqlite3.Row, item: int) -> None:
    """Enter a decision as a row, or that it was taken back, and let the newest that stands hold."""
    sql = f"SELECT id, undone_at FROM decisions WHERE ({_SAME}) = (?, ?, ?, ?, ?, ?, ?)"
    known = row(db, sql, *(one[name.strip()] for name in _SAME.split(",")))
    if known is None:
        insert(db, "decisions", {name: one[name] for name in one.keys() if name != "id"} | {"item": item})  # noqa: SIM118
    elif one["undone_at"] is not None and known["undone_at"] is None:
        update(db, "decisions", known["id"], {"undone_at": one["undone_at"], "undone_by": one["undone_by"]})
    if one["subject"] != Subject.FINDING:
        return
    found = row(db, "SELECT verdict, why, decided_at FROM findings WHERE id = ?", item)
    stands = row(
        db,
        "SELECT verdict, why, decided_at FROM decisions WHERE subject = ? AND item IN"
        " (SELECT o.id FROM findings f JOIN findings o ON o.portal = f.portal AND o.kind = f.kind AND o.span = f.span"
        " AND o.article_id IS f.article_id AND (f.article_id IS NOT NULL OR o.url = f.url) WHERE f.id = ?)"
        " AND undone_at IS NULL ORDER BY decided_at DESC, verdict DESC, why DESC LIMIT 1",
        one["subject"],
        item,
    )
    if found is not None and (stands is None or tuple(stands) != tuple(found)):
        verdict = findings.Verdict(stands["verdict"]) if stands is not None else None
        at = from_text((stands or one)["decided_at"])
        findings.decide(db, item, verdict, stands["why"] if stands is not None else None, at)
