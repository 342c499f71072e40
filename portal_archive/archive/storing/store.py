"""Storing a visit: everything it gave, in one transaction that the caller has begun."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import datetime

from portal_archive.archive.doubt import doubts, episodes, site_texts, vanishing
from portal_archive.archive.doubt.weighing import Weighed, weigh
from portal_archive.archive.findings import findings
from portal_archive.archive.frontier import page_state, turns
from portal_archive.archive.frontier.frontier import add_links
from portal_archive.archive.frontier.page_state import Result, Shown
from portal_archive.archive.health import tallies
from portal_archive.archive.moments import from_text, to_text
from portal_archive.archive.sql import HOLDING_PAYLOAD, insert, row, update
from portal_archive.archive.storing import articles, files, fill_rates, problems, series
from portal_archive.archive.storing.observation import Observation
from portal_archive.archive.storing.presence import settle
from portal_archive.archive.storing.problems import Closes
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import DoubtState, LinkKind, Outcome, PageState, ProblemKind
from portal_archive.model.page import Problem
from portal_archive.model.records import Stored, Visit

# States of a page to which one comes back when a trouble is over.
_AWAY = (PageState.MOVED, PageState.REFUSED)


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
        return _store_aside(db, visit, home_url, seen, capture_id)
    page = row(db, "SELECT * FROM pages WHERE portal = ? AND url = ?", visit.portal, visit.url)
    result, shown, stored, found = _article(
        db, visit, _result_of(db, visit, page, home_url, seen), capture_id, seen
    )
    if visit.kind == Outcome.FILE and result is Result.READ:
        files.store(db, visit, capture_id)
    knows_article = page is not None and page["article_id"] is not None
    if result is not Result.SAYS_NOTHING or (visit.kind == Outcome.OTHER and not knows_article):
        # What leads on from a login form in an article's place is no part of the portal's news.
        stored = dataclasses.replace(stored, new_links=_add_links(db, visit, crawl_start))
    # A list that showed a notice for a day is a list again.
    is_over = result is Result.MISSING or (result is Result.READ and visit.kind == Outcome.LIST)
    if is_over and visit.crawl_id is not None:
        site_texts.passed(db, doubts.close(db, visit.portal, visit.url, seen))
    for article_id in page_state.leave(db, visit, result, crawl_start, shown):
        presence = settle(db, article_id, visit.fetched_at)
        stored = dataclasses.replace(
            stored,
            article_id=stored.article_id or article_id,
            newly_missing=stored.newly_missing or presence.newly_missing,
            newly_gone=stored.newly_gone or presence.newly_gone,
            came_back=stored.came_back or presence.came_back,
        )
    _count(db, visit, seen, stored, _note_problems(db, visit, result, found, seen))
    taken_for = page["kind"] if page is not None else None
    tallies.count(db, visit, home_url, failed=result is Result.FAILED, taken_for=taken_for)
    if visit.crawl_id is None or crawl_start is None:
        return stored
    if page is not None and page["article_id"] is not None:
        _count_presence(db, visit.crawl_id, page, result, shown, found)
    if shown and page is not None and (page["attempts"] or page["missing_since"] or page["state"] in _AWAY):
        vanishing.recover(db, visit.portal, page["missing_since"], to_text(crawl_start))
    is_stated = visit.page is not None and visit.page.is_stated
    if visit.status == 200 and page is not None and page["kind"] == Outcome.ARTICLE and not is_stated:
        fill_rates.count_kind(db, visit.crawl_id, visit.final_url, is_article=visit.kind == Outcome.ARTICLE)
    if shown and visit.page is not None and visit.page.article is not None:
        fill_rates.count_fields(db, visit.crawl_id, visit.final_url, visit.page, visit.page.article)
    return stored


def _store_aside(
    db: sqlite3.Connection, visit: Visit, home_url: str, seen: str, capture_id: int | None
) -> Stored:
    """Store what a visit beside the frontier gave: problems, counts and findings."""
    answered = visit.kind != Outcome.BLOCKED and 0 < (visit.status or 0) < 400
    closes = Closes.ACCESS if answered else Closes.NONE
    noted = problems.note(db, visit.portal, visit.url, _problems(visit), seen, closes)
    _count(db, visit, seen, Stored(), noted)
    tallies.count(db, visit, home_url, failed=False)
    if visit.page is not None and visit.page.findings:
        findings.note(db, findings.Sighting(visit.portal, visit.url, seen, capture_id), visit.page.findings)
    return Stored()


def _add_links(db: sqlite3.Connection, visit: Visit, crawl_start: datetime | None) -> int:
    new = add_links(
        db,
        visit.portal,
        visit.links,
        visit.final_url,
        visit.depth + 1,
        to_text(crawl_start or visit.fetched_at),
    )
    if crawl_start is not None and new.get(LinkKind.ARTICLE):
        if visit.kind in (Outcome.LIST, Outcome.FEED, Outcome.SITEMAP):
            turns.ask_all(db, visit.portal, to_text(crawl_start))
        if visit.kind == Outcome.LIST:
            _follow_news(db, visit, crawl_start)
    return sum(new.values())


def _result_of(
    db: sqlite3.Connection, visit: Visit, page: sqlite3.Row | None, home_url: str, seen: str
) -> Result:
    result = page_state.result_of(db, visit, home_url)
    if visit.imported and result is Result.MISSING and _was_crawled(db, visit, page, seen):
        # Others who found nothing later than we found it make us look, and no more.
        return Result.SAYS_NOTHING
    return result


def _was_crawled(db: sqlite3.Connection, visit: Visit, page: sqlite3.Row | None, seen: str) -> bool:
    """Tell whether this archive itself has seen an article at the address, before the moment `seen`."""
    if page is None or page["article_id"] is None or page["state"] in (PageState.MISSING, PageState.GONE):
        return False
    sql = "SELECT 1 FROM captures WHERE article_id = ? AND portal = ? AND url = ? AND NOT imported AND fetched_at <= ?"
    return row(db, sql, page["article_id"], visit.portal, visit.url, seen) is not None


def _count_presence(
    db: sqlite3.Connection,
    crawl_id: int,
    page: sqlite3.Row,
    result: Result,
    shown: Shown | None,
    found: list[Problem],
) -> None:
    """Count what a visit to an article's page says of whether it is there; an error says nothing."""
    was_missing = page["state"] in (PageState.MISSING, PageState.GONE)
    if result is Result.MISSING:
        value = vanishing.STILL_MISSING if was_missing else vanishing.NEWLY_MISSING
    elif shown is not None and shown.article_id == page["article_id"]:
        value = vanishing.THERE
    elif result in (Result.SAYS_NOTHING, Result.READ, Result.REFUSED):
        value = vanishing.NEWLY_MISSING if result is Result.READ else vanishing.UNKNOWN
    else:
        return
    if value == vanishing.THERE and any(problem.kind in episodes.IN_PART for problem in found):
        value = vanishing.IN_PART
    tallies.add(db, crawl_id, vanishing.PRESENT, value)
    if value in (vanishing.THERE, vanishing.IN_PART, vanishing.NEWLY_MISSING):
        there = value != vanishing.NEWLY_MISSING
        fill_rates.count_presence(db, crawl_id, page["url"], is_there=there)


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
            "url": visit.data_url or visit.final_url,
            "page_url": visit.final_url if visit.data_url else None,
            "rendered": visit.rendered,
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
) -> tuple[Result, Shown | None, Stored, list[Problem]]:
    """Store the article a visit showed, if it showed one that is believed; return how the visit ended with that."""
    page = visit.page
    if (
        result is Result.READ
        and page is not None
        and page.kind is Outcome.ARTICLE
        and page.article is not None
    ):
        weighed = weigh(db, Observation.of(visit, page, page.article, capture_id))
        if weighed.shown is not None:
            return _hold(db, weighed)
        put = articles.put(db, weighed)
        _end_doubts(db, weighed, put)
        same = not put.is_new and put.changed is None
        stored = Stored(article_id=put.article_id, is_new=put.is_new, changed=put.changed)
        return result, Shown(put.article_id, same, put.since), stored, put.problems
    if page is not None and page.findings:
        findings.note(db, findings.Sighting(visit.portal, visit.final_url, seen, capture_id), page.findings)
    article_id = page_state.find(db, visit.portal, visit.final_url, "article_id")
    if visit.kind == Outcome.UNCHANGED and result is Result.FAILED:
        problem = Problem(ProblemKind.NEVER_FETCHED, f"{visit.url} answered 304 to nothing that was asked")
        return result, None, Stored(), [problem]
    if article_id is None:
        return result, None, Stored(), []
    if result is Result.UNCHANGED:
        since = articles.see_unchanged(db, article_id, seen)
        return result, Shown(article_id, True, since), Stored(article_id=article_id), []
    if result is Result.SAYS_NOTHING or (result is Result.READ and visit.url == visit.final_url):
        # Neither gone nor to be believed: a redesign, a login form, or a reader that fails.
        problem = Problem(
            ProblemKind.KIND_CHANGED, f"showed an article before, and is now read as: {visit.kind}", "kind"
        )
        return result, None, Stored(article_id=article_id), [problem]
    return result, None, Stored(), []


