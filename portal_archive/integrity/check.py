"""All detectors on one page: what spiders, `scrapy extract`, imports and re-parsing call."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from portal_archive.integrity.detector import registry
from portal_archive.integrity.hosts import host_of
from portal_archive.integrity.page_build import build_of
from portal_archive.integrity.passages import Texts
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Article, Finding, Page
from portal_archive.reading.markup.document import Document, parse
from portal_archive.reading.metadata.page_metadata import own_url
from portal_archive.reading.portal_rules import PortalRules
from portal_archive.reading.read import read_document

MOST = 50  # findings of one article: more tell nobody more
_LOOKED_AT = 4 * MOST  # of each detector, of which the surest are kept


def read_and_check(
    body: bytes,
    url: str,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    family: str | PortalRules | None = None,
) -> Page:
    """Read one fetched page and fill its findings; takes and promises what `reading.read.read_page` does."""
    document = parse(body, url, headers, status)
    return checked(document, read_document(document, family))


def checked(document: Document, page: Page) -> Page:
    """Fill the findings of a page that was read from `document`, and its build if it is an article; return it."""
    page.findings = findings_of(document, page.article, own_url(document))
    if page.article is not None:
        page.build = build_of(document, host_of(document.url))
    return page


def findings_of(document: Document, article: Article | None, own_url: str = "") -> list[Finding]:
    """Return the signs that a page was tampered with, the surest first.

    Takes the parsed page, the article read of it (None where it has none: then only its address is looked at)
    and its own address ("" when unknown). `start` and `end` of a finding count characters of the article's field it
    names; "captions" are the captions with a blank line between them, "html" is the page's decoded source
    (`Document.source`), "url" its address.
    """
    found = [
        finding for detector in registry() for finding in detector.find_in_address(own_url or document.url)
    ]
    if article is not None:
        texts = Texts(document, article, own_url)
        for detector in registry():
            found += islice(detector.find(texts), _LOOKED_AT)
        found = _without_covered(found)
    found.sort(key=lambda finding: -finding.score)
    return found[:MOST]


def _without_covered(found: list[Finding]) -> list[Finding]:
    """Leave out the advertising in words that are known to be put in: the span says it already."""
    known = [
        (finding.field, finding.start, finding.end)
        for finding in found
        if finding.kind in (FindingKind.NAME_SLOT, FindingKind.FOREIGN_LINK)
    ]
    return [
        finding
        for finding in found
        if finding.kind != FindingKind.ADVERTISING
        or not any(
            field == finding.field and start < finding.end and finding.start < end
            for field, start, end in known
        )
    ]
