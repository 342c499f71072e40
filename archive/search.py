"""Full-text search over the articles, newest first or best first."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from archive.moments import epoch
from archive.order import SAME_SECOND
from archive.query import FIELDS, Query, Term, exact_form, parse_query, to_fts_query
from vietnamese.folding import fold_keep_length

__all__ = ["Query", "count", "is_exact", "parse_query", "search", "snippet", "to_fts_query"]

# What a word is worth in title, summary, body, captions, author and attachment_text.
WEIGHTS = "10, 4, 1, 1, 2, 0.5"
_COLUMNS = tuple(dict.fromkeys(FIELDS.values()))


def search(
    db: sqlite3.Connection,
    query: str | Query,
    *,
    order: Literal["newest", "relevance"] = "newest",
    matching: Literal["any", "exact", "loose"] = "any",
    portal: str | None = None,
    province: str | None = None,
    year: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Iterator[sqlite3.Row]:
    """Give rows of `articles` that `query` finds, at most `limit` after the first `offset`.

    `order` is by publication (newest first, streamed from the index without sorting) or by relevance (bm25);
    a query that asks for nothing gives all articles, newest first. `matching` is "exact" for articles that
    have the words with the very letters typed, "loose" for those that have them only with other diacritics.
    `portal` is a name, and goes before one named in the query; `province` an id, which includes the provinces
    that became it; `year` that of publication, in Vietnam's time.
    """
    asked = parse_query(query) if isinstance(query, str) else query
    tables, where, values = _conditions(asked, portal, province, year)
    by = "f.rowid DESC" if asked.match else "a.search_order DESC"
    if asked.match and order == "relevance":
        by = f"bm25(articles_fts, {WEIGHTS}), {by}"
    sql = f"SELECT a.id FROM {tables} WHERE {where} ORDER BY {by}"
    if matching == "any":
        yield from _rows(db, f"{sql} LIMIT ? OFFSET ?", [*values, limit, offset])
    else:
        wanted = (row for row in _rows(db, sql, values) if is_exact(row, asked) == (matching == "exact"))
        yield from islice(wanted, offset, offset + limit)


def count(
    db: sqlite3.Connection,
    query: str | Query,
    *,
    portal: str | None = None,
    province: str | None = None,
    year: int | None = None,
) -> int:
    """Return how many articles `search` would give with the same arguments."""
    asked = parse_query(query) if isinstance(query, str) else query
    tables, where, values = _conditions(asked, portal, province, year)
    row = db.execute(f"SELECT count(*) FROM {tables} WHERE {where}", values).fetchone()
    return int(row[0])


def _rows(db: sqlite3.Connection, sql: str, values: list[object]) -> Iterator[sqlite3.Row]:
    # One by one: sorting by relevance would otherwise carry whole articles through the sorter.
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    for (article,) in db.execute(sql, values):
        yield cursor.execute("SELECT * FROM articles WHERE id = ?", (article,)).fetchone()


def _conditions(
    query: Query, portal: str | None, province: str | None, year: int | None
) -> tuple[str, str, list[object]]:
    """Return the tables of a search, with its conditions and their values."""
    conditions: list[str] = []
    values: list[object] = []
    tables = "articles a"
    if query.match:
        # CROSS JOIN keeps SQLite from asking the index about one article after another.
        tables = "articles_fts f CROSS JOIN articles a ON a.search_order = f.rowid"
        conditions.append("articles_fts MATCH ?")
        values.append(query.match)
    if query.without:
        conditions.append("a.search_order NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)")
        values.append(query.without)
    if year is not None:
        place = "f.rowid" if query.match else "a.search_order"
        conditions.append(f"{place} >= ? AND {place} < ? AND a.published_at IS NOT NULL")
        values += (epoch(f"{which:04}-01-01T00:00:00") * SAME_SECOND for which in (year, year + 1))
    if named := portal or query.portal:
        conditions.append("a.portal = ?")
        values.append(named)
    if province is not None:
        conditions.append(
            "a.portal IN (SELECT p.name FROM portals p LEFT JOIN provinces v ON v.id = p.province"
            " WHERE ? IN (p.province, v.successor))"
        )
        values.append(province)
    return tables, " AND ".join(conditions) or "1", values


def is_exact(row: sqlite3.Row, query: Query) -> bool:
    """Tell whether an article has the words of `query` with the very letters typed, in either tone style."""
    texts = {column: exact_form(row[column] or "") for column in _COLUMNS}

    def has(term: Term) -> bool:
        pattern = re.compile(term.pattern(folded=False))
        columns = [term.column] if term.column else _COLUMNS
        return any(pattern.search(texts[column]) for column in columns)

    return any(all(has(term) for term in terms) for terms in query.groups)


def snippet(text: str, query: Query, *, length: int = 240) -> list[tuple[str, bool]]:
    """Return the part of `text` that shows best what `query` found, in pieces: text, and whether it matched.

    `text` is as stored, in NFC, and keeps its letters. At most about `length` characters, cut between words,
    with "…" where something is left out; a text that is not longer is returned whole. Without a match, its
    beginning.
    """
    folded = fold_keep_length(text)
    terms = [term for terms in query.groups for term in terms]
    # A pattern that nothing can match, where nothing is asked for.
    pattern = "|".join(term.pattern(folded=True) for term in terms) or r"(?!)"
    found = [match.span() for match in re.finditer(pattern, folded)]
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
