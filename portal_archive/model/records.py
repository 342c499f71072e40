"""What goes into the archive and what comes out of it. Moments are aware datetimes in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal_archive.model.file_text import FileText
from portal_archive.model.kinds import Outcome
from portal_archive.model.messages import Message
from portal_archive.model.page import Link, Page, Problem

# The statuses that name another address in `Location` (RFC 9110, 15.4).
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal as its spider file declares it; a row of `portals`."""

    name: str
    title: str
    home_url: str
    family: str
    known: str
    province: str | None = None
    body: str | None = None
    note: str | None = None
    exceptions: str | None = None


@dataclass(frozen=True, slots=True)
class Crawl:
    """A running crawl of one portal. `resumed`: it continues one that was killed."""

    id: int
    portal: str
    started_at: datetime
    resumed: bool


@dataclass(frozen=True, slots=True)
class FrontierPage:
    """A page of the frontier that is due."""

    id: int
    url: str
    kind: str
    depth: int
    attempts: int
    etag: str | None
    last_modified: str | None
    conditional: bool | None
    last_digest: str | None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One response as it came over the wire, with the request that asked for it."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    fetched_at: datetime
    request_headers: Sequence[tuple[str, str]] = ()
    method: str = "GET"

    @property
    def is_redirect(self) -> bool:
        """Whether it says no more than that the page is elsewhere."""
        return self.status in REDIRECTS


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """Where a response stands among the captures. `file` is relative to the captures folder."""

    file: str
    offset: int
    length: int
    digest: str  # "sha1:" + base32, of the payload
    revisit: bool = False
    sha256: str | None = None  # hex, of the request and response records as they lie in the file


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What one answer shows of who speaks there; unknown is None.

    `generator` is the software that made the page, without its version; `owner` and `issuer` are the organisations
    (or else the names) in the certificate of its server; `vietnamese` says whether the text is; `words` are those
    of its headlines in lower case, each once a headline. `redirect_to` is the host a page leads away to, `refusal` how
    a page refuses ("http-403", "flood", "captcha", "cookie-wall", "refusal").
    """

    generator: str | None = None
    owner: str | None = None
    issuer: str | None = None
    vietnamese: bool | None = None
    words: tuple[str, ...] = ()
    redirect_to: str | None = None
    refusal: str | None = None


@dataclass(slots=True)
class Visit:
    """What one visit to one URL gave; stored in one transaction.

    Without a response `kind` is ERROR or REFUSED, `capture` is None and `problems` says why. `url` was due,
    `final_url` the one that answered after redirects. `crawl_id` is None for an import.
    """

    portal: str
    url: str
    final_url: str
    fetched_at: datetime
    kind: Outcome
    status: int | None = None
    crawl_id: int | None = None
    content_type: str | None = None
    capture: CaptureRef | None = None
    page: Page | None = None
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    etag: str | None = None
    last_modified: str | None = None
    depth: int = 0
    file_text: FileText | None = None  # of a "file" visit: what can be read of it; None: of an image
    # Asked for beside the frontier: robots.txt, a hop of a redirect, an answer that was retried, the endpoint of a
    # counter. Capture, counter and problems are stored; no page of the frontier and no article changes.
    off_frontier: bool = False
    imported: bool = False  # somebody else made the capture
    # When the crawl began that made it, of an archive that was merged into this one; `crawl_id` is then None.
    gathered: datetime | None = None
    fingerprint: Fingerprint | None = None
    begun: bool = False  # its attempt was counted before it was read
    # Where its content was asked for, if a script does that at another address than the page's; else None.
    data_url: str | None = None
    rendered: bool = False  # the capture is the page as a browser shows it


@dataclass(frozen=True, slots=True)
class Stored:
    """What a visit changed in the archive."""

    article_id: int | None = None
    is_new: bool = False
    changed: Message | None = None  # when a new version was made
    newly_missing: bool = False
    newly_gone: bool = False
    came_back: bool = False
    new_links: int = 0
