"""Data is sent again only where the archive has changed: ETag, Last-Modified, 304 (RFC 9110, section 13).

An answer is as old as the archive's file and its log: whatever a program commits changes one of them. So a question
that is asked again is answered before anything is read. Pages for people are left alone, and what depends on the hour.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from portal_archive.publish.hardening.asgi import Asgi, Message, Receive, Scope, Send
from portal_archive.publish.tables.database import ArchiveDatabase

if TYPE_CHECKING:
    from datasette.app import Datasette

_DATA = re.compile(r"^/(?!-/|status).*\.(?:json|jsonl|csv|xlsx|atom)$")
_BY_THE_HOUR = re.compile(r"'now'", re.IGNORECASE)
# Of a request, what its answer depends on beside its address.
_HEADERS = (b"host", b"cookie", b"accept-language", b"authorization")
# A file that was written to within the last seconds may be written to again within the same one.
_SETTLED_SECONDS = 2


@dataclass(frozen=True, slots=True)
class _State:
    """Of the served archives: `tag` differs whenever they do; `written` is when last, in seconds since 1970."""

    tag: str
    written: float


def only_what_changed(datasette: Datasette, app: Asgi) -> Asgi:
    """Give data an ETag and a date, and answer with 304 to who has it already."""
    program = ""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal program
        if (
            scope["type"] != "http"
            or scope["method"] not in ("GET", "HEAD")
            or not await _is_data(datasette, scope)
        ):
            await app(scope, receive, send)
            return
        program = (
            program or f"{version('portal-archive')} {json.dumps(datasette._metadata_local, sort_keys=True)}"
        )
        state = _state(datasette)
        given = dict(scope["headers"])
        asked = [scope.get("raw_path", scope["path"].encode()), scope["query_string"]]
        asked += [given.get(name, b"") for name in _HEADERS]
        tag = hashlib.sha256(b"\n".join([program.encode(), state.tag.encode(), *asked])).hexdigest()[:32]
        headers = [(b"etag", f'W/"{tag}"'.encode())]
        if time.time() - state.written >= _SETTLED_SECONDS:
            headers.append((b"last-modified", formatdate(int(state.written), usegmt=True).encode()))
        if _has_it(given, tag, state.written):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body"})
            return

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        await app(scope, receive, dated)

    return wrapped


async def _is_data(datasette: Datasette, scope: Scope) -> bool:
    if not _DATA.match(scope["path"]) or b"sql=" in scope["query_string"]:
        return False
    name = scope["path"].rpartition("/")[2].rpartition(".")[0]
    for database in _archives(datasette):
        query = await datasette.get_canned_query(database.name, name, None)
        if query and _BY_THE_HOUR.search(query["sql"]):
            return False
    return True


def _archives(datasette: Datasette) -> list[ArchiveDatabase]:
    return [database for database in datasette.databases.values() if isinstance(database, ArchiveDatabase)]


def _state(datasette: Datasette) -> _State:
    found: list[tuple[str, int, int]] = []
    for database in _archives(datasette):
        for file in (Path(database.path), Path(f"{database.path}-wal")):
            try:
                stat = file.stat()
            except OSError:
                continue
            # Whoever opens an archive makes an empty log.
            if stat.st_size:
                found.append((file.name, stat.st_mtime_ns, stat.st_size))
    return _State(repr(found), max((written for _, written, _ in found), default=0) / 1e9)


def _has_it(given: dict[bytes, bytes], tag: str, written: float) -> bool:
    """Return whether the headers of a request say that the asker has the answer; ETags go before dates."""
    if tags := given.get(b"if-none-match"):
        return any(
            one.strip().removeprefix("W/") in (f'"{tag}"', "*") for one in tags.decode("latin-1").split(",")
        )
    try:
        since = parsedate_to_datetime(given[b"if-modified-since"].decode("latin-1")).timestamp()
    except (KeyError, ValueError):
        return False
    return int(written) <= since <= time.time()
