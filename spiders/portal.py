"""Any portal: `scrapy crawl portal -a url=https://any.portal.vn/`."""

from typing import Any
from urllib.parse import urlsplit

from crawler.network.redirects import site_of
from crawler.spider import PortalSpider


class AnyPortal(PortalSpider):
    name = "portal"
    known = "generic"

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        host = urlsplit(url).netloc.rpartition("@")[2].lower() if site_of(url) else None
        super().__init__(name=host, home=url, title=host or "", **kwargs)
