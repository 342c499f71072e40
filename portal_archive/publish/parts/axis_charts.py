"""Charts of values by day with axes: SVG without a script, whose letters keep their size however wide it is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from markupsafe import Markup, escape

from portal_archive.publish.parts import formats
from portal_archive.publish.parts.charts import Point

# The plot in units of its own, stretched to the room there is; around it, in percent, room for what is written.
_WIDTH, _HEIGHT = 1000.0, 100.0
_TOP, _TALL = 11.0, 75.0
_MONTHS_WRITTEN = 6
# Nearer to the right edge, what is written would not end within the drawing.
_LAST_PLACE = 86.0
_LEAST_GAP = 2


@dataclass(frozen=True, slots=True)
class Series:
    """Values by day (`x` is the ordinal of a date), in order; `kind` is "bars" or "line", `style` a class."""

    points: Sequence[Point]
    kind: str = "line"
    style: str = "line"


@dataclass(frozen=True, slots=True)
class Axes:
    """How values are written, what a stretch without readings is called (its first and last day), from zero or not."""

    number: Callable[[int], str]
    gap: Callable[[str, str], str]
    from_zero: bool = True


def gaps(days: Sequence[float]) -> list[tuple[float, float]]:
    """Return the pairs of neighbouring days that are so far apart that nothing is known between them.

    That is more than two days and more than three times what is usual for these days.
    """
    apart = [later - earlier for earlier, later in pairwise(days)]
    if not apart:
        return []
    most = max(_LEAST_GAP, 3 * median(apart))
    return [(earlier, later) for earlier, later in pairwise(days) if later - earlier > most]


def plot(series: Sequence[Series], title: str, axes: Axes, days: Sequence[float] | None = None) -> Markup:
    """Return a chart of one or several series over each other; `title` is its name for those who cannot see it.

    `days` are those of readings where the series have not all of them. Nothing for no values.
    """
    points = [point for one in series for point in one.points]
    if not points:
        return Markup("")
    scale = _Scale(points, days or [], axes.from_zero)
    ticks = [(f"{scale.percent(value):.1f}%", axes.number(value)) for value in scale.ticks()]
    grid = "".join(f'<line class="grid" x1="0" x2="100%" y1="{place}" y2="{place}"/>' for place, _ in ticks)
    numbers = "".join(f'<text x="0" y="{place}" dy="-3">{escape(number)}</text>' for place, number in ticks)
    holes = (
        gaps(sorted({*days})) if days else (gaps([p.x for p in series[0].points]) if len(series) == 1 else [])
    )
    drawn = "".join(
        f'<rect class="gap" x="{scale.x(start + 0.5):.1f}" y="0" width="{scale.x(end) - scale.x(start + 1):.1f}"'
        f' height="{_HEIGHT:.0f}"><title>{escape(axes.gap(_day(start + 1), _day(end - 1)))}</title></rect>'
        for start, end in holes
    )
    drawn += "".join(_bars(one, scale) if one.kind == "bars" else _line(one, scale) for one in series)
    # Everything from outside is escaped; the rest are numbers.
    return Markup(  # noqa: S704
        f'<svg class="axes" role="img" aria-label="{escape(title)}">{grid}'
        f'<svg y="{_TOP}%" width="100%" height="{_TALL}%" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"'
        f' preserveAspectRatio="none">{drawn}</svg>{numbers}{scale.dates()}</svg>'
    )


def _bars(series: Series, scale: _Scale) -> str:
    wide = min(40.0, scale.step * 0.74)
    return "".join(
        f'<rect class="{"bad" if point.marked else series.style}" x="{scale.x(point.x) - wide / 2:.1f}"'
        f' y="{scale.y(point.y):.1f}" width="{wide:.1f}" height="{_HEIGHT - scale.y(point.y):.1f}">'
        f"<title>{escape(point.label)}</title></rect>"
        for point in series.points
    )


def _line(series: Series, scale: _Scale) -> str:
    holes = {start for start, _ in gaps([point.x for point in series.points])}
    path, begins = "", True
    for point in series.points:
        # A value on its own is a dot.
        path += f"{'M' if begins else 'L'}{scale.x(point.x):.1f} {scale.y(point.y):.1f}" + (
            "h0" if begins else ""
        )
        begins = point.x in holes
    uprights = "".join(
        f'<line class="upright" x1="{scale.x(point.x):.1f}" x2="{scale.x(point.x):.1f}" y1="0" y2="{_HEIGHT:.0f}">'
        f"<title>{escape(point.label)}</title></line>"
        for point in series.points
        if point.marked
    )
    return f'{uprights}<path class="{escape(series.style)}" d="{path}"/>'


class _Scale:
    def __init__(self, points: Sequence[Point], days: Sequence[float], from_zero: bool) -> None:
        places = [*(point.x for point in points), *days]
        self.first, self.last = min(places), max(places)
        self.step = _WIDTH / (self.last - self.first + 1)
        self.high = max(point.y for point in points)
        self.low = 0.0 if from_zero else float(min(point.y for point in points))
        self.rise = (self.high - self.low) or 1.0

    def x(self, day: float) -> float:
        return (day - self.first + 0.5) * self.step

    def y(self, value: float) -> float:
        return _HEIGHT - (value - self.low) / self.rise * _HEIGHT

    def percent(self, value: float) -> float:
        return _TOP + self.y(value) / _HEIGHT * _TALL

    def ticks(self) -> list[int]:
        """Return two to five round numbers between the lowest value and the highest."""
        rough = self.rise / 3
        power = 10.0 ** math.floor(math.log10(rough))
        step = max(1, int(next(power * one for one in (1, 2, 5, 10) if power * one >= rough * 0.75)))
        start = math.ceil(self.low / step) * step
        return [*range(start, math.floor(self.high) + 1, step)]

    def dates(self) -> str:
        """Return the axis below: months, or the first and the last day where there are fewer than three."""
        months = [
            day
            for day in range(int(self.first), int(self.last) + 1)
            if date.fromordinal(day).day == 1 and self._left(day) <= _LAST_PLACE
        ]
        if len(months) < 3:
            first, last = _day(self.first), _day(self.last)
            end = f'<text x="100%" y="98%" text-anchor="end">{last}</text>' if last != first else ""
            return f'<text x="0" y="98%">{first}</text>{end}'
        every = math.ceil(len(months) / _MONTHS_WRITTEN)
        return "".join(
            f'<line class="month" x1="{self._left(day):.1f}%" x2="{self._left(day):.1f}%"'
            f' y1="{_TOP + _TALL}%" y2="98%"/>'
            f'<text x="{self._left(day):.1f}%" dx="3" y="98%">{date.fromordinal(day):%m/%Y}</text>'
            for day in months[::every]
        )

    def _left(self, day: float) -> float:
        return (day - self.first) * self.step / _WIDTH * 100


def _day(day: float) -> str:
    return formats.day(date.fromordinal(int(day)).isoformat())
