"""The hooks by which Datasette loads the reading room; what they do stands in the other modules."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from datasette import hookimpl
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from portal_archive.model import messages
from portal_archive.publish import page_context, routes
from portal_archive.publish.hardening import closed, headers, hosts, lanes, serving
from portal_archive.publish.hardening.asgi import Asgi
from portal_archive.publish.tables import conditional, search_box
from portal_archive.publish.tables.database import read_in_lanes
from portal_archive.vietnamese import mentions

if TYPE_CHECKING:
    from datasette.app import Datasette

# No single value may be longer: one anonymous `select zeroblob(...)` could otherwise fill the memory.
_LONGEST_VALUE = 64 * 1024 * 1024
# Bytes of a pattern. LIKE on one long text is a single step that no time limit ends; each letter makes it longer.
_LONGEST_PATTERN = 128


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Apply settings and metadata to whichever archive is served."""

    async def prepare() -> None:
        await serving.prepare(datasette)
        await read_in_lanes(datasette)
        # What is loaded by now stays. Looking through it again and again for garbage would hold a request up for
        # 30 ms at a time, since each search makes ten thousand rows.
        gc.freeze()

    return prepare


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL the functions that search boxes and canned queries use.

    Last, because Datasette's own plugin registers `escape_fts` too, and the last one registered counts.
    """
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _LONGEST_PATTERN)
    conn.create_function("escape_fts", 1, search_box.reading(conn), deterministic=True)
    conn.create_function("in_words", 2, _in_words, deterministic=True)
    conn.create_function("cited_documents", 1, _json_list(mentions.documents), deterministic=True)
    conn.create_function("named_people", 1, _json_list(mentions.people), deterministic=True)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Asgi], Asgi]:
    """Guard every answer, keep costly requests in lanes, and let the filter form be sent with an empty search box."""

    def wrap(app: Asgi) -> Asgi:
        served = lanes.in_lanes(datasette, search_box.without_blank_search(app))
        fresh = conditional.only_what_changed(datasette, served)
        return headers.with_headers(hosts.only_own_hosts(datasette, fresh))

    return wrap


@hookimpl
def register_routes() -> list[tuple[str, object]]:
    """Add the pages of the reading room, and close those that visitors have no use for."""
    from portal_archive.publish.tables import view  # not at the top: Datasette's views come after its plugins

    return [
        *routes.ROUTES,
        (r"^/-/datasette(\.(?P<format>json))?$", routes.datasette_index),
        (closed.PATTERN, closed.operators_only),
        (r"^/robots\.txt$", closed.robots),
        # Last: any first part of a path may be the name of a database.
        (view.DATABASE, view.database),
        (view.TABLE, view.table),
        (view.ROW, view.row),
    ]


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: dict[str, str] | None, action: str, resource: object
) -> bool | None:
    """Keep the tables that only serve the search from visitors."""
    return closed.table_permission(datasette, actor, action, resource)


@hookimpl
def register_commands() -> None:
    """Close what is closed by default before Datasette's command line reads its settings."""
    serving.close_by_default()


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, datasette: Datasette
) -> Markup | None:
    """Lead to its page in the reading room from an article's title, and from a story's number in a query."""
    if column == "story_id" and isinstance(value, int):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/story/{value}"), value)
    if column != "title" or not value or table not in ("articles", None):
        return None
    columns = set(row.keys())
    if not {"id", "portal", "url"} <= columns:
        return None
    address = datasette.urls.path(f"/article/{row['id']}")
    return Markup('<a href="{}">{}</a>').format(address, value)


@hookimpl(trylast=True)
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response | None]]:
    """Say in the reading room's own words that there is no such page, or that something failed."""

    async def respond() -> Response | None:
        return await closed.explain(datasette, request, exception)

    return respond


@hookimpl(trylast=True)
def forbidden(datasette: Datasette, request: Request) -> Callable[[], Awaitable[Response]]:
    """Say in the reading room's own words that this is closed."""

    async def respond() -> Response:
        return await closed.refusal(datasette, request)

    return respond


@hookimpl
def extra_css_urls(datasette: Datasette, view_name: str) -> list[str]:
    """Make Datasette's own pages look as if they belong."""
    return (
        [] if view_name == page_context.VIEW_NAME else [page_context.static_url(datasette, "datasette.css")]
    )


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Lead from Datasette's own pages back to the reading room."""
    ways = (
        ("/", "nav.home"),
        ("/search", "nav.search"),
        ("/changes", "changes.nav"),
        ("/counters", "nav.counters"),
        ("/status", "nav.status"),
        ("/help", "nav.help"),
    )
    return [
        {
            "href": datasette.urls.path(path),
            "label": " · ".join(messages.text(key, lang) for lang in messages.LANGUAGES),
        }
        for path, key in (*ways, ("/-/datasette", "nav.datasette"))
    ]


def _in_words(clauses: str | None, lang: str) -> str | None:
    return None if clauses is None else messages.Message.of_json(clauses).text(lang)


def _json_list(find: Callable[[str | None], list[str]]) -> Callable[[str | None], str]:
    return lambda text: json.dumps(find(text), ensure_ascii=False)
