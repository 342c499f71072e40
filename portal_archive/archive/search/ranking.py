"""The order of a search's hits: words that stand together first, then near each other, then anywhere; each a group."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal_archive.archive.search.hits import COUNTED, Filters, Found, conditions, removed
from portal_archive.archive.search.snippets import WEIGHTS, Query, stands_together

PHRASE, NEAR, REMOVED, WORDS = "phrase", "near", "removed", "words"
# bm25 reads every hit that it ranks. So many of each closeness are ranked; the others follow, newest first.
_BEST = 400
# So few are looked up in the index one by one.
_FEW = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind in order, as their `search_order`.

    `closeness` is PHRASE, NEAR, REMOVED or WORDS, None where the query has no words to stand together. `exact`: with
    the very accents typed. `dated`: their pages say when they were published. `more`: there are others beyond those
    counted. `unranked`: they follow the most relevant ones, newest first.
    """

    closeness: str | None
    exact: bool
    dated: bool
    orders: list[int]
    more: bool
    unranked: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit on a page: its article's row, and the number of its group."""

    row: sqlite3.Row
    group: int


def ranked(
    db: sqlite3.Connection, query: Query, filters: Filters, found: Found, *, by_words: bool
) -> list[Group]:
    """Return the hits in groups: by relevance with `by_words`, else newest first and undated ones last."""
    if filters.removed:
        return list(_removed(db, query, filters, set(), found, by_date=not by_words))
    groups: list[Group] = []
    taken: set[int] = set()
    closer = [(PHRASE, query.phrase, query.phrase_exact), (NEAR, query.near, query.near_exact)]
    closer = [one for one in closer if one[1]] if not filters.exact else []
    for closeness, words, exactly in [*closer, (REMOVED, "", ""), (WORDS if closer else None, "", "")]:
        if closeness == REMOVED:
            # What is not said any more is asked for with words alone.
            if query.terms:
                groups += _removed(db, query, filters, taken, found, by_date=not by_words)
            continue
        asked = replace(query, match=words, exact=exactly) if words else query
        if words:
            # Where the words stand apart in more articles than are counted, those near each other are sought in these.
            since = found.orders[-1] if closeness == NEAR and found.more else None
            rows, more = _newest(db, asked, filters, since)
        else:
            rows, more = found.orders, found.more
        orders = [order for order in rows if order not in taken]
        rest: list[int] = []
        # Nobody turns so many pages that what stands farther apart would have to be in order too.
        if by_words and asked.terms:
            best: list[int] = []
            if closeness == NEAR or (closeness == PHRASE and len(orders) <= _BEST):
                best = _titles_first(db, query, orders[:_BEST])
            elif len(taken) < _BEST:
                best = _best_first(db, asked, filters, orders)
                if closeness == WORDS and (runs := query.runs()):
                    since = found.orders[-1] if found.more else None
                    in_runs, _ = _newest(db, replace(query, match=runs), filters, since)
                    best = _first(in_runs, best, orders)
            is_best = set(best)
            orders, rest = best, [order for order in orders if order not in is_best]
        taken.update(orders, rest)
        exact = _exact(db, asked, filters, [*orders, *rest])
        for part, is_rest in ((orders, False), (rest, True)):
            has_more = more and (is_rest or not rest)
            group = Group(closeness, False, True, part, has_more, is_rest)
            groups += _divided(group, found, exact, by_date=not by_words)
        if len(taken) >= COUNTED:
            break
    return groups


def _removed(
    db: sqlite3.Connection, query: Query, filters: Filters, taken: set[int], found: Found, *, by_date: bool
) -> Iterator[Group]:
    """Give the articles that said once what was typed; they are `taken` from then on."""
    orders, all_tried = removed(db, query, filters)
    new = [order for order in orders if order not in taken]
    taken.update(new)
    if by_date:
        new.sort(reverse=True)
    yield from _divided(Group(REMOVED, True, True, new, not all_tried), found, None, by_date=by_date)


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


def _newest(
    db: sqlite3.Connection, query: Query, filters: Filters, since: int | None = None
) -> tuple[list[int], bool]:
    """Return the newest hits, back to the place `since`, and whether there are more than are counted."""
    index, where, values = conditions(db, query, filters)
    if since is not None:
        where += " AND f.rowid >= ?"
        values.append(since)
    found = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} ORDER BY f.rowid DESC LIMIT {COUNTED + 1}", values
    ).fetchall()
    return [row[0] for row in found[:COUNTED]], len(found) > COUNTED


def _best_first(db: sqlite3.Connection, query: Query, filters: Filters, orders: list[int]) -> list[int]:
    """Return the most relevant of these, in order."""
    if not orders:
        return orders
    index, where, values = conditions(db, query, filters)
    best = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} AND f.rowid >= ?"
        f" ORDER BY bm25({index}, {WEIGHTS}), f.rowid DESC LIMIT {_BEST}",
        [*values, min(orders)],
    )
    wanted = set(orders)
    return [row[0] for row in best if row[0] in wanted]


def _first(some: list[int], best: list[int], orders: list[int]) -> list[int]:
    """Return the best with some of the `orders` before the others, as many as are ranked."""
    wanted = set(orders)
    chosen = [order for order in some if order in wanted]
    ahead = set(chosen)
    ranked_ahead = [order for order in best if order in ahead]
    return list(dict.fromkeys([*ranked_ahead, *chosen, *best]))[:_BEST]


def _titles_first(db: sqlite3.Connection, query: Query, orders: list[int]) -> list[int]:
    """Return these with those first that have the words together in the title, then those in the summary.

    bm25 would read what the whole index has of every word to tell a few articles apart.
    """
    found = db.execute(
        "SELECT search_order, title, summary FROM articles WHERE search_order IN (SELECT value FROM json_each(?))",
        [json.dumps(orders)],
    )
    ranks = {
        order: [not stands_together(text or "", query) for text in (title, summary)]
        for order, title, summary in found
    }
    return sorted(orders, key=lambda order: ranks.get(order, []))


def _exact(db: sqlite3.Connection, query: Query, filters: Filters, orders: list[int]) -> set[int] | None:
    """Return which hits have the accents typed; None where all have, or none were typed."""
    if not query.has_accents or filters.exact or not orders:
        return None
    index, where, values = conditions(db, query, replace(filters, exact=True))
    if len(orders) <= _FEW:
        found = db.execute(
            "SELECT c.value FROM json_each(?) c WHERE EXISTS"
            f" (SELECT 1 FROM {index} f WHERE f.{index} MATCH ? AND f.rowid = c.value)",
            [json.dumps(orders), values[0]],
        )
    else:
        found = db.execute(
            f"SELECT f.rowid FROM {index} f WHERE {where} AND f.rowid >= ?", [*values, min(orders)]
        )
    return {row[0] for row in found}


def _divided(group: Group, found: Found, exact: set[int] | None, *, by_date: bool) -> Iterator[Group]:
    """Give the parts of a group: with the accents typed or others, and dated or not where it is in order of date."""
    for is_exact in (True, False):
        alike = [order for order in group.orders if (exact is None or order in exact) == is_exact]
        for dated in (True, False) if by_date else (True,):
            chosen = [order for order in alike if not by_date or (order not in found.undated) == dated]
            if chosen:
                yield replace(group, exact=is_exact, dated=dated, orders=chosen)
