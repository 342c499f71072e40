"""What a worker does with a response that is not fresh from the network: one of an import, one of the captures.

Imports no Scrapy: a worker that does takes a second longer to start, and more memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawler.response_reader import Reading, at_visit, is_aside, read_listed, read_response
from portal_archive.archive.warc.captures import read_capture
from portal_archive.archive.warc.lookup import CapturedPage
from portal_archive.integrity.check import read_and_check
from portal_archive.model.errors import ArchiveError
from portal_archive.model.kinds import Outcome
from portal_archive.model.page import Page
from portal_archive.model.records import CaptureRef, Fetch, Portal
from portal_archive.reading.documents.pictures import document_picture, page_picture
from portal_archive.reading.endpoints import as_page
from portal_archive.reading.portal_rules import PortalRules


@dataclass(frozen=True, slots=True)
class FetchJob:
    """A response to be read, the portal it belongs to, and what the readers are told of that.

    `is_data`: a script of the page at this URL asked for it elsewhere. `source_id` is the number of the capture in
    the archive it is copied from.
    """

    fetch: Fetch
    portal: Portal
    rules: PortalRules
    is_data: bool = False
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaptureJob:
    """A capture to be read again, the folder its file is in, and what the readers are told of its portal."""

    folder: Path
    capture: CapturedPage
    rules: PortalRules


@dataclass(frozen=True, slots=True)
class ScanJob:
    """A captured file whose text is to be recognised: the page of a PDF with this number, or an image."""

    folder: Path
    capture: CaptureRef
    original: CaptureRef | None
    page: int | None


def read_fetch(job: FetchJob) -> Reading | None:
    """Read a response; None for a redirect, which has nothing to read."""
    fetch = job.fetch
    if fetch.is_redirect:
        return None
    headers = dict(fetch.headers) | at_visit(fetch.fetched_at)
    return read_response(fetch.body, fetch.url, headers, fetch.status, job.rules, is_data=job.is_data)


def picture_of(job: ScanJob) -> bytes | None:
    """Return a page of a captured file, or a captured image, as a grey PGM; None where it is none, or is broken."""
    try:
        body = read_capture(job.folder, job.capture, lambda url, moment: job.original).body
        return document_picture(body) if job.page is None else page_picture(body, job.page)
    except MemoryError:
        raise  # the worker tells, and is replaced
    except Exception:  # the file is hostile or broken: its libraries raise whatever they come across
        return None


def read_again(job: CaptureJob) -> Page | str:
    """Return what the readers read from a capture now, or why it cannot be read."""
    capture = job.capture
    try:
        fetch = read_capture(job.folder, capture.ref, lambda url, moment: capture.original)
    except ArchiveError as error:
        return str(error)
    headers = dict(fetch.headers) | at_visit(fetch.fetched_at)
    if (listed := read_listed(fetch.body, capture.url, fetch.status, job.rules)) and listed.page:
        return listed.page
    body = as_page(fetch.body)
    if body is not fetch.body and not capture.is_data:
        return Page(capture.url, Outcome.OTHER)  # JSON of which nothing is known any more
    page = read_and_check(body, capture.url, headers, fetch.status, job.rules)
    if is_aside(page, capture.url, capture.home_url):
        return Page(page.url, Outcome.OTHER, page.cms, counter=page.counter)
    return page
