"""docs/data.md does what it says: its Python runs on an export, its addresses answer."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scrapy.settings import Settings
from synthetic_library import Library

from crawler.commands.export import Command
from portal_archive.archive.export import package
from portal_archive.archive.export.written import Choice
from portal_archive.publish import dictionary
from portal_archive.publish.metadata import METADATA

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analyst")
    shutil.copyfile(library.path, folder / "archive.db")
    db = sqlite3.connect(folder / "archive.db", isolation_level=None)
    db.execute(
        "UPDATE articles SET published_at = '2024-03-18T00:00:00+07:00', published_precision = 'day' WHERE id = 1"
    )
    about = dictionary.about(json.loads(METADATA.read_text(encoding="utf-8")))
    package.write(db, folder / "data", about, Choice(), datetime(2026, 11, 28, tzinfo=UTC), lambda line: None)
    db.close()
    return folder


@pytest.fixture
def names(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[dict[str, Any]]:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)):
        exec(compile(block, f"docs/data.md, block {number}", "exec"), names)
    yield names
    names["db"].close()


def test_its_python_runs_and_finds_what_there_is(names: dict[str, Any], library: Library) -> None:
    assert names["by_province"].to_dict() == {"Thái Nguyên": 23, "Lai Châu": 22, "Điện Biên": 21}
    events = names["events"]
    assert events[events["kind"] == "gone"]["article_id"].tolist() == [library.ids["gone"]]
    assert events["seen_at"].dt.tz is not None
    assert names["midnight"].sum() == 2
    assert names["daily"].loc["laichau"].dropna().size == 38
    assert len(names["found"]) > 10
    assert names["articles"]["gone_at"].notna().sum() == 1
    assert names["articles"]["views"].dtype == pd.Int64Dtype()


def test_every_address_answers(room: Any) -> None:
    addresses = re.findall(r'curl "http://127\.0\.0\.1:8001(/[^"]+)"', PAGE)
    assert len(addresses) == 10
    for address in addresses:
        answer = room.get(address.replace("/archive/", "/nv/"))
        assert answer.status_code == 200, address
        assert answer.headers["etag"], address
        assert answer.content, address
    chosen = room.get(next(one for one in addresses if "columns=" in one)).text.splitlines()[0]
    assert list(json.loads(chosen)) == ["title", "published_at", "permalink"]


def test_a_column_there_is_not_is_named(room: Any) -> None:
    answer = room.get("/search.jsonl?q=dan+van&columns=title,tua")
    assert answer.status_code == 400
    assert "no column tua" in answer.text


def test_every_option_that_it_names_is_one() -> None:
    parser, command = argparse.ArgumentParser(), Command()
    command.settings = Settings()
    command.add_options(parser)
    commands = re.findall(r"^scrapy export (.*?)(?:#.*)?$", PAGE, re.MULTILINE)
    assert len(commands) == 5
    for line in commands:
        parser.parse_args(line.split())
