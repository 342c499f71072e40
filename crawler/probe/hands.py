"""Whether a portal that was probed is still in the hands of those whose pages were captured before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta

from portal_archive.archive.health.evidence import good_before, load
from portal_archive.archive.health.takeover import changes, is_takeover
from portal_archive.archive.moments import epoch, to_text
from portal_archive.archive.sql import row

_CRAWL = "SELECT * FROM crawls WHERE portal = ? ORDER BY id DESC LIMIT 1"


def other_hands(
    probed: sqlite3.Connection, archive: sqlite3.Connection, portal: str, dates: Iterable[str | None]
) -> tuple[str, ...]:
    """Return the signs, in English, that another owner speaks on a portal than in its good crawls; () where none does.

    `probed` is the archive of the probe, `archive` that of the crawls before it; `dates` are when the articles that
    were probed appeared.
    """
    crawl = row(probed, _CRAWL, portal)
    if crawl is None or not (good := good_before(archive, crawl)):
        return ()
    since = epoch(to_text(good[0].started - timedelta(days=1)))
    has_news = any(date is not None and epoch(date) >= since for date in dates)
    found = changes(load(probed, crawl["id"]), good, has_news=has_news)
    return tuple(change.said.en for change in found) if is_takeover(found) else ()
