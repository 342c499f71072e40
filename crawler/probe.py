"""A look at a portal: what a few of its pages show, and whether that is what its file expects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.pipeline import FAILED
from crawler.session import session_of
from portal_archive.archive.archive import Archive
from portal_archive.archive.health.words import words_of
from portal_archive.archive.sql import row
from portal_archive.integrity.check import read_and_check
from portal_archive.model.expectations import Expect, Rate, is_below
from portal_archive.model.kinds import Outcome, PortalState
from portal_archive.model.page import Page
from portal_archive.model.records import Visit
from portal_archive.reading.portal_rules import PortalRules

# Without these it is no article, whatever the portal's file says.
_ALWAYS = ("title", "body", "published_at")
# What is saved of a page: what a person can hold against it in a browser.
_SAVED = (
    *("url", "kind", "title", "summary", "body", "captions", "author", "source", "published_at"),
    *("published_precision", "category", "tags", "views", "images", "attachments", "items"),
)
_STATES = (
    PortalState.BLOCKED,
    PortalState.UNREACHABLE,
    PortalState.MOVED,
    PortalState.GONE,
    PortalState.HIJACKED,
)
_ENOUGH = "looked"
# So many lists with articles, the home page among them, show how lists are read.
_LISTS = 3
_NO_MORE_LISTS = "UPDATE pages SET next_visit = '9999-01-01T00:00:00Z' WHERE kind = 'list'"
_RATES = "SELECT field, articles, filled FROM crawl_fields ORDER BY rowid"
_STATE = "SELECT * FROM portal_states WHERE until IS NULL"


@dataclass(frozen=True, slots=True)
class ProbedPage:
    """A page that was visited, with its body where it was read."""

    visit: Visit
    body: bytes

    @property
    def page(self) -> Page:
        """What was read on it."""
        return self.visit.page or Page(self.visit.final_url, Outcome.OTHER)


@dataclass(slots=True)
class Probe:
    """What was seen of a portal. `state`: what keeps it from being read, with reason and next step."""

    seen: list[ProbedPage] = field(default_factory=list)
    rates: dict[str, Rate] = field(default_factory=dict)
    state: tuple[str, str, str] | None = None

    @property
    def answered(self) -> bool:
        """Whether any page came back."""
        return any(seen.visit.kind not in FAILED for seen in self.seen)

    def of_kind(self, kind: Outcome) -> list[ProbedPage]:
        """Return the pages of a kind, in the order they were visited."""
        return [seen for seen in self.seen if seen.visit.kind == kind]

    def missing(self, expect: Expect) -> list[str]:
        """Return what is missing that the portal's file, or any portal, is expected to have, in words."""
        missing = [
            f"no {kind} was found" for kind in (Outcome.LIST, Outcome.ARTICLE) if not self.of_kind(kind)
        ]
        for name, rate in self.rates.items():
            declared = expect.filled.get(name)
            least = declared.min if declared and declared.min is not None else None
            if (least is not None and is_below(rate, least)) or (name in _ALWAYS and not rate.filled):
                wanted = "" if least is None else f", at least {least:.0%} expected"
                missing.append(f"{name}: in {rate.filled} of {rate.articles} articles{wanted}")
        if expect.counter and not any(seen.page.counter for seen in self.seen):
            missing.append("counter: on no page")
        return missing


class ProbeWatcher:
    """Follows a crawl, and ends it when it has seen enough: `articles` articles, or `pages` pages."""

    def __init__(self, crawler: Crawler, *, articles: int, pages: int) -> None:
        self.look = Probe()
        self._crawler, self._articles, self._pages = crawler, articles, pages
        crawler.signals.connect(self._stored, signals.item_scraped)

    def _stored(self, item: Visit, response: Any) -> None:
        if item.off_frontier and not item.page and item.kind not in FAILED:
            return  # a hop, robots.txt
        self.look.seen.append(ProbedPage(item, response.body if isinstance(response, Response) else b""))
        lists = sum(bool(seen.page.items) for seen in self.look.seen)
        if lists == _LISTS:
            # The archive is thrown away afterwards: what is not due in it is not asked for.
            session_of(self._crawler).archive.db.execute(_NO_MORE_LISTS)
        if len(self.look.of_kind(Outcome.ARTICLE)) >= self._articles or len(self.look.seen) >= self._pages:
            session_of(self._crawler).stop(_ENOUGH)

    def judged(self, archive: Path) -> Probe:
        """Return what was seen, with the figures and the state that the crawl left in its archive."""
        with Archive(archive, read_only=True) as opened:
            conn = opened.db.conn
            self.look.rates = {name: Rate(pages, filled) for name, pages, filled in conn.execute(_RATES)}
            state = row(conn, _STATE)
        if state is not None and state["state"] in _STATES:
            reason, step = words_of(state)
            self.look.state = (state["state"], reason.en, step.en)
        return self.look


def save(seen: Iterable[ProbedPage], folder: Path, rules: PortalRules) -> list[Path]:
    """Save pages as fixtures, each with what is read of it beside; returns the files written.

    A file that is there is kept: the next free number is taken. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in seen:
        stems = (f"{one.visit.kind}{f'_{number}' if number > 1 else ''}" for number in count(1))
        stem = next(stem for stem in stems if not any(folder.glob(f"{stem}.*")))
        # As the test of the portal will read it: without headers.
        read = read_and_check(one.body, one.visit.final_url, family=rules).as_dict()
        shown = {name: read[name] for name in _SAVED if read[name] not in (None, [], "")}
        page, expected = folder / f"{stem}.html", folder / f"{stem}.json"
        page.write_bytes(one.body)
        expected.write_text(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written += [page, expected]
    return written
