"""Which URLs belong to one site: one rule for links, redirects, robots.txt and the pace of a crawl."""

from __future__ import annotations

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def site_of(url: str) -> str:
    """Return what makes two URLs the same site: the host without "www.", and the port where it is unusual.

    `http` and `https` on their usual ports are one site, since portals move from one to the other. "" for a
    URL that is not of the web.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return ""
    host = parts.hostname.removeprefix("www.").rstrip(".")
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
