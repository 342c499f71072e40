"""The articles a search finds: filtered, counted, faceted and ordered, within bounds that hold at a million.

One pass over the newest hits gives the count, the facets and the page. `search_order`, the rowid of the
index, is in order of publication and begins with its second: dates and years need no look at the article.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from operator import neg

from archive.moments import VIETNAM, epoch
from archive.order import SAME_SECOND
from archive.search import WEIGHTS, Query, is_exact

# More hits are "over 10,000": the facets count, and relevance ranks, the newest so many.
COUNTED = 10_000
# So many hits are opened, at most, to see whether they have the accents typed; older ones count as loose.
_OPENED = 1000
_BEST = 400

FLAGS = {
    "gone": "a.gone_at IS NOT NULL AND a.came_back_at IS NULL",
    "missing": "a.missing_since IS NOT NULL AND (a.gone_at IS NULL OR a.came_back_at IS NOT NULL)",
    "back": "a.came_back_at IS NOT NULL",
    "changed": "a.version > 1",
    "inferred": "a.published_precision IS 'inferred'",
}
FACETS = ("province_now", "province", "portal", "year", "category", "flag")


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search besides its words. "" and None mean any; `since` and `until` are whole days."""

    portal: str = ""
    province: str = ""
    province_now: str = ""
    year: str = ""
    category: str = ""
    flag: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class Found:
    """The newest hits. `orders` are their `search_order`, at most COUNTED; `more`: there are others."""

    orders: list[int] = field(default_factory=list)
    facets: dict[str, Counter[str]] = field(default_factory=dict)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit on a page: its article's row, and whether it has the words with the very accents typed."""

    row: sqlite3.Row
    exact: bool


def find(db: sqlite3.Connection, query: Query, filters: Filters) -> Found:
    """Return the newest hits and their facet counts."""
    tables, where, values = _conditions(query, filters)
    # One number tells all flags: there are few combinations, and ten thousand rows.
    flags = " | ".join(f"(({condition}) << {bit})" for bit, condition in enumerate(FLAGS.values()))
    cursor = db.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        f"SELECT a.search_order, a.portal, a.category, {flags}, a.published_precision IS NOT NULL"
        f" FROM {tables} WHERE {where} ORDER BY {_order(query)} DESC LIMIT {COUNTED + 1}",
        values,
    ).fetchall()
    found = Found(more=len(rows) > COUNTED)
    columns = list(zip(*rows[:COUNTED], strict=True)) or [()] * 5
    found.orders = list(columns[0])
    portals, categories, flagged = (Counter(column) for column in columns[1:4])
    del categories[None]
    found.facets = {
        "portal": portals,
        "category": categories,
        "year": _years([order for order, dated in zip(columns[0], columns[4], strict=True) if dated]),
        "flag": Counter(
            {
                name: sum(count for combination, count in flagged.items() if combination >> bit & 1)
                for bit, name in enumerate(FLAGS)
            }
        ),
        **_provinces(db, portals),
    }
    return found


def best(db: sqlite3.Connection, query: Query, filters: Filters, found: Found) -> list[int]:
    """Return the most relevant hits among `found`, best first, at most a few hundred.

    bm25 reads every hit it ranks, so it ranks no more than were counted.
    """
    if not query.match or not found.orders:
        return found.orders
    tables, where, values = _conditions(query, filters)
    rows = db.execute(
        f"SELECT f.rowid FROM {tables} WHERE {where} AND f.rowid >= ?"
        f" ORDER BY bm25(articles_fts, {WEIGHTS}), f.rowid DESC LIMIT {_BEST}",
        [*values, found.orders[-1]],
    )
    return [row[0] for row in rows]


def page(
    db: sqlite3.Connection,
    query: Query,
    orders: Sequence[int],
    columns: str,
    *,
    start: int,
    size: int,
    exact_only: bool,
) -> list[Hit]:
    """Return `size` + 1 hits from the `start`-th on: one too many, which tells that there is a next page.

    When accents were typed, hits that have them come before those matching loosely, or (`exact_only`) alone.
    """
    if not query.has_accents:
        return [Hit(row, True) for row in _rows(db, orders[start : start + size + 1], columns)]
    return list(islice(_exact_first(db, query, orders, columns, exact_only), start, start + size + 1))


