"""The house as docs/design.md draws it: three storeys, and no import that runs upwards or in a circle."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What each room may import, besides itself.
ROOMS = {
    "spiders": {"crawler", "model"},
    "crawler": {"publish", "archive", "integrity", "reading", "vietnamese", "model"},
    "publish": {"archive", "model", "vietnamese"},
    "archive": {"model", "vietnamese"},
    "integrity": {"reading", "model", "vietnamese"},
    "reading": {"model", "vietnamese"},
    "vietnamese": set(),
    "model": set(),
}


def modules() -> dict[str, Path]:
    found = {}
    for storey in ("portal_archive", "crawler", "spiders"):
        for path in (ROOT / storey).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports() -> dict[str, set[str]]:
    known = modules()
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        named = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                named |= {one if one in known else node.module for one in whole}
        found[name] = (named & set(known)) - {name}
    return found


IMPORTS = imports()


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "portal_archive" and len(parts) > 1 else parts[0]


def test_every_room_is_drawn() -> None:
    assert {room(module) for module in IMPORTS} == {*ROOMS, "portal_archive"}


def test_the_rooms_of_reading_are_drawn() -> None:
    folders = {path.parent.name for path in (ROOT / "portal_archive" / "reading").glob("*/__init__.py")}
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    row = next(line for line in design.splitlines() if line.startswith("| `portal_archive/reading/`"))
    assert folders == set(re.findall(r"`(\w+)/`", row))


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_what_it_stands_on(name: str) -> None:
    upwards = [
        f"{module} imports {other}"
        for module, others in sorted(IMPORTS.items())
        for other in sorted(others)
        if room(module) == name and room(other) not in ROOMS[name] | {name}
    ]
    assert upwards == []


def test_no_import_leads_back() -> None:
    try:
        list(TopologicalSorter(IMPORTS).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
