"""What probes of declared portals saw, kept so that the next one shows what has changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal_archive.archive.archive import Archive
from portal_archive.archive.sql import insert, rows
from portal_archive.model.probe import ProbeReport

# What is otherwise, before, now; as the archive keeps it.
Change = tuple[str, str, str]

_LAST = (
    "SELECT portal, report FROM probes p WHERE probed_at ="
    " (SELECT max(probed_at) FROM probes q WHERE q.portal = p.portal)"
)
# Fields of articles whose loss is a change.
_FIELDS = ("title", "body", "published_at", "author", "views")
_NONE = "-"


def last_reports(db: sqlite3.Connection) -> dict[str, Mapping[str, Any]]:
    """Return the last report of each portal, as plain values, by the portal's name."""
    return {row["portal"]: json.loads(row["report"]) for row in rows(db, _LAST)}


def store_reports(
    archive: Archive, reports: Iterable[ProbeReport], changes: Mapping[str, Sequence[Change]]
) -> None:
    """Enter reports into an archive that is open for writing, in one transaction, with what has changed."""
    with archive.batch():
        for report in reports:
            insert(
                archive.db.conn,
                "probes",
                {
                    "portal": report.portal,
                    "probed_at": report.probed_at,
                    "state": report.state,
                    "family": report.family,
                    "articles": len(report.articles),
                    "size": report.size.articles,
                    "requests": report.requests,
                    "changes": json.dumps(changes.get(report.portal, ()), ensure_ascii=False),
                    "report": json.dumps(report.as_dict(), ensure_ascii=False),
                },
            )


def changes_since(before: Mapping[str, Any], report: ProbeReport) -> list[Change]:
    """Return what a report says otherwise than the one before it, which `last_reports` gave.

    What a portal that does not answer cannot show is no change.
    """
    now = json.loads(json.dumps(report.as_dict()))
    both = (before, now)
    compared = {name: tuple(_said(one[name]) for one in both) for name in ("state", "moved_to", "redirects")}
    if any(page["status"] == 200 for page in now["pages"]):
        compared["generator"] = tuple(_said(one["generator"]) for one in both)
        if before["families"] and now["families"]:
            compared["family"] = before["family"], now["family"]
        if now["certificate"]:
            compared["certificate"] = tuple(_said((one["certificate"] or {}).get("owner")) for one in both)
        compared["counter"] = tuple("shown" if one["counter"] else _NONE for one in both)
        compared |= {name: tuple(_filled(one, name) for one in both) for name in _FIELDS}
    return [(what, old, new) for what, (old, new) in compared.items() if old != new]


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) and value else str(value or _NONE)


def _filled(report: Mapping[str, Any], name: str) -> str:
    """Return whether a field is read: in most articles, in some, in none."""
    articles = report["articles"]
    filled = sum(name in article["fields"] for article in articles)
    return _NONE if not filled else "read" if filled * 2 >= len(articles) else "seldom read"
