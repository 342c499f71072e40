"""From a response to what is stored of it: one way for a crawl, an import and a re-parse."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from crawler.network.politeness import stated_wait
from crawler.workers.limits import ReaderStopped
from portal_archive.archive.warc.body import BadBodyError, gunzip
from portal_archive.integrity.check import checked
from portal_archive.model.file_text import FileText
from portal_archive.model.kinds import LinkKind, Outcome, ProblemKind, ScriptHelp, http_status
from portal_archive.model.media_type import is_html, is_html_type, is_vague_type, media_type
from portal_archive.model.page import Counter, Link, Page, Problem
from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.documents.read import read_file
from portal_archive.reading.endpoints import as_page
from portal_archive.reading.listing.feeds import kind_of, read_feed, read_sitemap
from portal_archive.reading.listing.json_lists import read_json_list
from portal_archive.reading.listing.links import classify, find_links
from portal_archive.reading.markup.document import parse
from portal_archive.reading.metadata.counts import parse_count
from portal_archive.reading.portal_rules import PortalRules, rules_from
from portal_archive.reading.read import read_document
from portal_archive.reading.shells import shell_of

_PAGE = "text/html; charset=utf-8"
MAX_XML = 50 * 1024 * 1024
_FILE_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"{\\rtf",
)


@dataclass(slots=True)
class Reading:
    """What one response says.

    `wait` is how many seconds a flood page asks to stay away, `trace` where in this program a reader failed.
    """

    kind: Outcome
    page: Page | None = None
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    file_text: FileText | None = None
    wait: float | None = None
    trace: str | None = None


def at_visit(fetched_at: datetime) -> dict[str, str]:
    """Return the moment of a visit as the header that readers hold dates against; a server's own may be wrong."""
    return {"Date": format_datetime(fetched_at.astimezone(UTC), usegmt=True)}


def read_response(
    body: bytes,
    url: str,
    headers: Mapping[str, str],
    status: int,
    family: str | PortalRules | None = None,
    expected: str | None = None,
    counter_fields: Mapping[str, str] | None = None,
    is_data: bool = False,
) -> Reading:
    """Read one response, whatever it is.

    Takes the decoded body, the URL that answered, the headers, the HTTP status, what the portal's file says of its
    pages, or only its CMS family (None: the page tells), what the URL is taken for ("file", "article" ... or None)
    for the endpoint of a visitor counter, which field each key of its JSON is, and whether the body is what a script of
    the page at this URL asked for elsewhere. Never raises for what a server sent.
    """
    if status >= 500:
        return Reading(Outcome.ERROR, problems=[Problem(http_status(status), f"{url} answered {status}")])
    jumps = any(name.lower() == "refresh" for name in headers)  # there is no need of a body then
    if not body.strip() and 200 <= status < 300 and not jumps:
        return Reading(
            Outcome.ERROR, problems=[Problem(ProblemKind.HTML_EMPTY, f"{url} answered {status} with nothing")]
        )
    if status >= 400 and expected == LinkKind.FILE:
        return Reading(Outcome.GONE if status in (404, 410) else Outcome.BLOCKED)
    if is_data:
        body, headers = as_page(body), {**headers, "Content-Type": _PAGE}
    try:
        if counter_fields and (counter := _counter_of_json(body, counter_fields)):
            return Reading(
                Outcome.OTHER, Page(url, Outcome.OTHER, rules_from(family).family, counter=counter)
            )
        if (listed := read_listed(body, url, status, rules_from(family))) is not None:
            return listed
        return _read(body, url, headers, status, family, expected)
    except MemoryError:
        raise  # the worker tells, and is replaced
    except BadBodyError as error:
        return Reading(Outcome.ERROR, problems=[Problem(ProblemKind.UNREADABLE, f"{url}: {error}"[:200])])
    except Exception as error:  # a reader's mistake must not cost more than this one page
        problem = Problem(ProblemKind.READER_FAILED, f"{url}: {type(error).__name__}: {error}"[:200])
        return Reading(Outcome.OTHER, problems=[problem], trace=traceback.format_exc(limit=-8))


def unread(url: str, stopped: ReaderStopped) -> Reading:
    """Return what is stored of a response whose reader was stopped, or ended by itself."""
    return Reading(Outcome.ERROR, problems=[Problem(stopped.kind, f"{url}: {stopped}"[:200])])


def _read(
    body: bytes,
    url: str,
    headers: Mapping[str, str],
    status: int,
    family: str | PortalRules | None,
    expected: str | None,
) -> Reading:
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    is_xml = media_type(content_type).endswith("xml") and not is_html_type(content_type)
    if body.startswith(b"\x1f\x8b") and (is_xml or ".xml" in url):
        body = gunzip(body, MAX_XML)
    listed = kind_of(body) if status == 200 else None
    if listed is LinkKind.SITEMAP:
        return Reading(Outcome.SITEMAP, links=read_sitemap(body, url))
    if listed is LinkKind.FEED:
        return Reading(Outcome.FEED, links=read_feed(body, url))
    # Anything else is a file, whatever it was taken for.
    if (
        expected == LinkKind.FILE
        or body.startswith(_FILE_MAGIC)
        or not (is_xml or is_vague_type(content_type) or is_html(content_type, body))
    ):
        text, problems = read_file(body)
        return Reading(Outcome.FILE, file_text=text, problems=problems)
    document = parse(body, url, headers, status)
    page = checked(document, read_document(document, family))
    reading = Reading(page.kind, page, find_links(document, page, family))
    shell = shell_of(document, page) if status == 200 else None
    if shell is not None and shell.help is not ScriptHelp.STATE:
        asked = f" ({', '.join(shell.endpoints[:3])})" if shell.endpoints else ""
        detail = f"{url} is empty until a script has run: {shell.help.meaning}{asked}"[:200]
        reading.problems.append(Problem(ProblemKind.SCRIPT_SHELL, detail))
    if page.kind == Outcome.BLOCKED:
        reading.problems.append(Problem(ProblemKind.BLOCKED, f"{url} answered {status} with a refusal"))
        reading.wait = stated_wait(document.source)
    return reading


def read_listed(body: bytes, url: str, status: int, rules: PortalRules) -> Reading | None:
    """Read a list that the portal's file says is JSON; None for anything else, also where it is none."""
    listed = next((one for one in rules.json_lists if one.number_of(url) is not None), None)
    if listed is None or status != 200:
        return None
    try:
        page, links = read_json_list(body, url, listed)
    except ValueError:
        return None
    return Reading(Outcome.LIST, page, links)


def _counter_of_json(body: bytes, fields: Mapping[str, str]) -> Counter | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return None
    counter = Counter()
    for key, name in fields.items():
        if key not in answer:
            continue
        count = parse_count(str(answer[key]))
        setattr(counter, name, count.value)
        counter.printed[name] = count.printed
        if count.reason is not None:
            counter.reasons[name] = count.reason
    return counter


def is_aside(page: Page, url: str, home: str) -> bool:
    """Tell whether a crawl would not have asked for this page: print views, tags, searches, robots.txt.

    Others captured it all the same. It shows articles that stand elsewhere, so that none is read from it.
    """
    if url.rstrip("/") == home.rstrip("/"):
        return False
    family = FAMILIES[page.cms or "generic"]
    return classify(family.canonical(url), family, urlsplit(url).netloc.lower()) is None
