"""What an ASGI application is, and the short answers that need no page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


async def answer(send: Send, status: int, text: str = "", headers: dict[str, str] | None = None) -> None:
    """Send a whole answer of plain text."""
    sent = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": text.encode()})
