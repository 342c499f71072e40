"""A probe of one portal: its spider, what it answered, and the report of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.probe.details import details_of
from crawler.probe.pages import Answers
from crawler.probe.report import report_of
from crawler.registry import portal_for_host
from crawler.spider import PortalSpider
from crawler.workers.pool import ReaderPool
from portal_archive.model.probe import ProbeReport


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a probe."""

    spider: PortalSpider
    answers: Answers
    report: ProbeReport


def look_of(spider: PortalSpider, answers: Answers, readers: ReaderPool) -> Look:
    """Return what the answers of a portal come to."""
    report = report_of(
        spider.portal,
        answers,
        details_of(answers.pages, readers, spider.rules()),
        expect=spider.expect,
        probed_at=datetime.now(UTC),
        portal_at=_portal_at,
    )
    return Look(spider, answers, report)


def _portal_at(host: str) -> str | None:
    portal = portal_for_host(host)
    return portal.name if portal else None
