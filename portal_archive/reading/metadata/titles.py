"""The title of an article on a page whose markup nobody has described."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from portal_archive.model.kinds import Precision
from portal_archive.reading import labels
from portal_archive.reading.dates import parse_date
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.document import Document
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.markup.lines import PageLines, is_toolbar
from portal_archive.reading.metadata.page_names import (
    MAX_TITLE,
    SHORT,
    agreement,
    is_brand,
    page_titles,
    short_slug,
    slug_of,
    title_of_head,
    words_of,
)
from portal_archive.vietnamese.folding import fold

_TITLE_CLASS = re.compile(r"title|tieu-?de|headline|heading|subject|ten-?bai|name-?news", re.I)
_HEADINGS = ("h1", "h2", "h3")
_HEADING_BONUS = {"h1": 0.1, "h2": 0.05, "h3": 0.05}
_TRAIL = re.compile(r"[^>›]{2,40}(?:\s[>›]\s[^>›]{2,40})+$")  # «THỜI SỰ > Trong tỉnh»
MAX_LINE = 400  # characters of a line that may be a title
NEAR = 15  # lines before the text
# «Title (16.07.2019 16:00)», «Title 2019-08-08T14:26:00.000Z», «Title ()»
_TIME = r"(?:[\s,|-]*\d{1,2}\s?[:hg]\s?\d{2}(?::\d{2})?(?:\s?(?:AM|PM|SA|CH))?)?"
_DATE_BEHIND = re.compile(
    rf"\s*(?:\(\s*(\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?\d{{4}}{_TIME}|\d{{4}}-\d\d-\d\d[^()\s]{{0,20}}|)\s*\)"
    r"|\s(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?))$",
    re.I,
)


_ANY_HEADING = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_AROUND = 4  # characters of brackets and bars around a date
_STAMP = 45  # characters of a moment with its weekday and label
_TIME_AT_END = re.compile(r"\d{1,2}(?::|h)\d\d|\d{4}")
_FIGURES = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\D{0,4}\d{1,2}[:h]\d\d(?::\d\d)?$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title, by which method it was found, and the date that some templates glue to it.

    It stands from the block `at` (None where only the head has it) to the one before `stop`.
    """

    text: str | None = None
    method: str = ""
    at: int | None = None
    stop: int = 0
    date: str | None = None


def split_date(text: str) -> tuple[str, str | None]:
    """Return a title without the date that some templates put behind it, and that date."""
    found = _DATE_BEHIND.search(text)
    if found is not None and text[: found.start()]:
        return text[: found.start()], found[1] or found[2] or None
    return _split_stamp(text)


def _split_stamp(text: str) -> tuple[str, str | None]:
    """Return a title without the moment of publication behind it: one with its weekday, its label, or figures alone.

    «tính đến 18:00 ngày 24/8/2021» is part of a title.
    """
    if not _TIME_AT_END.search(text, max(0, len(text) - _STAMP)):
        return text, None
    dated = parse_date(text)
    if dated is None or dated.moment is None or dated.start == 0 or text[dated.end :].strip(" )]"):
        return text, None
    stamp = text[dated.start : dated.end]
    if dated.moment.precision is Precision.DAY or not (
        dated.has_weekday or dated.label == "posted" or _FIGURES.match(stamp)
    ):
        return text, None
    return text[: dated.start].rstrip(" -–|,(["), stamp


def find_title(page: PageLines, first_text: int) -> Title:
    """Find the title among the blocks before the text, else in the head."""
    document, blocks, folds = page.document, page.blocks, page.folds
    repeated = _repeated_headings(page)
    lines = [i for i in range(min(first_text, len(blocks) - 1), -1, -1) if _may_be_title(page, i)]
    addressed = _addressed(page, [index for index in lines if index >= first_text - NEAR])
    stated = _stated(page, lines)
    candidates = [index for index in lines if index not in repeated]
    near = [index for index in candidates if index >= first_text - NEAR]
    named = _named(document, page, candidates)
    headed = next(
        (
            index
            for tag in _HEADINGS
            for index in candidates
            if blocks[index].element.tag == tag
            and blocks[index].linked < 0.5 * len(blocks[index].text)
            and index >= first_text - NEAR - 10
        ),
        None,
    )
    classed = next((index for index in near if _has_title_class(blocks[index])), None)
    if named is not None and len(blocks[named].text) < SHORT and blocks[named].element.tag != "h1":
        # "Tin tức - Sự kiện" may be a part of ``title`` too: the title itself then stands closer to the text.
        closer = next((i for i in (headed, classed) if i is not None and i > named), None)
        named = closer if closer is not None else named
    placed = next((i for i in near if blocks[i].bold and _could_be_title(blocks[i], folds[i])), None)
    if placed is None:
        placed = next((i for i in near if _could_be_title(blocks[i], folds[i])), None)
    if headed is not None and placed is not None and placed > headed and len(blocks[headed].text) < SHORT:
        # The same of «Chi tiết tin» in a heading of its own.
        headed = headed if blocks[headed].element.tag == "h1" else None
    for found, method in (
        (stated, "headline"),
        (addressed, "slug"),
        (named, "head-title"),
        (headed, "heading"),
        (classed, "title-class"),
    ):
        if found is not None:
            return _title(page, found, method)
    title = title_of_head(document)
    bold = placed is not None and blocks[placed].bold
    if title is not None and (not bold or agreement(slug_of(document.url), fold(title))):
        text, date = split_date(title)
        return Title(text, "meta", date=date)
    return Title() if placed is None else _title(page, placed, "position")


