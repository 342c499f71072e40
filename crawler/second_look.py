"""A second look at some articles, as a search engine gets them: only where a portal's file asks for it.

Hijacked pages are often shown to search engines alone. The request says that it is like Google's crawler, and
still names this project.
"""

from __future__ import annotations

from scrapy import Request

from portal_archive.integrity.cloaking import differs
from portal_archive.model.page import Page

# Articles of a crawl that are looked at twice.
AT_MOST = 5
SEEN = "second_look_at"


def request_as_search_engine(url: str, seen: Page, user_agent: str) -> Request:
    """Return the request for a page that readers are shown as `seen`; `user_agent` is the project's own."""
    named = f"Mozilla/5.0 (compatible; Googlebot/2.1; {user_agent})"
    return Request(url, headers={"User-Agent": named}, meta={SEEN: seen}, dont_filter=True)


def compared(seen: Page, shown: Page | None) -> Page:
    """Return a page that has nothing but what differs between the two looks, as findings."""
    found = differs(seen, shown) if shown is not None else None
    return Page(seen.url, seen.kind, findings=[found] if found else [])
