"""What to say to a name that nothing has: those that are like it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# More names than these are no help.
_FEW = 10


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the names that are like one, as a clause; else all of them where they are few, else who lists them."""
    names = list(known)
    if near := get_close_matches(name, names):
        return f"did you mean {' or '.join(near)}?"
    return "`scrapy list` names them" if len(names) > _FEW else f"there are: {', '.join(names) or 'none'}"
