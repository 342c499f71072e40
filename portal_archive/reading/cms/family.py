"""What a CMS family is: how its pages are recognised, where its fields stand, what its URLs mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Protocol, cast
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from portal_archive.model.page import Article, Page
from portal_archive.reading.endpoints import Endpoint
from portal_archive.reading.markup.document import Document

# The fields of an article that a layout may name.
LAYOUT_FIELDS = frozenset(
    "title published_at modified_at views comments rating author source byline category tags summary lead_image"
    " attachments".split()
)


@dataclass(frozen=True)
class Layout:
    """One way in which a family, or a portal of its own, prints an article.

    `body` finds the element that holds the text: element ids are tried first (they cost nothing), then the XPath
    `body_path` where the page's source contains `needs`. The other fields are XPaths relative to the wrapper,
    which is the nearest ancestor of the body that `wrapper` selects (the whole page where it selects none).
    A path yields elements, attributes or text; the first that reads as a value counts. `valid_until` is the last day
    (ISO 8601) on which the portal printed it so. Raises ValueError for a field that there is not, a path that is no
    XPath and a day that is none.
    """

    name: str
    body_ids: tuple[str, ...] = ()
    body_path: str | None = None
    needs: str = ""
    wrapper: str = "ancestor::body"
    drop: str | None = None  # what inside the body is not text of the article
    fields: Mapping[str, str] = field(default_factory=dict)
    valid_until: str | None = None

    def __post_init__(self) -> None:
        if unknown := set(self.fields) - LAYOUT_FIELDS:
            raise ValueError(f"layout {self.name!r}: no field is called {', '.join(sorted(unknown))}")
        for name, path in self._paths.items():
            try:
                _compiled(path)
            except etree.XPathSyntaxError as error:
                raise ValueError(f"layout {self.name!r}: {name}: {path!r} is no XPath: {error}") from None
        if self.valid_until:
            date.fromisoformat(self.valid_until)

    @cached_property
    def _paths(self) -> dict[str, str]:
        around = {"wrapper": self.wrapper, "body": self.body_path, "drop": self.drop}
        return {name: path for name, path in {**self.fields, **around}.items() if path}

    def select(self, name: str, node: etree._Element) -> list[etree._Element | str]:
        """Return the elements, attributes or texts that a path selects from a node; none without such a path."""
        path = self._paths.get(name)
        return cast("list[etree._Element | str]", _compiled(path)(node)) if path else []

    def elements(self, name: str, node: etree._Element) -> list[etree._Element]:
        """Return the elements that a path selects from a node."""
        return [found for found in self.select(name, node) if not isinstance(found, str)]

    def find_body(self, tree: etree._Element, source: str) -> etree._Element | None:
        """Return the element that holds the article's text, if the page has this layout."""
        if self.needs and self.needs not in source:
            return None
        for name in self.body_ids:
            if name in source and (found := cast("list[etree._Element]", _by_id(tree, id=name))):
                return found[0]
        return next(iter(self.elements("body", tree)), None)


_by_id = etree.XPath("id($id)")


# The paths of a layout are compiled once; a layout itself travels between processes.
@lru_cache(maxsize=1024)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, smart_strings=False)


class Builder(Protocol):
    """An article while it is being read, as a family may correct it (`reading.article.article_builder`)."""

    document: Document
    page: Page
    article: Article
    own_url: str

    def set_if_missing(self, field: str, value: Any, method: str) -> bool:
        """Set a field that is still unknown."""

    def take_author(self, value: str | None, method: str) -> bool:
        """Take an author, unless it is the name of an account of the CMS."""


def _no_pages(document: Document, page: Page) -> list[str]:
    """Know of no list pages but those that a list links to."""
    return []


def _as_read(builder: Builder) -> None:
    """Leave an article as it was read."""


