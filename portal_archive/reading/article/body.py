"""From the element that holds an article's text to paragraphs, captions, images and clean HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from portal_archive.model.page import Attachment, Image
from portal_archive.reading.article.captions import find_captions
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.walker import Walker


@dataclass(slots=True)
class Body:
    """The readable parts of an article's text."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """The text blocks, a data table as one paragraph with a row a line."""
        return [block.text for block in self.blocks if block.role not in (Role.IMAGE, Role.CAPTION)]

    @property
    def text(self) -> str | None:
        """Paragraphs separated by a blank line; None when there is no text."""
        return "\n\n".join(self.paragraphs) or None

    def html(self) -> str | None:
        """Return paragraphs, headings, lists, tables and figures as HTML made of escaped text only."""
        out: list[str] = []
        opened = ""
        following: int | None = None
        for block in self.blocks:
            kind = "" if block.role is not Role.ITEM else "ul" if block.number is None else "ol"
            if kind != opened or (kind == "ol" and block.number != following):
                out += [f"</{opened}>"] if opened else []
                out += [_opening(kind, block.number)] if kind else []
                opened = kind
            following = block.number + 1 if block.number is not None else None
            if block.role is Role.IMAGE and block.image is not None:
                out.append(
                    f'<figure><img src="{escape(block.image.url)}" alt="{escape(block.alt)}"></figure>'
                )
            elif block.role is Role.TABLE:
                rows = (
                    "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.split("\t")) + "</tr>"
                    for row in block.text.split("\n")
                )
                out.append(f"<table>{''.join(rows)}</table>")
            else:
                tag = {Role.HEADING: "h3", Role.ITEM: "li", Role.CAPTION: "figcaption"}.get(block.role, "p")
                out.append(f"<{tag}>{block.html}</{tag}>")
        if opened:
            out.append(f"</{opened}>")
        # A caption belongs into the figure before it.
        html = "\n".join(out).replace("</figure>\n<figcaption>", "<figcaption>")
        return html.replace("</figcaption>\n", "</figcaption></figure>\n") if html else None


def _opening(kind: str, number: int | None) -> str:
    return f'<{kind} start="{number}">' if number not in (None, 1) else f"<{kind}>"


@dataclass(slots=True)
class Content:
    """An element cut into blocks, and what stands between them, each with the number of blocks before it."""

    blocks: list[Block]
    files: list[tuple[int, Attachment]]
    films: list[int]
    dropped: list[tuple[int, etree._Element]]


def read_blocks(
    root: etree._Element, absolute: Callable[[str], str], drop: Collection[etree._Element] = ()
) -> Content:
    """Cut an element into blocks in document order, with the files it links to or shows.

    `absolute` turns a link into an absolute URL; the subtrees in `drop` are left out. Captions are already told
    from paragraphs, and given to their image.
    """
    walker = Walker(root, absolute, drop)
    walked = walker.walk()
    blocks, places = _rejoined(walked)
    find_captions(blocks)
    return Content(
        blocks,
        [(places[before], file) for before, file in walker.files.values()],
        [places[before] for before in walker.films],
        [(places[before], element) for before, element in walker.dropped],
    )


_ORPHAN = re.compile(r"[,.;:!?…)\]”](?!\w)|(?![a-zđ]{1,2}[).])[^\W\d_A-ZĐ]")


def _rejoined(blocks: list[Block]) -> tuple[list[Block], list[int]]:
    """Join lines of one element that a break parted in mid-sentence: one goes on with a comma or small letter.

    The line break stays: words put in place of others often leave one behind. Returns the
    blocks, and for each number of blocks before how many are left of them.
    """
    joined: list[Block] = []
    places = [0]
    parts: list[Block] = []  # of the last block
    for block in blocks:
        before = parts[-1] if parts else None
        if (
            before is not None
            and before.element is block.element
            and before.role is block.role is Role.PARAGRAPH
            and not (before.italic or before.bold or before.centred or before.text[-1] in ".!?:;…")
            and _ORPHAN.match(block.text)
            and not block.text[0].isupper()
        ):
            parts.append(block)
        else:
            _join(parts)
            parts = [block]
            joined.append(block)
        places.append(len(joined))
    _join(parts)
    return joined, places


def _join(parts: list[Block]) -> None:
    """Put what the other blocks say into the first."""
    if len(parts) > 1:
        first = parts[0]
        first.text = "\n".join(block.text for block in parts)
        first.html = "<br>".join(block.html for block in parts)
        first.linked = sum(block.linked for block in parts)
        first.has_file = any(block.has_file for block in parts)


def collect(blocks: Sequence[Block], files: Iterable[Attachment]) -> Body:
    """Gather blocks into a body: its images with their captions in order, and each file once."""
    images: dict[str, Image] = {}
    body = Body(list(blocks), attachments=list(files))
    for block in blocks:
        if block.role is Role.IMAGE and block.image is not None:
            known = images.get(block.image.url)
            if known is None or known.caption is None:
                images[block.image.url] = block.image
        elif block.role is Role.CAPTION:
            body.captions.append(block.text)
    body.images = list(images.values())
    return body
