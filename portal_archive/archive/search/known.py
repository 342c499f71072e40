"""Names that an archive has: portals, provinces and authors, told from the words that follow them in a search."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from portal_archive.vietnamese.folding import fold

_WORDS = re.compile(r"[^\W_]+")
_UNITS = (("tinh",), ("thanh", "pho"), ("tp",))


class KnownNames:
    """The names of an archive, for `parse_query`; reads the portals once, when they are first asked for."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._read: list[tuple[str, tuple[str, ...], set[tuple[str, ...]]]] | None = None

    def portals(self, words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """Return how many of the words name portals, and which: by short name, host, title or province.

        The name itself comes before a title that contains it; the more words, the better.
        """
        exact = fold(words[0])
        if named := tuple(name for name, _, _ in self._portals() if fold(name) == exact):
            return 1, named
        for count in range(len(words), 0, -1):
            said = tuple(_WORDS.findall(fold(" ".join(words[:count]))))
            if named := self._named(said):
                return count, named
        return 0, ()

    def author(self, words: Sequence[str]) -> int:
        """Return how many of the words, from the first, stand together in the name of an author; 0 for none."""
        for count in range(len(words), 0, -1):
            said = " ".join(_WORDS.findall(fold(" ".join(words[:count]))))
            if said and self._has(f'author : "{said}"'):
                return count
        return 0

    def _has(self, match: str) -> bool:
        found = self._db.execute("SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1", [match])
        return found.fetchone() is not None

    def _named(self, said: tuple[str, ...]) -> tuple[str, ...]:
        for unit in _UNITS:
            if said[: len(unit)] == unit and len(said) > len(unit):
                bare = said[len(unit) :]
                break
        else:
            bare = said
        joined = "".join(bare)
        of_province = [
            name
            for name, _, provinces in self._portals()
            if bare in provinces or joined in {"".join(province) for province in provinces}
        ]
        return tuple(of_province or (name for name, title, _ in self._portals() if _contains(title, said)))

    def _portals(self) -> list[tuple[str, tuple[str, ...], set[tuple[str, ...]]]]:
        if self._read is None:
            self._read = [
                (name, _folded(title), {_folded(place) for place in (before, now) if place})
                for name, title, before, now in self._db.execute(
                    "SELECT p.name, p.title, v.name, n.name FROM portals p"
                    " LEFT JOIN provinces v ON v.id = p.province LEFT JOIN provinces n ON n.id = v.successor"
                    " ORDER BY p.name"
                )
            ]
        return self._read


def _folded(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(fold(text)))


def _contains(words: tuple[str, ...], said: tuple[str, ...]) -> bool:
    return bool(said) and any(words[at : at + len(said)] == said for at in range(len(words) - len(said) + 1))
