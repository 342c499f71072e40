"""What follows from a report for what is declared: a portal's row, its file, or the difference to either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler.probe.pagers import is_later_page
from portal_archive.archive.provinces import provinces
from portal_archive.model.bodies import Body
from portal_archive.model.kinds import ProbeState
from portal_archive.model.probe import ProbeReport
from portal_archive.model.site import site_of
from portal_archive.vietnamese.folding import fold

READ = "read from real pages"
_MOST_LISTS = 6
_COUNTRY = re.compile(r"(?:\.(?:gov|org|com|edu|net))?\.vn$")
_PARTY = ".dcs.vn"
# Words in the title of a portal, folded, for the body that speaks on it; the values of `Body` stand for themselves.
_BODIES: tuple[tuple[str, Body], ...] = (
    ("tuyen giao va dan van", Body.PROPAGANDA_AND_MASS_MOBILISATION),
    ("ban tuyen giao", Body.PROPAGANDA),
    ("ban dan van", Body.MASS_MOBILISATION),
    ("ban noi chinh", Body.INTERNAL_AFFAIRS),
    ("uy ban kiem tra", Body.INSPECTION),
    ("mat tran to quoc", Body.FATHERLAND_FRONT),
    ("cong doan", Body.UNION),
    ("lien doan lao dong", Body.UNION),
    ("dang uy khoi", Body.BLOC_COMMITTEE),
    ("huyen uy", Body.DISTRICT_COMMITTEE),
    ("dang bo huyen", Body.DISTRICT_COMMITTEE),
    ("thanh uy", Body.CITY_COMMITTEE),
    ("dang bo thanh pho", Body.CITY_COMMITTEE),
    ("tinh uy", Body.PROVINCIAL_COMMITTEE),
    ("dang bo tinh", Body.PROVINCIAL_COMMITTEE),
    ("huyen ", Body.DISTRICT),
    ("thi xa ", Body.DISTRICT),
    ("tinh ", Body.PROVINCE),
    ("thanh pho ", Body.CITY),
)
_HOME_WORDS = re.compile(r"^(?:trang chu|home|trang nhat|index)$")
_NAMES_ITSELF = re.compile(
    r"^(?:(?:cong|trang) (?:thong tin|tin)|website|bao |tap chi|dang bo|(?:tinh|thanh|huyen) uy|ban |uy ban|so "
    r"|mat tran)"
)
_TITLE_PARTS = re.compile(r"\s+[-–—|»]+\s+|\s*[|»]\s*")
# Fields by the group of labels that stand before them.
_FIELD_OF = {"author": "author", "date.posted": "published_at", "views": "views"}


class Declared(Protocol):
    """What a portal's spider declares, as far as a probe can tell."""

    name: str
    title: str
    home: str
    province: str | None
    body: str | None
    family: str
    known: str
    lists: tuple[str, ...]
    feeds: tuple[str, ...]
    storage_hosts: tuple[str, ...]
    tls_seclevel_1: bool
    counter_by_script: bool
    counter_endpoint: str | None
    of_table: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to declare: all of it for a portal that is not declared, what differs for one that is.

    `values` are attributes of its spider, and `moved_to` and `evidence` of its row. `needs_file`: some of it has no
    column in the table. `unknown` are attributes that nothing tells.
    """

    name: str
    values: Mapping[str, Any]
    is_new: bool
    needs_file: bool
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values)


def proposal(report: ProbeReport, declared: Declared | None, given: Mapping[str, str]) -> Proposal:
    """Return what to declare after a report; `given` are attributes that somebody gave on the command line."""
    particular = _particular(report)
    if declared is None:
        return _of_new(report, particular, given)
    values: dict[str, Any] = {}
    if report.family not in ("generic", declared.family) and _is_sure_of_family(report):
        values["family"] = report.family
    home = _home(report)
    if site_of(home) == site_of(declared.home) and home != declared.home and not report.moved_to:
        values["home"] = home
    dead = {page.url for page in report.pages if page.kind in ("gone", "soft-404")}
    for name, seen in (("lists", _lists(report)), ("feeds", _feeds(report))):
        kept = tuple(path for path in getattr(declared, name) if _absolute(declared.home, path) not in dead)
        if kept != getattr(declared, name) or (not kept and seen and declared.of_table):
            values[name] = kept or seen
    if more := tuple(host for host in report.storage_hosts if host not in declared.storage_hosts):
        values["storage_hosts"] = (*declared.storage_hosts, *more)
    if report.articles and declared.known == "address only":
        values["known"] = READ
    if report.moved_to and declared.of_table:
        values["moved_to"] = report.moved_to
    if _is_weak(report) and not declared.tls_seclevel_1:
        values["tls_seclevel_1"] = True
    known = {"counter_by_script"} if declared.counter_endpoint else set()
    values |= {
        name: value
        for name, value in particular.items()
        if name not in known and not getattr(declared, name, None)
    }
    if set(values) & set(particular) and declared.of_table:
        # Its row goes into a file of its own, whole.
        return _of_new(report, particular, {**_as_given(declared), **given}, is_new=False)
    return Proposal(declared.name, values | dict(given), is_new=False, needs_file=not declared.of_table)


def _of_new(
    report: ProbeReport, particular: Mapping[str, Any], given: Mapping[str, str], *, is_new: bool = True
) -> Proposal:
    values: dict[str, Any] = {
        "title": _title(report),
        "home": _home(report),
        "province": _province(report),
        "body": _body(report),
        "family": report.family,
        "known": READ if report.articles else "described",
        "lists": _lists(report),
        "feeds": _feeds(report),
        "storage_hosts": report.storage_hosts,
        "tls_seclevel_1": _is_weak(report),
        **particular,
    } | dict(given)
    name = values.pop("name", None) or name_of(report.home)
    unknown = tuple(key for key in ("province", "body") if not values[key])
    kept = {key: value for key, value in values.items() if value}
    # A row is for a portal of which all is known that a table can say.
    needs_file = bool(particular or unknown) or values["body"] not in set(Body)
    return Proposal(name, kept, is_new, needs_file, unknown)


def _as_given(declared: Declared) -> dict[str, Any]:
    names = ("name", "title", "home", "province", "body", "lists", "feeds", "storage_hosts", "tls_seclevel_1")
    return {name: value for name in names if (value := getattr(declared, name))}


def _particular(report: ProbeReport) -> dict[str, Any]:
    """Return what only a file can say."""
    found: dict[str, Any] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for seen in report.unknown_labels:
        if seen.group and not report.fill(_FIELD_OF[seen.group]):
            labels[seen.group] = (*labels.get(seen.group, ()), seen.label)
    if labels:
        found["labels"] = labels
    if report.state is ProbeState.SHELL:
        # It works at once; an endpoint, which costs the portal less, takes a person to name.
        found["rendered"] = True
    if (report.counter or {}).get("total") == "(script)":
        found["counter_by_script"] = True
    return found


def _is_sure_of_family(report: ProbeReport) -> bool:
    counts = report.families or {}
    return counts[report.family] * 2 > sum(pages for name, pages in counts.items() if name != "generic")


def _is_weak(report: ProbeReport) -> bool:
    return any("tls-weak" in page.problems for page in report.pages)


def _home(report: ProbeReport) -> str:
    """Return the home page: that of the host that answered, over HTTPS where it led there."""
    parts = urlsplit(report.redirects[-1] if report.redirects else report.home)
    return f"{parts.scheme}://{parts.netloc}/{urlsplit(report.home).path.strip('/')}".rstrip("/") + "/"


def _absolute(home: str, path: str) -> str:
    return path if site_of(path) else f"{home.rstrip('/')}/{path.lstrip('/')}"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _lists(report: ProbeReport) -> tuple[str, ...]:
    """Return the lists that a crawl would not find from the home page."""
    paths = (_path(one.url) for one in report.lists if not one.is_linked and not is_later_page(one.url))
    return tuple(path for path in paths if " " not in path)[:_MOST_LISTS]


def _feeds(report: ProbeReport) -> tuple[str, ...]:
    return tuple(_path(one.url) for one in report.feeds if one.entries and not one.is_linked)[:_MOST_LISTS]


def _title(report: ProbeReport) -> str:
    """Return the name of a portal: the part of its home page's title that says whose it is, else the longest."""
    parts = [part.strip() for part in _TITLE_PARTS.split(report.title)]
    named = [part for part in parts if part and not _HOME_WORDS.match(fold(part))]
    says = [part for part in named if _NAMES_ITSELF.search(fold(part))]
    return max(says or named, key=len, default="") or site_of(report.home)