def find_addressed(page: PageLines) -> Title | None:
    """Find the title that the page's address was made of, wherever it stands; None without one."""
    slug = slug_of(page.document.url)
    candidates = [
        index
        for index, block in enumerate(page.blocks)
        if _may_be_title(page, index, least=4) and block.role is not Role.CAPTION and not block.linked
    ]
    if slug and (found := _addressed(page, candidates)) is not None:
        return _title(page, found, "slug")
    if words := short_slug(page.document.url):
        exact = next((index for index in candidates if words_of(page.folds[index]) == words), None)
        return None if exact is None else _title(page, exact, "short-slug")
    return None


def find_only_headline(page: PageLines) -> Title | None:
    """Find the heading of the first order that has the words of a title and is no link, where it is the only one."""
    heads = [
        index
        for index, block in enumerate(page.blocks)
        if block.element.tag == "h1" and not block.linked and _may_be_title(page, index, least=25)
    ]
    return _title(page, heads[0], "heading") if len(heads) == 1 else None


def find_dated_heading(page: PageLines) -> Title | None:
    """Find the first heading with the words of a title that a date stands below; None without one."""
    for index, block in enumerate(page.blocks):
        if (
            block.element.tag in _ANY_HEADING
            and not block.linked
            and _may_be_title(page, index, least=25)
            and any(_is_date(below.text) for below in page.blocks[index + 1 : index + 3])
        ):
            return _title(page, index, "heading")
    return None


def _is_only_date(text: str) -> bool:
    """Tell whether a line is nothing but a date and the word for it: «Được đăng: 10 Tháng 3 2024»."""
    dated = parse_date(text) if len(text) <= _STAMP else None
    return dated is not None and dated.moment is not None and (dated.start, dated.end) == (0, len(text))


def _is_date(text: str) -> bool:
    dated = parse_date(text) if 0 < len(text) <= 2 * _STAMP else None
    return dated is not None and dated.moment is not None


def _may_be_title(page: PageLines, index: int, least: int = 12) -> bool:
    block = page.blocks[index]
    return (
        least <= len(block.text) <= MAX_LINE
        and block.role not in (Role.IMAGE, Role.TABLE)
        and index not in page.announced
        and not _TRAIL.match(block.text)
        and not is_toolbar(block.text, page.folds[index])
        and not labels.END_LINE.match(page.folds[index])
        and not is_brand(page.document, page.folds[index].rstrip(" ."))
        and not _leads_home(page.document, block)
    )


def _named(document: Document, page: PageLines, candidates: Sequence[int]) -> int | None:
    """Return the nearest line that the head calls the page by."""
    wanted = {fold(split_date(title)[0]).rstrip(" .") for title in page_titles(document)}
    return next(
        (index for index in candidates if split_date(page.folds[index])[0].rstrip(" .") in wanted), None
    )


def _stated(page: PageLines, candidates: Sequence[int]) -> int | None:
    """Return the only heading of the first order where Open Graph names the page by it: its address may be older."""
    name = fold(page.document.meta("og:title") or "").rstrip(" .")
    heads = [index for index in candidates if page.blocks[index].element.tag == "h1"]
    if len(heads) != 1 or page.folds[heads[0]].rstrip(" .") != name or name.count(" ") < 3:
        return None
    return heads[0]


