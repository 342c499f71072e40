"""What a line of a page is: running text, a button, the link to a file or to another article."""

from __future__ import annotations

import re

from portal_archive.reading import labels
from portal_archive.reading.block import Block, Role

LONG = 60  # characters: shorter lines are menus, labels and captions
_FILE_LINK = re.compile(r'href="[^"]+\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)(?:["?#])', re.I)


def is_text(block: Block) -> bool:
    """Tell whether a block is running text."""
    return (
        block.role in (Role.PARAGRAPH, Role.ITEM, Role.HEADING)
        and len(block.text) >= LONG
        and block.linked * 3 < len(block.text)
    )


def is_toolbar(text: str, folded: str) -> bool:
    """Tell whether a line is buttons of the page, or the title of one of its blocks."""
    return len(text) <= 160 and bool(
        labels.TOOLBAR_LINE.match(folded)
        or labels.BLOCK_TITLE.match(folded)
        or not any(map(str.isalnum, text))
    )


def is_file_link(block: Block) -> bool:
    """Tell whether a line is nothing but the link to a file."""
    return block.linked >= 0.8 * len(block.text) > 0 and _FILE_LINK.search(block.html) is not None


def is_link(block: Block) -> bool:
    """Tell whether a block is the title of another article, with or without its date."""
    return (
        block.linked >= 25
        and block.linked >= 0.6 * len(block.text)
        and len(block.text) - block.linked <= 25
        and not is_file_link(block)
    )
