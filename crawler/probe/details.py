"""What a probe wants to know of one page beside what was read on it; done in a worker, since a page may be hostile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.workers.limits import ReaderStopped
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Page
from portal_archive.model.probe import LabelSeen, PageDetails
from portal_archive.reading import labels
from portal_archive.reading.dates import parse_date
from portal_archive.reading.listing.links import find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.metadata.counts import parse_count
from portal_archive.reading.metadata.printed_labels import printed_labels
from portal_archive.reading.portal_rules import PortalRules
from portal_archive.reading.read import read_document
from portal_archive.reading.shells import endpoints_of, shell_of
from portal_archive.vietnamese.names import is_person

if TYPE_CHECKING:  # a worker imports this file, and reaches nothing that a crawl needs besides
    from crawler.probe.pages import ProbedPage
    from crawler.workers.pool import ReaderPool

_LISTING = (Outcome.FEED, Outcome.SITEMAP)


@dataclass(frozen=True, slots=True)
class _Job:
    body: bytes
    url: str
    status: int
    headers: Mapping[str, str]
    page: Page
    rules: PortalRules


def details_of(pages: Iterable[ProbedPage], readers: ReaderPool, rules: PortalRules) -> list[PageDetails]:
    """Return the details of each page, empty ones for what is no page or cannot be read."""
    pages = list(pages)
    read = [page for page in pages if page.visit.page is not None and page.body]
    jobs = [
        _Job(
            page.body,
            page.url,
            page.visit.status or 200,
            {"Content-Type": page.visit.content_type} if page.visit.content_type else {},
            page.page,
            rules,
        )
        for page in read
    ]
    found = {
        id(page): PageDetails() if isinstance(details, ReaderStopped) else details
        for page, (_, details) in zip(read, readers.in_order(look_at, jobs), strict=True)
    }
    return [found.get(id(page)) or _of_list(page) for page in pages]


def _of_list(page: ProbedPage) -> PageDetails:
    return PageDetails(entries=len(page.visit.links)) if page.visit.kind in _LISTING else PageDetails()


def look_at(job: _Job) -> PageDetails:
    """Return the details of one page."""
    document = parse(job.body, job.url, job.headers, job.status)
    with labels.of_portal(job.rules.labels):
        known, others = printed_labels(document, job.page)
    return PageDetails(
        document.head_title() or "",
        known,
        tuple(LabelSeen(label, value, _group_of(job, label, value)) for label, value in others.items()),
        shell_of(document, job.page),
        tuple(find_links(document, job.page, job.rules)),
        endpoints_of(document),
    )


def _group_of(job: _Job, label: str, value: str) -> str | None:
    """Return the group of labels that a value shows its label to be of, where it makes the article's field read."""
    day = parse_date(value)
    if is_person(value):
        group, name = "author", "author"
    elif day is not None and day.moment is not None:
        group, name = "date.posted", "published_at"
    elif parse_count(value).value is not None:
        group, name = "views", "views"
    else:
        return None
    if getattr(job.page.article, name) is not None:
        return None
    own = {**job.rules.labels, group: (*job.rules.labels.get(group, ()), label)}
    document = parse(job.body, job.url, job.headers, job.status)
    read = read_document(document, replace(job.rules, labels=own)).article
    return group if read is not None and getattr(read, name) is not None else None
