"""Portals, provinces, people, authors and documents that have the name that was typed into the search box."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal_archive.archive.search.query import Kind, Level, Query, Term
from portal_archive.archive.search.snippets import spans
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.names import is_person

_WORDS = re.compile(r"[^\W_]+")
_MOST = 6
_SHORTEST = 4
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something of a name. `kind`: a filter of a search, or "person", "author", "document", "date".

    `value` is what the filter has, or what to search for; `label` the name; `rest` what else was typed.
    """

    kind: str
    value: str
    label: str
    rest: str = ""


def named(db: sqlite3.Connection, query: Query, *, nothing: bool) -> list[Named]:
    """Return who and what is named by the words of a search; with `nothing` found, by some of them as well."""
    words = [" ".join(term.variants[0]) for term in query.plain_terms()]
    said = [word for part in words for word in part.split()]
    if sum(map(len, said)) < _SHORTEST or len(said) > 2 * _LONGEST_NAME:
        return _days(db, query)
    found = [
        *_days(db, query),
        *_documents(db, query),
        *_places(db, said, nothing=nothing),
        *_people(db, said, nothing=nothing),
    ]
    return list(dict.fromkeys(found))[:_MOST]


def _days(db: sqlite3.Connection, query: Query) -> list[Named]:
    found = []
    for term in query.terms:
        span = term.date.span() if term.date else None
        if span and _has_published(db, *span):
            rest = " ".join(other.source for other in query.terms if other is not term)
            found.append(Named("date", f"{span[0]} {span[1]}", term.source, rest))
    return found


def _has_published(db: sqlite3.Connection, first: date, last: date) -> bool:
    after = last + timedelta(days=1)
    found = db.execute(
        "SELECT 1 FROM articles WHERE published_at >= ? AND published_at < ? LIMIT 1",
        [first.isoformat(), after.isoformat()],
    )
    return found.fetchone() is not None


def _documents(db: sqlite3.Connection, query: Query) -> Iterator[Named]:
    """Give the documents that are named beside other words."""
    if len(query.terms) > 1:
        yield from (
            Named("document", term.source, term.source)
            for term in query.terms
            if term.kind is Kind.DOCUMENT and _has(db, term.match(folded=True))
        )


def _places(db: sqlite3.Connection, said: Sequence[str], *, nothing: bool) -> Iterator[Named]:
    rows = db.execute(
        "SELECT v.id, v.unit || ' ' || v.name, v.name, n.id, n.unit || ' ' || n.name, n.name,"
        " EXISTS (SELECT 1 FROM portals p WHERE p.province = v.id) AS has_portals"
        " FROM provinces v JOIN provinces n ON n.id = v.successor WHERE EXISTS (SELECT 1 FROM portals p"
        " JOIN provinces o ON o.id = p.province WHERE o.successor = n.id) ORDER BY v.id"
    ).fetchall()
    for run, rest in _runs(said, nothing=nothing):
        for before, before_label, name, now, now_label, now_name, has_portals in rows:
            if run in (fold(name), fold(before_label)):
                if has_portals:
                    yield Named("province", before, before_label, rest)
                yield Named("province_now", now, now_label, rest)
            elif run in (fold(now_name), fold(now_label)):
                yield Named("province_now", now, now_label, rest)
    whole = f" {fold(' '.join(said))} "
    for name, title in db.execute("SELECT name, title FROM portals ORDER BY name").fetchall():
        if whole in f" {fold(title)} " or fold(name) == whole.strip().replace(" ", ""):
            yield Named("portal", name, title)


def _people(db: sqlite3.Connection, said: Sequence[str], *, nothing: bool) -> Iterator[Named]:
    named: list[str] = []
    for run, _ in _runs(said, nothing=nothing):
        # A part of a name that was found is not another one.
        if " " not in run or any(run in longer for longer in named):
            continue
        written = as_written(db, run)
        if not is_person(written):
            continue
        named.append(run)
        match = f'author : "{" ".join(_WORDS.findall(run))}"'
        if _has(db, match):
            yield Named("author", f'author:"{written}"', written)
        yield Named("person", f'"{written}"', written)


def _has(db: sqlite3.Connection, match: str) -> bool:
    found = db.execute("SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1", [match])
    return found.fetchone() is not None


def as_written(db: sqlite3.Connection, run: str) -> str:
    """Return words as the newest article writes them in which they stand together; "" where none has them."""
    words = _WORDS.findall(fold(run))
    if len(words) < 2:
        return ""
    row = db.execute(
        "SELECT author, title, summary, body, captions FROM articles WHERE search_order ="
        " (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1)",
        [f'"{" ".join(words)}"'],
    ).fetchone()
    if row is None:
        return ""
    query = Query("", "", Level(((Term((tuple(words),)),),)), has_accents=False)
    return next((text[start:end] for text in row if text for start, end in spans(text, query)), "")


def _runs(said: Sequence[str], *, nothing: bool) -> Iterator[tuple[str, str]]:
    """Give the words, and with `nothing` found each run of them, longest first; and what is left of the others."""
    folded = [fold(word) for word in said]
    for length in range(min(len(said), _LONGEST_NAME), 0, -1):
        if length < len(said) and not nothing:
            return
        for at in range(len(said) - length + 1):
            run = " ".join(folded[at : at + length])
            if len(run) >= _SHORTEST:
                yield run, " ".join((*said[:at], *said[at + length :]))
