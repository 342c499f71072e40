"""The part of a text that shows what a search found, and what a word is worth where it stands."""

from __future__ import annotations

import re

from portal_archive.archive.search.query import Query
from portal_archive.vietnamese.folding import fold_keep_length
from portal_archive.vietnamese.tones import one_style

__all__ = ["WEIGHTS", "Query", "snippet"]

# What a word is worth in title, summary, body, captions, author and attachment_text; marks are no words.
WEIGHTS = "10, 4, 1, 1, 2, 0.5, 0"


def spans(
    text: str, query: Query, *, exact: bool = False, column: str | None = None
) -> list[tuple[int, int]]:
    """Return where `text`, as stored in NFC, has what `query` looks for: whole phrases where the words stand together.

    With `exact`, only words that have the very letters typed. `column` is where the text stands in the search index:
    words that are looked for elsewhere are no matches.
    """
    folded = fold_keep_length(text)
    compared = one_style(text) if exact else folded
    if len(compared) != len(text):
        # A letter of another script that has two code points in lower case: positions would not fit.
        compared, exact = folded, False
    terms = [term for term in query.terms if column is None or term.column in (None, column)]
    together = query.plain_terms() if len(query.plain_terms()) > 1 else []
    if together:
        phrase = r"[\W_]+".join(term.pattern(folded=not exact) for term in together)
        others = [term for term in terms if term not in together]
        if re.search(phrase, compared):
            return _matches([phrase, *(term.pattern(folded=not exact) for term in others)], compared)
    return _matches([term.pattern(folded=not exact) for term in terms], compared)


def _matches(patterns: list[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer("|".join(patterns), text)] if patterns else []


def snippet(
    text: str, query: Query, *, length: int = 240, exact: bool = False, column: str | None = None
) -> list[tuple[str, bool]]:
    """Return the part of `text` that shows best what `query` found, in pieces: text, and whether it matched.

    `text` is as stored, in NFC, and keeps its letters. At most about `length` characters, cut between words,
    with "…" where something is left out; a text that is not longer is returned whole. Without a match, its
    beginning. `exact` and `column` as in `spans`.
    """
    found = spans(text, query, exact=exact, column=column)
    folded = fold_keep_length(text)
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
