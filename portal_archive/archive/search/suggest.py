"""What could be meant by a search that finds little or nothing: other words, fewer words, or a name that is known."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from portal_archive.archive.search.hits import Filters, conditions
from portal_archive.archive.search.known import KnownNames
from portal_archive.archive.search.names import as_written
from portal_archive.archive.search.query import Level, Part, Query, parse_query
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.syllables import folded_syllables
from portal_archive.vietnamese.tones import one_style

_WORDS = re.compile(r"[^\W_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_WORDS = 8
_LONGEST_WORD = 12
_MOST_PARTS = 16
_MOST = 5
# Words of no syllable that are looked up: left out, or two letters changed places.
_OTHERS = 2 * _LONGEST_WORD
_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words to search for instead, how many articles have them (1,000 at most), and what is left out.

    `without` is a part of what was typed, `filter` the name of a filter.
    """

    text: str
    count: int
    without: str = ""
    filter: str = ""


def suggestions(db: sqlite3.Connection, typed: str, query: Query, filters: Filters) -> list[Suggestion]:
    """Return what to search for instead of what was typed, best first."""
    words = typed.split()
    is_plain = (
        0 < len(words) <= _MOST_WORDS
        and all(word.isalnum() for word in words)
        and not {"OR", "AND", "NOT"} & set(words)
    )
    found: dict[str, Suggestion] = {}
    for text in _respelt(db, words) if is_plain else _unquoted(typed):
        if text not in found and (count := _count(db, text, filters)):
            found[text] = Suggestion(text, count)
    other = sorted(found.values(), key=lambda one: (not _is_name(db, one.text), -one.count))[:_MOST]
    less = _less(db, query.level, filters, with_slips=is_plain and not other)
    if is_plain and (run := _longest_run(db, words)) and (count := _count(db, run, filters)):
        less.append(Suggestion(run, count, _others(words, run)))
    # Words that stand together are a name; then, the fewer articles a search has, the less was given up.
    less = sorted(
        {one.text: one for one in less}.values(), key=lambda one: (not _is_name(db, one.text), one.count)
    )[: _MOST - 1]
    best = sorted([*other, *less], key=lambda one: not _is_name(db, one.text))
    best = [replace(one, text=_with_accents(db, one.text)) for one in best]
    best += _without_filters(db, typed, filters)
    if not best and len(query.terms) > 1:
        text = " OR ".join(f'"{" ".join(term.variants[0])}"' for term in query.terms[:_MOST_PARTS])
        best += [Suggestion(text, count) for count in [_count(db, text, filters)] if count]
    return best


def _less(db: sqlite3.Connection, level: Level, filters: Filters, *, with_slips: bool) -> list[Suggestion]:
    """Return what is found with a part less of what was typed; or without all the parts that nothing has."""
    less = []
    parts = sources(level)
    for place, part in enumerate(parts[:_MOST_PARTS]):
        rest = [*parts[:place], *parts[place + 1 :]]
        # Two slips at once: what is left may have to be respelt too.
        shorter = [_text(level, rest), *(islice(_respelt(db, rest), _MOST) if with_slips else ())]
        counted = ((text, _count(db, text, filters)) for text in shorter if text.strip())
        less += [Suggestion(text, count, part) for text, count in counted if count]
    if not less and len(parts) <= _MOST_PARTS:
        unknown = [part for part in parts if not _count(db, part, Filters(suspicious=True))]
        text = _text(level, [part for part in parts if part not in unknown])
        if len(unknown) > 1 and text.strip() and (count := _count(db, text, filters)):
            less.append(Suggestion(text, count, ", ".join(unknown)))
    return less


def sources(level: Level) -> list[str]:
    """Return what was typed for each part of a search that can be left out: words, alternatives, what is excluded."""
    if len(level.alternatives) == 1:
        wanted = [part.source for part in level.alternatives[0]]
    else:
        wanted = [" ".join(part.source for part in parts) for parts in level.alternatives]
    return [*wanted, *(_excluded(part) for part in level.excluded)]


