"""Which lines of an article are the captions of its pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal_archive.model.page import Image
from portal_archive.reading import labels
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.elements import plain
from portal_archive.vietnamese.folding import fold

MAX_CAPTION = 300  # characters


def find_captions(blocks: Sequence[Block]) -> None:
    """Tell captions from paragraphs, and give each to its picture."""
    picture: Block | None = None
    for position, block in enumerate(blocks):
        if block.role is Role.IMAGE:
            picture = block
            continue
        if block.role is not Role.CAPTION and (
            _is_scene(block, blocks[position + 1 : position + 2])
            if picture is None
            else _is_caption(block, picture, blocks[position + 1 : position + 2])
        ):
            block.role = Role.CAPTION
        if block.role is Role.CAPTION:
            owner = picture or _next_picture(blocks, position)
            if owner is not None and owner.image is not None and owner.image.caption is None:
                owner.image = Image(owner.image.url, block.text)
        picture = None


def _next_picture(blocks: Sequence[Block], position: int) -> Block | None:
    follower = blocks[position + 1] if position + 1 < len(blocks) else None
    return follower if follower is not None and follower.role is Role.IMAGE else None


def _is_caption(block: Block, picture: Block, follower: Sequence[Block]) -> bool:
    """Tell whether the text right after a picture is its caption."""
    text = block.text
    if len(text) > MAX_CAPTION or block.role is Role.TABLE or block.element.tag in ("h1", "h2", "h3"):
        return False
    if block.in_picture_table:
        return True
    folded = fold(text)
    if labels.BYLINE_START.match(folded) or _META_LINE.match(folded):
        return False
    if picture.alt and len(picture.alt) > 8 and folded.rstrip(" .") == fold(picture.alt).rstrip(" ."):
        return True
    if block.italic or (block.centred and not block.bold and block.role is Role.PARAGRAPH):
        return True
    if block.glued and block.role is Role.PARAGRAPH and not block.bold:
        # In the picture's own paragraph; not in a whole text whose lines only breaks divide.
        return len(plain(block.element)) <= MAX_CAPTION
    if block.bold or len(text) > 200 or _goes_on(follower):
        return False
    return labels.CAPTION_START.match(folded) is not None or (len(text) <= 120 and text[-1] not in _STOPS)


# A date or a read count, beside the icon of a clock or an eye.
_META_LINE = re.compile(
    r"\W*(?:(?:thu \w+|chu nhat|dang|ngay|luc|cap nhat|thoi gian|xuat ban|gui|dang tai)[\s,:|-]*){0,4}"
    r"\d{1,2}(?::\d\d|\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4})|\W*(?:so )?(?:luot|lan) (?:xem|doc|truy cap)\b"
)
_STOPS = '.!?:;,…”"/'


def _goes_on(follower: Sequence[Block]) -> bool:
    """Tell whether the next block goes on with a sentence that a line break cut in two."""
    text = follower[0].text if follower else ""
    return bool(text) and not (text[0].isupper() or text[0].isdigit() or text[0] in '“"(')


def _is_scene(block: Block, follower: Sequence[Block]) -> bool:
    """Tell whether a line describes a picture that itself is missing: «Quang cảnh hội nghị»."""
    text = block.text
    if block.role is not Role.PARAGRAPH or block.bold or len(text) > 160:
        return False
    folded = fold(text)
    if len(text) <= 100 and labels.SCENE_START.match(folded):
        return True
    return (
        text[-1] not in _STOPS and not _goes_on(follower) and labels.CAPTION_START.match(folded) is not None
    )
