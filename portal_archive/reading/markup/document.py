"""One fetched page, decoded and parsed once; every reader works on the same tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree

from portal_archive.model.kinds import ProblemKind
from portal_archive.model.page import Problem
from portal_archive.reading.markup.bounds import MAX_LINES, MAX_TEXT, bounded, lines
from portal_archive.reading.markup.elements import texts_of
from portal_archive.reading.markup.text import clean, decode

_ORIGIN = re.compile(r"https?://[^/?#\s]+")
# In a page saved from the Wayback Machine.
_WAYBACK = re.compile(r"(?:https?://web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(https?://.+)", re.S)
_FROM_ROOT = re.compile(r"/(?![/\\])(?:(?!/\.)[^\s#])*\Z")
# An address that joining leaves as it is.
_WHOLE = re.compile(r"https?://[^\s\x00-\x20/?#;]+(?:/[^\s\x00-\x20?#;]*)?(?:\?[^\s\x00-\x20#]+)?\Z")
# A saved copy names its origin: HTTrack and browsers write it into a comment at the top of the file.
_SAVED_FROM = re.compile(r"<!--\s*(?:Mirrored from ([^\s]+) by HTTrack|saved from url=\(\d+\)(\S+))")
_MARKUP = re.compile(r"<(?:html|body|head|div|p|table|ul|h[1-6]|br|a|span|title|rss|feed|urlset)\b", re.I)
_BULLET = re.compile(r"^\s*[•·▪]\s*")
_NESTING = re.compile(rb"</?(?:div|span|font|center|section|b|i)\b[^<>]*>", re.I)
_BINARY = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x1f\x8b",
)


@dataclass(slots=True)
class Document:
    """A parsed page.

    `source` is the decoded text, `tree` its root element (an empty ``html`` when there was nothing to parse),
    `is_text` says that the page had no markup and each line became a paragraph.
    """

    url: str
    status: int
    source: str
    tree: etree._Element
    base: str
    is_text: bool = False
    fetched_at: datetime | None = None  # by the server's clock
    refresh: str | None = None  # the header of this name
    problems: list[Problem] = field(default_factory=list)
    _metas: dict[str, str] | None = None
    _origin: str | None = None
    _absolute: dict[str, str] = field(default_factory=dict)
    # lxml makes the object of an element anew for each pass over the tree, unless somebody holds it.
    _held: list[etree._Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hold the elements of the page for as long as it is read."""
        self._held = list(self.tree.iter())

    def absolute(self, href: str) -> str:
        """Return `href` as an absolute URL; an unusable one is returned as it stands."""
        # Readers of lists, of boxes and of text ask for the same links.
        known = self._absolute.get(href)
        if known is None:
            known = self._absolute[href] = self._joined(href)
        return known

    def _joined(self, href: str) -> str:
        if self._origin is None:
            match = _ORIGIN.match(self.base)
            self._origin = match[0] if match else ""
        if "/web/" in href and (captured := _WAYBACK.match(href)):
            href = captured[1]
        # A page has hundreds of these two, and urljoin takes its time.
        if self._origin and _FROM_ROOT.match(href):
            return self._origin + href
        if _WHOLE.match(href):
            return href
        try:
            return urljoin(self.base, href.strip())
        except ValueError:
            return href

    def meta(self, name: str) -> str | None:
        """Return the content of the first ``meta`` with this name or property."""
        if self._metas is None:
            self._metas = {}
            for element in self.head_elements("meta"):
                if key := element.get("property") or element.get("name"):
                    self._metas.setdefault(key, element.get("content") or "")
        return clean(self._metas.get(name))

    def head_title(self) -> str | None:
        """Return the text of the first ``title``."""
        for element in self.head_elements("title"):
            return clean("".join(texts_of(element)))
        return None

    def canonical_link(self) -> str | None:
        """Return the absolute URL of the first ``link rel=canonical``."""
        for element in self.head_elements("link"):
            if (element.get("rel") or "").lower() == "canonical" and (href := element.get("href")):
                return self.absolute(href)
        return None

    def head_elements(self, tag: str) -> list[etree._Element]:
        """Return the elements with this tag in ``head``; where a broken page has none, in the whole page."""
        head = self.tree.find("head")
        return list((self.tree if head is None or not len(head) else head).iter(tag))


