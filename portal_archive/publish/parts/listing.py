"""What lists with facets share: where in the list one is, and what narrows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal_archive.publish.page_context import PageContext

Parameters = list[tuple[str, str]]
_MOST_HIDDEN = 200


def start(ctx: PageContext, limit: int) -> int:
    """Return how many entries the address leaves out before the first, `limit` at most; 0 for what is no number."""
    typed = ctx.arg("start")
    return min(int(typed), limit) if typed.isdecimal() and len(typed) < 9 else 0


def changed(kept: Parameters, name: str, value: str) -> Parameters:
    """Return the parameters of an address with another value for one of them, or without it for ""."""
    rest = [pair for pair in kept if pair[0] != name]
    return [*rest, (name, value)] if value else rest


def facet(
    ctx: PageContext,
    path: str,
    kept: Parameters,
    name: str,
    title: str,
    values: Iterable[tuple[str, str, int]],
) -> dict[str, Any]:
    """Return what the macro `facet` shows; `values` are value, label and count.

    A value leads to the list narrowed by it, the one chosen to the list without it.
    """
    chosen = dict(kept).get(name, "")
    return {
        "title": title,
        "values": [
            {
                "label": label,
                "count": ctx.number(count),
                "url": ctx.url(path, changed(kept, name, "" if value == chosen else value)),
                "current": value == chosen,
            }
            for value, label, count in values
        ],
    }


def folded(ctx: PageContext, found: dict[str, Any], shown: int) -> dict[str, Any]:
    """Return a facet with all but its first values behind "more"; what was chosen is not hidden."""
    rest = found["values"][shown:]
    hidden = [value for value in rest if not value["current"]][:_MOST_HIDDEN]
    values = [*found["values"][:shown], *(value for value in rest if value["current"])]
    label = ctx.t("facet.more", n=len(hidden)) if hidden else ""
    return {**found, "values": values, "rest": hidden, "rest_label": label}
