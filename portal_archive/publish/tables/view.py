"""Datasette's pages of tables, views and canned queries: complete whatever the sort, and within limits.

Columns with long texts are left out of lists unless `_col` names them, and nobody sorts or counts by them.
Imported when Datasette's own views are: after the plugins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils import escape_sqlite, path_with_replaced_args, tilde_decode
from datasette.utils.asgi import NotFound, Request, Response
from datasette.views.base import DatasetteError
from datasette.views.database import DatabaseView, QueryView
from datasette.views.row import RowView
from datasette.views.table import TableView

from portal_archive.model import messages
from portal_archive.publish.tables.csv_stream import CsvStream, stream
from portal_archive.publish.tables.database import (
    HAS_LONG_TEXTS,
    MOST_ROWS,
    TIE_BREAK,
    TIME_LIMIT_MS,
    ArchiveDatabase,
    TooLargeError,
)
from portal_archive.publish.tables.places import with_places

if TYPE_CHECKING:
    from datasette.app import Datasette

LONG_COLUMNS = frozenset(
    {
        "attachment_text",
        "attachments",
        "body",
        "captions",
        "html",
        "images",
        "printed",
        "removed_text",
        "text",
    }
)
_TIME_LIMIT_MS = 1000
_MOST_FACETS = 4
_MOST_LONG_ROWS = 10
# A page is built where every other request waits.
_MOST_ROWS_OF_HTML = 100

DATABASE = r"^/(?P<database>(?!-)[^/.]+)\.(?P<format>csv)$"
TABLE = r"^/(?P<database>(?!-)[^/.]+)/(?P<table>[^/.]+)(\.(?P<format>\w+))?$"
ROW = r"^/(?P<database>(?!-)[^/.]+)/(?P<table>[^/.]+)/(?P<pks>[^/.]+)\.(?P<format>csv)$"


class _Csv:
    has_pages = False

    async def as_csv(self, request: Request, database: str) -> CsvStream | Response:
        return await stream(self, request)


class ArchiveDatabaseView(_Csv, DatabaseView):  # type: ignore[misc]  # Datasette has no types
    """A database, or what SQL that was typed finds in it."""


class ArchiveRowView(_Csv, RowView):  # type: ignore[misc]
    """A row."""


class ArchiveTableView(_Csv, TableView):  # type: ignore[misc]
    """A page of a table, a view or a canned query."""

    has_pages = True

    async def columns_to_select(
        self, table_columns: list[str], pks: list[str], request: Request
    ) -> list[str]:
        """Return the columns of a list: without long texts, unless they are asked for."""
        columns: list[str] = await super().columns_to_select(table_columns, pks, request)
        if "_col" in request.args:
            return columns
        return [column for column in columns if column not in LONG_COLUMNS or column in pks]

    async def sortable_columns_for_table(
        self, database_name: str, table_name: str, use_rowid: bool
    ) -> set[str]:
        """Return the columns that rows may be sorted by."""
        columns: set[str] = await super().sortable_columns_for_table(database_name, table_name, use_rowid)
        return columns - LONG_COLUMNS

    async def data(
        self, request: Request, default_labels: bool = False, _next: str | None = None, _size: Any = None
    ) -> Any:
        """Return a page. A page whose rows are too long together has fewer of them."""
        db = self.ds.get_database(route=tilde_decode(request.url_vars["database"]))
        name = tilde_decode(request.url_vars["table"])
        size = _size or _wanted_size(request)
        query = await self.ds.get_canned_query(db.name, name, request.actor)
        if query and not size and not request.url_vars["format"]:
            size = _MOST_ROWS_OF_HTML
        if not query:
            _refuse_long(request)
            request = self._with_sorted_column(request, db.name, name)
            TIME_LIMIT_MS.set(_TIME_LIMIT_MS)
        tie_break = "" if query else await _tie_break(db, name)
        if not query and LONG_COLUMNS.intersection(request.args.getlist("_col")):
            size = min(_rows(size, _MOST_LONG_ROWS), _MOST_LONG_ROWS)
            HAS_LONG_TEXTS.set(not await db.get_view_definition(name))
        while True:
            try:
                if query:
                    start = _start(_next or request.args.get("_next"))
                    answer = await self._canned(request, name, query, start, size)
                    return await self._with_places(request, db, name, answer)
                TIE_BREAK.set(tie_break)
                return await self._with_places(
                    request, db, name, await super().data(request, default_labels, _next, size)
                )
            except TooLargeError as error:
                # One row more than a page has is read, to know whether there is a next page.
                before, size = size, min(error.rows - 1, _rows(size, self.ds.max_returned_rows) // 2)
                if before == 1 or size < 1:
                    raise DatasetteError(str(error), title="Too large", status=413) from error
            finally:
                TIE_BREAK.set("")

    async def _with_places(self, request: Request, db: ArchiveDatabase, name: str, answer: Any) -> Any:
        if isinstance(answer, tuple) and request.url_vars["format"]:
            await with_places(self.ds, request, db, name, answer[0])
        return answer

    async def _canned(self, request: Request, name: str, query: dict[str, Any], start: int, size: Any) -> Any:
        """Return a page of a canned query, whose rows are counted from its first."""
        view = QueryView(self.ds)
        given = {
            "metadata": query,
            "editable": False,
            "canned_query": name,
            "named_parameters": query.get("params"),
        }
        if query.get("write"):
            return await view.data(request, query["sql"], write=True, **given)
        rows = _rows(size, self.ds.max_returned_rows)
        MOST_ROWS.set(rows)
        sql = f"select * from (\n{query['sql'].strip().rstrip(';')}\n) limit -1 offset {start}"
        data, template, templates, status = await view.data(request, sql, **given)
        data["query"]["sql"] = query["sql"]
        data["next"] = data["next_url"] = None
        if data["truncated"]:
            data["next"] = start + len(data["rows"])
            path = path_with_replaced_args(request, {"_next": data["next"]})
            data["next_url"] = self.ds.absolute_url(request, self.ds.urls.path(path))
        if data["error"] and request.url_vars["format"] == "csv":
            raise DatasetteError(data["error"], title="Invalid SQL", status=400)

        async def with_label() -> dict[str, Any]:
            label = " · ".join(messages.text("results.next", lang) for lang in messages.LANGUAGES)
            return {**await template(), "next_label": label}

        return data, with_label, templates, status

    def _with_sorted_column(self, request: Request, database: str, table: str) -> Request:
        """Return the request with the column that it is sorted by among those of `_col`: where the next page begins."""
        described = self.ds.table_metadata(database, table)
        asked = [request.args.get("_sort"), request.args.get("_sort_desc")]
        column = next(
            filter(None, asked if any(asked) else [described.get("sort"), described.get("sort_desc")]), None
        )
        if "_col" not in request.args or not column or column in request.args.getlist("_col"):
            return request
        query = f"{request.query_string}&{urlencode({'_col': column})}"
        return Request({**request.scope, "query_string": query.encode("latin-1")}, request.receive)


async def table(datasette: Datasette, request: Request, send: Any) -> Any:
    """Show a table; one of a database that is no archive as Datasette does."""
    return await _shown(ArchiveTableView, TableView, datasette, request, send)


async def row(datasette: Datasette, request: Request, send: Any) -> Any:
    """Show a row as CSV."""
    return await _shown(ArchiveRowView, RowView, datasette, request, send)


async def database(datasette: Datasette, request: Request, send: Any) -> Any:
    """Show the result of SQL that was typed as CSV."""
    return await _shown(ArchiveDatabaseView, DatabaseView, datasette, request, send)


async def _shown(ours: Any, theirs: Any, datasette: Datasette, request: Request, send: Any) -> Any:
    try:
        found = datasette.get_database(route=tilde_decode(request.url_vars["database"]))
    except KeyError:
        raise NotFound("Database not found") from None
    view = ours if isinstance(found, ArchiveDatabase) else theirs
    return await view.as_view(datasette)(request, send)


def _wanted_size(request: Request) -> Any:
    asked = request.args.get("_size")
    if request.url_vars["format"] or not asked:
        return asked
    if asked == "max" or (asked.isdecimal() and int(asked) > _MOST_ROWS_OF_HTML):
        return _MOST_ROWS_OF_HTML
    return asked


def _start(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 10 else 0


def _rows(size: Any, most: int) -> int:
    return min(int(size), most) if str(size or "").isdecimal() else most


def _refuse_long(request: Request) -> None:
    facets = [
        value
        for key in request.args
        if key.startswith("_facet") and key != "_facet_size"
        for value in request.args.getlist(key)
    ]
    if len(facets) > _MOST_FACETS or LONG_COLUMNS.intersection(facets):
        raise DatasetteError(f"At most {_MOST_FACETS} facets, none of a long text", status=400)


async def _tie_break(db: ArchiveDatabase, table: str) -> str:
    """Return columns that make any order of a table's rows total: its key; for a view all but long texts."""
    is_view = bool(await db.get_view_definition(table))
    if not is_view and not await db.table_exists(table):
        return ""
    columns = await db.primary_keys(table)
    if is_view:
        own = await db.table_columns(table)
        columns = sorted(
            (column for column in own if column not in LONG_COLUMNS), key=lambda column: column != "id"
        )
    return ", ".join(map(escape_sqlite, columns)) or "rowid"
