"""What could be meant by a search that finds nothing: words that the index has, and one word less."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from portal_archive.archive.search.hits import Filters, conditions
from portal_archive.archive.search.query import parse_query
from portal_archive.vietnamese.folding import fold

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_WORDS = 8
_MOST = 5
_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words to search for instead, how many articles have them (1,000 at most), and the word that is left out."""

    text: str
    count: int
    without: str = ""


def suggestions(db: sqlite3.Connection, typed: str, filters: Filters) -> list[Suggestion]:
    """Return what to search for instead of what was typed, best first; nothing for more than a few plain words."""
    words = typed.split()
    if not 0 < len(words) <= _MOST_WORDS or not all(word.isalnum() for word in words):
        return []
    found: dict[str, Suggestion] = {}
    for text in _respelt(db, words):
        if text not in found and (count := _count(db, text, filters)):
            found[text] = Suggestion(text, count)
    best = sorted(found.values(), key=lambda one: -one.count)[:_MOST]
    if len(words) > 1:
        less = []
        for place, word in enumerate(words):
            rest = words[:place] + words[place + 1 :]
            # Two slips at once: what is left may have to be respelt too.
            shorter = [" ".join(rest), *([] if best else islice(_respelt(db, rest), _MOST))]
            counted = ((text, _count(db, text, filters)) for text in shorter)
            less += [Suggestion(text, count, word) for text, count in counted if count]
        # The fewer articles a search has, the less was given up.
        best += sorted(less, key=lambda one: one.count)[: _MOST - 1]
    return best


def _respelt(db: sqlite3.Connection, words: list[str]) -> Iterator[str]:
    for place, word in enumerate(words):
        before, after = words[:place], words[place + 1 :]
        folded = fold(word)
        if _is_known(db, folded):
            continue
        for at in range(1, len(folded)):
            if _is_known(db, f"{folded[:at]} {folded[at:]}"):
                yield " ".join((*before, word[:at], word[at:], *after))
        if place + 1 < len(words) and _is_known(db, folded + fold(after[0])):
            yield " ".join((*before, word + after[0], *after[1:]))
        for slip in _slips(folded):
            if _is_known(db, slip):
                yield " ".join((*before, slip, *after))


def _slips(word: str) -> Iterator[str]:
    """Give the words that one slip of the fingers makes of this one."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (left + right[1:] for left, right in halves if right)
    yield from (left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1)
    yield from (left + letter + right[1:] for left, right in halves if right for letter in _LETTERS)
    yield from (left + letter + right for left, right in halves for letter in _LETTERS)


def _is_known(db: sqlite3.Connection, words: str) -> bool:
    if not words.strip():
        return False
    asked = db.execute("SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1", [f'"{words}"'])
    return asked.fetchone() is not None


def _count(db: sqlite3.Connection, text: str, filters: Filters) -> int:
    index, where, values = conditions(db, parse_query(text), filters)
    counted = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {index} f WHERE {where} LIMIT {_COUNTED})", values
    )
    return int(counted.fetchone()[0])
