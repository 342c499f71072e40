"""The article on a page whose markup nobody has described: found by text density, its title, labels and ends.

Works on the blocks of the whole page in document order, so that it reads a page of nested lists, of tables or of
plain lines alike.
"""

from __future__ import annotations

import re
from collections import Counter as Multiset
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote, urljoin

from lxml import etree

from crawler.reading import labels
from crawler.reading.body import Block, Role, plain, read_blocks, texts_of
from crawler.reading.dates import Candidate, is_clock
from crawler.reading.document import Document
from crawler.reading.page import Attachment
from crawler.reading.text import clean
from vietnamese.folding import fold

_AWAY = ("nav", "footer", "aside")
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:footer|sidebar|side-bar|menu|navbar|breadcrumbs?|banner|related|relate|other-news|othernews|"
    r"tin-?khac|tin-?lien-?quan|lien-?quan|comments|comment-\w+|binh-?luan|share|social|toolbar|weather|poll|vote|copyright|"
    r"widget|advert\w*|quang-?cao|modal|popup|login|search|pagination|pager|rating|print-tool|counter|"
    r"thong-?ke|visitor\w*|online)(?:[\s_-]|$)",
    re.I,
)
_TITLE_CLASS = re.compile(r"title|tieu-?de|headline|heading|subject|ten-?bai|name-?news", re.I)
_SUMMARY_CLASS = re.compile(
    r"sapo|hometext|lead|summary|tom-?tat|mo-?ta|description|intro|trich-?dan|abstract|short-?desc|chapeau|news-?des",
    re.I,
)
_SITE_SUFFIX = re.compile(r"\s+(?:[|»:>]{1,2}|[-–—])\s+")
_BAR = re.compile(r"\s+[|»:>]{1,2}\s+")
_DASH = re.compile(r"(\s+[-–—]\s+(?!\d))")
_BRAND = labels.folded_pattern(
    (
        "Trang thông tin điện tử",
        "Cổng thông tin điện tử",
        "Trang chủ",
        "Cổng TTĐT",
        "Trang TTĐT",
        "Cổng thông tin",
    ),
    before=r"^\W*",
)
# What text counts for the element that holds it and for those around: layout tables give each paragraph a row.
_SHARES = (1.0, 1.0, 0.7, 0.6, 0.5)
_FILE_LINK = re.compile(r'href="[^"]+\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)(?:["?#])', re.I)
MAX_TITLE = 300
MAX_SUMMARY = 1000
SHORT_TEXT = 25  # characters: a sentence
SHORT = 35  # characters: the name of a section is no longer
LONG = 60  # characters: shorter lines are menus, labels and captions


@dataclass(slots=True)
class Region:
    """Where an article stands among the blocks of its page."""

    title: str | None = None
    title_method: str = ""
    head: list[Candidate] = field(
        default_factory=list
    )  # short lines before and after the title: dates, counts
    summary: Block | None = None
    body: list[Block] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)  # after the text: bylines, sources, tags
    files: list[Attachment] = field(default_factory=list)
    links: int = 0  # titles of other articles among the text: a list has many

    @property
    def lines(self) -> list[str]:
        """The lines before and of the text."""
        return [line.text for line in self.head] + [block.text for block in self.body]

    @property
    def has_more_than_text(self) -> bool:
        """Whether pictures or tables stand in the text."""
        return any(block.role in (Role.IMAGE, Role.TABLE) for block in self.body)

    @property
    def length(self) -> int:
        """Characters of text, without captions."""
        return sum(len(block.text) for block in self.body if block.role is not Role.CAPTION)


