"""`/changes`: what was changed, taken down, put back, moved or put into articles, with the words; and as a feed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from typing import Any

from portal_archive.archive.events import passages, query
from portal_archive.archive.events.passages import Passages
from portal_archive.archive.events.query import FACETS, PUBLIC, Asked, Order
from portal_archive.archive.storing.weight import HEAVIEST
from portal_archive.model.kinds import ChangeWeight, EventKind
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.parts import formats
from portal_archive.publish.parts.feeds import Entry, absolute, feed
from portal_archive.publish.parts.listing import Parameters, changed, facet, folded, start
from portal_archive.publish.parts.passage_html import as_html, field_name
from portal_archive.vietnamese.folding import sort_key

_SIZE = 25
_FEED_ENTRIES = 50
_FARTHEST = 20_000
_VALUES_SHOWN = 8
_LANES = {"kind": [str(kind) for kind in PUBLIC], "weight": [str(weight) for weight in HEAVIEST]}
# Periods to choose from, in days up to the newest event; 0 is all there ever was.
_PERIODS = (7, 30, 365, 0)
_PERIOD = 30
_FEED_DAYS = 90
_NAMES = tuple(field.name for field in fields(Asked))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the address asks for; `kept` are its parameters that mean something."""

    asked: Asked
    order: Order
    kept: Parameters
    days: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    total: int
    facets: dict[str, Counter[str]]
    events: list[tuple[sqlite3.Row, Passages]]
    portals: dict[str, str]
    provinces: dict[str, str]
    article: str


def _wanted(ctx: PageContext) -> _Wanted:
    given = {name: ctx.arg(name) for name in _NAMES}
    for name, values in _LANES.items():
        if given[name] not in values:
            given[name] = ""
    days = {name: _day(given[name]) for name in ("since", "until")}
    article = given["article"]
    number = int(article) if article.isdecimal() and len(article) < 19 else None
    asked = Asked(
        given["kind"],
        given["weight"],
        given["portal"],
        given["province"],
        number,
        days["since"],
        days["until"],
    )
    typed = ctx.arg("sort")
    order = Order(typed) if typed in list(Order) else Order.DAYS
    kept = [(name, str(value)) for name in _NAMES if (value := getattr(asked, name))]
    if order is not Order.DAYS:
        kept.append(("sort", order))
    if not _has_period(asked):
        return _Wanted(asked, order, kept)
    last = next((one for one in _PERIODS if ctx.arg("days") == str(one)), _PERIOD)
    return _Wanted(asked, order, kept + ([("days", str(last))] if last != _PERIOD else []), last)


def _has_period(asked: Asked) -> bool:
    """Whether a period of the newest days is meant: no day and no article is named."""
    return asked.since is None and asked.until is None and asked.article is None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _read(db: sqlite3.Connection, wanted: _Wanted, first: int, size: int) -> _Found:
    asked = query.of_the_last(db, wanted.asked, wanted.days) if wanted.days else wanted.asked
    total, facets = query.count(db, asked)
    title = ""
    if asked.article is not None:
        found = db.execute(
            "SELECT coalesce(title, '') FROM articles WHERE id = ?", [asked.article]
        ).fetchone()
        if found is None:
            raise MissingError
        title = found[0]
    events = query.find(db, asked, wanted.order, size, first)
    return _Found(
        total,
        facets,
        [(event, passages.of_event(db, event)) for event in events],
        dict(db.execute("SELECT name, title FROM portals").fetchall()),
        dict(db.execute("SELECT slug, name FROM provinces WHERE successor IS NULL").fetchall()),
        title,
    )


async def changes(ctx: PageContext) -> Any:
    """Show what happened, the newest day first and in it the heaviest."""
    wanted, first = _wanted(ctx), start(ctx, _FARTHEST)
    found = await ctx.read(lambda db: _read(db, wanted, first, _SIZE))
    kept = wanted.kept
    lines = [_line(ctx, event, words) for event, words in found.events]
    by_day = wanted.order is not Order.WEIGHT
    days = [(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: line["day"])]
    return await ctx.page(
        "room_changes.html",
        title=_title(ctx, wanted.asked, found),
        lead=ctx.t("changes.lead"),
        count=ctx.t("changes.count", n=found.total) if found.total else ctx.t("changes.none"),
        groups=days if by_day else [("", lines)],
        kinds=_switch(ctx, wanted, found),
        facets=[_facet(ctx, name, wanted, found) for name in FACETS if name != "kind"],
        periods=_periods(ctx, wanted),
        since=wanted.asked.since or "",
        until=wanted.asked.until or "",
        others=[pair for pair in kept if pair[0] not in ("since", "until", "days")],
        sorts=[
            (
                ctx.t(f"changes.sort_{order}"),
                ctx.url("/changes", changed(kept, "sort", order if order is not Order.DAYS else "")),
                order is wanted.order,
            )
            for order in Order
        ],
        active=_active(ctx, wanted, found),
        feed_url=ctx.url("/changes.atom", [pair for pair in kept if pair[0] in _NAMES]),
        table_url=ctx.table_url("events", [("_sort_desc", "seen_at")]),
        previous_url=ctx.url("/changes", changed(kept, "start", str(max(0, first - _SIZE) or "")))
        if first
        else "",
        next_url=ctx.url("/changes", changed(kept, "start", str(first + _SIZE)))
        if first + _SIZE < found.total and first < _FARTHEST
        else "",
    )


def _title(ctx: PageContext, asked: Asked, found: _Found) -> str:
    """Return what the page or the feed is about, all that narrows it included."""
    parts = [ctx.t(f"changes.{asked.kind}") if asked.kind else ctx.t("changes.title")]
    if asked.article is not None:
        parts.append(found.article or ctx.t("article.untitled"))
    parts += [label for name, label in _labels(ctx, asked, found) if name not in ("kind", "article")]
    return " · ".join(parts)


