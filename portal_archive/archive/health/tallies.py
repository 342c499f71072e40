"""What a crawl is judged by afterwards: how its visits ended, and who spoke on the pages, as counts.

Counted in the transaction that stores a visit, so that a kill loses nothing; `archive.health.evidence` reads it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from portal_archive.archive.health.evidence import GOOD, GOOD_CRAWLS
from portal_archive.archive.health.rebuilt import ASSET, BUILT, BUILT_PAGES, COMMON, ENOUGH_PAGES, FRAME, TIE
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import FLAGGED, Page
from portal_archive.model.page_build import PageBuild
from portal_archive.model.records import Visit
from portal_archive.model.site import site_of

# Headlines of so many pages tell the topic of a crawl.
WORDED_PAGES = 100
# What a server says of itself may be another thing on every page: more different values are not kept.
MOST_VALUES = 20
MOST_LETTERS = 120
# Links of a page that are looked up to see whether it is a list.
MOST_LINKS = 200
# Words kept of a crawl that is over.
KEPT_WORDS = 40
# Crawls of a portal whose counts are kept: articles that vanished are confirmed after a week of four crawls a day.
# The good ones that a crawl is compared with are kept however long a trouble lasts.
KEPT_CRAWLS = 30
# Good crawls whose builds are kept: of the newest that read enough articles.
KEPT_BUILDS = 3


def count(
    db: sqlite3.Connection, visit: Visit, home_url: str, *, failed: bool, taken_for: str | None = None
) -> None:
    """Count what one visit of a crawl shows; `failed`: it says nothing about its page, `taken_for` what that was."""
    if visit.crawl_id is None:
        return
    found: dict[str, list[str]] = {}
    is_home = visit.url.rstrip("/") == home_url.rstrip("/")
    if visit.off_frontier:
        if visit.kind == Outcome.BLOCKED:
            found["waited"] = [cause_of(visit)]
        _add(db, visit.crawl_id, found)
        return
    ended = Outcome.ERROR if failed and visit.kind != Outcome.BLOCKED else visit.kind
    found["ended"] = [ended]
    if failed:
        found["cause"] = [cause_of(visit)]
    signs = visit.fingerprint
    if is_home:
        found["home"] = [ended]
        if failed:
            found["home-cause"] = [cause_of(visit)]
        if signs is not None and signs.redirect_to:
            found["home-redirect"] = [signs.redirect_to]
    if visit.kind == Outcome.UNCHANGED and taken_for == LinkKind.LIST and not failed:
        found["list"] = ["unchanged"]
    was_read = visit.kind in (Outcome.ARTICLE, Outcome.LIST, Outcome.OTHER) and not failed
    if was_read:
        found |= _of_page(db, visit)
    if signs is not None and signs.redirect_to:
        found["redirect"] = [signs.redirect_to]
    _add(db, visit.crawl_id, found)
    if was_read and signs is not None and signs.words:
        _add_words(db, visit.crawl_id, signs.words)
    if was_read and visit.page is not None and visit.page.build is not None:
        _add_build(db, visit.crawl_id, visit.page.build)


def cause_of(visit: Visit) -> str:
    """Return in a short stable word why a visit failed: "dns", "http-403", "flood" ..."""
    if visit.kind == Outcome.BLOCKED and visit.fingerprint is not None and visit.fingerprint.refusal:
        return visit.fingerprint.refusal
    if visit.kind != Outcome.BLOCKED and visit.problems:
        return visit.problems[0].kind
    return f"http-{visit.status}" if visit.status else visit.kind


def _of_page(db: sqlite3.Connection, visit: Visit) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    page, signs = visit.page, visit.fingerprint
    if page is not None:
        flagged = any(one.score >= FLAGGED for one in page.findings)
        # What is injected is injected into articles: a list without a sign of it says little.
        if flagged or page.kind is Outcome.ARTICLE:
            found["flagged"] = ["yes" if flagged else "no"]
        if page.kind is not Outcome.ARTICLE:
            found["list"] = ["announces" if _leads_to_articles(db, visit, page) else "empty"]
    if signs is not None:
        found["generator"] = [signs.generator or ""]
        if signs.owner:
            found["owner"] = [signs.owner]
        if signs.issuer:
            found["issuer"] = [signs.issuer]
        if signs.vietnamese is not None:
            found["language"] = ["vi" if signs.vietnamese else "other"]
    return found


def _leads_to_articles(db: sqlite3.Connection, visit: Visit, page: Page) -> bool:
    if any(link.kind == LinkKind.ARTICLE for link in visit.links):
        return True
    if any(site_of(item.url) == site_of(page.url) for item in page.items):
        return True
    links = [link.url for link in visit.links[:MOST_LINKS]]
    return (
        db.execute(
            "SELECT 1 FROM pages WHERE portal = ? AND article_id IS NOT NULL"
            f" AND url IN ({', '.join('?' * len(links))}) LIMIT 1",
            (visit.portal, *links),
        ).fetchone()
        is not None
    )


def add(db: sqlite3.Connection, crawl_id: int, tally: str, value: str) -> None:
    """Count one page of a crawl."""
    _add(db, crawl_id, {tally: [value]})


def _add(db: sqlite3.Connection, crawl_id: int, found: dict[str, list[str]]) -> None:
    db.executemany(
        "INSERT INTO crawl_tallies (crawl_id, tally, value, pages)"
        " SELECT :crawl, :sign, :value, 1 WHERE"
        " EXISTS (SELECT 1 FROM crawl_tallies WHERE (crawl_id, tally, value) = (:crawl, :sign, :value))"
        f" OR (SELECT count(*) FROM crawl_tallies WHERE crawl_id = :crawl AND tally = :sign) < {MOST_VALUES}"
        " ON CONFLICT (crawl_id, tally, value) DO UPDATE SET pages = pages + 1",
        [
            {"crawl": crawl_id, "sign": sign, "value": value[:MOST_LETTERS]}
            for sign, values in found.items()
            for value in values
        ],
    )


def _add_build(db: sqlite3.Connection, crawl_id: int, build: PageBuild) -> None:
    parts = {FRAME: build.template, ASSET: build.assets, TIE: build.links}
    _add_page(db, crawl_id, BUILT, BUILT_PAGES, ((part, one) for part in parts for one in parts[part]))


def _add_words(db: sqlite3.Connection, crawl_id: int, words: Iterable[str]) -> None:
    _add_page(db, crawl_id, "worded", WORDED_PAGES, (("word", word) for word in words))


def _add_page(
    db: sqlite3.Connection, crawl_id: int, counter: str, most: int, values: Iterable[tuple[str, str]]
) -> None:
    """Count the values of one page, each with its tally, unless `counter` says that `most` pages were counted."""
    counted = db.execute(
        "INSERT INTO crawl_tallies (crawl_id, tally, value, pages) VALUES (?, ?, '', 1)"
        " ON CONFLICT (crawl_id, tally, value) DO UPDATE SET pages = pages + 1 RETURNING pages",
        (crawl_id, counter),
    ).fetchall()
    if counted[0][0] > most:
        return
    db.executemany(
        "INSERT INTO crawl_tallies (crawl_id, tally, value, pages) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (crawl_id, tally, value) DO UPDATE SET pages = pages + excluded.pages",
        [
            (crawl_id, tally, value, times)
            for (tally, value), times in Counter(
                (tally, value[:MOST_LETTERS]) for tally, value in values
            ).items()
        ],
    )


def settle(db: sqlite3.Connection, crawl_id: int) -> None:
    """Keep only the most frequent words and parts of a crawl that is over, and nothing that is not read again."""
    db.execute(
        "DELETE FROM crawl_tallies WHERE crawl_id = ? AND tally = 'word' AND value NOT IN"
        " (SELECT value FROM crawl_tallies WHERE crawl_id = ? AND tally = 'word'"
        " ORDER BY pages DESC, value LIMIT ?)",
        (crawl_id, crawl_id, KEPT_WORDS),
    )
    builds = f"('{FRAME}', '{ASSET}', '{TIE}')"
    # What stands on few pages is a page's own.
    db.execute(
        f"DELETE FROM crawl_tallies WHERE crawl_id = :crawl AND tally IN {builds} AND pages < {COMMON} *"
        f" (SELECT min(pages, {BUILT_PAGES}) FROM crawl_tallies WHERE crawl_id = :crawl AND tally = '{BUILT}')",
        {"crawl": crawl_id},
    )
    of_portal = "SELECT id FROM crawls WHERE portal = (SELECT portal FROM crawls WHERE id = :crawl)"
    good = f"{of_portal} AND {GOOD} ORDER BY started_at DESC"
    db.execute(
        f"DELETE FROM crawl_tallies WHERE crawl_id IN ({of_portal} AND finished_at IS NOT NULL"
        " ORDER BY started_at DESC LIMIT -1 OFFSET :kept)"
        f" AND crawl_id NOT IN (SELECT id FROM ({good} LIMIT :good))",
        {"crawl": crawl_id, "kept": KEPT_CRAWLS, "good": GOOD_CRAWLS},
    )
    enough = (
        "EXISTS (SELECT 1 FROM crawl_tallies b WHERE b.crawl_id = crawls.id"
        f" AND b.tally = '{BUILT}' AND b.pages >= :enough)"
    )
    db.execute(
        f"DELETE FROM crawl_tallies WHERE tally IN {builds} AND crawl_id != :crawl AND crawl_id IN ({of_portal})"
        f" AND crawl_id NOT IN (SELECT id FROM ({of_portal} AND id != :crawl AND {GOOD} AND {enough}"
        " ORDER BY started_at DESC LIMIT :kept))",
        {"crawl": crawl_id, "enough": ENOUGH_PAGES, "kept": KEPT_BUILDS},
    )
