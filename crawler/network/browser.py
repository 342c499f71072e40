"""Pages and counters that a script fills in, read in the system's Chromium (the optional extra `browser`)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.settings import BaseSettings

from portal_archive.model.site import site_of

if TYPE_CHECKING:
    from playwright.async_api import Page as BrowserPage
    from playwright.async_api import Request as BrowserRequest

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOT_NEEDED = ("image", "media", "font", "stylesheet", "websocket")
# Whatever could reach the network without the proxy.
_ARGUMENTS = (
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_HANDLER = "crawler.network.chromium.Chromium"
IDLE_MILLISECONDS = 20_000
NO_BROWSER = "Chromium or the extra `browser` (pip install 'portal-archive[browser]') is not installed"


class OnlySites:
    """Tells the browser what not to load: other sites, what no text needs, and what robots.txt forbids."""

    def __init__(self) -> None:
        self.sites: set[str] = set()
        self.robots: dict[str, Callable[[str], bool]] = {}  # of each site: whether it allows an address

    def __call__(self, request: BrowserRequest) -> bool:
        """Return whether a request of the browser is to be aborted."""
        site = site_of(request.url)
        if request.resource_type in _NOT_NEEDED or site not in self.sites:
            return True
        is_allowed = self.robots.get(site)
        return is_allowed is not None and not is_allowed(request.url)


async def _settle(page: BrowserPage) -> None:
    """Wait until the scripts of a page have been answered; one that never stops asking is taken as it is then."""
    from playwright.async_api import TimeoutError as BrowserTimeoutError

    with suppress(BrowserTimeoutError):
        await page.wait_for_load_state("networkidle", timeout=IDLE_MILLISECONDS)


def use_browser(settings: BaseSettings) -> bool:
    """Enter the browser into the settings of a crawl; False when extra or Chromium is not installed."""
    chromium = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if chromium is None or find_spec("scrapy_playwright") is None:
        return False
    # Chromium's sandbox does not work for root.
    arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    chosen: dict[str, Any] = {
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": chromium, "args": arguments},
        "PLAYWRIGHT_ABORT_REQUEST": OnlySites(),
    }
    settings.setdict(chosen, priority="spider")
    return True


def has_browser(settings: BaseSettings) -> bool:
    """Tell whether a browser was entered into the settings of a crawl."""
    return settings["PLAYWRIGHT_ABORT_REQUEST"] is not None


def browser_request(url: str, settings: BaseSettings, **arguments: Any) -> Request:
    """Return a request that opens `url` in the browser and waits until its scripts have been answered."""
    from scrapy_playwright.page import PageMethod

    settings["PLAYWRIGHT_ABORT_REQUEST"].sites.add(site_of(url))
    seconds = settings.getfloat("DOWNLOAD_TIMEOUT")
    meta = {
        "playwright": True,
        "playwright_page_methods": [PageMethod(_settle)],
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": seconds * 1000},
        "playwright_context_kwargs": {"service_workers": "block", "accept_downloads": False},
        "playwright_page_init_callback": "crawler.network.chromium.keep_to_itself",
    }
    return Request(url, meta=meta, **arguments)
