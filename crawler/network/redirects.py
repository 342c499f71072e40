"""Redirects are followed on the portal and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

_DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)


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


class PortalRedirects(RedirectMiddleware):
    """Follow a redirect that stays on the site; hand one that leaves it to the spider as it is."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response, or the request for the page it points to on the same site."""
        result = super().process_response(request, response)
        if isinstance(result, Request) and site_of(result.url) != site_of(request.url):
            return response
        return result
