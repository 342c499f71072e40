"""An article as one line of a list; every list of the reading room shows it so."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from portal_archive.archive.storing.changes import said
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats

# Of `articles a`; needs `COLUMNS` and `JOIN` in the same query.
COLUMNS = (
    "a.id, a.title, a.portal, a.published_at, a.published_precision, a.version, a.missing_since, a.gone_at,"
    " a.came_back_at, a.flagged, a.author, p.title AS portal_title"
)
JOIN = "JOIN portals p ON p.name = a.portal"


def card(
    ctx: PageContext, row: sqlite3.Row, note: str | None = None, *, with_portal: bool = True
) -> dict[str, Any]:
    """Return what the template of a list line shows: link, title, portal, date, flags and a note in words."""
    return {
        "url": ctx.url(f"/article/{row['id']}"),
        "title": row["title"] or ctx.t("article.untitled"),
        "portal": row["portal_title"] if with_portal else "",
        "portal_url": ctx.url(f"/portal/{row['portal']}"),
        "date": formats.printed(row["published_at"], row["published_precision"]) or ctx.t("date.unknown"),
        "author": row["author"],
        "flags": [{"kind": flag, "label": ctx.t(f"flag.{flag}")} for flag in flags(row)],
        "note": note,
    }


def flags(row: sqlite3.Row) -> list[str]:
    """Return what a reader should know before opening an article: keys "flag.*" of the string catalogue."""
    stands = {
        "flagged": row["flagged"],
        "gone": row["gone_at"] and not row["came_back_at"],
        "missing": row["missing_since"] and (not row["gone_at"] or row["came_back_at"]),
        "back": row["came_back_at"],
        "changed": row["version"] > 1,
        "inferred": row["published_precision"] == "inferred",
    }
    return [flag for flag, true in stands.items() if true]


def change_words(ctx: PageContext, version: sqlite3.Row) -> str:
    """Return what a row of `versions` differs in from the version before; "" for the first of an article."""
    changed = said(version)
    return changed.text(ctx.lang) if changed else ""


def json_list(text: str | None) -> list[str]:
    """Return a column that holds a JSON array."""
    return list(json.loads(text)) if text else []
