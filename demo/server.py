"""Serves the demo portals over HTTP on loopback, one port each.

with serve() as sites:
    sites["laichau"].url            # "http://127.0.0.1:40123"
    sites["laichau"].gold()         # what a perfect reader knows of each article
    sites["laichau"].advance()      # editors at work: edits, moves, deletions, new articles
    sites["laichau"].changes()      # which ones
    sites["laichau"].log            # the requests that came
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.portal import NOW, Change, Gold, Portal, Response
from demo.portals import PORTALS
from demo.shells import SHELLS, SmallPortal


class Request(NamedTuple):
    """A request that was answered; `path` is as it came, with its query."""

    method: str
    path: str
    status: int
    user_agent: str | None


class Seen(NamedTuple):
    """What a visitor got at a moment in the past (aware): address, status, headers, body."""

    at: datetime
    url: str
    response: Response


# The editors are at work so many days before now.
_EDITS = (6, 3)
_DAYS = 10
_MAINTENANCE = 5


class Served:
    """A portal being served: its address, and the requests it answered."""

    def __init__(self, portal: Portal | SmallPortal, host: str, port: int) -> None:
        self.served = portal
        self.log: list[Request] = []
        self._lock = threading.Lock()
        self._server = _Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"

    def answer(self, method: str, target: str, headers: Message) -> Response:
        """Answer one request, and log it."""
        parts = urlsplit(target)
        with self._lock:
            response = self.served.get(
                unquote(parts.path), dict(parse_qsl(parts.query)), self.url, headers.get("If-None-Match")
            )
            self.log.append(Request(method, target, response.status, headers.get("User-Agent")))
        return response

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve until the block is left."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class Site(Served):
    """A portal of the demo with its state and the truth about it."""

    def __init__(self, portal: Portal, host: str, port: int) -> None:
        super().__init__(portal, host, port)
        self.portal = portal

    def gold(self) -> list[Gold]:
        """Return what a perfect reader knows of each article that is out, newest first."""
        with self._lock:
            return self.portal.gold(self.url)

    def changes(self) -> list[Change]:
        """Return what the last `advance` changed."""
        with self._lock:
            return self.portal.changes(self.url)

    def advance(self, now: datetime | None = None) -> None:
        """Go on to the next state (2, then 3), at the time `now` if given.

        Raises ValueError after the last state.
        """
        with self._lock:
            self.portal.advance()
            self.portal.now = now or self.portal.now

    def past(self) -> Iterator[Seen]:
        """Live through the days before `now`, to the last state; give what a daily visitor got.

        That is the home page every day, each article on the first, and from then on those that the editors
        change or delete. A portal that has a day of maintenance shows a notice at every address on it.
        """
        now, home = self.portal.now, f"{self.url}/"
        watched = every = [article["url"] for article in self.gold()]
        for day in range(_DAYS, 0, -1):
            self.portal.now = now - timedelta(days=day)
            if day == _MAINTENANCE and self.portal.has_maintenance_day:
                for url in (home, *every):
                    yield Seen(self.portal.now, url, self.portal.notice())
                continue
            if day in _EDITS:
                self.advance()
                watched += [change["url"] for change in self.changes()]
            for url in [home, *dict.fromkeys(watched)]:
                path = unquote(urlsplit(url).path)
                yield Seen(self.portal.now, url, self.portal.get(path, {}, self.url))
            if day == _DAYS:
                watched = []
        self.portal.now = now

    @property
    def readings(self) -> list[tuple[str, dict[str, int]]]:
        """What the visitor counter printed, on which page (path and query), in the order of the visits."""
        return self.portal.readings


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A crawler may leave connections open; they end with the process.
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: Served) -> None:
        super().__init__(address, _Handler)
        self.site = site


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "demo", ""
    # Head and body in one packet: two would wait for each other.
    wbufsize = -1
    timeout = 60

    def do_GET(self) -> None:
        response = self.server.site.answer(self.command, self.path, self.headers)
        self.send_response(response.status)
        self.send_header("Content-Type", response.type)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != 304:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_HEAD = do_GET  # noqa: N815 - the name is the standard library's

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header: the portal's `now`, not the clock's."""
        return format_datetime(self.server.site.served.now)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Log nothing: the site keeps its own log."""


@contextmanager
def serve_shells(now: datetime = NOW) -> Iterator[dict[str, Served]]:
    """Serve the small portals of `demo.shells` until the block is left; gives the sites by stem."""
    with ExitStack() as stack:
        yield {
            stem: stack.enter_context(Served(made(now), "127.0.0.1", 0).running())
            for stem, made in SHELLS.items()
        }


@contextmanager
def serve(
    portals: Iterable[str] = tuple(PORTALS),
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    now: datetime = NOW,
    state: int = 1,
) -> Iterator[dict[str, Site]]:
    """Serve portals, named by their stems, until the block is left; gives the sites by stem.

    `port` is that of the first portal, the others follow; 0 takes free ones. `now` is the time the portals
    live in (aware): counters depend on it, articles do not. `state` is the one they start in. Raises KeyError
    for an unknown stem, OSError for a port that is taken.
    """
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for offset, stem in enumerate(portals):
            portal = PORTALS[stem](now)
            for _ in range(state - 1):
                portal.advance()
            sites[stem] = stack.enter_context(Site(portal, host, port and port + offset).running())
        yield sites
