"""Writing what a probe proposes: a row of `spiders/portals.csv`, a portal's file, its test pages."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from crawler.portal_table import remove_row, row_of, write_row
from crawler.probe.pages import ProbedPage
from crawler.probe.proposal import Proposal
from portal_archive.integrity.check import read_and_check
from portal_archive.model.errors import BadInputError
from portal_archive.model.kinds import Outcome
from portal_archive.reading.portal_rules import PortalRules

TABLE = "portals.csv"
# What is saved of a page: what a person can hold against it in a browser.
_SAVED = (
    *("url", "kind", "title", "summary", "body", "captions", "author", "source", "published_at"),
    *("published_precision", "category", "tags", "views", "images", "attachments", "items"),
)
# In this order in a portal's file.
_ATTRIBUTES = (
    *("title", "home", "province", "body", "family", "known", "note", "lists", "feeds", "storage_hosts"),
    *("tls_seclevel_1", "labels", "rendered", "counter_by_script"),
)
_WIDTH = 110
_TABLE_COLUMNS = (
    *("name", "title", "home", "province", "body", "family", "lists", "feeds", "storage_hosts", "known"),
    *("evidence", "closed", "moved_to", "tls_seclevel_1"),
)


def as_text(proposed: Proposal, evidence: str) -> str:
    """Return a proposal as it would be written: a row, the text of a file, or the attributes that differ."""
    if not proposed.is_new and not _is_whole(proposed):
        return "\n".join(f"{name} = {_literal(value)}" for name, value in proposed.values.items())
    if proposed.needs_file:
        return file_text(proposed, evidence)
    return row_of(_TABLE_COLUMNS, {"name": proposed.name, **proposed.values, "evidence": evidence}).rstrip(
        "\n"
    )


def save(proposed: Proposal, evidence: str, spiders: Path) -> list[Path]:
    """Write a proposal into the folder of spiders; return the files written.

    Raises BadInputError where that is not possible, and says why.
    """
    if not proposed:
        return []
    if not spiders.is_dir():
        raise BadInputError(f"{spiders}: no such folder; run this where the portals are declared")
    table, path = spiders / TABLE, spiders / f"{proposed.name}.py"
    if path.exists() and proposed.is_new:
        raise BadInputError(f"{path}: it is there already; give another name with --name")
    try:
        if path.exists():
            _change_file(path, proposed.values)
            return [path]
        if proposed.needs_file or not table.exists():
            path.write_text(file_text(proposed, evidence), encoding="utf-8")
            if not proposed.is_new:
                remove_row(table, proposed.name)
            return [path]
        write_row(table, {"name": proposed.name, **proposed.values, "evidence": evidence})
    except ValueError as error:
        raise BadInputError(f"{table}: {proposed.name}: {error}") from error
    return [table]


def save_pages(pages: Iterable[ProbedPage], folder: Path, rules: PortalRules) -> list[Path]:
    """Save pages as fixtures, each with what is read of it beside; return the files written.

    A file that is there is kept: the next free number is taken. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in pages:
        if one.visit.kind not in (Outcome.LIST, Outcome.ARTICLE):
            continue
        stems = (f"{one.visit.kind}{f'_{number}' if number > 1 else ''}" for number in count(1))
        stem = next(stem for stem in stems if not any(folder.glob(f"{stem}.*")))
        # As the test of the portal will read it: without headers.
        read = read_and_check(one.body, one.visit.final_url, family=rules).as_dict()
        shown = {name: read[name] for name in _SAVED if read[name] not in (None, [], "")}
        page, expected = folder / f"{stem}.html", folder / f"{stem}.json"
        page.write_bytes(one.body)
        expected.write_text(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written += [page, expected]
    return written


def file_text(proposed: Proposal, evidence: str) -> str:
    """Return the text of a portal's file."""
    values = {"note": f"Evidence: {evidence}.", **proposed.values}
    class_name = "".join(part.capitalize() for part in proposed.name.split("_"))
    lines = [
        f'"""{str(values["title"]).replace(chr(34), chr(39))}."""',
        "",
        "from crawler.spider import PortalSpider",
        "",
        "",
        f"class {class_name}(PortalSpider):",
        f"    name = {_literal(proposed.name)}",
        *(f"    {name} = {_literal(values[name])}" for name in _ATTRIBUTES if values.get(name)),
    ]
    return "\n".join(lines) + "\n"


def _change_file(path: Path, values: Mapping[str, Any]) -> None:
    """Set attributes in a portal's file: in place of the lines that state them, else behind those of `home`."""
    text = path.read_text(encoding="utf-8")
    body = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)).body
    places = {
        target.id: (statement.lineno, statement.end_lineno or statement.lineno)
        for statement in body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    lines = text.splitlines()
    changes = [(places.get(name), name, value) for name, value in values.items() if name in _ATTRIBUTES]
    # From the end on, so that the numbers of the lines before stay right.
    for place, name, value in sorted(changes, key=lambda change: change[0] or places["home"], reverse=True):
        first, last = place or (places["home"][1] + 1, places["home"][1])
        lines[first - 1 : last] = [f"    {name} = {_literal(value)}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _literal(value: Any) -> str:
    """Return a value as this project writes it in Python."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        parts = [_literal(one) for one in value]
        short = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        broken = "(\n" + "".join(f"        {part},\n" for part in parts) + "    )"
        return short if len(short) < _WIDTH - 30 else broken
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(one)}" for key, one in value.items()) + "}"
    return repr(value)


def _is_whole(proposed: Proposal) -> bool:
    return "home" in proposed.values and "title" in proposed.values
