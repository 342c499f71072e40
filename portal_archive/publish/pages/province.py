"""`/provinces` and `/province/SLUG`: what the archive has of each province as it is now, and what it lacks."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.parts import cards, formats, portals
from portal_archive.publish.parts.cards import card, change_words
from portal_archive.vietnamese.folding import sort_key

_LINES = 8

# The units of today; a portal belongs to the one that its own became.
_UNITS = "SELECT * FROM provinces WHERE successor IS NULL"
_UNIT_OF = "coalesce(pr.successor, pr.id)"
_DECLARED = f"""
SELECT d.*, {_UNIT_OF} AS unit FROM declared_portals d JOIN provinces pr ON pr.id = d.province
WHERE d.name NOT IN (SELECT name FROM portals)
"""
_OF_PROVINCE = """
+a.portal IN (SELECT w.name FROM portals w JOIN provinces v ON v.id = w.province
              WHERE coalesce(v.successor, v.id) = ?)
"""
_NEWEST = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN} WHERE a.published_at IS NOT NULL AND {_OF_PROVINCE}
ORDER BY a.published_at DESC LIMIT {_LINES}
"""
_CHANGED = f"""
SELECT {cards.COLUMNS}, v.changed, v.old_changed
FROM versions v CROSS JOIN articles a ON a.id = v.article_id {cards.JOIN}
WHERE v.version > 1 AND {_OF_PROVINCE} ORDER BY v.first_seen DESC LIMIT {_LINES}
"""
_GONE = f"""
SELECT {cards.COLUMNS} FROM articles a {cards.JOIN}
WHERE a.gone_at IS NOT NULL AND a.came_back_at IS NULL AND {_OF_PROVINCE} ORDER BY a.gone_at DESC LIMIT {_LINES}
"""


@dataclass(frozen=True, slots=True)
class _Coverage:
    units: list[sqlite3.Row]
    portals: dict[str, list[sqlite3.Row]]
    declared: dict[str, list[sqlite3.Row]]
    counts: dict[str, int]

    def articles(self, unit: str) -> int:
        return sum(self.counts.get(row["name"], 0) for row in self.portals.get(unit, ()))


def _coverage(db: sqlite3.Connection, archive: str) -> _Coverage:
    found: dict[str, list[sqlite3.Row]] = {}
    for row in db.execute(portals.SQL):
        found.setdefault(row["now_id"], []).append(row)
    declared: dict[str, list[sqlite3.Row]] = {}
    for row in db.execute(_DECLARED):
        declared.setdefault(row["unit"], []).append(row)
    units = sorted(db.execute(_UNITS).fetchall(), key=lambda row: sort_key(row["name"]))
    return _Coverage(units, found, declared, portals.article_counts(db, archive))


async def provinces(ctx: PageContext) -> Any:
    """Show the provinces of today as tiles: how many portals and articles the archive has of each."""
    found = await ctx.read(lambda db: _coverage(db, ctx.archive_path))
    tiles = [
        {
            "url": ctx.url(f"/province/{unit['slug']}"),
            "name": unit["name"],
            "articles": found.articles(unit["id"]),
            "portals": len(found.portals.get(unit["id"], ())),
            "declared": len(found.declared.get(unit["id"], ())),
        }
        for unit in found.units
    ]
    most = max((tile["articles"] for tile in tiles), default=0)
    for tile in tiles:
        tile["shade"] = 0 if not tile["articles"] else 1 + min(3, 4 * tile["articles"] // (most + 1))
    return await ctx.page(
        "room_provinces.html",
        title=ctx.t("province.all"),
        lead=ctx.t("province.covered", n=sum(1 for tile in tiles if tile["articles"]), all=len(tiles)),
        tiles=tiles,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    unit: sqlite3.Row
    former: list[sqlite3.Row]
    coverage: _Coverage
    newest: list[sqlite3.Row]
    changed: list[sqlite3.Row]
    gone: list[sqlite3.Row]
    with_counter: set[str]


def _read(db: sqlite3.Connection, slug: str, archive: str) -> _Found:
    unit = db.execute(f"{_UNITS} AND slug = ?", [slug]).fetchone()
    if unit is None:
        raise MissingError
    key = [unit["id"]]
    coverage = _coverage(db, archive)
    names = [row["name"] for row in coverage.portals.get(unit["id"], ())]
    reading = "SELECT 1 FROM counter_readings WHERE portal = ? LIMIT 1"
    return _Found(
        unit,
        db.execute("SELECT * FROM provinces WHERE successor = ? ORDER BY name", key).fetchall(),
        coverage,
        db.execute(_NEWEST, key).fetchall(),
        db.execute(_CHANGED, key).fetchall(),
        db.execute(_GONE, key).fetchall(),
        {name for name in names if db.execute(reading, [name]).fetchone()},
    )


def _successor(db: sqlite3.Connection, slug: str) -> str | None:
    """Return the slug of the unit that a former province belongs to, None where there was none of this name."""
    sql = "SELECT n.slug FROM provinces p JOIN provinces n ON n.id = p.successor WHERE p.slug = ?"
    row = db.execute(sql, [slug]).fetchone()
    return row[0] if row else None


async def province(ctx: PageContext) -> Any:
    """Show a province as it is now; the address of a former one leads to what it became."""
    slug = ctx.request.url_vars["slug"]
    try:
        found = await ctx.read(lambda db: _read(db, slug, ctx.archive_path))
    except MissingError:
        successor = await ctx.read(lambda db: _successor(db, slug))
        if successor is None:
            raise
        return Response.redirect(ctx.url(f"/province/{successor}"))
    unit, now = found.unit, datetime.now(UTC)
    rows = sorted(found.coverage.portals.get(unit["id"], ()), key=lambda row: sort_key(row["title"]))
    declared = found.coverage.declared.get(unit["id"], ())
    return await ctx.page(
        "room_province.html",
        title=f"{unit['unit'][0].upper()}{unit['unit'][1:]} {unit['name']}",
        facts=[
            (ctx.t("province.seat"), unit["seat"]),
            (ctx.t("province.since"), formats.day(unit["valid_from"])),
            (ctx.t("province.former"), ", ".join(f"{row['unit']} {row['name']}" for row in found.former)),
            (ctx.t("province.source"), unit["source"]),
            (ctx.t("list.articles"), ctx.number(found.coverage.articles(unit["id"]))),
        ],
        portals=[
            portals.summary(ctx, row, found.coverage.counts.get(row["name"], 0), now)
            | {
                "counter": ctx.url("/counters") + f"#{row['name']}"
                if row["name"] in found.with_counter
                else ""
            }
            for row in rows
        ],
        declared=[
            {"title": row["title"], "address": row["home_url"], "note": row["note"]}
            for row in sorted(declared, key=lambda row: sort_key(row["title"]))
        ],
        newest=[card(ctx, row) for row in found.newest],
        changed=[card(ctx, row, change_words(ctx, row)) for row in found.changed],
        gone=[card(ctx, row) for row in found.gone],
        search_url=ctx.url("/search", [("province_now", unit["slug"])]),
        gone_url=ctx.url("/changes", [("kind", "gone"), ("province", unit["slug"])]),
        changed_url=ctx.url("/changes", [("kind", "changed"), ("province", unit["slug"])]),
        feed_url=ctx.url("/changes.atom", [("province", unit["slug"])]),
    )
