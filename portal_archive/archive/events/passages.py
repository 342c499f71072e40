"""The words of an event: added, removed or replaced text, each with a few words of context."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from portal_archive.archive.differences import Piece, Row, compare
from portal_archive.archive.findings.findings import COUNTS
from portal_archive.archive.sql import row, rows
from portal_archive.archive.storing.weight import HEAVIEST, weigh_row
from portal_archive.model import messages
from portal_archive.model.kinds import EventKind
from portal_archive.model.messages import text

# As fields are named in the message catalogues, under [field].
FIELDS = (
    "title",
    "summary",
    "body",
    "captions",
    "author",
    "source",
    "published_at",
    "images",
    "attachments",
)
ADDRESS = "url"
# Findings about a portal as a whole have no words.
_HOST = "host"
_LISTS = ("images", "attachments")
_MOST = 3
# Characters that are shown around what differs, and of what came or went.
_AROUND = 60
_LONGEST = 400
_OPENING = 240
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """A place of a field where something happened: pieces as `differences` tells them."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Passages:
    """The heaviest places, in the order of the text, and how many there are beside them."""

    shown: tuple[Passage, ...] = ()
    others: int = 0


def field_code(field: str) -> str:
    """Return the message code of a field's name; a place that is no field of an article is not visible on the page."""
    if field == ADDRESS:
        return "changes.address"
    code = f"field.{field}"
    return code if messages.known(code) else "tampered.hidden"


def kinds_of(event: sqlite3.Row, lang: str) -> str:
    """Return in words in what ways an article was tampered with, of a row of `events`; "" for other events."""
    if event["kind"] != EventKind.INJECTED:
        return ""
    kinds = str(event["detail"] or "").split(",")
    return ", ".join(text(f"sign.{kind}", lang) if messages.known(f"sign.{kind}") else kind for kind in kinds)


def as_text(passage: Passage, lang: str) -> str:
    """Return a passage as a line of plain text: "hiện có [1.245 → 1.254] tổ dân vận"."""
    shown: list[str] = []
    pieces = [*passage.pieces, Piece("same", "")]
    removed = added = ""
    for piece in pieces:
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        elif not piece.text.strip() and removed and not added and piece is not pieces[-1]:
            # What stands there now follows behind a blank.
            continue
        else:
            shown += [_replaced(removed, added, lang), piece.text]
            removed = added = ""
    return " ".join("".join(shown).split())


def _replaced(removed: str, added: str, lang: str) -> str:
    before, after = removed.strip(), added.strip()
    if not (before or after):
        return added
    name = "replaced" if before and after else "removed" if before else "added"
    said = text(f"passage.{name}", lang, before=before, after=after)
    lead = (added or removed)[:1]
    return f" {said}" if lead.isspace() else said


def of_event(db: sqlite3.Connection, event: sqlite3.Row) -> Passages:
    """Return the words of a row of the view `events`."""
    kind = event["kind"]
    if kind == EventKind.CHANGED:
        return of_change(db, event["article_id"], event["version"])
    if kind == EventKind.MOVED:
        pieces = (Piece("removed", event["from_url"]), Piece("same", " "), Piece("added", event["url"]))
        return Passages((Passage(ADDRESS, pieces),))
    if kind == EventKind.INJECTED:
        return _of_findings(db, event)
    return _opening(db, event["article_id"], "removed" if kind == EventKind.GONE else "added")


def of_change(db: sqlite3.Connection, article: int, version: int) -> Passages:
    """Return the words in which a version of an article differs from the one before."""
    found = rows(
        db,
        "SELECT * FROM article_versions WHERE article_id = ? AND version IN (?, ?) ORDER BY version",
        article,
        version - 1,
        version,
    )
    return of_versions(*found) if len(found) == 2 else Passages()


def of_versions(before: sqlite3.Row, after: sqlite3.Row) -> Passages:
    """Return the words in which two rows of `article_versions` differ."""
    found: list[tuple[str, Row]] = [
        (field, paragraph)
        for field in FIELDS
        for paragraph in compare(_text(before, field), _text(after, field))
        if paragraph.changed
    ]
    order = sorted(range(len(found)), key=lambda place: HEAVIEST.index(weigh_row(found[place][1])))
    chosen = sorted(order[:_MOST])
    shown = (
        Passage(field, tuple(_shortened(paragraph.merged)))
        for field, paragraph in map(found.__getitem__, chosen)
    )
    return Passages(tuple(shown), len(found) - len(chosen))


def _of_findings(db: sqlite3.Connection, event: sqlite3.Row) -> Passages:
    """Return what was put in, and the words that stood there where they are known."""
    found = rows(
        db,
        "SELECT f.field, f.span, f.original FROM findings f WHERE f.portal = ? AND f.first_seen = ?"
        f" AND f.article_id IS ? AND (f.article_id IS NOT NULL OR f.url = ?) AND {COUNTS}"
        " ORDER BY f.score DESC, f.field, f.start",
        event["portal"],
        event["seen_at"],
        event["article_id"],
        event["url"],
    )
    spans: dict[tuple[str, str], str | None] = {}
    for one in found:
        if one["field"] == _HOST:
            continue
        spans.setdefault((one["field"], one["span"]), one["original"])
    shown = []
    for (field, span), original in islice(spans.items(), _MOST):
        stood = (Piece("removed", _cut(original)), Piece("same", " ")) if original else ()
        shown.append(Passage(field, (*stood, Piece("added", _cut(span)))))
    return Passages(tuple(shown), len(spans) - len(shown))


def _opening(db: sqlite3.Connection, article: int, kind: str) -> Passages:
    """Return how the text begins that went, or came back."""
    found = row(db, "SELECT coalesce(summary, body, '') AS text FROM articles WHERE id = ?", article)
    words = " ".join(found["text"].split()) if found else ""
    if not words:
        return Passages()
    shown = words if len(words) <= _OPENING else f"{_first(words, _OPENING)} {_CUT}"
    return Passages((Passage("body", (Piece(kind, shown),)),))


def _text(version: sqlite3.Row, field: str) -> str | None:
    value: str | None = version[field]
    return "\n".join(json.loads(value or "[]")) if field in _LISTS else value


def _shortened(pieces: list[Piece]) -> Iterator[Piece]:
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.kind != "same":
            yield Piece(piece.kind, _cut(text))
        elif len(text) <= (_AROUND if place in (0, last) else 2 * _AROUND):
            yield piece
        else:
            head = f"{_first(text, _AROUND)} " if place else ""
            tail = f" {_last(text, _AROUND)}" if place < last else ""
            yield Piece("same", f"{head}{_CUT}{tail}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{_first(text, _LONGEST)} {_CUT} {_last(text, _AROUND)}"


def _first(text: str, letters: int) -> str:
    """Return the first words of a text, of so many letters at most."""
    return text if len(text) <= letters else text[:letters].rpartition(" ")[0] or text[:letters]


def _last(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[-letters:].partition(" ")[2] or text[-letters:]
