"""A table of the archive, or part of it, written in one of the formats."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from portal_archive.archive.counters import series
from portal_archive.archive.export.formats import EXPORTERS
from portal_archive.archive.export.tables import EXPORTS, Export
from portal_archive.archive.known_portals import check_portal
from portal_archive.archive.moments import VIETNAM, to_text
from portal_archive.model.errors import ArchiveError


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
    address: str = "",
    columns: Sequence[str] = (),
    changed_since: str | None = None,
) -> int:
    """Write the rows of a table to `out`, and return how many.

    `table` is a key of `EXPORTS`, `fmt` one of `EXPORTERS`. `since` and `until` are days in Vietnam, both included:
    of publication for articles, their images and attachments, else of reading, fetching, or first sight. Rows
    without such a moment are then left out. `inert` is as for `Exporter`, `address` as for `Export.columns`. Of
    `columns` only these, in this order; all when there are none. `changed_since` is a moment: rows that were written to
    since, as far as the table tells. Memory does not grow with the table, and a crawl may go on writing.

    Raises ArchiveError for a table, format, portal or column there is not, naming those there are.
    """
    chosen = EXPORTS.get(table)
    if chosen is None:
        raise ArchiveError(f"no table {table} to export; there are: {', '.join(EXPORTS)}")
    if fmt not in EXPORTERS:
        raise ArchiveError(f"no format {fmt}; there are: {', '.join(EXPORTERS)}")
    series.define_functions(db)
    wanted = _chosen(chosen, chosen.columns(db, address), columns)
    rows = select(db, chosen, wanted, portal=portal, since=since, until=until, changed_since=changed_since)
    exporter = EXPORTERS[fmt](list(wanted), inert=inert)
    out.write(exporter.begin())
    count = 0
    for row in rows:
        out.write(exporter.row(row))
        count += 1
    out.writelines(exporter.end())
    return count


def select(
    db: sqlite3.Connection,
    chosen: Export,
    columns: Mapping[str, str],
    *,
    portal: str | None = None,
    since: date | None = None,
    until: date | None = None,
    changed_since: str | None = None,
) -> sqlite3.Cursor:
    """Return the rows of an export, `columns` of them (name -> SQL), in its order; the rest is as for `export`.

    A table that does not tell when its rows were written to is given whole. `db` has the functions of
    `counters.series`.
    """
    conditions, values = _conditions(db, chosen, portal, since, until)
    if changed_since and chosen.changed:
        conditions.append(f"{chosen.changed} >= ?")
        values.append(changed_since)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    selected = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    return db.execute(f"SELECT {selected} FROM {chosen.rows} {where} ORDER BY {chosen.order}", values)


def _chosen(of: Export, known: dict[str, str], names: Sequence[str]) -> dict[str, str]:
    if unknown := [name for name in names if name not in known]:
        raise ArchiveError(f"no column {', '.join(unknown)} in {of.table}; there are: {', '.join(known)}")
    return {name: known[name] for name in names} or known


def _conditions(
    db: sqlite3.Connection, chosen: Export, portal: str | None, since: date | None, until: date | None
) -> tuple[list[str], list[str]]:
    conditions: list[str] = []
    values: list[str] = []
    if portal is not None:
        if chosen.portal is None:
            raise ArchiveError(f"{chosen.table} cannot be exported by portal")
        check_portal(db, portal)
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
    return conditions, values
