"""A run of text between two breaks, or a picture: what every reader of text works on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lxml import etree

from portal_archive.model.page import Image


class Role(Enum):
    """What a block is in the article."""

    PARAGRAPH = "p"
    HEADING = "h"
    ITEM = "li"
    TABLE = "table"
    IMAGE = "img"
    CAPTION = "caption"


@dataclass(slots=True)
class Block:
    """A run of text between two breaks, or an image, in document order."""

    role: Role
    text: str
    html: str
    element: etree._Element
    image: Image | None = None
    alt: str = ""
    linked: int = 0  # characters inside links
    italic: bool = False
    bold: bool = False
    centred: bool = False
    glued: bool = False  # in the same paragraph as the image before it
    in_picture_table: bool = False
    has_file: bool = False  # links to a document
    number: int | None = None  # of an item in a numbered list
