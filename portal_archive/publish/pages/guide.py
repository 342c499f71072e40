"""`/help`: how to search, read and take away, in the visitor's language."""

from __future__ import annotations

from typing import Any

from portal_archive.publish.room import Room


async def help_page(room: Room) -> Any:
    """Show the help page."""
    return await room.page(f"room_help_{room.lang}.html", title=room.t("help.title"))
