"""Which portals are to be crawled at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal_archive.archive.archive import Archive
from portal_archive.archive.frontier.due import is_due
from portal_archive.model.kinds import LinkKind
from portal_archive.model.page import Link
from portal_archive.model.records import Portal, Visit

START = datetime(2024, 1, 20, 3, tzinfo=UTC)
INTERVAL = timedelta(hours=6)
HOME, LATER = "http://ban-may.vn/", "http://ban-may.vn/tin-1.html"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.db") as opened:
        opened.claim("test")
        opened.register([Portal("ban-may", "Bản Mây", HOME, "generic", "generic")])
        yield opened


def due(archive: Archive, hours: float) -> bool:
    return is_due(archive.db.conn, "ban-may", START + timedelta(hours=hours), INTERVAL)


def crawl(archive: Archive, hours: float, kind: str, outcome: str = "finished") -> None:
    """Crawl the home page, with an answer of this kind, so many hours after the start."""
    at = START + timedelta(hours=hours)
    begun = archive.begin_crawl("ban-may", at)
    archive.frontier.add("ban-may", [Link(HOME, LinkKind.LIST)], None, 0, at)
    status = None if kind == "error" else 200
    archive.store(Visit("ban-may", HOME, HOME, at, kind, status=status, crawl_id=begun.id))
    archive.end_crawl(begun, at, outcome)


def test_a_portal_never_crawled_is_due(archive: Archive) -> None:
    assert due(archive, 0)


def test_a_finished_crawl_is_good_for_the_interval(archive: Archive) -> None:
    crawl(archive, 0, "list")
    assert [due(archive, hours) for hours in (0.1, 5.9, 6, 30)] == [False, False, True, True]


def test_a_crawl_that_was_stopped_is_taken_up_again(archive: Archive) -> None:
    crawl(archive, 0, "list", "closed")
    assert due(archive, 0.1)


def test_what_is_due_in_the_frontier_makes_a_portal_due(archive: Archive) -> None:
    crawl(archive, 0, "list")
    archive.frontier.add("ban-may", [Link(LATER, LinkKind.ARTICLE)], HOME, 1, START + timedelta(hours=2))
    assert [due(archive, hours) for hours in (1.9, 2)] == [False, True]


def test_a_portal_whose_start_page_rests_after_a_failure_waits(archive: Archive) -> None:
    crawl(archive, 0, "error", "closed")
    assert [due(archive, hours) for hours in (0.9, 1)] == [False, True]


def test_a_start_page_is_tried_every_day_however_often_it_failed(archive: Archive) -> None:
    at, waits = 0.0, []
    for _ in range(5):
        crawl(archive, at, "error", "closed")
        wait = next(hours for hours in (1, 6, 24, 72, 168) if due(archive, at + hours))
        waits.append(wait)
        at += wait
    assert waits == [1, 6, 24, 24, 24]


def test_a_crawl_in_the_future_keeps_no_portal_waiting(archive: Archive) -> None:
    crawl(archive, 1000, "list")
    assert due(archive, 0)
