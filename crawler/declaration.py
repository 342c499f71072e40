"""What a portal's file may declare, checked when the file is read: a mistake is named with its file and line."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from portal_archive.model.errors import BadInputError
from portal_archive.reading import labels
from portal_archive.reading.cms import FAMILIES, Layout
from portal_archive.reading.endpoints import Endpoint
from portal_archive.reading.listing.json_lists import json_list


def _text(value: object) -> str | None:
    return None if value is None or isinstance(value, str) else f"one string, not {_kind(value)}"


def _pattern(value: object) -> str | None:
    if wrong := _text(value):
        return f"one regular expression: {wrong}; alternatives are parted by |"
    try:
        re.compile(str(value or ""))
    except re.error as error:
        return f"no regular expression: {error}"
    return None


def _texts(value: object) -> str | None:
    if isinstance(value, str):
        return f"a tuple of strings: ({value!r},)"
    if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
        return f"a tuple of strings, not {_kind(value)}"
    return None


def _lists(value: object) -> str | None:
    if wrong := _texts(value):
        return wrong
    assert isinstance(value, tuple)
    try:
        for path in value:
            json_list(path)
    except ValueError as error:
        return f"no list: {error}"
    return None


def _family(value: object) -> str | None:
    return None if value in FAMILIES else f"one of {', '.join(FAMILIES)}, not {value!r}"


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else f"True or False, not {_kind(value)}"


def _endpoints(value: object) -> str | None:
    if not isinstance(value, tuple) or not all(isinstance(one, Endpoint) for one in value):
        return f"a tuple of Endpoint, not {_kind(value)}"
    for one in value:
        if wrong := _pattern(one.page):
            return f"with `page` {wrong}"
        groups = re.compile(one.page)
        for group in re.findall(r"\\(?:g<(\w+)>|(\d))", one.data):
            name = group[0] or group[1]
            if name not in groups.groupindex and not (name.isdecimal() and int(name) <= groups.groups):
                return f"with `data` {one.data!r}: `page` has no group {name}"
    return None


def _layouts(value: object) -> str | None:
    if isinstance(value, tuple) and all(isinstance(one, Layout) for one in value):
        return None
    return f"a tuple of Layout, not {_kind(value)}"


def _labels(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return f"labels by group, not {_kind(value)}"
    for group, added in value.items():
        if group not in labels.groups():
            return f"labels by the groups of labels.toml; it has no {group!r}"
        if wrong := _texts(added):
            return f"for {group!r} {wrong}"
    return None


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


_CHECKS: Mapping[str, Callable[[object], str | None]] = {
    **dict.fromkeys(
        ("name", "title", "home", "province", "body", "known", "note", "counter_endpoint"), _text
    ),
    **dict.fromkeys(("allow", "deny"), _pattern),
    **dict.fromkeys(("feeds", "storage_hosts"), _texts),
    "lists": _lists,
    "endpoints": _endpoints,
    "rendered": _flag,
    "family": _family,
    "layouts": _layouts,
    "labels": _labels,
}


def check_declaration(cls: type[Any]) -> None:
    """Check what the class of a portal itself declares.

    Raises BadInputError for the first attribute that is not what it should be: "spiders/havan.py, line 12: deny is one
    regular expression ...".
    """
    for name, check in _CHECKS.items():
        if name in vars(cls) and (wrong := check(vars(cls)[name])):
            raise BadInputError(f"{_place(cls, name)}: {name} is {wrong}")


def _place(cls: type[Any], attribute: str) -> str:
    """Return the file and line where a class declares an attribute; its name where it has no file."""
    path = Path(getattr(sys.modules.get(cls.__module__), "__file__", None) or "")
    if path.suffix != ".py":
        return cls.__name__
    shown = "/".join(path.parts[-2:])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            for statement in node.body:
                targets = getattr(statement, "targets", [getattr(statement, "target", None)])
                if any(isinstance(target, ast.Name) and target.id == attribute for target in targets):
                    return f"{shown}, line {statement.lineno}"
    return f"{shown}: {cls.__name__}"
