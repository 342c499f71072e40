"""A portal's counter readings, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal_archive.archive.counters.marks import Mark, Reading, by_day, marks
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import charts, formats


def chart(
    ctx: PageContext, name: str, title: str, readings: Sequence[Reading], found: Sequence[Mark] | None = None
) -> dict[str, Any]:
    """Return what the template of a counter shows: charts of visits a day and of the total, marks, table.

    `readings` are in order of time; `found` are marks from more readings than these, if there are any.
    """
    days = by_day(readings)
    found = marks(readings) if found is None else found
    marked: dict[Any, Mark] = {mark.reading.day: mark for mark in found}
    shown = [(day, formats.day(day.day.isoformat())) for day in days]
    visits = [
        charts.Point(
            day.day.toordinal(),
            day.visits,
            ctx.t("counters.label", day=label, n=round(day.visits)),
            day.day in marked,
        )
        for day, label in shown
        if day.visits is not None
    ]
    totals = [
        charts.Point(
            day.day.toordinal(),
            day.total,
            ctx.t("counters.label", day=label, n=day.total),
            day.day in marked,
        )
        for day, label in shown
    ]
    ends = (shown[0][1], shown[-1][1]) if shown else ("", "")
    return {
        "name": name,
        "title": title,
        "url": ctx.url("/counters") + f"#{name}",
        "portal_url": ctx.url(f"/portal/{name}"),
        "total": ctx.number(days[-1].total) if days else None,
        "visits": charts.bars(visits, f"{title}: {ctx.t('counters.per_day')}", ends),
        "totals": charts.line(totals, f"{title}: {ctx.t('counters.total')}", ends),
        "marks": [
            {
                "when": formats.minute(mark.reading.read_at.isoformat()),
                "text": sentence(ctx, mark),
                "row": ctx.table_url("counter_readings") + f"/{mark.reading.id}",
            }
            for mark in found
        ],
        "rows": [
            {
                "day": label,
                "total": ctx.number(day.total),
                "visits": ctx.number(None if day.visits is None else round(day.visits)),
                "mark": sentence(ctx, marked[day.day]) if day.day in marked else "",
            }
            for day, label in reversed(shown)
        ],
    }


def sentence(ctx: PageContext, mark: Mark) -> str:
    """Return a contradiction in words."""
    return ctx.t(mark.kind, **mark.values)
