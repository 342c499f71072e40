"""What differs between two versions of an article, as codes of the message catalogues and their values."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self

from portal_archive.archive.storing.content import Content, plain
from portal_archive.archive.storing.weight import weigh
from portal_archive.model.kinds import ChangeWeight
from portal_archive.model.messages import Message, joined, say

# A number, amount, date or share as a word of the text: "1.254", "18/3", "12,5%".
_FIGURE = re.compile(r"\d(?:[\d.,/:%-]*[\d%])?")
_BORDER = ".,;:!?()[]{}\"'“”‘’«»…"
# From this share of common words on, a paragraph is a changed one; below it is another one.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """What a version differs in from the one before: in words, and how much that weighs."""

    said: Message
    weight: ChangeWeight

    @classmethod
    def between(cls, before: Content, after: Content) -> Self:
        """Compare two versions."""
        return cls(describe(before, after), weigh(before, after))

    def columns(self) -> dict[str, str | None]:
        """Return it as columns of `versions`."""
        return {"changed": self.said.as_json(), "old_changed": None, "weight": self.weight}


def describe(before: Content, after: Content) -> Message:
    """Return what changed, such as "title; 2 paragraphs added; figure 1.245 → 1.254"; nothing said for nothing."""
    found: list[Message] = []
    for one in _changes(before, after):
        if one not in found:
            found.append(one)
    return joined(*found)


def said(version: sqlite3.Row) -> Message | None:
    """Return what a row of `versions` differs in from the version before; None for the first of an article."""
    if version["changed"] is None:
        return None
    old = version["old_changed"]
    return Message.of_json(version["changed"], None if old is None else (old, old))


def _changes(before: Content, after: Content) -> Iterator[Message]:
    if plain(before.title) != plain(after.title):
        yield say("change.title")
    if plain(before.summary) != plain(after.summary):
        yield say("change.summary")
    if plain(before.body) != plain(after.body):
        yield from _pieces("paragraph", _paragraphs(before.body), _paragraphs(after.body))
    if plain(before.captions) != plain(after.captions):
        yield from _pieces("caption", _lines(before.captions), _lines(after.captions))
    if plain(before.author) != plain(after.author):
        yield say("change.author")
    if plain(before.source) != plain(after.source):
        yield say("change.source")
    if (before.published_at or "") != (after.published_at or ""):
        yield say("change.publication_date")
    yield from _files("image", before.image_keys, after.image_keys)
    yield from _files("attachment", before.attachment_keys, after.attachment_keys)


def _paragraphs(text: str | None) -> list[str]:
    return [words for part in (text or "").split("\n\n") if (words := plain(part))]


def _lines(text: str | None) -> list[str]:
    return [words for part in (text or "").split("\n") if (words := plain(part))]


def _count(number: int, noun: str, what: str) -> Message:
    return say(f"change.{noun}s_{what}", n=number)


def _pieces(noun: str, before: list[str], after: list[str]) -> Iterator[Message]:
    """Compare lists of paragraphs or captions."""
    if Counter(before) == Counter(after):
        yield say(f"change.{noun}s_in_another_order")
        return
    added = removed = changed = 0
    figures: list[Message] = []
    for _, i1, i2, j1, j2 in _blocks(before, after):
        pairs = _pair(before[i1:i2], after[j1:j2])
        removed += i2 - i1 - len(pairs)
        added += j2 - j1 - len(pairs)
        for old, new in pairs:
            found, only = _figures(old, new)
            figures += found
            changed += not only
    if changed:
        yield _count(changed, noun, "changed")
    if added:
        yield _count(added, noun, "added")
    if removed:
        yield _count(removed, noun, "removed")
    yield from figures
    if not (added or removed or changed or figures):
        yield say(f"change.{noun}s_divided_differently")


def _blocks(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [block for block in matcher.get_opcodes() if block[0] != "equal"]


def _pair(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Return the paragraphs that stand for each other, in order."""
    pairs = []
    start = 0
    words_after = [Counter(text.split()) for text in after]
    for old in before:
        words = Counter(old.split())
        best, best_at = _ALIKE, -1
        for at in range(start, len(after)):
            common = (words & words_after[at]).total()
            alike = 2 * common / (words.total() + words_after[at].total())
            if alike > best:
                best, best_at = alike, at
        if best_at >= 0:
            pairs.append((old, after[best_at]))
            start = best_at + 1
    return pairs


def _figures(before: str, after: str) -> tuple[list[Message], bool]:
    """Return the figures that were replaced by others, and whether nothing else differs."""
    old, new = before.split(), after.split()
    found = []
    only = True
    for kind, i1, i2, j1, j2 in _blocks(old, new):
        if kind != "replace" or i2 - i1 != j2 - j1:
            only = False
            continue
        for left, right in zip(old[i1:i2], new[j1:j2], strict=True):
            bare_left, bare_right = left.strip(_BORDER), right.strip(_BORDER)
            if _FIGURE.fullmatch(bare_left) and _FIGURE.fullmatch(bare_right) and bare_left != bare_right:
                found.append(say("change.figure", before=bare_left, after=bare_right))
            else:
                only = False
    return found, only


def _files(noun: str, before: list[str], after: list[str]) -> Iterator[Message]:
    old, new = set(before), set(after)
    if new - old:
        yield _count(len(new - old), noun, "added")
    if old - new:
        yield _count(len(old - new), noun, "removed")
    if old == new and before != after:
        yield say(f"change.{noun}s_in_another_order")
