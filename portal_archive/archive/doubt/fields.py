"""Single fields of an article that are lost, or read otherwise in a way that is not to be believed."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from portal_archive.archive.moments import VIETNAM, from_text
from portal_archive.archive.storing.observation import Observation
from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem

# Ways to read a field that are taken where nothing better is found: a value of theirs replaces none of a better one.
WEAK = frozenset({"dateline", "date-line", "trafilatura", "density", "head-title", "url"})
# Fields that stay as they were when only a weaker method finds them.
_GUARDED = ("summary", "author", "source", "published_at")


def keep(
    db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation
) -> tuple[Observation, list[Problem], bool]:
    """Return what a visit showed with the fields of `stored` in place of what is not believed.

    Beside it the problems found, and whether title or body are gone, so that the page could not be read at all. A
    portal edits a title, a body, a publication date; it does not take them away and leave the article. Where one is
    missing all at once the page was redesigned, or answered half: what is stored stays.
    """
    content = seen.content
    lost = [name for name in ("title", "body") if stored[name] and not getattr(content, name)]
    unreadable = bool(lost)
    is_newer = seen.seen >= stored["fetched_at"]
    dated = stored["published_at"] if is_newer else _date_before(db, stored["id"], seen.seen)
    if dated and not content.published_at:
        lost.append("published_at")
        content = dataclasses.replace(content, published_at=dated)
    problems = [
        Problem(ProblemKind.FIELD_VANISHED, f"was read before, and is no longer found: {name}", name)
        for name in lost
    ]
    if is_newer:
        for name, why in _doubted(stored, dataclasses.replace(seen, content=content)):
            problems.append(
                Problem(ProblemKind.FIELD_DOUBTED, f"{why}: {getattr(content, name)}"[:200], name)
            )
            content = dataclasses.replace(content, **{name: stored[name]})
    return dataclasses.replace(seen, content=content), problems, unreadable


def _date_before(db: sqlite3.Connection, article_id: int, seen: str) -> str | None:
    """Return the publication date that an article had at `seen`."""
    found = db.execute(
        "SELECT published_at FROM article_versions WHERE article_id = ? AND first_seen <= ?"
        " ORDER BY first_seen DESC LIMIT 1",
        (article_id, seen),
    ).fetchone()
    return found[0] if found else None


def _doubted(stored: sqlite3.Row, seen: Observation) -> Iterator[tuple[str, str]]:
    """Yield the fields that are not believed, and why."""
    before = json.loads(stored["methods"])
    for name in _GUARDED:
        now = getattr(seen.content, name)
        if not stored[name] or not now or now == stored[name]:
            continue
        if is_weaker(before.get(name), seen.page.methods.get(name)):
            yield name, "found by a weaker method than before"
        elif name == "published_at" and _is_of_the_visit(stored["published_at"], now, seen.seen):
            yield name, "the date is the day of the visit"


def is_weaker(before: str | None, now: str | None) -> bool:
    """Tell whether a field is found by a weaker method than before; unknown methods are none."""
    return before is not None and before not in WEAK and now in WEAK


def _is_of_the_visit(before: str, now: str, seen: str) -> bool:
    """Tell whether a date that was another is now that of the visit: of a clock on the page, until it stays."""
    day = from_text(seen).astimezone(VIETNAM).date()
    return datetime.fromisoformat(now).date() == day > datetime.fromisoformat(before).date()
