"""Which pages a probe asks for: few that tell much, chosen by what was seen so far. Knows no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.probe.pagers import is_later_page
from crawler.probe.pages import Answers, ProbedPage
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Link

REQUESTS = 15
ARTICLES = 5
# Lists with articles that show how lists are read, beside the home page; and how many are tried for each.
_LISTS = 3
_TRIES = 5
_ADDRESSES = 2  # feeds, and sitemaps: an index leads to one that lists articles


@dataclass(frozen=True, slots=True)
class _Candidate:
    link: Link
    found_on: str
    trust: int  # 0: announced on a page; 1: in a feed; 2: in a sitemap, which lists anything
    order: int


class Plan:
    """Takes in the pages of a portal as they come, and says which is to be asked for next.

    `home` comes first. `lists` and `feeds` are declared addresses, which are asked for before others of their kind.
    At most `pages` pages are asked for, and no more once `articles` of them were articles and lists, a feed and a
    sitemap were looked at.
    """

    def __init__(
        self,
        home: str,
        lists: Iterable[str] = (),
        feeds: Iterable[str] = (),
        *,
        articles: int = ARTICLES,
        pages: int = REQUESTS,
    ) -> None:
        self.answers = Answers(home)
        self._articles, self._pages = articles, pages
        self._asked: dict[str, LinkKind] = {}
        self._candidates: dict[str, _Candidate] = {}
        self._home = home
        self.find([Link(home, LinkKind.LIST)], "")
        self.find([Link(url, LinkKind.LIST) for url in lists], "")
        self.find([Link(url, LinkKind.FEED) for url in feeds], "")

    def find(self, links: Iterable[Link], found_on: str, trust: int = 0) -> None:
        """Take in addresses that were found on a page ("": declared); a better word of one that is known counts."""
        for link in links:
            known = self._candidates.get(link.url)
            better = known is not None and known.link.kind is LinkKind.LIST and link.kind is LinkKind.ARTICLE
            if known is None or better:
                self._candidates[link.url] = _Candidate(link, found_on, trust, len(self._candidates))

    def taken_for(self, url: str) -> LinkKind:
        """Return what an address was taken for when it was asked for."""
        return self._asked.get(url, LinkKind.LIST)

    def take(self, page: ProbedPage) -> None:
        """Take in a page that was asked for."""
        self.answers.pages.append(page)
        self._asked.setdefault(page.visit.url, page.taken_for)
        self._asked.setdefault(page.url, page.taken_for)
        trust = {Outcome.FEED: 1, Outcome.SITEMAP: 2}.get(page.visit.kind, 0)
        self.find(page.visit.links, page.url, trust)

    def ask(self, url: str) -> None:
        """Note that a page is asked for now."""
        self._asked[url] = self._candidates[url].link.kind if url in self._candidates else LinkKind.LIST

    def next(self) -> str | None:
        """Return the address to ask for next; None when enough was seen or nothing is left."""
        if self._home not in self._asked:
            return self._home
        if len(self.answers.pages) >= self._pages:
            return None
        articles = len(self.answers.of_kind(Outcome.ARTICLE))
        lists = sum(bool(page.page.items) for page in self.answers.pages[1:])
        for kind, wanted, seen in (
            # An article leads to its category, which the home page may not.
            (LinkKind.ARTICLE, 1, articles),
            (LinkKind.LIST, 1, lists),
            (LinkKind.FEED, 1, self._listing(Outcome.FEED)),
            (LinkKind.SITEMAP, 1, self._listing(Outcome.SITEMAP)),
            (LinkKind.LIST, 2, lists),
            (LinkKind.ARTICLE, self._articles - 1, articles),
            (LinkKind.LIST, _LISTS, lists),
            (LinkKind.ARTICLE, self._articles, articles),
        ):
            most = {LinkKind.LIST: wanted + _TRIES - 1, LinkKind.ARTICLE: self._pages}.get(kind, _ADDRESSES)
            if (
                seen < min(wanted, self._wanted(kind))
                and self._tried(kind) < most
                and (url := self._best(kind))
            ):
                return url
        # Short of articles: any list or feed that may still lead to one.
        if articles < self._articles:
            return self._best(LinkKind.ARTICLE) or self._best(LinkKind.LIST)
        return None

    def _wanted(self, kind: LinkKind) -> int:
        return {LinkKind.ARTICLE: self._articles, LinkKind.LIST: _LISTS}.get(kind, 1)

    def _tried(self, kind: LinkKind) -> int:
        return sum(url != self._home and taken == kind for url, taken in self._asked.items())

    def _listing(self, outcome: Outcome) -> int:
        pages = self.answers.of_kind(outcome)
        return sum(any(link.kind == LinkKind.ARTICLE for link in page.visit.links) for page in pages)

    def _best(self, kind: LinkKind) -> str | None:
        waiting = [
            one for url, one in self._candidates.items() if one.link.kind == kind and url not in self._asked
        ]
        if not waiting:
            return None
        if kind is LinkKind.ARTICLE:
            # Of different folders, and from different pages, that different builds are seen.
            asked = [url for url, taken in self._asked.items() if taken == kind and url in self._candidates]
            folders = Counter(_folder(url) for url in asked)
            sources = Counter(self._candidates[url].found_on for url in asked)
            return min(
                waiting,
                key=lambda one: (one.trust, folders[_folder(one.link.url)], sources[one.found_on], one.order),
            ).link.url
        if kind is LinkKind.LIST:
            return min(waiting, key=self._rank).link.url
        return waiting[0].link.url

    def _rank(self, one: _Candidate) -> tuple[bool, bool, int, int]:
        """Return the place of a list: declared ones first, then first pages that have known articles below them."""
        url = one.link.url
        return one.found_on != "", is_later_page(url), -self._leads(url), one.order

    def _leads(self, url: str) -> int:
        """Return how many known articles have an address below that of a list."""
        folder = _stem(url)
        return (
            sum(
                one.link.kind is LinkKind.ARTICLE and urlsplit(one.link.url).path.startswith(folder)
                for one in self._candidates.values()
            )
            if len(folder) > 1
            else 0
        )


def _folder(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[0]


def _stem(url: str) -> str:
    return f"{urlsplit(url).path.removesuffix('.html').rstrip('/')}/"
