"""Lanes: requests of one cost share threads and a queue with an end, so that heavy ones never hold up the others.

A request is admitted or refused at once; in a lane with turns it is worked on when its lane, and its address over all
lanes, have one free. A request whose client has gone is cancelled, and its query interrupted.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from portal_archive.model import messages
from portal_archive.publish.hardening.asgi import Asgi, Message, Receive, Scope, Send, answer

if TYPE_CHECKING:
    from datasette.app import Datasette

T = TypeVar("T")
RETRY_AFTER = "5"
# One address works on so many costly requests at once, whatever their lane: the other cores are for others.
_TURNS_EACH = max(1, (os.cpu_count() or 1) // 2)


class BusyError(Exception):
    """A lane is full, for this address or for all."""


class Interruptible:
    """Work on a connection in a thread, which can be given up from outside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._given_up = False

    def run(self, connect: Callable[[], Connection], work: Callable[[Connection], T]) -> T | None:
        """Return what `work` returns; None where it was given up before it began."""
        connection = connect()
        with self._lock:
            if self._given_up:
                return None
            self._connection = connection
        try:
            return work(connection)
        finally:
            with self._lock:
                self._connection = None

    def give_up(self) -> None:
        """Interrupt the query that runs, if one does."""
        with self._lock:
            self._given_up = True
            if self._connection is not None:
                self._connection.interrupt()


@dataclass(slots=True)
class Lane:
    """Threads for queries, and how many requests may be present: of one address, and in all.

    `turns` is how many requests are worked on at once; None for all that are present.
    """

    name: str
    threads: int
    present_each: int
    present: int
    turns: int | None = None
    executor: ThreadPoolExecutor = field(init=False)
    _present: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.executor = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    def enter(self, address: str) -> None:
        """Admit a request. Raises BusyError where the lane is full."""
        if self._present[address] >= self.present_each or self._present.total() >= self.present:
            raise BusyError(self.name)
        self._present[address] += 1

    def leave(self, address: str) -> None:
        """Note that a request has ended."""
        self._present[address] -= 1
        if not self._present[address]:
            del self._present[address]

    async def run(self, connect: Callable[[], Connection], work: Callable[[Connection], T]) -> T:
        """Return what `work` does with a connection, in a thread of the lane; interrupt it when this is cancelled."""
        job = Interruptible()
        try:
            result = await asyncio.get_running_loop().run_in_executor(self.executor, job.run, connect, work)
        except asyncio.CancelledError:
            job.give_up()
            raise
        return result  # type: ignore[return-value]  # None only for work that nobody awaits


class Turns:
    """Who works and who waits, over all lanes with turns; first come, first served, but for addresses at work."""

    def __init__(self) -> None:
        self._at_work: Counter[str] = Counter()
        self._in_lane: Counter[str] = Counter()
        self._waiting: deque[tuple[Lane, str, asyncio.Future[None]]] = deque()

    async def take(self, lane: Lane, address: str) -> None:
        """Wait until the lane and the address have a turn free, and take it."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append((lane, address, waiter))
        self._hand_out()
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.give_back(lane, address)
            raise

    def give_back(self, lane: Lane, address: str) -> None:
        """End a turn."""
        self._at_work[address] -= 1
        self._in_lane[lane.name] -= 1
        if not self._at_work[address]:
            del self._at_work[address]
        self._hand_out()

    def _hand_out(self) -> None:
        waiting = self._waiting
        self._waiting = deque()
        for lane, address, waiter in waiting:
            if waiter.done():
                continue
            if self._at_work[address] < _TURNS_EACH and self._in_lane[lane.name] < (lane.turns or 0):
                self._at_work[address] += 1
                self._in_lane[lane.name] += 1
                waiter.set_result(None)
            else:
                self._waiting.append((lane, address, waiter))


class Lanes:
    """The lanes of a server, and which request goes where."""

    def __init__(self) -> None:
        # A browser asks for the pictures of a page all at once, and an office has one address.
        self.reading = Lane("reading", threads=3, present_each=40, present=200)
        self.files = Lane("files", threads=2, present_each=120, present=400)
        self.search = Lane("search", threads=2, present_each=12, present=60, turns=2)
        self.tables = Lane("tables", threads=2, present_each=6, present=30, turns=2)
        self.turns = Turns()
        self._by_path = (
            (re.compile(r"/capture/\d+/(page|style|raw|file)$"), self.files),
            (
                re.compile(r"/(search|findings|dossier)\.(csv|json|jsonl|xlsx|wacz)$|/article/\d+\.wacz$"),
                self.tables,
            ),
            (re.compile(r"/article/\d+/(diff|file|image)/|/story/"), self.tables),
            (re.compile(r"/(search|findings|stories|changes|counters|portal|feeds?)\b"), self.search),
            (
                re.compile(r"/($|article\b|capture/|dossier\b|status|help$|robots\.txt$|leaving$|-/)"),
                self.reading,
            ),
        )

    def of(self, path: str) -> Lane | None:
        """Return the lane of a path below Datasette's `base_url`; None for what costs nothing."""
        if path.startswith(("/-/static", "/favicon.ico")):
            return None
        # What no page of ours has is a database's: tables, rows, queries.
        return next((lane for pattern, lane in self._by_path if pattern.match(path)), self.tables)


