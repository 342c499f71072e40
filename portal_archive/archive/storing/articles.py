"""The article a visit shows: found again or new, and what of it has changed."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from portal_archive.archive.doubt import episodes
from portal_archive.archive.doubt.weighing import Weighed, was_crawled
from portal_archive.archive.findings import findings
from portal_archive.archive.moments import to_text
from portal_archive.archive.search.order import search_order
from portal_archive.archive.sql import insert, row, update
from portal_archive.archive.storing import files, identity, removed, versions
from portal_archive.archive.storing.changes import Change, said
from portal_archive.archive.storing.content import Content
from portal_archive.archive.storing.identity import By, Match
from portal_archive.archive.storing.merge import merge, show_newest
from portal_archive.archive.storing.observation import Observation
from portal_archive.archive.storing.safe_html import sanitise
from portal_archive.archive.storing.series import add_views, figures
from portal_archive.model.kinds import ProblemKind
from portal_archive.model.messages import Message
from portal_archive.model.page import READER_VERSION, Article, Page, Problem
from portal_archive.model.records import Visit


@dataclass(slots=True)
class Put:
    """What became of the article of a page. `since`: first moment its current version was seen."""

    article_id: int
    since: str
    is_new: bool = False
    changed: Message | None = None
    problems: list[Problem] = field(default_factory=list)


def put(db: sqlite3.Connection, weighed: Weighed) -> Put:
    """Store the article that a visit read: as a new one, a new version, an earlier one, or the same again."""
    seen, matches = weighed.seen, weighed.matches
    if not matches:
        return _create(db, seen)
    article_id = matches[0].article_id
    problems = list(weighed.problems)
    for other in matches[1:]:
        if _is_one(db, article_id, other, seen):
            article_id = merge(db, article_id, other.article_id, seen.seen)
        else:
            what = f"shows the text of article {other.article_id}, by {other.by.value}"
            problems.append(Problem(ProblemKind.NOT_MERGED, what))
    result = _see_again(db, weighed, article_id, matches[0].by)
    result.problems = problems
    return result


def _is_one(db: sqlite3.Connection, article_id: int, other: Match, seen: Observation) -> bool:
    """Whether a second match shows that the archive has taken one article for two.

    Two that were there at the same time are two, unless they always read the same, or it is a new address that
    shows them to be one: what an address shows that had a text of its own may be gone tomorrow.
    """
    first = row(db, "SELECT first_seen, cms_id FROM articles WHERE id = ?", article_id)
    second = row(db, "SELECT last_seen, cms_id FROM articles WHERE id = ?", other.article_id)
    if first is None or second is None:
        return False
    if other.by is By.REDIRECT:
        return bool(second["last_seen"] <= first["first_seen"])
    if other.by is not By.TEXT and None not in (second["cms_id"], seen.article.cms_id):
        return False
    is_new = identity.by_url(db, seen.portal, seen.url) is None
    is_new = is_new or _is_edit_at_new_address(db, article_id, other.article_id, seen)
    return is_new or _are_alike(db, article_id, other.article_id) or _took_turns(db, seen, article_id, other)


def _is_edit_at_new_address(db: sqlite3.Connection, one: int, other: int, seen: Observation) -> bool:
    """Whether a second article was made in this crawl, of an edit of the first that was met under a new address."""
    found = row(
        db,
        "SELECT 1 FROM articles a JOIN crawls c ON c.id = ? WHERE a.id = ? AND a.version = 1"
        " AND a.first_seen >= c.started_at",
        seen.visit.crawl_id,
        other,
    )
    first = row(db, "SELECT body FROM articles WHERE id = ?", one)
    if found is None or first is None:
        return False
    return identity.likeness(first["body"], seen.content.body) >= identity.EDITED


def _are_alike(db: sqlite3.Connection, one: int, other: int) -> bool:
    """Whether two articles have had the same texts all along, one after the other."""
    sql = "SELECT text_hash FROM versions WHERE article_id = ? ORDER BY version"
    return db.execute(sql, (one,)).fetchall() == db.execute(sql, (other,)).fetchall()


def _took_turns(db: sqlite3.Connection, seen: Observation, one: int, other: Match) -> bool:
    """Whether one was there before the other only: captures of an import show in any order how it moved."""
    if seen.visit.crawl_id is not None:
        return False
    spans = [
        db.execute("SELECT first_seen, last_seen FROM articles WHERE id = ?", (number,)).fetchone()
        for number in (one, other.article_id)
    ]
    (_, first_end), (second_start, _) = sorted(spans)
    return bool(first_end < second_start)


def _create(db: sqlite3.Connection, seen: Observation) -> Put:
    content = seen.content
    article_id = insert(
        db,
        "articles",
        {
            "portal": seen.portal,
            "url": content.url,
            "version": 1,
            "first_seen": seen.seen,
            "search_order": search_order(db, content.published_at or _listed(db, seen.visit), seen.seen),
            **_versioned(content),
            **_volatile(seen),
        },
    )
    _observe(db, seen, article_id, content.content_hash)
    run = versions.Run(content.content_hash, seen.seen, seen.seen, seen.capture_id)
    versions.add(db, article_id, 1, content, run, READER_VERSION, change=None, current=True)
    _note_urls(db, seen, article_id)
    files.replace(db, seen.portal, article_id, seen.article)
    add_views(db, article_id, seen.seen, figures(seen.article), seen.capture_id)
    if seen.page.findings:
        _note_findings(db, seen, article_id, content.content_hash)
    return Put(article_id, seen.seen, is_new=True)


def _listed(db: sqlite3.Connection, visit: Visit) -> str | None:
    """Return when a list, feed or sitemap says that an article was published which itself does not say so."""
    page = row(
        db,
        "SELECT priority FROM pages WHERE portal = ? AND url = ? AND priority > 0",
        visit.portal,
        visit.url,
    )
    return to_text(datetime.fromtimestamp(page["priority"], UTC)) if page else None


def _see_again(db: sqlite3.Connection, weighed: Weighed, article_id: int, by: By) -> Put:
    seen = weighed.seen
    stored = row(db, "SELECT * FROM articles WHERE id = ?", article_id)
    assert stored is not None
    result = Put(article_id, seen.seen)
    shown = seen.content.content_hash
    if weighed.is_unreadable:
        _observe(db, seen, article_id, None)
        see_unchanged(db, article_id, seen.seen)
    elif seen.seen < stored["fetched_at"]:
        result.changed = _earlier(db, stored, seen)
    elif seen.content.content_hash == stored["content_hash"]:
        _same(db, stored, seen)
    elif (
        _is_copy(db, stored, seen, by)
        or _read_otherwise(db, stored, seen.capture_id)
        or _is_hashed_otherwise(db, stored, seen)
    ):
        shown = stored["content_hash"]
        _observe(db, seen, article_id, shown)
        see_unchanged(db, article_id, seen.seen)
    elif stored["version"] == 1 and episodes.was_read_badly(db, seen.portal, stored["first_seen"]):
        _read_anew(db, stored, seen)
    else:
        result.changed = _new_version(db, stored, seen)
    if not weighed.is_unreadable:
        _note_urls(db, seen, article_id)
        add_views(db, article_id, seen.seen, figures(seen.article), seen.capture_id)
        if seen.page.findings or stored["flagged"]:
            _note_findings(db, seen, article_id, shown)
    result.since = versions.sighting(db, article_id)["first_seen"]
    return result


def _is_copy(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation, by: By) -> bool:
    """Whether this is the same article under a second URL, where nothing has changed.

    The template there may leave out an author, or show other images; that is no change of the article.
    """
    if seen.content.url == stored["url"]:
        return False
    main = db.execute(
        "SELECT state FROM pages WHERE portal = ? AND url = ?", (seen.portal, stored["url"])
    ).fetchone()
    if main is None or main[0] != "done":
        return False
    here = db.execute(
        "SELECT content_hash FROM article_urls WHERE portal = ? AND url = ? AND article_id = ?",
        (seen.portal, seen.url, stored["id"]),
    ).fetchone()
    return bool(by is By.TEXT if here is None else here[0] == seen.content.content_hash)


def _read_otherwise(db: sqlite3.Connection, stored: sqlite3.Row, capture_id: int | None) -> bool:
    """Whether only the reader changed: another reader version read the same payload as before."""
    if stored["reader_version"] == READER_VERSION or None in (stored["capture_id"], capture_id):
        return False
    same = db.execute(
        "SELECT 1 FROM captures a JOIN captures b ON b.digest = a.digest WHERE a.id = ? AND b.id = ?",
        (stored["capture_id"], capture_id),
    )
    return same.fetchone() is not None


def _is_hashed_otherwise(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation) -> bool:
    """Whether only what makes a version is another: an older program told addresses apart that are one."""
    before = Content.from_row(versions.current(db, stored["id"]))
    return before.content_hash == seen.content.content_hash


def _same(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation) -> None:
    _observe(db, seen, stored["id"], seen.content.content_hash)
    # What makes no version, such as HTML, is that of our own capture where there is one.
    if not (seen.visit.imported and was_crawled(db, stored["id"])):
        update(db, "articles", stored["id"], _following(stored, seen))
        files.replace(db, seen.portal, stored["id"], seen.article)
    see_unchanged(db, stored["id"], seen.seen)


def _new_version(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation) -> Message:
    before = versions.current(db, stored["id"])
    content = seen.content
    change = Change.between(Content.from_row(before), content)
    versions.supersede(db, before)
    values = _versioned(content)
    if content.published_at != stored["published_at"]:
        values["search_order"] = search_order(db, content.published_at, stored["first_seen"])
    # Naming a column that did not change would make the search index forget and learn it again.
    values["removed_text"] = removed.after(stored["removed_text"], before, content.columns())
    values = {name: value for name, value in values.items() if value != stored[name]}
    values |= _following(stored, seen)
    number = stored["version"] + 1
    update(db, "articles", stored["id"], values | {"version": number})
    _observe(db, seen, stored["id"], content.content_hash)
    run = versions.Run(content.content_hash, seen.seen, seen.seen, seen.capture_id)
    versions.add(db, stored["id"], number, content, run, READER_VERSION, change=change, current=True)
    files.replace(db, seen.portal, stored["id"], seen.article)
    return change.said


def _read_anew(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation) -> None:
    """Put what an article shows in place of what it showed on a bad day, when it was first seen."""
    db.execute("UPDATE captures SET content_hash = NULL WHERE article_id = ?", (stored["id"],))
    db.execute("DELETE FROM versions WHERE article_id = ?", (stored["id"],))
    content = seen.content
    values = _versioned(content)
    values["search_order"] = search_order(db, content.published_at, stored["first_seen"])
    values = {name: value for name, value in values.items() if value != stored[name]}
    update(db, "articles", stored["id"], values | _following(stored, seen))
    _observe(db, seen, stored["id"], content.content_hash)
    run = versions.Run(content.content_hash, seen.seen, seen.seen, seen.capture_id)
    versions.add(db, stored["id"], 1, content, run, READER_VERSION, change=None, current=True)
    files.replace(db, seen.portal, stored["id"], seen.article)


def _earlier(db: sqlite3.Connection, stored: sqlite3.Row, seen: Observation) -> Message | None:
    """Put a capture older than the newest in its place; return what it changed if it made a version."""
    article_id, content = stored["id"], seen.content
    _observe(db, seen, article_id, content.content_hash)
    within = db.execute(
        "SELECT 1 FROM versions WHERE article_id = ? AND content_hash = ?"
        " AND first_seen <= ? AND last_seen >= ?",
        (article_id, content.content_hash, seen.seen, seen.seen),
    )
    if seen.capture_id is None or within.fetchone():
        return None
    if versions.rebuild(db, article_id, {content.content_hash: content}, READER_VERSION) == stored["version"]:
        return None
    made = row(
        db,
        "SELECT changed, old_changed FROM versions WHERE article_id = ? AND first_seen <= ?"
        " ORDER BY first_seen DESC LIMIT 1",
        article_id,
        seen.seen,
    )
    return said(made) if made else None


def _note_findings(db: sqlite3.Connection, seen: Observation, article_id: int, content_hash: str) -> None:
    sighting = findings.Sighting(seen.portal, seen.url, seen.seen, seen.capture_id, article_id, content_hash)
    findings.note(db, sighting, seen.page.findings)
    findings.settle(db, article_id)


def _observe(db: sqlite3.Connection, seen: Observation, article_id: int, content_hash: str | None) -> None:
    if seen.capture_id is not None:
        update(db, "captures", seen.capture_id, {"article_id": article_id, "content_hash": content_hash})


def backdate(db: sqlite3.Connection, article_id: int, seen: Observation, since: str) -> None:
    """Let what is believed now have been there since it was first seen, and held."""
    db.execute(
        "UPDATE captures SET article_id = ?, content_hash = ? WHERE portal = ? AND url = ? AND content_hash IS NULL"
        " AND kind = 'article' AND fetched_at BETWEEN ? AND ?",
        (article_id, seen.content.content_hash, seen.portal, seen.url, since, seen.seen),
    )
    versions.rebuild(db, article_id, {seen.content.content_hash: seen.content}, READER_VERSION)


def attach(db: sqlite3.Connection, article_id: int, seen: Observation, capture_id: int) -> None:
    """Let a capture that was held have shown what is believed now."""
    values = {"article_id": article_id, "content_hash": seen.content.content_hash}
    update(db, "captures", capture_id, values)
    show_newest(db, article_id, {seen.content.content_hash: seen.content})
    versions.rebuild(db, article_id, {seen.content.content_hash: seen.content}, READER_VERSION)


def see_unchanged(db: sqlite3.Connection, article_id: int, seen: str) -> str:
    """Note that an article was there, as before, at `seen`; return since when it has been so."""
    db.execute("UPDATE articles SET last_seen = ? WHERE id = ? AND last_seen < ?", (seen, article_id, seen))
    version = versions.sighting(db, article_id)
    if version["first_seen"] <= seen and version["last_seen"] < seen:
        update(db, "versions", version["id"], {"last_seen": seen})
    return str(version["first_seen"])


def _versioned(content: Content) -> dict[str, Any]:
    return {
        **{name: getattr(content, name) for name in versions.TEXTS},
        "content_hash": content.content_hash,
        "text_hash": content.text_hash,
    }


def _volatile(seen: Observation) -> dict[str, Any]:
    """Return the columns that follow the newest capture, as far as it shows them."""
    return {
        **reading_columns(seen.article, seen.page),
        "capture_id": seen.capture_id,
        "fetched_at": seen.seen,
        "last_seen": seen.seen,
        "reader_version": READER_VERSION,
    }


def reading_columns(article: Article, page: Page) -> dict[str, Any]:
    """Return the columns of an article that make no version, without those the page does not show."""
    views, points, votes = figures(article)
    shown = {
        "html": sanitise(article.html),
        "modified_at": article.modified_at,
        "published_precision": article.published_precision,
        "category": article.category,
        "tags": json.dumps(article.tags, ensure_ascii=False) if article.tags else None,
        "views": views,
        "rating_points": points,
        "rating_votes": votes,
        "comments": article.comments,
        "cms_id": article.cms_id,
        "methods": json.dumps(page.methods, ensure_ascii=False),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _following(stored: sqlite3.Row, seen: Observation) -> dict[str, Any]:
    """Return the columns of a stored article that follow its newest capture."""
    values = _volatile(seen)
    if stored["cms_id"] is not None:
        values.pop("cms_id", None)
    if seen.content.url == seen.article.canonical_url:
        values["url"] = seen.content.url
    return values


def _note_urls(db: sqlite3.Connection, seen: Observation, article_id: int) -> None:
    """Enter every URL that this visit showed to be the article's."""
    db.execute(
        "INSERT INTO article_urls (portal, url, article_id, first_seen, last_seen, content_hash)"
        " VALUES (:portal, :url, :article, :seen, :seen, :hash) ON CONFLICT (portal, url) DO UPDATE SET"
        " article_id = iif(:seen >= last_seen, :article, article_id),"
        " content_hash = iif(:seen >= last_seen, :hash, content_hash),"
        " first_seen = min(first_seen, :seen), last_seen = max(last_seen, :seen)",
        {
            "portal": seen.portal,
            "url": seen.url,
            "article": article_id,
            "seen": seen.seen,
            "hash": seen.content.content_hash,
        },
    )
    for url in {seen.content.url, seen.visit.url} - {seen.url}:
        # Another article that was seen under it keeps it: one may lead to the other.
        db.execute(
            "INSERT INTO article_urls (portal, url, article_id, first_seen, last_seen)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (portal, url) DO UPDATE SET"
            " first_seen = min(first_seen, excluded.first_seen),"
            " last_seen = max(last_seen, excluded.last_seen)"
            " WHERE article_id = excluded.article_id",
            (seen.portal, url, article_id, seen.seen, seen.seen),
        )


def since(db: sqlite3.Connection, article_id: int) -> str:
    """Return since when an article reads as it does: the first moment its current version was seen."""
    return str(versions.sighting(db, article_id)["first_seen"])
