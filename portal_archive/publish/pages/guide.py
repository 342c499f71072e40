"""`/help`: how to search, read and take away, in the visitor's language."""

from __future__ import annotations

from typing import Any

from portal_archive.publish.page_context import PageContext


async def help_page(ctx: PageContext) -> Any:
    """Show the help page."""
    return await ctx.page(f"room_help_{ctx.lang}.html", title=ctx.t("help.title"))
