"""From an element to blocks: one walk through its tree, which cuts what it sees at every break.

Editors paste from Word, press Enter twice, put pictures into one-column tables; the same article must come out of each
of these as the same paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from html import escape

from lxml import etree

from portal_archive.model.page import Attachment, Image
from portal_archive.reading.article.captions import MAX_CAPTION
from portal_archive.reading.markup.block import Block, Role
from portal_archive.reading.markup.elements import is_hidden, is_longer, plain
from portal_archive.reading.markup.files import embedded_file, linked_file, shows_film
from portal_archive.reading.markup.pictures import image_source
from portal_archive.reading.markup.tables import data_rows
from portal_archive.reading.markup.text import clean
from portal_archive.vietnamese.folding import nfc

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
_FRAMES = frozenset(("iframe", "embed", "object", "video", "audio"))
_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub", "u": "u"}
# Elements of which more is noted than their text.
_MARKED = _BLOCKS.union(_INLINE, ("br", "img", "amp-img", "a"))
_ITALIC = frozenset(("i", "em"))
_BOLD = frozenset(("b", "strong"))
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_CAPTION_CLASS = re.compile(
    r"caption|(?:^|\s)comment(?:\s|$)|chu-?thich|img-?(?:title|desc|note)|image-?(?:desc|note|title)|photo-?(?:desc|note)|comment-?img",
    re.I,
)
_DOWNLOAD = re.compile(r"^(?:Tải về|Tải xuống|Tải file|Download)\s*:?\s+(?=\S)", re.I)
_FILE_NAME = re.compile(r"[\w.()-]+\.(?:jpe?g|png|gif|bmp)", re.I)
# An item of a list that was typed, not marked up.
_BULLETS = "-–+•·▪*"
_BULLET = re.compile(rf"^((?:<[^>]*>|\s)*)[{_BULLETS}]\s+")


class Walker:
    """Walks one element once and cuts what it sees into blocks."""

    def __init__(
        self, root: etree._Element, absolute: Callable[[str], str], drop: Collection[etree._Element]
    ) -> None:
        self.root = root
        self.absolute = absolute
        self.drop = drop
        self.blocks: list[Block] = []
        self.files: dict[str, tuple[int, Attachment]] = {}  # by URL, with the number of blocks before
        self.films: list[int] = []  # the number of blocks before each
        self.dropped: list[tuple[int, etree._Element]] = []
        self.counting: list[int | None] = []  # the next number of each open list, None in one without numbers
        self.numbers: dict[etree._Element, int] = {}
        self.holders = [root]
        self.inline: list[str] = []  # open inline tags, innermost last
        self.parts: list[str | tuple[str]] = []  # text, and markup as 1-tuples
        self.has_markup = self.has_file = False
        self.chars = self.italic_chars = self.bold_chars = self.linked = 0
        self.emphasis = self.strength = self.in_link = self.picture_tables = 0
        self.picture_in_paragraph = False

    def walk(self) -> list[Block]:
        """Return the blocks, in document order."""
        walker = etree.iterwalk(self.root, events=("start", "end"))
        root, drop = self.root, self.drop
        skipped: etree._Element | None = None
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if element is not root and (tag in _SKIPPED or element in drop or is_hidden(element)):
                    self._skip(element, tag)
                    skipped = element
                    walker.skip_subtree()
                elif address := element.get("data-cfemail"):
                    self._add(_email(address))
                    skipped = element
                    walker.skip_subtree()
                elif tag == "table" and element is not root and (rows := data_rows(element)):
                    self._flush()
                    text = "\n".join("\t".join(row) for row in rows)
                    self.blocks.append(Block(Role.TABLE, text, "", element))
                    skipped = element
                    walker.skip_subtree()
                else:
                    if tag in _MARKED:
                        self._open(element, tag)
                    if text := element.text:
                        self._add(text)
            else:
                if element is skipped:
                    skipped = None
                    if tag in _BLOCKS and self.parts:
                        self._flush()
                elif tag in _MARKED:
                    self._close(element, tag)
                if element is not root and (tail := element.tail):
                    self._add(tail)
        self._flush()
        return self.blocks

    def _open(self, element: etree._Element, tag: str) -> None:
        """Note what an element that is a block, a break, a picture or inline markup begins with."""
        if tag in _BLOCKS:
            if self.parts:
                self._flush()
            self.picture_in_paragraph = False
            self.holders.append(element)
            if tag in ("ol", "ul"):
                self.counting.append(_integer(element.get("start"), 1) if tag == "ol" else None)
            elif tag == "li" and self.counting and (following := self.counting[-1]) is not None:
                self.numbers[element] = _integer(element.get("value"), following)
                self.counting[-1] = self.numbers[element] + 1
            if (
                tag == "table"
                and element.find(".//img") is not None
                and not is_longer(element, 2 * MAX_CAPTION)
            ):
                self.picture_tables += 1
        elif tag == "br":
            self._flush()
        elif tag in ("img", "amp-img"):
            self._picture(element)
        elif tag in _INLINE:
            self.emphasis += tag in _ITALIC
            self.strength += tag in _BOLD
            self._markup(f"<{_INLINE[tag]}>")
            self.inline.append(_INLINE[tag])
        elif tag == "a":
            self.in_link += 1
            href = (element.get("href") or "").strip()
            if (file := linked_file(element)) is not None:
                self.has_file = True
                self._file(file, _DOWNLOAD.sub("", plain(element)) or None)
            if href and not href.lower().startswith(("javascript:", "#", "data:", "vbscript:")):
                self._markup(f'<a href="{escape(self.absolute(href))}">')
                self.inline.append("a")
            else:
                self.inline.append("")

    def _skip(self, element: etree._Element, tag: str) -> None:
        """Note what a part that is not walked through shows all the same."""
        if element in self.drop:
            self.dropped.append((len(self.blocks), element))
        elif tag == "noscript":
            # What a page shows without scripts, its lazy loader brings otherwise.
            for picture in element.iter("img"):
                self._picture(picture)
        elif tag in _FRAMES:
            if (file := embedded_file(element)) is not None:
                self._file(file, clean(element.get("title")))
            elif shows_film(element):
                self.films.append(len(self.blocks))

    def _file(self, href: str, title: str | None) -> None:
        url = self.absolute(href)
        known = self.files.get(url)
        if known is None or (known[1].title is None and title):
            self.files[url] = (known[0] if known else len(self.blocks), Attachment(url, title))

    def _close(self, element: etree._Element, tag: str) -> None:
        if tag in _BLOCKS:
            if self.parts:
                self._flush()
            self.picture_in_paragraph = False
            if len(self.holders) > 1:
                self.holders.pop()
            if tag in ("ol", "ul") and self.counting:
                self.counting.pop()
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
        url = self.absolute(source)
        last = self.blocks[-1].image if self.blocks else None
        if last is None or last.url != url:
            self.blocks.append(Block(Role.IMAGE, "", "", self.holders[-1], image=Image(url), alt=alt))
        self.picture_in_paragraph = True

    def _flush(self) -> None:
        if not self.parts:
            return
        parts, self.parts = self.parts, []
        has_markup, self.has_markup = self.has_markup, False
        has_file, self.has_file = self.has_file, False
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
                has_file=has_file,
                number=self.numbers.pop(holder, None),
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


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) < 6 and text.isdecimal() else otherwise


def _email(coded: str) -> str:
    """Return the address that Cloudflare hides from robots: each byte is changed by the first."""
    try:
        key, *letters = bytes.fromhex(coded)
    except ValueError:
        return ""
    return bytes(letter ^ key for letter in letters).decode("utf-8", "replace")


def _is_centred(element: etree._Element) -> bool:
    if element.tag == "center" or element.get("align") == "center":
        return True
    style = element.get("style")
    if style and _CENTRED.search(style):
        return True
    return "text-center" in (element.get("class") or "").split()
