"""A result taken away whole as CSV, JSON or JSON Lines: streamed in parts, in constant memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from portal_archive.archive.export import json_objects, write_csv
from portal_archive.publish.hardening import safe_csv
from portal_archive.publish.page_context import PageContext

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a result, and where the next part begins: None when there is none."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    then: int | None


class Download:
    """Sends a result as the file `name`; `read` gives the part that begins at a place, None for the first.

    Each part is read on its own, so that no thread waits for a slow reader.
    """

    def __init__(
        self, ctx: PageContext, form: str, name: str, read: Callable[[int | None, sqlite3.Connection], Part]
    ) -> None:
        self._context, self._form, self._name, self._read = ctx, form, name, read
        self._inert = safe_csv.wanted(ctx.datasette, ctx.arg(safe_csv.PARAMETER))

    async def asgi_send(self, send: Send) -> None:
        """Send the answer, as Datasette asks of a response."""
        headers = {
            "content-type": TYPES[self._form],
            "content-disposition": f'attachment; filename="{self._name}.{self._form}"',
            "x-content-type-options": "nosniff",
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        then: int | None = None
        first = True
        while True:
            part = await self._context.read(partial(self._read, then))
            body = _encode(self._form, part, first=first, inert=self._inert)
            first = first and not body
            await send({"type": "http.response.body", "body": body, "more_body": True})
            if part.then is None:
                break
            then = part.then
        await send({"type": "http.response.body", "body": _END[self._form](first)})


def _encode(form: str, part: Part, *, first: bool, inert: bool) -> bytes:
    if form == "csv":
        out = BytesIO()
        write_csv(part.rows, out, header=part.columns if first else None, inert=inert)
        return out.getvalue()
    lines = list(json_objects(part.columns, part.rows))
    if form == "jsonl" or not lines:
        return b"".join(line + b"\n" for line in lines)
    return (b"[\n" if first else b",\n") + b",\n".join(lines)


_END: dict[str, Callable[[bool], bytes]] = {
    "csv": lambda _empty: b"",
    "jsonl": lambda _empty: b"",
    "json": lambda empty: b"[]\n" if empty else b"\n]\n",
}
