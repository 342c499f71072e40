"""What the detectors look at: the texts of one article, folded once, and the links that leave the site."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import filterfalse

from portal_archive.integrity.hosts import host_of, is_ordinary
from portal_archive.integrity.offers import OfferWord, offer_words
from portal_archive.integrity.source import Marks, leads_away, marks_of
from portal_archive.integrity.styles import Hiding, hidden_names
from portal_archive.integrity.words import REPORTING, occurrences
from portal_archive.model.page import Article
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import plain
from portal_archive.vietnamese.folding import fold_keep_length, words_of
from portal_archive.vietnamese.syllables import syllables
from portal_archive.vietnamese.tones import one_style

_LINK = '<a href="'
_TAG = re.compile(r"<[^<>]*>")
_LINE_BREAK = re.compile(r"\n(?:\s{0,9}[,.;:!?…)]|(?<!\n\n)(?!\n)[ \t]{0,9}(?=[^\W\d_]))")
_PARAGRAPHS = re.compile("\n\n")
_MOST_CUTS = 100  # more of them say no more
_QUOTES = re.compile(r'[“”«»"]|\n\n')
_PAIRS = {"”": "“", "»": "«"}
_LONGEST_HEAD = 5000  # characters of title and summary


class Passage:
    """One field of the article; `folded`, `lowered` and `styled` (one tone style) have the positions of `text`."""

    def __init__(self, field: str, text: str) -> None:
        """Take the name of the field and what it says."""
        self.field = field
        self.text = text
        self.folded = fold_keep_length(text)
        lowered = text.lower()
        # One letter becomes two in some scripts, none of them Vietnamese.
        self.lowered = lowered if len(lowered) == len(text) else self.folded
        self.words = words_of(text)
        # The different words that are no syllables of Vietnamese in lower case.
        self.unknown = frozenset(filterfalse(syllables().__contains__, self.words))
        styled = one_style(text)
        self.styled = styled if len(styled) == len(text) else self.lowered
        self.folded_words = words_of(self.folded)
        self.vocabulary = frozenset(self.folded_words)
        self._reporting: dict[int, bool] = {}  # by where a paragraph begins

    def occurrences(self, folded: str) -> list[tuple[int, int]]:
        """Return where a folded phrase stands as whole words."""
        return [(start, start + len(folded)) for start in occurrences(folded, self.folded)]

    def paragraph(self, position: int) -> tuple[int, int]:
        """Return start and end of the paragraph around a position."""
        index = bisect_right(self._breaks, position)
        start = self._breaks[index - 1] + 2 if index else 0
        return start, self._breaks[index] if index < len(self._breaks) else len(self.text)

    def paragraphs(self) -> list[tuple[int, int]]:
        """Return start and end of each paragraph."""
        starts = [0, *(position + 2 for position in self._breaks)]
        return list(zip(starts, [*self._breaks, len(self.text)], strict=True))

    def reports(self, position: int) -> bool:
        """Tell whether the paragraph around a position speaks of crime, fraud, medicine or hacked sites."""
        start, end = self.paragraph(position)
        if start not in self._reporting:
            self._reporting[start] = REPORTING.within(self.folded[start:end]) is not None
        return self._reporting[start]

    def is_quoted(self, start: int, end: int) -> bool:
        """Return whether a span stands between quotation marks of its own paragraph."""
        index = bisect_right(self._quoted, (start, len(self.text))) - 1
        return index >= 0 and end <= self._quoted[index][1]

    @cached_property
    def line_breaks(self) -> list[int]:
        """Where lines are broken in mid-sentence: before a lone punctuation mark, or a word on the next line."""
        return [match.start() for match in _LINE_BREAK.finditer(self.text)] if "\n" in self.text else []

    @cached_property
    def styled_words(self) -> list[str]:
        """All words of `styled`."""
        return words_of(self.styled)

    @cached_property
    def offers(self) -> list[OfferWord]:
        """The words of offers in it, in order."""
        return offer_words(self.styled, frozenset(self.styled_words))

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in _PARAGRAPHS.finditer(self.text)]

    @cached_property
    def _quoted(self) -> list[tuple[int, int]]:
        """What stands between quotation marks, none of it within another; marks that are not closed quote nothing."""
        found: list[tuple[int, int]] = []
        opened: dict[str, int] = {}
        for match in _QUOTES.finditer(self.text):
            mark = match[0]
            if mark == "\n\n":
                opened.clear()
                continue
            if mark in _PAIRS:
                start = opened.pop(_PAIRS[mark], None)
            elif mark == '"':
                start = opened.pop(mark, None)
            else:
                start = None
            if start is None:
                opened.setdefault(mark, match.start())
                continue
            while found and found[-1][0] >= start:
                found.pop()
            if not found or found[-1][1] <= start:
                found.append((start, match.end()))
        return found


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in the article's text to a host that is neither its own nor an ordinary one."""

    text: str
    folded: str
    href: str
    host: str


