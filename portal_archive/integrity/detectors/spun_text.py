"""Spun text: a title without its first letter, words glued together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal_archive.integrity.detector import Detector
from portal_archive.integrity.offers import offer_sign
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.model.kinds import FindingKind
from portal_archive.model.page import Finding
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.syllables import syllables
from portal_archive.vietnamese.tones import one_style

_NOT_LETTERS = re.compile(r"[\W_]+")
_LONG = re.compile(r"[^\W\d_]{10,}")
_LONGEST_TITLE = 400
_TITLE_PART = 9  # letters of a title that occur glued nowhere by chance
_TITLE_PHRASE = 16  # letters that are three words of it, where two may be a typing error
_HEAD = 3  # words of a title that are looked for elsewhere on the page
_LEAST_GLUED, _MOST_GLUED = 16, 60  # letters
_LONGEST_SYLLABLE = 7


class SpunText(Detector):
    """Finds the traces of a program that put a text together."""

    kind = FindingKind.SPUN

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield a finding for each trace."""
        yield from self._beheaded(texts)
        yield from self._glued(texts)

    def _beheaded(self, texts: Texts) -> Iterator[Finding]:
        """Find a title whose first letter is missing, where the page's address or text has it."""
        title = texts.passage("title")
        if title is None or not title.text[0].islower():
            return
        words = title.folded[:_LONGEST_TITLE].split()[:_HEAD]
        if len(words) < _HEAD:
            return
        others = [passage.folded for passage in texts.passages if passage is not title]
        others.append(fold(texts.document.head_title() or ""))
        keys = [(other, " ".join(words)) for other in others]
        keys.append((texts.document.url.lower(), "-".join(words)))
        for text, key in keys:
            position = text.find(key)
            if position > 0 and text[position - 1].isalpha():
                end = len(title.text) if len(title.text) < 80 else title.text.find(" ", 60)
                yield self.finding(["beheaded", "letter-elsewhere"], title.text, "title", 0, end)
                return

    def _glued(self, texts: Texts) -> Iterator[Finding]:
        """Find Vietnamese words without the spaces between them, above all those of the title."""
        title = texts.passage("title")
        squeezed = _NOT_LETTERS.sub("", title.folded[:_LONGEST_TITLE]) if title else ""
        for passage in texts.passages:
            if all(len(word) < 10 or word.isascii() for word in passage.unknown):
                continue
            tokens = [match for match in _LONG.finditer(passage.text) if not match[0].isascii()]
            for match in tokens:
                if passage is not title and _is_of_title(passage, match, squeezed):
                    signs = ["title-glued", "title-glued-long"]
                elif (
                    _LEAST_GLUED <= len(match[0]) <= _MOST_GLUED
                    and len(words := _split(match[0].lower())) >= _HEAD
                ):
                    offer = offer_sign(one_style(" ".join(words)))
                    signs = ["glued", *([offer] if offer else [])]
                else:
                    continue
                yield self.finding(signs, passage.text, passage.field, *match.span())


def _is_of_title(passage: Passage, match: re.Match[str], squeezed: str) -> bool:
    """Return whether a token holds words of the title, and more of it than two words that a typist ran together."""
    token = passage.folded[match.start() : match.end()]
    if len(token) < _TITLE_PHRASE:
        return False
    return any(
        token[offset : offset + _TITLE_PART] in squeezed
        for offset in range(0, len(token) - _TITLE_PART + 1, 3)
    )


def _split(token: str) -> list[str]:
    """Return the fewest Vietnamese syllables that a run of letters can be cut into; none when it cannot."""
    known = syllables()
    best: list[list[str] | None] = [[]] + [None] * len(token)
    for end in range(1, len(token) + 1):
        for start in range(max(end - _LONGEST_SYLLABLE, 0), end):
            before = best[start]
            if before is not None and token[start:end] in known:
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = [*before, token[start:end]]
    return best[-1] or []
