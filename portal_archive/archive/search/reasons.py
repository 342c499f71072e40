"""Why a search found an article: where its words stand, until when they stood there, on which page of which file."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from portal_archive.archive.search.query import Query, Term
from portal_archive.archive.search.snippets import spans
from portal_archive.vietnamese.folding import fold_keep_length

# In the order in which they are worth showing.
COLUMNS = ("title", "summary", "body", "captions", "author", "attachment_text")
# The pages of an article's files that have text.
PAGES = """
SELECT 'file' AS kind, p.position, p.page, p.text, p.confidence, t.title, t.url FROM attachment_pages p
JOIN attachments t ON t.article_id = p.article_id AND t.position = p.position WHERE p.article_id = ?1
UNION ALL SELECT 'image', position, 1, text, confidence, caption, url FROM images WHERE article_id = ?1 AND text != ''
ORDER BY 1, 2, 3
"""
# Of an article with more versions or longer files, the newest and the first are looked through.
_MOST_VERSIONS = 30
_MOST_PAGES = 300
_MOST_CHARACTERS = 400_000


@dataclass(frozen=True, slots=True)
class Removal:
    """A version that said it and the next one, which does not; moments in UTC. `text`: what the next one dropped."""

    version: int
    next_version: int
    last_seen: str
    first_missing: str
    text: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page of an attached file, or an image that is a document; `kind` is "file" or "image".

    `confidence` is None where the file itself has the text, else how surely it was recognised, from 0 to 100.
    """

    kind: str
    position: int
    title: str
    page: int
    confidence: float | None
    text: str


def columns(row: sqlite3.Row, query: Query) -> list[str]:
    """Return in which columns of an article's row the words of a search stand: those with most of them."""
    counts = {name: _count(row[name][:_MOST_CHARACTERS], query, name) for name in COLUMNS if row[name]}
    most = max(counts.values(), default=0)
    # Where no text has all, each that has any is a part of the reason.
    least = most if most >= 2 * len(query.terms) else 1
    return [name for name, count in counts.items() if count >= max(least, 1)]


def removal(db: sqlite3.Connection, article_id: int, query: Query) -> Removal | None:
    """Return the newest passing of one version into the next in which most of the words were dropped."""
    versions = db.execute(
        "SELECT version, first_seen, last_seen, title, summary, body, captions, author FROM article_versions"
        f" WHERE article_id = ? ORDER BY version DESC LIMIT {_MOST_VERSIONS}",
        [article_id],
    ).fetchall()
    best: Removal | None = None
    most = -1
    for now, before in pairwise(versions):
        text = _dropped(before, now)
        count = _count(text, query)
        if text and count > most:
            most = count
            best = Removal(before["version"], now["version"], before["last_seen"], now["first_seen"], text)
    return best


def file_page(db: sqlite3.Connection, article_id: int, query: Query) -> FilePage | None:
    """Return the page of an article's files that has most of the words of a search; None where none has any."""
    best: FilePage | None = None
    most = size = 0
    for row in db.execute(f"{PAGES} LIMIT {_MOST_PAGES}", [article_id]):
        size += len(row["text"])
        if size > _MOST_CHARACTERS:
            break
        count = _count(row["text"], query)
        if count > most:
            most = count
            title = row["title"] or row["url"].rpartition("/")[2]
            best = FilePage(row["kind"], row["position"], title, row["page"], row["confidence"], row["text"])
        if count > 2 * len(query.terms) or (count == 2 and len(query.terms) == 1):
            break
    return best


def _dropped(before: sqlite3.Row, now: sqlite3.Row) -> str:
    """Return the lines that a version has and the next has not."""
    present = set(_lines(now))
    return "\n".join(line for line in _lines(before) if line not in present)


def _lines(row: sqlite3.Row) -> Iterable[str]:
    for name in ("title", "summary", "body", "captions", "author"):
        yield from (line for line in (row[name] or "").splitlines() if line.strip())


def _count(text: str, query: Query, column: str | None = None) -> int:
    """Return how many of the terms stand in a text, and more where they stand together."""
    folded = fold_keep_length(text)
    terms = [term for term in query.terms if column is None or term.column in (None, column)]
    count = sum(_stands(term, folded) for term in terms)
    together = len(query.plain_terms()) > 1 and any(
        len(folded[start:end].split()) >= len(query.plain_terms()) for start, end in spans(text, query)
    )
    return 2 * count + together


def _stands(term: Term, folded: str) -> bool:
    return re.search(term.pattern(folded=True), folded) is not None
