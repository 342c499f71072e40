"""From the element that holds an article's text to paragraphs, captions, images and clean HTML.

Editors paste from Word, press Enter twice, put pictures into one-column tables and captions into italics; the
same article must come out of each of these as the same paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from html import escape
from typing import cast

from lxml import etree

from portal_archive.model.page import Attachment, Image
from portal_archive.reading import labels
from portal_archive.reading.text import clean
from portal_archive.vietnamese.folding import fold, nfc

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SKIPPED = frozenset(
    "script style noscript iframe object embed select option button input textarea svg template audio "
    "video head map".split()
)
_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub", "u": "u"}
_ITALIC = frozenset(("i", "em"))
_BOLD = frozenset(("b", "strong"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|hide|d-none|modal|sr-only|visually-hidden|noprint|no-print)(?:\s|$)"
)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_CAPTION_CLASS = re.compile(
    r"caption|(?:^|\s)comment(?:\s|$)|chu-?thich|img-?(?:title|desc|note)|image-?(?:desc|note|title)|photo-?(?:desc|note)|comment-?img",
    re.I,
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|odt|ods)(?:$|[?#])|[?&]download=\d", re.I)
_DOWNLOAD = re.compile(r"^(?:Tải về|Tải xuống|Tải file|Download)\s*:?\s+(?=\S)", re.I)
_FILE_NAME = re.compile(r"[\w.()-]+\.(?:jpe?g|png|gif|bmp)", re.I)
# An item of a list that was typed, not marked up.
_BULLETS = "-–+•·▪*"
_BULLET = re.compile(rf"^((?:<[^>]*>|\s)*)[{_BULLETS}]\s+")
_DECORATION = re.compile(
    r"(?:^|[/_-])(?:clock|calendar|contrast|icons?|facebook|twitter|zalo|youtube|print|printer|rss)[\w-]*\.(?:png|gif|svg|jpe?g)|"
    r"(?:^data:|/(?:icons?|emoticons?|smil(?:ies|eys)|spacer|blank|pixel|arrow|bullet)[/._-]|"
    r"no[_-]?image\.|(?:spacer|blank|pixel|transparent)\.(?:gif|png))",
    re.I,
)
MAX_CAPTION = 300


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


def is_hidden(element: etree._Element) -> bool:
    """Tell whether the element's own style or class keeps it from being seen."""
    style, classes = element.get("style"), element.get("class")
    return bool(
        (style and "none" in style and _HIDDEN_STYLE.search(style))
        or (classes and _HIDDEN_CLASS.search(classes))
    )


def texts_of(element: etree._Element) -> Iterator[str]:
    """Iterate over all text below an element, piece by piece."""
    return cast("Iterator[str]", element.itertext())


def plain(element: etree._Element) -> str:
    """Return all text below an element on one line ("" when there is none)."""
    return clean(" ".join(texts_of(element))) or ""


def image_source(element: etree._Element) -> str | None:
    """Return the address of a picture: that of its lazy loader before a placeholder; None for decoration."""
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        source = (element.get(name) or "").strip()
        if source and not _DECORATION.search(source):
            break
    else:
        return None
    for name in ("width", "height"):
        size = (element.get(name) or "").removesuffix("px")
        if size.isdigit() and int(size) <= 40:
            return None
    return source


