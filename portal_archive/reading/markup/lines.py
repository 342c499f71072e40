"""What a line of a page is: running text, a button, the link to a file or to another article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal_archive.reading import labels
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.document import Document
from portal_archive.vietnamese.folding import fold

LONG = 60  # characters: shorter lines are menus, labels and captions


@dataclass(slots=True)
class PageLines:
    """The blocks of a whole page in its order, each with its folded text.

    `announced` are the indexes of those that stand in boxes of other articles.
    """

    document: Document
    blocks: Sequence[Block]
    folds: Sequence[str]
    announced: set[int]

    def is_own(self, index: int) -> bool:
        """Tell whether a block is neither of another article's box nor its linked title."""
        return index not in self.announced and not is_link(self.blocks[index])


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
        or labels.FOLLOW_LINE.match(folded)
        or labels.BLOCK_TITLE.match(folded)
        or not any(map(str.isalnum, text))
    )


def is_file_link(block: Block) -> bool:
    """Tell whether a line is nothing but the link to a file."""
    return block.has_file and block.linked >= 0.8 * len(block.text) > 0


def is_link(block: Block) -> bool:
    """Tell whether a block is the title of another article, with or without its date."""
    return (
        block.linked >= 25
        and block.linked >= 0.6 * len(block.text)
        and len(block.text) - block.linked <= 25
        and not is_file_link(block)
        and not labels.SOURCE_LINE.match(fold(block.text))
    )
