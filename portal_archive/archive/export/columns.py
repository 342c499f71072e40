"""What the columns of all tables hold: type, whether a value may be missing, allowed values, keys, units.

Column names mean the same in every table but where `_OF_TABLE` says otherwise. Types are those of Frictionless Table
Schema: string, integer, number, boolean, datetime (UTC), date, array and object (as JSON).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from portal_archive.archive.counters.series import MEASURES
from portal_archive.archive.export.json_columns import ARRAYS, OBJECTS
from portal_archive.archive.export.tables import EXPORTS
from portal_archive.model.kinds import (
    ChangeWeight,
    DoubtRule,
    DoubtState,
    FileReason,
    FindingKind,
    Kind,
    LinkKind,
    Outcome,
    PageState,
    PortalState,
    Precision,
)

_MOMENTS = frozenset(
    "came_back_at closed_at decided_at discovered_at fetched_at finished_at first_seen gone_at judged_at"
    " last_active_at last_seen last_visit merged_at missing_since next_visit read_at recognised_at seen_at sent_at"
    " since started_at until".split()
)
_DAYS = frozenset("day valid_from valid_to".split())
_BOOLEANS = frozenset("conditional flagged imported is_current lost".split())
_SQL_TYPES = {"INTEGER": "integer", "REAL": "number"}
_INTEGERS = frozenset(
    "article_id capture_id capture_length capture_offset page reading_id story_id value version".split()
)

_BYTES = "byte"
_UNITS = {
    **dict.fromkeys(("length", "offset", "capture_length", "capture_offset"), _BYTES),
    **dict.fromkeys(MEASURES, "visits"),
    **dict.fromkeys(("start", "end"), "character"),
    **dict.fromkeys(("words_added", "words_left_out"), "word"),
    **dict.fromkeys(("percent_changed", "confidence"), "percent"),
    "views": "reads",
}


def _values(*kinds: type[Kind]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind.value for every in kinds for kind in every))


_CONTRADICTIONS = (
    *(
        "even_growth",
        "jumped",
        "month_kept",
        "month_over_total",
        "month_over_year",
        "same_growth",
        "stood_still",
    ),
    *("today_over_month", "today_over_total", "today_over_year", "total_fell", "year_over_total"),
)
EVENTS = ("changed", "gone", "came-back", "moved", "injected", "held")
_ALLOWED: dict[str, tuple[str | int, ...]] = {
    "published_precision": _values(Precision),
    "measure": MEASURES,
    "verdict": ("confirmed", "dismissed"),
    "weight": _values(ChangeWeight),
    "captures.kind": _values(Outcome),
    "pages.kind": _values(LinkKind, Outcome),
    "pages.state": _values(PageState),
    "pages.queue": (0, 1, 2, 3, 4),
    "findings.kind": _values(FindingKind),
    "crawls.state": _values(PortalState),
    "portal_states.state": _values(PortalState),
    "doubts.rule": _values(DoubtRule),
    "doubts.state": _values(DoubtState),
    "attachments.reason": _values(FileReason),
    "unclaimed_texts.reason": _values(FileReason),
    "events.kind": EVENTS,
    "counter_marks.kind": _CONTRADICTIONS,
    "counter_series.reason": ("script", "unavailable", "impossible", "unknown"),
    "provinces.unit": ("tỉnh", "thành phố"),
}
_PATTERNS = {
    "problems.kind": r"(http-\d{3}|[a-z0-9]+(-[a-z0-9]+)*)",
    "digest": "sha1:.+",
    "sha256": "[0-9a-f]{64}",
}

# Columns that always have a value although no table says so; text that is always there may yet be "".
_ALWAYS = {
    "article_versions": "id article_id version first_seen last_seen portal url is_current content_hash flagged",
    "article_views": "portal article_url",
    "attachment_pages": "article_id position url page text",
    "attachments": "portal article_url",
    "counter_marks": "portal portal_title reading_id url read_at day measure kind details",
    "counter_series": "reading_id portal portal_title url read_at day measure",
    "crawl_fields": "portal started_at",
    "events": "id seen_at kind portal portal_title url",
    "images": "portal article_url",
    "portal_places": "portal portal_title",
    "story_articles": "portal article_url first_seen",
    "articles": "flagged permalink portal_title",
    "findings": "portal_title",
    "counter_readings": "portal_title",
}
# Text that is always there and may be "", which CSV cannot tell from a missing value.
_MAY_BE_BLANK = frozenset(
    "article_url content_hash detail details examples field methods page_spans printed reasons span tags text"
    " text_hash title note".split()
)
_KEYS: dict[str, tuple[str, ...]] = {
    "absences": ("article_id", "gone_at"),
    "article_urls": ("portal", "url"),
    "article_versions": ("id",),
    "article_views": ("article_id", "seen_at"),
    "attachment_pages": ("article_id", "position", "page"),
    "attachments": ("article_id", "position"),
    "counter_marks": ("reading_id", "measure", "kind"),
    "counter_series": ("reading_id", "measure"),
    "crawl_fields": ("crawl_id", "field"),
    "events": ("id",),
    "images": ("article_id", "position"),
    "portal_places": ("portal",),
}
_REFERS = {
    "article_id": ("articles", "id"),
    "capture_id": ("captures", "id"),
    "crawl_id": ("crawls", "id"),
    "first_article": ("articles", "id"),
    "merged_into": ("articles", "id"),
    "original_article": ("articles", "id"),
    "portal": ("portals", "name"),
    "reading_id": ("counter_readings", "id"),
    "revisit_of": ("captures", "id"),
    "story_id": ("stories", "id"),
    "successor": ("provinces", "id"),
}
_OF_TABLE = {
    "portals.province": ("provinces", "id"),
    "declared_portals.province": ("provinces", "id"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `required`: it always has a value; `refers`: the table and column that its values are of."""

    name: str
    type: str
    required: bool = False
    allowed: tuple[str | int, ...] = ()
    pattern: str = ""
    unit: str = ""
    refers: tuple[str, str] | None = None


