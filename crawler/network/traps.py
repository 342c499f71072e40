"""Endless ways through a portal, known by what they lead to.

Addresses that are known to be traps are never links (see `reading.listing.links`). What remains shows itself only
when it is visited: switches of theme that are called differently on every page and lead back to where one was,
views of the same article without number, calendars and pagers without an end.
"""

from __future__ import annotations

from collections import Counter
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.response_reader import Reading
from portal_archive.archive.warc.captures import payload_digest
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Article, Link

# As many addresses in a row of one pattern that led to what was seen before, and the pattern is a trap.
SEEN_BEFORE = 8
# Lists that announce nothing new lead on to other lists so many times in a row, and to so many in all.
BARREN_CHAIN = 10
BARREN_TOTAL = 300
# Pages at articles' addresses that show none lead on to others so many times in a row, and to so many links in all.
ASTRAY_CHAIN = 3
ASTRAY_TOTAL = 300
_NOTHING = payload_digest(b"")

TRAP = "leads to what was seen before"


class LeaveTraps:
    """Asks for no page whose pattern has turned out to be a trap since it was found."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass. Raises IgnoreRequest for a trap."""
        if "page" in request.meta and self._crawler.spider.is_trap(request):  # type: ignore[union-attr]
            raise IgnoreRequest(TRAP)


class TrapWatch:
    """Remembers what one crawl has seen, and says which links lead on. Lives as long as the process.

    Addresses and contents are remembered as their hashes: a crawl of a hundred thousand pages is to fit in memory.
    """

    def __init__(self) -> None:
        self._visited: set[int] = set()
        self._contents: set[int] = set()
        self._announced: set[int] = set()
        self._seen_before: Counter[str] = Counter()
        # Of each link that a barren list led on to: the lists in a row that were, and the last of them.
        self._barren: dict[int, tuple[int, int]] = {}
        self._barren_left = BARREN_TOTAL
        # Of each link that such a page led on to: how many of them in a row did.
        self._astray: dict[int, int] = {}
        # Barren lists of which it turned out that they had announced new articles, by addresses that do not show it.
        self._fertile: set[int] = set()

    def is_trap(self, url: str) -> bool:
        """Return whether the pattern of this URL has led nowhere too often."""
        return self._seen_before[pattern(url)] >= SEEN_BEFORE

    def leads_on(
        self, url: str, final_url: str, digest: str, reading: Reading, taken_for: str = LinkKind.LIST
    ) -> list[Link]:
        """Take note of a visit, and return the links of its page that are worth following.

        `url` is the one that was asked for and what it was taken for, `final_url` the one that answered, `digest`
        that of the payload. Only what was taken for a list can make a trap: articles in two categories and
        articles that have moved lead to what was seen before, and there is an end to them.
        """
        if reading.page is None:
            return reading.links
        led_back = url != final_url and hash(final_url) in self._visited
        self._visited.add(hash(url))
        self._visited.add(hash(final_url))
        article = reading.page.article
        # Of answers without a body each may jump to another page.
        apart = url if digest == _NOTHING else digest
        content = hash(apart) if article is None else _content(article)
        if led_back or content in self._contents:
            self._seen_before[pattern(url)] += taken_for == LinkKind.LIST
            return []
        self._contents.add(content)
        self._seen_before.pop(pattern(url), None)
        if reading.kind == Outcome.ARTICLE:
            chain, announced_by = self._barren.get(hash(url), (0, 0))
            if chain:
                self._barren[hash(url)] = 0, announced_by
                self._barren_left += 1
                self._fertile.add(announced_by)
            return reading.links
        if reading.kind == Outcome.OTHER and taken_for == LinkKind.ARTICLE:
            return self._of_no_article(hash(url), reading.links)
        items = {item.url for item in reading.page.items}
        return self._of_list(url, items, reading.links)

    def _of_no_article(self, url: int, links: list[Link]) -> list[Link]:
        """Follow what a page at an article's address leads to that is none, and not on and on."""
        chain = self._astray.get(url, 0) + 1
        if chain > ASTRAY_CHAIN:
            return []
        followed = links[: max(0, ASTRAY_TOTAL - len(self._astray))]
        for link in followed:
            self._astray.setdefault(hash(link.url), chain)
        return followed

    def _of_list(self, url: str, announced: set[str], links: list[Link]) -> list[Link]:
        before = len(self._announced)
        for found in announced | {link.url for link in links if link.kind == LinkKind.ARTICLE}:
            self._announced.add(hash(found))
        chain = 0 if len(self._announced) > before else self._chain(hash(url)) + 1
        followed = []
        for link in links:
            if link.kind == LinkKind.LIST and hash(link.url) not in self._barren:
                if chain >= BARREN_CHAIN or (chain and not self._barren_left):
                    continue
                self._barren_left -= chain > 0
                self._barren[hash(link.url)] = chain, hash(url)
            followed.append(link)
        return followed

    def _chain(self, url: int) -> int:
        """Return how many barren lists in a row led to this address."""
        chain, last = self._barren.get(url, (0, 0))
        return 0 if last in self._fertile else chain


def pattern(url: str) -> str:
    """Return what URLs made by the same rule have in common: all but the last part, and the query's names."""
    parts = urlsplit(url)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.path.rpartition('/')[0]}/?{','.join(names)}"


def _content(article: Article) -> int:
    return hash((article.title, article.body))
