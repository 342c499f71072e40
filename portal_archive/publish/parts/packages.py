"""A WACZ sent part by part, of articles and captures, within a limit of bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from portal_archive.archive.warc.holdings import captures_of, pages_of
from portal_archive.archive.warc.wacz import Entry, Packed, pack
from portal_archive.publish.page_context import MissingError, PageContext
from portal_archive.publish.parts import stored
from portal_archive.publish.parts.downloads import Send

MOST_ARTICLES = 200
_MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be packed, by number; `title` names it, `more`: there were others beyond the limit."""

    title: str
    articles: Sequence[int]
    captures: Sequence[int] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Chosen:
    captures: list[Packed]
    pages: list[Entry]
    title: str
    is_cut: bool


async def package(ctx: PageContext, name: str, choose: Callable[[sqlite3.Connection], Wanted]) -> Package:
    """Return the answer that sends as `name`.wacz what `choose` finds. Raises MissingError where that is nothing."""

    def read(db: sqlite3.Connection) -> _Chosen:
        wanted = choose(db)
        captures = {(one.file, one.offset): one for one in captures_of(db, (), wanted.captures)}
        packed: list[int] = []
        for article in wanted.articles[:MOST_ARTICLES]:
            more = {(one.file, one.offset): one for one in captures_of(db, [article])} | captures
            if captures and sum(one.length for one in more.values()) > _MOST_BYTES:
                break
            packed.append(article)
            captures = more
        if not captures:
            raise MissingError
        is_cut = wanted.more or len(packed) < len(wanted.articles)
        return _Chosen([*captures.values()], pages_of(db, packed), wanted.title, is_cut)

    return Package(ctx, name, await ctx.read(read))


class Package:
    """Sends what was chosen as a WACZ."""

    def __init__(self, ctx: PageContext, name: str, chosen: _Chosen) -> None:
        self._context, self._name, self._chosen = ctx, name, chosen

    async def asgi_send(self, send: Send) -> None:
        """Send the answer, as Datasette asks of a response."""
        ctx, chosen = self._context, self._chosen
        about = ctx.t("wacz.about", pages=len(chosen.pages), captures=len(chosen.captures))
        if chosen.is_cut:
            about += " " + ctx.t("wacz.cut")
        parts = pack(
            stored.captures_folder(ctx),
            chosen.captures,
            chosen.pages,
            chosen.title,
            about,
            datetime.now(UTC).replace(microsecond=0),
        )
        headers: dict[str, Any] = {
            "content-type": "application/wacz",
            "content-disposition": f'attachment; filename="{self._name}.wacz"',
            "x-content-type-options": "nosniff",
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        while (body := await ctx.compute(partial(next, parts, None))) is not None:
            if body:
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body"})
