"""What one visit showed of an article: what doubting and storing pass around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from portal_archive.archive.moments import to_text
from portal_archive.archive.storing.content import Content, canonical
from portal_archive.model.page import Article, Page
from portal_archive.model.records import Visit


@dataclass(frozen=True, slots=True)
class Observation:
    """An article as a visit read it, `seen` at the visit's moment; `capture_id` is None for one without a capture."""

    visit: Visit
    page: Page
    article: Article
    content: Content
    capture_id: int | None
    seen: str

    @classmethod
    def of(cls, visit: Visit, page: Page, article: Article, capture_id: int | None) -> Self:
        """Return what a visit showed, its content known by the URL that can be meant for it."""
        content = Content.of(article, canonical(article, visit.final_url))
        return cls(visit, page, article, content, capture_id, to_text(visit.fetched_at))

    @property
    def portal(self) -> str:
        """The portal's name."""
        return self.visit.portal

    @property
    def url(self) -> str:
        """The URL that answered."""
        return self.visit.final_url
