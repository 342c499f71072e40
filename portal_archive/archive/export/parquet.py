"""Parquet, written by DuckDB (the extra "parquet") from lines of JSON, within a bound of memory."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from portal_archive.archive.export.columns import Column
from portal_archive.model.errors import ArchiveError

_MEMORY = "400MB"
# The longest row; a row that is longer is an error, never left out.
_LONGEST_ROW = 64 * 1024 * 1024
# Of long texts, since a group of rows is held in memory.
_ROWS_A_GROUP = 8192
# How a value is written in JSON, and what it is in Parquet. Lists and objects are JSON text.
_READ = {"integer": "BIGINT", "boolean": "BIGINT", "number": "DOUBLE"}
_KEPT = {
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "number": "DOUBLE",
    "datetime": "TIMESTAMPTZ",
    "date": "DATE",
}


def is_available() -> bool:
    """Return whether DuckDB is installed."""
    return find_spec("duckdb") is not None


def write(lines: Path, columns: Sequence[Column], out: Path, scratch: Path) -> None:
    """Write the file `lines`, an object of `columns` a line, as Parquet to `out`.

    `scratch` is a folder for what memory does not hold. Moments become timestamps in UTC, days dates, 0 and 1 booleans;
    a printed date stays text, so that no time zone moves it to another day. Raises ArchiveError naming the file when a
    value is not of its type.
    """
    import duckdb  # not at the top: an extra

    read = ", ".join(f"{_text(one.name)}: '{_READ.get(one.type, 'VARCHAR')}'" for one in columns)
    kept = ", ".join(
        f"CAST({_name(one.name)} AS {_KEPT.get(one.type, 'VARCHAR')}) AS {_name(one.name)}" for one in columns
    )
    source = (
        f"read_json({_text(str(lines))}, format = 'newline_delimited', maximum_object_size = {_LONGEST_ROW},"
        f" columns = {{{read}}})"
    )
    try:
        with duckdb.connect() as db:
            db.execute(f"SET threads = 1; SET memory_limit = '{_MEMORY}'; SET TimeZone = 'UTC'")
            db.execute(f"SET temp_directory = {_text(str(scratch))}")
            db.execute(
                f"COPY (SELECT {kept} FROM {source}) TO {_text(str(out))}"
                f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_A_GROUP})"
            )
    except duckdb.Error as error:
        raise ArchiveError(f"{out.name}: {error}") from error


def _name(name: str) -> str:
    return f'"{name}"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
