"""What speaks for an article on a page, and what against one: its address, its head, its text and its boxes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from portal_archive.model.page import Item
from portal_archive.reading import labels
from portal_archive.reading.article.density import SHORT_TEXT
from portal_archive.reading.article.region import Region
from portal_archive.reading.cms import Family, split
from portal_archive.reading.dates import pick_article_date
from portal_archive.reading.markup.block import Role
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.markup.furniture import is_navigation
from portal_archive.reading.markup.lines import is_file_link
from portal_archive.reading.metadata.page_names import is_named_otherwise, slug_of
from portal_archive.vietnamese.folding import fold

MIN_BODY = 80  # characters: an article whose place is known may be this short
MIN_FOUND_BODY = 250  # characters: text found by density alone must be longer to count as an article
SECTION = 4  # spaces in the name of a section: a title has more words
LONG_SLUG = 5  # spaces between the words of an address: a category's has fewer
RECORD = 6  # lines of a record: names and values
LIST = 3  # boxes of other articles where an article's text should be
_HOME = re.compile(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:pages/|sites?/)?(?:(?:index|default|home|homepage|main|trang-?chu)(?:\.\w{2,5})?/?)?$",
    re.I,
)
_HOME_QUERY = re.compile(
    r"^(?:(?:page|view|module|nv|lang|language)=(?:home|vi|trang-?chu|main|index)(?:&|$))*$", re.I
)
# What the body of a page is called where it lists articles: WordPress, Joomla, Drupal and their like.
_LIST_CLASSES = frozenset(
    "archive blog home front page-taxonomy category tag search search-results author date post-type-archive paged"
    " view-category view-categories view-featured view-tag view-archive front-page is-front".split()
)
_PAGE_CLASSES = frozenset("page page-template page-template-default node-type-page".split())
# The time of publication of a teaser; the headings of a schedule are days without a time of the clock.
_STAMP = re.compile(
    r"\d{1,2}:\d\d.*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.*\d{1,2}:\d\d"
)
STAMP = 40  # characters of a line that is such a time
MAX_ENTRY = 60  # characters of an entry of a menu


@dataclass
class Signs:
    """The signs of one page; `own_url` is its address, "" where it is unknown."""

    document: Document
    family: Family
    own_url: str
    region: Region | None
    items: Sequence[Item]
    menus: Collection[etree._Element]

    @cached_property
    def is_home(self) -> bool:
        """Whether this is the address of the home page."""
        parts = split(self.own_url)
        return (
            bool(self.own_url)
            and bool(_HOME.match(parts.path or "/"))
            and bool(_HOME_QUERY.match(parts.query))
        )

    @cached_property
    def is_article_url(self) -> bool:
        """Whether the family knows the address as an article's."""
        return bool(self.own_url) and self.family.article_match(self.own_url) is not None

    @cached_property
    def body_classes(self) -> frozenset[str]:
        """The classes of the body of the page."""
        body = self.document.tree.find("body")
        return frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset()

    @cached_property
    def is_in_menu(self) -> bool:
        """Whether a menu of the page leads to the page itself."""
        if not self.own_url:
            return False
        own = self.family.canonical(self.own_url).rstrip("/")
        return any(
            self.family.canonical(self.document.absolute(href)).rstrip("/") == own
            for menu in self.menus
            if is_navigation(menu)
            for link in menu.iter("a")
            if (href := (link.get("href") or "").strip())
            and not href.startswith(("#", "javascript:"))
            and len(plain(link)) <= MAX_ENTRY
        )

    @cached_property
    def is_dated(self) -> bool:
        """Whether a date is printed beside the title."""
        if self.region is None:
            return False
        reading = pick_article_date(self.region.head, not_after=self.document.fetched_at)
        return reading is not None and reading.moment is not None

    def show_an_article(self) -> bool:
        """Tell whether the page is an article, and not a list, an introduction or a menu."""
        region = self.region
        if region is None or self.is_home:
            return False
        listed = self.body_classes & _LIST_CLASSES and (self.items or region.boxes)
        if listed or (self.body_classes & _PAGE_CLASSES and not self.is_dated):
            return False
        exact_list = self.family.may_list(self.document.source) and not (
            self._is_certain and not region.links
        )
        if exact_list and (len(self.items) >= LIST or (self.items and not self.is_article_url)):
            # Below an article of an unknown theme there may be the family's own list of others.
            printed = region.title_method not in ("", "meta", "position")
            return self.is_article_url and self.is_dated and printed and region.length >= MIN_FOUND_BODY
        if region.title is None and not self.document.is_text and not self.is_article_url:
            return False
        if (self.is_in_menu and not (self.is_dated and region.length >= MIN_FOUND_BODY)) or self._is_record:
            return False
        if self._asks_to_log_in:
            return False
        if (region.boxes >= LIST and region.length < MIN_FOUND_BODY) or (
            region.is_empty and region.is_followed
        ):
            return False
        if self._is_section or (self._alternates and not self._is_certain):
            return False
        if self._is_certain or self.is_article_url:
            return self._has_anything()
        return self._reads_like_one()

    def _has_anything(self) -> bool:
        """Tell whether a page that is certain of its title says more: a date, a sentence, a file, a picture."""
        region = self.region
        assert region is not None
        if self._is_mostly_links(5, 1):
            return False
        return (
            self._is_of_the_address
            or region.length >= (1 if region.files or region.has_more_than_text else MIN_BODY)
            or (self._has_printed_title() and (self.is_dated or region.length >= SHORT_TEXT))
            or bool(self._has_printed_title() and (region.files or region.has_more_than_text))
        )

    @cached_property
    def _asks_to_log_in(self) -> bool:
        """Whether a page that says little, and whose title its address does not confirm, has a field for a password."""
        region = self.region
        if region is None or self.is_dated or region.files or region.length >= MIN_FOUND_BODY:
            return False
        fields = self.document.tree.iter("input")
        return region.title_method != "slug" and any(
            (field.get("type") or "").lower() == "password" for field in fields
        )

    @cached_property
    def _is_record(self) -> bool:
        """Whether there are only the fields of a record: names and values, no date of publication, no sentence."""
        region = self.region
        if region is None or self.is_dated or region.files or region.films:
            return False
        if region.has_text and self._is_certain:
            return False
        lines = [block.text for block in region.body if block.role not in (Role.IMAGE, Role.TABLE)]
        return len(lines) >= RECORD and not any(
            len(line) >= SHORT_TEXT and line[-1] in ".!?…" for line in lines
        )

    @property
    def _is_section(self) -> bool:
        """Whether a short title, the name of a section, stands above the linked title of an article."""
        region = self.region
        short = region is not None and (region.title or "").count(" ") < SECTION
        return region is not None and short and region.links > 0 and not self.is_article_url

    @property
    def _alternates(self) -> bool:
        """Whether text and boxes of other articles take turns: teasers that stand outside of their boxes."""
        region = self.region
        return region is not None and region.turns >= LIST and 2 * region.turns >= self._paragraphs

    @property
    def _is_certain(self) -> bool:
        """Whether the title is beyond doubt: the head says the same, or the address, and more than a section's name."""
        method = self.region.title_method if self.region is not None else ""
        return method == "headline" or self._is_of_the_address

    @property
    def _is_of_the_address(self) -> bool:
        method = self.region.title_method if self.region is not None else ""
        return method == "slug" and slug_of(self.document.url).count(" ") >= SECTION

    def _has_printed_title(self) -> bool:
        return self.region is not None and self.region.title_method not in ("", "meta", "position")

    def _is_mostly_links(self, least: int, times: int) -> bool:
        region = self.region
        assert region is not None
        return region.links >= least and region.links * times >= self._paragraphs

    @cached_property
    def _paragraphs(self) -> int:
        blocks = self.region.body if self.region is not None else []
        return sum(1 for block in blocks if block.role is not Role.IMAGE and len(block.text) >= 60)

    @property
    def _shows_teasers(self) -> bool:
        """Whether there are the times of several articles under a title that no markup states."""
        region = self.region
        if region is None or region.title_method not in ("", "meta", "position"):
            return False
        times = sum(
            len(block.text) <= STAMP and _STAMP.search(block.text) is not None for block in region.body
        )
        return times >= LIST and 2 * times >= self._paragraphs

    @property
    def _stands_alone(self) -> bool:
        """Whether the title is a heading of some words, and no box of another article stands in the text."""
        region = self.region
        return (
            region is not None
            and region.title_method in ("heading", "head-title", "title-class")
            and (region.title or "").count(" ") >= SECTION
            and not (region.boxes or region.links)
        )

    @property
    def _is_named(self) -> bool:
        """Whether the head calls the page by a printed title of some words, and no box of another article is near."""
        region = self.region
        return (
            region is not None
            and region.title_method == "head-title"
            and (region.title or "").count(" ") >= SECTION
            and not (region.boxes or region.links or region.is_followed)
        )

    def _reads_like_one(self) -> bool:
        """Tell whether a page whose address says nothing reads like an article."""
        region = self.region
        assert region is not None
        if self._is_mostly_links(3, 2) or self._shows_teasers:
            return False
        documents = sum(is_file_link(block) for block in region.body)
        if documents >= LIST and 2 * documents >= self._paragraphs and not self.is_dated:
            return False
        if self.is_dated and region.title_method != "meta":
            # A notice may be one sentence and a file, a report one table.
            enough = 1 if region.files or region.has_more_than_text else SHORT_TEXT
            return region.length >= enough or (
                self._has_printed_title() and bool(region.files or region.films)
            )
        if self._is_named and region.length >= MIN_BODY:
            return True
        if region.length < MIN_FOUND_BODY:
            return False
        return (
            self.document.is_text
            or self.document.meta("og:type") == "article"
            or any(labels.AUTHOR_LINE.match(fold(block.text)) for block in region.tail[:10])
            or (self._paragraphs >= 3 and (len(self.items) < 2 * self._paragraphs + 5 or self._stands_alone))
        )

    def show_another_page(self) -> bool:
        """Tell whether the address of an article answers with the home page or a list: the article is not there."""
        # A category may have an address of some words too.
        sure = self.is_article_url and (
            self.family.article_id(self.own_url) is not None or slug_of(self.own_url).count(" ") >= LONG_SLUG
        )
        return sure and bool(self.items) and not self.is_in_menu and is_named_otherwise(self.document)
