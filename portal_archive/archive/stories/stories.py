"""Stories: articles of several portals that are one text, copied, cut or changed.

A story is compared with its first article, the earliest published, never with its other copies: A like B and B
like C do not make A and C one story. Articles of one portal alone are no story; a portal repeats its forms.

What is to be looked at stands in `stories_waiting`, where triggers on `articles` put it in the transaction that
changed the article; `group` takes it from there. Only articles that others are compared with (a story's first, and
those without a story) have keys in `story_keys`, so that a text printed by sixty portals is found by one entry.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from portal_archive.archive.findings import originals
from portal_archive.archive.moments import epoch
from portal_archive.archive.sql import insert, row, rows, update
from portal_archive.archive.stories.resemblance import Text, change, containment, is_copy, may_contain, read

# Keys that more articles have are of phrases; the oldest that have them show how widespread a phrase is.
_PER_KEY = 12
# Articles that are compared with one: those that share most keys with it.
_COMPARED = 8
# A text takes some 60 KB while it is compared.
_REMEMBERED = 256
_LAST_SECOND = "T23:59:59+07:00"


def newest(db: sqlite3.Connection, number: int) -> int:
    """Return from which id on an article is among the `number` newest that wait; 0 when none waits."""
    found = db.execute(
        "SELECT min(article_id) FROM (SELECT article_id FROM stories_waiting ORDER BY article_id DESC LIMIT ?)",
        (number,),
    ).fetchone()
    return found[0] or 0


def group(db: sqlite3.Connection, at_most: int, since: int = 0) -> int:
    """Look at up to `at_most` waiting articles with an id from `since` on; return how many there were.

    Needs a transaction. Neither memory nor the time an article takes grows with the archive.
    """
    waiting = db.execute(
        "SELECT article_id FROM stories_waiting WHERE article_id >= ? ORDER BY article_id LIMIT ?",
        (since, at_most),
    ).fetchall()
    grouping = _Grouping(db)
    for (article_id,) in waiting:
        grouping.look_at(article_id)
    grouping.place_released()
    originals.keep_in_stories(db, [number for (number,) in waiting])
    db.executemany("DELETE FROM stories_waiting WHERE article_id = ?", waiting)
    return len(waiting)


def _read(db: sqlite3.Connection, article_id: int) -> Text:
    found = row(db, "SELECT title, summary, body FROM articles WHERE id = ?", article_id)
    return read(*found) if found else read()


@dataclass(frozen=True, slots=True)
class _Article:
    """An article among others; they are put in `order`: clean before tampered with, earliest published first."""

    id: int
    portal: str
    order: tuple[bool, int, int]


@dataclass(frozen=True, slots=True)
class _Match:
    """An article that another is a copy of, with the story it is the first of, if any."""

    article: _Article
    similarity: float
    story: int | None


class _Grouping:
    """One batch: remembers texts it has read, and which articles left a story."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._text = lru_cache(_REMEMBERED)(lambda number: _read(db, number))
        self._released: set[int] = set()

    def look_at(self, article_id: int) -> None:
        """Give an article that is new, changed or gone its place among the stories."""
        article = next(iter(self._articles("id = ?", article_id)), None)
        self._keep_sketch(article_id)
        story = self._story_of(article_id)
        if story is not None:
            # Also where only a date changed: another article may be the first now.
            self._settle(story, {article_id})
        if article and self._story_of(article_id) is None:
            self._show(article_id, shown=True)
            self._place(article)

    def place_released(self) -> None:
        """Find another story for what left one; once, so that nothing goes round in circles."""
        for article_id in sorted(self._released):
            for article in self._articles("id = ?", article_id):
                if self._story_of(article_id) is None:
                    self._place(article)

    def _place(self, article: _Article) -> None:
        """Find the story of an article that has none, or others that make a story with it."""
        matches = self._matches(article)
        if not matches:
            return
        best = max(matches, key=lambda match: (match.similarity, match.story is not None, -match.article.id))
        first = min(article, best.article, key=lambda one: one.order)
        # What is like the first is a copy of it; what is only like the new article is not.
        joining = [match for match in matches if match is best or self._is_copy(first.id, match.article.id)]
        alone = [article, *(match.article for match in joining if match.story is None)]
        stories = sorted(match.story for match in joining if match.story is not None)
        if not stories:
            if len({one.portal for one in alone}) < 2:
                return
            stories = [insert(self._db, "stories", {"articles": 0, "portals": 0})]
        story, *others = stories
        new = {one.id for one in alone}
        for other in others:
            new.update(one.id for one in self._members(other))
            self._join(other, story)
        self._db.executemany(
            "INSERT INTO story_articles (article_id, story_id, position) VALUES (?, ?, 0)",
            [(one.id, story) for one in alone],
        )
        self._settle(story, new)

    def _matches(self, article: _Article) -> list[_Match]:
        """Return the firsts of stories, and the articles without one, that an article is a copy of."""
        text = self._text(article.id)
        shared: Counter[int] = Counter()
        for key in text.sketch:
            found = self._db.execute(
                "SELECT article_id FROM story_keys WHERE key = ? ORDER BY article_id LIMIT ?", (key, _PER_KEY)
            )
            shared.update(number for (number,) in found)
        del shared[article.id]
        nearest = sorted(shared, key=lambda number: (-shared[number], number))
        likely = (number for number in nearest if may_contain(text, self._stored_sketch(number)))
        copies = [number for number in islice(likely, _COMPARED) if self._is_copy(article.id, number)]
        if not copies:
            return []
        nearest = nearest[:_COMPARED]
        standing = Counter(shingle for number in nearest for shingle in self._text(number).shingles)
        matches = []
        for number in copies:
            similarity = containment(text, self._text(number), standing)
            if is_copy(text, self._text(number), similarity):
                matches.append(
                    _Match(self._articles("id = ?", number)[0], similarity, self._story_of(number))
                )
        return matches

    def _settle(self, story: int, new: set[int]) -> None:
        """Put a story in order after the articles `new` have joined it, changed or gone.

        The earliest is its first; what is not like the first leaves; a story of one portal is none.
        """
        members = sorted(self._members(story), key=lambda one: one.order)
        stored = row(self._db, "SELECT first_article FROM stories WHERE id = ?", story)
        before = stored["first_article"] if stored else None
        first = members[0].id if members else None
        if first != before or first in new:
            new = {one.id for one in members}
        leaving = [one for one in members if one.id in new and first and not self._is_copy(first, one.id)]
        staying = [one for one in members if one not in leaving]
        portals = len({one.portal for one in staying})
        if portals < 2:
            self._dissolve(story, members)
            return
        self._release(leaving)
        self._put_in_order(story, staying, new)
        for one in staying:
            if one.id in new or one.id == before:
                self._show(one.id, shown=one.id == first)
        values = {"first_article": first, "articles": len(staying), "portals": portals}
        update(self._db, "stories", story, values)

    def _put_in_order(self, story: int, staying: list[_Article], new: set[int]) -> None:
        """Write who came when, and how much of the first each of the new has changed."""
        first = staying[0].id
        positions = dict(
            self._db.execute("SELECT article_id, position FROM story_articles WHERE story_id = ?", (story,))
        )
        for position, one in enumerate(staying, start=1):
            values: dict[str, int | None] = {}
            if positions[one.id] != position:
                values["position"] = position
            if one.id in new:
                how = change(self._text(first), self._text(one.id)) if one.id != first else None
                values["words_left_out"] = how.left_out if how else None
                values["words_added"] = how.added if how else None
                values["percent_changed"] = how.percent if how else None
            if values:
                names = ", ".join(f"{name} = ?" for name in values)
                self._db.execute(
                    f"UPDATE story_articles SET {names} WHERE article_id = ?", (*values.values(), one.id)
                )

    def _join(self, other: int, story: int) -> None:
        """Make one story of two; the address of the second leads to the first."""
        self._db.execute("UPDATE story_articles SET story_id = ? WHERE story_id = ?", (story, other))
        self._db.execute("UPDATE stories SET joined = ? WHERE id = ? OR joined = ?", (story, other, other))
        update(self._db, "stories", other, {"first_article": None, "articles": 0, "portals": 0})

    def _dissolve(self, story: int, members: list[_Article]) -> None:
        self._release(members)
        self._db.execute("DELETE FROM stories WHERE id = ? OR joined = ?", (story, story))

    def _release(self, leaving: list[_Article]) -> None:
        for one in leaving:
            self._db.execute("DELETE FROM story_articles WHERE article_id = ?", (one.id,))
            self._show(one.id, shown=True)
            self._released.add(one.id)

    def _keep_sketch(self, article_id: int) -> None:
        """Store by which keys the present text of an article is found, in place of those of an earlier text."""
        sketch = self._text(article_id).sketch
        if sketch != self._stored_sketch(article_id):
            self._show(article_id, shown=False)
            self._db.execute("DELETE FROM story_sketches WHERE article_id = ?", (article_id,))
            if sketch:
                keys = struct.pack(f"<{len(sketch)}q", *sketch)
                insert(self._db, "story_sketches", {"article_id": article_id, "keys": keys})

    def _show(self, article_id: int, *, shown: bool) -> None:
        """Let an article be found by its keys, or no longer."""
        keys = [(key, article_id) for key in self._stored_sketch(article_id)]
        if shown:
            self._db.executemany("INSERT OR IGNORE INTO story_keys (key, article_id) VALUES (?, ?)", keys)
        else:
            self._db.executemany("DELETE FROM story_keys WHERE key = ? AND article_id = ?", keys)

    def _stored_sketch(self, article_id: int) -> tuple[int, ...]:
        found = row(self._db, "SELECT keys FROM story_sketches WHERE article_id = ?", article_id)
        return struct.unpack(f"<{len(found['keys']) // 8}q", found["keys"]) if found else ()

    def _is_copy(self, one: int, other: int) -> bool:
        first, second = self._text(one), self._text(other)
        return one == other or is_copy(first, second, containment(first, second))

    def _story_of(self, article_id: int) -> int | None:
        found = row(self._db, "SELECT story_id FROM story_articles WHERE article_id = ?", article_id)
        return found["story_id"] if found else None

    def _members(self, story: int) -> list[_Article]:
        return self._articles("id IN (SELECT article_id FROM story_articles WHERE story_id = ?)", story)

    def _articles(self, condition: str, value: int) -> list[_Article]:
        found = rows(
            self._db,
            "SELECT id, portal, published_at, published_precision, first_seen, flagged FROM articles"
            f" WHERE {condition}",
            value,
        )
        return [
            _Article(one["id"], one["portal"], (bool(one["flagged"]), _published(one), one["id"]))
            for one in found
        ]


def _published(article: sqlite3.Row) -> int:
    """Return when an article was published, at the latest: a day's last second, else when it was first seen."""
    if article["published_at"] is None:
        return epoch(article["first_seen"])
    if article["published_precision"] in ("minute", "second"):
        return epoch(article["published_at"])
    return epoch(article["published_at"][:10] + _LAST_SECOND)
