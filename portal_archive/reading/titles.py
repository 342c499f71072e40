"""The title of an article on a page whose markup nobody has described."""

from __future__ import annotations

import re
from collections import Counter as Multiset
from collections.abc import Sequence
from itertools import islice
from urllib.parse import unquote

from portal_archive.reading import labels
from portal_archive.reading.block import Block, Role
from portal_archive.reading.document import Document
from portal_archive.reading.elements import plain
from portal_archive.reading.lines import is_toolbar
from portal_archive.vietnamese.folding import fold

_TITLE_CLASS = re.compile(r"title|tieu-?de|headline|heading|subject|ten-?bai|name-?news", re.I)
_SITE_SUFFIX = re.compile(r"\s+(?:[|»:>]{1,2}|[-–—])\s+")
_BAR = re.compile(r"\s+[|»:>]{1,2}\s+")
_DASH = re.compile(r"(\s+[-–—]\s+(?!\d))")
MAX_TITLE = 300
SHORT = 35  # characters: the name of a section is no longer


def find_title(
    document: Document, blocks: Sequence[Block], folds: Sequence[str], first_text: int
) -> tuple[str | None, str, int | None]:
    """Find the title among the blocks before the text; return it, by which method, and the index of its block.

    Only the head may have it: then there is no index. `folds` are the folded texts of the blocks.
    """
    candidates = [
        index
        for index in range(min(first_text, len(blocks) - 1), -1, -1)
        if 12 <= len(blocks[index].text) <= 400
        and blocks[index].role not in (Role.IMAGE, Role.TABLE)
        and not is_toolbar(blocks[index].text, folds[index])
        and not labels.END_LINE.match(folds[index])
        and not _is_brand(document, folds[index].rstrip(" ."))
        and not _leads_home(document, blocks[index])
    ]
    near = [index for index in candidates if index >= first_text - 15]
    slug = _slug(document.url)
    agreement, addressed = max(
        ((_agreement(slug, folds[index]), index) for index in near), default=(0.0, None)
    )
    wanted = {fold(title).rstrip(" .") for title in page_titles(document)}
    named = next((index for index in candidates if folds[index].rstrip(" .") in wanted), None)
    headed = next(
        (
            index
            for tag in ("h1", "h2", "h3")
            for index in candidates
            if blocks[index].element.tag == tag
            and blocks[index].linked < 0.5 * len(blocks[index].text)
            and index >= first_text - 25
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
        (addressed if agreement else None, "slug"),
        (named, "head-title"),
        (headed, "heading"),
        (classed, "title-class"),
    ):
        if found is not None:
            return _without_date(blocks[found].text), method, found
    title = _title_of_head(document)
    bold = placed is not None and blocks[placed].bold
    if title is not None and (not bold or _agreement(slug, fold(title))):
        return title, "meta", None
    return (
        (_without_date(blocks[placed].text), "position", placed) if placed is not None else (None, "", None)
    )


_DATE_BEHIND = re.compile(r"\s*\(\s*\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}[^()]{0,20}\)$")


def _without_date(text: str) -> str:
    """Return a title without the date in brackets that some templates put behind it."""
    return _DATE_BEHIND.sub("", text) or text


def is_named_otherwise(document: Document) -> bool:
    """Tell whether the head names the site or a section where the address is that of an article.

    A short name that has nothing of the address is that of a list; a page without a name tells nothing.
    """
    titles = page_titles(document)
    slug = _slug(document.url)
    if not titles or any(_agreement(slug, fold(title)) for title in titles):
        return False
    parts = (part for title in titles for part in _SITE_SUFFIX.split(title))
    return all(len(part) < SHORT or _is_brand(document, fold(part)) for part in parts)


_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def _slug(url: str) -> str:
    """Return the words of the last part of an address; "" where it has too few to tell a title by."""
    name = _NOT_SLUG.sub(" ", fold(unquote(url.split("?")[0].rstrip("/").rsplit("/", 1)[-1])))
    words = [
        word for word in name.split() if not word.isdigit() and word not in ("html", "htm", "aspx", "php")
    ]
    return " ".join(words) if len(words) >= 4 else ""


def _agreement(slug: str, folded: str) -> float:
    """Tell how far a text is what the address was made of; addresses are cut, and drop some characters."""
    known = slug.split()
    words = [word for word in _NOT_SLUG.sub(" ", folded).split() if not word.isdigit()]
    common = sum((Multiset(words) & Multiset(known)).values())
    if not known or common < 4 or common < 0.8 * len(known) or common < 0.5 * len(words):
        return 0.0
    return common / max(len(known), len(words))


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


def page_titles(document: Document) -> list[str]:
    """Return what the head may mean as title: Open Graph's, all of ``title``, and its beginnings and ends."""
    found: list[str] = []
    if og := document.meta("og:title"):
        found.append(og)
    if whole := document.head_title():
        cuts = [match.span() for match in _SITE_SUFFIX.finditer(whole)]
        # "Title - Site" or "Site | Title": a title may itself contain a dash, so longer ones come first.
        found += [whole, *(whole[:start] for start, _ in reversed(cuts)), *(whole[end:] for _, end in cuts)]
    return [title.strip() for title in found if title.strip()]


def _title_of_head(document: Document) -> str | None:
    """Return the title where only the head has it: Open Graph's, or ``title`` without the name of the site."""
    if og := document.meta("og:title"):
        return None if _is_brand(document, fold(og)) else og
    parts = _BAR.split(document.head_title() or "")
    title = max((part for part in parts if not _is_brand(document, fold(part))), key=len, default="")
    if len(parts) == 1:
        pieces = _DASH.split(title)  # with the dashes between them
        title = "".join(
            pieces[2:] if _is_brand(document, fold(pieces[0])) else pieces[: max(1, len(pieces) - 2)]
        )
    return title if 20 <= len(title) <= MAX_TITLE and not _is_brand(document, fold(title)) else None


_META_LINE = re.compile(
    r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:19|20)\d\d|^\W*(?:luot|so luot)\b|^\W*\(?[\w.-]+\.vn\)?\W*$"
)


def _could_be_title(block: Block, folded: str) -> bool:
    text = block.text
    return (
        block.role is not Role.CAPTION
        and 15 <= len(text) <= 300
        and block.linked < 0.5 * len(text)
        and text[-1] not in ".:;,"
        and text[0] not in "•-–("
        and len(text.split()) >= 4
        and not labels.SITE_NAME_START.match(folded)
        and not _META_LINE.search(folded)
        and not is_toolbar(text, folded)
        and not labels.AUTHOR_LINE.match(folded)
    )


def _is_brand(document: Document, folded: str) -> bool:
    """Tell whether a title is the name of the site."""
    site = document.meta("og:site_name")
    return bool(labels.SITE_NAME_START.match(folded)) or (
        site is not None and fold(site).rstrip(" .") == folded
    )