class _Walker:
    """Walks one element once and cuts what it sees into blocks."""

    def __init__(
        self, root: etree._Element, absolute: Callable[[str], str], drop: Collection[etree._Element]
    ) -> None:
        self.root = root
        self.absolute = absolute
        self.drop = drop
        self.blocks: list[Block] = []
        self.files: list[tuple[int, Attachment]] = []  # with the number of blocks before
        self.holders = [root]
        self.inline: list[str] = []  # open inline tags, innermost last
        self.parts: list[str | tuple[str]] = []  # text, and markup as 1-tuples
        self.has_markup = False
        self.chars = self.italic_chars = self.bold_chars = self.linked = 0
        self.emphasis = self.strength = self.in_link = self.picture_tables = 0
        self.picture_in_paragraph = False

    def walk(self) -> list[Block]:
        walker = etree.iterwalk(self.root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if element is not self.root and (
                    tag in _SKIPPED or element in self.drop or is_hidden(element)
                ):
                    skipped = element
                    walker.skip_subtree()
                elif tag == "table" and element is not self.root and (rows := _data_rows(element)):
                    self._flush()
                    text = "\n".join("\t".join(row) for row in rows)
                    self.blocks.append(Block(Role.TABLE, text, "", element))
                    skipped = element
                    walker.skip_subtree()
                else:
                    self._open(element, tag)
            else:
                if element is skipped:
                    skipped = None
                    if tag in _BLOCKS:
                        self._flush()
                else:
                    self._close(element, tag)
                if element is not self.root and element.tail:
                    self._add(element.tail)
        self._flush()
        return self.blocks

    def _open(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            self.picture_in_paragraph = False
            self.holders.append(element)
            if (
                tag == "table"
                and element.find(".//img") is not None
                and len(plain(element)) < 2 * MAX_CAPTION
            ):
                self.picture_tables += 1
        elif tag == "br":
            self._flush()
        elif tag == "img":
            self._picture(element)
        elif tag in _INLINE:
            self.emphasis += tag in _ITALIC
            self.strength += tag in _BOLD
            self._markup(f"<{_INLINE[tag]}>")
            self.inline.append(_INLINE[tag])
        elif tag == "a":
            self.in_link += 1
            href = (element.get("href") or "").strip()
            if _FILE.search(href):
                url = self.absolute(href)
                if all(url != known.url for _, known in self.files):
                    title = _DOWNLOAD.sub("", plain(element)) or None
                    self.files.append((len(self.blocks), Attachment(url, title)))
            if href and not href.lower().startswith(("javascript:", "#", "data:", "vbscript:")):
                self._markup(f'<a href="{escape(self.absolute(href))}">')
                self.inline.append("a")
            else:
                self.inline.append("")
        if element.text:
            self._add(element.text)

    def _close(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            self.picture_in_paragraph = False
            if len(self.holders) > 1:
                self.holders.pop()
            if tag == "table" and self.picture_tables:
                self.picture_tables -= 1
        elif (tag in _INLINE or tag == "a") and self.inline:
            self.emphasis -= tag in _ITALIC
            self.strength -= tag in _BOLD
            self.in_link -= tag == "a"
            if name := self.inline.pop():
                self._markup(f"</{name}>")

    def _add(self, text: str) -> None:
        length = 0 if text.isspace() else len(text)
        if not length and not self.parts:
            return
        self.parts.append(text)
        self.chars += length
        if self.emphasis:
            self.italic_chars += length
        if self.strength:
            self.bold_chars += length
        if self.in_link:
            self.linked += length

    def _markup(self, token: str) -> None:
        self.parts.append((token,))
        self.has_markup = True

    def _picture(self, element: etree._Element) -> None:
        if (source := image_source(element)) is None:
            return
        self._flush()
        alt = clean(element.get("alt")) or ""
        self.blocks.append(
            Block(Role.IMAGE, "", "", self.holders[-1], image=Image(self.absolute(source)), alt=alt)
        )
        self.picture_in_paragraph = True

    def _flush(self) -> None:
        if not self.parts:
            return
        parts, self.parts = self.parts, []
        has_markup, self.has_markup = self.has_markup, False
        chars, italic, bold, linked = self.chars, self.italic_chars, self.bold_chars, self.linked
        self.chars = self.italic_chars = self.bold_chars = self.linked = 0
        if not chars:
            # Inline tags that only opened or closed here still belong to the next block.
            return
        text = clean("".join([part for part in parts if type(part) is str]) if has_markup else "".join(parts))  # type: ignore[arg-type]
        if text is None:
            return
        holder = self.holders[-1]
        classes = holder.get("class")
        if "." in text[-5:-3] and _FILE_NAME.fullmatch(text):
            # The name of a picture, printed where the picture is missing.
            self.blocks.append(Block(Role.IMAGE, "", "", holder))
            return
        role = Role.PARAGRAPH
        if holder.tag in _HEADINGS:
            role = Role.HEADING
        elif holder.tag == "figcaption" or (classes and _CAPTION_CLASS.search(classes)):
            role = Role.CAPTION
        elif holder.tag == "li":
            role = Role.ITEM
        html = _balanced(parts) if has_markup else escape(text, quote=False)
        if (
            text[0] in _BULLETS
            and role in (Role.PARAGRAPH, Role.ITEM)
            and (bare := text[1:].lstrip()) != text[1:]
        ):
            role, text, html = Role.ITEM, bare, _BULLET.sub(r"\1", html, count=1)
        self.blocks.append(
            Block(
                role,
                text,
                html,
                holder,
                linked=linked,
                italic=italic >= 0.9 * chars,
                bold=bold >= 0.9 * chars,
                centred=_is_centred(holder),
                glued=self.picture_in_paragraph,
                in_picture_table=self.picture_tables > 0,
            )
        )


def _balanced(parts: Iterable[str | tuple[str]]) -> str:
    """Return escaped text with its inline tags; tags that open or close outside these parts are left out."""
    out: list[str] = []
    opened: list[int] = []
    for part in parts:
        if isinstance(part, str):
            out.append(escape(part, quote=False))
        elif part[0].startswith("</"):
            if opened:
                opened.pop()
                out.append(part[0])
        else:
            opened.append(len(out))
            out.append(part[0])
    for index in opened:
        out[index] = ""
    html = " ".join("".join(out).split())
    return html if html.isascii() else nfc(html)


def _is_centred(element: etree._Element) -> bool:
    if element.tag == "center" or element.get("align") == "center":
        return True
    style = element.get("style")
    if style and _CENTRED.search(style):
        return True
    return "text-center" in (element.get("class") or "").split()


def _data_rows(table: etree._Element) -> list[list[str]] | None:
    """Return the cells of a table of data; None for one that only lays out pictures or text."""
    if table.find(".//table") is not None or table.find(".//img") is not None:
        return None
    rows: list[list[str]] = []
    wide = 0
    for row in table.iter("tr"):
        cells = [plain(cell) for cell in row if cell.tag in ("td", "th")]
        if any(len(cell) > 600 for cell in cells):
            return None
        if any(cells):
            rows.append(cells)
            wide += sum(1 for cell in cells if cell) > 1
    return rows if wide >= 2 and wide * 2 >= len(rows) else None


def read_blocks(
    root: etree._Element, absolute: Callable[[str], str], drop: Collection[etree._Element] = ()
) -> tuple[list[Block], list[tuple[int, Attachment]]]:
    """Cut an element into blocks in document order, and collect the files it links to.

    Each file comes with the number of blocks before it.

    `absolute` turns a link into an absolute URL; the subtrees in `drop` are left out. Captions are already told
    from paragraphs, and given to their image.
    """
    walker = _Walker(root, absolute, drop)
    blocks = _rejoined(walker.walk())
    _find_captions(blocks)
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


def _find_captions(blocks: Sequence[Block]) -> None:
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
