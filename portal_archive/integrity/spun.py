"""Spun text: a title without its first letter, words glued together, a keyword put into a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from portal_archive.integrity.finding import SPUN, finding, together
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import SELLS
from portal_archive.model.page import Finding
from portal_archive.vietnamese.folding import fold
from portal_archive.vietnamese.syllables import syllables

_NOT_LETTERS = re.compile(r"[\W_]+")
_LONG = re.compile(r"[^\W\d_]{10,}")
_TITLE_PART = 9  # letters of a title that occur glued nowhere by chance
_HEAD = 3  # words of a title that are looked for elsewhere on the page


def find_spun(texts: Texts) -> Iterator[Finding]:
    """Yield a finding for each sign that a program put the text together."""
    return chain(_beheaded(texts), _keywords(texts), _glued(texts))


def _beheaded(texts: Texts) -> Iterator[Finding]:
    """Find a title whose first letter is missing, where the page's address or text has it."""
    title = texts.passage("title")
    if title is None or not title.text[0].islower():
        return
    words = title.folded.split()[:_HEAD]
    if len(words) < _HEAD:
        return
    head = " ".join(words)
    slug = "-".join(words)
    others = [passage.folded for passage in texts.passages if passage is not title]
    others.append(fold(texts.document.head_title() or ""))
    for text, key in (*((other, head) for other in others), (texts.document.url.lower(), slug)):
        position = text.find(key)
        if position > 0 and text[position - 1].isalpha():
            end = len(title.text) if len(title.text) < 80 else title.text.find(" ", 60)
            yield finding(
                SPUN, 0.6, title.text, "title", 0, end,
                "The title has lost its first letter.", "Tiêu đề bị mất chữ cái đầu.",
            )  # fmt: skip
            return


def _glued(texts: Texts) -> Iterator[Finding]:
    """Find Vietnamese words without the spaces between them, above all those of the title."""
    title = texts.passage("title")
    squeezed = _NOT_LETTERS.sub("", title.folded) if title else ""
    for passage in texts.passages:
        if all(len(word) < 10 or word.isascii() for word in passage.unknown):
            continue
        tokens = [match for match in _LONG.finditer(passage.text) if not match[0].isascii()]
        split = [match for match in tokens if len(match[0]) >= 13 and _syllable_count(match[0].lower()) >= 3]
        for match in tokens:
            token = passage.folded[match.start() : match.end()]
            of_title = passage is not title and any(
                token[offset : offset + _TITLE_PART] in squeezed
                for offset in range(0, max(len(token) - _TITLE_PART, 0) + 1, 3)
            )
            if of_title:
                score, why, why_vi = (
                    0.85,
                    "The title stands in the text without spaces",
                    "Tiêu đề bị viết liền trong bài",
                )
            elif match not in split:
                continue
            elif len(split) <= 3 and match[0].islower() and len(match[0]) >= 16:
                score, why, why_vi = 0.55, "Words without the spaces between them", "Nhiều từ bị viết liền"
            else:
                score, why, why_vi = 0.35, "Words without the spaces between them", "Nhiều từ bị viết liền"
            yield finding(
                SPUN, score, passage.text, passage.field, match.start(), match.end(), why + ".", why_vi + "."
            )


def _syllable_count(token: str) -> int:
    """Return into how many Vietnamese syllables a run of letters can be cut; 0 when it cannot."""
    known = syllables()
    best = [0] + [-1] * len(token)
    for end in range(1, len(token) + 1):
        for start in range(max(end - 7, 0), end):
            if (
                best[start] >= 0
                and token[start:end] in known
                and (best[end] < 0 or best[start] + 1 < best[end])
            ):
                best[end] = best[start] + 1
    return max(best[-1], 0)


def _keywords(texts: Texts) -> Iterator[Finding]:
    """Find phrases that sell in a text that does not report on what is sold."""
    for passage in texts.passages:
        for start, end in SELLS.spans(passage.folded, passage.vocabulary):
            if passage.reports(start) or passage.is_quoted(start, end):
                continue
            yield finding(
                SPUN, together((0.45, 0.2 if _in_sentence(passage, start, end) else 0.0)), passage.text, passage.field,
                start, end,
                "An advertising phrase in a text that is about something else.",
                "Cụm từ quảng cáo nằm trong bài nói về việc khác.",
            )  # fmt: skip


def _in_sentence(passage: Passage, start: int, end: int) -> bool:
    before, after = passage.text[:start].rstrip(), passage.text[end : end + 2].strip()
    return bool(before) and before[-1].isalnum() and (not after or after[0].islower())
