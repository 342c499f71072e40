"""What Wayback-style archives hold of a host: their CDX index walked, their replay read, politely."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, Self

from requests import RequestException, Response
from wayback import WaybackSession
from wayback.exceptions import WaybackException

from portal_archive.archive.warc.body import BadBodyError, decode_body
from portal_archive.archive.warc.captures import decoded_headers
from portal_archive.archive.warc.foreign import is_file, is_wanted, plausible
from portal_archive.archive.warc.foreign_records import BadRecord
from portal_archive.model.errors import ArchiveError
from portal_archive.model.media_type import is_html
from portal_archive.model.records import REDIRECTS, Fetch

INTERNET_ARCHIVE = "https://web.archive.org"
# Where index and replay lie below a base: as at the Internet Archive, as in a collection of pywb.
_LAYOUTS = (("/cdx/search/cdx", "/web"), ("/cdx", ""))
_ROWS = 10_000
# So many mementos in a row without an answer, and the archive is taken to be down.
_FAILURES = 5
_SECOND = "%Y%m%d%H%M%S"
_REPLAYED = re.compile(r"/\d{14}id_/(?=https?:)")
_USUAL_PORT = re.compile(r"^(http://[^/]*):80(?=/|$)|^(https://[^/]*):443(?=/|$)", re.IGNORECASE)
_ORIGINAL = "x-archive-orig-"
# Headers of the replay itself.
_OF_REPLAY = {
    "memento-datetime",
    "content-location",
    "server-timing",
    "preference-applied",
    "vary",
    "date",
    "link",
}


# Key, moment and the rest; a key or an address may hold blanks that nobody encoded.
_LINE = re.compile(r"(?P<key>.*?) (?P<stamp>\d{4,14}) (?P<rest>(?:\{|https?:).*)", re.IGNORECASE)
# What follows the address: media type ("-", "unk" for none) and status.
_AFTER_URL = re.compile(r"(?:[\w.+*-]+/\S*|-|unk) (?:\d{3}|-) ")
# What a moment that was cut short leaves open.
_EARLIEST = "00010101000000"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an index: a capture. `status` is None where the index does not say (revisits).

    `stamp` is the moment as the index writes it, which may be cut short.
    """

    key: str
    at: datetime
    url: str
    content_type: str
    status: int | None
    digest: str
    stamp: str

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line in the format of the Internet Archive, or in CDXJ; raises ValueError for another."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError("not a line of an index")
        url, content_type, status, digest = (
            _cdxj(found["rest"]) if found["rest"][0] == "{" else _cdx(found["rest"])
        )
        moment = datetime.strptime(found["stamp"] + _EARLIEST[len(found["stamp"]) :], _SECOND)
        return cls(
            found["key"],
            plausible(moment.replace(tzinfo=UTC)),
            _USUAL_PORT.sub(r"\1\2", url.replace(" ", "%20")),
            "" if content_type in ("-", "unk", "warc/revisit") else content_type,
            int(status) if status.isdecimal() else None,
            digest,
            found["stamp"],
        )


def _cdx(rest: str) -> tuple[str, str, str, str]:
    after = _AFTER_URL.search(rest, rest.index(" ") + 1) if " " in rest else None
    if after is None:
        raise ValueError("without media type and status")
    content_type, status = after[0].split()
    return rest[: after.start()].rstrip(), content_type, status, rest[after.end() :].split(" ")[0]


def _cdxj(rest: str) -> tuple[str, str, str, str]:
    said = json.loads(rest)
    # Numbers for texts, and null for what is not known, are written too.
    url, content_type, status, digest = (
        "-" if said.get(name) is None else str(said[name]) for name in ("url", "mime", "status", "digest")
    )
    if not url.lower().startswith(("http://", "https://")):
        raise ValueError("without an address on the web")
    return url, content_type, status, digest