class Texts:
    """Everything the detectors need of one article."""

    def __init__(self, document: Document, article: Article, own_url: str) -> None:
        """Take the parsed page, what was read of it, and its address ("" when unknown)."""
        self.document = document
        self.article = article
        self.own_host = host_of(own_url or document.url)
        # The captions of the article are one text here, a blank line between them.
        fields: Iterable[tuple[str, str | None]] = (
            ("title", article.title),
            ("summary", article.summary),
            ("body", article.body),
            ("captions", "\n\n".join(article.captions)),
            ("author", article.author),
        )
        self.passages = [Passage(name, text) for name, text in fields if text]

    @cached_property
    def anchors(self) -> list[Anchor]:
        """Links in the text to hosts that official articles have no ordinary reason to link to."""
        found = []
        # The text's own HTML is written by the reader: one form of link, each closed.
        for piece in (self.article.html or "").split(_LINK)[1:]:
            href, _, rest = piece.partition('">')
            host = host_of(href := unescape(href))
            if host and not is_ordinary(host, self.own_host):
                text = " ".join(unescape(_TAG.sub("", rest.partition("</a>")[0])).split())
                found.append(Anchor(text, fold_keep_length(text), href, host))
        return found + self._anchors_before(frozenset(found))

    @cached_property
    def marks(self) -> Marks:
        """Where in the page's source something stands that few pages have."""
        return marks_of(self.document.source)

    @cached_property
    def hidden_names(self) -> Mapping[str, Hiding]:
        """The classes and ids that the page's own style sheets hide."""
        return hidden_names(self.document.source, self.marks.sheets, self.document.tree)

    @cached_property
    def leaves(self) -> bool:
        """Tell whether anything on the page leads to a host that official pages do not lead to."""
        return self.leads_away(self.document.source)

    def leads_away(self, source: str) -> bool:
        """Tell whether a piece of HTML has a link to a host that official pages do not lead to."""
        return leads_away(source, self.own_host)

    def _anchors_before(self, known: frozenset[Anchor]) -> list[Anchor]:
        """Return such links in title and summary, whose HTML is not kept."""
        heads = [passage for passage in self.passages if passage.field in ("title", "summary")]
        before = [passage.folded[:_LONGEST_HEAD] for passage in heads]
        if not before or self.document.is_text or not self.leaves:
            return []
        found = []
        for element in self.document.tree.iter("a"):
            host = host_of(href := element.get("href") or "")
            if not host or is_ordinary(host, self.own_host):
                continue
            text = plain(element)
            anchor = Anchor(text, fold_keep_length(text), href, host)
            if text and anchor not in known and any(anchor.folded in folded for folded in before):
                found.append(anchor)
        return found

    @cached_property
    def cut_lines(self) -> list[str]:
        """Return, folded, what stands before line breaks of the page that a lone comma or full stop follows."""
        source = self.document.source
        return [
            fold_keep_length(" ".join(unescape(_TAG.sub("", source[max(cut - 160, 0) : cut])).split()))
            for cut in self.marks.cuts[:_MOST_CUTS]
        ]

    @cached_property
    def reports(self) -> bool:
        """Tell whether the article as a whole speaks of crime, fraud, medicine or hacked sites."""
        said = {
            phrase for passage in self.passages for phrase in REPORTING.phrases if phrase in passage.folded
        }
        return len(said) > 1

    def passage(self, field: str) -> Passage | None:
        """Return the passage of a field that the article has."""
        return next((passage for passage in self.passages if passage.field == field), None)
