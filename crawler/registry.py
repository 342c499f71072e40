"""The portals that have a file in `spiders/`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from scrapy.utils.misc import walk_modules_iter
from scrapy.utils.spider import iter_spider_classes

from archive.records import Portal
from crawler.redirects import site_of
from crawler.settings import SPIDER_MODULES

if TYPE_CHECKING:
    from crawler.spider import PortalSpider


@cache
def portal_spiders() -> tuple[PortalSpider, ...]:
    """Return a spider for each declared portal, by name."""
    spiders = (
        cast("type[PortalSpider]", spider)
        for package in SPIDER_MODULES
        for module in walk_modules_iter(package)
        for spider in iter_spider_classes(module)
    )
    found = {spider.name: spider() for spider in spiders if spider.home}
    return tuple(found[name] for name in sorted(found))


def declared_portals() -> list[Portal]:
    """Return all declared portals as rows of the archive."""
    return [spider.portal for spider in portal_spiders()]


def portal_for_host(host: str) -> Portal | None:
    """Return the portal declared for a host, be it with "www." or with the usual port."""
    site = site_of(f"https://{host}/")
    return next((portal for portal in declared_portals() if site_of(portal.home_url) == site), None)
