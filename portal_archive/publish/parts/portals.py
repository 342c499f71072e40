"""The portals with their provinces and state, as the home page and a portal's own page show them."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from portal_archive.archive.health.words import FINE
from portal_archive.archive.moments import from_text
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats

# A running crawl writes at least this often, however polite it is.
_STILL_RUNNING = timedelta(minutes=15)

_LONG_SECONDS = 0.03
_KEEP_SECONDS = 60.0
_kept_counts: dict[str, tuple[float, dict[str, int]]] = {}

SQL = """
SELECT p.*, pr.name AS province_name, pr.unit AS province_unit, pr.valid_to AS province_until,
       now.id AS now_id, now.name AS now_name, now.unit AS now_unit,
       c.started_at, c.last_active_at, c.finished_at, h.state AS health,
       (SELECT count(*) FROM problems x WHERE x.portal = p.name AND x.closed_at IS NULL) AS open_problems
FROM portals p
LEFT JOIN provinces pr ON pr.id = p.province
LEFT JOIN provinces now ON now.id = coalesce(pr.successor, pr.id)
LEFT JOIN crawls c ON c.id = (SELECT id FROM crawls WHERE portal = p.name ORDER BY started_at DESC LIMIT 1)
LEFT JOIN portal_states h ON h.portal = p.name AND h.until IS NULL
"""


def article_counts(db: sqlite3.Connection, archive: str) -> dict[str, int]:
    """Return how many articles each portal has; `archive` names the file.

    Counting a million takes a tenth of a second: where it takes long, the answer is kept for a minute.
    """
    kept_until, counts = _kept_counts.get(archive, (0.0, {}))
    begun = monotonic()
    if begun >= kept_until:
        counts = dict(db.execute("SELECT portal, count(*) FROM articles GROUP BY portal").fetchall())
        took = monotonic() - begun
        _kept_counts[archive] = (begun + (_KEEP_SECONDS if took > _LONG_SECONDS else 0.0), counts)
    return counts


def summary(ctx: PageContext, row: sqlite3.Row, articles: int, now: datetime) -> dict[str, Any]:
    """Return what a line about a portal shows: `articles` is how many it has; `now` tells what still runs."""
    return {
        "url": ctx.url(f"/portal/{row['name']}"),
        "name": row["name"],
        "title": row["title"],
        "province": _unit(row["province_unit"], row["province_name"]),
        "province_now": _unit(row["now_unit"], row["now_name"]),
        "articles": articles,
        "last_crawl": formats.minute(row["last_active_at"]),
        "state": _state(ctx, row, articles, now),
    }


def _unit(unit: str | None, name: str | None) -> str:
    return f"{unit} {name}" if name else ""


def _state(ctx: PageContext, row: sqlite3.Row, articles: int, now: datetime) -> dict[str, str]:
    if row["started_at"] is None:
        kind = "imported" if articles else "never"
    elif row["finished_at"] is None:
        kind = "running" if now - from_text(row["last_active_at"]) < _STILL_RUNNING else "interrupted"
    elif row["health"] not in (None, *FINE):
        return {"kind": row["health"], "label": ctx.t(f"health.{row['health']}")}
    elif row["open_problems"]:
        return {"kind": "problems", "label": ctx.t("state.problems", n=row["open_problems"])}
    else:
        kind = "fine"
    return {"kind": kind, "label": ctx.t(f"state.{kind}")}
