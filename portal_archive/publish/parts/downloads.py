"""A result taken away whole in a format of the exports: streamed in parts, in constant memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from portal_archive.archive.export.formats import EXPORTERS
from portal_archive.archive.export.formats.exporter import Exporter
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts.listing import Parameters
from portal_archive.publish.tables import csv_stream

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
        headers = {
            "content-type": EXPORTERS[self._form].mime_type,
            "content-disposition": f'attachment; filename="{self._name}.{self._form}"',
            "x-content-type-options": "nosniff",
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        exporter: Exporter | None = None
        then: Any = None
        while True:
            part = await self._context.read(partial(self._read, then))
            body = b""
            if exporter is None:
                exporter = EXPORTERS[self._form](part.columns, inert=self._inert)
                body = exporter.begin()
            body += b"".join(map(exporter.row, part.rows))
            await send({"type": "http.response.body", "body": body, "more_body": True})
            if part.then is None:
                break
            then = part.then
        await send({"type": "http.response.body", "body": exporter.end()})
