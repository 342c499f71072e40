"""`export --all` writes one state of everything, which Frictionless and DuckDB read as it says it is."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from synthetic_library import Library

from portal_archive.archive.export import package
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.export.written import Choice, Table
from portal_archive.model.errors import ArchiveError
from portal_archive.publish import dictionary
from portal_archive.publish.metadata import METADATA

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
ABOUT = dictionary.about(json.loads(METADATA.read_text(encoding="utf-8")))
Write = Callable[..., list[Table]]


@pytest.fixture(scope="module")
def db(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    copy = sqlite3.connect(tmp_path_factory.mktemp("copy") / "nv.db", isolation_level=None)
    source = sqlite3.connect(library.path)
    source.backup(copy)
    source.close()
    copy.execute("UPDATE articles SET body = ? WHERE id = 5", ("dân vận " * 5_726,))
    # What is found on a page that shows no article, by nobody decided.
    copy.execute(
        "INSERT INTO findings (portal, url, kind, field, span, occurrence, start, end, score, first_seen, last_seen)"
        " VALUES ('laichau', 'https://laichau.example/', 'host-takeover', 'host', 'x', 1, 0, 1, 0.9, ?, ?)",
        ["2026-10-02T00:00:00Z"] * 2,
    )
    yield copy
    copy.close()


def write(db: sqlite3.Connection, folder: Path, **chosen: Any) -> list[Table]:
    return package.write(db, folder, ABOUT, Choice(**chosen), NOW, lambda line: None)


@pytest.fixture(scope="module")
def whole(db: sqlite3.Connection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "all"
    write(db, folder, address="https://kho.example")
    return folder


def descriptor(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return read


def validate(folder: Path) -> tuple[bool, dict[str, list[str]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package

        report = Package(str(folder / "datapackage.json")).validate()
    errors = {task.name: sorted(error.type for error in task.errors) for task in report.tasks if task.errors}
    return report.valid, errors


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(10**9)
        return list(csv.DictReader(file))


def test_frictionless_would_find_what_is_not_as_it_says(whole: Path, tmp_path: Path) -> None:
    for name in ("datapackage.json", "portals.csv", "provinces.csv"):
        (tmp_path / name).write_bytes((whole / name).read_bytes())
    said = descriptor(whole)
    said["resources"] = [one for one in said["resources"] if one["name"] in ("portals", "provinces")]
    (tmp_path / "datapackage.json").write_text(json.dumps(said), encoding="utf-8")
    altered = (tmp_path / "portals.csv").read_text(encoding="utf-8").replace(",bac-kan,", ",bac-kam,")
    (tmp_path / "portals.csv").write_text(altered, encoding="utf-8")
    assert validate(tmp_path) == (False, {"portals": ["byte-count", "foreign-key", "hash-count"]})


def test_every_table_and_every_row_is_there_twice(whole: Path, db: sqlite3.Connection) -> None:
    said = {one["name"]: one for one in descriptor(whole)["resources"]}
    assert set(said) == {*EXPORTS, *(f"{name}-parquet" for name in EXPORTS)}
    for name, chosen in EXPORTS.items():
        (count,) = db.execute(f"SELECT count(*) FROM {chosen.rows}").fetchone()
        found = duckdb.sql(f"SELECT count(*) FROM '{whole}/{name}.parquet'").fetchall()
        assert (
            len(rows(whole / f"{name}.csv"))
            == said[name]["rows"]
            == said[f"{name}-parquet"]["parquet_rows"]
            == count
        )
        assert found == [(count,)], name
        for one in (said[name], said[f"{name}-parquet"]):
            data = (whole / one["path"]).read_bytes()
            assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    assert {path.name for path in whole.iterdir()} == {
        "datapackage.json", "CITATION.cff", *(one["path"] for one in said.values())
    }  # fmt: skip


def test_it_says_what_it_is_a_state_of(whole: Path) -> None:
    said = descriptor(whole)
    assert (said["created"], said["as_of"]) == ("2026-11-28T06:00:00Z", "2026-11-09T04:00:00Z")
    assert said["program"]["name"] == "portal-archive"
    assert said["licenses"][0]["title"].startswith("Văn bản thuộc về cơ quan")
    fields = {field["name"]: field for field in said["resources"][0]["schema"]["fields"]}
    assert (fields["gone_at"]["type"], fields["gone_at"]["null"], fields["gone_at"]["unit"]) == (
        "datetime",
        "allowed",
        "UTC",
    )
    assert fields["published_precision"]["constraints"]["enum"] == ["second", "minute", "day", "inferred"]
    assert fields["id"]["constraints"] == {"required": True}
    assert all(
        field["description"]
        for one in said["resources"]
        if "schema" in one
        for field in one["schema"]["fields"]
    )
    articles = said["resources"][0]["schema"]
    assert articles["primaryKey"] == ["id"]
    assert {"fields": ["portal"], "reference": {"resource": "portals", "fields": ["name"]}} in articles[
        "foreignKeys"
    ]
    citation = dict(
        line.split(": ", 1) for line in (whole / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    )
    assert json.loads(citation["version"]) == "2026-11-09T04:00:00Z"
    assert json.loads(citation["url"]) == "https://kho.example"
    assert json.loads(citation["authors"]) == [{"name": said["title"]}]


def test_parquet_has_types_and_whole_texts(whole: Path, library: Library) -> None:
    query = f"SELECT gone_at, flagged, permalink, published_at FROM '{whole}/articles.parquet' WHERE id = {library.ids['gone']}"
    (gone,) = duckdb.sql(query).fetchall()
    assert gone[0].astimezone(UTC) == datetime(2026, 10, 5, 3, tzinfo=UTC)
    assert gone[1:] == (
        False,
        f"https://kho.example/article/{library.ids['gone']}",
        "2024-06-02T10:00:00+07:00",
    )
    length = duckdb.sql(f"SELECT length(body) FROM '{whole}/articles.parquet' WHERE id = 5").fetchall()
    assert length == [(45_808,)]
    (cut,) = [row["body"] for row in rows(whole / "articles.csv") if row["id"] == "5"]
    assert (len(cut), cut[-36:]) == (32_767, " … [45808 characters: whole in JSON]")
    said = {one["name"]: one for one in descriptor(whole)["resources"]}
    assert (said["articles"]["cut_cells"], said["article_versions"]["cut_cells"]) == (1, 1)


def test_frictionless_finds_it_valid_and_months_together_are_the_table(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    write(db, tmp_path, monthly=True)
    said = {one["name"]: one for one in descriptor(tmp_path)["resources"]}
    paths = ["counter_readings-2026-10.csv", "counter_readings-2026-11.csv"]
    assert said["counter_readings"]["path"] == paths
    assert [part["rows"] for part in said["counter_readings"]["parts"]] == [40, 9]
    assert {row["read_at"][:7] for row in rows(tmp_path / paths[0])} == {"2026-10"}
    assert said["portals"]["path"] == "portals.csv"
    assert validate(tmp_path) == (True, {})
    # The months go when it is written whole again.
    write(db, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("counter_readings*")) == [
        "counter_readings.csv", "counter_readings.parquet"
    ]  # fmt: skip


def test_what_changed_since_is_a_part_that_no_whole_export_gives_way_to(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    tables = {table.name: table.rows for table in write(db, tmp_path, changed_since=since, parquet=False)}
    assert (tables["articles"], tables["counter_readings"], tables["portals"]) == (0, 9, 3)
    assert "foreignKeys" not in descriptor(tmp_path)["resources"][0]["schema"]
    with pytest.raises(
        ArchiveError, match=r"holds an export of something else \(changed since: 2026-11-01T00:00:00Z\)"
    ):
        write(db, tmp_path)
    write(db, tmp_path, changed_since=datetime(2026, 11, 5, tzinfo=UTC), parquet=False)
    assert descriptor(tmp_path)["chosen"]["changed_since"] == "2026-11-05T00:00:00Z"


def test_an_interrupted_export_leaves_what_was_there(db: sqlite3.Connection, tmp_path: Path) -> None:
    write(db, tmp_path, parquet=False)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "_PROGRESS", 1)
        with pytest.raises(KeyboardInterrupt):
            package.write(db, tmp_path, ABOUT, Choice(parquet=False), NOW, interrupt)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert not db.in_transaction


def test_a_folder_with_other_files_is_left_alone(db: sqlite3.Connection, tmp_path: Path) -> None:
    (tmp_path / "luan-van.docx").write_text("x")
    with pytest.raises(ArchiveError, match=r"holds other files \(luan-van.docx\): choose an empty folder"):
        write(db, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["luan-van.docx"]
    (tmp_path / "datapackage.json").write_text('{"name": "khac"}')
    with pytest.raises(ArchiveError, match="of another program"):
        write(db, tmp_path)
