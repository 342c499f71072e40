"""`/search`: results with facets, filters and marked snippets; every search is an address."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.archive.search import hits, names, ranking
from portal_archive.archive.search.filter_terms import FLAGS
from portal_archive.archive.search.hits import Filters, Found
from portal_archive.archive.search.names import Named
from portal_archive.archive.search.query import Query
from portal_archive.archive.search.ranking import REMOVED, Group, Hit
from portal_archive.archive.search.suggest import Suggestion, suggestions
from portal_archive.archive.search.tokens import MOST_TOKENS, is_cut
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.pages.article import find
from portal_archive.publish.parts import cards, formats, hit_lines
from portal_archive.publish.parts.downloads import offers
from portal_archive.publish.parts.hit_lines import Reason
from portal_archive.publish.parts.listing import Parameters, changed, facet, folded, start
from portal_archive.publish.parts.typed import understand
from portal_archive.publish.parts.understood import understood

_SIZE = 20
_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_WRITTEN_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_VALUES_SHOWN = 8
_SUSPICIOUS, _REMOVED = "suspicious", "removed"
_SWITCHES = ("exact", _SUSPICIOUS, _REMOVED)
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
    # What the address states besides, and is no filter: a day that is none, a flag that there is not.
    ignored: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    found: Found
    groups: list[Group]
    hits: list[Hit]
    reasons: list[Reason]
    labels: dict[str, dict[str, str]]
    hidden: int
    address: int | None
    suggested: list[Suggestion]
    named: list[Named]


async def asked(ctx: PageContext) -> Asked:
    """Return what the address asks for; what it states wrongly is left out, and is no error."""
    query = await understand(ctx)
    days = {name: _day(ctx.arg(name)) for name in ("since", "until")}
    known = {name: ctx.arg(name) for name in _FILTERS[:6]}
    ignored = [(name, ctx.arg(name)) for name, day in days.items() if ctx.arg(name) and day is None]
    for name, is_known in (
        ("flag", known["flag"] in FLAGS),
        ("year", _YEAR.fullmatch(known["year"]) is not None),
    ):
        if known[name] and not is_known:
            ignored.append((name, known[name]))
            known[name] = ""
    since, until = days["since"], days["until"]
    if since and until and since > until:
        since, until = until, since
    return Asked(
        query=query,
        filters=Filters(
            portal=known["portal"],
            province=known["province"],
            province_now=known["province_now"],
            year=known["year"],
            category=known["category"],
            flag=known["flag"],
            exact=bool(ctx.arg("exact")),
            suspicious=bool(ctx.arg(_SUSPICIOUS)),
            removed=bool(ctx.arg(_REMOVED)),
            since=since,
            until=until,
        ),
        # Whoever types words looks for them; whoever types none, for what is new.
        relevance=ctx.arg("sort") == "relevance" or (bool(query.terms) and ctx.arg("sort") != "newest"),
        start=start(ctx, _LAST_START),
        ignored=tuple(ignored),
    )


def _day(text: str) -> date | None:
    """Return a day as people write it, 2024-03-31 or 31/3/2024; None for what is no day."""
    found = _WRITTEN_DAY.fullmatch(text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _read(db: sqlite3.Connection, wanted: Asked, typed: str) -> _Page:
    query, filters = wanted.query, wanted.filters
    found = hits.find(db, query, filters)
    groups = ranking.ranked(db, query, filters, found, by_words=wanted.relevance)
    shown = ranking.page(db, groups, cards.COLUMNS, start=wanted.start, size=_SIZE)
    labels = {
        "portal": dict(db.execute("SELECT name, title FROM portals").fetchall()),
        "province": dict(db.execute("SELECT id, unit || ' ' || name FROM provinces").fetchall()),
    }
    labels["province_now"] = labels["province"]
    nothing = not shown and not wanted.start
    return _Page(
        found,
        groups,
        shown,
        [hit_lines.reason(db, hit, groups[hit.group], query) for hit in shown[:_SIZE]],
        labels,
        hidden=hits.suspicious(db, query, filters),
        address=find(db, typed) if _ADDRESS.fullmatch(typed) else None,
        suggested=suggestions(db, typed, query, filters) if nothing else [],
        named=names.named(db, query, nothing=nothing),
    )


async def search(ctx: PageContext) -> Any:
    """Show the results of a search."""
    wanted = await asked(ctx)
    read = await ctx.read(lambda db: _read(db, wanted, ctx.arg("q")))
    if read.address:
        return Response.redirect(ctx.url(f"/article/{read.address}"))
    typed, kept = ctx.arg("q"), parameters(ctx, wanted)
    filters = wanted.filters
    more = len(read.hits) > _SIZE
    return await ctx.page(
        "room_search.html",
        title=ctx.t("results.title", query=typed) if typed else ctx.t("results.title_blank"),
        count=_count(ctx, read),
        groups=_groups(ctx, wanted, read),
        suggested=[_suggestion(ctx, kept, one) for one in read.suggested],
        understood=understood(ctx, wanted.query, kept, read.labels["portal"]),
        named=[_named(ctx, kept, one) for one in read.named],
        removed=_in_removed(ctx, wanted, read, kept),
        only_removed=filters.removed,
        ignored=_ignored(ctx, wanted),
        nothing=not read.hits,
        facets=[_facet(ctx, name, read, kept) for name in hits.FACETS if read.found.facets[name]],
        partial=ctx.t("results.partial", n=hits.COUNTED) if read.found.more else "",
        kept=[(name, value) for name, value in kept if name not in ("since", "until", "q", *_SWITCHES)],
        q=typed,
        since=filters.since.isoformat() if filters.since else "",
        until=filters.until.isoformat() if filters.until else "",
        exact=wanted.filters.exact,
        suspicious=wanted.filters.suspicious,
        hidden=ctx.t("results.hidden", n=read.hidden) if read.hidden else "",
        show_url=ctx.url("/search", changed(kept, _SUSPICIOUS, "1")),
        active=_active(ctx, read, kept),
        sorts=[
            (ctx.t(f"results.{name}"), ctx.url("/search", changed(kept, "sort", value)), current)
            for name, value, current in (
                ("relevance", "relevance", wanted.relevance),
                ("newest", "newest", not wanted.relevance),
            )
        ],
        formats=[*offers(ctx, "/search", kept), (ctx.t("wacz.of_search"), ctx.url("/search.wacz", kept))],
        feed_url=ctx.url("/search.atom", kept),
        end=_end(ctx, wanted, read),
        next_url=ctx.url("/search", changed(kept, "start", str(wanted.start + _SIZE))) if more else "",
        previous_url=ctx.url("/search", changed(kept, "start", str(max(0, wanted.start - _SIZE) or "")))
        if wanted.start
        else "",
    )


def parameters(ctx: PageContext, wanted: Asked) -> Parameters:
    """Return what an address needs to repeat this search, without the place in its result or what is no filter."""
    ignored = {name for name, _ in wanted.ignored}
    days = {"since": wanted.filters.since, "until": wanted.filters.until}
    found = []
    for name in ("q", *_FILTERS, *_SWITCHES, "sort"):
        day = days.get(name)
        value = day.isoformat() if day else ctx.arg(name)
        if value and name not in ignored:
            found.append((name, value))
    return found


def _count(ctx: PageContext, read: _Page) -> str:
    return _articles(ctx, len(read.found.orders), more=read.found.more)


def _articles(ctx: PageContext, count: int, *, more: bool) -> str:
    return ctx.t("results.over", n=hits.COUNTED) if more else ctx.t("results.count", n=count)


def _groups(ctx: PageContext, wanted: Asked, read: _Page) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    found = list(zip(read.hits[:_SIZE], read.reasons, strict=True))
    for number, group in enumerate(read.groups):
        lines = [
            hit_lines.line(ctx, wanted.query, hit, group, why) for hit, why in found if hit.group == number
        ]
        if lines:
            shown.append({"label": _label_of(ctx, wanted, group), "lines": lines})
    return shown


def _label_of(ctx: PageContext, wanted: Asked, group: Group) -> str:
    parts = [ctx.t(f"closeness.{group.closeness}")] if group.closeness else []
    if wanted.query.has_accents and not wanted.filters.exact and group.closeness != REMOVED:
        parts.append(ctx.t("results.exact_here" if group.exact else "results.loose_here"))
    if not group.dated:
        parts.append(ctx.t("date.unknown"))
    if group.unranked:
        parts.append(ctx.t("results.unranked"))
    if not parts:
        return ""
    return f"{' · '.join(parts)}: {_articles(ctx, len(group.orders), more=group.more)}"


def _in_removed(ctx: PageContext, wanted: Asked, read: _Page, kept: Parameters) -> dict[str, str] | None:
    """Return what leads to the articles alone that do not say any more what was typed; None where there are none."""
    count = sum(len(group.orders) for group in read.groups if group.closeness == REMOVED)
    if wanted.filters.removed or not count:
        return None
    return {
        "label": ctx.t("results.in_removed", n=count),
        "url": ctx.url("/search", changed(kept, _REMOVED, "1")),
    }


def _end(ctx: PageContext, wanted: Asked, read: _Page) -> str:
    """Return what is said where a list ends before all that was found is shown."""
    is_last = len(read.hits) <= _SIZE
    if is_last and (read.found.more or any(group.more for group in read.groups)):
        return ctx.t("results.end", n=sum(len(group.orders) for group in read.groups))
    if is_last and wanted.start and not read.hits:
        return ctx.t("results.beyond")
    return ""


def _named(ctx: PageContext, kept: Parameters, one: Named) -> tuple[str, str]:
    """Return the label and the link for somebody or something that has the name that was typed."""
    if one.kind in ("portal", "province", "province_now"):
        label = f"{ctx.t(f'facet.{one.kind}')}: {one.label}"
        return label, ctx.url("/search", changed(changed(kept, "q", one.rest), one.kind, one.value))
    if one.kind == "date":
        first, last = one.value.split()
        days = changed(changed(changed(kept, "q", one.rest), "since", first), "until", last)
        return ctx.t("named.date", name=one.label), ctx.url("/search", days)
    return ctx.t(f"named.{one.kind}", name=one.label), ctx.url("/search", changed(kept, "q", one.value))


def _suggestion(ctx: PageContext, kept: Parameters, one: Suggestion) -> dict[str, str]:
    label, query = one.text, changed(kept, "q", one.text)
    if one.without:
        label = f"{one.text} ({ctx.t('results.without', word=one.without)})"
    if one.filter:
        left_out = ("since", "until") if one.filter == "dates" else (one.filter,)
        for name in left_out:
            query = changed(query, name, "")
        label = f"{one.text} ({ctx.t('results.without_filter', name=_filter_name(ctx, left_out[0]))})"
    return {
        "label": label.strip(),
        "count": ctx.t("results.count", n=one.count),
        "url": ctx.url("/search", query),
    }


def _filter_name(ctx: PageContext, name: str) -> str:
    own = {"since": "results.dates", "exact": "results.exact", _REMOVED: "results.only_removed"}
    return ctx.t(own.get(name, f"facet.{name}"))


def _ignored(ctx: PageContext, wanted: Asked) -> str:
    names = {"since": ctx.t("results.since"), "until": ctx.t("results.until")}
    what = ", ".join(
        f"{names.get(name) or ctx.t(f'facet.{name}')}: {value}" for name, value in wanted.ignored
    )
    notes = [ctx.t("results.ignored", what=what)] if what else []
    if is_cut(ctx.arg("q")):
        notes.append(ctx.t("results.cut", n=MOST_TOKENS))
    return " ".join(notes)


def _facet(ctx: PageContext, name: str, read: _Page, kept: Parameters) -> dict[str, Any]:
    counts: Counter[str] = read.found.facets[name]
    ranked = sorted((item for item in counts.items() if item[1]), key=lambda item: (-item[1], item[0]))
    if name == "year":
        ranked.sort(reverse=True)
    values = [(value, _label(ctx, name, value, read), count) for value, count in ranked]
    shown = _VALUES_SHOWN + 4 if name == "year" else _VALUES_SHOWN
    return folded(ctx, facet(ctx, "/search", kept, name, ctx.t(f"facet.{name}"), values), shown)


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
    ] + [
        (
            ctx.t(f"results.{name}" if name != _REMOVED else "results.only_removed"),
            ctx.url("/search", changed(kept, name, "")),
        )
        for name, _ in kept
        if name in _SWITCHES
    ]
