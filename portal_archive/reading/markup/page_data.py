"""The data that a page carries for its scripts: JSON in a script, a global that is set, what Nuxt makes of either."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.javascript import NoLiteralError, read_value

_LONGEST = 5_000_000  # characters of one script
_SCRIPTS = 500
_VALUES = 200_000  # of one array of Nuxt's
_JSON_TYPES = ("application/json", "text/json", "application/x-json")
# window.__INITIAL_STATE__ = ..., __NUXT__=..., window["__DATA__"] = ...: names that no ordinary variable has.
_GLOBAL = re.compile(
    r"""(?:\b(?:window|self|globalThis)\s*(?:\.|\[\s*["'])\s*)?"""
    r"""\b(?:__\w+__|__\w+_STATE|\w+_STATE__|initialState|INITIAL_\w+)(?:["']\s*\])?\s*=(?!=)\s*"""
)
_PARSED = re.compile(r"JSON\.parse\(\s*")
# Nuxt 2: a function of the values that stand more than once, called with them.
_FUNCTION = re.compile(r"\(?\s*function\s*\(([\w$,\s]*)\)\s*\{")
_RETURN = re.compile(r"\breturn\s*(?=[{(\[])")
# Nuxt 3 (devalue): how it marks a value that is wrapped.
_WRAPPED = frozenset(
    "Reactive ShallowReactive Ref ShallowRef EmptyRef EmptyShallowRef NuxtError Date".split()
)


def page_data(document: Document) -> Iterator[Any]:
    """Give what each script of a page is given as data; what cannot be read as values is passed over."""
    for script in islice(document.tree.iter("script"), _SCRIPTS):
        source = script.text or ""
        if not source or len(source) > _LONGEST:
            continue
        kind = (script.get("type") or "").lower()
        if kind in _JSON_TYPES:
            data = _json(source)
            is_nuxt = script.get("id") == "__NUXT_DATA__" or script.get("data-nuxt-data") is not None
            yield _revived(data) if is_nuxt and isinstance(data, list) else data
        elif kind in ("", "module") or "javascript" in kind:
            yield from _globals(source)


def _json(source: str) -> Any:
    try:
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return None


def _globals(source: str) -> Iterator[Any]:
    for match in islice(_GLOBAL.finditer(source), 20):
        at = match.end()
        try:
            if parsed := _PARSED.match(source, at):
                text, _ = read_value(source, parsed.end())
                yield _json(text) if isinstance(text, str) else None
            elif called := _FUNCTION.match(source, at):
                yield _returned(source, called)
            else:
                yield read_value(source, at)[0]
        except NoLiteralError:
            continue


def _returned(source: str, function: re.Match[str]) -> Any:
    """Return what a function that is called at once returns, of the values it is called with."""
    names = [name.strip() for name in function[1].split(",") if name.strip()]
    returned = _RETURN.search(source, function.end())
    if returned is None:
        return None
    # Without them the value can be read all the same, to see where it ends and the call begins.
    _, end = read_value(source, returned.end(), dict.fromkeys(names))
    call = source.find("(", end)
    values: list[Any] = []
    at = call + 1
    while call >= 0 and len(values) < len(names):
        value, at = read_value(source, at)
        values.append(value)
        at = _behind_comma(source, at)
    return read_value(source, returned.end(), dict(zip(names, values, strict=False)))[0]


def _behind_comma(source: str, at: int) -> int:
    while source[at : at + 1] in (" ", ",", "\n", "\t", "\r") and at < len(source):
        at += 1
    return at


def _revived(values: list[Any]) -> Any:
    """Return the value that Nuxt 3 wrote as an array, in which everything refers to what it holds by its place."""
    left = _VALUES

    def revive(place: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > 60 or not isinstance(place, int) or not 0 <= place < len(values):
            return None
        value = values[place]
        if isinstance(value, Mapping):
            return {key: revive(where, depth + 1) for key, where in value.items()}
        if isinstance(value, list):
            if value and isinstance(value[0], str):
                return revive(value[1], depth + 1) if value[0] in _WRAPPED and len(value) > 1 else None
            return [revive(where, depth + 1) for where in value]
        return value

    return revive(0, 0)
