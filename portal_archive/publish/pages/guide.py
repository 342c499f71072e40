"""`/help`: how to search, read and take away, in the visitor's language."""

from __future__ import annotations

from typing import Any

from portal_archive.publish.page_context import PageContext


async def help_page(room: PageContext) -> Any:
    """Show the help page."""
    return await room.page(f"room_help_{room.lang}.html", title=room.t("help.title"))
