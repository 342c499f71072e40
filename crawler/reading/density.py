"""The article on a page whose markup nobody has described: found by text density, its title, labels and ends.

Works on the blocks of the whole page in document order, so that it reads a page of nested lists, of tables or of
plain lines alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from crawler.reading import labels
from crawler.reading.body import Block, Role, read_blocks
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
_SITE_SUFFIX = re.compile(r"\s+(?:[|»:]{1,2}|[-–—])\s+")  # noqa: RUF001
_BRAND = labels.folded_pattern(
    ("Trang thông tin điện tử", "Cổng thông tin điện tử", "Trang chủ", "Cổng TTĐT", "Trang TTĐT", "Cổng thông tin"),
    before=r"^\W*",
)
LONG = 60  # characters: shorter lines are menus, labels and captions


@dataclass(slots=True)
class Region:
    """Where an article stands among the blocks of its page."""

    title: str | None = None
    title_method: str = ""
    head: list[Candidate] = field(default_factory=list)  # short lines before and after the title: dates, counts
    summary: Block | None = None
    body: list[Block] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)  # after the text: bylines, sources, tags
    files: list[Attachment] = field(default_factory=list)
    links: int = 0  # titles of other articles among the text: a list has many

    @property
    def length(self) -> int:
        """Characters of text, without captions."""
        return sum(len(block.text) for block in self.body if block.role is not Role.CAPTION)


def furniture(root: etree._Element) -> set[etree._Element]:
    """Return the elements that by tag, role or class are page furniture and never text of an article."""
    found = set(root.iter(*_AWAY))
    for element in root.iter("div", "ul", "section", "table", "form", "ol"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if (marks != " " and _FURNITURE.search(marks)) or element.get("role") in ("navigation", "contentinfo"):
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


def _densest(blocks: Sequence[Block]) -> etree._Element | None:
    """Return the element that holds the most running text of its own, the innermost where several do."""
    score: dict[etree._Element, float] = {}
    for block in blocks:
        if not _is_text(block):
            continue
        weight = float(min(len(block.text), 600))
        element: etree._Element | None = block.element
        for share in (1.0, 1.0, 0.6, 0.3):
            if element is None or element.tag in ("body", "html"):
                break
            score[element] = score.get(element, 0.0) + weight * share
            element = element.getparent()
    best: etree._Element | None = None
    for element, value in score.items():
        if best is None or value > score[best] * 1.02:
            best = element
    return best


def is_toolbar(text: str, folded: str) -> bool:
    """Tell whether a line is buttons of the page, or the title of one of its blocks."""
    return len(text) <= 160 and bool(
        labels.TOOLBAR_LINE.match(folded) or labels.BLOCK_TITLE.match(folded) or not any(map(str.isalnum, text))
    )


def page_titles(document: Document) -> list[str]:
    """Return what the head says the title is, best first: Open Graph, then ``title`` and its parts."""
    found: list[str] = []
    if og := document.meta("og:title"):
        found.append(og)
    for element in document.head_elements("title"):
        if whole := clean("".join(element.itertext())):
            parts = _SITE_SUFFIX.split(whole)
            found.append(whole)
            # "Title - Site": a title may itself contain a dash, so longer beginnings come first.
            for end in range(len(parts) - 1, 0, -1):
                if beginning := whole[: _prefix_end(whole, parts, end)].strip():
                    found.append(beginning)
        break
    return found


def _prefix_end(whole: str, parts: Sequence[str], count: int) -> int:
    position = 0
    for part in parts[:count]:
        position = whole.index(part, position) + len(part)
    return position


def find_region(document: Document) -> Region | None:
    """Find the article on a page.

    Returns None when no run of text on the page is long enough to be one.
    """
    body = document.tree.find("body")
    root = document.tree if body is None else body
    blocks, files = read_blocks(root, document.absolute, furniture(root) if not document.is_text else ())
    if not blocks:
        return None
    core = _densest(blocks)
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
    texts = (i for i in range(first, last + 1) if _is_text(blocks[i]) and not is_toolbar(blocks[i].text, folds[i]))
    first_text = next(texts, first)

    region = Region()
    title_at = _find_title(document, blocks, folds, first_text, region)
    start = first if title_at is None else title_at + 1
    stop = _find_end(blocks, folds, max(start, first_text), last)
    top = [block.text for block in blocks[:8]]
    for index in range(max(0, start - 8), max(first_text, start)):
        block = blocks[index]
        if block.text and len(block.text) <= 300 and index != title_at:
            clock = index < 5 and is_clock(top, index)
            region.head.append(Candidate(block.text, index - (start if title_at is None else title_at), clock=clock))
    for index in range(start, stop):
        block = blocks[index]
        if block.role is Role.IMAGE or block.role is Role.CAPTION:
            if index >= first or block.element in inside:
                region.body.append(block)
            continue
        if is_toolbar(block.text, folds[index]):
            continue
        if block.linked >= 0.9 * len(block.text) and len(block.text) >= 25:
            region.links += 1
            continue
        if index < first and not _is_text(block):
            continue
        # The summary has a class that says so, or stands between the title and the element of the text.
        if (
            region.summary is None
            and not region.body
            and (_has_class(block.element, _SUMMARY_CLASS, core) or index < first)
        ):
            region.summary = block
            continue
        region.body.append(block)
    region.files = [file for position, file in files if start <= position <= stop + 8]
    region.tail = [block for block in blocks[stop : last + 40] if block.role is not Role.IMAGE]
    return region


def _has_class(element: etree._Element, pattern: re.Pattern[str], within: etree._Element) -> bool:
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


def _find_end(blocks: Sequence[Block], folds: Sequence[str], start: int, last: int) -> int:
    """Return the index after the last block of the article's text."""
    for index in range(start + 1, last + 1):
        block = blocks[index]
        if block.role is not Role.IMAGE and len(block.text) <= 120 and labels.END_LINE.match(folds[index]):
            return index
    return last + 1


