"""The text of a file, page by page: what it says itself, and what was recognised in its pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from portal_archive.model.kinds import FileReason

# Between two pages, as between two paragraphs of an article.
_BETWEEN = "\n\n"
# (where it begins in the whole text, how many characters it has, how surely it was recognised)
Span = tuple[int, int, float | None]


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page, a sheet or a slide. `confidence`, from 0 to 100, is None where the file itself has the text."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class FileText:
    """What can be read of a file; `reason` says why something is missing, None where nothing is.

    A page without text has an empty one, so that pages keep their numbers.
    """

    pages: tuple[FilePage, ...] = ()
    reason: FileReason | None = None

    @classmethod
    def whole(cls, text: str) -> Self:
        """Return a text that has no pages, or whose pages nobody knows."""
        return cls((FilePage(text),))

    @property
    def text(self) -> str | None:
        """The text of all pages, parted by a blank line; None where there is none."""
        return _BETWEEN.join(page.text for page in self.pages if page.text) or None

    @property
    def spans(self) -> str:
        """Where each page stands in `text`, as the column `attachments.page_spans` keeps it."""
        return json.dumps(list(self._spans()))

    def _spans(self) -> Iterator[Span]:
        start = 0
        for page in self.pages:
            yield start, len(page.text), page.confidence
            start += len(page.text) + len(_BETWEEN) if page.text else 0

    @classmethod
    def stored(cls, text: str | None, spans: Iterable[Span], reason: str | None) -> Self:
        """Return the text that the columns `text`, `page_spans` and `reason` of an attachment hold."""
        pages = (
            FilePage((text or "")[start : start + length], confidence) for start, length, confidence in spans
        )
        return cls(tuple(pages), FileReason(reason) if reason else None)
