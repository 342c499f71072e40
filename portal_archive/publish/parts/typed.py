"""What was typed into the search box, `q` of an address, understood with the names that the archive has."""

from __future__ import annotations

from portal_archive.archive.search.known import KnownNames
from portal_archive.archive.search.query import Query, parse_query
from portal_archive.publish.page_context import PageContext


async def understand(ctx: PageContext) -> Query:
    """Return the search of an address; one of nothing where it states none."""
    typed = ctx.arg("q")
    if ":" not in typed:
        return parse_query(typed)
    return await ctx.read(lambda db: parse_query(typed, KnownNames(db)))
