"""The order of a search's hits: words that stand together first, then near each other, then anywhere; each a group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal_archive.archive.search.hits import COUNTED, Filters, Found, conditions
from portal_archive.archive.search.snippets import WEIGHTS, Query

PHRASE, NEAR, WORDS = "phrase", "near", "words"
# bm25 reads every hit that it ranks. So many of each closeness are ranked; the others follow, newest first.
_BEST = 400


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind in order, as their `search_order`.

    `closeness` is PHRASE, NEAR or WORDS, None where the query has no words to stand together. `exact`: with the very
    accents typed. `dated`: their pages say when they were published. `more`: there are others beyond those counted.
    """

    closeness: str | None
    exact: bool
    dated: bool
    orders: list[int]
    more: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit on a page: its article's row, and the number of its group."""

    row: sqlite3.Row
    group: int


def ranked(
    db: sqlite3.Connection, query: Query, filters: Filters, found: Found, *, by_words: bool
) -> list[Group]:
    """Return the hits in groups: by relevance with `by_words`, else newest first and undated ones last."""
    groups: list[Group] = []
    taken: set[int] = set()
    closer = [(PHRASE, query.phrase), (NEAR, query.near)] if query.phrase and not filters.exact else []
    for closeness, words in [*closer, (WORDS if closer else None, "")]:
        asked = replace(query, match=words) if words else query
        if words:
            rows, more = _newest(db, asked, filters)
        else:
            rows, more = found.orders, found.more
        orders = [order for order in rows if order not in taken]
        # Nobody turns so many pages that what stands farther apart would have to be in order too.
        if by_words and asked.match and len(taken) < _BEST:
            orders = _best_first(db, asked, filters, orders)
        taken.update(orders)
        groups += _divided(
            closeness, orders, found, _exact(db, asked, filters, orders), more, by_date=not by_words
        )
        if len(taken) >= COUNTED:
            break
    return groups


def page(
    db: sqlite3.Connection, groups: Sequence[Group], columns: str, *, start: int, size: int
) -> list[Hit]:
    """Return `size` + 1 hits from the `start`-th on: one too many, which tells that there is a next page."""
    places = [(order, number) for number, group in enumerate(groups) for order in group.orders]
    chosen = dict(places[start : start + size + 1])
    return [Hit(row, chosen[row["search_order"]]) for row in rows(db, list(chosen), columns)]


def rows(db: sqlite3.Connection, orders: Sequence[int], columns: str) -> list[sqlite3.Row]:
    """Return the articles of these places, in this order, with the texts of which a part may be shown."""
    marks = ", ".join("?" * len(orders))
    found = db.execute(
        f"SELECT {columns}, a.search_order, a.summary, a.body, a.captions, a.attachment_text"
        f" FROM articles a JOIN portals p ON p.name = a.portal WHERE a.search_order IN ({marks})",
        list(orders),
    )
    by_order = {row["search_order"]: row for row in found}
    return [by_order[order] for order in orders if order in by_order]


def _newest(db: sqlite3.Connection, query: Query, filters: Filters) -> tuple[list[int], bool]:
    index, where, values = conditions(db, query, filters)
    found = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} ORDER BY f.rowid DESC LIMIT {COUNTED + 1}", values
    ).fetchall()
    return [row[0] for row in found[:COUNTED]], len(found) > COUNTED


def _best_first(db: sqlite3.Connection, query: Query, filters: Filters, orders: list[int]) -> list[int]:
    if not orders:
        return orders
    index, where, values = conditions(db, query, filters)
    best = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} AND f.rowid >= ?"
        f" ORDER BY bm25({index}, {WEIGHTS}), f.rowid DESC LIMIT {_BEST}",
        [*values, min(orders)],
    )
    wanted = set(orders)
    first = [row[0] for row in best if row[0] in wanted]
    ranked_already = set(first)
    return first + [order for order in orders if order not in ranked_already]


def _exact(db: sqlite3.Connection, query: Query, filters: Filters, orders: list[int]) -> set[int] | None:
    """Return which hits have the accents typed; None where all have, or none were typed."""
    if not query.has_accents or filters.exact or not orders:
        return None
    index, where, values = conditions(db, query, replace(filters, exact=True))
    found = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} AND f.rowid >= ?", [*values, min(orders)]
    )
    return {row[0] for row in found}


def _divided(
    closeness: str | None,
    orders: list[int],
    found: Found,
    exact: set[int] | None,
    more: bool,
    *,
    by_date: bool,
) -> Iterator[Group]:
    for is_exact in (True, False):
        alike = [order for order in orders if (exact is None or order in exact) == is_exact]
        for dated in (True, False) if by_date else (True,):
            chosen = [order for order in alike if not by_date or (order not in found.undated) == dated]
            if chosen:
                yield Group(closeness, is_exact, dated, chosen, more)
