"""Counters of several portals over each other, and beside how many articles each published a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats
from portal_archive.publish.parts.axis_charts import Series, plot
from portal_archive.publish.parts.charts import Point
from portal_archive.publish.parts.counter_charts import axes

MOST = 4
_ROWS_SHOWN = 31
_PUBLISHED = """
SELECT substr(published_at, 1, 10) AS day, count(*) AS articles FROM articles
WHERE portal = ? AND published_at >= ? AND published_at < ? GROUP BY 1 ORDER BY 1
"""


def published(db: sqlite3.Connection, portal: str, days: Sequence[int]) -> dict[date, int]:
    """Return how many articles a portal dates each day, from the first to the last of these ordinals."""
    if not days:
        return {}
    ends = [date.fromordinal(day).isoformat() for day in (days[0], days[-1] + 1)]
    return {
        date.fromisoformat(row["day"]): row["articles"] for row in db.execute(_PUBLISHED, [portal, *ends])
    }


def articles_chart(ctx: PageContext, title: str, counts: dict[date, int], days: Sequence[int]) -> Any:
    """Return a chart of articles a day, on the axis of a counter that was read on these days."""
    points = [
        Point(
            day.toordinal(), count, f"{formats.day(day.isoformat())}: {ctx.t('counters.articles', n=count)}"
        )
        for day, count in counts.items()
    ]
    ends = [Point(day, 0, "") for day in (days[0], days[-1])] if points else []
    return plot(
        [Series([*ends, *points], "bars", "bar")], f"{title}: {ctx.t('counters.articles_a_day')}", axes(ctx)
    )


def comparison(ctx: PageContext, drawn: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the template shows of counters over each other; None for fewer than two with visits a day."""
    chosen = [one for one in drawn if sum(value is not None for value in one["by_day"].values()) > 0][:MOST]
    if len(chosen) < 2:
        return None
    series = [
        Series(
            [Point(day.toordinal(), value, "") for day, value in one["by_day"].items() if value is not None],
            style=f"series-{place}",
        )
        for place, one in enumerate(chosen, start=1)
    ]
    title = f"{ctx.t('counters.per_day')}: {', '.join(one['title'] for one in chosen)}"
    days = sorted({day for one in chosen for day in one["by_day"]}, reverse=True)[:_ROWS_SHOWN]
    return {
        "chart": plot(series, title, axes(ctx)),
        "legend": [(f"series-{place}", one["title"]) for place, one in enumerate(chosen, start=1)],
        "rows": [
            (formats.day(day.isoformat()), [_cell(ctx, one["by_day"].get(day)) for one in chosen])
            for day in days
        ],
    }


def _cell(ctx: PageContext, value: float | None) -> str:
    return ctx.number(None if value is None else round(value))
