"""The versions of an article: runs of captures, in order of time, that showed the same content.

The text of the current version stands in `articles`, that of a superseded one in `versions`. Comparing with
the capture before, and not with any content ever seen, makes A -> B -> A three versions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from portal_archive.archive.search.order import search_order
from portal_archive.archive.sql import insert, row, rows, update
from portal_archive.archive.storing import removed
from portal_archive.archive.storing.changes import Change
from portal_archive.archive.storing.content import Content

# What `versions` holds of a superseded version only.
TEXTS = ("title", "summary", "body", "captions", "author", "source", "published_at", "published_precision")


@dataclass(slots=True)
class Run:
    """Neighbouring captures with the same content."""

    content_hash: str
    first_seen: str
    last_seen: str
    capture_id: int | None


def add(
    db: sqlite3.Connection,
    article_id: int,
    number: int,
    content: Content,
    run: Run,
    reader_version: int,
    *,
    change: Change | None,
    current: bool,
) -> None:
    """Insert version `number` of an article; its texts only when it is not the current one."""
    columns = content.columns()
    if current:
        columns.update(dict.fromkeys(TEXTS))
    insert(
        db,
        "versions",
        {
            "article_id": article_id,
            "version": number,
            "first_seen": run.first_seen,
            "last_seen": run.last_seen,
            "capture_id": run.capture_id,
            "content_hash": content.content_hash,
            "text_hash": content.text_hash,
            "reader_version": reader_version,
            **columns,
            **(change.columns() if change else {}),
        },
    )


def current(db: sqlite3.Connection, article_id: int) -> sqlite3.Row:
    """Return the current version of an article, as `article_versions` shows it."""
    found = row(db, "SELECT * FROM article_versions WHERE article_id = ? AND is_current", article_id)
    assert found is not None
    return found


def sighting(db: sqlite3.Connection, article_id: int) -> sqlite3.Row:
    """Return id, first_seen and last_seen of the current version of an article."""
    found = row(
        db,
        "SELECT v.id, v.first_seen, v.last_seen FROM articles a"
        " JOIN versions v ON v.article_id = a.id AND v.version = a.version WHERE a.id = ?",
        article_id,
    )
    assert found is not None
    return found


def supersede(db: sqlite3.Connection, version: sqlite3.Row) -> None:
    """Move the texts of the current version into its own row, before `articles` takes those of the next."""
    update(db, "versions", version["id"], {name: version[name] for name in TEXTS})


def rebuild(
    db: sqlite3.Connection, article_id: int, extra: Mapping[str, Content], reader_version: int
) -> int:
    """Work the versions of an article out again from its captures; return how many there are.

    `extra` are contents by hash, read by `reader_version`: those that no version holds yet, or that are to
    be used in place of what a version holds.
    The newest capture must be the one that `articles` shows.
    """
    old = rows(
        db, "SELECT * FROM article_versions WHERE article_id = ? ORDER BY first_seen, version", article_id
    )
    contents = {version["content_hash"]: Content.from_row(version) for version in old} | dict(extra)
    readers = {version["content_hash"]: version["reader_version"] for version in old}
    runs = _runs(db, article_id)
    if not runs:
        return len(old)
    _keep_sightings(runs, old)
    db.execute("DELETE FROM versions WHERE article_id = ?", (article_id,))
    article = row(db, "SELECT published_at, first_seen FROM articles WHERE id = ?", article_id)
    assert article is not None
    first_seen = runs[0].first_seen
    values: dict[str, str | int] = {"version": len(runs), "first_seen": first_seen}
    if article["published_at"] is None and first_seen != article["first_seen"]:
        values["search_order"] = search_order(db, None, first_seen)
    update(db, "articles", article_id, values)
    before: Content | None = None
    for number, run in enumerate(runs, start=1):
        content = contents[run.content_hash]
        add(
            db,
            article_id,
            number,
            content,
            run,
            readers.get(run.content_hash, reader_version),
            change=Change.between(before, content) if before else None,
            current=number == len(runs),
        )
        before = content
    removed.renew(db, article_id)
    return len(runs)


def _runs(db: sqlite3.Connection, article_id: int) -> list[Run]:
    seen = rows(
        db,
        "SELECT id, fetched_at, content_hash FROM captures"
        " WHERE article_id = ? AND content_hash IS NOT NULL ORDER BY fetched_at, id",
        article_id,
    )
    runs = []
    for content_hash, group in groupby(seen, key=lambda capture: capture["content_hash"]):
        captures = list(group)
        runs.append(
            Run(content_hash, captures[0]["fetched_at"], captures[-1]["fetched_at"], captures[0]["id"])
        )
    return runs


def _keep_sightings(runs: list[Run], old: list[sqlite3.Row]) -> None:
    """Let each run end where it was last seen without a capture (304), if nothing else was seen before."""
    ends = [following.first_seen for _, following in pairwise(runs)]
    for run, end in zip(runs, [*ends, None], strict=True):
        for version in old:
            last_seen = version["last_seen"]
            if (
                version["content_hash"] == run.content_hash
                and last_seen > run.last_seen
                and run.first_seen <= last_seen
                and (end is None or last_seen < end)
            ):
                run.last_seen = last_seen
