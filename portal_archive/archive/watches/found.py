"""What is new of a watch: articles that the archive has not had before, and what happened to those it had."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal_archive.archive.events import passages
from portal_archive.archive.events.passages import Passages
from portal_archive.archive.search import hits, reasons
from portal_archive.archive.search.hits import Filters
from portal_archive.archive.search.known import KnownNames
from portal_archive.archive.search.query import Query, parse_query
from portal_archive.archive.search.snippets import snippet
from portal_archive.archive.sql import row
from portal_archive.archive.storing.weight import HEAVIEST
from portal_archive.archive.watches import memory
from portal_archive.archive.watches.declared import NEW, Watch
from portal_archive.archive.watches.memory import Progress
from portal_archive.model.errors import WatchError
from portal_archive.model.kinds import ChangeWeight, EventKind

# A watch finds articles that seem to be tampered with, too.
_EVERY = Filters(suspicious=True)
_NEW = """
SELECT 'new-' || a.id AS id, a.first_seen AS seen_at, 'new' AS kind, a.portal, w.title AS portal_title,
       a.id AS article_id, a.title, a.url, NULL AS from_url, NULL AS version, NULL AS weight,
       '/article/' || a.id AS permalink
FROM articles a JOIN portals w ON w.name = a.portal
WHERE a.id > :above AND a.id <= :newest AND (:since IS NULL OR a.first_seen >= :since) ORDER BY a.id
"""
_PORTALS = """
SELECT w.name, n.slug FROM portals w LEFT JOIN provinces o ON o.id = w.province
LEFT JOIN provinces n ON n.id = coalesce(o.successor, o.id)
"""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to tell: a row of the view `events`, or of a new article in its form; its words; the words that hit."""

    event: sqlite3.Row
    words: Passages
    hit: tuple[tuple[str, bool], ...] = ()

    @property
    def id(self) -> str:
        """The name by which it is remembered."""
        return str(self.event["id"])


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell a recipient of a watch, the heaviest first; `all_ids` names those left out too."""

    watch: Watch
    progress: Progress
    items: tuple[Item, ...]
    all_ids: tuple[str, ...]


def check(db: sqlite3.Connection, watch: Watch) -> None:
    """Raise WatchError for a search without words, and for portals and provinces that there are not."""
    for search in _queries(db, watch):
        if not search.match:
            raise WatchError(f"watch {watch.name!r}: the search asks for no word")
    portals = {
        name for (name,) in db.execute("SELECT name FROM portals UNION SELECT name FROM declared_portals")
    }
    slugs = {slug for (slug,) in db.execute("SELECT slug FROM provinces WHERE successor IS NULL")}
    for what, named, known in (("portal", watch.portals, portals), ("province", watch.provinces, slugs)):
        if unknown := sorted(set(named) - known):
            raise WatchError(f"watch {watch.name!r}: there is no {what} {unknown[0]!r}")


def news(
    db: sqlite3.Connection,
    events: Sequence[sqlite3.Row],
    watch: Watch,
    progress: Progress,
    newest: int,
    most: int,
) -> News:
    """Return what a recipient has not been sent yet, of articles up to the number `newest`; at most `most` items.

    `events` are all that were seen since `progress.events_since`, or more.
    """
    told = memory.sent(db, progress)
    portals = _portals(db, watch)
    candidates = [
        event
        for event in _candidates(db, events, watch, progress, newest)
        if event["id"] not in told and (portals is None or event["portal"] in portals)
    ]
    of_article = _matching(db, watch, {event["article_id"] for event in candidates})
    found = sorted(
        (event for event in candidates if event["article_id"] in of_article), key=lambda event: _rank(event)
    )
    items = tuple(_item(db, event, of_article[event["article_id"]]) for event in found[:most])
    return News(watch, progress, items, tuple(event["id"] for event in found))


def count(db: sqlite3.Connection, watch: Watch) -> int:
    """Return how many articles are of a watch now."""
    portals = _portals(db, watch)
    of_portal: dict[int | None, str] = dict(db.execute("SELECT id, portal FROM articles").fetchall())
    matching = _matching(db, watch, set(of_portal))
    return sum(portals is None or of_portal[number] in portals for number in matching)


def _candidates(
    db: sqlite3.Connection, events: Sequence[sqlite3.Row], watch: Watch, progress: Progress, newest: int
) -> Iterator[sqlite3.Row]:
    if NEW in watch.events:
        since = progress.begun_at if progress.is_first else None
        values = {"above": progress.last_article, "newest": newest, "since": since}
        cursor = db.cursor()
        cursor.row_factory = sqlite3.Row
        yield from cursor.execute(_NEW, values)
    lightest = HEAVIEST.index(watch.weight)
    for event in events:
        is_untold = event["seen_at"] >= progress.events_since
        is_light = event["weight"] and HEAVIEST.index(ChangeWeight(event["weight"])) > lightest
        if is_untold and event["kind"] in watch.events and not is_light:
            yield event


def _rank(event: sqlite3.Row) -> tuple[int, str]:
    # New articles stand between what was taken down or put in and what was changed.
    kind = event["kind"]
    if kind in (EventKind.INJECTED, EventKind.GONE):
        return 0, kind
    if kind == NEW:
        return 1, ""
    return (2 + HEAVIEST.index(ChangeWeight(event["weight"])) if event["weight"] else 20), kind


def _portals(db: sqlite3.Connection, watch: Watch) -> set[str] | None:
    """Return the portals that a watch is narrowed to, None for all."""
    if not (watch.portals or watch.provinces):
        return None
    found = db.execute(_PORTALS).fetchall()
    return {
        name
        for name, slug in found
        if (not watch.portals or name in watch.portals) and (not watch.provinces or slug in watch.provinces)
    }


def _queries(db: sqlite3.Connection, watch: Watch) -> list[Query]:
    searches = [parse_query(watch.search, KnownNames(db))] if watch.search else []
    return searches + [parse_query(f'"{name}"') for name in watch.people]


def _matching(
    db: sqlite3.Connection, watch: Watch, numbers: set[int | None]
) -> dict[int | None, Query | None]:
    """Return those of these articles that are of a watch, each with the search that finds it.

    None stands for pages that show no article; they are of watches of whole portals.
    """
    searches = _queries(db, watch)
    if not (searches or watch.articles):
        return dict.fromkeys(numbers)
    found: dict[int | None, Query | None] = dict.fromkeys(_named(db, watch) & numbers)
    for search in searches:
        for number in _found_by(db, search, numbers - {None}):
            found[number] = found.get(number) or search
    return found


def _named(db: sqlite3.Connection, watch: Watch) -> set[int]:
    numbers = {one for one in watch.articles if isinstance(one, int)}
    addresses = [one for one in watch.articles if isinstance(one, str)]
    stored = db.execute(
        "SELECT article_id FROM article_urls WHERE url IN (SELECT value FROM json_each(?))",
        [json.dumps(addresses)],
    )
    return numbers | {number for (number,) in stored}


def _found_by(db: sqlite3.Connection, search: Query, numbers: Iterable[int | None]) -> set[int]:
    """Return those of these articles that a search finds, or found before they were changed."""
    places = dict(
        db.execute(
            "SELECT search_order, id FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(numbers))],
        ).fetchall()
    )
    index, where, values = hits.conditions(db, search, _EVERY)
    matched = db.execute(
        f"SELECT f.rowid FROM {index} f WHERE {where} AND f.rowid IN (SELECT value FROM json_each(?))",
        [*values, json.dumps(sorted(places))],
    )
    orders = {order for (order,) in matched}
    orders |= set(hits.removed(db, search, _EVERY)[0]) & places.keys()
    return {places[order] for order in orders}


def _item(db: sqlite3.Connection, event: sqlite3.Row, search: Query | None) -> Item:
    words = passages.of_event(db, event) if event["kind"] != NEW else Passages()
    article = row(db, "SELECT * FROM articles WHERE id = ?", event["article_id"])
    if article is None:
        return Item(event, words)
    if search is None:
        return Item(event, words, () if words.shown else tuple(_beginning(article)))
    shown = reasons.columns(article, search)
    text = article[shown[0]] if shown else None
    return Item(event, words, tuple(snippet(text, search, columns=shown[:1])) if text else ())


def _beginning(article: sqlite3.Row) -> Iterator[tuple[str, bool]]:
    text = article["summary"] or article["body"] or ""
    if text:
        yield from snippet(text, parse_query(""))
