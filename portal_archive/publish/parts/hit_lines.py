"""A hit of a search as a line: the words that show it, marked, why it was found, and where it leads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from portal_archive.archive.search import reasons
from portal_archive.archive.search.query import Query
from portal_archive.archive.search.ranking import REMOVED, Group, Hit
from portal_archive.archive.search.reasons import FilePage, Removal
from portal_archive.archive.search.snippets import snippet
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import formats
from portal_archive.publish.parts.cards import card

# Of a longer file the beginning is read for words to show.
_READ = 400_000


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit was found: columns with its words; the version that had them; the page of a file that has them."""

    columns: list[str]
    removal: Removal | None = None
    file: FilePage | None = None


def reason(db: sqlite3.Connection, hit: Hit, group: Group, query: Query) -> Reason:
    """Return why a hit was found."""
    if group.closeness == REMOVED:
        return Reason([], removal=reasons.removal(db, hit.row["id"], query))
    found = reasons.columns(hit.row, query)
    is_in_file = found == ["attachment_text"]
    return Reason(found, file=reasons.file_page(db, hit.row["id"], query) if is_in_file else None)


def line(ctx: PageContext, query: Query, hit: Hit, group: Group, why: Reason) -> dict[str, Any]:
    """Return what the list of hits shows of one."""
    row, exact = hit.row, group.exact and query.has_accents
    shown = card(ctx, row)
    words = [("q", ctx.arg("q"))] if query.terms else []
    shown["url"] = ctx.url(f"/article/{row['id']}", words)
    shown["title"] = _marked(snippet(shown["title"], query, length=400, exact=exact, columns=("title",)))
    if shown["author"]:
        shown["author"] = _marked(snippet(shown["author"], query, exact=exact, columns=("author",)))
    if why.removal:
        return shown | _removed(ctx, query, row["id"], why.removal)
    shown["snippet"] = _snippet(row, query, exact=exact)
    if why.columns:
        shown["why"] = ctx.t(
            "results.why", where=", ".join(ctx.t(f"found_in.{name}") for name in why.columns)
        )
    if why.file:
        shown |= _in_file(ctx, query, row["id"], why.file)
    return shown


def _snippet(row: sqlite3.Row, query: Query, *, exact: bool) -> Markup:
    """Return the first text that shows a match; the beginning of the article where its title alone matched."""
    texts = [
        (("summary", "body"), "\n\n".join(text for text in (row["summary"], row["body"]) if text)),
        (("captions",), row["captions"] or ""),
        (("attachment_text",), (row["attachment_text"] or "")[:_READ]),
    ]
    pieces = [snippet(text, query, exact=exact, columns=columns) for columns, text in texts if text]
    return _marked(
        next((part for part in pieces if any(hit for _, hit in part)), pieces[0] if pieces else [])
    )


def _removed(ctx: PageContext, query: Query, number: int, removal: Removal) -> dict[str, Any]:
    """Return the part of a line that says until when it said what it does not say any more; it leads to the change."""
    diff = f"/article/{number}/diff/{removal.version}/{removal.next_version}"
    return {
        "url": ctx.url(diff, [("q", ctx.arg("q"))]) + "#found",
        "snippet": Markup("<del>{}</del>").format(_marked(snippet(removal.text, query))),
        "why": ctx.t(
            "results.stood_until",
            last=formats.minute(removal.last_seen),
            first=formats.minute(removal.first_missing),
            n=removal.version,
        ),
    }


def _in_file(ctx: PageContext, query: Query, number: int, page: FilePage) -> dict[str, Any]:
    place = ctx.url(
        f"/article/{number}/{page.kind}/{page.position}", [("q", ctx.arg("q")), ("page", str(page.page))]
    )
    why = ctx.t(f"results.in_{page.kind}", title=page.title, page=page.page)
    if page.confidence is not None:
        why += f" ({ctx.t('file.recognised', percent=round(page.confidence))})"
    return {"snippet": _marked(snippet(page.text, query)), "why": why, "why_url": f"{place}#found"}


def _marked(pieces: Iterable[tuple[str, bool]]) -> Markup:
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if hit else escape(text) for text, hit in pieces
    )
