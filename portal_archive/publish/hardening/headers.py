"""What every answer carries, Datasette's own pages included: headers that keep a browser from doing harm."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from portal_archive.publish.hardening.asgi import Asgi

# A policy of its own goes before these: the reading room and the captures have stricter ones.
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# The one inline script of Datasette's that is filled in.
_FILLED_IN = "{{ datasette_allow_facet }}"


@cache
def datasette_policy() -> str:
    """Return the policy of Datasette's own pages: its own files and inline scripts, and no other."""
    scripts: list[str] = []
    for template in files("datasette").joinpath("templates").iterdir():
        if template.name.endswith(".html"):
            scripts += _INLINE.findall(template.read_text(encoding="utf-8"))
    known = {script.replace(_FILLED_IN, value) for script in scripts for value in ("true", "false")}
    allowed = sorted(f"'sha256-{_digest(script)}'" for script in known if "{{" not in script)
    return (
        f"default-src 'none'; script-src 'self' {' '.join(allowed)};"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'self'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def with_headers(app: Asgi) -> Asgi:
    """Give every answer the headers it does not have yet."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def complete(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _completed(message.get("headers", []))}
            await send(message)

        await app(scope, receive, complete if scope["type"] == "http" else send)

    return wrapped


def _completed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = {name.lower().decode("latin-1"): value for name, value in headers}
    wanted = dict(_HEADERS)
    if given.get("content-type", b"").startswith(b"text/html"):
        wanted["content-security-policy"] = datasette_policy()
    added = [(name.encode(), value.encode()) for name, value in wanted.items() if name not in given]
    return [*headers, *added]
