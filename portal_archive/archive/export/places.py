"""What every row of a portal's says beside its own columns: the portal's title, its provinces, and a permalink.

`PERMALINKS` has the addresses below the reading room for the rows of a table: of several the first whose columns are
known. A version has an address of its own, which still shows it when the article has changed again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACES = ("portal_title", "province", "province_now")
PERMALINK = "permalink"

_VERSION = "/article/{article_id}/version/{version}"
PERMALINKS: dict[str, tuple[str, ...]] = {
    "articles": ("/article/{id}",),
    "versions": (_VERSION,),
    "article_versions": (_VERSION,),
    "counter_readings": ("/capture/{capture_id}",),
    "findings": ("/article/{article_id}", "/capture/{capture_id}"),
}
_COLUMN = re.compile(r"\{(\w+)\}")


def permalink(table: str, row: Mapping[str, Any]) -> str | None:
    """Return the path of a row's page, None where it has none; `row` has the columns that its address names."""
    for address in PERMALINKS[table]:
        if all(row[name] is not None for name in _COLUMN.findall(address)):
            return address.format_map(row)
    return None


def permalink_sql(table: str, of: str) -> str:
    """Return the same as SQL, of the row that is called `of` in a query."""
    paths = ["'" + _COLUMN.sub(rf"' || {of}.\1 || '", address) + "'" for address in PERMALINKS[table]]
    return f"coalesce({', '.join(paths)}, NULL)"


def added(table: str) -> dict[str, str]:
    """Return the columns with their SQL, for an export of `table` as `t` that joins what `joined` says."""
    return {**{name: f"w.{name}" for name in PLACES}, PERMALINK: permalink_sql(table, "t")}


def joined(portal: str) -> str:
    """Return the join by which the columns come, `portal` being the SQL of the portal's name."""
    return f"LEFT JOIN portal_places w ON w.portal = {portal}"
