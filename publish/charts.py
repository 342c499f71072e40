"""Charts as SVG, made here: no script, no library, readable by a screen reader, styled by the stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

# Units of the drawing, which the stylesheet stretches to the room there is; strokes are not stretched.
_WIDTH, _HEIGHT = 1000, 100


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a place on the horizontal axis.

    `x` counts in any unit (days, months), `label` says in words where and what; `marked`: not to be believed.
    """

    x: float
    y: float
    label: str
    marked: bool = False


def bars(points: Sequence[Point], title: str, ends: tuple[str, str]) -> Markup:
    """Return a bar chart; `title` is its name for those who cannot see it, `ends` label the axis."""
    if not points:
        return Markup("")
    plot = _Plot(points, from_zero=True)
    wide = min(40.0, plot.step * 0.74)
    marks = [
        f'<rect class="{"bad" if point.marked else "bar"}" x="{plot.x(point) - wide / 2:.1f}"'
        f' y="{plot.y(point):.1f}" width="{wide:.1f}" height="{_HEIGHT - plot.y(point):.1f}">'
        f"<title>{escape(point.label)}</title></rect>"
        for point in points
    ]
    return plot.svg(title, ends, marks)


def line(points: Sequence[Point], title: str, ends: tuple[str, str]) -> Markup:
    """Return a line chart, with an upright through every value that is marked; nothing for a single value."""
    if len(points) < 2:
        return Markup("")
    plot = _Plot(points, from_zero=False)
    path = " ".join(f"{plot.x(point):.1f},{plot.y(point):.1f}" for point in points)
    uprights = [
        f'<line class="upright" x1="{plot.x(point):.1f}" x2="{plot.x(point):.1f}" y1="0" y2="{_HEIGHT}">'
        f"<title>{escape(point.label)}</title></line>"
        for point in points
        if point.marked
    ]
    return plot.svg(title, ends, [*uprights, f'<polyline class="line" points="{path}"/>'])


class _Plot:
    def __init__(self, points: Sequence[Point], *, from_zero: bool) -> None:
        self.first = min(point.x for point in points)
        self.low = 0.0 if from_zero else min(point.y for point in points)
        self.rise = (max(point.y for point in points) - self.low) or 1.0
        self.step = _WIDTH / (max(point.x for point in points) - self.first + 1)

    def x(self, point: Point) -> float:
        return (point.x - self.first + 0.5) * self.step

    def y(self, point: Point) -> float:
        return _HEIGHT - (point.y - self.low) / self.rise * (_HEIGHT - 4)

    def svg(self, title: str, ends: tuple[str, str], marks: Sequence[str]) -> Markup:
        # Everything from outside is escaped above and below; the rest are numbers.
        return Markup(  # noqa: S704
            f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
            f' aria-label="{escape(title)}">{"".join(marks)}</svg>'
            f'<p class="ends"><span>{escape(ends[0])}</span><span>{escape(ends[1])}</span></p>'
        )
