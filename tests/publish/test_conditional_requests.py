"""Who polls the data gets it once: ETag and Last-Modified, and 304 until the archive changes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from synthetic_library import Library

DATA = (
    "/nv/articles.json?_size=2",
    "/nv/events.csv",
    "/nv/vanished.json?portal=",
    "/search.jsonl?q=dan+van",
    "/findings.atom",
    "/counters/marks.json",
)


@pytest.fixture
def copied(library: Library, serve: Callable[..., Any], tmp_path: Path) -> Any:
    path = tmp_path / "nv.db"
    shutil.copyfile(library.path, path)
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
    return serve(path)


def change(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE articles SET title = 'Tên khác' WHERE id = 1")
    db.close()


@pytest.mark.parametrize("path", DATA)
def test_what_has_not_changed_is_not_sent_again(copied: Any, tmp_path: Path, path: str) -> None:
    first = copied.get(path)
    assert first.status_code == 200
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for asked in ({"If-None-Match": f'"x", {tag}'}, {"If-Modified-Since": date}):
        again = copied.get(path, headers=asked)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    # A tag goes before a date.
    assert copied.get(path, headers={"If-None-Match": '"x"', "If-Modified-Since": date}).status_code == 200
    change(tmp_path / "nv.db")
    for asked in ({"If-None-Match": tag}, {"If-Modified-Since": date}):
        new = copied.get(path, headers=asked)
        assert new.status_code == 200
        assert new.headers["etag"] != tag
        # It may be written to again within this second.
        assert "last-modified" not in new.headers


def test_another_question_has_another_tag(copied: Any) -> None:
    tags = {
        copied.get("/nv/articles.json?_size=2").headers["etag"],
        copied.get("/nv/articles.json?_size=3").headers["etag"],
        copied.get("/nv/articles.json?_size=2", headers={"Cookie": "lang=en"}).headers["etag"],
        copied.get("/nv/articles.json?_size=2", headers={"Host": "127.0.0.1"}).headers["etag"],
    }
    assert len(tags) == 4


@pytest.mark.parametrize(
    "path", ["/", "/search?q=dan", "/status.json", "/nv/new_this_week.json", "/nv/articles"]
)
def test_pages_and_what_depends_on_the_hour_are_always_made_anew(copied: Any, path: str) -> None:
    answer = copied.get(path)
    assert answer.status_code == 200
    assert not {"etag", "last-modified"} & set(answer.headers)
    later = formatdate(time.time(), usegmt=True)
    assert copied.get(path, headers={"If-Modified-Since": later}).status_code == 200


@pytest.mark.parametrize("date", ["hôm qua", "", formatdate(4e9, usegmt=True), formatdate(0, usegmt=True)])
def test_a_date_that_says_nothing_is_no_reason(copied: Any, date: str) -> None:
    headers = {"If-Modified-Since": date.encode()}
    assert copied.get("/nv/articles.json?_size=1", headers=headers).status_code == 200


def test_an_error_has_no_tag(copied: Any) -> None:
    missing = copied.get("/nv/khong_co.json")
    assert missing.status_code == 404
    assert "etag" not in missing.headers
