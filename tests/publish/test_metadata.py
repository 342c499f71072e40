"""datasette-metadata.json against the schema, so that neither can change without the other."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from portal_archive.archive import migrations

ROOT = Path(__file__).parents[2]
METADATA = json.loads((ROOT / "datasette-metadata.json").read_text(encoding="utf-8"))
DATABASE = METADATA["databases"]["archive"]


@pytest.fixture
def schema() -> sqlite3.Connection:
    return migrations.blank().conn


def names(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute(
        "select name from pragma_table_list where schema = 'main' and type in ('table', 'view', 'virtual')"
        " and name not like 'sqlite_%'"
    )
    return {name for (name,) in rows}


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute("select name from pragma_table_info(?)", [table])]


def test_every_table_and_column_is_described(schema: sqlite3.Connection) -> None:
    described = {name: set(table["columns"]) for name, table in DATABASE["tables"].items()}
    assert described == {name: set(columns(schema, name)) for name in names(schema)}


def test_no_description_is_empty() -> None:
    for name, table in DATABASE["tables"].items():
        for key, text in {**table["columns"], "title": table["title"], "": table["description"]}.items():
            assert len(text) > 5, (name, key)


def test_facets_are_on_indexed_columns(schema: sqlite3.Connection) -> None:
    for name, table in DATABASE["tables"].items():
        leading = {
            schema.execute("select name from pragma_index_info(?) where seqno = 0", [index]).fetchone()[0]
            for (index,) in schema.execute("select name from pragma_index_list(?)", [name])
        }
        small = name in {"portals", "provinces"}
        assert set(table.get("facets", [])) <= (set(columns(schema, name)) if small else leading), name


def test_sorting_and_labels_name_columns(schema: sqlite3.Connection) -> None:
    for name, table in DATABASE["tables"].items():
        known = set(columns(schema, name))
        assert {table[key] for key in ("sort", "sort_desc", "label_column") if key in table} <= known, name


def test_canned_queries_name_their_parameters() -> None:
    for name, query in DATABASE["queries"].items():
        text = re.sub(r"'[^']*'", "", query["sql"])
        assert list(dict.fromkeys(re.findall(r":(\w+)", text))) == query.get("params", []), name
        assert " · " in query["title"], name
        assert " / " in query["description"], name


def test_instance_is_described_with_source_and_licence() -> None:
    assert all(METADATA[key] for key in ("title", "description", "source", "license"))