def _addressed(page: PageLines, candidates: Sequence[int]) -> int | None:
    """Return the line that agrees best with the address; a heading before a copy of it in the text."""
    slug = slug_of(page.document.url)
    if not slug:
        return None
    best, best_score = None, 0.0
    for index in candidates:
        block = page.blocks[index]
        if 2 * block.linked > len(block.text) and block.element.tag != "h1":
            continue
        if agreed := agreement(slug, split_date(page.folds[index])[0]):
            # A heading comes before a copy of it in the text, but not before a line that agrees better.
            score = agreed + _HEADING_BONUS.get(block.element.tag, 0.0) - 0.3 * (block.role is Role.CAPTION)
            if score > best_score:
                best, best_score = index, score
    return best


def _repeated_headings(page: PageLines) -> set[int]:
    """Return the headings of page blocks and of teasers: three and more of one build."""
    built: dict[tuple[str, str], set[int]] = {}
    for index, block in enumerate(page.blocks):
        tag, classes = block.element.tag, block.element.get("class") or ""
        if tag == "h1" or (classes and (tag in _HEADINGS or _TITLE_CLASS.search(classes))):
            built.setdefault((tag, classes), set()).add(index)
    wanted = {fold(title) for title in page_titles(page.document)}
    return {
        index
        for alike in built.values()
        if len(alike) > 2
        for index in alike
        if page.folds[index] not in wanted
    }


def _title(page: PageLines, index: int, method: str) -> Title:
    """Return the title at a block: all lines of its heading, without the date behind it."""
    start, stop = index, index + 1
    element = page.blocks[index].element
    if element.tag in _ANY_HEADING or (
        _TITLE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        and len(plain(element)) <= MAX_TITLE
    ):
        while start and _goes_on(page, start - 1, element):
            start -= 1
        while stop < len(page.blocks) and _goes_on(page, stop, element):
            stop += 1
    whole = " ".join(block.text for block in page.blocks[start:stop])
    text, date = _split_element(element, whole) or split_date(whole)
    return Title(text, method, start, stop, date)


def _split_element(element: etree._Element, whole: str) -> tuple[str, str] | None:
    """Return a title without the date that its last element holds, and that date; None where it holds none."""
    last = next(element.iterchildren("span", "small", "em", "i", "time", "font", "b", reversed=True), None)
    stamp = None if last is None or (last.tail or "").strip() else plain(last)
    if not stamp or len(stamp) > 2 * _STAMP or not whole.endswith(stamp) or stamp == whole:
        return None
    dated = parse_date(stamp)
    if dated is None or dated.moment is None or len(stamp) - (dated.end - dated.start) > _AROUND:
        return None
    return whole.removesuffix(stamp).rstrip(" -–|,(["), stamp


def _goes_on(page: PageLines, index: int, element: object) -> bool:
    """Tell whether a block is another line of the title's own element, and no date."""
    block = page.blocks[index]
    return (
        block.element is element
        and block.role is not Role.IMAGE
        and not _META_LINE.search(page.folds[index])
        and not is_toolbar(block.text, page.folds[index])
    )


def _has_title_class(block: Block) -> bool:
    """Tell whether a class or id says that a line is a title: of its element, or of one inside around all of it."""
    if len(block.text) > MAX_TITLE:
        return False
    for element in islice(block.element.iter(), 6):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if marks != " " and _TITLE_CLASS.search(marks) and plain(element) == block.text:
            return True
    return False


def _leads_home(document: Document, block: Block) -> bool:
    """Tell whether a line is the name of the site as a link to its home page."""
    if block.linked < 0.9 * len(block.text):
        return False
    home = document.absolute("/")
    return any(
        document.absolute(link.get("href") or "").rstrip("/") == home.rstrip("/")
        for link in block.element.iter("a")
    )


# Days, numbers of reads, rows of a counter, the name of a site.
_META_LINE = re.compile(
    r":\s*[\d.,]+\W*$|\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:19|20)\d\d"
    r"|^\W*(?:luot|so luot)\b|^\W*\(?[\w.-]+\.vn\)?\W*$"
)


def _could_be_title(block: Block, folded: str) -> bool:
    text, stamp = split_date(block.text)
    if stamp:
        folded = fold(text)
    return (
        block.role is not Role.CAPTION
        and 15 <= len(text) <= 300
        and block.linked < 0.5 * len(text)
        and text[-1] not in ".:;,"
        and text[0] not in "•-–("
        and len(text.split()) >= 4
        and not labels.SITE_NAME_START.match(folded)
        and not labels.SITE_FOOT.match(folded)
        and not _META_LINE.search(folded)
        and not is_toolbar(text, folded)
        and not labels.AUTHOR_LINE.match(folded)
        and not _is_only_date(text)
    )
