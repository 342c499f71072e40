"""The records a page is read into.

Pure data: readers fill them, the archive stores them, `scrapy extract` prints them. Unknown is ``None``;
0 and "" are values that a page printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from portal_archive.model.kinds import LinkKind, Outcome, Precision
from portal_archive.model.page_build import PageBuild

# Raised whenever a reader changes what it would read from the same bytes; stored with every version.
READER_VERSION = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """A printed date: ISO 8601 with ``+07:00``, and how exactly the page stated it."""

    iso: str
    precision: Precision


# Control characters of ASCII and Latin-1 but for tab and line end, and those that turn the direction of writing: a
# terminal obeys the first, and a reader is deceived by the second.
_CONTROLS = dict.fromkeys(
    [*({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A}), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def without_controls(text: str) -> str:
    """Return a text without what a terminal would obey instead of showing it."""
    return text.translate(_CONTROLS)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something on a page that could not be read, or must not be believed.

    `kind` is a short stable word ("date-impossible", "counter-too-large", "html-too-large" ...), `detail` says
    in English what was seen (never more than 200 characters of the page), `field` is the field it concerns.
    """

    kind: str
    detail: str
    field: str | None = None

    def __post_init__(self) -> None:
        """Keep of the detail what can be shown: it quotes what a portal sent."""
        object.__setattr__(self, "detail", without_controls(self.detail))


@dataclass(frozen=True, slots=True)
class Finding:
    """A sign that an article was tampered with.

    `kind` is a short stable word; `span` is the exact text, from `start` to `end` of the article's `field`
    ("title", "summary", "body", "html" where it is hidden ...); `score` is from 0 to 1. `signs` are what was seen,
    by names of [evidence] in the message catalogues; `details` are the values that their sentences name.
    """

    kind: str
    score: float
    span: str
    signs: tuple[str, ...]
    details: Mapping[str, Any]
    field: str
    start: int
    end: int


# From this score on an article is flagged.
FLAGGED = 0.5


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the article: absolute URL, and its caption if it has one."""

    url: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered with the article: absolute URL, and its printed title."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a list page announces it."""

    url: str
    title: str
    published_at: str | None = None
    summary: str | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link worth a visit: canonical URL on the portal's own host, and what it is taken for."""

    url: str
    kind: LinkKind
    published_at: str | None = None  # as the list, feed or sitemap states it


COUNTER_FIELDS = (
    "online",
    "members",
    "bots",
    "guests",
    "today",
    "yesterday",
    "week",
    "last_week",
    "month",
    "last_month",
    "year",
    "last_year",
    "total",
)


@dataclass(slots=True)
class Counter:
    """The visitor counter of a page.

    A field is ``None`` when the page has no such row, or has it without a number; then `reasons` says why
    ("script": filled in by script; "unavailable": a dash; "impossible": more than a counter can hold).
    `printed` keeps the text of each value as the page shows it.
    """

    online: int | None = None
    members: int | None = None
    bots: int | None = None
    guests: int | None = None
    today: int | None = None
    yesterday: int | None = None
    week: int | None = None
    last_week: int | None = None
    month: int | None = None
    last_month: int | None = None
    year: int | None = None
    last_year: int | None = None
    total: int | None = None
    printed: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Article:
    """An article as its own page shows it. All text is NFC; URLs are absolute."""

    title: str | None = None
    summary: str | None = None
    body: str | None = None  # paragraphs separated by a blank line
    html: str | None = None  # the same, as sanitised HTML
    captions: list[str] = field(default_factory=list)
    author: str | None = None
    source: str | None = None
    published_at: str | None = None
    published_precision: Precision | None = None
    modified_at: str | None = None
    category: str | None = None
    tags: list[str] = field(default_factory=list)
    views: int | None = None
    rating: dict[str, int] | None = None  # {"points": sum of stars, "votes": number of votes}
    comments: int | None = None
    images: list[Image] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    canonical_url: str | None = None
    cms_id: str | None = None


@dataclass(slots=True)
class Page:
    """Everything one fetched page says.

    `article` is set only for `Outcome.ARTICLE`, `items` only for `Outcome.LIST`. `cms` is the recognised family.
    `methods` names, for each field that was read, the way it was read ("nukeviet", "label", "density",
    "microdata", "meta", "dateline", "trafilatura" ...). `build` is what the page of an article is built of. `is_stated`
    says that the CMS itself calls the page something else than an article.
    """

    url: str
    kind: Outcome
    cms: str | None = None
    article: Article | None = None
    counter: Counter | None = None
    items: list[Item] = field(default_factory=list)
    methods: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    build: PageBuild | None = None
    is_stated: bool = False

    @property
    def flagged(self) -> bool:
        """Whether what was found makes the article suspicious."""
        return any(finding.score >= FLAGGED for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the page as plain values for JSON: the article's fields beside the page's, unknown as None.

        `counter` has every field of a counter, its numbers beside `printed` and `reasons`.
        """
        article = asdict(self.article or Article())
        counter = asdict(self.counter) if self.counter is not None else None
        return {
            "url": self.url or None,
            "kind": self.kind,
            **article,
            "cms": self.cms,
            "counter": counter,
            "items": [asdict(item) for item in self.items],
            "methods": self.methods,
            "problems": [asdict(problem) for problem in self.problems],
            "findings": [asdict(finding) for finding in self.findings],
            "flagged": self.flagged,
        }
