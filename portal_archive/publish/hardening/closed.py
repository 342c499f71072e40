"""What is not for everybody: Datasette's pages for its operator, robots, and errors without their details."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Base400, Forbidden, NotFound, Request, Response

from portal_archive.publish import page_context
from portal_archive.publish.hardening import serving

if TYPE_CHECKING:
    from datasette.app import Datasette

logger = logging.getLogger(__name__)

# What they tell (versions, plugins, paths of files, threads, configuration) helps only those who run or attack it.
_OPERATORS_PAGES = (
    *("actor", "allow-debug", "config", "databases", "messages", "metadata"),
    *("patterns", "permissions", "plugins", "settings", "threads", "versions"),
)
# SQLite's own tables, and those in which FTS5 keeps an index.
_INTERNAL = re.compile(r"^sqlite_|^_|_(?:fts|exact)_(?:data|idx|content|docsize|config)$")
_WEB_ARCHIVES = ("archive.org_bot", "ia_archiver", "heritrix")
PATTERN = rf"^/-/(?:{'|'.join(_OPERATORS_PAGES)})(?:\.json)?$"


async def operators_only(datasette: Datasette, request: Request, send: Any) -> Any:
    """Show one of Datasette's own pages to its operator (`datasette --root`). Raises Forbidden for others."""
    if not await datasette.permission_allowed(request.actor, "debug-menu", default=False):
        raise Forbidden("operators only")
    path = request.scope.get("route_path", request.path)
    # The first is this view itself.
    _, (match, view) = [
        (found, view) for pattern, view in datasette._routes() if (found := re.match(pattern, path))
    ][:2]
    request.scope = {**request.scope, "url_route": {"kwargs": match.groupdict()}}
    return await view(request, send)


def table_permission(
    datasette: Datasette, actor: dict[str, str] | None, action: str, resource: object
) -> bool | None:
    """Return False for a table that is not for visitors: SQLite's own, the search's, or hidden by the metadata."""
    if action != "view-table" or actor or not isinstance(resource, tuple):
        return None
    database, table = resource
    hidden = datasette.table_metadata(database, table).get("hidden")
    return False if hidden or _INTERNAL.search(table) else None


async def robots(datasette: Datasette, request: Request) -> Response:
    """Answer with what robots may read (RFC 9309): articles and portals, nothing that is asked of a database.

    Captures are copies of pages that stand elsewhere; only those who archive the web may take them.
    """
    path = datasette.urls.path
    asked = [
        path("/search"),
        path("/changes?"),
        path("/article?"),
        path("/leaving"),
        path("/dossier"),
        path("/-/"),
    ]
    for name in await serving.archives(datasette):
        asked += [f"{datasette.urls.database(name)}{end}" for end in ("$", "/", "?", ".")]
    for_all = [*asked, path("/capture/"), f"{path('/article/')}*/diff/"]
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in for_all), "Crawl-delay: 5", ""]
    lines += [f"User-agent: {name}" for name in _WEB_ARCHIVES]
    lines += [*(f"Disallow: {each}" for each in asked), "Crawl-delay: 5", ""]
    return Response.text("\n".join(lines))


async def refusal(datasette: Datasette, request: Request) -> Response:
    """Return the answer to somebody who may not see this."""
    return await _told(datasette, request, 403, "error.closed", "Forbidden")


async def explain(datasette: Datasette, request: Request, exception: Exception) -> Response | None:
    """Return the answer to a request that failed; None for what Datasette itself explains to the visitor.

    What went wrong inside is logged, and never shown.
    """
    from datasette.views.base import DatasetteError  # not at the top: it is imported after the plugins

    if isinstance(exception, NotFound):
        is_json = request.path.endswith(".json")
        return None if is_json else await page_context.told(datasette, request, 404, "error.missing")
    if isinstance(exception, Forbidden):
        return await refusal(datasette, request)
    if isinstance(exception, DatasetteError) and exception.status == 500:
        # An unknown column to sort by and the like: nothing failed here.
        exception.status = 400
    if isinstance(exception, Base400 | DatasetteError):
        return None
    if isinstance(exception, AssertionError | AttributeError) and request.method == "POST":
        # How Datasette fails at what only a canned query that writes would take.
        return Response.text("Method not allowed", status=405, headers={"Allow": "GET, HEAD"})
    logger.error("%s failed", request.path, exc_info=exception)
    return await _told(datasette, request, 500, "error.failed", "Internal server error")


async def _told(datasette: Datasette, request: Request, status: int, key: str, plain: str) -> Response:
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": plain, "status": status, "title": None}, status=status)
    try:
        page = await page_context.told(datasette, request, status, key)
    except Exception:  # the archive itself may be what failed
        logger.exception("The page that explains an error failed")
        page = None
    return page or Response.text(plain, status=status)
