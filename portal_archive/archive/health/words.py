"""What is said of a portal's state: codes of the message catalogues with their values, never sentences."""

from __future__ import annotations

import json
import sqlite3

from portal_archive.model import messages
from portal_archive.model.kinds import PortalState
from portal_archive.model.messages import Message, say

# States in which nobody is needed.
FINE = (PortalState.OK, PortalState.NEW, PortalState.CLOSED)


NOTHING = Message()
FINE_STEP = say("step.fine")


def cause(word: str) -> Message:
    """Return why a portal did not answer or refused, by the stable word in `portal_states.cause`."""
    if messages.known(f"cause.{word}"):
        return say(f"cause.{word}")
    if word.startswith("http-"):
        return say("cause.http", status=word.removeprefix("http-"))
    return say("cause.unknown", word=word)


def unreachable_step(word: str) -> Message:
    """Return what to do about a portal that does not answer."""
    if word not in ("dns", "tls-expired", "tls-wrong-name"):
        word = "tls" if word.startswith("tls") else "unreachable"
    return say(f"step.{word}")


def blocked_step(word: str) -> Message:
    """Return what to do about a portal that refuses."""
    return say(f"step.{word}" if word in ("flood", "robots", "maintenance") else "step.blocked")


def new_step(portal: str, home_url: str | None = None) -> Message:
    """Return how a portal is crawled; by its `home_url` where it has no file and is called as its host."""
    return say("step.new_url", url=home_url) if home_url else say("step.new", portal=portal)


def lacking(field: str, before: str, after: str) -> Message:
    """Return the reason of a portal where a field is read more seldom than it should be."""
    if field in ("counter", "article", "present", "body_length"):
        return say(f"verdict.{field}", before=before, after=after)
    return say("verdict.field", field=field, before=before, after=after)


def words_of(state: sqlite3.Row) -> tuple[Message, Message]:
    """Return reason and next step of a row of `portal_states`."""
    old = json.loads(state["old_words"]) if state["old_words"] else None
    return (
        Message.of_json(state["reason"], old and old[:2]),
        Message.of_json(state["next_step"], old and old[2:4]),
    )


def warnings_of(kept: str) -> tuple[Message, ...]:
    """Return the warnings of a row of `portal_states`; those of an older archive are sentences."""
    found = json.loads(kept)
    return tuple(
        Message(old=(one["en"], one["vi"])) if isinstance(one, dict) else Message.of_json(json.dumps(one))
        for one in found
    )
