"""What changed between two versions, in the reader's language; the archive notes it in English."""

from __future__ import annotations

import re

from portal_archive.model import messages

_COUNTED = re.compile(r"(\d+) (paragraph|caption|image|attachment)s? (added|removed|changed)")
_FIGURE = re.compile(r"figure (.+) -> (.+)")


def change_words(changed: str | None, lang: str) -> str:
    """Return "2 paragraphs added, figure 1.245 -> 1.254" as a reader would say it; unknown words stay."""
    return ", ".join(_part(part, lang) for part in changed.split(", ")) if changed else ""


def _part(part: str, lang: str) -> str:
    if counted := _COUNTED.fullmatch(part):
        number, noun, verb = counted.groups()
        return messages.text(f"change.{noun}s_{verb}", lang, n=int(number))
    if figure := _FIGURE.fullmatch(part):
        return messages.text("change.figure", lang, before=figure[1], after=figure[2])
    key = f"change.{part.replace(' ', '_')}"
    return messages.text(key, lang) if messages.known(key) else part
