"""A result taken away whole in a format of the exports: streamed in parts, in constant memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from datasette.utils.asgi import BadRequest

from portal_archive.archive.export.formats import EXPORTERS
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts.listing import Parameters
from portal_archive.publish.tables import csv_stream

# A workbook is made whole before it is sent, and holds up whoever comes next.
_MOST_ROWS = {"xlsx": 10_000}

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a result, and where the next part begins: None when there is none."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    then: Any


def offers(ctx: PageContext, path: str, kept: Parameters) -> list[tuple[str, str]]:
    """Return label and address of each way to take the result at `path` away: the formats, and its feed."""
    found = [(kind.label, ctx.url(f"{path}.{kind.name}", kept)) for kind in EXPORTERS.values()]
    return [*found, (ctx.t("results.atom"), ctx.url(f"{path}.atom", kept))]


class Download:
    """Sends a result as the file `name`; `read` gives the part that begins at a place, None for the first.

    Each part is read on its own, so that no thread waits for a slow reader.
    """

    def __init__(
        self, ctx: PageContext, form: str, name: str, read: Callable[[Any, sqlite3.Connection], Part]
    ) -> None:
        self._context, self._form, self._name, self._read = ctx, form, name, read
        self._inert = csv_stream.is_inert(ctx.datasette, ctx.arg(csv_stream.INERT))

    async def asgi_send(self, send: Send) -> None:
        """Send the answer, as Datasette asks of a response."""
        part = await self._context.read(partial(self._read, None))
        places = self._chosen(part.columns)
        exporter = EXPORTERS[self._form]([part.columns[place] for place in places], inert=self._inert)
        headers = {
            "content-type": exporter.mime_type,
            "content-disposition": f'attachment; filename="{self._name}.{self._form}"',
            "x-content-type-options": "nosniff",
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        body, most = exporter.begin(), _MOST_ROWS.get(self._form)
        count = 0
        while True:
            rows = part.rows if most is None else part.rows[: most - count]
            body += b"".join(exporter.row([row[place] for place in places]) for row in rows)
            count += len(rows)
            await send({"type": "http.response.body", "body": body, "more_body": True})
            if part.then is None:
                break
            if count == most:
                exporter.row([self._context.t("results.more_rows", n=count)])
                break
            part = await self._context.read(partial(self._read, part.then))
            body = b""
        ending = exporter.end()
        while body := await self._context.compute(partial(next, ending, b"")):
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body"})

    def _chosen(self, columns: list[str]) -> list[int]:
        """Return the places of the columns that are asked for, `?columns=id,title`. Raises BadRequest."""
        asked = self._context.arg("columns")
        if not asked:
            return [*range(len(columns))]
        names = [name.strip() for name in asked.split(",")]
        if unknown := [name for name in names if name not in columns]:
            raise BadRequest(f"no column {', '.join(unknown)}; there are: {', '.join(columns)}")
        return [columns.index(name) for name in names]
