"""Redirects are followed on the portal and nowhere else."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from portal_archive.model.site import site_of


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
