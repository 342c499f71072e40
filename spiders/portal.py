"""Any portal: `scrapy crawl portal -a url=https://any.portal.vn/`."""

from typing import Any
from urllib.parse import urlsplit

from crawler.spider import PortalSpider
from portal_archive.model.site import site_of


class AnyPortal(PortalSpider):
    name = "portal"
    known = "generic"

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        host = urlsplit(url).netloc.rpartition("@")[2].lower() if site_of(url) else None
        super().__init__(name=host, home=url, title=host or "", **kwargs)
