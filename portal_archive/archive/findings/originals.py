"""The words that stood where something was put in: read from a clean version of the article, or a clean copy."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from portal_archive.archive.sql import rows, update
from portal_archive.model.page import FLAGGED

# How many clean copies of a story are asked for the words.
_COPIES = 8
# The fields that are text; what is hidden in the HTML stands in no one's place.
FIELDS = ("title", "summary", "body", "captions")
_WORD = re.compile(r"\w+|[^\w\s]")
# A text that shares less than this with the other, aside from what was put in, is no copy of it.
_ALIKE = 0.6
# How many words beside the span may have been replaced with it.
_NEAR = 6
# Comparing words is quadratic; beyond this, frequent ones are no longer compared one by one.
_LONG = 4000
# Two texts of more words than this together are not compared: it would take seconds.
_LONGEST = 50_000


def in_place(text: str, start: int, end: int, clean: str) -> str | None:
    """Return the words of `clean` that stand where `text` has its span from `start` to `end`.

    "" when nothing stands there, None when the texts do not tell, or have the same words there.
    """
    words, others, matched = _aligned(text, clean)
    inside = [index for index, word in enumerate(words) if word.end() > start and word.start() < end]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    pairs = [pair for pair in matched if not first <= pair[0] <= last]
    if len(pairs) < _ALIKE * (len(words) - len(inside)) or not pairs:
        return None
    left, from_word = max((pair for pair in pairs if pair[0] < first), default=(-1, -1))
    right, to_word = min((pair for pair in pairs if pair[0] > last), default=(len(words), len(others)))
    if (first - left - 1) + (right - last - 1) > _NEAR:
        return None
    stood = others[from_word + 1 : to_word]
    if len(stood) > 2 * len(inside) + _NEAR:
        return None
    found = clean[stood[0].start() : stood[-1].end()] if stood else ""
    return None if " ".join(found.split()) == " ".join(text[start:end].split()) else found


@lru_cache(maxsize=8)
def _aligned(text: str, clean: str) -> tuple[list[re.Match[str]], list[re.Match[str]], list[tuple[int, int]]]:
    """Return the words of both texts, and which stand for each other; an article has many findings."""
    words, others = list(_WORD.finditer(text)), list(_WORD.finditer(clean))
    if len(words) + len(others) > _LONGEST:
        return words, others, []
    matcher = SequenceMatcher(
        None,
        [word[0].lower() for word in words],
        [word[0].lower() for word in others],
        autojunk=len(words) + len(others) > _LONG,
    )
    blocks = matcher.get_matching_blocks()
    return words, others, [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def keep(db: sqlite3.Connection, article_id: int) -> None:
    """Look for the original words of an article's findings that have none yet, and keep those there are."""
    wanting = rows(
        db,
        "SELECT id, content_hash, field, span, start, occurrence FROM findings"
        f" WHERE article_id = ? AND original IS NULL AND score >= {FLAGGED}"
        f" AND field IN ({', '.join('?' * len(FIELDS))}) ORDER BY content_hash, id",
        article_id,
        *FIELDS,
    )
    if not wanting:
        return
    versions = rows(db, "SELECT * FROM article_versions WHERE article_id = ? ORDER BY version", article_id)
    by_hash = {version["content_hash"]: version for version in versions}
    for finding in wanting:
        injected = by_hash.get(finding["content_hash"])
        text = injected[finding["field"]] if injected else None
        start = place(text, finding) if text else None
        if injected is None or text is None or start is None:
            continue
        for clean in _clean(db, article_id, injected, versions):
            words = in_place(text, start, start + len(finding["span"]), clean[finding["field"]] or "")
            if words is not None:
                update(
                    db,
                    "findings",
                    finding["id"],
                    {
                        "original": words,
                        "original_article": clean["article_id"],
                        "original_hash": clean["content_hash"],
                    },
                )
                break


def keep_in_stories(db: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Look for the original words in the stories of these articles, whose copies may be new or have changed."""
    wanting = db.execute(
        "SELECT DISTINCT f.article_id FROM json_each(?) j CROSS JOIN story_articles s ON s.article_id = j.value"
        " CROSS JOIN story_articles m ON m.story_id = s.story_id CROSS JOIN findings f"
        " ON f.article_id = m.article_id WHERE f.original IS NULL",
        (json.dumps(list(article_ids)),),
    ).fetchall()
    for (article_id,) in wanting:
        keep(db, article_id)


def place(text: str, finding: sqlite3.Row) -> int | None:
    """Return where in `text` a finding's span begins, None when it is not there.

    White space may have moved it since it was read: then it is where it stands for the same time.
    """
    span = finding["span"]
    if text.startswith(span, finding["start"]):
        return int(finding["start"])
    at = -1
    for _ in range(finding["occurrence"]):
        at = text.find(span, at + 1)
    return at if at >= 0 else None


def _clean(
    db: sqlite3.Connection, article_id: int, injected: sqlite3.Row, versions: list[sqlite3.Row]
) -> Iterator[sqlite3.Row]:
    """Give the clean versions of an article, nearest before first, then nearest after; then its clean copies."""
    dirty = {
        content_hash
        for (content_hash,) in db.execute(
            "SELECT content_hash FROM findings WHERE article_id = ?"
            f" AND score >= {FLAGGED} AND verdict IS NOT 'dismissed'",
            (article_id,),
        )
    }
    number = injected["version"]
    near = sorted(versions, key=lambda one: (one["version"] > number, abs(one["version"] - number)))
    yield from (one for one in near if one["content_hash"] not in dirty)
    yield from rows(
        db,
        "SELECT v.* FROM story_articles s JOIN story_articles m ON m.story_id = s.story_id"
        " JOIN article_versions v ON v.article_id = m.article_id WHERE s.article_id = ? AND m.article_id <> ?"
        " AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.article_id = v.article_id"
        f" AND f.content_hash = v.content_hash AND f.score >= {FLAGGED} AND f.verdict IS NOT 'dismissed')"
        f" ORDER BY m.position, v.version DESC LIMIT {_COPIES}",
        article_id,
        article_id,
    )
