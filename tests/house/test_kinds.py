"""Every kind stands in `portal_archive.model.kinds`, with a line that says what it means."""

import ast
from pathlib import Path

import pytest

from portal_archive.model import kinds
from portal_archive.model.kinds import EVERY, Kind, Outcome

ROOT = Path(__file__).parents[2]


def test_a_kind_is_stored_as_its_value() -> None:
    assert f"{Outcome.SOFT_404}" == Outcome.SOFT_404 == Outcome("soft-404") == "soft-404"


@pytest.mark.parametrize("every", EVERY)
def test_every_kind_says_what_it_means(every: type[Kind]) -> None:
    assert all(kind.meaning and not kind.meaning.endswith(".") for kind in every)
    assert len({kind.meaning for kind in every}) == len(every)


def test_no_enum_is_left_out() -> None:
    found = {one for one in vars(kinds).values() if isinstance(one, type) and issubclass(one, Kind)}
    assert found == {Kind, *EVERY}


def test_no_problem_has_a_kind_of_its_own() -> None:
    literals = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for storey in ("portal_archive", "crawler", "spiders")
        for path in (ROOT / storey).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert literals == []
