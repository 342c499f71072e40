"""The site's own address: the hosts it answers to, and the base of links that leave it."""

from __future__ import annotations

import ipaddress
import logging
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal_archive.publish.hardening import serving
from portal_archive.publish.hardening.asgi import Asgi, Receive, Scope, Send, answer

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

logger = logging.getLogger(__name__)

VARIABLE = "ARCHIVE_ADDRESS"
_MISDIRECTED = 421


def site_address(datasette: Datasette) -> str | None:
    """Return the configured public address without a closing "/", "https://archive.example.org"; None for none.

    It is the environment's ARCHIVE_ADDRESS, else `address` of the plugin's settings.
    """
    configured = os.environ.get(VARIABLE) or serving.configuration(datasette).get("address")
    return str(configured).rstrip("/") if configured else None


def base_of_links(datasette: Datasette, request: Request) -> str:
    """Return scheme and host of absolute links: the configured ones, else those of a request to this machine."""
    return site_address(datasette) or f"{request.scheme}://{request.host}"


def only_own_hosts(datasette: Datasette, app: Asgi) -> Asgi:
    """Answer with 421 and nothing else to a request for a host that is not this site.

    Own are the host of the configured address, this machine by its name "localhost", and any address in numbers,
    which nobody can have set up in the name system.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if not _is_own(host, site_address(datasette)):
                logger.warning(
                    "refused a request for host %.100r: set %s to the site's address", host, VARIABLE
                )
                await answer(send, _MISDIRECTED)
                return
        await app(scope, receive, send)

    return wrapped


def _is_own(host: str, address: str | None) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        if name == "localhost" or (address and name == urlsplit(address).hostname):
            return True
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
