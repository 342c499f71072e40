"""What an export says of itself: `datapackage.json` (Frictionless Data Package v1) and `CITATION.cff` (1.2.0)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from portal_archive.archive.export.columns import Column, may_be_blank, primary_key
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.export.written import Choice, File, Table
from portal_archive.archive.moments import to_text

PROGRAM = "portal-archive"
# Texts are their authors' and publishers': no licence that a register knows.
_LICENCE = "LicenseRef-portal-texts"
_NULLS = (
    "An empty cell of a CSV file is a missing value: not known, or not there. 0 was printed. Text that may be empty"
    " and is not missing (required: false, null: never) cannot be told from a missing value in CSV; in Parquet it can."
)
_TIMES = (
    "datetime is UTC. published_at and modified_at are as printed, in Vietnamese time (+07:00), and stay text:"
    " with published_precision `day` the time 00:00 means the day as a whole, with `inferred` the year is inferred."
)
_CUT = (
    "Of a cell that Excel could not hold (32,767 characters) CSV has the beginning, and says so at its end;"
    " Parquet has all."
)
_PARTS = "parts of a table have a header each; together they are the table"


def descriptor(
    db: sqlite3.Connection, tables: list[Table], about: Mapping[str, Any], choice: Choice, now: datetime
) -> dict[str, Any]:
    """Return the descriptor of a package of `tables`; `about` is as for `package.write`."""
    as_of = _as_of(db)
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": PROGRAM,
        "title": about["title"],
        "description": about["description"],
        "version": as_of or to_text(now),
        "created": to_text(now),
        "as_of": as_of,
        "program": {
            "name": PROGRAM,
            "version": version(PROGRAM),
            "schema": db.execute("PRAGMA user_version").fetchone()[0],
        },
        "chosen": chosen(choice),
        "licenses": [{"name": _LICENCE, "title": about["license"]}],
        "sources": [{"title": about["source"]}],
        "rules": {"missing": _NULLS, "times": _TIMES, "cut": _CUT, "parts": _PARTS},
        "resources": [],
    }
    if choice.address:
        package["homepage"] = choice.address
    for table in tables:
        said = about["tables"].get(table.name, {})
        package["resources"].append(_csv(db, table, said, choice))
        if table.parquet:
            package["resources"].append(_parquet(table, said))
    return package


def chosen(choice: Choice) -> dict[str, Any]:
    """Return what was chosen, as the descriptor says it."""
    since = to_text(choice.changed_since) if choice.changed_since else None
    return {"portal": choice.portal, "changed_since": since, "monthly": choice.monthly}


def _as_of(db: sqlite3.Connection) -> str | None:
    """Return the newest moment at which the archive saw something."""
    (found,) = db.execute(
        "SELECT max(coalesce((SELECT max(fetched_at) FROM captures), ''),"
        " coalesce((SELECT max(last_active_at) FROM crawls), ''))"
    ).fetchone()
    return found or None


def _resource(name: str, said: Mapping[str, Any], files: list[File]) -> dict[str, Any]:
    paths = [file.path for file in files]
    resource: dict[str, Any] = {
        "name": name,
        "title": said.get("title", name),
        "description": said.get("description", ""),
        "path": paths[0] if len(paths) == 1 else paths,
        "rows": sum(file.rows for file in files),
        "parts": [
            {"path": file.path, "rows": file.rows, "bytes": file.size, "hash": f"sha256:{file.hash}"}
            for file in files
        ],
    }
    if len(files) == 1:
        resource |= {"bytes": files[0].size, "hash": f"sha256:{files[0].hash}"}
    return resource


def _csv(db: sqlite3.Connection, table: Table, said: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    resource = _resource(table.name, said, table.csv)
    schema: dict[str, Any] = {
        "fields": [_field(column, said.get("columns", {})) for column in table.columns],
        "primaryKey": list(primary_key(db, table.name)),
        "missingValues": [""],
    }
    keys = [
        {
            "fields": [column.name],
            "reference": {
                "resource": "" if column.refers[0] == table.name else column.refers[0],
                "fields": [column.refers[1]],
            },
        }
        for column in table.columns
        if column.refers and column.refers[0] in EXPORTS
    ]
    # Of a part, rows may be of others that were not chosen.
    if keys and choice.is_whole:
        schema["foreignKeys"] = keys
    return resource | {
        "type": "table",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "cut_cells": sum(file.cut for file in table.csv),
        "schema": schema,
    }


def _parquet(table: Table, said: Mapping[str, Any]) -> dict[str, Any]:
    resource = _resource(f"{table.name}-parquet", said, table.parquet)
    # For programs that check bytes alone: their readers of Parquet are other packages.
    resource["parquet_rows"] = resource.pop("rows")
    return resource | {"type": "file", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}


def _field(column: Column, said: Mapping[str, str]) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    blank = column.type == "string" and may_be_blank(column.name)
    if column.required and not blank:
        constraints["required"] = True
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    if column.pattern:
        constraints["pattern"] = column.pattern
    found: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": said.get(column.name, ""),
        "null": "never" if column.required else "allowed",
    }
    if column.type == "boolean":
        found |= {"trueValues": ["1"], "falseValues": ["0"]}
    if column.unit:
        found["unit"] = column.unit
    if constraints:
        found["constraints"] = constraints
    return found


def citation(package: Mapping[str, Any]) -> str:
    """Return `CITATION.cff` for a package; its values are JSON, which is YAML."""
    rows = sum(resource["rows"] for resource in package["resources"] if "rows" in resource)
    lines: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Cite this state of the data, and for a text the portal's own address and the time of its capture.",
        "type": "dataset",
        "title": package["title"],
        "abstract": f"{package['description']} {rows} rows; SHA-256 of every file in datapackage.json."
        f" Written by {PROGRAM} {package['program']['version']}. {package['licenses'][0]['title']}",
        "authors": [{"name": package["title"]}],
        "version": package["version"],
        "date-released": package["created"][:10],
    }
    if "homepage" in package:
        lines["url"] = package["homepage"]
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items())
