"""Marks: words in the search index that no one types, by which a search is narrowed to a portal, category or flag.

Joining each of a million hits to its article takes a second; a list of articles by mark is intersected in
milliseconds. The index is made by these definitions: a change to them needs a step of `migrations` that makes it anew.
"""

from __future__ import annotations

import json

# What a search may ask of an article beside its words, as SQL on `articles`.
FLAGS = {
    "gone": "gone_at IS NOT NULL AND came_back_at IS NULL",
    "missing": "missing_since IS NOT NULL AND (gone_at IS NULL OR came_back_at IS NOT NULL)",
    "back": "came_back_at IS NOT NULL",
    "changed": "version > 1",
    "inferred": "published_precision IS 'inferred'",
    "flagged": "flagged",
}
# The columns that these look at.
COLUMNS = ("published_precision", "version", "missing_since", "gone_at", "came_back_at", "flagged")
DATED = "published_precision IS NOT NULL"
# No Vietnamese word has a z, and no other begins like this.
_PREFIX = "zq"
EVERY = f"{_PREFIX}article"
_DATED = "dated"


def sql() -> str:
    """Return the SQL expression, on `articles`, of an article's marks: words with blanks between."""
    category = f"iif(category IS NULL, '', ' {_PREFIX}category' || hex(category))"
    return f"'{EVERY} {_PREFIX}portal' || hex(portal) || {category} || {_flags_sql(_PREFIX)}"


def facets_sql() -> str:
    """Return the SQL expression, on `articles`, of what facets count: a JSON array for `read_facets`."""
    return f"json_array(portal, category, {_flags_sql('')})"


def _flags_sql(prefix: str) -> str:
    flags = {**FLAGS, _DATED: DATED}
    return " || ".join(f"iif({condition}, ' {prefix}{name}', '')" for name, condition in flags.items())


def read_facets(facets: str) -> tuple[str, str | None, list[str], bool]:
    """Return an article's portal, category, flags, and whether its page says when it was published."""
    portal, category, flags = json.loads(facets)
    names = flags.split()
    return portal, category, [name for name in names if name != _DATED], _DATED in names


def of_portal(name: str) -> str:
    """Return the mark of the articles of a portal."""
    return f"{_PREFIX}portal{name.encode(errors='surrogatepass').hex()}"


def of_category(name: str) -> str:
    """Return the mark of the articles of a category."""
    return f"{_PREFIX}category{name.encode(errors='surrogatepass').hex()}"


def of_flag(name: str) -> str:
    """Return the mark of the articles with a flag, a key of `FLAGS`."""
    return f"{_PREFIX}{name}"


def of_dated() -> str:
    """Return the mark of the articles whose page says when they were published."""
    return of_flag(_DATED)
