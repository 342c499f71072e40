"""The part of a text that shows what a search found, and what a word is worth where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from portal_archive.archive.search.query import Query, Term
from portal_archive.vietnamese.folding import fold_keep_length
from portal_archive.vietnamese.tones import one_style

__all__ = ["WEIGHTS", "Query", "snippet"]

# What a word is worth in title, summary, body, captions, author and attachment_text; marks are no words.
_ONLY_BETWEEN = re.compile(r"[\W_]+")
WEIGHTS = "10, 4, 1, 1, 2, 0.5, 0"


def spans(
    text: str,
    query: Query,
    *,
    exact: bool = False,
    columns: Collection[str] = (),
    whole: bool | None = None,
) -> list[tuple[int, int]]:
    """Return where `text`, as stored in NFC, has what `query` looks for.

    Where its words stand together, these places alone; else those of the words, of which the ones that stand in a run
    are marked there alone. `whole` says whether to look for the one (True) or the other; None: as the text is. With
    `exact`, only words that have the very letters typed. `columns` are where the text stands in the search index: words
    that are looked for elsewhere are no matches.
    """
    compared, exact = _compared(text, exact=exact)
    plain = query.plain_terms() if len(query.plain_terms()) > 1 else []
    others = [
        term for term in query.terms if term not in plain and (not columns or term.column in (None, *columns))
    ]
    found = _matches([term.pattern(folded=not exact) for term in others], compared)
    together = [] if whole is False else _matches([_phrase(plain, exact=exact)] if plain else [], compared)
    if not together and whole is not True:
        together = _in_runs([term.pattern(folded=not exact) for term in plain], compared)
    apart: list[tuple[int, int]] = []
    for start, end in sorted({*found, *together}, key=lambda place: (place[0], -place[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def stands_together(text: str, query: Query, *, exact: bool = False) -> bool:
    """Return whether the words that are to stand together do so in a text."""
    compared, exact = _compared(text, exact=exact)
    plain = query.plain_terms()
    return len(plain) > 1 and re.search(_phrase(plain, exact=exact), compared) is not None


def _compared(text: str, *, exact: bool) -> tuple[str, bool]:
    compared = one_style(text) if exact else fold_keep_length(text)
    if len(compared) != len(text):
        # A letter of another script that has two code points in lower case: positions would not fit.
        return fold_keep_length(text), False
    return compared, exact


def _phrase(terms: Sequence[Term], *, exact: bool) -> str:
    return r"[\W_]+".join(term.pattern(folded=not exact) for term in terms)


def _in_runs(patterns: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return where the words stand: in runs of two and more in the order typed; alone, those that are in no run."""
    places = sorted(
        (match.start(), match.end(), number)
        for number, pattern in enumerate(patterns)
        for match in re.finditer(pattern, text)
    )
    runs: list[list[tuple[int, int, int]]] = []
    for place in places:
        last = runs[-1][-1] if runs else None
        if last and place[2] == last[2] + 1 and _ONLY_BETWEEN.fullmatch(text, last[1], place[0]):
            runs[-1].append(place)
        else:
            runs.append([place])
    in_runs = {number for run in runs if len(run) > 1 for _, _, number in run}
    return [(run[0][0], run[-1][1]) for run in runs if len(run) > 1 or run[0][2] not in in_runs]


def _matches(patterns: Sequence[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer("|".join(patterns), text)] if patterns else []


def snippet(
    text: str, query: Query, *, length: int = 240, exact: bool = False, columns: Collection[str] = ()
) -> list[tuple[str, bool]]:
    """Return the part of `text` that shows best what `query` found, in pieces: text, and whether it matched.

    `text` is as stored, in NFC, and keeps its letters. At most about `length` characters, cut between words,
    with "…" where something is left out; a text that is not longer is returned whole. Without a match, its
    beginning. `exact` and `columns` as in `spans`.
    """
    found = spans(text, query, exact=exact, columns=columns)
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
