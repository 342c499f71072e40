"""The catalogue of sentences: nothing missing, nothing left over, the same gaps to fill in both languages."""

import re
from pathlib import Path
from string import Formatter

from portal_archive.archive.search.filter_terms import FLAGS
from portal_archive.archive.search.hits import FACETS
from portal_archive.publish import strings

KEYS = frozenset(strings._STRINGS)
PUBLISH = Path(strings.__file__).parent
# Keys that are put together from data: their beginnings.
COMPOSED = (
    "change.",
    "facet.",
    "field.",
    "findings.",
    "flag.",
    "health.",
    "mark.",
    "portal.known.",
    "precision.",
    "reason.",
    "sign.",
    "state.",
    "tampered.",
)


def used() -> set[str]:
    sources = [*PUBLISH.rglob("*.py"), *PUBLISH.rglob("*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "strings.py")
    return set(re.findall(r'["\'`(](\w+(?:\.\w+)*)["\'`]', text))


def test_every_key_that_is_used_exists() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for suffix in ("py", "html") for path in PUBLISH.rglob(f"*.{suffix}")
    )
    assert set(re.findall(r'(?:room\.)?\bt\(\s*"([\w.]+)"', sources)) <= KEYS
    assert {f"flag.{flag}" for flag in FLAGS} | {f"facet.{facet}" for facet in FACETS} <= KEYS


def test_no_key_is_left_over() -> None:
    composed = {key for key in KEYS if key.startswith(COMPOSED)}
    composed |= {f"results.{name}" for name in ("newest", "relevance", "csv", "json", "jsonl", "atom")}
    composed |= {"article.cite_vi", "article.cite_en"}
    composed |= {f"error.{kind}_text" for kind in ("missing", "slow", "closed", "failed")}
    assert KEYS - composed - used() == set()


def test_both_languages_fill_in_the_same_values() -> None:
    for key in KEYS:
        names = [
            {name for _, name, _, _ in Formatter().parse(strings._STRINGS[key][index]) if name}
            for index in range(2)
        ]
        assert names[0] == names[1], key
        assert all(sentence.strip() for sentence in strings._STRINGS[key]), key
