"""Parquet, written by DuckDB (the extra "parquet") from lines of JSON, within a bound of memory."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from portal_archive.archive.export.columns import Column
from portal_archive.model.errors import ArchiveError

# More is an error. What is used goes by the longest row, twice and a few times over, and by a group of rows.
_MEMORY = "1GB"
_BYTES_A_GROUP = 32 * 1024 * 1024
_ROWS_A_GROUP = (2048, 122_880)
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


def write(lines: Path, longest: int, rows: int, columns: Sequence[Column], out: Path, scratch: Path) -> None:
    """Write the file `lines`, an object of `columns` a line, as Parquet to `out`.

    `longest` is the length of the longest of the `rows` lines, in bytes; `scratch` is a folder for what memory does not
    hold. Moments become timestamps in UTC, days dates, 0 and 1 booleans; a printed date stays text: no time zone then
    moves it to another day. Raises ArchiveError naming the file when a value is not of its type.
    """
    import duckdb  # not at the top: an extra

    read = ", ".join(f"{_text(one.name)}: '{_READ.get(one.type, 'VARCHAR')}'" for one in columns)
    kept = ", ".join(
        f"CAST({_name(one.name)} AS {_KEPT.get(one.type, 'VARCHAR')}) AS {_name(one.name)}" for one in columns
    )
    least, most = _ROWS_A_GROUP
    group = min(most, max(least, _BYTES_A_GROUP * rows // max(1, lines.stat().st_size)))
    source = (
        f"read_json({_text(str(lines))}, format = 'newline_delimited', maximum_object_size = {longest + 1024},"
        f" columns = {{{read}}})"
    )
    try:
        with duckdb.connect() as db:
            db.execute(f"SET threads = 1; SET memory_limit = '{_MEMORY}'; SET TimeZone = 'UTC'")
            db.execute(f"SET temp_directory = {_text(str(scratch))}")
            db.execute(
                f"COPY (SELECT {kept} FROM {source}) TO {_text(str(out))}"
                f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group})"
            )
    except duckdb.Error as error:
        raise ArchiveError(f"{out.name}: {error}") from error


def _name(name: str) -> str:
    return f'"{name}"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
