"""From the element that holds an article's text to paragraphs, captions, images and clean HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from portal_archive.model.page import Attachment, Image
from portal_archive.reading.block import Block, Role
from portal_archive.reading.captions import find_captions
from portal_archive.reading.walker import Walker


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
        in_list = False
        for block in self.blocks:
            if (block.role is Role.ITEM) != in_list:
                out.append("</ul>" if in_list else "<ul>")
                in_list = not in_list
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
        if in_list:
            out.append("</ul>")
        # A caption belongs into the figure before it.
        html = "\n".join(out).replace("</figure>\n<figcaption>", "<figcaption>")
        return html.replace("</figcaption>\n", "</figcaption></figure>\n") if html else None


def read_blocks(
    root: etree._Element, absolute: Callable[[str], str], drop: Collection[etree._Element] = ()
) -> tuple[list[Block], list[tuple[int, Attachment]]]:
    """Cut an element into blocks in document order, and collect the files it links to.

    Each file comes with the number of blocks before it.

    `absolute` turns a link into an absolute URL; the subtrees in `drop` are left out. Captions are already told
    from paragraphs, and given to their image.
    """
    walker = Walker(root, absolute, drop)
    blocks = _rejoined(walker.walk())
    find_captions(blocks)
    return blocks, walker.files


_ORPHAN = re.compile(r"[,.;:!?…)\]”](?!\w)|(?![a-zđ]{1,2}[).])[^\W\d_A-ZĐ]")


def _rejoined(blocks: list[Block]) -> list[Block]:
    """Join lines of one element that a break parted in mid-sentence: one goes on with a comma or small letter.

    The line break stays: words put in place of others often leave one behind.
    """
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.element is block.element
            and before.role is block.role is Role.PARAGRAPH
            and not (before.italic or before.bold or before.centred or before.text[-1] in ".!?:;…")
            and _ORPHAN.match(block.text)
            and not block.text[0].isupper()
        ):
            before.text += f"\n{block.text}"
            before.html += f"<br>{block.html}"
            before.linked += block.linked
        else:
            joined.append(block)
    return joined


def collect(blocks: Sequence[Block], files: Iterable[Attachment]) -> Body:
    """Gather blocks into a body: its images with their captions in order, and each file once."""
    body = Body(list(blocks), attachments=list(files))
    for block in blocks:
        if block.role is Role.IMAGE and block.image is not None:
            if all(block.image.url != known.url for known in body.images):
                body.images.append(block.image)
        elif block.role is Role.CAPTION:
            body.captions.append(block.text)
    return body
