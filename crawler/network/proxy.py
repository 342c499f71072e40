"""The only way out for the browser: an HTTP proxy that connects to the portal's site, at a public address.

What a browser loads is decided in many places (redirects, frames, workers, sockets, windows of its own), and not all
of them can be asked. The connection is made here, to the very address that was judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from crawler.network.guards import is_private, is_public

_HEAD_BYTES = 64 * 1024
_HEAD_SECONDS = 30.0
_CONNECT_SECONDS = 30.0
_CHUNK = 64 * 1024
_PORTS = {"http": 80, "https": 443}
# Of the hop to the proxy (RFC 9110, 7.6.1); the browser is told that each connection is for one answer.
_HOP_HEADERS = (b"connection:", b"proxy-connection:", b"proxy-authorization:", b"keep-alive:", b"upgrade:")
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class FilteringProxy:
    """Listens on a port of the loopback interface; `allows` says of a URL whether its site may be asked."""

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Begin to listen, and return the proxy's address as a URL."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD_BYTES)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """End what is open."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with (
            closing(writer),
            suppress(OSError, ValueError, EOFError, TimeoutError, asyncio.LimitOverrunError),
        ):
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
            method, target, version = first.split(b" ")
            is_tunnel = method == b"CONNECT"
            url = f"https://{target.decode('ascii')}/" if is_tunnel else target.decode("ascii")
            connected = await self._connect(url)
            if connected is None:
                writer.write(_REFUSED)
                await writer.drain()
                return
            there_reader, there_writer = connected
            with closing(there_writer):
                if is_tunnel:
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    kept = [line for line in lines if not line.lower().startswith(_HOP_HEADERS)]
                    request = b" ".join((method, _origin_form(url), version))
                    there_writer.write(b"\r\n".join((request, *kept, b"Connection: close", b"", b"")))
                upward = asyncio.ensure_future(_pump(reader, there_writer))
                try:
                    await _pump(there_reader, writer)  # until the answer has ended
                finally:
                    upward.cancel()
                    await asyncio.gather(upward, return_exceptions=True)

    async def _connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Connect to the host of a URL at an address where a crawl may go; None where there is none."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in _PORTS or not self._allows(url):
            return None
        port = parts.port or _PORTS[parts.scheme]
        async with asyncio.timeout(_CONNECT_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)  # TCP
            for *_, place in found:
                address = str(place[0])
                # A home that says itself that it is private is the word of whoever runs the crawl.
                if is_private(host) or is_public(ip_address(address.partition("%")[0])):
                    return await asyncio.open_connection(address, port)
        return None


def _origin_form(url: str) -> bytes:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}".encode("ascii")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
