"""Datasette's tables, queries and rows as CSV: whole, page by page, with cells that no spreadsheet runs."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import Request, Response

from portal_archive.archive.export.formats.csv import Csv
from portal_archive.publish.hardening import serving
from portal_archive.publish.hardening.asgi import Send

if TYPE_CHECKING:
    from datasette.app import Datasette

INERT = "_inert"


def is_inert(datasette: Datasette, asked: str | None) -> bool:
    """Tell whether cells are made inert: unless the address (`_inert=off`) or the configuration turns it off."""
    return asked != "off" and serving.configuration(datasette).get("inert_csv", True) is not False


@dataclass(frozen=True, slots=True)
class CsvStream:
    """The answer, whose `first` page has been read; with `is_whole` the pages after it follow."""

    view: Any
    request: Request
    first: dict[str, Any]
    is_whole: bool

    async def asgi_send(self, send: Send) -> None:
        """Send the answer part by part. An error breaks the connection, so that nobody takes a part for all."""
        arguments = self.request.args
        kind = "text/csv" if arguments.get("_dl") else "text/plain"
        headers = {"content-type": f"{kind}; charset=utf-8"}
        if arguments.get("_dl"):
            name = tilde_decode(self.request.url_vars.get("table", self.request.url_vars["database"]))
            safe = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
            headers["content-disposition"] = f'attachment; filename="{safe}.csv"'
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        page = self.first
        exporter = Csv(_headings(page), inert=is_inert(self.view.ds, arguments.get(INERT)))
        body = exporter.begin() if arguments.get("_header") != "off" else b""
        if not arguments.get("_dl"):
            # What is not saved as a file is read by programs, which stumble over the mark that Excel needs.
            body = body.removeprefix(BOM_UTF8)
        while True:
            body += b"".join(exporter.row(list(_cells(page, row))) for row in page["rows"])
            then = page.get("next") if self.is_whole else None
            await send({"type": "http.response.body", "body": body, "more_body": then is not None})
            if then is None:
                return
            page = (await self.view.data(self.request, _next=str(then), _size="max"))[0]
            body = b""


async def stream(view: Any, request: Request) -> CsvStream | Response:
    """Return the answer of a view of Datasette's as CSV: all its pages, unless the address asks for one of them."""
    query = request.query_string + "&_nofacet=1&_nocount=1"
    request = Request({**request.scope, "query_string": query.encode("latin-1")}, request.receive)
    is_whole = not request.args.get("_next") and request.args.get("_size", "max") == "max"
    found = await (view.data(request, _size="max") if is_whole and view.has_pages else view.data(request))
    if isinstance(found, Response):
        return found
    return CsvStream(view, request, found[0], is_whole)


def _headings(page: dict[str, Any]) -> list[str]:
    expanded = set(page.get("expanded_columns") or ())
    return [
        heading
        for column in page["columns"]
        for heading in ((column, f"{column}_label") if column in expanded else (column,))
    ]


def _cells(page: dict[str, Any], row: Sequence[Any]) -> Iterator[Any]:
    expanded = set(page.get("expanded_columns") or ())
    for column, cell in zip(page["columns"], row, strict=True):
        if column not in expanded:
            yield cell.hex() if isinstance(cell, bytes) else cell
        elif isinstance(cell, dict):
            yield from (cell["value"], cell["label"])
        else:
            yield from (cell, None)
