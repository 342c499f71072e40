"""What a probe sees of a portal: one record, which is printed, stored and turned into what its file declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from portal_archive.model.kinds import ProbeState, ScriptHelp
from portal_archive.model.page import Link


@dataclass(frozen=True, slots=True)
class RobotsSeen:
    """A robots.txt: HTTP status (None: no answer), the seconds it asks to wait, the sitemaps it names."""

    status: int | None
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """Whom a certificate is made out to, who issued it, and until when it is valid (ISO 8601, UTC)."""

    owner: str | None
    issuer: str | None
    valid_until: str | None


@dataclass(frozen=True, slots=True)
class ListSeen:
    """A page that lists articles: how many, and the number of its last page where it links to one.

    `is_linked`: the home page leads to it, so that a crawl finds it by itself.
    """

    url: str
    items: int
    last_page: int | None = None
    first: str = ""  # the title of its first article
    is_linked: bool = False


@dataclass(frozen=True, slots=True)
class AddressesSeen:
    """A feed or a sitemap, and how many addresses it lists; None where it was not asked for.

    `is_linked`: the home page leads to it.
    """

    url: str
    entries: int | None
    is_linked: bool = False


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field of an article: by which method it was read, and the beginning of its value."""

    method: str
    value: str


@dataclass(frozen=True, slots=True)
class ArticleSeen:
    """An article: the fields that were read, by name."""

    url: str
    fields: Mapping[str, FieldSeen]


@dataclass(frozen=True, slots=True)
class ShellSeen:
    """A page without text of its own that a script fills; `endpoints` are addresses that its scripts name."""

    url: str
    help: ScriptHelp
    endpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelSeen:
    """A label beside articles that no reader knows, a value of it, and the group of `labels.toml` it may belong to.

    `group` is None unless the field is read as soon as the label is one of that group.
    """

    label: str
    value: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class SizeSeen:
    """About how many articles there are, at least, and how that is known; `articles` None where nothing tells."""

    articles: int | None
    how: str = ""


@dataclass(frozen=True, slots=True)
class PageDetails:
    """What a report needs of one page beside what was read on it.

    `labels` are the labels it prints by what they label, `others` those of an article that no reader knows, `links` all
    that are worth a visit, `endpoints` the addresses that its scripts ask; `entries` is how many addresses a feed or
    sitemap lists.
    """

    head_title: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: tuple[LabelSeen, ...] = ()
    shell: ShellSeen | None = None
    links: tuple[Link, ...] = ()
    endpoints: tuple[str, ...] = ()
    entries: int | None = None


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page that was asked for, in order: address, status, what it turned out to be, what was wrong."""

    url: str
    status: int | None
    kind: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """A portal, as at most fifteen requests show it.

    `probed_at` is ISO 8601 in UTC. `reason` says in English why `state` is not WORKS. `redirects` are the addresses
    that the home page led on to, `moved_to` the host of another site that it leads to, `moved_portal` the portal
    declared for that host. `families` counts the pages by CMS family,
    `flagged` the articles that were probably tampered with. `labels` are those printed on the pages, as they
    stand there, by "date", "byline", "views" and "counter". `endpoints` are addresses that scripts of the pages ask,
    `storage_hosts` other hosts that keep its images and files; `hands` are signs that another owner speaks there, in
    English.
    """

    portal: str
    home: str
    probed_at: str
    state: ProbeState
    requests: int
    reason: str = ""
    redirects: tuple[str, ...] = ()
    moved_to: str | None = None
    moved_portal: str | None = None
    robots: RobotsSeen | None = None
    certificate: CertificateSeen | None = None
    declared_family: str = "generic"
    families: Mapping[str, int] | None = None
    generator: str | None = None
    title: str = ""
    lists: tuple[ListSeen, ...] = ()
    feeds: tuple[AddressesSeen, ...] = ()
    sitemaps: tuple[AddressesSeen, ...] = ()
    articles: tuple[ArticleSeen, ...] = ()
    flagged: int = 0
    counter: Mapping[str, str] | None = None
    labels: Mapping[str, tuple[str, ...]] | None = None
    unknown_labels: tuple[LabelSeen, ...] = ()
    missing: tuple[str, ...] = ()
    shells: tuple[ShellSeen, ...] = ()
    endpoints: tuple[str, ...] = ()
    storage_hosts: tuple[str, ...] = ()
    size: SizeSeen = SizeSeen(None)
    hands: tuple[str, ...] = ()
    pages: tuple[PageSeen, ...] = ()

    @property
    def family(self) -> str:
        """The CMS family that most pages show of those that show one: a page without a mark may be of any."""
        families = {name: pages for name, pages in (self.families or {}).items() if name != "generic"}
        return max(families, key=lambda name: families[name], default="generic")

    def fill(self, field: str) -> int:
        """Return in how many of the articles a field was read."""
        return sum(field in article.fields for article in self.articles)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self) | {"family": self.family}
