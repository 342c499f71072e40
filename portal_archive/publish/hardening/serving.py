"""Which of the served databases is the archive, and the settings and metadata that apply to it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN = "portal-archive"
_METADATA_NAME = "archive"
# What an anonymous visitor may do unless an operator says otherwise.
_PUBLIC = {"default_allow_sql": False, "allow_download": False, "max_returned_rows": 1000}
_ITS_TABLES = {"portals", "articles", "captures", "counter_readings", "article_urls"}


async def archives(datasette: Datasette) -> list[str]:
    """Return the names of the served databases that are archives of this project, in the order given."""
    return [
        name
        for name, database in datasette.databases.items()
        if not database.is_memory and set(await database.table_names()) >= _ITS_TABLES
    ]


def configuration(datasette: Datasette) -> dict[str, Any]:
    """Return what the metadata file says to this plugin."""
    found: dict[str, Any] = datasette.plugin_config(PLUGIN) or {}
    return found


def close_by_default() -> None:
    """Make the public's limits the defaults of Datasette's command line.

    Else `--setting default_allow_sql on` could not be told from no setting at all.
    """
    from datasette.app import DEFAULT_SETTINGS

    DEFAULT_SETTINGS.update(_PUBLIC)


async def prepare(datasette: Datasette) -> None:
    """Apply settings, and the metadata file's descriptions of `archive` to archives under any file name.

    The settings are the public's limits and those of the metadata file.
    Datasette 0.65 takes settings from its command line only, and keys metadata by the name of the file. An
    operator's own `--setting`, and metadata written for the file's own name, are kept.
    """
    # Not at the top: Datasette is still being imported when it loads us.
    from datasette import handle_exception
    from datasette.app import DEFAULT_SETTINGS

    # Datasette takes rich, which the command line uses, for the wish to print every error with all variables; where
    # there is no traceback, as for a path without a route, that turns a 404 into a 500.
    handle_exception.rich = None

    found = await archives(datasette)
    wanted = _PUBLIC | configuration(datasette).get("settings", {})
    for name, value in wanted.items():
        if datasette.setting(name) == DEFAULT_SETTINGS[name]:
            datasette._settings[name] = value
    datasette.page_size = datasette.setting("default_page_size")
    datasette.max_returned_rows = datasette.setting("max_returned_rows")
    datasette.sql_time_limit_ms = datasette.setting("sql_time_limit_ms")
    databases: dict[str, Any] = datasette._metadata_local.get("databases", {})
    if _METADATA_NAME in databases:
        for name in found:
            databases.setdefault(name, copy.deepcopy(databases[_METADATA_NAME]))
