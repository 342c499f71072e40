"""Every kind that this program tells apart, with what it means; the values are stored, so never renamed.

`python -m portal_archive.publish.dictionary` prints them as tables of docs/data-dictionary.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """A value that is stored, and in `meaning` one line of English that says what it means."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        """Make a member of a value and its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Outcome(Kind):
    """What a visit to a URL came to; of a page that was read, what it turned out to be."""

    ARTICLE = "article", "the page shows an article"
    LIST = "list", "the page lists articles"
    OTHER = "other", "a page that is neither an article nor a list of them"
    UNCHANGED = "unchanged", "304: the page is as it was at the visit before"
    REDIRECT = "redirect", "the page leads away from the portal, or on to another page"
    GONE = "gone", "404 or 410"
    SOFT_404 = "soft-404", "200, but the page says that there is nothing under this address"
    BLOCKED = "blocked", "the server refuses, asks to wait, or is under maintenance"
    FEED = "feed", "RSS or Atom"
    SITEMAP = "sitemap", "a sitemap, or an index of sitemaps"
    FILE = "file", "an image, a PDF, any file that is no page"
    REFUSED = "refused", "not asked for: robots.txt, size, a redirect without an end, an address of no portal"
    ERROR = "error", "no response, or one that failed: 5xx, cut short, unreadable"


class LinkKind(Kind):
    """What a link is taken for before it is visited."""

    ARTICLE = "article", "an article"
    LIST = "list", "a list of articles"
    FEED = "feed", "RSS or Atom"
    SITEMAP = "sitemap", "a sitemap"
    FILE = "file", "an image or attachment of an article"


class PageState(Kind):
    """How a page of the frontier stands since the last visit to it."""

    WAITING = "waiting", "never visited"
    DONE = "done", "the last visit read it, or found it unchanged"
    MOVED = "moved", "it leads to another page"
    MISSING = "missing", "it was not there at the last visit, which is to be confirmed"
    GONE = "gone", "it was missing, and again a day later or more"
    FAILED = "failed", "the last visit failed; it is tried again"
    REFUSED = "refused", "it is not to be asked for: robots.txt, size"


class PortalState(Kind):
    """What state a portal is in, as its last crawl shows it."""

    NEW = "new", "never crawled"
    OK = "ok", "it answers and gives what is expected"
    CLOSED = "closed", "its file says that it was closed"
    DEGRADED = "degraded", "it answers, and gives less than it should"
    BLOCKED = "blocked", "it refuses to be crawled"
    UNREACHABLE = "unreachable", "it does not answer"
    SILENT = "silent", "it answers, and has nothing new for longer than usual"
    MOVED = "moved", "it leads to another host"
    GONE = "gone", "its home page and all else are not there any more"
    HIJACKED = "hijacked", "somebody else speaks on its host"
    OVERDUE = "overdue", "nobody has crawled it for longer than usual"


class ProbeState(Kind):
    """What a probe of a portal came to."""

    WORKS = "works", "it answers, and lists and articles are read as they should be"
    LACKING = "lacking", "it answers, and something is missing that it should have"
    SHELL = "shell", "its pages have no text until a script has run"
    BLOCKED = "blocked", "it refuses, or its robots.txt does"
    UNREACHABLE = "unreachable", "it does not answer"
    MOVED = "moved", "it leads to another host"
    GONE = "gone", "its home page is not there"
    HIJACKED = "hijacked", "somebody else speaks on its host"


class ScriptHelp(Kind):
    """What would help with a page that a script fills, the cheapest first."""

    STATE = "state", "the page carries its text as data, which is read"
    ENDPOINT = (
        "endpoint",
        "its script asks an address, which `endpoints` in the portal's file can name; else a browser",
    )
    RENDERED = "rendered", "only a browser shows it: `rendered = True` in the portal's file"


class Precision(Kind):
    """How exactly `published_at` is known."""

    SECOND = "second", "printed to the second"
    MINUTE = "minute", "printed to the minute"
    DAY = "day", "printed without a time of day"
    INFERRED = "inferred", "from a dateline without a year, completed from the page or the URL"


class FindingKind(Kind):
    """In what way an article shows that it was tampered with."""

    NAME_SLOT = "phrase-in-name-slot", "words that are no name stand where a place or a body is named"
    FOREIGN_LINK = "foreign-link", "a link to a host that such a text would not link to"
    HIDDEN = "hidden-text", "text that readers do not see and search engines do"
    SPUN = (
        "spun-text",
        "a program put the text together: a title without its first letter, words run together",
    )
    ADVERTISING = "advertising", "an offer in a text that is about something else"
    DIACRITICS = "corrupted-diacritics", "accents that no spelling of Vietnamese has"
    DOORWAY = "doorway-page", "a page made to lead search engines elsewhere"
    TAKEOVER = "host-takeover", "another owner speaks on the portal's host"


