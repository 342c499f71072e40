"""Tables of the archive as CSV, JSON or JSON Lines, streamed, with the provenance of every row."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Literal

from portal_archive.archive.findings.findings import COUNTS, CURRENT
from portal_archive.archive.moments import VIETNAM, to_text
from portal_archive.model.errors import ArchiveError

Format = Literal["csv", "json", "jsonl"]

# Where a row's capture stands among the WARC files.
_CAPTURE = {
    "capture_file": "c.file",
    "capture_offset": "c.offset",
    "capture_length": "c.length",
    "capture_digest": "c.digest",
}
_JSON = {"tags", "images", "attachments", "findings", "methods", "printed", "reasons"}
# What a spreadsheet takes for a formula, or skips before one; full-width signs count in East Asian settings.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True)
class Export:
    """How a table is exported: without the columns of `hidden`, with those of `added` (name -> SQL).

    `portal` and `moment` are what a choice by portal and by days goes by; `printed` tells that the moment is
    a printed date, in Vietnam's time, and not a moment in UTC. Rows come in the order of `order`.
    """

    table: str
    portal: str | None = "t.portal"
    moment: str | None = None
    printed: bool = False
    joins: str = ""
    order: str = "t.rowid"
    hidden: frozenset[str] = frozenset()
    added: dict[str, str] = field(default_factory=dict)

    def columns(self, db: sqlite3.Connection) -> dict[str, str]:
        """Return the columns of the export with their SQL, in order."""
        names = [row[0] for row in db.execute(f"SELECT name FROM pragma_table_info('{self.table}')")]
        own = {name: f't."{name}"' for name in names if name not in self.hidden}
        return own | self.added


def _list(columns: str, table: str) -> str:
    return (
        f"(SELECT json_group_array(json_object({columns})) FROM"
        f" (SELECT * FROM {table} WHERE article_id = t.id ORDER BY position))"
    )


def _findings(of: str) -> str:
    told = "id kind field span start end score reason reason_vi first_seen last_seen original verdict why"
    columns = ", ".join(f"'{name}', \"{name}\"" for name in told.split())
    return (
        f"(SELECT json_group_array(json_object({columns})) FROM"
        f" (SELECT f.* FROM findings f WHERE {of} ORDER BY f.kind, f.field, f.span, f.occurrence))"
    )


_OF_ARTICLE = {"portal": "a.portal", "article_url": "a.url", "article_title": "a.title"}
_OF_VERSION = "f.article_id = t.article_id AND f.content_hash = t.content_hash"
_CAPTURED = "LEFT JOIN captures c ON c.id = t.capture_id"
_ARTICLE = "CROSS JOIN articles a ON a.id = t.article_id"

EXPORTS = {
    export.table: export
    for export in (
        Export(
            "articles",
            moment="t.published_at",
            printed=True,
            joins=_CAPTURED,
            # HTML repeats the text; the text of attachments comes with each of them.
            hidden=frozenset({"html", "attachment_text", "search_order", "text_hash"}),
            added={
                "images": _list("'url', url, 'caption', caption", "images"),
                "attachments": _list("'url', url, 'title', title, 'text', text", "attachments"),
                "story_id": "(SELECT story_id FROM story_articles WHERE article_id = t.id)",
                "findings": _findings(CURRENT.replace("a.", "t.")),
                **_CAPTURE,
            },
        ),
        Export(
            "article_versions",
            moment="t.first_seen",
            joins=_CAPTURED,
            order="t.id",
            added={
                "flagged": f"EXISTS (SELECT 1 FROM findings f WHERE {_OF_VERSION} AND {COUNTS})",
                "findings": _findings(_OF_VERSION),
                "fetched_at": "c.fetched_at",
                **_CAPTURE,
            },
        ),
        Export(
            "findings",
            moment="t.first_seen",
            joins=f"LEFT JOIN articles a ON a.id = t.article_id {_CAPTURED}",
            order="t.id",
            added={
                **{name: sql for name, sql in _OF_ARTICLE.items() if name != "portal"},
                "is_current": CURRENT.replace("f.", "t."),
                "fetched_at": "c.fetched_at",
                **_CAPTURE,
            },
        ),
        Export("article_urls", moment="t.first_seen", hidden=frozenset({"content_hash"})),
        Export(
            "article_views",
            portal="a.portal",
            moment="t.seen_at",
            joins=f"{_ARTICLE} {_CAPTURED}",
            added={**_OF_ARTICLE, **_CAPTURE},
        ),
        Export(
            "images",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            joins=f"{_ARTICLE} LEFT JOIN captures c ON c.id = a.capture_id",
            added={**_OF_ARTICLE, "fetched_at": "a.fetched_at", **_CAPTURE},
        ),
        Export(
            "attachments",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            joins=f"{_ARTICLE} LEFT JOIN captures c ON c.id = coalesce(t.capture_id, a.capture_id)",
            added={**_OF_ARTICLE, "fetched_at": "c.fetched_at", **_CAPTURE},
        ),
        Export(
            "stories",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            # Without those that became part of another.
            joins="CROSS JOIN articles a ON a.id = t.first_article",
            hidden=frozenset({"joined"}),
            added={**_OF_ARTICLE, "published_at": "a.published_at"},
        ),
        Export(
            "story_articles",
            portal="a.portal",
            moment="a.published_at",
            printed=True,
            joins=f"{_ARTICLE} LEFT JOIN captures c ON c.id = a.capture_id",
            added={
                **_OF_ARTICLE,
                "published_at": "a.published_at",
                "first_seen": "a.first_seen",
                "fetched_at": "a.fetched_at",
                **_CAPTURE,
            },
        ),
        Export("counter_readings", moment="t.read_at", joins=_CAPTURED, added=_CAPTURE),
        Export("captures", moment="t.fetched_at", hidden=frozenset({"content_hash"})),
        Export("problems", moment="t.last_seen"),
        Export("portals", portal="t.name"),
        Export("portal_states", moment="t.since"),
        Export("provinces", portal=None),
        Export("crawls", moment="t.started_at"),
        Export(
            "crawl_fields",
            portal="k.portal",
            moment="k.started_at",
            joins="CROSS JOIN crawls k ON k.id = t.crawl_id",
            added={"portal": "k.portal", "started_at": "k.started_at"},
        ),
        Export("pages", moment="t.discovered_at"),
    )
}


def export(
    db: sqlite3.Connection,
    table: str,
    fmt: str,
    out: BinaryIO,
    *,
    portal: str | None = None,
    since: date | None = None,
    until: date | None = None,
    inert: bool = True,
) -> int:
    """Write the rows of a table to `out`, and return how many.

    `table` is a key of `EXPORTS`; `fmt` is "csv" (UTF-8 with BOM, which Excel reads with its accents), "json"
    (one array) or "jsonl" (an object a line). `since` and `until` are days in Vietnam, both included: of
    publication for articles, their images and attachments, else of reading, fetching, or first sight. Rows
    without such a moment are then left out. With `inert`, a CSV cell that a spreadsheet would run as a
    formula begins with an apostrophe. Memory does not grow with the table, and a crawl may go on writing.

    Raises ArchiveError for a table, format or portal there is not, naming those there are.
    """
    chosen = EXPORTS.get(table)
    if chosen is None:
        raise ArchiveError(f"no table {table} to export; there are: {', '.join(EXPORTS)}")
    conditions, values = _conditions(db, chosen, portal, since, until)
    columns = chosen.columns(db)
    selected = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    rows = db.execute(
        f"SELECT {selected} FROM {table} t {chosen.joins} {conditions} ORDER BY {chosen.order}", values
    )
    match fmt:
        case "csv":
            return write_csv(rows, out, header=list(columns), inert=inert)
        case "json":
            return _write_json(list(columns), rows, out)
        case "jsonl":
            count = 0
            for count, line in enumerate(json_objects(list(columns), rows), 1):  # noqa: B007
                out.write(line + b"\n")
            return count
    raise ArchiveError(f"no format {fmt}; there are: csv, json, jsonl")


def _conditions(
    db: sqlite3.Connection, chosen: Export, portal: str | None, since: date | None, until: date | None
) -> tuple[str, list[str]]:
    conditions: list[str] = []
    values: list[str] = []
    if portal is not None:
        known = [row[0] for row in db.execute("SELECT name FROM portals ORDER BY name")]
        if chosen.portal is None:
            raise ArchiveError(f"{chosen.table} cannot be exported by portal")
        if portal not in known:
            raise ArchiveError(f"no portal {portal} in the archive; there are: {', '.join(known) or 'none'}")
        # The plus keeps SQLite from taking an index here, and then sorting whole articles.
        conditions.append(f"+{chosen.portal} = ?")
        values.append(portal)
    if chosen.moment is None and (since or until):
        raise ArchiveError(f"{chosen.table} cannot be exported by day")
    for day, compare in ((since, ">="), (until and until + timedelta(days=1), "<")):
        if day is not None:
            conditions.append(f"+{chosen.moment} {compare} ?")
            start = to_text(datetime.combine(day, time(), VIETNAM))
            values.append(day.isoformat() if chosen.printed else start)
    return f"WHERE {' AND '.join(conditions)}" if conditions else "", values


def write_csv(
    rows: Iterable[Sequence[Any]], out: BinaryIO, *, header: list[str] | None, inert: bool = True
) -> int:
    """Write rows as CSV and return how many; before them the `header`, unless they go on from earlier ones.

    What begins with a header begins with a BOM too. `inert` is as for `export`.
    """
    text = io.TextIOWrapper(out, "utf-8-sig" if header else "utf-8", newline="")
    try:
        writer = csv.writer(text)
        if header:
            writer.writerow(header)
        count = 0
        for row in rows:
            writer.writerow([neutralise_formula(cell) for cell in row] if inert else row)
            count += 1
        return count
    finally:
        # The stream is the caller's, who may go on writing to it.
        text.detach()


def neutralise_formula(cell: Any) -> Any:
    """Return a CSV cell that no spreadsheet takes for a formula: such text gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _write_json(columns: list[str], rows: sqlite3.Cursor, out: BinaryIO) -> int:
    count = 0
    for count, line in enumerate(json_objects(columns, rows), 1):
        out.write((b"[\n" if count == 1 else b",\n") + line)
    out.write(b"\n]\n" if count else b"[]\n")
    return count


def json_objects(columns: list[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give each row as a JSON object, columns that hold JSON as what they hold."""
    for row in rows:
        values = {
            name: json.loads(cell) if name in _JSON and cell is not None else cell
            for name, cell in zip(columns, row, strict=True)
        }
        yield json.dumps(values, ensure_ascii=False).encode()