def _find_title(
    document: Document, blocks: Sequence[Block], folds: Sequence[str], first_text: int, region: Region
) -> int | None:
    """Find the title among the blocks before the text; set it in `region`, return its index."""
    wanted = [fold(title).rstrip(" .") for title in page_titles(document)]
    reach = range(min(first_text, len(blocks) - 1), -1, -1)
    candidates = [
        index
        for index in reach
        if 12 <= len(blocks[index].text) <= 400 and blocks[index].role not in (Role.IMAGE, Role.CAPTION, Role.TABLE)
    ]
    for index in candidates:
        folded = folds[index].rstrip(" .")
        if any(folded == title for title in wanted) and not _is_brand(document, folded):
            region.title, region.title_method = blocks[index].text, "head-title"
            return index
    for tag in ("h1", "h2", "h3"):
        for index in candidates:
            if blocks[index].element.tag == tag and blocks[index].linked < 0.5 * len(blocks[index].text):
                if not is_toolbar(blocks[index].text, folds[index]) and index >= first_text - 25:
                    region.title, region.title_method = blocks[index].text, "heading"
                    return index
    for index in candidates:
        block = blocks[index]
        if (
            index >= first_text - 15
            and len(block.text) <= 300
            and _TITLE_CLASS.search(f"{block.element.get('class') or ''} {block.element.get('id') or ''}")
            and not is_toolbar(block.text, folds[index])
        ):
            region.title, region.title_method = block.text, "title-class"
            return index
    for index in candidates:
        block = blocks[index]
        if index >= first_text - 12 and _could_be_title(block, folds[index]):
            region.title, region.title_method = block.text, "position"
            return index
    for title in page_titles(document):
        folded = fold(title).rstrip(" .")
        if 20 <= len(title) <= 300 and not _is_brand(document, folded):
            region.title, region.title_method = title, "meta"
            return None
    return None


_META_LINE = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:19|20)\d\d|^\W*(?:luot|so luot)\b|^\W*\(?[\w.-]+\.vn\)?\W*$")


def _could_be_title(block: Block, folded: str) -> bool:
    text = block.text
    return (
        15 <= len(text) <= 300
        and block.linked < 0.5 * len(text)
        and text[-1] not in ".:;,"
        and text[0] not in "•-–("  # noqa: RUF001
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