class DoubtRule(Kind):
    """Why something that a portal showed is not believed at once."""

    REPLACED = "replaced", "title and body of an article are replaced by others"
    OTHERS = "text-of-another", "an article's address shows the text of another article"
    COLLAPSED = "body-collapsed", "more than half of a body is gone, or a part of its end"
    FIELD_LOST = "author-lost", "an article has lost its author or its source"
    WEAKER = "weaker-method", "title or body are found by a weaker method than before"
    IMPORTED = "imported", "a capture that others made shows another text than was crawled"
    SAME_TEXT = "same-text", "a text that other addresses show instead of their own"
    VANISHED = (
        "vanished-at-once",
        "more than a fifth of the articles that a crawl looked at again are missing",
    )


class DoubtState(Kind):
    """What became of something that was not believed at once."""

    HELD = "held", "it is looked at again, and believed if it lasts while other articles read as before"
    REFUSED = "refused", "it is a page of the site, not an article; it is looked at again"
    BELIEVED = "believed", "it lasted"
    PASSED = "passed", "the page shows again what it showed before"
    ACCEPTED = "accepted", "a person decided that it is true"
    REJECTED = "rejected", "a person decided that it is not"


class EventKind(Kind):
    """What happened to an article, as the view `events` tells it."""

    CHANGED = "changed", "its text, a date, a name or a file is another: a version began"
    GONE = "gone", "it is not there any more, which a second look has confirmed"
    CAME_BACK = "came-back", "it is there again after it was gone"
    MOVED = "moved", "it stands under another address, and not under its old one"
    INJECTED = "injected", "words or links that are not the portal's own stand in it"
    HELD = "held", "something was shown that is not believed yet"


class ChangeWeight(Kind):
    """What the heaviest part of a change is, the heaviest first."""

    FIGURE = "figure", "a number, an amount or a share is another"
    NAME = "name", "a name, an office or the author is another"
    DATE = "date", "a day, a year or a time is another, in the text or as that of publication"
    SENTENCE = "sentence", "a statement of six words or more came, went or is another"
    WORDING = "wording", "fewer words came, went or are others"
    FILE = "file", "an image or an attachment came or went"
    COMMA = "comma", "only punctuation, capitals or the way of writing a tone"


class FileReason(Kind):
    """Why the text of a file is missing, in whole or in part."""

    SCAN = "scan", "its pages are pictures: `scrapy ocr` recognises their text"
    SCAN_IN_PART = "scan-in-part", "some of its pages are pictures: `scrapy ocr` recognises their text"
    NOT_RECOGNISED = "not-recognised", "no text was recognised in its pictures"
    RECOGNISED_IN_PART = "recognised-in-part", "more pictures than are recognised; the first were"
    ENCRYPTED = "encrypted", "it opens with a password only"
    UNREADABLE = "unreadable", "it is broken, or not what it says it is"
    FORMAT = "format", "of a format whose text is not read: an archive, a film"
    CUT = "cut", "too long, too large or too slow to read: what was read until then"
    EMPTY = "empty", "it has no text"


