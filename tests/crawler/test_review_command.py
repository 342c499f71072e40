"""`review`, as it is typed: findings and what is held in one place, many at once, taken back."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawling import Crawl

from portal_archive.archive.archive import Archive
from portal_archive.archive.doubt import doubts
from portal_archive.archive.doubt.doubts import Shown
from portal_archive.model.kinds import DoubtRule
from portal_archive.model.page import Article, Finding, Page
from portal_archive.model.records import Portal, Visit

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def archived(crawl: Crawl) -> Crawl:
    """Return an archive in which three findings of two portals and one held visit wait."""
    with Archive(Path(crawl.archive)) as archive:
        archive.claim("test")
        for name, spans in (("huyen", ("nhà cái", "tài xỉu")), ("tinh", ("nhà cái",))):
            home = f"https://{name}.example/"
            archive.register([Portal(name, name, home, "generic", "described")])
            found = [
                Finding("advertising", 0.9, span, (), {}, "body", n, n + 7) for n, span in enumerate(spans)
            ]
            page = Page(home + "a", "article", article=Article("Giao ban", body="Nội dung"), findings=found)
            archive.store(Visit(name, page.url, page.url, AT, "article", status=200, page=page))
        with archive.batch():
            shown = Shown("tinh", "https://tinh.example/a", DoubtRule.REPLACED, details={"title": "Bảo trì"})
            doubts.note(archive.db.conn, shown, "2026-03-03T01:00:00Z")
    return crawl


def names(crawl: Crawl, *arguments: str) -> list[str]:
    done = crawl.command("review", *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [one["name"] for one in json.loads(done.stdout)]


def test_all_that_waits_is_listed_and_narrowed(archived: Crawl) -> None:
    assert names(archived) == ["doubt:1", "finding:1", "finding:2", "finding:3"]
    assert names(archived, "list", "--portal", "tinh", "--kind", "replaced") == ["doubt:1"]
    table = archived.command("review").stdout
    assert [line.split("│")[1].strip() for line in table.splitlines() if line.startswith("│")] == names(
        archived
    )


def test_many_are_decided_at_once_with_who_and_why_and_taken_back(archived: Crawl) -> None:
    done = archived.command(
        "review", "dismiss", "--kind", "advertising", "--portal", "huyen", "--why", "tên trò chơi"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "finding:1: dismissed: advertising in https://huyen.example/a",
        "finding:2: dismissed: advertising in https://huyen.example/a",
    ]
    assert archived.command("review", "reject", "doubt:1", "--why", "bảo trì", "--who", "Mai").returncode == 0
    assert names(archived) == ["finding:3"]
    assert archived.query("SELECT subject, item, verdict, why, who FROM decisions") == [
        ("finding", 1, "dismissed", "tên trò chơi", getpass.getuser()),
        ("finding", 2, "dismissed", "tên trò chơi", getpass.getuser()),
        ("doubt", 1, "rejected", "bảo trì", "Mai"),
    ]
    done = archived.command("review", "undo", "3", "1")
    assert done.stdout.splitlines() == [
        "3: undone: replaced at https://tinh.example/a",
        "1: undone: advertising in https://huyen.example/a",
    ]
    assert names(archived) == ["doubt:1", "finding:1", "finding:3"]
    assert archived.query("SELECT state, decided_at, why FROM doubts") == [("held", None, None)]
    again = archived.command("review", "undo", "1")
    assert (again.returncode, again.stderr) == (
        1,
        "review: no decision 1 that could be undone: `review --decided` lists them\n",
    )


def test_what_was_decided_before_holds_again_when_the_later_is_undone(archived: Crawl) -> None:
    archived.command("review", "confirm", "finding:1", "--why", "rõ ràng")
    archived.command("review", "dismiss", "finding:1", "--why", "nhầm")
    archived.command("review", "undo", "2")
    assert archived.query("SELECT verdict, why FROM findings WHERE id = 1") == [("confirmed", "rõ ràng")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("dismiss", "--why", "x"), 2, "name what is decided about, or say --portal or --kind"),
        (("dismiss", "finding:1"), 2, "say why, for those who come after: --why TEXT"),
        (
            ("dismiss", "doubt:1", "--why", "x"),
            1,
            "review: doubt:1 is not dismissed; it is accepted or rejected",
        ),
        (("dismiss", "cái gì", "--why", "x"), 1, "names nothing; say finding:12 or doubt:7"),
        (("accept", "--portal", "huyen", "--why", "x"), 1, "nothing of that waits to be accepted"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_decided(
    archived: Crawl, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = archived.command("review", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert archived.query("SELECT count(*) FROM decisions") == [(0,)]


def test_a_decision_waits_for_no_crawl(archived: Crawl) -> None:
    with Archive(Path(archived.archive)) as archive:
        archive.claim("crawl huyen")
        assert archived.command("findings", "dismiss", "1", "--why", "x").returncode == 0
