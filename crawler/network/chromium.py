"""The handler that opens a page in the browser, where the optional extra `browser` is installed."""

from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.network.tls import ExplainsTls


class Chromium(ScrapyPlaywrightDownloadHandler, ExplainsTls):  # type: ignore[misc]
    """Asks like Scrapy's handler, with our check of certificates, whatever is not for the browser."""
