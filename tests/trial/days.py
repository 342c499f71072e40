"""A portal that lives through days, crawled by hand: the crawler's readers, frontier and store, without its network.

Each day is a crawl of its own; moments are given, so that no clock is asked and a fortnight takes seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import HtmlResponse

from crawler.fingerprint import fingerprint_of
from crawler.network.traps import TrapWatch
from crawler.response_reader import at_visit, read_response
from portal_archive.archive.archive import Archive
from portal_archive.archive.health.judge import after_crawl
from portal_archive.archive.health.verdict import Verdict
from portal_archive.model.expectations import Expect
from portal_archive.model.kinds import LinkKind, Outcome, ProblemKind
from portal_archive.model.page import Link, Problem
from portal_archive.model.records import CaptureRef, FrontierPage, Portal, Visit
from portal_archive.model.site import site_of

BEGIN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
# Where the real site was served when it was captured.
REAL_HOME = "http://127.0.0.1:8088/"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Answer:
    """What a portal answers; `refused` is the kind of problem for which the page is not asked for at all."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: HTML)
    refused: ProblemKind | None = None


# What a portal answers for a path (with its query) on a day, counted from 0.
Days = Callable[[str, int], Answer]
REDIRECTS = (301, 302, 303, 307, 308)


def moved(to: str, status: int = 302) -> Answer:
    return Answer(b"", status, {**HTML, "Location": to})


class Trial:
    """One portal in an archive of its own, and the days it lives through."""

    def __init__(
        self, folder: Path, days: Days, home: str = "https://banmay.example/", family: str = "generic"
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.archive = Archive(folder / "archive.db")
        self.archive.claim("trial")
        self.archive.register([Portal("banmay", "Bản Mây", home, family, "described")])
        self._days, self._home, self._family = days, home, family
        self._offset = 0
        self.verdicts: dict[int, Verdict | None] = {}
        self.visited: dict[int, int] = {}

    def live(self, days: range) -> None:
        """Crawl the portal once on each of these days."""
        for day in days:
            with self.archive.batch():
                self._crawl(day)

    def _crawl(self, day: int) -> None:
        now = BEGIN + timedelta(days=day)
        self._traps = TrapWatch()
        crawl = self.archive.begin_crawl("banmay", now)
        self.archive.frontier.add("banmay", [Link(self._home, LinkKind.LIST)], None, 0, crawl.started_at)
        visits = 0
        while page := self.archive.frontier.next_page(crawl):
            now += timedelta(seconds=1)
            visits += 1
            self.archive.store(self._visit(page, crawl.id, day, now))
            assert visits < 2000, f"a crawl without an end: {page.url}"
        self.archive.end_crawl(crawl, now, "finished")
        self.visited[day] = visits
        self.verdicts[day] = after_crawl(self.archive, crawl.id, Expect(), now)

    def _visit(self, page: FrontierPage, crawl_id: int, day: int, now: datetime) -> Visit:
        visit = Visit("banmay", page.url, page.url, now, Outcome.ERROR, crawl_id=crawl_id, depth=page.depth)
        if page.depth > 0 and page.kind == LinkKind.LIST and self._traps.is_trap(page.url):
            visit.kind = Outcome.REFUSED
            return visit
        answer = self._answer(page.url, day)
        hops = 0
        while answer.status in REDIRECTS and not answer.refused:
            target = urljoin(visit.final_url, answer.headers["Location"])
            hops += 1
            if site_of(target) != site_of(self._home):
                visit.kind, visit.status = Outcome.REDIRECT, answer.status
                visit.capture = self._capture(b"moved")
                response = HtmlResponse(visit.final_url, status=answer.status, headers=dict(answer.headers))
                visit.fingerprint = fingerprint_of(response, None)
                return visit
            if hops > 10:
                answer = Answer(refused=ProblemKind.REDIRECTS)
                break
            visit.final_url, answer = target, self._answer(target, day)
        if answer.refused:
            visit.kind, visit.final_url = Outcome.REFUSED, page.url
            visit.problems = [Problem(answer.refused, f"{page.url} is not asked for")]
            return visit
        visit.status = answer.status
        visit.capture = self._capture(answer.body)
        visit.etag = answer.headers.get("ETag")
        if answer.status == 304:
            visit.kind = Outcome.UNCHANGED
            return visit
        headers = dict(answer.headers) | at_visit(now)
        family = None if self._family == "generic" else self._family
        reading = read_response(answer.body, visit.final_url, headers, answer.status, family, page.kind)
        visit.kind, visit.page, visit.problems = reading.kind, reading.page, reading.problems
        leads_on = self._traps.leads_on(visit.url, visit.final_url, visit.capture.digest, reading, page.kind)
        visit.links = [link for link in leads_on if site_of(link.url) == site_of(self._home)]
        visit.links = [link for link in visit.links if not self._traps.is_trap(link.url)]
        visit.links = [link for link in visit.links if link.kind is not LinkKind.FILE]
        if reading.page is not None:
            response = HtmlResponse(
                visit.final_url, status=answer.status, headers=dict(answer.headers), body=answer.body
            )
            visit.fingerprint = fingerprint_of(response, reading.page)
        return visit

    def _answer(self, url: str, day: int) -> Answer:
        parts = urlsplit(url)
        return self._days(f"{parts.path}?{parts.query}" if parts.query else parts.path, day)

    def _capture(self, body: bytes) -> CaptureRef:
        self._offset += 1
        return CaptureRef("banmay/1.warc.gz", self._offset, 1, "sha1:" + hashlib.sha1(body).hexdigest())

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.archive.db.execute(sql, values).fetchall()

    def record(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all that the archive says of its articles, without moments that depend on the day of a visit."""
        return {
            "articles": self.rows(
                "SELECT url, title, summary, body, author, published_at, version, missing_since IS NOT NULL,"
                " gone_at IS NOT NULL, came_back_at FROM articles ORDER BY url"
            ),
            "versions": self.rows(
                "SELECT a.url, v.version, v.changed, v.text_hash FROM versions v"
                " JOIN articles a ON a.id = v.article_id ORDER BY 1, 2"
            ),
            "addresses": self.rows(
                "SELECT a.url, u.url FROM article_urls u JOIN articles a ON a.id = u.article_id ORDER BY 1, 2"
            ),
            "views": self.rows(
                "SELECT a.url, max(w.views) FROM article_views w JOIN articles a ON a.id = w.article_id"
                " GROUP BY 1 ORDER BY 1"
            ),
            "images": self.rows(
                "SELECT a.url, i.url FROM images i JOIN articles a ON a.id = i.article_id ORDER BY 1, 2"
            ),
        }

    def schedule(self) -> list[tuple[Any, ...]]:
        """Return when each article is looked at next, to the day."""
        return self.rows(
            "SELECT url, state, substr(next_visit, 1, 10) FROM pages WHERE article_id IS NOT NULL ORDER BY url"
        )

    def states(self) -> dict[int, str | None]:
        """Return the state that each day's crawl showed, None where it showed none."""
        return {day: verdict.state if verdict else None for day, verdict in self.verdicts.items()}
