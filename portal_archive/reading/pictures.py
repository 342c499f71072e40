"""The pictures of a page, told from its decoration."""

from __future__ import annotations

import re

from lxml import etree

_DECORATION = re.compile(
    r"(?:^|[/_-])(?:clock|calendar|contrast|icons?|facebook|twitter|zalo|youtube|print|printer|rss)[\w-]*\.(?:png|gif|svg|jpe?g)|"
    r"(?:^data:|/(?:icons?|emoticons?|smil(?:ies|eys)|spacer|blank|pixel|arrow|bullet)[/._-]|"
    r"no[_-]?image\.|(?:spacer|blank|pixel|transparent)\.(?:gif|png))",
    re.I,
)


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
