"""How a search was read, part by part, each with a link that leaves it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal_archive.archive.search.query import Kind, Level, Part, Portals, Query, Term
from portal_archive.archive.search.suggest import rest_of
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts.listing import Parameters, changed

_SHOWN = 24
_PORTALS_NAMED = 3
_WAYS_NAMED = 3


def understood(
    ctx: PageContext, query: Query, kept: Parameters, portals: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the parts of a search as they were read; nothing for a single plain word.

    `portals` are the titles of the portals by name. A part is a label, the link to the search without it, and whether
    it is an alternative to the one before it.
    """
    level = query.level
    is_divided = len(level.alternatives) > 1
    if is_divided:
        wanted = [_alternative(ctx, parts, portals) for parts in level.alternatives]
    else:
        wanted = [_label(ctx, part, portals) for part in (level.alternatives or ((),))[0]]
    excluded = [ctx.t("understood.not", what=_label(ctx, part, portals)) for part in level.excluded]
    labels = [*wanted, *excluded]
    if len(labels) == 1 and wanted and _is_plain(level):
        return []
    return [
        {
            "label": label,
            "url": ctx.url("/search", changed(kept, "q", rest_of(level, place))),
            "or": is_divided and 0 < place < len(wanted),
        }
        for place, label in enumerate(labels[:_SHOWN])
    ]


def _is_plain(level: Level) -> bool:
    part = level.alternatives[0][0]
    return isinstance(part, Term) and part.kind is Kind.WORD and not part.column and len(part.variants) == 1


def _alternative(ctx: PageContext, parts: tuple[Part, ...], portals: Mapping[str, str]) -> str:
    return " ".join(_label(ctx, part, portals) for part in parts)


def _label(ctx: PageContext, part: Part, portals: Mapping[str, str]) -> str:
    if isinstance(part, Level):
        inside = f" {ctx.t('understood.or')} ".join(
            _alternative(ctx, parts, portals) for parts in part.alternatives
        )
        without = "".join(
            f" {ctx.t('understood.not', what=_label(ctx, one, portals))}" for one in part.excluded
        )
        return f"({inside}{without})"
    if isinstance(part, Portals):
        return _portals(ctx, part, portals)
    label = _words(ctx, part)
    return f"{ctx.t(f'found_in.{part.column}')}: {label}" if part.column else label


def _words(ctx: PageContext, term: Term) -> str:
    said = term.source.partition(":")[2] if term.column and ":" in term.source else term.source
    said = said.removeprefix("-").strip('"*')
    if term.column == "author":
        return said
    if term.kind in (Kind.PHRASE, Kind.PREFIX, Kind.DOCUMENT, Kind.DATE):
        return ctx.t(f"understood.{term.kind}", said=said)
    ways = [" ".join(way) for way in term.variants[1 : 1 + _WAYS_NAMED]]
    return ctx.t("understood.also", said=said, ways=", ".join(ways)) if ways else said


def _portals(ctx: PageContext, part: Portals, portals: Mapping[str, str]) -> str:
    if not part.names:
        return ctx.t("understood.no_portal", said=part.said)
    named = ", ".join(portals.get(name, name) for name in part.names[:_PORTALS_NAMED])
    more = len(part.names) - _PORTALS_NAMED
    return ctx.t("understood.portal", names=named) + (
        f" {ctx.t('understood.more', n=more)}" if more > 0 else ""
    )
