"""An article whose place on the page is known: read by the layouts that its family declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from portal_archive.model.page import Attachment, Image
from portal_archive.reading import labels
from portal_archive.reading.body import MAX_CAPTION, Block, Role, collect, plain, read_blocks
from portal_archive.reading.bylines import strip_author_label
from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.cms.family import Layout
from portal_archive.reading.dates import Candidate
from portal_archive.reading.draft import Draft
from portal_archive.reading.lines import is_toolbar
from portal_archive.reading.numbers import find_rating, find_views, parse_count
from portal_archive.reading.text import clean
from portal_archive.vietnamese.folding import fold, fold_keep_length

_Node = etree._Element | str


def read_by_layout(draft: Draft) -> bool:
    """Fill the draft by the first layout the page has; False when it has none."""
    document, cms = draft.document, draft.cms
    layouts = cms.layouts if cms.name == "generic" else (*cms.layouts, *FAMILIES["generic"].layouts)
    for layout in layouts:
        element = layout.find_body(document.tree, document.source)
        if element is None:
            continue
        wrapper = next(iter(layout.elements("wrapper", element)), document.tree)
        blocks, files = read_blocks(element, document.absolute, set(layout.elements("drop", element)))
        title = next((text for node in layout.select("title", wrapper) if (text := _text(node))), None)
        body = collect(_kept(blocks), (file for _, file in files))
        if title is None and (not body.paragraphs or wrapper is document.tree):
            continue
        draft.take("title", title, layout.name)
        _Fields(draft, layout, wrapper).read()
        draft.take_body(body, layout.name)
        if not ("published_at" in layout.fields and "byline" in layout.fields):
            _read_around(draft, wrapper, element, title)
        return True
    return False


def _read_around(draft: Draft, wrapper: etree._Element, body: etree._Element, title: str | None) -> None:
    """Read by labels what the layout does not name, from the lines of its wrapper."""
    blocks, _ = read_blocks(wrapper, draft.document.absolute, (body,))
    lines = [block.text for block in blocks if block.role is not Role.IMAGE and block.text != title]
    draft.take_head([Candidate(line, distance) for distance, line in enumerate(lines, 1)])
    draft.take_tail(lines)


def _kept(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without lines of toolbars and titles of page blocks."""
    return [
        block
        for block in blocks
        if block.role is Role.IMAGE or len(block.text) > 160 or not is_toolbar(block.text, fold(block.text))
    ]


def _text(node: _Node) -> str | None:
    return clean(node) if isinstance(node, str) else plain(node) or None


class _Fields:
    """Reads what stands around the text, by the layout's paths."""

    def __init__(self, draft: Draft, layout: Layout, wrapper: etree._Element) -> None:
        self.draft = draft
        self.layout = layout
        self.wrapper = wrapper

    def read(self) -> None:
        draft, method = self.draft, self.layout.name
        self._first("published_at", lambda text: draft.take_date([Candidate(text, 1)], method))
        self._first(
            "views", lambda text: draft.take("views", (find_views(text) or parse_count(text)).value, method)
        )
        self._first("comments", lambda text: draft.take("comments", parse_count(text).value, method))
        self._first("source", lambda text: draft.take("source", _after(labels.SOURCE_LINE, text), method))
        self._first("author", lambda text: draft.take_author(strip_author_label(text), method))
        self._first("rating", lambda text: draft.take("rating", find_rating(text), method))
        for text in self._texts("byline"):
            draft.take_labelled(text, method)
        draft.take("tags", list(dict.fromkeys(self._texts("tags"))), method)
        for node in self.layout.select("summary", self.wrapper):
            if draft.take("summary", _text(node) if isinstance(node, str) else self._summary(node), method):
                break
        for element in self.layout.elements("lead_image", self.wrapper):
            self._take_lead_image(element)
        for element in self.layout.elements("attachments", self.wrapper):
            named = element.find(".//strong")
            title = plain(element if named is None else named) or None
            if href := element.get("href"):
                draft.take_attachment(Attachment(draft.document.absolute(href), title))

    def _texts(self, name: str) -> Iterator[str]:
        return (text for node in self.layout.select(name, self.wrapper) if (text := _text(node)))

    def _first(self, name: str, take: Callable[[str], bool]) -> None:
        any(take(text) for text in self._texts(name))

    def _summary(self, node: etree._Element) -> str | None:
        """Return the text of a summary without the picture that some templates put into it."""
        if node.find(".//img") is None:
            return plain(node) or None
        blocks, _ = read_blocks(node, self.draft.document.absolute)
        return " ".join(collect(blocks, ()).paragraphs) or None

    def _take_lead_image(self, figure: etree._Element) -> None:
        """Take the first picture of an element, and the text beside it as its caption."""
        article = self.draft.article
        blocks, _ = read_blocks(figure, self.draft.document.absolute)
        for block in blocks:
            if block.image is not None:
                texts = (other.text for other in blocks if other.text and len(other.text) <= MAX_CAPTION)
                caption = next(texts, None)
                article.images.append(Image(block.image.url, caption))
                article.captions += [caption] if caption else []
                return


def _after(pattern: re.Pattern[str], text: str) -> str | None:
    """Return what follows a label that the folded text begins with; the whole text where it has none."""
    match = pattern.match(fold_keep_length(text))
    return (text[match.end() :].strip() or None) if match else text
