"""The articles a search finds: filtered, counted and faceted, within bounds that hold at a million.

One pass over the newest hits gives the count, the facets and the page. `search_order`, the rowid of the
index, is in order of publication and begins with its second: dates and years need no look at the article.
"""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from operator import neg

from portal_archive.archive.moments import VIETNAM, epoch
from portal_archive.archive.search import filter_terms
from portal_archive.archive.search.filter_terms import FLAGS
from portal_archive.archive.search.order import SAME_SECOND
from portal_archive.archive.search.query import Query
from portal_archive.vietnamese.tones import one_style

# More hits are "over 10,000": the facets count the newest so many.
COUNTED = 10_000
# So many removed texts are read for the accents typed.
_READ = 1_000

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
    exact: bool = False  # those alone that have the very accents typed; nothing where none were typed
    suspicious: bool = False  # those too that seem to have been tampered with
    removed: bool = False  # those alone whose older versions have the words that the current one has not
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class Found:
    """The newest hits. `orders` are their `search_order`, at most COUNTED; `more`: there are others.

    `undated` are those whose page does not say when they were published: they stand where they were first seen.
    """

    orders: list[int] = field(default_factory=list)
    undated: set[int] = field(default_factory=set)
    facets: dict[str, Counter[str]] = field(default_factory=dict)
    more: bool = False


def find(db: sqlite3.Connection, query: Query, filters: Filters) -> Found:
    """Return the newest hits and their facet counts."""
    cursor = db.cursor()
    cursor.row_factory = None
    if filters.removed:
        rows = cursor.execute(
            "SELECT search_order, facets FROM search_facets WHERE search_order IN (SELECT value FROM json_each(?))"
            " ORDER BY search_order DESC",
            [json.dumps(removed(db, query, filters)[0])],
        ).fetchall()
    else:
        index, where, values = conditions(db, query, filters)
        # CROSS JOIN keeps SQLite from asking the index about one article after another.
        rows = cursor.execute(
            "SELECT s.search_order, s.facets"
            f" FROM {index} f CROSS JOIN search_facets s ON s.search_order = f.rowid"
            f" WHERE {where} ORDER BY f.rowid DESC LIMIT {COUNTED + 1}",
            values,
        ).fetchall()
    counted = rows[:COUNTED]
    found = Found(
        orders=[order for order, _ in counted],
        facets={facet: Counter() for facet in FACETS},
        more=len(rows) > COUNTED,
    )
    undated = set()
    # Ten thousand articles have few different facets: each is understood once.
    for facets, count in Counter(facets for _, facets in counted).items():
        portal, category, flags, is_dated = filter_terms.read_facets(facets)
        found.facets["portal"][portal] += count
        if category is not None:
            found.facets["category"][category] += count
        found.facets["flag"].update(dict.fromkeys(flags, count))
        if not is_dated:
            undated.add(facets)
    found.undated = {order for order, facets in counted if facets in undated}
    found.facets["year"] = _years([order for order in found.orders if order not in found.undated])
    found.facets |= _provinces(db, found.facets["portal"])
    return found


def suspicious(db: sqlite3.Connection, query: Query, filters: Filters) -> int:
    """Return how many hits are left out because they seem to have been tampered with; at most COUNTED."""
    if _shows_suspicious(filters):
        return 0
    if filters.removed:
        everything = removed(db, query, replace(filters, suspicious=True))[0]
        return len(everything) - len(removed(db, query, filters)[0])
    index, where, values = conditions(
        db, query, replace(filters, suspicious=True), filter_terms.of_flag("flagged")
    )
    counted = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {index} f WHERE {where} LIMIT {COUNTED})", values
    )
    return int(counted.fetchone()[0])


def every(db: sqlite3.Connection, query: Query, filters: Filters, before: int | None, size: int) -> list[int]:
    """Return the next `size` hits older than `before`, newest first: for taking a result away in parts."""
    if filters.removed:
        orders = sorted(removed(db, query, filters)[0], reverse=True)
        return [order for order in orders if before is None or order < before][:size]
    index, where, values = conditions(db, query, filters)
    if before is not None:
        where += " AND f.rowid < ?"
        values.append(before)
    rows = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} ORDER BY f.rowid DESC LIMIT {size}", values
    )
    return [row[0] for row in rows]


def removed(db: sqlite3.Connection, query: Query, filters: Filters) -> tuple[list[int], bool]:
    """Return the articles whose older versions match and whose current one does not; and whether these are all.

    Those come first in which the words stood together, then newest first. Without words, the articles from which
    anything was removed.
    """
    orders: dict[int, None] = {}
    for asked in query.in_removed():
        _, where, values = conditions(db, replace(query, match=asked), replace(filters, exact=False))
        found = db.execute(
            f"SELECT f.rowid FROM articles_removed f WHERE {where.replace('articles_fts', 'articles_removed')}"
            f" ORDER BY f.rowid DESC LIMIT {COUNTED + 1}",
            values,
        )
        orders |= dict.fromkeys(row[0] for row in found)
    listed = list(orders)[:COUNTED]
    if filters.exact and query.has_accents:
        return _exactly_removed(db, query, listed[:_READ]), len(orders) <= _READ
    return listed, len(orders) <= COUNTED


def _exactly_removed(db: sqlite3.Connection, query: Query, orders: list[int]) -> list[int]:
    patterns = [re.compile(term.pattern(folded=False)) for term in query.terms]
    rows = db.execute(
        "SELECT search_order, removed_text FROM articles WHERE search_order IN (SELECT value FROM json_each(?))",
        [json.dumps(orders)],
    )
    right = {
        order for order, text in rows if all(pattern.search(one_style(text or "")) for pattern in patterns)
    }
    return [order for order in orders if order in right]


def _shows_suspicious(filters: Filters) -> bool:
    return filters.suspicious or filters.flag == "flagged"


def conditions(
    db: sqlite3.Connection, query: Query, filters: Filters, *also: str
) -> tuple[str, str, list[object]]:
    """Return the index to ask, the conditions on it as `f`, and their values; `also`: marks besides."""
    is_exact = filters.exact and query.has_accents
    index, words = ("articles_exact", query.exact) if is_exact else ("articles_fts", query.match)
    dates = list(_dates(filters))
    wanted = [*also, *_marks(db, filters)]
    if dates:
        # An undated article stands in the index where it was first seen.
        wanted.append(filter_terms.of_dated())
    if words:
        wanted.append(f"({words})")
    match = " AND ".join(wanted) or filter_terms.EVERY
    if not _shows_suspicious(filters):
        match = f"({match}) NOT {filter_terms.of_flag('flagged')}"
    conditions = [f"{index} MATCH ?", *(f"f.rowid {bound} ?" for bound, _ in dates)]
    return index, " AND ".join(conditions), [match, *(place for _, place in dates)]


def _marks(db: sqlite3.Connection, filters: Filters) -> Iterator[str]:
    if filters.portal:
        yield filter_terms.of_portal(filters.portal)
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
            yield f"({' OR '.join(filter_terms.of_portal(row[0]) for row in portals) or filter_terms.of_portal('')})"
    if filters.category:
        yield filter_terms.of_category(filters.category)
    if filters.flag in FLAGS:
        yield filter_terms.of_flag(filters.flag)


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
