"""A portal in the archive, visited by hand: synthetic pages, moments as hours since the first crawl."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from portal_archive.archive.archive import Archive
from portal_archive.model.kinds import LinkKind, Outcome
from portal_archive.model.page import Article, Attachment, Counter, Finding, Image, Link, Page, Problem
from portal_archive.model.records import CaptureRef, Crawl, FrontierPage, Portal, Stored, Visit

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOME = "https://huyen.example/"
LONG = (
    "Sáng 18/3, Ban Dân vận Huyện ủy tổ chức hội nghị giao ban công tác dân vận quý I."
    "\n\nToàn huyện hiện có 1.245 tổ dân vận ở thôn, bản; trong đó 312 tổ được kiện toàn từ đầu năm đến nay."
    "\n\nKết luận hội nghị, đồng chí Trưởng ban đề nghị các xã tiếp tục bám sát cơ sở, lắng nghe Nhân dân."
)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def url(path: str) -> str:
    return HOME + path


def article(**fields: Any) -> Article:
    values: dict[str, Any] = {
        "title": "Giao ban công tác dân vận quý I",
        "body": LONG,
        "published_at": "2026-03-01T08:00:00+07:00",
    }
    values.update(fields)
    values["images"] = [
        Image(image) if isinstance(image, str) else image for image in values.get("images", [])
    ]
    values["attachments"] = [
        Attachment(one) if isinstance(one, str) else one for one in values.get("attachments", [])
    ]
    return Article(**values)


class Site:
    """One portal, with a crawl that every visit belongs to until the next is begun."""

    opened: ClassVar[list[Archive]] = []

    def __init__(self, path: Path) -> None:
        self.archive = Archive(path)
        self.opened.append(self.archive)
        self.archive.claim("test")
        self.archive.register([Portal("huyen", "Huyện", HOME, "generic", "described")])
        self.crawl: Crawl | None = None
        self._offset = count()

    def begin(self, at: float) -> Crawl:
        """Start a crawl, ending the one before."""
        if self.crawl is not None:
            self.archive.end_crawl(self.crawl, hours(at), "finished")
        self.crawl = self.archive.begin_crawl("huyen", hours(at))
        self.archive.frontier.add("huyen", [Link(HOME, LinkKind.LIST)], None, 0, self.crawl.started_at)
        return self.crawl

    def due(self) -> list[str]:
        """Return the URLs that are due, in the order in which a crawl would visit them."""
        assert self.crawl is not None
        found: list[FrontierPage] = []
        while page := self.archive.frontier.next_page(self.crawl, {one.id for one in found}):
            found.append(page)
        return [page.url for page in found]

    def visit(self, path: str, at: float, kind: str, *, final: str | None = None, **fields: Any) -> Stored:
        fields.setdefault("status", 200)
        if "digest" in fields or kind not in ("error", "unchanged", "refused"):
            payload = fields.pop("digest", None) or f"{path} {at} {kind}"
            digest = "sha1:" + hashlib.sha1(payload.encode()).hexdigest()
            fields.setdefault("capture", CaptureRef("huyen/1.warc.gz", next(self._offset), 1, digest))
        return self.archive.store(
            Visit(
                portal="huyen",
                url=url(path),
                final_url=url(path if final is None else final),
                fetched_at=hours(at),
                kind=kind,
                crawl_id=self.crawl.id if self.crawl else None,
                **{"depth": 0 if path == "" else 1, **fields},
            )
        )

    def read(
        self,
        path: str,
        at: float,
        shown: Article | None = None,
        *,
        counter: Counter | None = None,
        methods: dict[str, str] | None = None,
        problems: Sequence[Problem] = (),
        findings: Sequence[Finding] = (),
        **fields: Any,
    ) -> Stored:
        """Visit a page that reads as an article."""
        page = Page(
            url=url(path),
            kind=Outcome.ARTICLE,
            article=shown or article(),
            counter=counter,
            methods=methods or {},
            problems=list(problems),
            findings=list(findings),
        )
        return self.visit(path, at, "article", page=page, **fields)

    def list(self, path: str, at: float, links: Sequence[Link] = (), **fields: Any) -> Stored:
        """Visit a list page."""
        return self.visit(
            path, at, "list", page=Page(url=url(path), kind=Outcome.LIST), links=list(links), **fields
        )

    def gone(self, path: str, at: float, **fields: Any) -> Stored:
        """Visit a page that answers 404."""
        return self.visit(path, at, "gone", **{"status": 404, **fields})

    def error(self, path: str, at: float, **fields: Any) -> Stored:
        """Visit a page that does not answer."""
        return self.visit(path, at, "error", **{"status": None, **fields})

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.archive.db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """Return the only row of a query; a bare value when it has one column."""
        (row,) = self.rows(sql, *values)
        return row[0] if len(row) == 1 else row


def articles(*paths: str, **fields: Any) -> list[Link]:
    return [Link(url(path), LinkKind.ARTICLE, **fields) for path in paths]


def lists(*paths: str) -> list[Link]:
    return [Link(url(path), LinkKind.LIST) for path in paths]
