"""Probing what was saved: a WARC or WACZ file, or a folder of pages. Asks nobody for anything."""

from __future__ import annotations

import json
import shelve
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urljoin, urlsplit

from scrapy.http import HtmlResponse

from crawler.capture_reader import FetchJob, read_fetch
from crawler.fingerprint import fingerprint_of
from crawler.probe.pages import Answers, ProbedPage
from crawler.probe.plan import Plan
from crawler.response_reader import unread
from crawler.workers.limits import ReaderStopped
from crawler.workers.pool import ReaderPool
from portal_archive.archive.warc.foreign import read_foreign
from portal_archive.archive.warc.foreign_records import BadRecord
from portal_archive.model.errors import BadInputError
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Link
from portal_archive.model.records import Fetch, Portal, Visit
from portal_archive.model.site import site_of
from portal_archive.reading.markup.document import parse
from portal_archive.reading.metadata.page_metadata import own_url
from portal_archive.reading.portal_rules import PortalRules

_PAGES = (".html", ".htm", ".xhtml", ".aspx", ".php", ".jsp", ".xml", ".rss", "")
_FOLDER_HOST = "saved.invalid"  # of a page that says no address of its own (RFC 2606)
_HOPS = 5


class Saved:
    """The saved pages of one file or folder, on disk while they are looked at; a context manager.

    `bad` says what of it could not be read. Raises BadInputError where there is no page in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bad: list[str] = []
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        folder = self._opened.enter_context(TemporaryDirectory())
        self._pages = self._opened.enter_context(shelve.open(f"{folder}/pages", "n"))  # noqa: S301  # our own
        self._hosts: Counter[str] = Counter()
        for fetch in _of_folder(self.path) if self.path.is_dir() else self._of_file():
            self._pages[_key(fetch.url)] = fetch
            self._hosts[urlsplit(fetch.url).netloc] += not fetch.is_redirect
        if not self._hosts:
            self._opened.close()
            why = f": {self.bad[0]}" if self.bad else ""
            raise BadInputError(f"{self.path}: no page in it{why}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def _of_file(self) -> Iterator[Fetch]:
        for record in read_foreign([self.path]):
            if isinstance(record, BadRecord):
                self.bad.append(f"{record.file}, offset {record.offset}: {record.reason}")
            else:
                yield record

    @property
    def home(self) -> str:
        """The home page of the host that most pages are of."""
        host = self._hosts.most_common(1)[0][0]
        schemes = Counter(urlsplit(fetch.url).scheme for fetch in self._pages.values() if host in fetch.url)
        return f"{schemes.most_common(1)[0][0]}://{host}/"

    def find(self, url: str) -> Fetch | None:
        """Return the page of an address, be it over http or https, with a slash at its end or without."""
        key = _key(url)
        other = key.removesuffix("/") if key.endswith("/") else f"{key}/"
        return self._pages.get(key) or self._pages.get(other)

    def urls(self) -> list[str]:
        """Return the addresses of all pages, in order."""
        return sorted(fetch.url for fetch in self._pages.values())


def look_through(
    saved: Saved, plan: Plan, portal: Portal, rules: PortalRules, readers: ReaderPool
) -> Answers:
    """Have a plan ask for pages until it has seen enough; return what was saved of them.

    Where links lead to too little, since a few pages were saved one by one, all of them are looked at.
    """
    waiting = [Link(url, LinkKind.LIST) for url in saved.urls() if site_of(url) == site_of(portal.home_url)]
    while (url := plan.next()) is not None or waiting:
        if url is None:
            plan.find(waiting, "saved")
            waiting = []
            continue
        plan.ask(url)
        fetch = saved.find(url)
        for _ in range(_HOPS):
            if fetch is None or not fetch.is_redirect or (there := saved.find(_target(fetch))) is None:
                break
            fetch = there
        if fetch is not None:
            plan.take(_answer(saved, plan, url, fetch, FetchJob(fetch, portal, rules), readers))
    return plan.answers


def _answer(
    saved: Saved, plan: Plan, url: str, fetch: Fetch, job: FetchJob, readers: ReaderPool
) -> ProbedPage:
    try:
        reading = readers.submit(read_fetch, job).result()
    except ReaderStopped as stopped:
        reading = unread(fetch.url, stopped)
    headers = {name.lower(): value for name, value in fetch.headers}
    response = HtmlResponse(fetch.url, fetch.status, dict(fetch.headers), fetch.body)
    visit = Visit(
        job.portal.name,
        url,
        fetch.url,
        fetch.fetched_at,
        reading.kind if reading else Outcome.REDIRECT,
        status=fetch.status,
        content_type=headers.get("content-type"),
        page=reading.page if reading else None,
        # What was not saved cannot be looked at.
        links=[link for link in reading.links if saved.find(link.url)] if reading else [],
        problems=reading.problems if reading else [],
        fingerprint=fingerprint_of(response, reading.page if reading else None),
    )
    return ProbedPage(visit, fetch.body, plan.taken_for(url))


def _target(fetch: Fetch) -> str:
    location = next((value for name, value in fetch.headers if name.lower() == "location"), "")
    return urljoin(fetch.url, location)


def _key(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return unquote(f"{site_of(url)}{parts.path or '/'}{query}")


def _of_folder(folder: Path) -> Iterator[Fetch]:
    """Give the pages of a folder, under the address that a page says, or its place in the folder."""
    named = folder.name if "." in folder.name.strip(".") else None
    taken: set[str] = set()
    for path in sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in _PAGES
    ):
        body = path.read_bytes()
        kind = guess_type(path.name)[0] or "text/html"
        place = path.relative_to(folder).as_posix()
        url = _said(path, body) if kind.endswith("html") else None
        if url is None or url in taken:  # every page of some portals calls itself the home page
            host, _, rest = place.partition("/")
            own = (named, place) if named else (host, rest) if "." in host and rest else (_FOLDER_HOST, place)
            url = f"http://{own[0]}/{quote(own[1].removesuffix('index.html'))}"
        taken.add(url)
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
        yield Fetch(url, 200, [("Content-Type", kind)], body, modified)


def _said(path: Path, body: bytes) -> str | None:
    """Return the address that is written beside a page (`url` of its .json), or that the page says of itself."""
    beside = path.with_suffix(".json")
    if beside.is_file():
        try:
            said = json.loads(beside.read_text(encoding="utf-8"))
        except ValueError:
            said = None
        if isinstance(said, dict) and site_of(str(said.get("url"))):
            return str(said["url"])
    url = own_url(parse(body, ""))
    return url if url and site_of(url) else None