class Wayback:
    """A Wayback-style archive: the Internet Archive, or at `base` another one or a collection of pywb.

    `user_agent` says who asks, `delay` is how many seconds lie between two requests at least. Requests that
    fail are tried again, later and later. A context manager, which closes the connection.
    """

    def __init__(self, user_agent: str, delay: float, base: str = INTERNET_ARCHIVE) -> None:
        self._base = base.rstrip("/").removesuffix("/web")
        per_second = 1 / delay if delay else 0
        self._session = WaybackSession(
            user_agent=user_agent, search_calls_per_second=per_second, memento_calls_per_second=per_second
        )
        self._index, self._replay = _LAYOUTS[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def fetches(
        self,
        host: str,
        first: str | None,
        last: str | None,
        *,
        files: bool,
        max_body: int,
        is_known: Callable[[str, datetime], bool],
    ) -> Iterator[Fetch | BadRecord]:
        """Give the pages of a host, as `archive.warc.foreign.read_foreign` does, in the order of the index.

        `first` and `last` are dates as the index writes them, cut where one likes ("2015", "20240531").
        Captures in a row with the same digest are one; those that `is_known`, told by URL and moment, are
        passed over without asking for them. Raises ArchiveError when the archive does not answer.
        """
        failures = 0
        for row in self._wanted(self.rows(host, first, last), files):
            if isinstance(row, BadRecord):
                yield row
                continue
            if is_known(row.url, row.at):
                continue
            try:
                fetch = self._memento(row, max_body)
            except (RequestException, WaybackException, BadBodyError, ValueError, TypeError) as error:
                failures += isinstance(error, RequestException | WaybackException)
                if failures >= _FAILURES:
                    raise ArchiveError(f"{self._base} does not answer: {error}; go on later") from error
                yield BadRecord(self._address(row), 0, str(error) or type(error).__name__)
                continue
            failures = 0
            # What the index calls a revisit, or of unknown type, is known by now.
            content_type = next(
                (value for name, value in fetch.headers if name.lower() == "content-type"), ""
            )
            if (
                fetch.status in REDIRECTS
                or is_html(content_type, fetch.body)
                or (files and is_file(fetch.url, content_type))
            ):
                yield fetch

    def rows(self, host: str, first: str | None = None, last: str | None = None) -> Iterator[Row | BadRecord]:
        """Give the lines of the index for a host, and those that are none. Raises ArchiveError for no such index."""
        query: dict[str, Any] = {"url": host, "matchType": "host", "collapse": "digest"}
        query |= {name: value for name, value in (("from", first), ("to", last)) if value}
        paged = {"limit": _ROWS, "showResumeKey": "true"}
        lines = self._lines(query | paged)
        resume = next((after for before, after in pairwise(lines) if not before), None)
        if resume is None and len(lines) >= _ROWS:
            # It cuts what it gives, and does not say how to go on.
            lines = self._lines(query)
        while True:
            for line in lines:
                if not line:
                    break
                try:
                    yield Row.parse(line)
                except ValueError as error:
                    place = f"{self._base}{self._index}"
                    yield BadRecord(place, 0, f"a line of the index cannot be read ({error}): {line[:200]!r}")
            if resume is None:
                return
            lines = self._lines(query | paged | {"resumeKey": resume})
            resume = next((after for before, after in pairwise(lines) if not before), None)

    def _lines(self, query: dict[str, Any]) -> list[str]:
        for index, replay in dict.fromkeys([(self._index, self._replay), *_LAYOUTS]):
            try:
                response = self._session.request("GET", self._base + index, params=query)
            except (RequestException, WaybackException) as error:
                raise ArchiveError(f"{self._base} does not answer: {error}") from error
            if response.status_code == 200 and not response.text.lstrip().startswith("<"):
                self._index, self._replay = index, replay
                return response.text.rstrip("\n").split("\n") if response.text.strip() else []
            if response.status_code not in (200, 404):
                break
        raise ArchiveError(
            f"{self._base}: no index of captures there (answered {response.status_code}); --base is the address"
            " below which cdx/search/cdx and web/ lie, or that of one collection"
        )

    @staticmethod
    def _wanted(rows: Iterator[Row | BadRecord], files: bool) -> Iterator[Row | BadRecord]:
        before: tuple[str, str] | None = None
        for row in rows:
            if isinstance(row, BadRecord):
                yield row
                continue
            this = (row.key, row.digest)
            if this != before and is_wanted(row.url, row.status or 200, row.content_type, files=files):
                yield row
            before = this

    def _address(self, row: Row) -> str:
        return f"{self._base}{self._replay}/{row.stamp}id_/{row.url}"

    def _memento(self, row: Row, max_body: int) -> Fetch:
        address = self._address(row)
        response = self._session.request("GET", address, allow_redirects=False, stream=True)
        with response:
            status = response.status_code
            location = response.headers.get("Location", "")
            if not _is_memento(response, row) or (status in REDIRECTS and _target(location) == row.url):
                raise ValueError(f"not replayed (answered {status})")
            body = b""
            for block in response.iter_content(1 << 16):
                body += block
                if len(body) > max_body:
                    raise ValueError(f"its body is larger than {max_body:,} bytes")
        headers = _original_headers(response)
        named = {name.lower(): value for name, value in headers}
        body = decode_body(body, lambda name, default: named.get(name.lower(), default), max_body)
        return Fetch(row.url, status, tuple(decoded_headers(headers, len(body))), body, row.at)


def _is_memento(response: Response, row: Row) -> bool:
    """Tell whether this is the capture that was asked for, and neither another one nor an error of the replay."""
    moment = response.headers.get("Memento-Datetime")
    if moment is None:
        # A page without it is one of the archive's own, such as that it is offline.
        return response.status_code in REDIRECTS and response.status_code == row.status
    return parsedate_to_datetime(moment).strftime(_SECOND).startswith(row.stamp)


def _target(location: str) -> str:
    """Return where a redirect led, of an address below the replay."""
    found = _REPLAYED.search(location)
    return location[found.end() :] if found else location


def _original_headers(response: Response) -> list[tuple[str, str]]:
    headers = []
    for name, value in response.headers.items():
        lower = name.lower()
        if lower.startswith(_ORIGINAL):
            headers.append((name[len(_ORIGINAL) :], value))
        elif lower == "location":
            headers.append((name, _target(value)))
        elif lower not in _OF_REPLAY and not lower.startswith("x-"):
            headers.append((name, value))
    return headers
