"""Portals that are known by a row of a table: a spider for each, without a file of its own; and writing a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from crawler.spider import Expect, PortalSpider
from portal_archive.archive.provinces import provinces
from portal_archive.archive.replace_file import replacing
from portal_archive.model.bodies import Body
from portal_archive.model.site import site_of
from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.listing.json_lists import json_list

_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")
_KNOWN = ("address only", "described", "read from real pages")


def read_table(path: Path, module: str) -> tuple[dict[str, type[PortalSpider]], dict[str, str]]:
    """Return a spider class for each row of a CSV file, by name, and what is wrong with each row that gives none.

    `module` is the module that the classes belong to. Columns: name, title, home, province (an id of the registry of
    provinces), body (see `portal_archive.model.bodies`), family; lists, feeds and storage_hosts, separated by blanks;
    known, evidence; closed (a day) and moved_to (a host), tls_seclevel_1 (1 where the old keys of a server must be
    accepted); rendered (1 where pages are empty without a browser), if there is such a column; empty where nothing is
    known. The keys of what is wrong are "portals.csv:12".
    """
    found: dict[str, type[PortalSpider]] = {}
    broken: dict[str, str] = {}
    known_provinces = {province.id for province in provinces()}
    with path.open(encoding="utf-8", newline="") as table:
        for number, row in enumerate(csv.DictReader(table), 2):
            try:
                spider = _spider(row, module, known_provinces)
                if spider.name in found:
                    raise ValueError(f"the name {spider.name!r} stands in an earlier row")
            except (ValueError, TypeError, AttributeError) as error:
                broken[f"{path.name}:{number}"] = f"{path.name}, line {number}: {error}"
            else:
                found[spider.name] = spider
    return found, broken


def row_of(columns: Sequence[str], values: Mapping[str, Any], before: Mapping[str, str] | None = None) -> str:
    """Return a line of the table with these values, as they are declared, in place of what stood there `before`."""
    cells = dict(before or {})
    for name, value in values.items():
        said = " ".join(value) if isinstance(value, tuple) else "1" if value is True else str(value or "")
        cells[name] = " ".join(said.split())
    written = StringIO()
    csv.DictWriter(written, columns, restval="", extrasaction="ignore", lineterminator="\n").writerow(cells)
    return written.getvalue()


def write_row(path: Path, values: Mapping[str, Any]) -> None:
    """Enter a portal into the table: in place of its row, else behind the last of its province.

    All other lines stay as they are, byte for byte. `evidence` is added to what stands there. Raises ValueError where
    the row would be none that `read_table` takes.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    columns = next(csv.reader(lines[:1]))
    rows = [dict(zip(columns, next(csv.reader([line])), strict=False)) for line in lines]
    known = next((number for number, row in enumerate(rows) if row.get("name") == values["name"]), None)
    before = rows[known] if known is not None else {}
    parts = [
        part for part in before.get("evidence", "").split("; ") if part and not part.startswith("probed ")
    ]
    line = row_of(columns, {**values, "evidence": "; ".join([*parts, values["evidence"]])}, before)
    _spider(next(csv.DictReader([line], columns)), __name__, {province.id for province in provinces()})
    if known is not None:
        lines[known] = line
    else:
        alike = [number for number, row in enumerate(rows) if row.get("province") == values["province"]]
        lines.insert(alike[-1] + 1 if alike else len(lines), line)
    _replace(path, "".join(lines))


def remove_row(path: Path, name: str) -> None:
    """Take a portal out of the table."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    _replace(path, "".join(line for line in lines if next(csv.reader([line]))[0] != name))


def _replace(path: Path, text: str) -> None:
    with replacing(path) as stream:
        stream.write(text.encode())


def _spider(row: Mapping[str, str], module: str, known_provinces: set[str]) -> type[PortalSpider]:
    if None in row or None in row.values():
        raise ValueError("it has not as many cells as the heading")
    name = row["name"]
    _demand(_NAME.fullmatch(name), f"{name!r} is no name: lower-case letters, digits and underscores")
    _demand(site_of(row["home"]) and row["home"].endswith("/"), f"{row['home']!r} is no home page")
    _demand(row["province"] in known_provinces, f"no province has the id {row['province']!r}")
    _demand(row["family"] in FAMILIES, f"no family is called {row['family']!r}")
    _demand(row["known"] in _KNOWN, f"known is one of {', '.join(_KNOWN)}, not {row['known']!r}")
    _demand(row["title"] and row["evidence"], "title and evidence must be given")
    lists = tuple(row["lists"].split())
    for path in lists:
        json_list(path)  # says what is wrong with one
    moved = f" Moved to {row['moved_to']}." if row["moved_to"] else ""
    closed = date.fromisoformat(row["closed"]).isoformat() if row["closed"] else None
    return type(
        "".join(part.capitalize() for part in name.split("_")),
        (PortalSpider,),
        {
            "__module__": module,
            "__doc__": row["title"],
            "name": name,
            "title": row["title"],
            "home": row["home"],
            "province": row["province"],
            "body": str(Body(row["body"])),
            "family": row["family"],
            "known": row["known"],
            "note": f"Evidence: {row['evidence']}.{moved}",
            "lists": lists,
            "feeds": tuple(row["feeds"].split()),
            "storage_hosts": tuple(row["storage_hosts"].split()),
            "tls_seclevel_1": row["tls_seclevel_1"] == "1",
            "rendered": row.get("rendered") == "1",
            "expect": Expect(closed=closed),
            "of_table": True,
        },
    )


def _demand(held: object, otherwise: str) -> None:
    if not held:
        raise ValueError(otherwise)
