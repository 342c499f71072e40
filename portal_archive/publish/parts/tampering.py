"""What a page says about an article, or a version of it, that seems to have been tampered with."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from portal_archive.archive.findings.findings import COUNTS, CURRENT
from portal_archive.archive.findings.originals import FIELDS, place
from portal_archive.archive.findings.reasons import reason_of
from portal_archive.model import messages
from portal_archive.publish.page_context import PageContext
from portal_archive.publish.parts import cards, formats
from portal_archive.publish.parts.marking import Span, mark_html, mark_text

# Of `findings f` and `articles a`; where its original words are read.
COLUMNS = f"""
f.*, {COUNTS} AS counts, a.id IS NOT NULL AND {CURRENT} AS is_current, p.title AS original_portal,
(SELECT max(v.version) FROM versions v WHERE v.article_id = f.original_article AND v.content_hash = f.original_hash)
AS original_version
"""
JOIN = """
LEFT JOIN articles o ON o.id = f.original_article LEFT JOIN portals p ON p.name = o.portal
"""
_FINDINGS = f"""
SELECT {COLUMNS} FROM findings f JOIN articles a ON a.id = f.article_id {JOIN}
WHERE f.article_id = ? ORDER BY f.score DESC, f.field, f.start
"""
_LONGEST_SPAN = 300
# The field of what is found about a portal as a whole.
HOST = "host"
_PLACES = {HOST: "tampered.host", "url": "tampered.address"} | {field: f"field.{field}" for field in FIELDS}


def read(db: sqlite3.Connection, article_id: int) -> list[sqlite3.Row]:
    """Return all findings of an article, whichever version they are of."""
    return db.execute(_FINDINGS, [article_id]).fetchall()


class Findings:
    """The findings of an article as a page shows them: of one version, else of the article as it is now."""

    def __init__(
        self, ctx: PageContext, article_id: int, rows: Sequence[sqlite3.Row], content_hash: str | None = None
    ) -> None:
        self._context, self._article_id = ctx, article_id
        self._over = [row for row in rows if row["counts"] and not row["is_current"]]
        self._dirty = {row["content_hash"] for row in rows if row["counts"]}
        self._rows = [
            row
            for row in rows
            if (row["is_current"] if content_hash is None else row["content_hash"] == content_hash)
        ]
        self._counted = [row for row in self._rows if row["counts"]]

    def is_dirty(self, version: sqlite3.Row) -> bool:
        """Tell whether a version of the article has a finding that counts."""
        return version["content_hash"] in self._dirty

    def marked(self, field: str, text: str) -> Markup:
        """Return a field as HTML, with what was put in marked."""
        return mark_text(text, self._spans(field, text))

    def marked_body(self, html: Markup, text: str | None) -> Markup:
        """Return the body's HTML with what was put in marked; `text` is the body as it was read."""
        spans = self._spans("body", text or "")
        return mark_html(html, text or "", spans) if spans else html

    def _spans(self, field: str, text: str) -> list[Span]:
        starts = [(row, place(text, row)) for row in self._counted if row["field"] == field]
        return [
            Span(start, start + len(row["span"]), (_key(row),)) for row, start in starts if start is not None
        ]

    def banner(self, versions: Sequence[sqlite3.Row], title: str, *marked: Markup) -> dict[str, Any] | None:
        """Return what the banner shows, None without a finding.

        `versions` are those of the article; `marked` is the HTML whose marks it leads to.
        """
        if not self._rows:
            return None
        counted = self._counted
        return {
            "title": self._context.t(title),
            "since": self._context.t(
                "tampered.since",
                first=formats.minute(min(row["first_seen"] for row in counted)),
                last=formats.minute(max(row["last_seen"] for row in counted)),
            )
            if counted
            else "",
            "found": self._groups(counted, marked),
            "other": self._groups([row for row in self._rows if not row["counts"]], ()),
            "clean": self._clean(versions) if counted else None,
            "all_url": self._context.url("/findings"),
        }

    def past(self) -> list[dict[str, str]]:
        """Return the event that an article was tampered with and no longer is, if that is so."""
        if self._counted or not self._over:
            return []
        first = formats.minute(min(row["first_seen"] for row in self._over))
        last = formats.minute(max(row["last_seen"] for row in self._over))
        return [{"kind": "missing", "text": self._context.t("tampered.past", first=first, last=last)}]

    def _groups(self, rows: Sequence[sqlite3.Row], marked: Sequence[Markup]) -> list[dict[str, Any]]:
        """Return a line for each field and span: what several detectors say of it is told together."""
        groups: dict[tuple[str, str], list[sqlite3.Row]] = {}
        for row in rows:
            groups.setdefault((row["field"], row["span"]), []).append(row)
        return [self._group(group, marked) for group in groups.values()]

    def _group(self, rows: list[sqlite3.Row], marked: Sequence[Markup]) -> dict[str, Any]:
        row, ctx = rows[0], self._context
        places = [one for one in rows if one["kind"] == row["kind"]]
        found = line(ctx, rows, len(places))
        keys = [_key(one) for one in places]
        found["anchors"] = [f"#{key}" for key in keys if any(f'id="{key}"' in part for part in marked)]
        if row["capture_id"]:
            found["capture_url"] = ctx.url(f"/capture/{row['capture_id']}")
            found["capture_label"] = ctx.t("article.capture_open", id=str(row["capture_id"]))
        return found

    def _clean(self, versions: Sequence[sqlite3.Row]) -> dict[str, str] | None:
        """Return where the clean text is: in the nearest version, else in the copy that has the original."""
        ctx, here = self._context, f"/article/{self._article_id}"
        hashes = {row["content_hash"] for row in self._counted}
        number = max((one["version"] for one in versions if one["content_hash"] in hashes), default=0)
        clean = [one["version"] for one in versions if not self.is_dirty(one)]
        if clean:
            best = min(clean, key=lambda version: (version > number, abs(version - number)))
            first, last = sorted((best, number))
            return {
                "url": ctx.url(f"{here}/version/{best}"),
                "label": ctx.t("tampered.clean_version", n=best),
                "changes": ctx.url(f"{here}/diff/{first}/{last}"),
            }
        for row in self._counted:
            if row["original_article"] is not None:
                label = ctx.t("tampered.clean_copy", portal=row["original_portal"])
                return {"url": _original_url(ctx, row), "label": label, "changes": ""}
        return None


