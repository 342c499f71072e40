"""An article while it is being read: the page it stands on, and what is known of it so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal_archive.model.page import Article, Attachment, Moment, Page
from portal_archive.reading import labels
from portal_archive.reading.article.body import Body
from portal_archive.reading.article.ends import peel
from portal_archive.reading.cms import Family
from portal_archive.reading.dates import Candidate, ParsedDate, parse_date, pick_article_date
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.text import clean
from portal_archive.reading.metadata.bylines import (
    body_byline,
    is_account_name,
    without_buttons,
    without_moment,
)
from portal_archive.reading.metadata.counts import bare_counts, find_comments, find_rating, find_views
from portal_archive.vietnamese.folding import fold_keep_length

_SITE_MARK = re.compile(r"^\W*\(?((?:[\w-]+\.)+(?:gov\.vn|vn|org|com))\)?\W*$")
_TRAIL_MARK = re.compile(r"\s*[>»›/|→]+\s*")
_MOST_LINES = 60  # around a text that are read for fields
_NEAR = 4  # lines: a name before a date further from the title is that of a reader
_BEHIND = 100  # lines: dates behind the text give way to those before it
_LONGEST_SOURCE = 150  # characters
_LINE = 200  # characters: longer lines are text and hold no labelled field


@dataclass(slots=True)
class ArticleBuilder:
    """`own_url` is the page's address, or what it says of itself; "" when neither is known."""

    document: Document
    cms: Family
    own_url: str
    page: Page
    article: Article
    blocks: list[Block] = field(default_factory=list)  # those of the text
    dated: list[Candidate] = field(default_factory=list)  # lines around it that may hold its date
    is_settled: bool = False  # its layout says where each field stands
    tags: list[str] = field(default_factory=list)  # of a labelled line; links of tags go before them

    def set_if_missing(self, field: str, value: Any, method: str) -> bool:
        """Set a field that is still unknown; False where it is known or `value` says nothing."""
        if value is None or value in ("", []) or getattr(self.article, field) not in (None, []):
            return False
        setattr(self.article, field, value)
        self.page.methods[field] = method
        return True

    def take_moment(self, moment: Moment, method: str) -> None:
        """Set the date of publication with its precision."""
        if self.set_if_missing("published_at", moment.iso, method):
            self.article.published_precision = moment.precision

    def take_date(self, candidates: Sequence[Candidate], method: str | None = None) -> bool:
        """Take the date of publication from lines that state it; False when they hold none."""
        return self.take_parsed_date(
            pick_article_date(candidates, not_after=self.document.fetched_at), method
        )

    def take_parsed_date(self, reading: ParsedDate | None, method: str | None = None) -> bool:
        """Take a date that was read, and what is wrong with it; False when there is none."""
        if reading is None:
            return False
        if reading.problem is not None:
            self.page.problems.append(replace(reading.problem, field="published_at"))
        if reading.moment is not None:
            self.take_moment(reading.moment, method or ("label" if reading.label else "date-line"))
        return reading.moment is not None

    def take_author(self, value: str | None, method: str) -> bool:
        """Take an author, unless it is the name of an account of the CMS."""
        return (
            bool(value) and not is_account_name(value or "") and self.set_if_missing("author", value, method)
        )

    def take_source(self, text: str, method: str) -> bool:
        """Take a source, without its label and the buttons behind it."""
        label = labels.SOURCE_LINE.match(fold_keep_length(text))
        value = without_buttons(text[label.end() :] if label else text).strip()
        return len(value) <= _LONGEST_SOURCE and self.set_if_missing("source", value, method)

    def take_labelled(self, line: str, method: str) -> bool:
        """Take a line with author, source or category such as «Tác giả: X | Nguồn: Y»; True when it was one."""
        found = False
        start = 0
        folded = fold_keep_length(line)
        for stop, after in (*(match.span() for match in labels.FIELD_BREAK.finditer(folded)), (len(line), 0)):
            found = self._take_field(line[start:stop], folded[start:stop], method) or found
            start = after
        return found

    def _take_field(self, text: str, folded: str, method: str) -> bool:
        for pattern in (labels.AUTHOR_LINE, labels.SOURCE_LINE, labels.CATEGORY_LINE):
            if match := pattern.match(folded):
                value = clean(text[match.end() :])
                if value and "(" not in value:
                    value = value.rstrip(") ")  # of a line in brackets
                if pattern is labels.AUTHOR_LINE:
                    self.take_author(without_moment(value or ""), method)
                elif pattern is labels.SOURCE_LINE:
                    self.take_source(value or "", method)
                else:
                    self.set_if_missing("category", value, method)
                return True
        return False

    def take_site_mark(self, line: str) -> bool:
        """Take a line that is the name of a site alone, «(laichau.gov.vn)», for the source."""
        match = _SITE_MARK.match(line)
        if match:
            self.set_if_missing("source", match.group(1), "site-mark")
        return match is not None

    def take_attachments(self, attachments: Iterable[Attachment]) -> None:
        """Add files, each once."""
        known = {attachment.url: attachment for attachment in self.article.attachments}
        for attachment in attachments:
            known.setdefault(attachment.url, attachment)
        self.article.attachments = list(known.values())

    def take_head(self, head: Sequence[Candidate]) -> None:
        """Take date, author and source from the lines around the title."""
        head = head[:_MOST_LINES]
        self.dated += head
        for candidate in head:
            line = candidate.text
            if len(line) <= _LINE and not (self.take_labelled(line, "label") or self.take_site_mark(line)):
                self._take_trail(line)
                if abs(candidate.distance) <= _NEAR:
                    self._take_name_before_date(line)
        self.take_counts([candidate.text for candidate in head])

    def _take_trail(self, line: str) -> None:
        """Take the category from «Trang chủ » Tin tức » Xây dựng Đảng»."""
        if match := labels.TRAIL.match(fold_keep_length(line)):
            names = [name for part in _TRAIL_MARK.split(line[match.end() :]) if (name := clean(part))]
            self.set_if_missing(
                "category",
                next((name for name in reversed(names) if name != self.article.title), None),
                "breadcrumb",
            )

    def _take_name_before_date(self, line: str) -> None:
        """Take the author from «Văn Hoa - 05:32, 24/11/2023»."""
        reading = parse_date(line) if self.article.author is None else None
        if reading is not None and (name := line[: reading.start].strip(" -–—|,·")):
            byline = body_byline([name])
            self.take_author(byline.author if byline else None, "byline")

    def take_tail(self, tail: Sequence[str]) -> None:
        """Take byline, source, tags and counts from the lines after the text, and a date that has a label."""
        self.dated += [
            Candidate(line, _BEHIND + distance)
            for distance, line in enumerate(tail[:6])
            if len(line) <= _LINE and (found := parse_date(line)) and found.label
        ]
        # A byline may stand just outside the element of the text.
        if self.article.author is None and tail and (byline := body_byline(tail[:1])):
            self.take_author(byline.author, "byline")
        for line in tail[:25]:
            if len(line) <= _LINE and not self.take_labelled(line, "label"):
                self._take_tags(line)
        self.take_counts(tail[:_MOST_LINES])

    def take_counts(self, lines: Sequence[str]) -> None:
        """Take the numbers of reads and comments and the rating from labelled lines."""
        for line in lines:
            if len(line) <= _LINE:
                if (count := find_views(line)) is not None:
                    self.set_if_missing("views", count.value, "label")
                self.set_if_missing("rating", find_rating(line), "label")
                if (count := find_comments(line)) is not None:
                    self.set_if_missing("comments", count.value, "label")
                self._take_bare_counts(line)

    def _take_bare_counts(self, line: str) -> None:
        """Take reads and comments from «Thứ năm - 09/03/2017 21:41 3.217 0»."""
        if line[-1:].isdigit() and (dated := parse_date(line)) and (counts := bare_counts(line[dated.end :])):
            for name, count in zip(("views", "comments"), counts, strict=True):
                self.set_if_missing(name, count.value, "date-line")

    def _take_tags(self, line: str) -> None:
        if match := labels.TAG_LINE.match(fold_keep_length(line)):
            parts = re.split(r"[,;#]", line[match.end() :])
            self.tags = self.tags or [tag for part in parts if (tag := clean(part))]

    def take_body(self, body: Body, method: str) -> None:
        """Take the text without its ends; the byline among them names the author where the CMS names none."""
        peeled = peel(body.blocks)
        body.blocks = peeled.blocks
        self.blocks = [block for block in body.blocks if block.role is not Role.IMAGE]
        if peeled.byline is not None:
            self.take_author(peeled.byline.author, "byline")
            self.set_if_missing("source", peeled.byline.source, "byline")
        self.take_head([Candidate(line, distance) for distance, line in enumerate(peeled.head, 1)])
        self.take_tail(peeled.tail)
        article = self.article
        self.set_if_missing("body", body.text, method)
        article.html = body.html()
        known = {image.url for image in article.images}
        article.images += [image for image in body.images if image.url not in known]
        article.captions += body.captions
        self.take_attachments(body.attachments)
        for name in ("images", "captions", "attachments"):
            if getattr(article, name):
                self.page.methods[name] = method
