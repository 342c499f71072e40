"""An article whose place on the page is known: read by the layouts that its family declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from portal_archive.model.page import Attachment, Image
from portal_archive.reading import labels
from portal_archive.reading.article.article_builder import ArticleBuilder
from portal_archive.reading.article.body import collect, read_blocks
from portal_archive.reading.article.captions import MAX_CAPTION
from portal_archive.reading.cms import FAMILIES
from portal_archive.reading.cms.family import Layout
from portal_archive.reading.dates import Candidate, parse_date
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.elements import plain
from portal_archive.reading.markup.lines import is_toolbar
from portal_archive.reading.markup.text import clean
from portal_archive.reading.metadata.bylines import strip_author_label
from portal_archive.reading.metadata.counts import find_rating, find_views, parse_count
from portal_archive.vietnamese.folding import fold, fold_keep_length

_Node = etree._Element | str
# A layout that says where these stand leaves nothing to be looked for.
_EVERY_FIELD = frozenset(("published_at", "byline", "tags", "views", "comments"))


def read_by_layout(builder: ArticleBuilder, own: Sequence[Layout] = ()) -> bool:
    """Fill the builder by the first layout the page has; False when it has none.

    `own` are those of the portal; its CMS's are tried after them, and then those of small CMSs.
    """
    document, cms = builder.document, builder.cms
    general = FAMILIES["generic"]
    layouts = (*own, *cms.layouts, *(() if cms is general else general.layouts))
    for layout in layouts:
        element = layout.find_body(document.tree, document.source)
        if element is None:
            continue
        wrapper = next(iter(layout.elements("wrapper", element)), document.tree)
        content = read_blocks(element, document.absolute, set(layout.elements("drop", element)))
        title = next((text for node in layout.select("title", wrapper) if (text := _text(node))), None)
        body = collect(_kept(content.blocks), (file for _, file in content.files))
        if title is None and (not body.paragraphs or wrapper is document.tree):
            continue
        builder.set_if_missing("title", title, layout.name)
        builder.is_settled = set(layout.fields) >= _EVERY_FIELD
        _Fields(builder, layout, wrapper).read()
        builder.take_body(body, layout.name)
        if not ("published_at" in layout.fields and "byline" in layout.fields):
            _read_around(builder, wrapper, element, title)
        return True
    return False


def _read_around(
    builder: ArticleBuilder, wrapper: etree._Element, body: etree._Element, title: str | None
) -> None:
    """Read by labels what the layout does not name, from the lines of its wrapper."""
    blocks = read_blocks(wrapper, builder.document.absolute, (body,)).blocks
    lines = [block.text for block in blocks if block.role is not Role.IMAGE and block.text != title]
    builder.take_head([Candidate(line, distance) for distance, line in enumerate(lines, 1)])
    builder.take_tail(lines)


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

    def __init__(self, builder: ArticleBuilder, layout: Layout, wrapper: etree._Element) -> None:
        self.builder = builder
        self.layout = layout
        self.wrapper = wrapper

    def read(self) -> None:
        builder, method = self.builder, self.layout.name
        self._first("published_at", lambda text: builder.take_date([Candidate(text, 1)], method))
        self._first(
            "views",
            lambda text: builder.set_if_missing(
                "views", (find_views(text) or parse_count(text)).value, method
            ),
        )
        self._first(
            "comments", lambda text: builder.set_if_missing("comments", parse_count(text).value, method)
        )
        self._first(
            "source", lambda text: builder.set_if_missing("source", _after(labels.SOURCE_LINE, text), method)
        )
        self._first("author", lambda text: builder.take_author(strip_author_label(text), method))
        self._first("rating", lambda text: builder.set_if_missing("rating", find_rating(text), method))
        for text in self._texts("byline"):
            builder.take_labelled(text, method)
        self._first("category", lambda text: builder.set_if_missing("category", text, method))
        self._first("modified_at", lambda text: builder.set_if_missing("modified_at", _moment(text), method))
        builder.set_if_missing("tags", list(dict.fromkeys(self._texts("tags"))), method)
        for node in self.layout.select("summary", self.wrapper):
            if builder.set_if_missing(
                "summary", _text(node) if isinstance(node, str) else self._summary(node), method
            ):
                break
        for element in self.layout.elements("lead_image", self.wrapper):
            self._take_lead_image(element)
        for element in self.layout.elements("attachments", self.wrapper):
            named = element.find(".//strong")
            title = plain(element if named is None else named) or None
            if href := element.get("href"):
                builder.take_attachments([Attachment(builder.document.absolute(href), title)])

    def _texts(self, name: str) -> Iterator[str]:
        return (text for node in self.layout.select(name, self.wrapper) if (text := _text(node)))

    def _first(self, name: str, take: Callable[[str], bool]) -> None:
        any(take(text) for text in self._texts(name))

    def _summary(self, node: etree._Element) -> str | None:
        """Return the text of a summary without the picture that some templates put into it."""
        if node.find(".//img") is None:
            return plain(node) or None
        blocks = read_blocks(node, self.builder.document.absolute).blocks
        return " ".join(collect(blocks, ()).paragraphs) or None

    def _take_lead_image(self, figure: etree._Element) -> None:
        """Take the first picture of an element, and the text beside it as its caption."""
        article = self.builder.article
        blocks = read_blocks(figure, self.builder.document.absolute).blocks
        for block in blocks:
            if block.image is not None:
                texts = (other.text for other in blocks if other.text and len(other.text) <= MAX_CAPTION)
                caption = next(texts, None)
                article.images.append(Image(block.image.url, caption))
                article.captions += [caption] if caption else []
                return


def _moment(text: str) -> str | None:
    reading = parse_date(text)
    return reading.moment.iso if reading is not None and reading.moment is not None else None


def _after(pattern: labels.LabelPattern, text: str) -> str | None:
    """Return what follows a label that the folded text begins with; the whole text where it has none."""
    match = pattern.match(fold_keep_length(text))
    return (text[match.end() :].strip() or None) if match else text
