"""`/findings`: what seems tampered with, by portal and time; as a feed and as a table too.

A finding is one line however often its words stand in a field, and in however many versions of the article.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from portal_archive.archive.export.tables import EXPORTS
from portal_archive.archive.findings.findings import STRONG
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import charts, formats, tampering
from portal_archive.publish.parts.downloads import Download, Part, offers
from portal_archive.publish.parts.feeds import Entry, absolute, feed
from portal_archive.publish.parts.listing import Parameters, changed, facet, start

_SIZE = 30
_PART = 500
_FEED_ENTRIES = 50
_FACETS = ("portal", "kind", "verdict")
_OPEN = "open"
_EXPORT = EXPORTS["findings"]
# So many lines are counted, the newest; whoever needs all takes the table.
_COUNTED = 20_000
# The index is named: SQLite would take that of the kind, and read all findings of one kind for each.
_SAME = (
    "findings {0} INDEXED BY findings_version WHERE {0}.article_id = f.article_id"
    " AND {0}.kind = f.kind AND {0}.field = f.field AND {0}.span = f.span"
)
# A line is the first finding of its article, kind, field and span.
_FIRST = f"""
f.occurrence = 1 AND {{where}} AND NOT EXISTS (SELECT 1 FROM {_SAME.format("e")}
    AND e.occurrence = 1 AND {{where_e}} AND (e.first_seen, e.id) < (f.first_seen, f.id))
"""
_COUNTS = """
SELECT portal, kind, verdict, month, count(*) AS lines FROM (
    SELECT f.portal, f.kind, coalesce(f.verdict, 'open') AS verdict,
           substr(datetime(f.first_seen, '+7 hours'), 1, 7) AS month
    FROM findings f WHERE {first} ORDER BY f.first_seen DESC LIMIT {counted}
) GROUP BY portal, kind, verdict, month
"""
_LINES = f"""
SELECT f.id, f.first_seen, f.article_id, f.portal,
       coalesce((SELECT max(g.id) FROM {_SAME.format("g")}), f.id) AS newest,
       coalesce((SELECT max(g.last_seen) FROM {_SAME.format("g")}), f.last_seen) AS last_seen,
       coalesce((SELECT max(g.occurrence) FROM {_SAME.format("g")}), 1) AS places
FROM findings f WHERE {{first}} ORDER BY f.first_seen DESC, f.id DESC LIMIT ? OFFSET ?
"""
_ROWS = f"""
SELECT {tampering.COLUMNS}, a.title, w.title AS portal_title FROM findings f JOIN portals w ON w.name = f.portal
LEFT JOIN articles a ON a.id = f.article_id {tampering.JOIN} WHERE f.id IN ({{marks}})
"""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list: the finding it shows, the first of its kind, and when and how often it was seen."""

    row: sqlite3.Row
    id: int
    first_seen: str
    last_seen: str
    places: int


@dataclass(frozen=True, slots=True)
class _Page:
    count: int
    facets: dict[str, Counter[str]]
    lines: list[_Line]
    portals: dict[str, str]


def _asked(ctx: PageContext) -> Parameters:
    return [(name, value) for name in (*_FACETS, "weak") if (value := ctx.arg(name))]


def _conditions(kept: Parameters, alias: str) -> tuple[str, list[str]]:
    asked = dict(kept)
    conditions, values = [], []
    for name in ("portal", "kind"):
        if name in asked:
            conditions.append(f"{alias}.{name} = ?")
            values.append(asked[name])
    if asked.get("verdict") == _OPEN:
        conditions.append(f"{alias}.verdict IS NULL")
    elif "verdict" in asked:
        conditions.append(f"{alias}.verdict = ?")
        values.append(asked["verdict"])
    if "weak" not in asked:
        conditions.append(STRONG.replace("f.", f"{alias}."))
    return " AND ".join(conditions) or "1", values


def _first(kept: Parameters) -> tuple[str, list[str]]:
    where, values = _conditions(kept, "f")
    where_e, values_e = _conditions(kept, "e")
    return _FIRST.format(where=where, where_e=where_e), [*values, *values_e]


def _lines(db: sqlite3.Connection, kept: Parameters, start: int, size: int) -> list[_Line]:
    first, values = _first(kept)
    lines = db.execute(_LINES.format(first=first), [*values, size, start]).fetchall()
    marks = ", ".join("?" * len(lines))
    rows = db.execute(_ROWS.format(marks=marks), [line["newest"] for line in lines])
    by_id = {row["id"]: row for row in rows}
    return [
        _Line(by_id[line["newest"]], line["id"], line["first_seen"], line["last_seen"], line["places"])
        for line in lines
    ]


def _read(db: sqlite3.Connection, kept: Parameters, start: int) -> _Page:
    first, values = _first(kept)
    counted = db.execute(_COUNTS.format(first=first, counted=_COUNTED), values).fetchall()
    facets: dict[str, Counter[str]] = {name: Counter() for name in (*_FACETS, "month")}
    for row in counted:
        for name, counter in facets.items():
            counter[row[name]] += row["lines"]
    return _Page(
        count=sum(row["lines"] for row in counted),
        facets=facets,
        lines=_lines(db, kept, start, _SIZE),
        portals=dict(db.execute("SELECT name, title FROM portals").fetchall()),
    )


