"""How well an article answers a search, and the part of it that shows so."""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

from archive.search.query import FIELDS, Query, Term, exact_form, has_tone_styles
from vietnamese.folding import fold_keep_length

__all__ = ["WEIGHTS", "Query", "is_exact", "snippet"]

# What a word is worth in title, summary, body, captions, author and attachment_text; marks are no words.
WEIGHTS = "10, 4, 1, 1, 2, 0.5, 0"
_COLUMNS = tuple(dict.fromkeys(FIELDS.values()))


def is_exact(row: sqlite3.Row, query: Query) -> bool:
    """Tell whether an article has the words of `query` with the very letters typed, in either tone style."""
    return any(all(_has(row, term) for term in terms) for terms in query.groups)


def _has(row: sqlite3.Row, term: Term) -> bool:
    pattern, styled, cased = _spelling(term)
    for column in [term.column] if term.column else _COLUMNS:
        text = row[column] or ""
        # Most texts that do not have the words are told by looking for them as they are usually written.
        likely = styled or any(all(any(form in text for form in forms) for forms in words) for words in cased)
        if likely and pattern.search(exact_form(text) if styled else text.lower()):
            return True
    return False


@lru_cache(maxsize=64)
def _spelling(term: Term) -> tuple[re.Pattern[str], bool, list[list[set[str]]]]:
    """Return a term's pattern, whether its tones have two styles, and its words in small and capital letters."""
    styled = any(has_tone_styles(word) for words in term.variants for word in words)
    cased = [[{word, word.capitalize(), word.upper()} for word in words] for words in term.variants]
    return re.compile(term.pattern(folded=False)), styled, cased


def snippet(text: str, query: Query, *, length: int = 240, exact: bool = False) -> list[tuple[str, bool]]:
    """Return the part of `text` that shows best what `query` found, in pieces: text, and whether it matched.

    `text` is as stored, in NFC, and keeps its letters. At most about `length` characters, cut between words,
    with "…" where something is left out; a text that is not longer is returned whole. Without a match, its
    beginning. With `exact`, only words that have the very letters typed count as matches.
    """
    folded = fold_keep_length(text)
    compared = exact_form(text) if exact else folded
    if len(compared) != len(text):
        # A letter of another script that has two code points in lower case: positions would not fit.
        compared, exact = folded, False
    terms = [term for terms in query.groups for term in terms]
    # A pattern that nothing can match, where nothing is asked for.
    pattern = "|".join(term.pattern(folded=not exact) for term in terms) or r"(?!)"
    found = [match.span() for match in re.finditer(pattern, compared)]
    start, end = _window(text, folded, found, length)
    pieces: list[tuple[str, bool]] = []
    position = start
    for first, last in found:
        if first >= position and last <= end:
            pieces += ((text[position:first], False), (text[first:last], True))
            position = last
    pieces.append((text[position:end], False))
    if start > 0:
        pieces.insert(0, ("…", False))
    if end < len(text):
        pieces.append(("…", False))
    return [piece for piece in pieces if piece[0]]


def _window(text: str, folded: str, found: list[tuple[int, int]], length: int) -> tuple[int, int]:
    """Return where the part begins and ends that shows most different words within `length` characters."""
    if len(text) <= length:
        return 0, len(text)
    best, most = 0, 0
    for index, (first, _) in enumerate(found):
        within = {
            folded[start:end] for start, end in found[index : index + 50] if end <= first + length * 3 // 4
        }
        if len(within) > most:
            best, most = first, len(within)
    # Some words before the first match show what it is about.
    start = max(0, min(best - length // 4, len(text) - length))
    end = min(len(text), start + length)
    if start > 0 and (space := re.search(r"\s+", text[start : max(best, start)])):
        start += space.end()
    if end < len(text) and (cut := text.rfind(" ", start, end)) > best:
        end = cut
    return start, end