class ProblemKind(Kind):
    """What went wrong with a URL; beside these there is ``http-STATUS`` for an answer of 400 or above."""

    # No answer, or none to be used.
    DNS = "dns", "the name is not found"
    CONNECTION_REFUSED = "connection-refused", "the connection is refused"
    CONNECTION = "connection", "the connection breaks off"
    CUT_SHORT = "cut-short", "the answer ends before its end"
    TIMEOUT = "timeout", "no answer in time"
    TLS = "tls", "no secure connection can be made"
    TLS_EXPIRED = "tls-expired", "the certificate has expired"
    TLS_WRONG_NAME = "tls-wrong-name", "the certificate is for another name"
    TLS_WEAK = "tls-weak", "key or digest of the certificate is too weak"
    UNREADABLE = "unreadable", "the answer cannot be read"
    BLOCKED = "blocked", "the answer is a refusal, or asks to wait"
    MAINTENANCE = "maintenance", "the answer is a notice of maintenance"
    REDIRECTS = "redirects", "redirects without an end"
    ROBOTS = "robots", "robots.txt forbids it"
    TOO_LARGE = "too-large", "larger than is read"
    PRIVATE_ADDRESS = "private-address", "the name leads to an address of a private network (SSRF)"
    SCHEME = "scheme", "a redirect to something that is not HTTP"
    NEVER_FETCHED = "http-304", "304 for a page that was never fetched"
    # The bytes of a page.
    HTML_EMPTY = "html-empty", "the response has no body"
    HTML_NOT = "html-not", "not HTML, whatever its header says"
    HTML_TOO_LARGE = "html-too-large", "too large or too many tags; read up to a limit"
    HTML_TOO_DEEP = "html-too-deep", "nested deeper than the parser follows"
    CHARSET_LIE = "charset-lie", "the bytes are in another encoding than is said"
    MOJIBAKE = "mojibake", "UTF-8 that was read as Windows-1252 and stored so; repaired"
    LEGACY_ENCODING = "legacy-encoding", "text in TCVN3, VNI or the like; converted"
    READER_FAILED = "reader-failed", "a mistake of this program's readers"
    READER_TOO_SLOW = (
        "reader-too-slow",
        "reading it took more time than a response is given; asked for again later",
    )
    READER_TOO_LARGE = (
        "reader-too-large",
        "reading it took more memory than a response is given; asked for again later",
    )
    # What a page says.
    TITLE_MISSING = "title-missing", "an article without a title"
    TITLE_TOO_LONG = "title-too-long", "a title longer than any; cut"
    BODY_EMPTY = "body-empty", "an article without text"
    DATE_IMPOSSIBLE = "date-impossible", "a date that no calendar has"
    DATE_AMBIGUOUS = (
        "date-ambiguous",
        "day and month could be the other way round; read as English servers print",
    )
    DATE_FUTURE = "date-future", "a date in the future"
    DATE_TOO_OLD = "date-too-old", "a date before the web"
    DATE_WITHOUT_YEAR = "date-without-year", "a date whose year nothing on the page tells"
    DATE_RELATIVE = "date-relative", "a date such as “two hours ago”"
    TIME_IMPOSSIBLE = "time-impossible", "a time of day that no clock shows; the day is kept"
    COUNTER_TOO_LARGE = "counter-too-large", "a visitor counter prints more than can be"
    COUNTER_AMBIGUOUS = "counter-ambiguous", "two visitor counters of a page print different numbers"
    COUNTER_NOT_A_COUNT = "counter-not-a-count", "a visitor counter prints something that is no count"
    ATTACHMENT_UNREADABLE = "attachment-unreadable", "the text of a file cannot be read"
    ATTACHMENT_TOO_LARGE = "attachment-too-large", "a file needs more memory than its reader has"
    ATTACHMENT_TOO_LONG = "attachment-too-long", "the text of a file is cut at a limit"
    ATTACHMENT_TOO_SLOW = "attachment-too-slow", "a file is not read in time"
    SCRIPT_SHELL = "script-shell", "the page is empty until a script has run; the detail says what would help"
    # What a page says, held against what it said before.
    FIELD_VANISHED = (
        "field-vanished",
        "a field was read before, and is no longer found; what was stored stays",
    )
    KIND_CHANGED = "kind-changed", "an article's address shows something that is no article"
    HELD = "held", "a change that is not believed before it lasts"
    SAME_TEXT = "same-text-everywhere", "one text at addresses that had different ones: a page of the site"
    FIELD_DOUBTED = (
        "field-doubted",
        "a field reads otherwise in a way that is not believed; what was stored stays",
    )
    NOT_MERGED = "not-merged", "shows the text of another article; both stay as they are"
    CLOCK = "clock", "the clock of this machine was set back between two crawls"


# Problems of getting an answer at all, besides ``http-STATUS``; all others are of what was read.
OF_ACCESS = frozenset(
    {
        ProblemKind.DNS,
        ProblemKind.CONNECTION_REFUSED,
        ProblemKind.CONNECTION,
        ProblemKind.CUT_SHORT,
        ProblemKind.TIMEOUT,
        ProblemKind.TLS,
        ProblemKind.TLS_EXPIRED,
        ProblemKind.TLS_WRONG_NAME,
        ProblemKind.TLS_WEAK,
        ProblemKind.UNREADABLE,
        ProblemKind.BLOCKED,
        ProblemKind.MAINTENANCE,
        ProblemKind.REDIRECTS,
        ProblemKind.ROBOTS,
        ProblemKind.TOO_LARGE,
    }
)


def http_status(status: int) -> str:
    """Return the kind of problem that an answer with this HTTP status is."""
    return f"http-{status}"


# As they stand in docs/data-dictionary.md.
EVERY: tuple[type[Kind], ...] = (
    Outcome,
    LinkKind,
    PageState,
    PortalState,
    ProbeState,
    ScriptHelp,
    Precision,
    FindingKind,
    DoubtRule,
    DoubtState,
    EventKind,
    ChangeWeight,
    FileReason,
    ProblemKind,
)