def columns_of(db: sqlite3.Connection, table: str) -> list[Column]:
    """Return the columns of a table or view as they are stored, in order."""
    return [
        _column(table, name, kind, bool(required or key))
        for _, name, kind, required, _default, key in db.execute(f"PRAGMA table_info('{table}')")
    ]


def exported_columns(db: sqlite3.Connection, table: str) -> list[Column]:
    """Return the columns of the export of `table`, in order; `db` has the functions of `counters.series`."""
    stored = {column.name: column for column in columns_of(db, table)}
    added = EXPORTS[table].added
    return [
        _column(table, name, "", required=False) if name in added or name not in stored else stored[name]
        for name in EXPORTS[table].columns(db)
    ]


def primary_key(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Return the columns whose values name a row of a table, view or export; () where there are none."""
    stored = sorted((key, name) for _, name, *_, key in db.execute(f"PRAGMA table_info('{table}')") if key)
    return _KEYS.get(table) or tuple(name for _, name in stored)


def _column(table: str, name: str, sql_type: str, required: bool) -> Column:
    always = required or name in _ALWAYS.get(table, "").split()
    refers = _OF_TABLE.get(f"{table}.{name}") or _REFERS.get(name)
    if refers == (table, name) or (table == "merges" and name == "article_id"):
        refers = None
    return Column(
        name,
        _type(name, sql_type, table),
        required=always,
        allowed=_ALLOWED.get(f"{table}.{name}") or _ALLOWED.get(name, ()),
        pattern=_PATTERNS.get(f"{table}.{name}") or _PATTERNS.get(name, ""),
        unit="UTC" if name in _MOMENTS else _UNITS.get(name, ""),
        refers=refers,
    )


def may_be_blank(name: str) -> bool:
    """Return whether text that is always there may be "", which CSV cannot tell from a missing value."""
    return name in _MAY_BE_BLANK


def _type(name: str, sql_type: str, table: str) -> str:
    if name in _BOOLEANS:
        return "boolean"
    if name in _MOMENTS:
        return "datetime"
    if name in _DAYS:
        return "date"
    if name in ARRAYS:
        return "array"
    if name in OBJECTS:
        return "object"
    if sql_type in _SQL_TYPES:
        return _SQL_TYPES[sql_type]
    return "integer" if name in _INTEGERS else "number" if name == "confidence" else "string"