def rest_of(level: Level, place: int) -> str:
    """Return what was typed without its part of this place in `sources`."""
    parts = sources(level)
    return _text(level, [*parts[:place], *parts[place + 1 :]])


def _text(level: Level, parts: Sequence[str]) -> str:
    excluded = {_excluded(part) for part in level.excluded}
    wanted = [part for part in parts if part not in excluded]
    between = " OR " if len(level.alternatives) > 1 else " "
    return " ".join(filter(None, (between.join(wanted), *(part for part in parts if part in excluded))))


def _excluded(part: Part) -> str:
    return part.source if part.source.startswith("-") else f"-{part.source}"


def _unquoted(typed: str) -> Iterator[str]:
    plain = typed.replace('"', " ").replace("“", " ").replace("”", " ")
    if plain != typed:
        yield " ".join(plain.split())


def _without_filters(db: sqlite3.Connection, typed: str, filters: Filters) -> Iterator[Suggestion]:
    for name in ("portal", "province", "province_now", "year", "category", "flag", "exact", "removed"):
        if value := getattr(filters, name):
            wider = replace(filters, **{name: type(value)()})
            if count := _count(db, typed, wider):
                yield Suggestion(typed, count, filter=name)
    if filters.since or filters.until:
        wider = replace(filters, since=None, until=None)
        if count := _count(db, typed, wider):
            yield Suggestion(typed, count, filter="dates")


def _respelt(db: sqlite3.Connection, words: Sequence[str]) -> Iterator[str]:
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
        for slip in _likely(folded):
            if _is_known(db, slip):
                yield " ".join((*before, slip, *after))


def _likely(word: str) -> list[str]:
    """Return the words that one slip makes of this one: syllables of the language, then so many of the others."""
    slips = list(dict.fromkeys(_slips(word)))
    syllables = [slip for slip in slips if slip in folded_syllables()]
    others = [slip for slip in slips if slip not in folded_syllables()]
    return [*syllables, *others[:_OTHERS]]


def _slips(word: str) -> Iterator[str]:
    """Give the words that one slip of the fingers makes of this one."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (left + right[1:] for left, right in halves if right)
    yield from (left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1)
    yield from (left + letter + right[1:] for left, right in halves if right for letter in _LETTERS)
    yield from (left + letter + right for left, right in halves for letter in _LETTERS)


def _with_accents(db: sqlite3.Connection, text: str) -> str:
    """Return words that stand together as the archive writes them, where they were typed otherwise."""
    written = as_written(db, text) if text.replace(" ", "").isalnum() else ""
    return text if not written or one_style(written) == one_style(text) else written


def _longest_run(db: sqlite3.Connection, words: Sequence[str]) -> str:
    """Return the longest run of the words, two at least, that stands together anywhere; "" for none."""
    for length in range(len(words) - 1, 1, -1):
        for at in range(len(words) - length + 1):
            run = " ".join(words[at : at + length])
            if _is_known(db, fold(run)):
                return run
    return ""


def _others(words: Sequence[str], run: str) -> str:
    left = list(words)
    for word in run.split():
        left.remove(word)
    return " ".join(left)


def _is_name(db: sqlite3.Connection, text: str) -> bool:
    return " " in text and _is_known(db, fold(text))


def _is_known(db: sqlite3.Connection, words: str) -> bool:
    if not _WORDS.search(words):
        return False
    asked = db.execute(
        "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1",
        [f'"{" ".join(_WORDS.findall(words))}"'],
    )
    return asked.fetchone() is not None


def _count(db: sqlite3.Connection, text: str, filters: Filters) -> int:
    index, where, values = conditions(db, parse_query(text, KnownNames(db)), filters)
    counted = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {index} f WHERE {where} LIMIT {_COUNTED})", values
    )
    return int(counted.fetchone()[0])
