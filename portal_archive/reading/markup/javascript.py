"""Values as JavaScript writes them: JSON, and beyond it what servers print into a page for its scripts.

Nothing is run. Source: ECMA-262, 12.9 (literals) and 13.2 (initialisers), as far as values need it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DEEPEST = 60
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.S)
_NUMBER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""", re.S)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_PREFIXED: Mapping[str, Any] = {"!0": True, "!1": False, "void 0": None}


class NoLiteralError(ValueError):
    """What stands there is not a value, or too deep."""


def read_value(source: str, start: int = 0, names: Mapping[str, Any] | None = None) -> tuple[Any, int]:
    """Return the value that begins at a place, and where it ends; `names` are variables and what they hold.

    Raises NoLiteralError where there is something else: a call, an operator, a function.
    """
    reader = _Reader(source, names or {})
    value = reader.value(reader.skip(start), 0)
    return value, reader.end


class _Reader:
    def __init__(self, source: str, names: Mapping[str, Any]) -> None:
        self.source, self.names = source, names
        self.end = 0

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.source, at)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> Any:
        source = self.source
        if depth > _DEEPEST:
            raise NoLiteralError("nested too deeply")
        first = source[at : at + 1]
        if first == "{":
            return self._object(at + 1, depth)
        if first == "[":
            return self._array(at + 1, depth)
        if first and first in "\"'`":
            return self._string(at)
        for written, meant in _PREFIXED.items():
            if source.startswith(written, at):
                self.end = at + len(written)
                return meant
        if match := _NUMBER.match(source, at):
            self.end = match.end()
            return _number(match[0])
        if match := _NAME.match(source, at):
            self.end = match.end()
            for known in (_CONSTANTS, self.names):
                if match[0] in known:
                    return known[match[0]]
        raise NoLiteralError(f"no value at {at}")

    def _object(self, at: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            at = self.skip(at)
            if self.source[at : at + 1] == "}":
                self.end = at + 1
                return found
            key = self._key(at)
            at = self.skip(self.end)
            if self.source[at : at + 1] != ":":
                raise NoLiteralError(f"no colon at {at}")
            found[key] = self.value(self.skip(at + 1), depth + 1)
            at = self._behind(self.end, "}")

    def _key(self, at: int) -> str:
        if self.source[at : at + 1] in ('"', "'"):
            return self._string(at)
        match = _NAME.match(self.source, at) or _NUMBER.match(self.source, at)
        if match is None:
            raise NoLiteralError(f"no key at {at}")
        self.end = match.end()
        return match[0]

    def _array(self, at: int, depth: int) -> list[Any]:
        found: list[Any] = []
        while True:
            at = self.skip(at)
            if self.source[at : at + 1] == "]":
                self.end = at + 1
                return found
            found.append(self.value(at, depth + 1))
            at = self._behind(self.end, "]")

    def _behind(self, at: int, closing: str) -> int:
        at = self.skip(at)
        if self.source[at : at + 1] == ",":
            return at + 1
        if self.source[at : at + 1] != closing:
            raise NoLiteralError(f"no comma at {at}")
        return at

    def _string(self, at: int) -> str:
        match = _STRING.match(self.source, at)
        if match is None:
            raise NoLiteralError(f"no end of the text at {at}")
        self.end = match.end()
        text = match[0][1:-1]
        return _unescaped(text) if "\\" in text else text


def _unescaped(text: str) -> str:
    text = _ESCAPE.sub(_character, text)
    # What is beyond the first plane is written as two characters.
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _ESCAPED.get(match[4], match[4])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def _number(text: str) -> int | float:
    if "x" in text.lower():
        return int(text, 16)
    return float(text) if any(mark in text for mark in ".eE") else int(text)