def furniture(root: etree._Element) -> set[etree._Element]:
    """Return the elements that by tag, role or class are page furniture and never text of an article."""
    found = set(root.iter(*_AWAY))
    for element in root.iter("div", "ul", "section", "table", "form", "ol"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if (marks != " " and _FURNITURE.search(marks)) or element.get("role") in (
            "navigation",
            "contentinfo",
        ):
            found.add(element)
    # A wrapper that holds most of the page is not furniture, whatever its class says ("page-with-sidebar").
    return {element for element in found if not _holds_much(element)}


def _holds_much(element: etree._Element) -> bool:
    if element.tag in _AWAY:
        return False
    paragraphs = 0
    for child in element.iter("p", "br"):
        text = child.text if child.tag == "p" else child.tail
        paragraphs += len(text or "") > 2 * LONG and not any(True for _ in child.iterancestors("a"))
        if paragraphs > 2:
            return True
    return False


def _is_text(block: Block) -> bool:
    return (
        block.role in (Role.PARAGRAPH, Role.ITEM, Role.HEADING)
        and len(block.text) >= LONG
        and block.linked * 3 < len(block.text)
    )


def _is_running_text(block: Block) -> bool:
    return block.role is not Role.HEADING and _is_text(block)


def _is_table(block: Block) -> bool:
    return block.role is Role.TABLE and len(block.text) >= LONG


def _is_short_text(block: Block) -> bool:
    return (
        block.role is Role.PARAGRAPH
        and len(block.text) >= SHORT_TEXT
        and not block.linked
        and block.text[-1] in ".:;!"
    )


def _densest(
    blocks: Sequence[Block], teasers: Collection[int], weighs: Callable[[Block], bool]
) -> etree._Element | None:
    """Return the element that holds the most running text of its own, the innermost where several do."""
    weighty = [block for index, block in enumerate(blocks) if index not in teasers and weighs(block)]
    held = Multiset(block.element for block in weighty)
    score: dict[etree._Element, float] = {}
    for block in weighty:
        weight = float(min(len(block.text), 600))
        for share, element in zip(_SHARES, _upwards(block.element), strict=False):
            # A paragraph is not what holds the text; an element whose lines only breaks divide is.
            if element is not block.element or held[element] > 1:
                score[element] = score.get(element, 0.0) + weight * share
    best: etree._Element | None = None
    for element, value in score.items():
        if best is None or value > score[best] * 1.02:
            best = element
    return best


def _upwards(element: etree._Element) -> Iterator[etree._Element]:
    """Give an element and those around it, without ``html``."""
    current: etree._Element | None = element
    while current is not None and current.tag != "html":
        yield current
        current = current.getparent()


def _find_teasers(blocks: Sequence[Block]) -> set[int]:
    """Return the indexes of texts that announce another article: each with its linked title in a box of its own."""
    texts = [index for index, block in enumerate(blocks) if _is_text(block)]
    held: Multiset[etree._Element] = Multiset()
    for index in texts:
        held.update(islice(_upwards(blocks[index].element), 4))
    found: set[int] = set()
    for index in texts:
        # Between title and text there may be a date.
        title = next((before for before in blocks[max(0, index - 3) : index][::-1] if _is_link(before)), None)
        if title is not None:
            around = set(islice(_upwards(blocks[index].element), 4))
            box = next((element for element in islice(_upwards(title.element), 4) if element in around), None)
            if box is not None and held[box] == 1:
                found.add(index)
    return found if len(found) > 1 else set()


def is_toolbar(text: str, folded: str) -> bool:
    """Tell whether a line is buttons of the page, or the title of one of its blocks."""
    return len(text) <= 160 and bool(
        labels.TOOLBAR_LINE.match(folded)
        or labels.BLOCK_TITLE.match(folded)
        or not any(map(str.isalnum, text))
    )


def page_titles(document: Document) -> list[str]:
    """Return what the head may mean as title: Open Graph's, all of ``title``, and its beginnings and ends."""
    found: list[str] = []
    if og := document.meta("og:title"):
        found.append(og)
    if whole := _head_title(document):
        cuts = [match.span() for match in _SITE_SUFFIX.finditer(whole)]
        # "Title - Site" or "Site | Title": a title may itself contain a dash, so longer ones come first.
        found += [whole, *(whole[:start] for start, _ in reversed(cuts)), *(whole[end:] for _, end in cuts)]
    return [title.strip() for title in found if title.strip()]


def _head_title(document: Document) -> str | None:
    for element in document.head_elements("title"):
        return clean("".join(texts_of(element)))
    return None


def _title_of_head(document: Document) -> str | None:
    """Return the title where only the head has it: Open Graph's, or ``title`` without the name of the site."""
    if og := document.meta("og:title"):
        return None if _is_brand(document, fold(og)) else og
    parts = _BAR.split(_head_title(document) or "")
    title = max((part for part in parts if not _is_brand(document, fold(part))), key=len, default="")
    if len(parts) == 1:
        pieces = _DASH.split(title)  # with the dashes between them
        title = "".join(
            pieces[2:] if _is_brand(document, fold(pieces[0])) else pieces[: max(1, len(pieces) - 2)]
        )
    return title if 20 <= len(title) <= MAX_TITLE and not _is_brand(document, fold(title)) else None


def find_region(document: Document) -> Region | None:
    """Find the article on a page.

    Returns None when no run of text on the page is long enough to be one.
    """
    body = document.tree.find("body")
    root = document.tree if body is None else body
    blocks, files = read_blocks(root, document.absolute, furniture(root) if not document.is_text else ())
    if not blocks:
        return None
    teasers = _find_teasers(blocks)
    # An article may be one table, or «Chi tiết xem tại file đính kèm.» and a file.
    weights = (_is_running_text, _is_table, _is_short_text)
    core = next(
        (found for weighs in weights if (found := _densest(blocks, teasers, weighs)) is not None), None
    )
    if core is None:
        return None
    if document.is_text:
        core = root
    inside = set(core.iter())
    positions = [index for index, block in enumerate(blocks) if block.element in inside]
    if not positions:
        return None
    first, last = positions[0], positions[-1]
    folds = [fold(block.text) for block in blocks]
    texts = [
        i
        for i in range(first, last + 1)
        if _is_text(blocks[i]) and i not in teasers and not is_toolbar(blocks[i].text, folds[i])
    ]
    first_text = texts[0] if texts else first

    region = Region()
    title_at = _find_title(document, blocks, folds, first_text, region)
    start = first if title_at is None else title_at + 1
    # A long title in the element of the text counts as text itself.
    first_text = next((index for index in texts if index >= start), max(start, first))
    stop, boxes = _find_end(blocks, folds, max(start, first_text), last)
    top = [block.text for block in blocks[:8]]
    for index in range(max(0, start - 8), max(first_text, start)):
        block = blocks[index]
        if block.text and len(block.text) <= 300 and index != title_at:
            clock = index < 5 and is_clock(top, index)
            region.head.append(
                Candidate(block.text, index - (start if title_at is None else title_at), clock=clock)
            )
    for index in range(start, stop):
        block = blocks[index]
        if block.role is Role.IMAGE or block.role is Role.CAPTION:
            if index >= first or block.element in inside:
                region.body.append(block)
            continue
        if is_toolbar(block.text, folds[index]) or index in boxes or index in teasers:
            continue
        if _is_link(block):
            region.links += 1
            continue
        if index < first and not _is_text(block):
            continue
        region.body.append(block)
    # Files below the text are its attachments; those that stand in it are part of it.
    holders = {block.element.getparent() for block in region.body if _is_text(block)}
    while (
        region.body and _is_file_link(region.body[-1]) and region.body[-1].element.getparent() not in holders
    ):
        region.body.pop()
    _take_summary(region)
    region.files = [file for position, file in files if start <= position <= stop + 8]
    region.tail = [block for block in blocks[stop : last + 40] if block.role is not Role.IMAGE]
    return region


def _take_summary(region: Region) -> None:
    """Take the first text of the body for the summary: it has a class that says so, stands apart, or is bold."""
    texts = [block for block in region.body if _is_text(block)]
    if len(texts) < 2:
        return
    first, second = texts[0], texts[1]
    rest = sum(len(block.text) for block in texts[1:])
    if len(first.text) > min(MAX_SUMMARY, rest) or (first.role is Role.ITEM and second.role is Role.ITEM):
        return
    home = _home(texts[1:])
    apart = home is not None and first.element is not home and home not in first.element.iterancestors()
    if apart or (first.bold and not second.bold) or _has_class(first.element, _SUMMARY_CLASS, home):
        region.summary = first
        region.body.remove(first)


def _home(texts: Sequence[Block]) -> etree._Element | None:
    """Return the element in which at least two paragraphs and most of the text stand, if there is one."""
    weight: dict[etree._Element, list[int]] = {}
    for block in texts:
        for element in (block.element, block.element.getparent()):
            if element is not None:
                weight.setdefault(element, []).append(len(block.text))
    whole = sum(len(block.text) for block in texts)
    return next((e for e, parts in weight.items() if len(parts) > 1 and 2 * sum(parts) > whole), None)


def _has_class(element: etree._Element, pattern: re.Pattern[str], within: etree._Element | None) -> bool:
    for _ in range(3):
        if element is within:
            return False
        if pattern.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return False


def _find_end(blocks: Sequence[Block], folds: Sequence[str], start: int, last: int) -> tuple[int, set[int]]:
    """Return the index after the last block of the text, and those of boxes with other articles inside it."""
    boxes: set[int] = set()
    index = start + 1
    while index <= last:
        block = blocks[index]
        if block.role is not Role.IMAGE and len(block.text) <= 120 and labels.END_LINE.match(folds[index]):
            resumed = _resumption(blocks, folds, start, index, last)
            if resumed is None:
                return index, boxes
            boxes.update(range(index, resumed))
            index = resumed
        index += 1
    return last + 1, boxes


def _resumption(blocks: Sequence[Block], folds: Sequence[str], start: int, box: int, last: int) -> int | None:
    """Return where the text goes on after «Tin liên quan»: where it stands in the same element as before."""
    if box + 1 > last or not _is_link(blocks[box + 1]):
        return None
    parents = {block.element.getparent() for block in blocks[start:box] if _is_text(block)}
    resumed = next(
        (
            i
            for i in range(box + 1, last + 1)
            if _is_text(blocks[i]) and blocks[i].element.getparent() in parents
        ),
        None,
    )
    if resumed is None:
        return None
    for block, folded in zip(blocks[resumed : last + 1], folds[resumed : last + 1], strict=True):
        if len(block.text) <= 120 and labels.END_LINE.match(folded):
            break
        if _is_link(block):
            # Not the text, but a list of other articles with their summaries.
            return None
    return resumed


def _is_file_link(block: Block) -> bool:
    """Tell whether a line is nothing but the link to a file."""
    return block.linked >= 0.8 * len(block.text) > 0 and _FILE_LINK.search(block.html) is not None


def _is_link(block: Block) -> bool:
    """Tell whether a block is the title of another article, with or without its date."""
    return (
        block.linked >= 25
        and block.linked >= 0.6 * len(block.text)
        and len(block.text) - block.linked <= 25
        and not _is_file_link(block)
    )


def _find_title(
    document: Document, blocks: Sequence[Block], folds: Sequence[str], first_text: int, region: Region
) -> int | None:
    """Find the title among the blocks before the text; set it in `region`, return its index."""
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
    addressed = next((index for index in near if slug and _agrees(slug, folds[index])), None)
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
    for found, method in (
        (addressed, "slug"),
        (named, "head-title"),
        (headed, "heading"),
        (classed, "title-class"),
    ):
        if found is not None:
            region.title, region.title_method = blocks[found].text, method
            return found
    title = _title_of_head(document)
    bold = placed is not None and blocks[placed].bold
    if title is not None and (not bold or (slug and _agrees(slug, fold(title)))):
        region.title, region.title_method = title, "meta"
        return None
    if placed is not None:
        region.title, region.title_method = blocks[placed].text, "position"
    return placed


_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def _slug(url: str) -> str:
    """Return the words of the last part of an address; "" where it has too few to tell a title by."""
    name = _NOT_SLUG.sub(" ", fold(unquote(url.split("?")[0].rstrip("/").rsplit("/", 1)[-1])))
    words = [
        word for word in name.split() if not word.isdigit() and word not in ("html", "htm", "aspx", "php")
    ]
    return " ".join(words) if len(words) >= 4 else ""


def _agrees(slug: str, folded: str) -> bool:
    """Tell whether a text is what the address was made of; addresses are cut, and drop some characters."""
    words = [word for word in _NOT_SLUG.sub(" ", folded).split() if not word.isdigit()]
    known = slug.split()
    common = sum((Multiset(words) & Multiset(known)).values())
    return common >= 4 and common >= 0.8 * len(known) and common >= 0.5 * len(words)


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
    home = urljoin(document.base or "/", "/")
    return any(
        document.absolute(link.get("href") or "").rstrip("/") == home.rstrip("/")
        for link in block.element.iter("a")
    )


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
        and not _BRAND.match(folded)
        and not _META_LINE.search(folded)
        and not is_toolbar(text, folded)
        and not labels.AUTHOR_LINE.match(folded)
    )


def _is_brand(document: Document, folded: str) -> bool:
    """Tell whether a title is the name of the site."""
    site = document.meta("og:site_name")
    return bool(_BRAND.match(folded)) or (site is not None and fold(site).rstrip(" .") == folded)
