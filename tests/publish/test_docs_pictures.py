"""What the documents show and name is there: pictures made by the script, and files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.name))
def test_every_picture_is_there(document: Path) -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
        content = (document.parent / picture).read_bytes()
        assert content.startswith(b"\x89PNG"), picture


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.name))
def test_every_file_that_is_named_is_there(document: Path) -> None:
    named = re.findall(
        r"`((?:archive|bench|crawler|demo|deploy|publish|spiders|tests|vietnamese)/[\w/.-]+\.\w+)`",
        document.read_text(encoding="utf-8"),
    )
    assert [path for path in named if not (ROOT / path).exists()] == []
