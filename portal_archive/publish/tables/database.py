"""The archive as Datasette asks it: in the lanes of the site, in a total order, within a limit of bytes."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import sqlite_timelimit

from portal_archive.publish.hardening import lanes, serving

T = TypeVar("T")
# Letters and bytes of one answer. A server spends five to six times as much memory on sending it as JSON.
LONGEST_ANSWER = 4 * 1024 * 1024
_AT_ONCE = 16
# How Datasette ends the query that fills a page of a table.
_PAGE = re.compile(
    r"(?P<what>.*?)(?: order by (?P<by>(?:(?! order by ).)+))? limit (?P<limit>\d+(?: offset \d+)?)", re.S
)
_FROM = re.compile(r"(?P<columns>select .*?) from (?P<table>\[[^\]]+\]|\w+)(?P<rest> .*)", re.S)
# What makes the order of a table's rows total, how many a page of a query has, and how long its queries may take; set
# while a page is made.
TIE_BREAK: ContextVar[str] = ContextVar("tie_break", default="")
HAS_LONG_TEXTS: ContextVar[bool] = ContextVar("has_long_texts", default=False)
MOST_ROWS: ContextVar[int | None] = ContextVar("most_rows", default=None)
TIME_LIMIT_MS: ContextVar[int | None] = ContextVar("time_limit", default=None)


class TooLargeError(Exception):
    """The rows of an answer are too long. `rows` is how many of them are short enough together."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"more than {LONGEST_ANSWER} bytes in {rows + 1} rows")
        self.rows = rows


def in_total_order(sql: str, tie_break: str) -> str:
    """Return the query of a page with the columns of `tie_break` after those it is sorted by.

    Without them, rows that are equal in the sorted column come in one order on the first page and in another on
    those after it, and are lost and repeated between them.
    """
    found = _PAGE.fullmatch(sql)
    if not tie_break or not found:
        return sql
    by = f"{found['by']}, {tie_break}" if found["by"] else tie_break
    return f"{found['what']} order by {by} limit {found['limit']}"


def rows_chosen_first(sql: str) -> str:
    """Return the query of a page of a table so that rows are sorted before their long texts are read."""
    page, parts = _PAGE.fullmatch(sql), _FROM.fullmatch(sql)
    if not page or not page["by"] or not parts:
        return sql
    chosen = f"select rowid from {parts['table']}{parts['rest']}"
    return f"{parts['columns']} from {parts['table']} where rowid in ({chosen}) order by {page['by']}"


class ArchiveDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """A database file that is read in lanes."""

    def __init__(self, datasette: Any, path: str, *, is_mutable: bool) -> None:
        super().__init__(datasette, path=path, is_mutable=is_mutable)
        self._lanes = lanes.lanes_of(datasette)
        self._threads = threading.local()

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `fn` reads, in a thread of the lane that the request is in."""
        return await lanes.run(self._lanes, self._connect_once, fn)

    def _connect_once(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self.connect()
            self.ds._prepare_connection(connection, self.name)
            self._threads.connection = connection
        return connection

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """Return the rows of a query, at most `max_returned_rows` of them when `truncate`.

        Raises QueryInterrupted when it takes too long, and TooLargeError.
        """
        limits = [self.ds.sql_time_limit_ms, custom_time_limit, TIME_LIMIT_MS.get()]
        milliseconds = min(limit for limit in limits if limit)
        most = None
        if truncate:
            allowed = self.ds.max_returned_rows
            most = MOST_ROWS.get() or allowed + (allowed == (page_size or self.ds.page_size))
            sql = in_total_order(sql, TIE_BREAK.get())
            if HAS_LONG_TEXTS.get():
                sql = rows_chosen_first(sql)

        def ask(connection: sqlite3.Connection) -> Results:
            with sqlite_timelimit(connection, milliseconds):
                try:
                    cursor = connection.execute(sql, params if params is not None else {})
                    rows = _fetch(cursor, most)
                except sqlite3.DatabaseError as error:
                    if error.args == ("interrupted",):
                        raise QueryInterrupted(error, sql, params) from error
                    raise
            return Results(rows[:most], most is not None and len(rows) > most, cursor.description)

        return await self.execute_fn(ask)


async def read_in_lanes(datasette: Any) -> None:
    """Let Datasette read every archive it serves in lanes, under the name and address that it has."""
    archives = await serving.archives(datasette)
    for name, served in list(datasette.databases.items()):
        kept, route = served, served.route
        if name in archives:
            kept = ArchiveDatabase(datasette, served.path, is_mutable=served.is_mutable)
            served.close()
        datasette.remove_database(name)
        datasette.add_database(kept, name=name, route=route)


def _fetch(cursor: sqlite3.Cursor, most: int | None) -> list[sqlite3.Row]:
    """Return all rows; of an answer, with `most`, one more than that at most. Raises TooLargeError for an answer."""
    rows: list[sqlite3.Row] = []
    size = 0
    while more := cursor.fetchmany(_AT_ONCE):
        for row in more:
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            # A row is shown however long it is, and read with the one that tells whether there is a next page.
            if most is not None and size > LONGEST_ANSWER and len(rows) > 1:
                raise TooLargeError(len(rows))
            rows.append(row)
            if most is not None and len(rows) > most:
                return rows
    return rows
