"""Storing a visit: everything it gave, in one transaction that the caller has begun."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import datetime

from portal_archive.archive.findings import findings
from portal_archive.archive.frontier import page_state
from portal_archive.archive.frontier.frontier import add_links
from portal_archive.archive.frontier.page_state import Result, Shown
from portal_archive.archive.health import tallies
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import HOLDING_PAYLOAD, insert
from portal_archive.archive.storing import articles, files, fill_rates, identity, problems, series
from portal_archive.archive.storing.observation import Observation
from portal_archive.archive.storing.presence import settle
from portal_archive.archive.storing.problems import Closes
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import LinkKind, Outcome, ProblemKind
from portal_archive.model.page import Problem
from portal_archive.model.records import Stored, Visit


def store(db: sqlite3.Connection, visit: Visit) -> Stored:
    """Store a visit; return what it changed. Raises ArchiveError for a portal that is not registered."""
    seen = to_text(visit.fetched_at)
    known = _known_capture(db, visit, seen)
    if known is not None:
        return known
    home_url = _one(db, "SELECT home_url FROM portals WHERE name = ?", visit.portal)
    if home_url is None:
        raise ArchiveError(f"{visit.portal}: a portal the archive does not know: register it first")
    crawl_start = _crawl_start(db, visit)
    capture_id = _insert_capture(db, visit, seen)
    if visit.page is not None and visit.page.counter is not None:
        series.add_counter(db, visit.portal, visit.final_url, seen, visit.page.counter, capture_id)
    if visit.off_frontier:
        answered = visit.kind != Outcome.BLOCKED and 0 < (visit.status or 0) < 400
        closes = Closes.ACCESS if answered else Closes.NONE
        noted = problems.note(db, visit.portal, visit.url, _problems(visit), seen, closes)
        _count(db, visit, seen, Stored(), noted)
        tallies.count(db, visit, home_url, failed=False)
        if visit.page is not None and visit.page.findings:
            findings.note(
                db, findings.Sighting(visit.portal, visit.url, seen, capture_id), visit.page.findings
            )
        return Stored()
    result = page_state.result_of(db, visit, home_url)
    taken_for = page_state.find(db, visit.portal, visit.url, "kind")
    shown, stored, found = _article(db, visit, result, capture_id, seen)
    if visit.kind == Outcome.FILE and result is Result.READ:
        files.store(db, visit, capture_id)
    new = add_links(
        db,
        visit.portal,
        visit.links,
        visit.final_url,
        visit.depth + 1,
        to_text(crawl_start or visit.fetched_at),
    )
    if crawl_start is not None and new.get(LinkKind.ARTICLE) and visit.kind == Outcome.LIST:
        _follow_news(db, visit, crawl_start)
    for article_id in page_state.leave(db, visit, result, crawl_start, shown):
        presence = settle(db, article_id, visit.fetched_at)
        stored = dataclasses.replace(
            stored,
            article_id=stored.article_id or article_id,
            newly_missing=stored.newly_missing or presence.newly_missing,
            newly_gone=stored.newly_gone or presence.newly_gone,
            came_back=stored.came_back or presence.came_back,
        )
    stored = dataclasses.replace(stored, new_links=sum(new.values()))
    _count(db, visit, seen, stored, _note_problems(db, visit, result, found, seen))
    tallies.count(db, visit, home_url, failed=result is Result.FAILED)
    if visit.crawl_id is not None and visit.status == 200 and taken_for == Outcome.ARTICLE:
        fill_rates.count_kind(db, visit.crawl_id, visit.final_url, is_article=visit.kind == Outcome.ARTICLE)
    if visit.crawl_id is not None and shown and visit.page is not None and visit.page.article is not None:
        fill_rates.count_fields(db, visit.crawl_id, visit.final_url, visit.page, visit.page.article)
    return stored


def _count(db: sqlite3.Connection, visit: Visit, seen: str, stored: Stored, noted: int) -> None:
    if visit.crawl_id is not None:
        fill_rates.count(db, visit.crawl_id, seen, stored, noted, page=not visit.off_frontier)


def _one(db: sqlite3.Connection, sql: str, *values: object) -> str | None:
    found = db.execute(sql, values).fetchone()
    return None if found is None else found[0]


def _known_capture(db: sqlite3.Connection, visit: Visit, seen: str) -> Stored | None:
    """Return the answer for a capture that is stored already."""
    # Two URLs that lead to one page within a second are two visits.
    if visit.capture is None or visit.url != visit.final_url:
        return None
    # A server that failed may have said the same earlier in that second, when it was asked again.
    if visit.crawl_id is not None and page_state.find(db, visit.portal, visit.url, "last_visit") != seen:
        return None
    found = db.execute(
        "SELECT article_id FROM captures WHERE url = ? AND fetched_at = ? AND digest = ?",
        (visit.final_url, seen, visit.capture.digest),
    ).fetchone()
    return None if found is None else Stored(article_id=found[0])


def _crawl_start(db: sqlite3.Connection, visit: Visit) -> datetime | None:
    if visit.crawl_id is None:
        return None
    started = _one(db, "SELECT started_at FROM crawls WHERE id = ?", visit.crawl_id)
    if started is None:
        raise ArchiveError(f"{visit.url}: a visit of crawl {visit.crawl_id}, which the archive does not know")
    return from_text(started)


def _insert_capture(db: sqlite3.Connection, visit: Visit, seen: str) -> int | None:
    capture = visit.capture
    if capture is None:
        return None
    original = None
    if capture.revisit:
        # The same payload at the same URL if there is one: replay tools expect it there.
        original = db.execute(
            f"SELECT id FROM {HOLDING_PAYLOAD} ORDER BY url = ?2 DESC, id DESC",
            (capture.digest, visit.final_url),
        ).fetchone()
    return insert(
        db,
        "captures",
        {
            "portal": visit.portal,
            "crawl_id": visit.crawl_id,
            "imported": visit.imported,
            "url": visit.final_url,
            "fetched_at": seen,
            "status": visit.status or 0,
            "content_type": visit.content_type,
            "kind": visit.kind,
            "digest": capture.digest,
            "file": capture.file,
            "offset": capture.offset,
            "length": capture.length,
            "sha256": capture.sha256,
            "revisit_of": original[0] if original else None,
        },
    )


def _article(
    db: sqlite3.Connection, visit: Visit, result: Result, capture_id: int | None, seen: str
) -> tuple[Shown | None, Stored, list[Problem]]:
    """Store the article a visit showed, if it showed one."""
    page = visit.page
    if (
        result is Result.READ
        and page is not None
        and page.kind is Outcome.ARTICLE
        and page.article is not None
    ):
        observed = Observation.of(visit, page, page.article, capture_id)
        put = articles.put(db, observed, identity.find(db, observed))
        same = not put.is_new and put.changed is None
        stored = Stored(article_id=put.article_id, is_new=put.is_new, changed=put.changed)
        return Shown(put.article_id, same, put.since), stored, put.problems
    if page is not None and page.findings:
        findings.note(db, findings.Sighting(visit.portal, visit.final_url, seen, capture_id), page.findings)
    article_id = page_state.find(db, visit.portal, visit.final_url, "article_id")
    if article_id is None or result not in (Result.READ, Result.UNCHANGED):
        return None, Stored(), []
    if result is Result.UNCHANGED:
        since = articles.see_unchanged(db, article_id, seen)
        return Shown(article_id, True, since), Stored(article_id=article_id), []
    if visit.url != visit.final_url:
        return None, Stored(), []
    # Neither gone nor to be believed: a redesign, or a reader that fails.
    problem = Problem(
        ProblemKind.KIND_CHANGED, f"showed an article before, and is now read as: {visit.kind}", "kind"
    )
    since = articles.since(db, article_id)
    return Shown(article_id, True, since), Stored(article_id=article_id), [problem]


def _follow_news(db: sqlite3.Connection, visit: Visit, crawl_start: datetime) -> None:
    """Let this crawl look at the list pages behind one that showed new articles: more may stand there."""
    started = to_text(crawl_start)
    db.executemany(
        "UPDATE pages SET next_visit = ? WHERE portal = ? AND url = ? AND depth > ?"
        " AND state = 'done' AND last_visit < ? AND kind IN ('list', 'sitemap')",
        [
            (started, visit.portal, link.url, max(visit.depth, 1), started)
            for link in visit.links
            if link.kind in (LinkKind.LIST, LinkKind.SITEMAP)
        ],
    )


def _note_problems(
    db: sqlite3.Connection, visit: Visit, result: Result, found: list[Problem], seen: str
) -> int:
    every = [*_problems(visit), *found]
    if result is Result.FAILED:
        closes = Closes.NONE
    elif result is Result.UNCHANGED:
        closes = Closes.ACCESS
    else:
        closes = Closes.EVERY
        if visit.url != visit.final_url:
            problems.note(db, visit.portal, visit.url, (), seen, closes)
    return problems.note(db, visit.portal, visit.final_url, every, seen, closes)


def _problems(visit: Visit) -> list[Problem]:
    return [*visit.problems, *(visit.page.problems if visit.page else ())]
