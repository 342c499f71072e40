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


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the horizontal axis, from `start` to `end` in its units; `kind` is a class of the stylesheet."""

    start: float
    end: float
    kind: str
    label: str


def strip(spans: Sequence[Span], length: float, title: str) -> Markup:
    """Return a band of stretches in the colours of their kinds, on an axis from 0 to `length`."""
    marks = [
        f'<rect class="{escape(span.kind)}" x="{span.start / length * _WIDTH:.1f}" y="0" height="{_HEIGHT}"'
        f' width="{max(span.end - span.start, 0) / length * _WIDTH:.1f}"><title>{escape(span.label)}</title></rect>'
        for span in spans
    ]
    return _svg("chart strip", title, marks)


def outline(counts: Sequence[int], most: float, title: str) -> Markup:
    """Return bars as one shape, for pages with many charts; a bar higher than `most` is cut there."""
    step = _WIDTH / max(len(counts), 1)
    path = "".join(
        f"M{place * step:.0f} {_HEIGHT}v-{min(value / most, 1) * _HEIGHT:.0f}h{step * 0.8:.0f}V{_HEIGHT}"
        for place, value in enumerate(counts)
        if value
    )
    return _svg("chart", title, [f'<path class="bar" d="{path}"/>' if path else ""])


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
        return _svg("chart", title, marks) + Markup(
            '<p class="ends"><span>{}</span><span>{}</span></p>'
        ).format(*ends)


def _svg(kind: str, title: str, marks: Sequence[str]) -> Markup:
    # Everything from outside is escaped above and here; the rest are numbers.
    return Markup(  # noqa: S704
        f'<svg class="{kind}" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(title)}">{"".join(marks)}</svg>'
    )
