"""A portal's counter readings, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal_archive.archive.counters.marks import Day, Mark, Reading, by_day, marks
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import charts, formats
from portal_archive.publish.parts.axis_charts import Axes, Series, plot


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
    read_on = [day.day.toordinal() for day in days]
    return {
        "name": name,
        "title": title,
        "url": ctx.url("/counters") + f"#{name}",
        "portal_url": ctx.url(f"/portal/{name}"),
        "total": ctx.number(days[-1].total) if days else None,
        "visits": plot(
            [Series(visits, "bars", "bar")], f"{title}: {ctx.t('counters.per_day')}", axes(ctx), read_on
        ),
        "totals": plot([Series(totals)], f"{title}: {ctx.t('counters.total')}", axes(ctx, from_zero=False))
        if len(totals) > 1
        else "",
        "days": read_on,
        "by_day": {day.day: day.visits for day in days},
        "marks": [
            {
                "when": formats.minute(mark.reading.read_at.isoformat()),
                "text": sentence(ctx, mark),
                "row": ctx.table_url("counter_readings") + f"/{mark.reading.id}",
            }
            for mark in found
        ],
        "rows": [_row(ctx, day, marked.get(day.day)) for day in reversed(days)],
    }


def _row(ctx: PageContext, day: Day, mark: Mark | None) -> dict[str, Any]:
    return {
        "day": formats.day(day.day.isoformat()),
        "total": ctx.number(day.total),
        "visits": ctx.number(None if day.visits is None else round(day.visits)),
        "mark": sentence(ctx, mark) if mark else "",
    }


def axes(ctx: PageContext, *, from_zero: bool = True) -> Axes:
    """Return axes with numbers as the visitor's language writes them."""
    return Axes(ctx.number, lambda first, last: ctx.t("counters.gap", first=first, last=last), from_zero)


def sentence(ctx: PageContext, mark: Mark) -> str:
    """Return a contradiction in words."""
    return ctx.t(mark.kind, **mark.values)
