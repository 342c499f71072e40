"""A stored page made harmless: nothing runs, and nothing loads or is led to but what the caller puts in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

import nh3
from bs4.dammit import EncodingDetector

from portal_archive.publish.parts.stored_css import harmless_css, style_elements

_TAGS = set(
    "a abbr acronym address area article aside b bdi bdo big blockquote br caption center cite code col colgroup data"
    " dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li"
    " main map mark marquee menu nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup"
    " table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_ATTRIBUTES = {
    "*": set("align bgcolor border class color dir height id lang style title valign width".split()),
    "a": {"href", "name"},
    "area": {"alt", "coords", "href", "shape"},
    "font": {"face", "size"},
    "img": {"alt", "src"},
    "ol": {"start", "type"},
    "table": {"cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_BASE = re.compile(rb"<base\s[^>]*href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def decode(body: bytes, charset: str | None) -> str:
    """Return a page as text, by the charset of its header, else the one it names itself, else as UTF-8."""
    for name in filter(None, (charset, EncodingDetector.find_declared_encoding(body, is_html=True))):
        try:
            return body.decode(name, "replace")
        except LookupError:
            continue
    return body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Copies:
    """What stands in place of the absolute addresses of a stored page.

    `link` gives the address of a link; `picture` and `sheet` that of our copy of a picture or a style sheet, None where
    there is none.
    """

    link: Callable[[str], str]
    picture: Callable[[str], str | None] = lambda _: None
    sheet: Callable[[str], str | None] = lambda _: None


def harmless(body: bytes, url: str, charset: str | None, copies: Copies) -> tuple[str, str]:
    """Return the styles and the content of the stored page of `url`, to be put into the head and body of another.

    It is parsed as browsers do, so that nothing hides from us that they would find.
    """
    base = _BASE.search(body)
    start = urljoin(url, base[1].decode("utf-8", "replace")) if base else url

    def replaced(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return harmless_css(value)
        if attribute not in ("href", "src"):
            return value
        if attribute == "href" and value.startswith("#"):
            return value
        try:
            address = urljoin(start, value.strip())
        except ValueError:
            return None
        if not address.lower().startswith(("http://", "https://")):
            return None
        return copies.picture(address) if attribute == "src" else copies.link(address)

    page = decode(body, charset)
    content = nh3.clean(
        page,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=replaced,
        clean_content_tags={"script", "style", "noscript", "template", "iframe", "object", "title"},
        link_rel="nofollow noopener noreferrer",
    )
    return style_elements(page, start, copies.sheet), content