def _hold(db: sqlite3.Connection, weighed: Weighed) -> tuple[Result, Shown | None, Stored, list[Problem]]:
    """Keep what was shown and is not believed."""
    shown, seen = weighed.shown, weighed.seen
    assert shown is not None
    doubts.note(db, shown, seen.seen, weighed.state)
    if weighed.state is DoubtState.REFUSED:
        site_texts.refuse(db, shown.portal, shown.text_hash)
    if seen.capture_id is not None and shown.article_id is not None:
        update(db, "captures", seen.capture_id, {"article_id": shown.article_id})
    kind = ProblemKind.SAME_TEXT if weighed.state is DoubtState.REFUSED else ProblemKind.HELD
    problem = Problem(kind, f"{shown.rule}: {shown.rule.meaning}; shown: {seen.content.title}"[:200])
    return Result.SAYS_NOTHING, None, Stored(article_id=shown.article_id), [problem]


def _end_doubts(db: sqlite3.Connection, weighed: Weighed, put: articles.Put) -> None:
    """Close what was doubted about an address that shows something to be believed."""
    seen = weighed.seen
    if seen.visit.imported and weighed.lasted is not None and weighed.lasted.capture_id is not None:
        doubts.believe(db, weighed.lasted, seen.seen)
        articles.attach(db, put.article_id, seen, weighed.lasted.capture_id)
    if seen.visit.crawl_id is None:
        return
    if weighed.lasted is not None:
        doubts.believe(db, weighed.lasted, seen.seen)
        articles.backdate(db, put.article_id, seen, weighed.lasted.first_seen)
    for url in {seen.visit.url, seen.url}:
        site_texts.passed(db, doubts.close(db, seen.portal, url, seen.seen))


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
    elif result is Result.SAYS_NOTHING or result is Result.UNCHANGED:
        closes = Closes.ACCESS
    else:
        closes = Closes.EVERY
        if visit.url != visit.final_url:
            problems.note(db, visit.portal, visit.url, (), seen, closes)
    return problems.note(db, visit.portal, visit.final_url, every, seen, closes)


def _problems(visit: Visit) -> list[Problem]:
    return [*visit.problems, *(visit.page.problems if visit.page else ())]
