"""Portals that several archives visited: merged they are what one archive would hold that had made all the visits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import nukeviet_states as states
import pytest
from crawling import article
from hypothesis import given, settings
from hypothesis import strategies as st
from real_pages import needs_real_pages

from crawler.capture_reader import FetchJob
from crawler.replay import Replay
from crawler.response_reader import at_visit, read_response
from crawler.workers.pool import ReaderPool
from portal_archive.archive.archive import Archive
from portal_archive.archive.gathering.gather import gather
from portal_archive.archive.review import Subject, decide, undo
from portal_archive.archive.verify.verify import verify
from portal_archive.archive.warc.captures import payload_digest
from portal_archive.archive.warc.open_captures import open_captures
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Link
from portal_archive.model.records import CaptureRef, Fetch, Portal, Visit

PORTAL = Portal("banmay", "Cổng Bản Mây", "https://banmay.example/", "generic", "described")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
HIDDEN = (
    "<div style='display:none'><a href='https://nohu.example/'>Nổ hũ đổi thưởng casino trực tuyến</a></div>"
)
# The archive that crawled, and which text each page showed; 3: it was not found.
Step = tuple[int, int, int]
STEPS = st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from((0, 0, 1, 2, 3)))
SHOWN = {
    "articles": "portal, url, title, body, version, content_hash, first_seen, last_seen, missing_since, gone_at",
    "article_versions": "portal, url, version, title, body, first_seen, last_seen, changed, content_hash",
    "article_urls": "portal, url, first_seen, last_seen, content_hash",
    "captures": "portal, url, fetched_at, status, kind, digest, imported, content_hash, crawl_id IS NULL",
    "pages": "portal, url, kind, state, depth, last_visit, missing_since",
    "crawls": "portal, started_at, finished_at, outcome",
    "findings": "portal, url, kind, field, span, verdict",
    "decisions": "portal, what, verdict, who, decided_at, undone_at",
    "doubts": "portal, url, rule, state, first_seen, last_seen",
}


class Here:
    """Reads in this process, as a pool of readers would in others."""

    def in_order(
        self, work: Callable[[FetchJob], Any], jobs: Iterable[FetchJob]
    ) -> Iterator[tuple[FetchJob, Any]]:
        return ((job, work(job)) for job in jobs)


def play(folder: Path, steps: Sequence[tuple[int, Step]]) -> Path:
    """Make an archive of crawls of two pages, twenty hours apart."""
    fetches = []
    shown = [(number, page, text) for number, (_, *texts) in steps for page, text in enumerate(texts)]
    for number, page, text in shown:
        more = f"<p>Bổ sung lần {text}: huyện biểu dương thêm {text} tập thể.</p>" if text else ""
        more += HIDDEN if text == 2 else ""
        body = b"<h1>404 Not Found</h1>" if text == 3 else article(f"số {page}", more)
        url = f"{PORTAL.home_url}tin-so-{page}.html"
        at = START + timedelta(hours=20 * number)
        fetches.append(Fetch(url, 404 if text == 3 else 200, HEADERS, body, at))
    return crawl(folder, fetches)


def crawl(folder: Path, fetches: Iterable[Fetch]) -> Path:
    """Make an archive of what a portal answered, a crawl a moment."""
    folder.mkdir()
    path = folder / "archive.db"
    with Archive(path) as archive:
        archive.claim("test")
        archive.register([PORTAL])
        for at, answers in groupby(fetches, lambda fetch: fetch.fetched_at):
            crawled = archive.begin_crawl(PORTAL.name, at)
            with open_captures(archive.db.conn, folder / "captures", PORTAL.name, at) as writer:
                for fetch in answers:
                    ref = writer.write(fetch, archive.payload(payload_digest(fetch.body)))
                    visit = visited(fetch, ref, crawled.id)
                    archive.store(visit)
            archive.end_crawl(crawled, at, "finished")
    return path


def visited(fetch: Fetch, ref: CaptureRef, crawl_id: int) -> Visit:
    headers = dict(fetch.headers) | at_visit(fetch.fetched_at)
    read = read_response(fetch.body, fetch.url, headers, fetch.status)
    return Visit(
        PORTAL.name, fetch.url, fetch.url, fetch.fetched_at, read.kind, fetch.status, crawl_id,
        "text/html; charset=utf-8", ref, read.page, problems=read.problems, depth=1,
    )  # fmt: skip


def merged(folder: Path, *others: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path, captures = folder / "archive.db", folder / "captures"
    with Archive(path) as archive:
        archive.claim("test")
        archive.register([PORTAL])
        for other in others:
            there = other.parent / "captures"
            replay = Replay(archive, captures, there, cast(ReaderPool, Here()), START)
            gather(archive, captures, other, there, replay)
        assert [str(one) for one in verify(archive.db.conn, captures) if not one.note] == []
    return path


def content(path: Path) -> dict[str, list[Any]]:
    with Archive(path, read_only=True) as archive:
        return {
            table: sorted(archive.db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in SHOWN.items()
        }


@settings(max_examples=6, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=5), st.permutations(range(3)))
def test_visits_split_at_random_merge_into_what_one_archive_would_hold(
    steps: list[Step], order: list[int]
) -> None:
    history = list(enumerate(steps))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = content(play(folder / "whole", history))
        parts = [
            play(folder / str(number), [(at, step) for at, step in history if step[0] == number])
            for number in order
        ]
        one = merged(folder / "one", *parts)
        assert content(one) == whole
        # Again, and of what was merged before in another grouping: nothing differs.
        merged(folder / "one", *parts)
        assert content(one) == whole
        two = merged(folder / "two", merged(folder / "pair", parts[2], parts[1]), parts[0])
        assert content(two) == whole


def judge(path: Path, verdict: str, who: str, days: int) -> None:
    with Archive(path) as archive, archive.batch():
        (number,) = archive.db.execute("SELECT min(id) FROM findings").fetchone()
        at = START + timedelta(days=days)
        decide(archive.db.conn, Subject.FINDING, number, verdict, why="Xem lại", who=who, at=at)


def verdicts(path: Path) -> tuple[set[str], list[tuple[str, str, bool]]]:
    with Archive(path, read_only=True) as archive:
        held = {verdict for (verdict,) in archive.db.execute("SELECT verdict FROM findings")}
        told = archive.db.execute(
            "SELECT who, verdict, undone_at IS NOT NULL FROM decisions ORDER BY decided_at"
        )
        return held, [(who, verdict, bool(undone)) for who, verdict, undone in told]


def test_decisions_of_both_are_kept_and_the_newest_that_stands_holds(tmp_path: Path) -> None:
    one = play(tmp_path / "a", [(0, (0, 2, 0))])
    two = play(tmp_path / "b", [(1, (1, 2, 0))])
    judge(one, "confirmed", "Lan", 1)
    judge(two, "dismissed", "Minh", 2)
    both = [("Lan", "confirmed", False), ("Minh", "dismissed", False)]
    for number, parts in enumerate(((one, two), (two, one))):
        whole = merged(tmp_path / f"whole-{number}", *parts)
        assert verdicts(whole) == ({"dismissed"}, both)
    with Archive(two) as archive, archive.batch():
        undo(archive.db.conn, 1, who="Minh", at=START + timedelta(days=3))
    merged(tmp_path / "whole-0", two)
    assert verdicts(tmp_path / "whole-0" / "archive.db") == (
        {"confirmed"},
        [("Lan", "confirmed", False), ("Minh", "dismissed", True)],
    )


def shown(day: int) -> Fetch:
    return Fetch(
        f"{PORTAL.home_url}tin-so-0.html", 200, HEADERS, article("số 0"), START + timedelta(days=day)
    )


def test_what_is_in_no_capture_is_joined_too(tmp_path: Path) -> None:
    one = crawl(tmp_path / "a", [shown(0)])
    two = crawl(tmp_path / "b", [shown(1)])
    later = START + timedelta(days=9)
    url = f"{PORTAL.home_url}tin-so-0.html"
    with Archive(two) as archive:
        archive.claim("test")
        archive.db.execute("UPDATE pages SET etag = 'x'")
        begun = archive.begin_crawl(PORTAL.name, later)
        archive.frontier.add(
            PORTAL.name, [Link(f"{PORTAL.home_url}tin-so-9.html", LinkKind.ARTICLE)], url, 1, later
        )
        archive.store(Visit(PORTAL.name, url, url, later, Outcome.UNCHANGED, 304, begun.id, depth=1))
    with Archive(merged(tmp_path / "whole", one, two), read_only=True) as archive:
        assert archive.db.execute("SELECT version, first_seen, last_seen FROM articles").fetchall() == [
            (1, "2026-03-02T01:00:00Z", "2026-03-11T01:00:00Z")
        ]
        assert archive.db.execute(
            "SELECT url, state, last_visit, etag FROM pages ORDER BY id"
        ).fetchall() == [
            (url, "done", "2026-03-11T01:00:00Z", "x"),
            (f"{PORTAL.home_url}tin-so-9.html", "waiting", None, None),
        ]
        assert archive.db.execute("SELECT outcome FROM crawls ORDER BY started_at").fetchall() == [
            ("finished",),
            ("finished",),
            ("interrupted",),
        ]
        # Byte for byte the records of the other archives.
        gathered = set(
            archive.db.execute("SELECT fetched_at, sha256, revisit_of IS NULL FROM captures").fetchall()
        )
    for path in (one, two):
        with Archive(path, read_only=True) as archive:
            assert gathered > set(
                archive.db.execute("SELECT fetched_at, sha256, revisit_of IS NULL FROM captures")
            )


@pytest.mark.long
@needs_real_pages
def test_a_real_site_crawled_by_three_merges_into_what_one_would_hold(tmp_path: Path) -> None:
    before = [page for page in states.load().values() if page.status == 200 and b"bodytext" in page.body][:12]
    assert len(before) == 12
    fetches = []
    for day in (0, 2):
        at = START + timedelta(days=day)
        for number, page in enumerate(before):
            edited = page.body.replace(" các ".encode(), " những ".encode())
            body = edited if day and number % 3 else page.body
            url = page.url.replace(f"http://{states.HOST}/", PORTAL.home_url)
            fetches.append(Fetch(url, 200, HEADERS, body, at))
    whole = crawl(tmp_path / "whole", fetches)
    parts = [
        crawl(tmp_path / str(one), [page for at, page in enumerate(fetches) if (at + at // 12) % 3 == one])
        for one in range(3)
    ]
    # Each has crawls of its own; of all that the visits showed the merged archive has the same.
    one, all_of = content(merged(tmp_path / "one", *parts)), content(whole)
    assert len(one.pop("crawls")) == len(all_of.pop("crawls")) == 2
    assert one == all_of
    assert len(one["article_versions"]) == 20
