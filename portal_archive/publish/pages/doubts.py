"""`/doubts`: what portals showed and the archive does not believe yet, and why."""

from __future__ import annotations

from typing import Any

from portal_archive.archive.doubt import doubts as archive_doubts
from portal_archive.archive.doubt.doubts import Doubt
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats

_MOST = 200


async def doubts(ctx: PageContext) -> Any:
    """Show what is held, the newest first; `portal` narrows it, `all` shows what is over too."""
    portal = ctx.arg("portal")
    with_past = ctx.arg("all") == "1"
    found = await ctx.read(lambda db: archive_doubts.listing(db, portal or None, open_only=not with_past))
    newest = sorted(found, key=lambda doubt: doubt.last_seen, reverse=True)
    query = [("portal", portal)] if portal else []
    return await ctx.page(
        "room_doubts.html",
        title=ctx.t("doubts.title"),
        count=ctx.t("doubts.count", n=len(found)),
        doubts=[_line(ctx, doubt) for doubt in newest[:_MOST]],
        more_url=ctx.table_url("doubts") if len(found) > _MOST else "",
        past_url="" if with_past else ctx.url("/doubts", [*query, ("all", "1")]),
    )


def _line(ctx: PageContext, doubt: Doubt) -> dict[str, Any]:
    return {
        "address": doubt.url,
        "portal": doubt.portal,
        "portal_url": ctx.url(f"/portal/{doubt.portal}"),
        "article_url": ctx.url(f"/article/{doubt.article_id}") if doubt.article_id else "",
        "capture_url": ctx.url(f"/capture/{doubt.capture_id}") if doubt.capture_id else "",
        "rule": ctx.t(f"doubts.rule_{doubt.rule}"),
        "state": ctx.t(f"doubts.state_{doubt.state}"),
        "shows": str(doubt.details.get("title") or ""),
        "first_seen": formats.minute(doubt.first_seen),
        "last_seen": formats.minute(doubt.last_seen),
        "times": ctx.number(doubt.times),
        "why": doubt.why or "",
    }
