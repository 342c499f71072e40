"""The articles a search finds: filtered, counted, faceted and ordered, within bounds that hold at a million.

One pass over the newest hits gives the count, the facets and the page. `search_order`, the rowid of the
index, is in order of publication and begins with its second: dates and years need no look at the article.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from operator import neg

from archive.moments import VIETNAM, epoch
from archive.order import SAME_SECOND
from archive.search import marks
from archive.search.marks import FLAGS
from archive.search.snippets import WEIGHTS, Query, is_exact

# More hits are "over 10,000": the facets count, and relevance ranks, the newest so many.
COUNTED = 10_000
# So many hits are opened, at most, to see whether they have the accents typed; older ones count as loose.
_OPENED = 1000
_BEST = 400

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
    suspicious: bool = False  # those too that seem to have been tampered with
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
    where, values = _conditions(db, query, filters)
    # One number tells all flags: there are few combinations, and ten thousand rows.
    flags = " | ".join(f"(s.{flag} << {bit})" for bit, flag in enumerate(FLAGS))
    cursor = db.cursor()
    cursor.row_factory = None
    # CROSS JOIN keeps SQLite from asking the index about one article after another.
    rows = cursor.execute(
        f"SELECT s.search_order, s.portal, s.category, {flags}, s.dated"
        f" FROM articles_fts f CROSS JOIN search_facets s ON s.search_order = f.rowid"
        f" WHERE {where} ORDER BY f.rowid DESC LIMIT {COUNTED + 1}",
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


def suspicious(db: sqlite3.Connection, query: Query, filters: Filters) -> int:
    """Return how many hits are left out because they seem to have been tampered with; at most COUNTED."""
    if _shows_suspicious(filters):
        return 0
    where, values = _conditions(db, query, replace(filters, suspicious=True), marks.of_flag("flagged"))
    counted = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM articles_fts f WHERE {where} LIMIT {COUNTED})", values
    )
    return int(counted.fetchone()[0])


def best(db: sqlite3.Connection, query: Query, filters: Filters, found: Found) -> list[int]:
    """Return the most relevant hits among `found`, best first, at most a few hundred.

    bm25 reads every hit it ranks, so it ranks no more than were counted.
    """
    if not query.match or not found.orders:
        return found.orders
    where, values = _conditions(db, query, filters)
    rows = db.execute(
        f"SELECT f.rowid FROM articles_fts f WHERE {where} AND f.rowid >= ?"
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
    where, values = _conditions(db, query, filters)
    if before is not None:
        where += " AND f.rowid < ?"
        values.append(before)
    rows = db.execute(
        f"SELECT f.rowid FROM articles_fts f WHERE {where} ORDER BY f.rowid DESC LIMIT {size}", values
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


def _shows_suspicious(filters: Filters) -> bool:
    return filters.suspicious or filters.flag == "flagged"


def _conditions(
    db: sqlite3.Connection, query: Query, filters: Filters, *also: str
) -> tuple[str, list[object]]:
    """Return the conditions on the index `f` and their values; `also`: marks besides."""
    dates = list(_dates(filters))
    wanted = [*also, *_marks(db, query, filters)]
    if dates:
        # An undated article stands in the index where it was first seen.
        wanted.append(marks.of_dated())
    if query.match:
        wanted.append(f"({query.match})")
    match = " AND ".join(wanted) or marks.EVERY
    if not _shows_suspicious(filters):
        match = f"({match}) NOT {marks.of_flag('flagged')}"
    conditions = ["articles_fts MATCH ?", *(f"f.rowid {bound} ?" for bound, _ in dates)]
    return " AND ".join(conditions), [match, *(place for _, place in dates)]


def _marks(db: sqlite3.Connection, query: Query, filters: Filters) -> Iterator[str]:
    for name in {filters.portal, query.portal or ""} - {""}:
        yield marks.of_portal(name)
    for province, condition in (
        (filters.province, "p.province = ?"),
        (filters.province_now, "coalesce(v.successor, v.id) = ?"),
    ):
        if province:
            portals = db.execute(
                f"SELECT p.name FROM portals p JOIN provinces v ON v.id = p.province WHERE {condition}",
                [province],
            )
            # A province without a portal has no articles: nothing has the mark of a portal without a name.
            yield f"({' OR '.join(marks.of_portal(row[0]) for row in portals) or marks.of_portal('')})"
    if filters.category:
        yield marks.of_category(filters.category)
    if filters.flag in FLAGS:
        yield marks.of_flag(filters.flag)


def _dates(filters: Filters) -> Iterator[tuple[str, int]]:
    if filters.year.isdecimal() and len(filters.year) == 4:
        year = int(filters.year)
        yield ">=", _place(f"{year:04}-01-01")
        yield "<", _place(f"{year + 1:04}-01-01")
    if filters.since:
        yield ">=", _place(filters.since.isoformat())
    if filters.until:
        yield "<", _place((filters.until + timedelta(days=1)).isoformat())


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