@dataclass(frozen=True)
class Family:
    """A CMS family.

    `marks` are strings of which a page of this family has at least one in its source. Patterns match path and query:
    `article_url` an article's, a named group of which is the CMS id where the URL has one (addresses that are articles'
    in the family `also` are so in this one); `page_url` list pages after
    the first; `list_url` a list that general rules would take for a trap; `traps` what must never be crawled;
    `other_view` what in a URL makes it another view, such as that for printing, of the article at the URL without it;
    `whole` the view that shows all pages of an article that is printed on several; `same_page` what in a path may be
    left out. `volatile` are query parameters that do not change what is shown, `article_volatile` those that do not on
    an article. `list_item` selects the title link of each article on a list page, which has one of the strings
    `list_needs`; one of `never_article` matches what the source of a page has that is no article, however it looks.
    `next_pages` gives the addresses of list pages that a list, as it was read, does not link to; `refine` is called
    when an article has been read, and corrects what is odd about this CMS; `is_complete` says that every article has
    one of the layouts; `endpoints` are where its scripts ask for what its pages show.
    """

    name: str
    marks: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    article_url: re.Pattern[str] | None = None
    page_url: re.Pattern[str] | None = None
    list_item: str | None = None
    list_needs: tuple[str, ...] = ()
    traps: re.Pattern[str] | None = None
    volatile: frozenset[str] = frozenset()
    other_view: re.Pattern[str] | None = None
    list_url: re.Pattern[str] | None = None
    next_pages: Callable[[Document, Page], list[str]] = _no_pages
    also: Family | None = None
    article_volatile: frozenset[str] = frozenset()
    whole: re.Pattern[str] | None = None
    same_page: re.Pattern[str] | None = None
    never_article: tuple[re.Pattern[str], ...] = ()
    refine: Callable[[Builder], None] = _as_read
    is_complete: bool = False
    endpoints: tuple[Endpoint, ...] = ()

    def shows_no_article(self, source: str) -> bool:
        """Tell whether the source of a page says that it is none of an article."""
        return any(pattern.search(source) for pattern in self.never_article)

    def may_list(self, source: str) -> bool:
        """Tell whether a page has the marks of this family's lists."""
        return any(mark in source for mark in self.list_needs)

    @property
    def list_path(self) -> etree.XPath | None:
        """The compiled `list_item`."""
        return _compiled(self.list_item) if self.list_item else None

    def article_id(self, url: str) -> str | None:
        """Return the CMS id that the URL of an article carries, as this family writes it."""
        match = self._own_match(url)
        return next(filter(None, match.groupdict().values()), None) if match else None

    def article_match(self, url: str) -> re.Match[str] | None:
        """Match the URL against the family's article URLs, and those of the one it adds to."""
        target = _target(url)
        if self.page_url is not None and self.page_url.search(target):
            return None
        return self._own_match(url) or (self.also.article_match(url) if self.also is not None else None)

    def _own_match(self, url: str) -> re.Match[str] | None:
        target = _target(url)
        if self.article_url is None or (self.page_url is not None and self.page_url.search(target)):
            return None
        return self.article_url.search(target)

    def main_view(self, url: str) -> str:
        """Return the URL of the article itself for that of its print view."""
        return url if self.other_view is None else self.other_view.sub("", url, count=1)

    def canonical(self, url: str) -> str:
        """Return the URL without fragment, session and tracking parameters, and what this family ignores."""
        if self.same_page is None and _PLAIN.match(url):
            return url
        parts = split(url)
        query = parts.query
        if query:
            kept = [
                (name, value)
                for name, value in parse_qsl(query, keep_blank_values=True)
                if name not in self.volatile and not _TRACKING.match(name) and not _is_session(name, value)
            ]
            if len(kept) != query.count("&") + 1:
                query = urlencode(kept, safe="/:,")
        path = _SESSION.sub("", parts.path) or "/"
        if self.same_page is not None:
            path = self.same_page.sub("", path) or "/"
        host = parts.netloc.lower()
        default_port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
        if default_port and host.endswith(default_port):
            host = host.removesuffix(default_port)
        found = urlunsplit((parts.scheme.lower(), host, path, query, ""))
        return self._own_page(found) if self.article_volatile and query else found

    def _own_page(self, url: str) -> str:
        """Return the URL of an article without what pages something below it."""
        parts = split(url)
        names = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in names if name not in self.article_volatile]
        own = urlunsplit(parts._replace(query=urlencode(kept, safe="/:,")))
        return own if len(kept) < len(names) and self.article_match(own) is not None else url


# An address that is its own canonical form, as nearly all are.
_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::(?!80/|443/)\d+)?/[^?#;(\s]*\Z")
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|zarsrc|_ga|mibextid|__cf\w+|phpsessid|jsessionid|cfid|cftoken|aspsessionid\w*"
    r"|aspxautodetectcookiesupport)$",
    re.I,
)
# The number of a session; a short one may be that of an article.
_SESSION_NAME = re.compile(r"(?:sid|s?ess(?:ion)?_?id|session)$", re.I)
_SESSION_VALUE = re.compile(r"[\w.{}-]{16,}$")
# Of Java, and of ASP.NET without cookies: `/(S(0a1b2c))/tin-tuc.aspx`.
_SESSION = re.compile(r";jsessionid=[^/?]*|/\((?:[A-Z]\([^()/]*\))+\)(?=/|$)", re.I)
_EMPTY = urlsplit("")


def _is_session(name: str, value: str) -> bool:
    return _SESSION_NAME.match(name) is not None and _SESSION_VALUE.match(value) is not None


def _target(url: str) -> str:
    parts = split(url)
    return parts.path + ("?" + parts.query if parts.query else "")


def split(url: str) -> SplitResult:
    """Split a URL; one that cannot be split counts as empty."""
    try:
        return urlsplit(url)
    except ValueError:
        return _EMPTY
