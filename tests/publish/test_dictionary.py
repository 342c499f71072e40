"""The data dictionary is complete: every column of every table has type, null rule, values and two languages."""

import json
import re
from pathlib import Path

from portal_archive.archive import migrations
from portal_archive.archive.counters import series
from portal_archive.archive.export.columns import columns_of, exported_columns, primary_key
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.model import messages
from portal_archive.publish.dictionary import METADATA, about, data_dictionary, languages

ROOT = Path(__file__).parents[2]
SAID = json.loads((ROOT / METADATA).read_text(encoding="utf-8"))


def test_the_data_dictionary_is_up_to_date():
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    again = data_dictionary(SAID)
    assert written == again, "run: python -m portal_archive.publish.dictionary > docs/data-dictionary.md"


def test_every_column_that_one_meets_stands_in_it():
    db = migrations.blank().conn
    series.define_functions(db)
    written = data_dictionary(SAID)
    sections = {part.partition("\n")[0]: part for part in written.split("\n## ")[1:]}
    for name in EXPORTS:
        for column in exported_columns(db, name):
            assert f"| `{column.name}` | {column.type}" in sections[name], (name, column.name)
    for name in SAID["databases"]["archive"]["tables"]:
        found = sections.get(name, "") + sections.get(f"{name}, stored", "")
        for column in columns_of(db, name):
            assert f"| `{column.name}` |" in found, (name, column.name)
    db.close()


def test_every_row_has_all_cells():
    for line in data_dictionary(SAID).splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)][1:-1]
        if len(cells) == 6 and cells[0].startswith("`"):
            name, kind, null, _, vi, en = cells
            assert kind.partition(",")[0] in {
                *("string", "integer", "number", "boolean", "datetime", "date", "array", "object")
            }, name
            assert null in ("never", "allowed"), name
            assert min(len(vi), len(en)) > 1, name


def test_every_export_has_a_key_of_its_own_columns():
    db = migrations.blank().conn
    series.define_functions(db)
    for name in EXPORTS:
        columns = {column.name for column in exported_columns(db, name)}
        assert primary_key(db, name), name
        assert set(primary_key(db, name)) <= columns, name
        for column in exported_columns(db, name):
            assert column.refers is None or column.refers[0] in EXPORTS, (name, column.name)
            if column.refers:
                table, key = column.refers
                assert key in {one.name for one in exported_columns(db, table)}, (name, column.name)
    db.close()


def test_descriptions_have_two_languages():
    for name, table in about(SAID)["tables"].items():
        for text in (table["description"], *table["columns"].values()):
            assert min(map(len, languages(text))) > 1, (name, text)


def test_the_kinds_of_contradictions_are_those_that_have_a_sentence():
    db = migrations.blank().conn
    series.define_functions(db)
    allowed = {column.name: column.allowed for column in exported_columns(db, "counter_marks")}["kind"]
    assert all(messages.text(f"mark.{kind}", "en", **dict.fromkeys(NUMBERS, 1)) for kind in allowed)
    sentences = (ROOT / "portal_archive" / "messages" / "en.toml").read_text(encoding="utf-8")
    stands = re.search(r"\[mark\]\n(.*?)\n\n", sentences, re.DOTALL)
    assert stands
    assert set(re.findall(r"^(\w+) =", stands[1], re.MULTILINE)) == set(allowed)
    db.close()


NUMBERS = ("before", "after", "today", "month", "year", "total", "low", "high", "hours", "years", "usual")
