"""Datasette's own CSV, made harmless to spreadsheets as that of the search and of `scrapy export` is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from portal_archive.archive.export.cells import spreadsheet_cell
from portal_archive.publish.hardening import serving
from portal_archive.publish.tables.search_box import Asgi

if TYPE_CHECKING:
    from datasette.app import Datasette

PARAMETER = "_inert"
# Each cell of whole rows; a quoted one holds what it likes.
_CELL = re.compile(r'(\A|,|\r\n)("(?:[^"]|"")*"|[^",\r\n]*)')
_NUMBER = re.compile(r"-\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def wanted(datasette: Datasette, asked: str | None) -> bool:
    """Tell whether cells are made inert: unless the address (`_inert=off`) or the configuration turns it off."""
    return asked != "off" and serving.configuration(datasette).get("inert_csv", True) is not False


def wrapper(datasette: Datasette, app: Asgi) -> Asgi:
    """Return `app`, with every row of a CSV that Datasette sends made inert."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if not path.endswith(".csv") or path.endswith(("/search.csv", "/findings.csv")):
            await app(scope, receive, send)
            return
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = dict(pairs).get(PARAMETER)
        if asked is not None:
            # Not Datasette's business: a canned query would take it for one of its own.
            kept = [pair for pair in pairs if pair[0] != PARAMETER]
            scope = {**scope, "query_string": urlencode(kept).encode("latin-1")}

        async def changed(message: dict[str, Any]) -> None:
            # Datasette sends each row on its own, so that a cell is never cut.
            if message["type"] == "http.response.body" and message.get("body"):
                message = {**message, "body": _inert_rows(message["body"])}
            await send(message)

        await app(scope, receive, changed if wanted(datasette, asked) else send)

    return wrapped


def _inert_rows(body: bytes) -> bytes:
    return _CELL.sub(_inert, body.decode("utf-8")).encode()


def _inert(found: re.Match[str]) -> str:
    before, cell = found.groups()
    if cell.startswith('"'):
        safe = spreadsheet_cell(cell[1:-1].replace('""', '"'))
        doubled = safe.replace('"', '""')
        return f'{before}"{doubled}"'
    # Whether it was a number or text is lost here; a number does nothing in either case.
    return f"{before}{cell if _NUMBER.fullmatch(cell) else spreadsheet_cell(cell)}"
