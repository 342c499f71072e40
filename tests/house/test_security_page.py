"""docs/security.md names tests that exist: a guard without one is a promise."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if re.search(r"\| `tests/", line)]


def test_there_are_rows() -> None:
    assert len(ROWS) >= 17


@pytest.mark.parametrize("row", ROWS)
def test_every_guard_has_its_test(row: str) -> None:
    shown = row.rsplit("|", 2)[1]
    files = [ROOT / name for name in re.findall(r"`(tests/[\w/]+\.py)`", shown)]
    assert files
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    for name in re.findall(r"`(test_\w+)`", shown):
        assert f"def {name}(" in text