def every(db: sqlite3.Connection, query: Query, filters: Filters, before: int | None, size: int) -> list[int]:
    """Return the next `size` hits older than `before`, newest first: for taking a result away in parts."""
    tables, where, values = _conditions(query, filters)
    if before is not None:
        where += f" AND {_order(query)} < ?"
        values.append(before)
    rows = db.execute(
        f"SELECT a.search_order FROM {tables} WHERE {where} ORDER BY {_order(query)} DESC LIMIT {size}",
        values,
    )
    return [row[0] for row in rows]


def _exact_first(
    db: sqlite3.Connection, query: Query, orders: Sequence[int], columns: str, exact_only: bool
) -> Iterator[Hit]:
    loose: list[int] = []
    opened = orders[:_OPENED]
    for index in range(0, len(opened), 20):
        for row in _rows(db, opened[index : index + 20], columns):
            if is_exact(row, query):
                yield Hit(row, True)
            else:
                loose.append(row["search_order"])
    if not exact_only:
        rest = [*loose, *orders[_OPENED:]]
        for index in range(0, len(rest), 20):
            yield from (Hit(row, False) for row in _rows(db, rest[index : index + 20], columns))


def _rows(db: sqlite3.Connection, orders: Sequence[int], columns: str) -> list[sqlite3.Row]:
    marks = ", ".join("?" * len(orders))
    rows = db.execute(
        f"SELECT {columns}, a.search_order, a.summary, a.body, a.captions, a.attachment_text"
        f" FROM articles a JOIN portals p ON p.name = a.portal WHERE a.search_order IN ({marks})",
        list(orders),
    )
    by_order = {row["search_order"]: row for row in rows}
    return [by_order[order] for order in orders if order in by_order]


def _conditions(query: Query, filters: Filters) -> tuple[str, str, list[object]]:
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
    for condition, value in _narrowed(query, filters):
        conditions.append(condition)
        values += value
    return tables, " AND ".join(conditions) or "1", values


def _narrowed(query: Query, filters: Filters) -> Iterator[tuple[str, list[object]]]:
    order = _order(query)
    for name in {filters.portal, query.portal or ""} - {""}:
        yield "a.portal = ?", [name]
    if filters.province:
        yield "a.portal IN (SELECT name FROM portals WHERE province = ?)", [filters.province]
    if filters.province_now:
        yield (
            "a.portal IN (SELECT p.name FROM portals p JOIN provinces v ON v.id = p.province"
            " WHERE coalesce(v.successor, v.id) = ?)",
            [filters.province_now],
        )
    if filters.category:
        yield "a.category = ?", [filters.category]
    if filters.flag in FLAGS:
        yield FLAGS[filters.flag], []
    dated = False
    if filters.year.isdecimal() and len(filters.year) == 4:
        year = int(filters.year)
        yield f"{order} >= ? AND {order} < ?", [_place(f"{year:04}-01-01"), _place(f"{year + 1:04}-01-01")]
        dated = True
    if filters.since:
        yield f"{order} >= ?", [_place(filters.since.isoformat())]
        dated = True
    if filters.until:
        yield f"{order} < ?", [_place((filters.until + timedelta(days=1)).isoformat())]
        dated = True
    if dated:
        # An undated article stands in the index where it was first seen.
        yield "a.published_precision IS NOT NULL", []


def _order(query: Query) -> str:
    return "f.rowid" if query.match else "a.search_order"


def _place(day: str) -> int:
    return epoch(f"{day}T00:00:00") * SAME_SECOND


def _years(orders: Sequence[int]) -> Counter[str]:
    """Count the years of places that are sorted, newest first."""
    years = Counter[str]()
    start = 0
    while start < len(orders):
        year = datetime.fromtimestamp(orders[start] // SAME_SECOND, UTC).astimezone(VIETNAM).year
        begins = _place(f"{year:04}-01-01")
        end = bisect_right(orders, -begins, lo=start, key=neg)
        years[str(year)] = end - start
        start = end
    return years


def _provinces(db: sqlite3.Connection, portals: Counter[str]) -> dict[str, Counter[str]]:
    before, now = Counter[str](), Counter[str]()
    for name, province, since in db.execute(
        "SELECT p.name, p.province, coalesce(v.successor, v.id) FROM portals p"
        " JOIN provinces v ON v.id = p.province"
    ):
        if portals[name]:
            before[province] += portals[name]
            now[since] += portals[name]
    return {"province": before, "province_now": now}
