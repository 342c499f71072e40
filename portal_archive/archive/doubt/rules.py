"""The rules by which a change of an article is held: each has a name, a test and a row in docs/reliability.md."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from portal_archive.archive.doubt.fields import is_weaker
from portal_archive.archive.storing.content import plain
from portal_archive.archive.storing.identity import alike
from portal_archive.archive.storing.observation import Observation
from portal_archive.model.kinds import DoubtRule

# A shorter body cannot be told to be a teaser of what it was.
_TELLING_BODY = 200
# A body that keeps less than this share of its letters has collapsed.
_COLLAPSED = 0.5
# One that begins as before, and keeps less than this share, was cut.
_CUT = 0.8


def is_replaced(stored: sqlite3.Row, seen: Observation) -> bool:
    """Tell whether title and body are others, beyond what an edit leaves alike."""
    same = plain(stored["body"]) == plain(seen.content.body)
    return not same and not alike(stored, seen.content)


def has_collapsed(stored: sqlite3.Row, seen: Observation) -> bool:
    """Tell whether more than half of a body is gone, or a part of its end: a teaser, a login, half a page."""
    before, now = plain(stored["body"]), plain(seen.content.body)
    if len(before) < _TELLING_BODY:
        return False
    begins_alike = before[: len(now) * 9 // 10] == now[: len(now) * 9 // 10]
    return len(now) < len(before) * (_CUT if begins_alike else _COLLAPSED)


def has_lost_its_author(stored: sqlite3.Row, seen: Observation) -> bool:
    """Tell whether an author or a source was printed and is not."""
    return any(stored[name] and not getattr(seen.content, name) for name in ("author", "source"))


def is_found_more_weakly(stored: sqlite3.Row, seen: Observation) -> bool:
    """Tell whether title or body are found by a weaker method than before."""
    before = json.loads(stored["methods"])
    return any(is_weaker(before.get(name), seen.page.methods.get(name)) for name in ("title", "body"))


RULES: tuple[tuple[DoubtRule, Callable[[sqlite3.Row, Observation], bool]], ...] = (
    (DoubtRule.REPLACED, is_replaced),
    (DoubtRule.COLLAPSED, has_collapsed),
    (DoubtRule.FIELD_LOST, has_lost_its_author),
    (DoubtRule.WEAKER, is_found_more_weakly),
)