_CURRENT: ContextVar[_Request | None] = ContextVar("request", default=None)


_OF_SERVERS: WeakKeyDictionary[Datasette, Lanes] = WeakKeyDictionary()


def lanes_of(datasette: Datasette) -> Lanes:
    """Return the lanes of a server."""
    if datasette not in _OF_SERVERS:
        _OF_SERVERS[datasette] = Lanes()
    return _OF_SERVERS[datasette]


async def run(lanes: Lanes, connect: Callable[[], Connection], work: Callable[[Connection], T]) -> T:
    """Return what `work` does with a connection, in the lane of the request that is being answered.

    Each part of a stream waits for a turn of its own. Without a request the lane is that of reading.
    """
    request = _CURRENT.get()
    if request is None:
        return await lanes.reading.run(connect, work)
    if not request.lane.turns or request.has_turn:
        return await request.lane.run(connect, work)
    await request.turns.take(request.lane, request.address)
    try:
        return await request.lane.run(connect, work)
    finally:
        request.turns.give_back(request.lane, request.address)


def in_lanes(datasette: Datasette, app: Asgi) -> Asgi:
    """Answer each request in its lane, or with 503 and Retry-After where that is full."""
    lanes = lanes_of(datasette)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        lane = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            lane = lanes.of(
                "/" + scope["path"].removeprefix(datasette.setting("base_url").rstrip("/")).lstrip("/")
            )
        if lane is None:
            await app(scope, receive, send)
            return
        address = (scope.get("client") or ("",))[0]
        try:
            lane.enter(address)
        except BusyError:
            text = "\n".join(messages.text("error.busy", lang) for lang in messages.LANGUAGES)
            await answer(send, 503, f"{text}\n", {"retry-after": RETRY_AFTER})
            return
        try:
            await _while_connected(_Request(lanes.turns, lane, address, app, scope, send), receive)
        finally:
            lane.leave(address)

    return wrapped


@dataclass(slots=True)
class _Request:
    turns: Turns
    lane: Lane
    address: str
    app: Asgi
    scope: Scope
    send: Send
    has_turn: bool = False

    async def respond(self) -> None:
        _CURRENT.set(self)
        if self.lane.turns:
            await self.turns.take(self.lane, self.address)
            self.has_turn = True
        try:
            await self.app(self.scope, _nothing_to_receive, self._forward)
        finally:
            self._end_turn()

    async def _forward(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            # What is left is sending, however slowly it is read; a stream goes on part by part.
            self._end_turn()
        await self.send(message)

    def _end_turn(self) -> None:
        if self.has_turn:
            self.has_turn = False
            self.turns.give_back(self.lane, self.address)


async def _while_connected(request: _Request, receive: Receive) -> None:
    response = asyncio.create_task(request.respond())
    gone = asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait({response, gone}, return_when=asyncio.FIRST_COMPLETED)
        if response.done():
            response.result()
    finally:
        for task in (response, gone):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _nothing_to_receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