def _labels(ctx: PageContext, asked: Asked, found: _Found) -> Iterable[tuple[str, str]]:
    """Give what narrows the list, in words."""
    if asked.kind:
        yield "kind", ctx.t(f"changes.{asked.kind}")
    if asked.weight:
        yield "weight", ctx.t(f"weight.{asked.weight}")
    if asked.portal:
        yield "portal", found.portals.get(asked.portal, asked.portal)
    if asked.province:
        yield "province", found.provinces.get(asked.province, asked.province)
    if asked.article is not None:
        yield "article", found.article or ctx.t("article.untitled")
    for name, day in (("since", asked.since), ("until", asked.until)):
        if day:
            yield name, ctx.t(f"changes.{name}", day=formats.day(day.isoformat()))


def _active(ctx: PageContext, wanted: _Wanted, found: _Found) -> list[tuple[str, str]]:
    return [
        (label, ctx.url("/changes", changed(wanted.kept, name, "")))
        for name, label in _labels(ctx, wanted.asked, found)
    ]


def _switch(ctx: PageContext, wanted: _Wanted, found: _Found) -> list[tuple[str, str, str, bool]]:
    """Return the kinds of events with how many there are of each, and the way to them."""
    counts = found.facets["kind"]
    every = [("", ctx.t("changes.any"), counts.total())]
    kinds = [(str(kind), ctx.t(f"changes.{kind}"), counts[kind]) for kind in PUBLIC]
    return [
        (
            label,
            ctx.number(n),
            ctx.url("/changes", changed(wanted.kept, "kind", value)),
            wanted.asked.kind == value,
        )
        for value, label, n in every + kinds
    ]


def _periods(ctx: PageContext, wanted: _Wanted) -> list[tuple[str, str, bool]]:
    kept = [pair for pair in wanted.kept if pair[0] not in ("since", "until", "days")]
    return [
        (
            ctx.t("changes.last_days", n=days) if days else ctx.t("changes.ever"),
            ctx.url("/changes", changed(kept, "days", "" if days == _PERIOD else str(days))),
            _has_period(wanted.asked) and days == wanted.days,
        )
        for days in _PERIODS
    ]


def _facet(ctx: PageContext, name: str, wanted: _Wanted, found: _Found) -> dict[str, Any]:
    counts = found.facets[name]
    if name == "weight":
        values = [(str(one), ctx.t(f"weight.{one}"), counts[one]) for one in HEAVIEST if counts[one]]
    else:
        labels = found.portals if name == "portal" else found.provinces
        values = [(value, labels.get(value, value), n) for value, n in counts.items()]
        values.sort(key=lambda value: (-value[2], sort_key(value[1])))
    title = ctx.t({"weight": "changes.weight", "portal": "list.portal", "province": "list.province"}[name])
    return folded(ctx, facet(ctx, "/changes", wanted.kept, name, title, values), _VALUES_SHOWN)


def _line(ctx: PageContext, event: sqlite3.Row, words: Passages) -> dict[str, Any]:
    article = event["article_id"]
    return {
        "id": event["id"],
        "kind": event["kind"],
        "label": _label(ctx, event),
        "title": event["title"] or (ctx.t("article.untitled") if article else event["url"]),
        "url": ctx.url(f"/article/{article}") if article else ctx.url(event["permalink"]),
        "diff_url": ctx.url(event["permalink"]) if event["kind"] == EventKind.CHANGED else "",
        "day": formats.day(event["seen_at"]),
        "when": formats.minute(event["seen_at"]),
        "portal": event["portal_title"],
        "portal_url": ctx.url(f"/portal/{event['portal']}"),
        "passages": [(field_name(ctx, passage), passage.pieces) for passage in words.shown],
        "note": passages.kinds_of(event, ctx.lang),
        "others": ctx.t("changes.others", n=words.others) if words.others else "",
    }


def _label(ctx: PageContext, event: sqlite3.Row) -> str:
    if event["kind"] == EventKind.CHANGED and event["weight"]:
        return ctx.t(f"weight.{ChangeWeight(event['weight'])}")
    return ctx.t(f"changes.{EventKind(event['kind'])}")


async def atom(ctx: PageContext) -> Any:
    """Answer with an Atom feed of the newest events that the address asks for."""
    wanted = _wanted(ctx)
    kept = [pair for pair in wanted.kept if pair[0] in _NAMES]
    newest = _Wanted(wanted.asked, Order.NEWEST, kept, _FEED_DAYS if _has_period(wanted.asked) else 0)
    found = await ctx.read(lambda db: _read(db, newest, 0, _FEED_ENTRIES))
    entries = [_entry(ctx, event, words) for event, words in found.events]
    title = _title(ctx, newest.asked, found)
    return feed(ctx, title, "/changes.atom", "/changes", newest.kept, entries)


def _entry(ctx: PageContext, event: sqlite3.Row, words: Passages) -> Entry:
    line = _line(ctx, event, words)
    told = [line["note"]] if line["note"] else []
    told += [f"{field_name(ctx, one)}: {passages.as_text(one, ctx.lang)}" for one in words.shown]
    return Entry(
        key=f"{absolute(ctx, '/changes')}#{event['id']}",
        title=f"{line['label']}: {line['title']}",
        page=absolute(ctx, event["permalink"]),
        via=ctx.outside(event["url"] or ""),
        published=event["seen_at"],
        updated=event["seen_at"],
        author=event["portal_title"],
        summary=" · ".join([line["portal"], line["when"], *told]),
        content=as_html(ctx, words, " · ".join(filter(None, (line["portal"], line["when"], line["note"])))),
    )
