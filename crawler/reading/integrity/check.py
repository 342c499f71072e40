"""All detectors on one page: what `crawler.reading.read` calls."""

from __future__ import annotations

from itertools import islice

from crawler.reading.document import Document
from crawler.reading.integrity.diacritics import find_corrupted
from crawler.reading.integrity.doorway import find_doorway_address, find_doorway_text
from crawler.reading.integrity.finding import FOREIGN_LINK, NAME_SLOT, SPUN
from crawler.reading.integrity.hidden import find_hidden
from crawler.reading.integrity.links import find_links
from crawler.reading.integrity.passages import Texts
from crawler.reading.integrity.slots import find_in_slots
from crawler.reading.integrity.spun import find_spun
from crawler.reading.page import Article, Finding

_DETECTORS = (find_in_slots, find_links, find_hidden, find_spun, find_corrupted, find_doorway_text)
MOST = 50  # findings of one article: more tell nobody more
_LOOKED_AT = 4 * MOST  # of each detector, of which the surest are kept


def findings_of(document: Document, article: Article | None, own_url: str = "") -> list[Finding]:
    """Return the signs that a page was tampered with, the surest first.

    Takes the parsed page, the article read of it (None where it has none: then only its address is looked at)
    and its own address ("" when unknown). `start` and `end` of a finding count characters of the article's field it
    names; "captions" are the captions with a blank line between them, "html" is the page's decoded source
    (`Document.source`), "url" its address.
    """
    found = find_doorway_address(own_url or document.url)
    if article is not None:
        texts = Texts(document, article, own_url)
        for detect in _DETECTORS:
            found += islice(detect(texts), _LOOKED_AT)
        found = _without_covered(found)
    found.sort(key=lambda finding: -finding.score)
    return found[:MOST]


def _without_covered(found: list[Finding]) -> list[Finding]:
    """Leave out keywords of words that are known to be put in: the span says it already."""
    known = [
        (finding.field, finding.start, finding.end)
        for finding in found
        if finding.kind in (NAME_SLOT, FOREIGN_LINK)
    ]
    return [
        finding
        for finding in found
        if finding.kind != SPUN
        or not any(
            field == finding.field and start < finding.end and finding.start < end
            for field, start, end in known
        )
    ]