def _body(report: ProbeReport) -> str | None:
    title = fold(report.title)
    if title.startswith("bao "):
        return Body.PAPER
    own = next((body for words, body in _BODIES if words in title), None)
    if (
        own is None
        and urlsplit(report.home).hostname
        and (urlsplit(report.home).hostname or "").endswith(_PARTY)
    ):
        return Body.PROVINCIAL_COMMITTEE
    return str(own) if own else None


def _province(report: ProbeReport) -> str | None:
    """Return the id, as of before July 2025, of the one province that host or title name; None where none does."""
    host = urlsplit(report.home).hostname or ""
    words = f" {' '.join(re.findall(r'[a-z]+', fold(report.title)))} "
    old = [one for one in provinces() if not one.id.endswith("-2025")]
    slug = {one.id: one.slug.replace("-", "") for one in old}
    parts = re.split(r"[.-]", host)
    for matches in (
        [one.id for one in old if slug[one.id] in parts],
        [one.id for one in old if slug[one.id] in host],
        [one.id for one in old if f" {one.slug.replace('-', ' ')} " in words],
    ):
        longest = max((len(slug[found]) for found in matches), default=0)
        best = [found for found in matches if len(slug[found]) == longest]
        if len(best) == 1:
            return best[0]
    return None


def name_of(home: str) -> str:
    """Return a name for the portal at a home page: its host without what all hosts have."""
    host = site_of(home)
    stem = f"{host.removesuffix(_PARTY)}_dcs" if host.endswith(_PARTY) else _COUNTRY.sub("", host)
    name = re.sub(r"[^a-z0-9]+", "_", stem).strip("_")
    return name if name[:1].isalpha() else f"portal_{name}"
