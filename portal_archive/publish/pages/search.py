"""`/search`: results with facets, filters and marked snippets; every search is an address."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette.utils.asgi import Response
from markupsafe import Markup, escape

from portal_archive.archive.search import hits
from portal_archive.archive.search.filter_terms import FLAGS
from portal_archive.archive.search.hits import Filters, Found, Hit
from portal_archive.archive.search.query import parse_query
from portal_archive.archive.search.snippets import Query, snippet
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.pages.article import find
from portal_archive.publish.parts import cards, formats
from portal_archive.publish.parts.cards import card
from portal_archive.publish.parts.downloads import offers
from portal_archive.publish.parts.listing import Parameters, changed, facet, start

_SIZE = 20
_VALUES_SHOWN = 8
_SUSPICIOUS = "suspicious"
_FILTERS = ("province_now", "province", "portal", "year", "category", "flag", "since", "until")
# Beyond this no one turns pages; the whole result is there as a table.
_LAST_START = hits.COUNTED


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its address states it."""

    query: Query
    filters: Filters
    relevance: bool
    start: int


@dataclass(frozen=True, slots=True)
class _Page:
    found: Found
    hits: list[Hit]
    labels: dict[str, dict[str, str]]
    hidden: int
    address: int | None


def asked(ctx: PageContext) -> Asked:
    """Return what the address asks for; what it states wrongly is left out, and is no error."""
    return Asked(
        query=parse_query(ctx.arg("q")),
        filters=Filters(
            **{name: ctx.arg(name) for name in _FILTERS[:6]},
            exact=bool(ctx.arg("exact")),
            suspicious=bool(ctx.arg(_SUSPICIOUS)),
            since=_day(ctx.arg("since")),
            until=_day(ctx.arg("until")),
        ),
        relevance=ctx.arg("sort") == "relevance",
        start=start(ctx, _LAST_START),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _read(db: sqlite3.Connection, wanted: Asked, typed: str) -> _Page:
    address = find(db, typed) if typed.startswith(("http://", "https://")) else None
    found = hits.find(db, wanted.query, wanted.filters)
    orders = hits.best(db, wanted.query, wanted.filters, found) if wanted.relevance else found.orders
    shown = hits.page(db, wanted.query, wanted.filters, orders, cards.COLUMNS, start=wanted.start, size=_SIZE)
    labels = {
        "portal": dict(db.execute("SELECT name, title FROM portals").fetchall()),
        "province": dict(db.execute("SELECT id, unit || ' ' || name FROM provinces").fetchall()),
    }
    labels["province_now"] = labels["province"]
    hidden = hits.suspicious(db, wanted.query, wanted.filters)
    return _Page(found, shown, labels, hidden, address)


async def search(ctx: PageContext) -> Any:
    """Show the results of a search."""
    wanted = asked(ctx)
    read = await ctx.read(lambda db: _read(db, wanted, ctx.arg("q")))
    if read.address:
        return Response.redirect(ctx.url(f"/article/{read.address}"))
    typed, kept = ctx.arg("q"), parameters(ctx)
    more = len(read.hits) > _SIZE
    return await ctx.page(
        "room_search.html",
        title=ctx.t("results.title", query=typed) if typed else ctx.t("results.title_blank"),
        count=_count(ctx, read),
        groups=_groups(ctx, wanted, read.hits[:_SIZE]),
        nothing=not read.hits,
        facets=[_facet(ctx, name, read, kept) for name in hits.FACETS if read.found.facets[name]],
        partial=ctx.t("results.partial", n=hits.COUNTED) if read.found.more else "",
        kept=[
            (name, value) for name, value in kept if name not in ("since", "until", "q", "exact", _SUSPICIOUS)
        ],
        q=typed,
        since=ctx.arg("since"),
        until=ctx.arg("until"),
        exact=wanted.filters.exact,
        suspicious=wanted.filters.suspicious,
        hidden=ctx.t("results.hidden", n=read.hidden) if read.hidden else "",
        show_url=ctx.url("/search", changed(kept, _SUSPICIOUS, "1")),
        active=_active(ctx, read, kept),
        sorts=[
            (ctx.t(f"results.{name}"), ctx.url("/search", changed(kept, "sort", value)), current)
            for name, value, current in (
                ("newest", "", not wanted.relevance),
                ("relevance", "relevance", wanted.relevance),
            )
        ],
        formats=offers(ctx, "/search", kept),
        feed_url=ctx.url("/search.atom", kept),
        next_url=ctx.url("/search", changed(kept, "start", str(wanted.start + _SIZE))) if more else "",
        first_url=ctx.url("/search", kept) if wanted.start else "",
    )


def parameters(ctx: PageContext) -> Parameters:
    """Return what an address needs to repeat this search, without the place in its result."""
    return [
        (name, value) for name in ("q", *_FILTERS, "exact", _SUSPICIOUS, "sort") if (value := ctx.arg(name))
    ]


def _count(ctx: PageContext, read: _Page) -> str:
    count = len(read.found.orders)
    if read.found.more:
        return ctx.t("results.over", n=hits.COUNTED)
    return ctx.t("results.count", n=count)


def _groups(ctx: PageContext, wanted: Asked, shown: list[Hit]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for exact, key in ((True, "results.exact_here"), (False, "results.loose_here")):
        lines = [_line(ctx, wanted.query, hit) for hit in shown if hit.exact == exact]
        if lines:
            groups.append({"label": ctx.t(key) if wanted.query.has_accents else "", "lines": lines})
    return groups


def _line(ctx: PageContext, query: Query, hit: Hit) -> dict[str, Any]:
    row, exact = hit.row, hit.exact and query.has_accents
    line = card(ctx, row)
    line["title"] = _marked(snippet(line["title"], query, length=400, exact=exact))
    texts = [
        "\n\n".join(text for text in (row["summary"], row["body"]) if text),
        row["captions"] or "",
        row["attachment_text"] or "",
    ]
    pieces = [snippet(text, query, exact=exact) for text in texts if text]
    # The first text that shows a match; the beginning of the article where the title alone matched.
    line["snippet"] = _marked(
        next((part for part in pieces if any(hit for _, hit in part)), pieces[0] if pieces else [])
    )
    return line


def _marked(pieces: Iterable[tuple[str, bool]]) -> Markup:
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if hit else escape(text) for text, hit in pieces
    )


def _facet(ctx: PageContext, name: str, read: _Page, kept: Parameters) -> dict[str, Any]:
    counts: Counter[str] = read.found.facets[name]
    ranked = sorted((item for item in counts.items() if item[1]), key=lambda item: (-item[1], item[0]))
    if name == "year":
        ranked.sort(reverse=True)
    shown = ranked[: _VALUES_SHOWN + 4 if name == "year" else _VALUES_SHOWN]
    values = ((value, _label(ctx, name, value, read), count) for value, count in shown)
    return facet(ctx, "/search", kept, name, ctx.t(f"facet.{name}"), values)


def _label(ctx: PageContext, name: str, value: str, read: _Page) -> str:
    if name == "flag":
        return ctx.t(f"flag.{value}") if value in FLAGS else value
    if name in ("since", "until"):
        return formats.day(value) if _day(value) else value
    return read.labels.get(name, {}).get(value, value)


def _active(ctx: PageContext, read: _Page, kept: Parameters) -> list[tuple[str, str]]:
    labels = {"since": ctx.t("results.since"), "until": ctx.t("results.until")}
    return [
        (
            f"{labels.get(name) or ctx.t(f'facet.{name}')}: {_label(ctx, name, value, read)}",
            ctx.url("/search", changed(kept, name, "")),
        )
        for name, value in kept
        if name in _FILTERS
    ]
