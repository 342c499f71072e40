"""Test files have names of their own: pytest imports them by name alone, and of two with one name it reads none."""

from collections import Counter
from pathlib import Path


def test_names_of_test_files_are_their_own() -> None:
    names = Counter(path.name for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []
