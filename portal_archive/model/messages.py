"""Every sentence a person reads, in Vietnamese and English, by its code: `messages/vi.toml`, `messages/en.toml`.

The archive keeps a `Message`: codes and their values, never sentences.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Self

LANGUAGES = ("vi", "en")
_GROUP_MARKS = {"vi": ".", "en": ","}
# A sentence, or its forms: `one` for the number 1, `other` for every other.
Sentence = str | Mapping[str, str]


class MessageError(LookupError):
    """A code that a catalogue does not have, or a value that its sentence needs and was not given."""


def text(code: str, lang: str, /, **values: object) -> str:
    """Return the sentence of a code such as "results.none" in a language, "vi" or "en".

    `{name}` in it becomes the value of that name, whole numbers with the language's thousands separator. Values
    that the sentence does not name are ignored. Where the sentence has forms, the value `n` chooses among them.
    Raises MessageError.
    """
    sentence = catalogue(lang).get(code)
    if sentence is None:
        raise MessageError(f"{lang}.toml has no message {code!r}")
    if not isinstance(sentence, str):
        sentence = sentence["one" if values.get("n") == 1 else "other"]
    try:
        return sentence.format_map({name: _shown(value, lang) for name, value in values.items()})
    except KeyError as error:
        raise MessageError(f"message {code!r} of {lang}.toml needs a value for {error}") from error


def known(code: str) -> bool:
    """Return whether there is a message of this code: for codes that come from data."""
    return code in catalogue(LANGUAGES[0])


def number(value: int, lang: str) -> str:
    """Return 82336925 as "82.336.925" in Vietnamese, as "82,336,925" in English."""
    return f"{value:,}".replace(",", _GROUP_MARKS[lang])


def placeholders(sentence: Sentence) -> set[str]:
    """Return the names of the values that a sentence, or any form of it, is filled in with."""
    forms = [sentence] if isinstance(sentence, str) else sentence.values()
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@dataclass(frozen=True)
class Message:
    """Clauses, each a code of the catalogues and its values; `old` is what older archives kept, as sentences."""

    clauses: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    old: tuple[str, str] | None = None

    @property
    def en(self) -> str:
        """It in English; "" where nothing is said."""
        return self.text("en")

    @property
    def vi(self) -> str:
        """It in Vietnamese."""
        return self.text("vi")

    def text(self, lang: str) -> str:
        """Return it in a language, "vi" or "en"."""
        if self.old is not None:
            return self.old[lang == "vi"]
        return "; ".join(text(code, lang, **values) for code, values in self.clauses)

    def as_json(self) -> str:
        """Return it as the archive keeps it."""
        return json.dumps(self.clauses, ensure_ascii=False)

    @classmethod
    def of_json(cls, clauses: str, old: Iterable[str] | None = None) -> Self:
        """Return what `as_json` wrote; `old` are the English and the Vietnamese sentence of an older archive."""
        if old is not None:
            english, vietnamese = old
            return cls(old=(english, vietnamese))
        return cls(tuple((code, values) for code, values in json.loads(clauses)))


def say(code: str, **values: Any) -> Message:
    """Return a message of one clause."""
    return Message(((code, values),))


def joined(*said: Message) -> Message:
    """Return several messages as one."""
    return Message(tuple(clause for one in said for clause in one.clauses))


@cache
def catalogue(lang: str) -> dict[str, Sentence]:
    """Return all sentences of a language by code, "section.key" of its file. Raises MessageError."""
    if lang not in LANGUAGES:
        raise MessageError(f"no messages in the language {lang!r}; there are {', '.join(LANGUAGES)}")
    written = files("portal_archive").joinpath("messages", f"{lang}.toml").read_text(encoding="utf-8")
    sections: dict[str, dict[str, Sentence]] = tomllib.loads(written)
    return {
        f"{section}.{key}": sentence for section, keys in sections.items() for key, sentence in keys.items()
    }


def _shown(value: object, lang: str) -> object:
    return number(value, lang) if isinstance(value, int) and not isinstance(value, bool) else value
