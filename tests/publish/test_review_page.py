"""Whoever runs the archive decides on a page, one by one or many at once, and takes it back; nobody else sees it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import time_machine
from lxml import html
from synthetic_library import Writer, fill

from portal_archive.archive.archive import Archive
from portal_archive.archive.findings import findings
from portal_archive.archive.findings.findings import Sighting
from portal_archive.archive.sql import row
from portal_archive.model.page import Finding

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Operator:
    """Signed in as root, with the cookie and the token that a form needs."""

    def __init__(self, reader: Any, archive: Path) -> None:
        self.reader = reader
        self.archive = archive
        self.cookies = {"ds_actor": reader.datasette.sign({"a": {"id": "root"}}, "actor")}

    def get(self, path: str) -> httpx.Response:
        response: httpx.Response = self.reader.run(
            self.reader.datasette.client.get(path, cookies=self.cookies)
        )
        self.cookies |= dict(response.cookies)
        return response

    def post(self, *fields: tuple[str, str]) -> httpx.Response:
        token = html.fromstring(self.get("/review?lang=").text).xpath(
            "string(//input[@name='csrftoken']/@value)"
        )
        body = urlencode([*fields, ("csrftoken", token)])
        response: httpx.Response = self.reader.run(
            self.reader.datasette.client.post("/review", content=body, headers=FORM, cookies=self.cookies)
        )
        return response

    def lines(self, path: str = "/review") -> list[str]:
        tree = html.fromstring(self.get(path).text)
        return [str(name) for name in tree.xpath("//main//input[@name='item']/@value")]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.archive)) as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def operator(tmp_path: Path, serve: Any) -> Operator:
    writer = Writer(tmp_path)
    fill(writer)
    writer.close()
    with closing(sqlite3.connect(writer.path)) as db, db:
        db.execute(
            "INSERT INTO doubts (portal, url, article_id, rule, state, content_hash, details, first_seen, last_seen)"
            " VALUES ('laichau', 'https://laichau.example/tin/bai-0', 1, 'replaced', 'held', 'x',"
            " '{\"title\": \"Thông báo bảo trì\"}', '2026-10-02T01:00:00Z', '2026-10-02T01:00:00Z')"
        )
    with Archive(writer.path) as archive, archive.batch():
        article = row(archive.db.conn, "SELECT * FROM articles WHERE id = 1")
        assert article is not None
        sighting = Sighting(
            "laichau", article["url"], article["fetched_at"], None, 1, article["content_hash"]
        )
        found = [
            Finding("advertising", 0.9, span, ("betting",), {}, "body", start, start + 3)
            for start, span in ((0, "nhà cái"), (9, "tài xỉu"))
        ]
        findings.note(archive.db.conn, sighting, found)
        findings.settle(archive.db.conn, 1)
    return Operator(serve(writer.path), writer.path)


def test_visitors_do_not_see_it(room: Any) -> None:
    assert room.get("/review").status_code == 403
    assert room.run(room.datasette.client.post("/review", content="item=finding:1")).status_code == 403


def test_findings_and_doubts_wait_in_one_place(operator: Operator) -> None:
    everything = operator.lines()
    assert "doubt:1" in everything
    assert sum(name.startswith("finding:") for name in everything) == 2
    assert operator.lines("/review?kind=replaced") == ["doubt:1"]
    assert operator.lines("/review?portal=khong-co") == []
    assert "Tiêu đề và toàn văn bị thay bằng bài khác" in operator.get("/review").text


def test_many_are_decided_at_once_and_one_is_taken_back(operator: Operator) -> None:
    names = [name for name in operator.lines() if name.startswith("finding:")]
    with time_machine.travel("2026-10-03T04:00:00Z", tick=False):
        done = operator.post(
            *(("item", name) for name in names),
            ("verdict", "dismissed"),
            ("why", "tên trò chơi"),
            ("who", "Lò Thị Mai"),
        )
    assert done.status_code == 302
    assert operator.lines() == ["doubt:1"]
    decided = operator.query("SELECT verdict, why, who, decided_at, undone_at FROM decisions")
    assert decided == [("dismissed", "tên trò chơi", "Lò Thị Mai", "2026-10-03T04:00:00Z", None)] * len(names)
    assert operator.query("SELECT count(*) FROM articles WHERE flagged") == [(0,)]
    with time_machine.travel("2026-10-04T04:00:00Z", tick=False):
        assert operator.post(("undo", "1"), ("who", "Vàng A Páo")).status_code == 302
    assert len(operator.lines()) == 2
    assert operator.query("SELECT undone_at, undone_by FROM decisions WHERE undone_at NOT NULL") == [
        ("2026-10-04T04:00:00Z", "Vàng A Páo")
    ]
    assert operator.query("SELECT count(*) FROM articles WHERE flagged") == [(1,)]
    assert "Vàng A Páo đã rút lại" in operator.get("/review").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            [("item", "doubt:1"), ("verdict", "rejected"), ("who", "Mai")],
            "Hãy chọn ít nhất một dòng và ghi lý do.",
        ),
        ([("item", "doubt:1"), ("verdict", "rejected"), ("why", "x")], "Hãy ghi tên bạn"),
        (
            [("item", "doubt:1"), ("verdict", "dismissed"), ("why", "x"), ("who", "Mai")],
            "accepted or rejected",
        ),
        (
            [("item", "doubt:99"), ("verdict", "rejected"), ("why", "x"), ("who", "Mai")],
            "no doubt has the number 99",
        ),
        ([("undo", "7"), ("who", "Mai")], "no decision 7"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_decided(
    operator: Operator, fields: list[tuple[str, str]], said: str
) -> None:
    assert said in operator.post(*fields).text
    assert operator.query("SELECT count(*) FROM decisions") == [(0,)]


def test_a_form_of_another_site_decides_nothing(operator: Operator) -> None:
    body = urlencode({"item": "doubt:1", "verdict": "rejected", "why": "x", "who": "x"})
    client = operator.reader.datasette.client
    answer = operator.reader.run(client.post("/review", content=body, headers=FORM, cookies=operator.cookies))
    assert answer.status_code == 403
    assert operator.query("SELECT count(*) FROM decisions") == [(0,)]
