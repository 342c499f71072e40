"""Which of the served databases is the archive, and the settings and metadata that apply to it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN = "portal-archive"
_METADATA_NAME = "archive"
_ITS_TABLES = {"portals", "articles", "captures", "counter_readings", "article_urls"}


async def archives(datasette: Datasette) -> list[str]:
    """Return the names of the served databases that are archives of this project, in the order given."""
    return [
        name
        for name, database in datasette.databases.items()
        if not database.is_memory and set(await database.table_names()) >= _ITS_TABLES
    ]


async def prepare(datasette: Datasette) -> None:
    """Apply the metadata file's settings, and its descriptions of `archive` to archives under any file name.

    Datasette 0.65 takes settings from its command line only, and keys metadata by the name of the file. An
    operator's own `--setting`, and metadata written for the file's own name, are kept.
    """
    # Not at the top: Datasette is still being imported when it loads us.
    from datasette import handle_exception
    from datasette.app import DEFAULT_SETTINGS

    # Datasette takes rich, which the command line uses, for the wish to print every error with all variables; where
    # there is no traceback, as for a path without a route, that turns a 404 into a 500.
    handle_exception.rich = None

    wanted = datasette.plugin_config(PLUGIN) or {}
    for name, value in wanted.get("settings", {}).items():
        if datasette.setting(name) == DEFAULT_SETTINGS[name]:
            datasette._settings[name] = value
    datasette.page_size = datasette.setting("default_page_size")
    datasette.sql_time_limit_ms = datasette.setting("sql_time_limit_ms")
    databases: dict[str, Any] = datasette._metadata_local.get("databases", {})
    if _METADATA_NAME in databases:
        for name in await archives(datasette):
            databases.setdefault(name, copy.deepcopy(databases[_METADATA_NAME]))
