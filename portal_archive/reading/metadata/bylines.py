"""Bylines within the text of an article, and what stands where an author should."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal_archive.reading import labels
from portal_archive.reading.dates import parse_date
from portal_archive.reading.markup.text import clean
from portal_archive.vietnamese.folding import fold_keep_length
from portal_archive.vietnamese.names import is_person

_LONGEST = 120  # characters of a paragraph that may be a byline
_LAST = 3  # paragraphs at the end that may hold one
_OPENING = re.compile(r"^[\W_]+")
_TRIMMED = " \t,;.:|/+*–—-"
_SEPARATORS = re.compile(r"\s*[,;&+–—]\s*|\s*-\s*|\s+và\s+")
_AGENCY = re.compile(r"\s*/\s*(?P<agency>[^\W\d_][\w.&-]{1,14}(?:\s[\w.-]{1,14}){0,3})$")
_NOTE = re.compile(r"\s*\((?P<note>[^()]{1,90})\)$")
_INITIALS = re.compile(r"[A-ZĐ](?:\.[A-ZĐ]){1,3}\.?")
_ABBREVIATION = re.compile(r"[A-ZĐ]{1,4}")
_MARK = re.compile(r"\(([A-ZĐ][\w.-]{1,14})\)")
_DOMAIN = re.compile(
    r"\(?((?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|net|org|info)(?:/\S*)?)\)?", re.IGNORECASE
)
_SENTENCE = re.compile(r"\w{4,}[.!?…]+\s|[!?…]$|\w{4,}[.:]$")
_OFFICE_BREAK = re.compile(r",|\s+[-–—]\s+")
_AGENCY_SIGN = re.compile(r"[A-ZĐ]{2,8}")
_WORDS_OF_SOURCE = 6
_GLUE = re.compile(r"[.!?…”\"/;)](?P<gap>\s*)(?=[^\W\d_]|\()")


@dataclass(frozen=True, slots=True)
class Byline:
    """Who a body says wrote it, without the label, and from where; `indexes` are the paragraphs that say so.

    Both are None for a byline that names nobody («Người đăng: quantri»).
    """

    author: str | None
    source: str | None
    indexes: tuple[int, ...]

    @property
    def index(self) -> int:
        """The first of the paragraphs."""
        return self.indexes[0]


@dataclass(frozen=True, slots=True)
class _Part:
    author: str | None = None
    source: str | None = None


def body_byline(paragraphs: Sequence[str]) -> Byline | None:
    """Find the byline in the last paragraphs of a body, or in its first ones.

    «Tin, ảnh: Minh Thùy», «Lê Hưng (Trung tâm ...)», «Hương Dịu», «A – B – C», «A, B/THQH», «Theo Báo ...»,
    «Nguồn: ...», «(BBK)». Without a label only names count, alone in the last paragraph of text or above
    their office, and not below a document's signature or a list of names. What is labelled within the text
    («Tác giả: Nguyễn Du») is part of it; only «Tin, ảnh: ...» may have a line or two behind it.
    """
    count = len(paragraphs)
    return _at_end(_lines(paragraphs, range(count - 1, -1, -1))[::-1]) or _at_start(
        _lines(paragraphs, range(count))
    )


def byline_of(line: str) -> Byline | None:
    """Read a line that is a byline by itself, with or without a label; None for any other."""
    part = _labelled(line) or _source(line) or _names(line)
    return Byline(part.author, part.source, ()) if part else None


def _lines(paragraphs: Sequence[str], order: Iterable[int]) -> list[tuple[int, str]]:
    """Take the first paragraphs with text in that order, with their indexes."""
    lines: list[tuple[int, str]] = []
    for index in order:
        paragraph = paragraphs[index]
        # What is much too long for a byline need not be clean.
        if line := paragraph if len(paragraph) > 2 * _LONGEST else clean(paragraph):
            lines.append((index, line))
            if len(lines) == _LAST + 2:
                break
    return lines


def _at_end(lines: Sequence[tuple[int, str]]) -> Byline | None:
    authors: list[str] = []
    source: str | None = None
    found: list[int] = []
    place = len(lines)
    while place > max(0, len(lines) - _LAST):
        place -= 1
        index, line = lines[place]
        is_last = len(found) == len(lines) - 1 - place
        part = _labelled(line) if is_last or _is_of_editors(line) else None
        if part is None and is_last:
            part = _source(line)
        if part is None and is_last and not authors:
            part, above = _unlabelled(lines, place)
            place -= above
            found[:0] = [lines[place][0]] if above else []
        if part is None:
            if found:
                break
            continue
        if part.author and part.author not in authors:
            authors.insert(0, part.author)
        source = part.source or source
        found.append(index)
    return Byline(", ".join(authors) or None, source, tuple(sorted(found))) if found else None


def _is_of_editors(line: str) -> bool:
    """Tell whether a line says who made the article: «Tin, ảnh: X»; «Tác giả: X» may speak of a poem."""
    label = labels.BYLINE_LABEL.match(fold_keep_length(_bare(line))) if len(line) <= _LONGEST else None
    return label is not None and not label["role"]


def _unlabelled(lines: Sequence[tuple[int, str]], place: int) -> tuple[_Part | None, int]:
    """Read names without a label, and how many lines above `place` belong to them: a name over its office."""
    line = lines[place][1]
    name_at = place
    names = _names(line) or _with_office(line)
    if names is None and place and _is_office(line):
        name_at = place - 1
        names = _names(lines[name_at][1])
    if names is None or _is_signed(lines[max(0, name_at - 2) : name_at]):
        return None, 0
    return names, place - name_at


def _is_office(line: str) -> bool:
    """Tell whether a line is where somebody works, or as what."""
    line = _bare(line)
    folded = fold_keep_length(line)
    return (
        len(line) <= _LONGEST
        and line[:1].isupper()
        and not line.isupper()
        and not _SENTENCE.search(line)
        and bool(labels.OFFICE_START.match(folded) or labels.BODY_START.match(folded))
    )


def _with_office(line: str) -> _Part | None:
    """Read «Lò Văn A, Trưởng Ban Dân vận Tỉnh ủy», «Lò Văn A - Ban Dân vận»."""
    parted = _OFFICE_BREAK.search(line) if len(line) <= _LONGEST else None
    if parted is None or not (
        _is_name(line[: parted.start()].strip()) and _is_office(line[parted.end() :].strip())
    ):
        return None
    return _Part(line[: parted.start()].strip() if parted[0].strip() == "," else line.strip())


def _at_start(lines: Sequence[tuple[int, str]]) -> Byline | None:
    """Find «Tác giả: ...», «Theo Báo ...», or a name with the offices its bearer holds, above the text."""
    if not lines:
        return None
    index, first = lines[0]
    part = _labelled(first)
    if part is not None and part.author and _names(part.author):
        return Byline(part.author, part.source, (index,))
    if len(lines) == 1:
        return None
    if part is None:
        note = _NOTE.search(first)
        noted = _names(first) if note and _is_office(note["note"]) else None
        if found := _source(first) or _with_office(first) or noted:
            return Byline(found.author, found.source, (index,))
    offices = []
    for position, line in lines[1:4]:
        if (
            len(line) > _LONGEST
            or _SENTENCE.search(line)
            or not labels.OFFICE_START.match(fold_keep_length(line))
        ):
            break
        offices.append(position)
    if offices and _is_name(first):
        return Byline(first, None, (index, *offices))
    return None


def split_glued_byline(paragraph: str) -> tuple[str, str] | None:
    """Split the byline off a last paragraph to whose final sentence it is glued.

    «... đề ra. Tin, ảnh: Minh Thùy» after any sentence; names alone only without a space before them
    («... đề ra.Vũ Thắng, Như Huỳnh/THQH»). Returns the text and the byline, or None.
    """
    if _labelled(paragraph) is not None:
        return None
    start = max(0, len(paragraph) - _LONGEST)
    for glue in _GLUE.finditer(paragraph, start):
        tail = paragraph[glue.end() :]
        part = _labelled(tail)
        if part is None and tail.startswith("("):
            part = _source(tail)
        if part is None and not glue["gap"]:
            part = _names(tail)
        if part is not None and paragraph[: glue.end()].strip():
            return paragraph[: glue.end()].rstrip(), tail
    return None


def strip_author_label(text: str) -> str | None:
    """Return an author line without «Tác giả:», «Tin, ảnh:» and the like; None when nothing is left."""
    line = clean(text) or ""
    label = labels.BYLINE_LABEL.match(fold_keep_length(line))
    return clean(line[label.end() :] if label else line)


def is_account_name(text: str) -> bool:
    """Say whether an author is an account of the CMS: ``quantri``, ``admin``, ``user123``, an address."""
    name = text.strip()
    if fold_keep_length(name) in labels.folded("byline.account") or "@" in name:
        return True
    return (
        name.isascii() and name.replace("_", "").isalnum() and (name.islower() or any(map(str.isdigit, name)))
    )


def _labelled(line: str) -> _Part | None:
    """Read «Tin: A; Ảnh: B», «Tác giả: A Nguồn tin: B»."""
    if len(line) > _LONGEST:
        return None
    line = _bare(line)
    folded = fold_keep_length(line)
    label = labels.BYLINE_LABEL.match(folded)
    if label is None:
        bare = labels.BYLINE_BARE_LABEL.match(folded)
        return _names(line[bare.end() :]) if bare else None
    source: str | None = None
    end = len(line)
    for cited in labels.BYLINE_SOURCE.finditer(folded, label.end()):
        if cited["colon"]:
            end, source = cited.start(), _trimmed(line[cited.end() :])
            break
    values: list[str] = []
    picture_only = True
    while label is not None:
        following = labels.BYLINE_LABEL.search(folded, label.end(), end)
        value = _trimmed(line[label.end() : following.start() if following else end])
        of_picture = labels.BYLINE_PICTURE.match(label[0]) is not None
        picture_only = picture_only and of_picture
        if value and (_SENTENCE.search(value) or (label["role"] and any(map(str.isdigit, value)))):
            return None
        # An agency whose picture it is wrote nothing.
        if value and value not in values and (picture_only or not of_picture or _names(value)):
            values.append(value)
        label = following
    if picture_only and not all(_names(value) for value in values):
        return None  # a caption
    named = [value for value in values if not is_account_name(value)]
    return _Part(", ".join(named) or None, source)


def _source(line: str) -> _Part | None:
    """Read «Nguồn: TTXVN», «Theo Báo Nhân Dân», «(BBK)», «baochinhphu.vn»."""
    if len(line) > _LONGEST:
        return None
    if mark := _MARK.fullmatch(line) or _DOMAIN.fullmatch(line):
        return _Part(source=mark[1])
    if _is_paper(line):
        return _Part(source=_trimmed(line))
    line = _trimmed(_bare(line))
    folded = fold_keep_length(line)
    cited = labels.BYLINE_SOURCE.match(folded)
    labelled = bool(cited and cited["colon"])
    cited = cited or labels.BYLINE_ACCORDING.match(folded)
    if cited is None:
        return None
    value = without_buttons(line[cited.end() :]).strip('“”"')
    if not value or _SENTENCE.search(value):
        return None
    if not _is_proper(value) and not (labelled and (" " not in value or _deed(value) == "")):
        return None
    return _Part(source=value) if labelled or "," not in value else None


def _is_paper(line: str) -> bool:
    """Tell whether a line is nothing but the name of a paper: «Báo Lai Châu», «TTXVN»."""
    folded = fold_keep_length(line).strip(" .()-")
    if folded in labels.folded("byline.agency"):
        return True
    kind = labels.BYLINE_SOURCE_KINDS.match(fold_keep_length(line))
    return (
        kind is not None
        and line[:1].isupper()
        and line[kind.end() : kind.end() + 1].isupper()
        and len(line.split()) <= _WORDS_OF_SOURCE
        and line[-1].isalnum()
        and "," not in line
    )


def without_moment(value: str) -> str:
    """Return an author without when it was that he wrote: «X vào lúc 17/05/2024 08:30»."""
    dated = parse_date(value)
    end = dated.start if dated is not None else len(value)
    if when := labels.AUTHOR_WHEN.search(fold_keep_length(value)):
        end = min(end, when.start())
    return value[:end].rstrip(" ,|-–—(")


def _is_proper(value: str) -> bool:
    """Tell whether a source is the name of a paper or a site, and no phrase of a sentence."""
    folded = fold_keep_length(value)
    if value[:1].isupper() or _DOMAIN.match(value) or labels.BYLINE_SOURCE_KINDS.match(folded):
        return True
    return len(value.split()) <= _WORDS_OF_SOURCE and labels.BYLINE_SOURCE_WORDS.search(folded) is not None


def without_buttons(value: str) -> str:
    """Return a value without the buttons behind it: «X Copy link»."""
    while found := labels.LAST_BUTTON.search(fold_keep_length(value[-60:])):
        value = _trimmed(value[: len(value) - len(value[-60:]) + found.start()])
    return value


def _deed(line: str) -> str | None:
    """Return what stands before «thực hiện» and the like at the end of a line; None without it."""
    found = labels.BYLINE_DEED.search(fold_keep_length(line))
    return line[: found.start()].strip(" (-–") if found else None


def _is_name(text: str) -> bool:
    """Tell whether a text is the name of a person, with a title or without."""
    title = labels.BYLINE_TITLE.match(fold_keep_length(text))
    return is_person(text) or (title is not None and is_person(text[title.end() :]))


def _names(line: str) -> _Part | None:
    """Read a line that is nothing but names, with an agency, a note or what they did behind them."""
    if len(line) > _LONGEST:
        return None
    line = line if _INITIALS.fullmatch(line) else line.rstrip(" .-–")
    names = line
    source: str | None = None
    note = _NOTE.search(names)
    if note:
        names = names[: note.start()]
        noted = fold_keep_length(note["note"])
        if according := labels.BYLINE_ACCORDING.match(noted):
            source = note["note"][according.end() :]
        if _ABBREVIATION.fullmatch(names) and labels.BYLINE_NOTES.match(noted):
            return _Part(line, source)
    if fold_keep_length(names) not in labels.folded("byline.pen"):
        names = _deed(names) or names
    if agency := _AGENCY.search(names):
        names, source = names[: agency.start()], agency["agency"]
    if fold_keep_length(names) in labels.folded("byline.pen") or _INITIALS.fullmatch(names):
        return _Part(line, source)
    first, *others = _SEPARATORS.split(names)
    if _is_name(first) and all(_is_name(name) or _AGENCY_SIGN.fullmatch(name) for name in others):
        return _Part(line, source)
    return None


def _is_signed(above: Sequence[tuple[int, str]]) -> bool:
    """Whether a name below these lines signs a document, or goes on a list of names."""
    for _, line in above:
        folded = fold_keep_length(line)
        if labels.SIGNATURE_START.match(folded) or (line.isupper() and len(line) <= _LONGEST) or _names(line):
            return True
        if labels.OFFICE_START.match(folded) and len(line) <= _LONGEST / 2 and line[-1:] not in ".…;:":
            return True
    return False


def _bare(line: str) -> str:
    """Drop the brackets and bullets around a line."""
    line = line.strip()
    if line[:1] in "([" and line[-1:] in ")]":
        line = line[1:-1]
    return _OPENING.sub("", line)


def _trimmed(value: str) -> str:
    # «Vietnam+» is the name of a paper.
    return value.lstrip(_TRIMMED).rstrip(_TRIMMED.replace("+", ""))
