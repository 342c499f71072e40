"""What rows of Datasette's tables say beside their columns: the portal's title, its provinces, and a permalink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request

from portal_archive.archive.export.places import PERMALINK, PERMALINKS, PLACES, permalink
from portal_archive.publish.hardening import hosts

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_PORTALS = f"SELECT portal, {', '.join(PLACES)} FROM portal_places"


async def with_places(
    datasette: Datasette, request: Request, db: Database, table: str, page: dict[str, Any]
) -> None:
    """Add the columns to a page of a table that Datasette has read, unless its address names columns.

    A view that has permalinks of its own has them with the site's address.
    """
    if table in PERMALINKS and "_col" not in request.args and "_nocol" not in request.args:
        portals = {row[0]: tuple(row)[1:] for row in (await db.execute(_PORTALS)).rows}
        owners = {} if "portal" in page["columns"] else await _owners(db, page)
        columns = [*page["columns"], *PLACES, PERMALINK]
        rows = [dict(zip(page["columns"], row, strict=True)) for row in page["rows"]]
        for row in rows:
            plain = {name: _plain(value) for name, value in row.items()}
            portal = plain.get("portal") or owners.get(plain.get("article_id"))
            row |= dict(zip(PLACES, portals.get(portal, (None,) * len(PLACES)), strict=True))
            row[PERMALINK] = permalink(table, plain)
        page["columns"], page["rows"] = columns, [tuple(row.values()) for row in rows]
    if PERMALINK in page["columns"]:
        page["rows"] = list(
            _absolute(page, hosts.base_of_links(datasette, request), datasette.urls.path("/"))
        )


async def _owners(db: Database, page: dict[str, Any]) -> dict[Any, str]:
    """Return the portal of each article that the rows of a page name."""
    place = page["columns"].index("article_id")
    numbers = {_plain(list(row)[place]) for row in page["rows"]}
    marks = ", ".join("?" * len(numbers))
    found = await db.execute(f"SELECT id, portal FROM articles WHERE id IN ({marks})", [*numbers])
    return {row[0]: row[1] for row in found.rows}


def _absolute(page: dict[str, Any], site: str, base: str) -> Iterator[tuple[Any, ...]]:
    for row in page["rows"]:
        values = dict(zip(page["columns"], row, strict=True))
        path = values[PERMALINK]
        if path and path.startswith("/"):
            values[PERMALINK] = f"{site}{base.rstrip('/')}{path}"
        yield tuple(values.values())


def _plain(value: Any) -> Any:
    """Return a value without the label that stands beside it with `_labels=on`."""
    return value["value"] if isinstance(value, dict) else value