async def findings(ctx: PageContext) -> Any:
    """Show the findings, newest first."""
    kept = _asked(ctx)
    first = start(ctx, _COUNTED)
    read = await ctx.read(lambda db: _read(db, kept, first))
    return await ctx.page(
        "room_findings.html",
        title=ctx.t("findings.title"),
        count=_count(ctx, read.count),
        chart=_chart(ctx, read.facets["month"]),
        lines=[_line(ctx, line) for line in read.lines],
        facets=[_facet(ctx, name, read, kept) for name in _FACETS],
        weak=ctx.arg("weak"),
        weak_url=ctx.url("/findings", changed(kept, "weak", "" if ctx.arg("weak") else "1")),
        formats=offers(ctx, "/findings", kept),
        feed_url=ctx.url("/findings.atom", kept),
        previous_url=ctx.url("/findings", changed(kept, "start", str(max(0, first - _SIZE) or "")))
        if first
        else "",
        next_url=ctx.url("/findings", changed(kept, "start", str(first + _SIZE)))
        if first + _SIZE < read.count
        else "",
    )


def _count(ctx: PageContext, count: int) -> str:
    if count >= _COUNTED:
        return ctx.t("findings.over_count", n=_COUNTED)
    return ctx.t("findings.count", n=count) if count else ""


def _line(ctx: PageContext, line: _Line) -> dict[str, Any]:
    row = line.row
    article, host = row["article_id"], row["field"] == tampering.HOST
    portal = ctx.url(f"/portal/{row['portal']}")
    title = row["portal_title"] if host else row["url"]
    since = ctx.t(
        "findings.since", first=formats.minute(line.first_seen), last=formats.minute(line.last_seen)
    )
    return {
        **tampering.line(ctx, [row], line.places),
        "id": f"finding-{line.id}",
        "dossier_url": ctx.url("/dossier/add", [("item", f"finding:{line.id}")]),
        "title": (row["title"] or ctx.t("article.untitled")) if article else title,
        "url": ctx.url(f"/article/{article}") if article else portal if host else "",
        "page": "" if article else ctx.t("findings.page"),
        "portal": row["portal_title"],
        "portal_url": portal,
        "since": since,
        "over": ctx.t("findings.over") if article and not row["is_current"] else "",
    }


def _chart(ctx: PageContext, months: Counter[str]) -> Markup:
    known = sorted(months)
    points = [
        charts.Point(
            int(month[:4]) * 12 + int(month[5:]),
            months[month],
            ctx.t("findings.month_label", month=formats.month(month), n=months[month]),
        )
        for month in known
    ]
    ends = (formats.month(known[0]), formats.month(known[-1])) if known else ("", "")
    return charts.bars(points, ctx.t("findings.month"), ends)


def _facet(ctx: PageContext, name: str, read: _Page, kept: Parameters) -> dict[str, Any]:
    def label(value: str) -> str:
        if name == "portal":
            return read.portals.get(value, value)
        return tampering.kind(ctx, value) if name == "kind" else ctx.t(f"findings.{value}")

    title = ctx.t("list.portal") if name == "portal" else ctx.t(f"findings.{name}")
    values = ((value, label(value), count) for value, count in read.facets[name].most_common())
    return facet(ctx, "/findings", kept, name, title, values)


async def download(ctx: PageContext) -> Any:
    """Answer with the findings in a format of the exports: a row for each place, newest first."""
    return Download(ctx, ctx.request.url_vars["form"], "findings", partial(_part, ctx, _asked(ctx)))


def _part(ctx: PageContext, kept: Parameters, before: int | None, db: sqlite3.Connection) -> Part:
    where, values = _conditions(kept, "t")
    columns = _EXPORT.columns(db, absolute(ctx, "/").rstrip("/"))
    rows = db.execute(
        f"SELECT t.id, {', '.join(columns.values())} FROM {_EXPORT.rows}"
        f" WHERE {where} AND (? IS NULL OR t.id < ?) ORDER BY t.id DESC LIMIT {_PART}",
        [*values, before, before],
    ).fetchall()
    return Part(list(columns), [tuple(row)[1:] for row in rows], rows[-1][0] if rows else None)


async def atom(ctx: PageContext) -> Any:
    """Answer with an Atom feed of the newest findings."""
    kept = _asked(ctx)
    lines = await ctx.read(lambda db: _lines(db, kept, 0, _FEED_ENTRIES))
    entries = [_entry(ctx, line) for line in lines]
    return feed(ctx, ctx.t("findings.title"), "/findings.atom", "/findings", kept, entries)


def _entry(ctx: PageContext, line: _Line) -> Entry:
    row, shown = line.row, _line(ctx, line)
    original = shown["original"]["words"] if shown["original"] else ""
    page = absolute(ctx, f"/article/{row['article_id']}" if row["article_id"] else "/findings")
    told = (
        shown["kind"],
        *shown["reasons"],
        f"{ctx.t('tampered.original')}: {original}" if original else "",
        shown["verdict"],
    )
    return Entry(
        key=f"{absolute(ctx, '/findings')}#finding-{line.id}",
        title=f"“{shown['span']}” · {shown['title']}",
        page=page,
        via=ctx.outside(row["url"]),
        published=line.first_seen,
        updated=max(line.first_seen, row["decided_at"] or ""),
        author=row["portal_title"],
        summary=" · ".join(part for part in told if part),
    )
