"""The operator's file of watches: what it may say, and what is wrong in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from portal_archive.archive.events.query import PUBLIC
from portal_archive.archive.storing.weight import HEAVIEST
from portal_archive.model.errors import WatchError
from portal_archive.model.kinds import ChangeWeight
from portal_archive.model.messages import LANGUAGES

# What a watch tells besides the events: articles that the archive has not had before.
NEW = "new"
EVENTS = (NEW, *map(str, PUBLIC))


class _Shape(StrEnum):
    """What a value of the file is."""

    TEXT = "a text"
    TEXTS = "a list of texts"
    ARTICLES = "a list of numbers and addresses of articles"
    DAY = "a day, such as 2026-11-28 without quotes"


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody wants to be told of.

    An article is of it when the search finds it, a person is named in it or wrote it, or it is one of the articles;
    of a watch that names none of these, every article is. Portals and provinces (slugs of today's) narrow it.
    `events` are told, changes from `weight` on; `since`: those too that were seen from this day in Vietnam on,
    before the watch was first looked at. `to` names whom, see `crawler/commands/watch.py`.
    """

    name: str
    search: str = ""
    people: tuple[str, ...] = ()
    articles: tuple[int | str, ...] = ()
    portals: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    events: tuple[str, ...] = EVENTS
    weight: ChangeWeight = HEAVIEST[-1]
    since: date | None = None
    to: str = ""
    language: str = LANGUAGES[0]


_SHAPES: Mapping[str, _Shape] = {
    "name": _Shape.TEXT,
    "search": _Shape.TEXT,
    "people": _Shape.TEXTS,
    "articles": _Shape.ARTICLES,
    "portals": _Shape.TEXTS,
    "provinces": _Shape.TEXTS,
    "events": _Shape.TEXTS,
    "weight": _Shape.TEXT,
    "since": _Shape.DAY,
    "to": _Shape.TEXT,
    "language": _Shape.TEXT,
}
# Said before the first watch, for all that say nothing else.
_FOR_ALL = ("to", "language", "weight", "events")
# One of these says what is watched.
_SUBJECTS = ("search", "people", "articles", "portals", "provinces")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "weight": tuple(map(str, HEAVIEST)),
    "events": EVENTS,
}


@dataclass(slots=True)
class _Place:
    """Where in the file something is wrong."""

    file: Path
    watch: str = ""
    seen: set[str] = field(default_factory=set)

    def error(self, said: str) -> WatchError:
        """Return the error that says so."""
        return WatchError(f"{self.file}: " + (f"watch {self.watch!r}: " if self.watch else "") + said)


def read(file: Path) -> list[Watch]:
    """Return the watches of a file, in its order. Raises WatchError, which names the file, the watch and the value."""
    place = _Place(file)
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise place.error(str(error)) from error
    entries = said.pop("watch", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise place.error("a watch begins with [[watch]]")
    if unknown := sorted(said.keys() - set(_FOR_ALL)):
        raise place.error(
            f"nothing is called {unknown[0]!r} before the first [[watch]]: {', '.join(_FOR_ALL)} are"
        )
    for_all = _values(place, said)
    return [_watch(place, for_all, entry) for entry in entries]


def _watch(place: _Place, for_all: Mapping[str, Any], entry: Mapping[str, Any]) -> Watch:
    place.watch = ""
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise place.error("every [[watch]] has a name")
    place.watch = name
    if name in place.seen:
        raise place.error("two watches have this name; what was told is remembered by it")
    place.seen.add(name)
    if unknown := sorted(entry.keys() - _SHAPES.keys()):
        raise place.error(f"nothing is called {unknown[0]!r}; there are: {', '.join(_SHAPES)}")
    values = {**for_all, **_values(place, entry)}
    if not any(values.get(subject) for subject in _SUBJECTS):
        raise place.error(f"it says nothing to watch: one of {', '.join(_SUBJECTS)}")
    if "weight" in values:
        values["weight"] = ChangeWeight(values["weight"])
    return Watch(**values)


def _values(place: _Place, said: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in said.items():
        shape = _SHAPES[key]
        if not _fits(value, shape):
            raise place.error(f"{key} is {shape}, not {value!r}")
        values[key] = tuple(value) if isinstance(value, list) else value
        choices = _CHOICES.get(key)
        for one in value if isinstance(value, list) else [value]:
            if choices and one not in choices:
                raise place.error(f"{key} has no {one!r}; there are: {', '.join(choices)}")
    return values


def _fits(value: object, shape: _Shape) -> bool:
    if shape is _Shape.TEXT:
        return isinstance(value, str)
    if shape is _Shape.DAY:
        return type(value) is date
    kinds: type | tuple[type, ...] = (str, int) if shape is _Shape.ARTICLES else str
    return isinstance(value, list) and all(
        isinstance(one, kinds) and not isinstance(one, bool) for one in value
    )
