"""What every page of the reading room stands on: the archive, the visitor's language, links, the answer."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from portal_archive.model import messages
from portal_archive.publish.hardening import serving
from portal_archive.publish.parts import formats

if TYPE_CHECKING:
    from datasette.app import Datasette

_STATIC = Path(__file__).with_name("static")
T = TypeVar("T")
VIEW_NAME = "room"
_COOKIE = "room_language"
_WEIGHT = re.compile(r"[01](?:\.\d{0,3})?")
_A_YEAR = 365 * 24 * 3600
# Everything comes from here; nothing runs but our own script. Captures have a stricter policy of their own.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class MissingError(Exception):
    """There is nothing at this address."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """One request for a page: where it looks (the archive's name in Datasette), and in which language."""

    datasette: Datasette
    request: Request
    database: str
    lang: str

    def t(self, key: str, **values: object) -> str:
        """Return a sentence of the catalogue in the visitor's language; and numbers as it writes them."""
        return messages.text(key, self.lang, **values)

    def number(self, value: int | None) -> str:
        """Return a number in the visitor's language."""
        return formats.number(value, self.lang)

    def url(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """Return a link into the reading room, below Datasette's `base_url`."""
        tail = urlencode(list(query))
        return str(self.datasette.urls.path(path)) + (f"?{tail}" if tail else "")

    def table_url(
        self, table: str, query: Iterable[tuple[str, str]] = (), extension: str | None = None
    ) -> str:
        """Return a link to Datasette's own page of a table or canned query, or to it as "csv" or "json"."""
        tail = urlencode(list(query))
        return str(self.datasette.urls.table(self.database, table, extension)) + (f"?{tail}" if tail else "")

    def database_url(self) -> str:
        """Return a link to Datasette's own page of the archive, with its canned queries."""
        return str(self.datasette.urls.database(self.database))

    @property
    def archive_path(self) -> str:
        """The archive's file."""
        return str(self.datasette.get_database(self.database).path)

    def static(self, name: str) -> str:
        """Return a link to a file of `static/`."""
        return static_url(self.datasette, name)

    def outside(self, address: str) -> str:
        """Return an address found on a page, to be linked to; "#" for one that is not of the web."""
        return address if address.lower().startswith(("http://", "https://")) else "#"

    def arg(self, name: str) -> str:
        """Return a parameter of the query string without outer blanks, "" when it is not given."""
        return (self.request.args.get(name) or "").strip()

    async def read(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `ask` reads from the archive, in a thread and within Datasette's time limit.

        Raises QueryInterrupted when it takes longer.
        """
        limit = self.datasette.sql_time_limit_ms

        def within_limit(connection: sqlite3.Connection) -> T:
            with sqlite_timelimit(connection, limit):
                try:
                    return ask(connection)
                except sqlite3.OperationalError as error:
                    if error.args == ("interrupted",):
                        raise QueryInterrupted(error, "", {}) from error
                    raise

        result: T = await self.datasette.get_database(self.database).execute_fn(within_limit)
        return result

    async def compute(self, work: Callable[[], T]) -> T:
        """Return what `work` computes, in a thread, while other requests are answered."""
        return await self.read(lambda _: work())

    async def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return a page made from a template, which sees `ctx`, this context, and `context`."""
        here = self.request.path
        shown = {
            "about": "",
            "q": self.arg("q"),
            "here": here,
            "other": self._other_language(),
            **context,
            "ctx": self,
        }
        body = await self.datasette.render_template(
            template, shown, request=self.request, view_name=VIEW_NAME
        )
        return Response.html(body, status=status, headers=HEADERS)

    def _other_language(self) -> str:
        other = messages.LANGUAGES[1 - messages.LANGUAGES.index(self.lang)]
        kept = [(key, value) for key in self.request.args for value in self.request.args.getlist(key)]
        path: str = self.request.path
        return f"{path}?{urlencode([*kept, ('lang', other)])}"


Page = Callable[[PageContext], Awaitable[Any]]


def view(show: Page) -> Callable[[Datasette, Request], Awaitable[Any]]:
    """Return the Datasette view that shows a page of the first archive served."""

    async def respond(datasette: Datasette, request: Request) -> Any:
        found = await serving.archives(datasette)
        if not found:
            return Response.redirect(datasette.urls.path("/-/datasette"))
        await datasette.ensure_permissions(request.actor, [("view-database", found[0]), "view-instance"])
        if request.args.get("lang") in messages.LANGUAGES:
            return _remember_language(request)
        ctx = _context(datasette, request, found[0])
        try:
            return await show(ctx)
        except MissingError:
            return await _missing(ctx)
        except QueryInterrupted:
            return await ctx.page("room_error.html", 503, **_error(ctx, "error.slow"))

    return respond


def static_url(datasette: Datasette, name: str) -> str:
    """Return a link to a file of `static/` that changes when the file does."""
    return str(datasette.urls.static_plugins(serving.PLUGIN, f"{name}?{_stamp(name)}"))


@cache
def _stamp(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:8]


async def told(datasette: Datasette, request: Request, status: int, key: str) -> Response | None:
    """Return the page that explains an error, `key` in the catalogue; None where no archive is served."""
    found = await serving.archives(datasette)
    if not found:
        return None
    if request.args.get("lang") in messages.LANGUAGES:
        return _remember_language(request)
    ctx = _context(datasette, request, found[0])
    return await ctx.page("room_error.html", status, **_error(ctx, key, path=ctx.request.path))


def _context(datasette: Datasette, request: Request, database: str) -> PageContext:
    chosen = request.cookies.get(_COOKIE)
    return PageContext(
        datasette,
        request,
        database,
        chosen
        if chosen in messages.LANGUAGES
        else preferred_language(request.headers.get("accept-language", "")),
    )


def preferred_language(accepted: str) -> str:
    """Return the language of ours that an Accept-Language header (RFC 9110, 12.5.4) ranks highest; else Vietnamese."""
    ranked: list[tuple[float, str]] = []
    for part in accepted[:500].split(","):
        name, _, parameter = part.strip().lower().partition(";")
        weight = parameter.strip().removeprefix("q=") or "1"
        language = name.partition("-")[0].strip()
        if language in messages.LANGUAGES and _WEIGHT.fullmatch(weight) and float(weight) > 0:
            ranked.append((float(weight), language))
    return max(ranked, key=lambda one: one[0])[1] if ranked else messages.LANGUAGES[0]


async def _missing(ctx: PageContext) -> Response:
    return await ctx.page("room_error.html", 404, **_error(ctx, "error.missing", path=ctx.request.path))


def _error(ctx: PageContext, key: str, **values: str) -> dict[str, str]:
    return {"title": ctx.t(key), "explanation": ctx.t(f"{key}_text", **values)}


def _remember_language(request: Request) -> Response:
    kept = [(key, value) for key in request.args if key != "lang" for value in request.args.getlist(key)]
    # The path stays on this host: a second slash would name another.
    response = Response.redirect("/" + request.path.lstrip("/") + (f"?{urlencode(kept)}" if kept else ""))
    response.set_cookie(_COOKIE, request.args["lang"], max_age=_A_YEAR)
    return response