def line(ctx: PageContext, rows: Sequence[sqlite3.Row], times: int) -> dict[str, Any]:
    """Return what a list says about words that stand in `times` places of a field; `rows` differ in kind."""
    row = rows[0]
    visible = row["field"] in (*FIELDS, HOST)
    span = _short(row["span"])
    reasons = list(dict.fromkeys(reason_of(one, ctx.lang) for one in rows))
    if row["field"] == HOST:
        # Its span names the sign; only the reason says anything to people.
        span, reasons = reasons[0], reasons[1:]
    return {
        "kind": ", ".join(dict.fromkeys(kind(ctx, one["kind"]) for one in rows)),
        "visible": visible,
        "place": ctx.t(_PLACES.get(row["field"], "tampered.hidden")),
        "span": " ".join(span.split()) if visible else span,
        "times": ctx.number(times) if times > 1 else "",
        "score": formats.decimal(row["score"], ctx.lang),
        "reasons": reasons,
        "original": next((found for one in rows if (found := _original(ctx, one))), None),
        "verdict": ctx.t(f"tampered.{row['verdict']}", why=row["why"] or "") if row["verdict"] else "",
    }


def kind(ctx: PageContext, word: str) -> str:
    """Return a kind of finding in the visitor's language; a detector may know kinds that this page does not."""
    key = f"sign.{word}"
    return ctx.t(key) if messages.known(key) else word


def _original(ctx: PageContext, row: sqlite3.Row) -> dict[str, str] | None:
    if row["original"] is None:
        return None
    same = row["original_article"] == row["article_id"]
    return {
        "words": row["original"] or ctx.t("tampered.nothing"),
        "url": _original_url(ctx, row),
        "label": ctx.t("tampered.in_version", n=row["original_version"] or 1)
        if same
        else ctx.t("tampered.in_copy", portal=row["original_portal"] or ""),
    }


def _original_url(ctx: PageContext, row: sqlite3.Row) -> str:
    here = f"/article/{row['original_article']}"
    return ctx.url(f"{here}/version/{row['original_version']}" if row["original_version"] else here)


def _key(row: sqlite3.Row) -> str:
    return f"finding-{row['id']}"


def recent(
    db: sqlite3.Connection, limit: int, *, portal: str | None = None, since: str = ""
) -> list[sqlite3.Row]:
    """Return the articles that were last found to be tampered with, with the surest sign of each."""
    return db.execute(
        f"SELECT {cards.COLUMNS}, f.span, f.original, max(f.score), f.first_seen AS found"
        f" FROM findings f CROSS JOIN articles a ON a.id = f.article_id {cards.JOIN}"
        f" WHERE f.first_seen >= ? AND {COUNTS} AND (? IS NULL OR f.portal = ?)"
        " GROUP BY a.id ORDER BY found DESC, a.id DESC LIMIT ?",
        [since, portal, portal, limit],
    ).fetchall()


def card(ctx: PageContext, row: sqlite3.Row, *, with_portal: bool = True) -> dict[str, Any]:
    """Return an article of `recent` as a line of a list."""
    note = f"“{_short(row['span'])}”" + (f" ← “{row['original']}”" if row["original"] else "")
    return cards.card(ctx, row, note, with_portal=with_portal)


def _short(span: str) -> str:
    return span if len(span) <= _LONGEST_SPAN else f"{span[:_LONGEST_SPAN]}…"
