"""The answers that a probe got, as the report is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.pipeline import FAILED
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Page
from portal_archive.model.probe import CertificateSeen, RobotsSeen
from portal_archive.model.records import Visit


@dataclass(frozen=True, slots=True)
class ProbedPage:
    """A page that was asked for, what it was taken for, and its body where it answered."""

    visit: Visit
    body: bytes
    taken_for: LinkKind = LinkKind.LIST
    certificate: CertificateSeen | None = None

    @property
    def page(self) -> Page:
        """What was read on it."""
        return self.visit.page or Page(self.visit.final_url, self.visit.kind)

    @property
    def url(self) -> str:
        """Where it was in the end."""
        return self.visit.final_url


@dataclass(slots=True)
class Answers:
    """What a portal answered: its pages in the order they were asked for, and what was asked in all.

    `verdict` is the state that the end of the crawl was judged to be, with reason and next step in English, where it
    is one that keeps the portal from being read. `hands` are signs of another owner, in English.
    """

    home_url: str
    pages: list[ProbedPage] = field(default_factory=list)
    robots: RobotsSeen | None = None
    requests: int = 0
    verdict: tuple[str, str, str] | None = None
    hands: tuple[str, ...] = ()
    fault: str | None = None

    @property
    def home(self) -> ProbedPage | None:
        """The answer of the home page."""
        return next((page for page in self.pages if page.visit.url == self.home_url), None)

    @property
    def answered(self) -> bool:
        """Whether any page came back."""
        return any(page.visit.kind not in FAILED for page in self.pages)

    def of_kind(self, kind: Outcome) -> list[ProbedPage]:
        """Return the pages that turned out to be of a kind, in the order they were visited."""
        return [page for page in self.pages if page.visit.kind == kind]