def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def saved_from(source: str) -> str | None:
    """Return the URL that a saved copy says it was saved from, if it says so."""
    if found := _SAVED_FROM.search(source[:2000]):
        mirrored, saved = found.groups()
        return saved or f"http://{mirrored}"
    return None


def parse(body: bytes, url: str, headers: Mapping[str, str] | None = None, status: int = 200) -> Document:
    """Decode and parse a fetched page.

    Takes the bytes as delivered (after transfer and content decoding), its URL ("" when unknown), the response
    headers with any capitalisation, and the HTTP status. Never raises for what a server sends: what is wrong is
    in `problems` ("html-empty", "html-not", "html-too-large", "html-too-deep", and those of `text.decode`).
    """
    body, problems = bounded(body)
    named = {name.lower(): value for name, value in (headers or {}).items()}
    fetched_at = _server_time(named.get("date"))
    stripped = body.lstrip()[:8]
    if not stripped:
        refresh = named.get("refresh")
        if refresh is None:
            problems.append(Problem(ProblemKind.HTML_EMPTY, "the response has no body"))
        return Document(url, status, "", etree.Element("html"), url, refresh=refresh, problems=problems)
    if stripped.startswith(_BINARY):
        problems.append(Problem(ProblemKind.HTML_NOT, f"begins with {stripped[:4]!r}: a file, not a page"))
        return Document(url, status, "", etree.Element("html"), url, problems=problems)

    decoded = decode(body, named.get("content-type"))
    problems += decoded.problems
    source = decoded.text
    is_text = not _MARKUP.search(source)
    if is_text:
        problems.append(
            Problem(ProblemKind.HTML_NOT, "no HTML markup; read as plain text, a line a paragraph")
        )
        tree = etree.Element("html")
        holder = etree.SubElement(tree, "body")
        if len(source) > MAX_TEXT:
            detail = f"{len(source)} characters without markup; read up to {MAX_TEXT}"
            problems.append(Problem(ProblemKind.HTML_TOO_LARGE, detail))
            source = source[:MAX_TEXT]
        read = lines(source)
        if len(read) == MAX_LINES:
            source = "\n".join(read)
        for line in read:
            if text := clean(_BULLET.sub("", line)):
                etree.SubElement(holder, "p").text = text
    else:
        untouched = decoded.encoding == "utf-8" and not decoded.problems
        tree = _parse_html(body if untouched else source.encode("utf-8", "replace"), problems)
    url = url or saved_from(source) or ""
    return Document(
        url, status, source, tree, _base(tree, url), is_text, fetched_at, named.get("refresh"), problems
    )


def _server_time(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_html(data: bytes, problems: list[Problem]) -> etree._Element:
    parser = _parser()
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        tree = None
    if tree is None:
        problems.append(Problem(ProblemKind.HTML_NOT, "nothing in it could be parsed as HTML"))
        return etree.Element("html")
    if any(
        entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "depth" in entry.message.lower()
        for entry in parser.error_log
    ):
        problems.append(
            Problem(
                ProblemKind.HTML_TOO_DEEP, "nested deeper than the parser follows; read without div and span"
            )
        )
        flat = etree.fromstring(_NESTING.sub(b" ", data), _parser())
        return tree if flat is None else flat
    return tree


def _base(tree: etree._Element, url: str) -> str:
    for element in tree.iter("base"):
        if href := element.get("href"):
            try:
                return urljoin(url, href.strip())
            except ValueError:
                break
    return url
