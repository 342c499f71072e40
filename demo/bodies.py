"""The HTML of an article's body, in the styles that editors of party portals leave behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from html.entities import codepoint2name

from demo.newsroom import Article, Block, Figure, Table

# Text to HTML, and an image to its <img> tag.
Ink = Callable[[str], str]
Picture = Callable[[Figure], str]

_CENTRE = 'style="text-align: center;"'
_FONT = "font-size:14.0pt;font-family:&quot;Times New Roman&quot;,serif"


def ink(article: Article) -> Ink:
    """Return how `article` writes text: escaped, and decomposed or with named entities in some."""

    def write(text: str) -> str:
        text = escape(text, quote=False)
        if article.nfd:
            return unicodedata.normalize("NFD", text)
        if article.entities:
            return "".join(_entity(char) for char in text)
        return text

    return write


def _entity(char: str) -> str:
    name = codepoint2name.get(ord(char)) if ord(char) > 127 else None
    return f"&{name};" if name else char


def body_html(
    style: str,
    blocks: Sequence[Block],
    write: Ink,
    picture: Picture,
    *,
    caption: str | None = None,
    byline: str | None = None,
) -> str:
    """Write `blocks` in one of `demo.newsroom.STYLES`.

    `caption` is the portal's own element for captions; `byline` closes the body in the same style.
    """
    parts: list[str] = []
    for block in blocks:
        match block:
            case str():
                parts.append(_paragraph(style, write(block)))
            case Figure():
                shown = write(block.caption) if block.caption else None
                parts.append(_figure(style, picture(block), shown, caption))
            case Table():
                parts.append(_table(style, [[write(cell) for cell in row] for row in block.rows]))
    if byline:
        parts.append(_paragraph(style, byline if style == "word" else f"<strong>{byline}</strong>"))
    body = "\n".join(parts)
    return f"<div>{body}</div>" if style == "br" else body


def _paragraph(style: str, html: str) -> str:
    match style:
        case "br":
            return f"{html}<br />"
        case "div":
            return f"<div>{html}</div>\n<div>&nbsp;</div>"
        case "word":
            # Word cuts a run anywhere, indents with hard spaces, and leaves one where a space was typed.
            first = re.match(r"&\w+;|.[\u0300-\u036f]*", html)
            cut = first.end() if first else 0
            rest = html[cut:].replace(", ", ",&nbsp;", 1)
            return (
                f'<p class="MsoNormal" style="text-align:justify"><span style="{_FONT}">&nbsp;&nbsp;&nbsp; '
                f'{html[:cut]}</span><span style="{_FONT}"><span lang="VI">{rest}</span></span>'
                "<o:p></o:p></p>"
            )
    return f'<p style="text-align: justify;">{html}</p>'


def _figure(style: str, image: str, caption: str | None, tag: str | None) -> str:
    if tag and caption:
        shown = f"<{tag}>{caption}</{tag.split()[0]}>"
        return f"{image}{shown}" if style == "br" else f"<div {_CENTRE}>{image}</div>\n{shown}"
    match style:
        case "br":
            return f"{image}<br />" + (f"\n<em>{caption}</em><br />" if caption else "")
        case "div":
            return f"<div {_CENTRE}>{image}</div>" + (
                f"\n<div {_CENTRE}><i>{caption}</i></div>" if caption else ""
            )
        case "word" | "table":
            below = f'<tr><td><p align="center"><em>{caption}</em></p></td></tr>' if caption else ""
            return f'<table align="center"><tbody><tr><td>{image}</td></tr>{below}</tbody></table>'
        case "figure":
            below = f"<figcaption>{caption}</figcaption>" if caption else ""
            return f'<figure class="image">{image}{below}</figure>'
    return f"<p {_CENTRE}>{image}</p>" + (f"\n<p {_CENTRE}><em>{caption}</em></p>" if caption else "")


def _table(style: str, rows: list[list[str]]) -> str:
    cell = '<td><p class="MsoNormal">{}<o:p></o:p></p></td>' if style == "word" else "<td>{}</td>"
    lines = "\n".join("<tr>" + "".join(cell.format(text) for text in row) + "</tr>" for row in rows)
    return f'<table border="1" cellspacing="0"><tbody>\n{lines}\n</tbody></table>'
