"""Both ends of a text, peeled: what a page prints there beside the text goes to the field it belongs to.

Line by line and part by part, from the outside, until nothing known is left: read counts, buttons, links to files,
dates, bylines, sources. What is labelled in the middle of a text stays there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from portal_archive.model.kinds import Precision
from portal_archive.reading import labels
from portal_archive.reading.dates import parse_date
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.markup.lines import is_file_link
from portal_archive.reading.metadata.bylines import (
    Byline,
    body_byline,
    byline_of,
    is_account_name,
    split_glued_byline,
)
from portal_archive.reading.metadata.counts import NUMBER
from portal_archive.vietnamese.folding import fold_keep_length, nfc
from portal_archive.vietnamese.places import is_place
from portal_archive.vietnamese.written import is_syllable

_LONGEST = 200  # characters: a longer line is text, and only its end may hold a known part
_REACH = 160  # characters at the end of a line in which known parts are looked for
_MOST_LINES = 14  # at either end
_MOST_PARTS = 40  # of one line
_MOST_BLOCKS = 100  # of a text in which another day is looked for
_LINK_WORDS = 8
_DAY = 45  # characters of a line that is only a day
_AROUND = " \t\xa0|/·•:;,+.-–—()[]*»>"

_OF_DATES = ("ngay", "luc", "vao luc", "vao ngay")  # words that belong to a date, folded

_COUNT = rf"(?:{{views}}|{{comments}})\s*[:(]?\s*(?:{NUMBER.pattern})\)?"
_COUNT_BEFORE = rf"(?:{NUMBER.pattern})\s+(?:{{views}}|{{comments.noun}})"
_LAST_COUNT = labels.LabelPattern(rf"(?<!\w)(?:{_COUNT}|{_COUNT_BEFORE})$")
_LAST_BUTTON = labels.LabelPattern(r"(?<!\w){toolbar|button}$")
_FIRST_BUTTON = labels.LabelPattern(r"{toolbar|button}(?!\w)")
_FIRST_COUNT = labels.LabelPattern(rf"(?:{_COUNT}|{_COUNT_BEFORE})(?!\w)")
_LINK = labels.LabelPattern(r"^(?>(?>{attachment.link})[\s:,.…\"“”()-]*+)++$")
_FIELD = labels.LabelPattern(r"^\W*{author|source|category|tags}\s*:\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…”\"/)]\s*$")
_FILE_NAME = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)\W*$", re.I)
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.I)
_FILE_CLASS = re.compile(r"(?:^|[\s_-])(?:files?|attachments?|downloads?|dinh-?kem)(?:[\s_-]|$)", re.I)
_AUTHOR_CLASS = re.compile(r"(?:^|[\s_-])(?:author|byline|tac-?gia)(?:[\s_-]|$)", re.I)
_SOURCE_CLASS = re.compile(r"(?:^|[\s_-])(?:source|nguon(?:-?tin)?)(?:[\s_-]|$)", re.I)


@dataclass(slots=True)
class Peeled:
    """A text without its ends: the lines that stood before and behind it, and its byline."""

    blocks: list[Block]
    head: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    byline: Byline | None = None


def peel(blocks: list[Block]) -> Peeled:
    """Take everything known off both ends of a text; the blocks of what remains may be cut short."""
    peeled = Peeled(list(blocks))
    while _peel_once(peeled):
        pass
    return peeled


def _peel_once(peeled: Peeled) -> bool:
    before = len(peeled.head) + len(peeled.tail)
    if before >= 2 * _MOST_LINES:
        return False
    _peel_end(peeled)
    _peel_start(peeled)
    took_byline = _take_byline(peeled)
    return took_byline or len(peeled.head) + len(peeled.tail) > before


def _texts(blocks: list[Block]) -> list[int]:
    return [i for i, block in enumerate(blocks) if block.role not in (Role.IMAGE, Role.CAPTION)]


def _peel_end(peeled: Peeled) -> None:
    for index in reversed(_texts(peeled.blocks)):
        block = peeled.blocks[index]
        if len(peeled.tail) >= _MOST_LINES or block.role is Role.TABLE:
            return
        if _is_link_line(block):
            # Alone it is all that the article says.
            if len(_texts(peeled.blocks)) > 1 or not _ENDS_SENTENCE.search(block.text):
                del peeled.blocks[index]
            else:
                return
            continue
        rest = _without_end(block.text)
        if rest is None:
            return
        peeled.tail.insert(0, block.text[len(rest) :].strip() or block.text)
        if rest:
            block.text, block.html = rest, escape(rest, quote=False)
            return
        del peeled.blocks[index]


def _peel_start(peeled: Peeled) -> None:
    for taken, index in enumerate(_texts(peeled.blocks)[:_MOST_LINES]):
        first = index - taken  # every line before this one is gone
        block = peeled.blocks[first]
        if block.role is Role.TABLE or not _is_head_line(block.text, peeled.blocks):
            return
        peeled.head.append(block.text)
        del peeled.blocks[first]


def _is_head_line(text: str, blocks: list[Block]) -> bool:
    """Tell whether a line before the text states a field: its date, reads, author; or is buttons."""
    if len(text) > _LONGEST:
        return False
    if _FIELD.match(fold_keep_length(nfc(text))):
        return True
    rest = _without_start(text)
    if rest is None or rest.strip(_AROUND):
        return False
    # Days over the parts of a schedule are its headings.
    return not _is_bare_day(text) or sum(_is_bare_day(block.text) for block in blocks[:_MOST_BLOCKS]) == 1


def _is_bare_day(text: str) -> bool:
    """Tell whether a line is nothing but a day, without a label or a time."""
    parsed = parse_date(text) if len(text) <= _DAY else None
    if (
        parsed is None
        or parsed.label
        or parsed.moment is None
        or parsed.moment.precision is not Precision.DAY
    ):
        return False
    around = fold_keep_length(text[: parsed.start] + text[parsed.end :]).strip(_AROUND)
    return not around or around in _OF_DATES


def _without_start(text: str) -> str | None:
    """Take known parts off the beginning of a line; None where it does not begin with one."""
    line = nfc(text)
    parsed = parse_date(line)
    if parsed is not None and parsed.moment is not None and parsed.start < len(line):
        line = f"{line[: parsed.start]} {line[parsed.end :]}"
        known = True
    else:
        known = False
    for _ in range(_MOST_PARTS):
        line = line.lstrip(_AROUND)
        folded = fold_keep_length(line)
        if known and folded.strip(_AROUND) in _OF_DATES:
            return ""
        part = _FIRST_COUNT.match(folded) or _FIRST_BUTTON.match(folded)
        if part is None or not part.end():
            break
        line, known = line[part.end() :], True
    return line if known else None


def _without_end(text: str) -> str | None:
    """Take known parts off the end of a line: "" where all of it is known, None where it ends with text.

    Buttons may be words of a sentence: they go where nothing else is left, behind a count, or behind a byline.
    """
    line = nfc(text)
    cut, counted = len(line), False
    folded = fold_keep_length(line)
    for _ in range(_MOST_PARTS):
        end = len(line[:cut].rstrip(_AROUND))
        start = max(0, end - _REACH)
        reach = folded[start:end]
        if part := _LAST_COUNT.search(reach):
            counted = True
        else:
            part = _LAST_BUTTON.search(reach)
        if part is None or part.start() == part.end():
            break
        cut = start + part.start()
    rest = line[:cut].rstrip(" \t\xa0|/·•,+-–—([*»>")
    if not rest.strip(_AROUND):
        return "" if cut < len(line) or not any(map(str.isalnum, line)) else None
    if cut == len(line):
        return "" if _is_tail_field(line) else None
    if _is_tail_field(rest):
        return ""
    if byline_of(rest) is not None:
        return rest
    if counted and is_account_name(rest):
        return ""  # «Admin 5 lần xem»
    return rest if counted and _ENDS_SENTENCE.search(rest) else None


def _is_tail_field(line: str) -> bool:
    """Tell whether a line behind the text is tags, a category, or a date that is labelled or has its time."""
    if len(line) > _LONGEST:
        return False
    folded = fold_keep_length(line)
    if labels.TAG_LINE.match(folded) or labels.CATEGORY_LINE.match(folded):
        return True
    parsed = parse_date(line)
    if parsed is None or parsed.moment is None or (line[: parsed.start] + line[parsed.end :]).strip(_AROUND):
        return False
    return parsed.label is not None or parsed.moment.precision is not Precision.DAY


def _is_link_line(block: Block) -> bool:
    """Tell whether a line only leads to a file: «Xem chi tiết tại đây», the file's name, a box for downloads.

    A file's title as a link within the text is part of it.
    """
    if len(block.text) > _LONGEST or len(block.text.split()) > _LINK_WORDS:
        return False
    folded = fold_keep_length(nfc(block.text.strip(_AROUND)))
    if is_file_link(block) and (
        _FILE_NAME.search(block.text) or _FILE_CLASS.search(block.element.get("class") or "")
    ):
        return True
    return _LINK.match(folded) is not None


def _take_byline(peeled: Peeled) -> bool:
    texts = _texts(peeled.blocks)
    if not texts:
        return False
    marked = _by_class(peeled, texts)
    if marked:
        return True
    last = peeled.blocks[texts[-1]]
    if last.role is Role.PARAGRAPH and (parts := split_glued_byline(last.text)):
        found = body_byline(parts[1:])
        if found is not None and (found.author or found.source):
            last.text, last.html = parts[0], escape(parts[0], quote=False)
            _merge(peeled, found)
            return True
    found = body_byline([peeled.blocks[index].text for index in texts])
    if found is None:
        return _take_pen_name(peeled, texts)
    taken = {texts[index] for index in found.indexes}
    peeled.blocks = [block for index, block in enumerate(peeled.blocks) if index not in taken]
    _merge(peeled, found)
    return True


def _take_pen_name(peeled: Peeled, texts: list[int]) -> bool:
    """Take a last line that the editor set to the right and that could be a name: «Mộc Trà»."""
    last = peeled.blocks[texts[-1]]
    words = last.text.strip(_AROUND).split()
    if len(texts) < 2 or not 2 <= len(words) <= 4 or not _is_right(last) or peeled.byline is not None:
        return False
    if is_place(last.text) or not all(
        word[0].isupper() and word[1:].islower() and is_syllable(word) for word in words
    ):
        return False
    del peeled.blocks[texts[-1]]
    _merge(peeled, Byline(" ".join(words), None, ()))
    return True


def _is_right(block: Block) -> bool:
    style = block.element.get("style") or ""
    return block.element.get("align") == "right" or _RIGHT.search(style) is not None


def _merge(peeled: Peeled, found: Byline) -> None:
    known = peeled.byline
    peeled.byline = Byline(
        (known and known.author) or found.author, (known and known.source) or found.source, ()
    )


def _by_class(peeled: Peeled, texts: list[int]) -> bool:
    """Take the first or last line where the class of its element says that it names author or source."""
    for index in (texts[-1], texts[0]):
        block = peeled.blocks[index]
        if len(block.text) > _LONGEST or len(texts) < 2:
            continue
        for pattern, make in _CLASSES:
            if _has_class(block, pattern):
                del peeled.blocks[index]
                _merge(peeled, make(block.text))
                return True
    return False


def _has_class(block: Block, pattern: re.Pattern[str]) -> bool:
    element = block.element
    for _ in range(2):
        if pattern.search(element.get("class") or ""):
            return plain(element) == block.text
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return any(
        pattern.search(child.get("class") or "") and plain(child) == block.text for child in block.element
    )


def _author(text: str) -> Byline:
    found = byline_of(text)
    return Byline(found.author or text, found.source, ()) if found else Byline(text, None, ())


def _source(text: str) -> Byline:
    match = labels.SOURCE_LINE.match(fold_keep_length(nfc(text)))
    return Byline(None, text[match.end() :] if match else text, ())


_CLASSES: tuple[tuple[re.Pattern[str], Callable[[str], Byline]], ...] = (
    (_AUTHOR_CLASS, _author),
    (_SOURCE_CLASS, _source),
)
