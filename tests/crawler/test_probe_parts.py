"""The parts of a probe that need no portal: what is asked, what is proposed, what is written."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.portal_table import remove_row, write_row
from crawler.probe.hands import other_hands
from crawler.probe.pagers import is_later_page, last_page
from crawler.probe.pages import ProbedPage
from crawler.probe.plan import Plan
from crawler.probe.proposal import name_of, proposal
from crawler.probe.writing import save
from portal_archive.archive.archive import Archive
from portal_archive.archive.probes import changes_since, last_reports, store_reports
from portal_archive.model.errors import BadInputError
from portal_archive.model.kinds import LinkKind, Outcome, ProbeState, ScriptHelp
from portal_archive.model.page import Item, Link, Page
from portal_archive.model.probe import (
    ArticleSeen,
    CertificateSeen,
    FieldSeen,
    LabelSeen,
    ListSeen,
    PageSeen,
    ProbeReport,
    ShellSeen,
)
from portal_archive.model.records import Portal, Visit
from spiders.rows import found as rows

HOME = "https://muongmay.example.vn/"
HEADING = (Path(__file__).parents[2] / "spiders" / "portals.csv").read_text().splitlines()[0]
REPORT = ProbeReport(
    portal="muongmay.example.vn",
    home=HOME,
    probed_at="2026-03-02T01:00:00Z",
    state=ProbeState.WORKS,
    requests=12,
    families={"nukeviet": 4, "generic": 6},
    title="Trang chủ - Trang thông tin điện tử Huyện ủy Mường Mây, tỉnh Lai Châu",
    lists=(
        ListSeen(HOME, 8, is_linked=True),
        ListSeen(f"{HOME}tin/", 9, 4),
        ListSeen(f"{HOME}tin/?page=2", 9),
    ),
    articles=(ArticleSeen(f"{HOME}tin/a.html", {"title": FieldSeen("nukeviet", "Tin A")}),),
    pages=(PageSeen(HOME, 200, "list"),),
)


# --- what is asked -------------------------------------------------------------------------------------


def answer(plan: Plan, url: str, kind: Outcome, *links: Link, items: int = 0) -> None:
    page = Page(url, kind, items=[Item(f"{url}{number}", "Tin") for number in range(items)])
    visit = Visit("x", url, url, datetime(2026, 3, 2, tzinfo=UTC), kind, page=page, links=list(links))
    plan.take(ProbedPage(visit, b"", plan.taken_for(url)))


def asked(plan: Plan) -> str | None:
    if (url := plan.next()) is not None:
        plan.ask(url)
    return url


def test_an_article_leads_to_its_list_and_different_folders_come_first() -> None:
    plan = Plan(HOME, articles=3)
    assert asked(plan) == HOME
    found = [Link(f"{HOME}{path}", LinkKind.ARTICLE) for path in ("tin/a.html", "tin/b.html", "hoi/c.html")]
    menu = [Link(f"{HOME}{path}", LinkKind.LIST) for path in ("lien-he/", "tin/?page=2", "tin/")]
    answer(plan, HOME, Outcome.LIST, *menu, *found, items=3)
    assert asked(plan) == f"{HOME}tin/a.html"
    answer(plan, f"{HOME}tin/a.html", Outcome.ARTICLE)
    assert asked(plan) == f"{HOME}tin/"  # it has known articles below it
    feed, sitemap = Link(f"{HOME}rss/", LinkKind.FEED), Link(f"{HOME}sitemap.xml", LinkKind.SITEMAP)
    answer(plan, f"{HOME}tin/", Outcome.LIST, feed, sitemap, items=5)
    assert asked(plan) == feed.url
    answer(plan, feed.url, Outcome.FEED, *found)
    assert asked(plan) == sitemap.url
    answer(plan, sitemap.url, Outcome.SITEMAP, *found)
    assert asked(plan) == f"{HOME}lien-he/"
    answer(plan, f"{HOME}lien-he/", Outcome.OTHER)
    assert asked(plan) == f"{HOME}tin/?page=2"  # no list was found yet that is a second one
    answer(plan, f"{HOME}tin/?page=2", Outcome.LIST, items=5)
    assert asked(plan) == f"{HOME}hoi/c.html"
    answer(plan, f"{HOME}hoi/c.html", Outcome.ARTICLE)
    assert asked(plan) == f"{HOME}tin/b.html"
    answer(plan, f"{HOME}tin/b.html", Outcome.ARTICLE)
    assert asked(plan) is None


@pytest.mark.parametrize(
    ("links", "items", "last"),
    [
        (["tin/?page=2", "tin/?page=7"], 10, 7),
        (["tin/page-3/", "tin/page-2/"], 10, 3),
        (["tin/?limitstart=40"], 10, 5),
        (["tin/2026/", "hoi/?page=9"], 10, None),
        (["tin/?PageIndex=12&id=5"], 10, 12),
    ],
)
def test_the_last_page_of_a_list(links: list[str], items: int, last: int | None) -> None:
    found = [Link(f"{HOME}{path}", LinkKind.LIST) for path in links]
    assert last_page(f"{HOME}tin/", found, items) == last


def test_later_pages() -> None:
    assert is_later_page(f"{HOME}tin/?page=2")
    assert is_later_page(f"{HOME}tin/page-3/")
    assert not is_later_page(f"{HOME}tin/?page=1")
    assert not is_later_page(f"{HOME}tin/nam-2026/")


# --- what is proposed ----------------------------------------------------------------------------------


def test_a_new_portal_is_described_by_its_pages() -> None:
    proposed = proposal(REPORT, None, {})
    assert (proposed.name, proposed.is_new, proposed.needs_file, proposed.unknown) == (
        "muongmay_example",
        True,
        False,
        (),
    )
    assert proposed.values == {
        "title": "Trang thông tin điện tử Huyện ủy Mường Mây, tỉnh Lai Châu",
        "home": HOME,
        "province": "lai-chau",
        "body": "huyện ủy",
        "family": "nukeviet",
        "known": "read from real pages",
        "lists": ("/tin/",),
    }


@pytest.mark.parametrize(
    ("home", "name"),
    [
        ("https://laichau.gov.vn/", "laichau"),
        ("http://www.angiang.dcs.vn/", "angiang_dcs"),
        ("https://btgdvtu.lamdong.dcs.vn/", "btgdvtu_lamdong_dcs"),
        ("https://mattrannghean.org.vn/", "mattrannghean"),
        ("http://127.0.0.1:8088/", "portal_127_0_0_1_8088"),
    ],
)
def test_names(home: str, name: str) -> None:
    assert name_of(home) == name


def test_what_only_a_file_can_say() -> None:
    label = LabelSeen("Người soạn", "Lò Văn Mây", "author")
    assert proposal(replace(REPORT, unknown_labels=(label,)), None, {}).values["labels"] == {
        "author": ("Người soạn",)
    }
    shell = ShellSeen(HOME, ScriptHelp.RENDERED)
    empty = replace(REPORT, state=ProbeState.SHELL, articles=(), shells=(shell,))
    proposed = proposal(empty, None, {})
    assert proposed.needs_file
    assert proposed.values["rendered"] is True
    assert (
        proposal(replace(REPORT, counter={"total": "(script)"}), None, {}).values["counter_by_script"] is True
    )


def test_the_difference_to_what_is_declared() -> None:
    declared = rows["thanhuycantho"]
    seen = replace(
        REPORT,
        portal="thanhuycantho",
        home=declared.home,
        lists=(),
        pages=(
            PageSeen(declared.home, 200, "list"),
            PageSeen("https://thanhuycantho.vn/tin-tuc-su-kien", 404, "gone", ("tls-weak",)),
        ),
    )
    differs = proposal(seen, declared, {})  # type: ignore[arg-type]  # the class declares them
    assert (differs.name, differs.is_new, differs.needs_file) == ("thanhuycantho", False, False)
    assert differs.values == {"family": "nukeviet", "lists": (), "tls_seclevel_1": True}
    moved = proposal(replace(seen, moved_to="cantho.dcs.vn", pages=()), declared, {})  # type: ignore[arg-type]
    assert moved.values["moved_to"] == "cantho.dcs.vn"


def test_a_file_is_changed_where_it_says_so(tmp_path: Path) -> None:
    text = (
        '"""Huyện."""\n\nfrom crawler.spider import PortalSpider\n\n\nclass MuongMay(PortalSpider):\n'
        f'    name = "muongmay"\n    home = "{HOME}"\n    lists = (\n        "/a",\n        "/b",\n    )\n'
        '    family = "generic"  # as it was\n'
    )
    (tmp_path / "muongmay.py").write_text(text)
    declared = type(
        "MuongMay",
        (rows["thanhuycantho"],),
        {"name": "muongmay", "home": HOME, "of_table": False, "lists": ("/a", "/b"), "family": "generic"},
    )
    seen = replace(REPORT, pages=(PageSeen(f"{HOME}b", 404, "gone"),), storage_hosts=("cdn.example.vn",))
    assert save(proposal(seen, declared, {}), "probed", tmp_path) == [tmp_path / "muongmay.py"]  # type: ignore[arg-type]
    assert (tmp_path / "muongmay.py").read_text() == (
        '"""Huyện."""\n\nfrom crawler.spider import PortalSpider\n\n\nclass MuongMay(PortalSpider):\n'
        f'    name = "muongmay"\n    home = "{HOME}"\n    storage_hosts = ("cdn.example.vn",)\n'
        '    lists = ("/a",)\n    family = "nukeviet"\n'
    )


def test_other_rows_stay_as_they_are(tmp_path: Path) -> None:
    table = tmp_path / "portals.csv"
    one = 'aa,A,https://a.example/,lai-chau,tỉnh ủy,generic,,,,described,"x, y",,,'
    two = "bb,B,https://b.example/,an-giang,tỉnh ủy,generic,,,,described,z; probed 2026-01-01,,,"
    table.write_text(f"{HEADING}\n{one}\n{two}\n")
    values = {
        "name": "cc",
        "title": "C",
        "home": "https://c.example/",
        "province": "lai-chau",
        "body": "huyện ủy",
    }
    write_row(table, {**values, "family": "nukeviet", "known": "described", "evidence": "probed 2026-03-02"})
    write_row(table, {"name": "bb", "lists": ("/x", "/y"), "evidence": "probed 2026-03-02"})
    lines = table.read_text().splitlines()
    assert lines[:3] == [
        HEADING,
        one,
        "cc,C,https://c.example/,lai-chau,huyện ủy,nukeviet,,,,described,probed 2026-03-02,,,",
    ]
    changed = next(csv.DictReader([HEADING, lines[3]]))
    assert (changed["lists"], changed["evidence"]) == ("/x /y", "z; probed 2026-03-02")
    with pytest.raises(ValueError, match="no province has the id 'khong'"):
        write_row(table, {"name": "bb", "province": "khong", "evidence": "probed"})
    remove_row(table, "cc")
    assert [line[:3] for line in table.read_text().splitlines()[1:]] == ["aa,", "bb,"]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such folder"):
        save(proposal(REPORT, None, {}), "probed", tmp_path / "khong-co")
    (tmp_path / "muongmay_example.py").touch()
    with pytest.raises(BadInputError, match="it is there already; give another name"):
        save(proposal(REPORT, None, {}), "probed", tmp_path)


# --- what is kept --------------------------------------------------------------------------------------


def test_the_next_probe_shows_what_has_changed(tmp_path: Path) -> None:
    owner = CertificateSeen("UBND tỉnh", "GlobalSign", "2027-01-01T00:00:00+00:00")
    first = replace(REPORT, certificate=owner, counter={"total": "9"})
    with Archive(tmp_path / "a.db") as archive:
        store_reports(archive, [first], {})
        before = last_reports(archive.db.conn)[first.portal]
        assert changes_since(before, replace(first, probed_at="2026-03-09T01:00:00Z")) == []
        other = replace(
            first,
            probed_at="2026-03-09T01:00:00Z",
            state=ProbeState.LACKING,
            families={"wordpress": 9},
            certificate=replace(owner, owner="muongmay.example.vn"),
            counter=None,
            articles=(ArticleSeen(HOME, {"body": FieldSeen("density", "x")}),),
        )
        changes = changes_since(before, other)
        assert changes == [
            ("state", "works", "lacking"),
            ("family", "nukeviet", "wordpress"),
            ("certificate", "UBND tỉnh", "muongmay.example.vn"),
            ("counter", "shown", "-"),
            ("title", "read", "-"),
            ("body", "-", "read"),
        ]
        store_reports(archive, [other], {other.portal: changes})
        assert last_reports(archive.db.conn)[first.portal]["state"] == "lacking"
    # A portal that does not answer has lost nothing else.
    dead = replace(
        first,
        state=ProbeState.UNREACHABLE,
        families={},
        articles=(),
        pages=(),
        counter=None,
        certificate=None,
    )
    assert changes_since(before, dead) == [("state", "works", "unreachable")]


def crawled(archive: Archive, at: str, **signs: str) -> None:
    archive.register([Portal("huyen", "Huyện", HOME, "generic", "described")])
    columns = "portal, started_at, last_active_at, finished_at, outcome, pages, state"
    number = archive.db.execute(
        f"INSERT INTO crawls ({columns}) VALUES ('huyen', ?1, ?1, ?1, 'finished', 9, 'ok') RETURNING id",
        (at,),
    ).fetchone()[0]
    for tally, value in signs.items():
        archive.db.execute("INSERT INTO crawl_tallies VALUES (?, ?, ?, 9)", (number, tally, value))


def test_another_owner_of_the_host_is_told_by_what_was_captured(tmp_path: Path) -> None:
    with Archive(tmp_path / "probe.db") as probed, Archive(tmp_path / "archive.db") as archive:
        db, before = probed.db.conn, archive.db.conn
        crawled(probed, "2026-03-09T01:00:00Z", generator="WordPress", language="other")
        assert other_hands(db, before, "huyen", []) == ()  # never crawled: nothing to compare with
        assert other_hands(db, before, "khong-co", []) == ()
        crawled(archive, "2026-03-02T01:00:00Z", generator="nukeviet", language="vi")
        signs = other_hands(db, before, "huyen", ["2026-03-01T08:00:00+07:00", None])
        assert len(signs) == 2
        assert "100%" in signs[0]
        assert "nukeviet" in signs[1]
