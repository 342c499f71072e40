"""The pictures of a page, told from its decoration and from what stands in their place until they are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

_DECORATION = re.compile(
    r"(?:^|[/_-])(?:clock|calendar|contrast|icons?|facebook|twitter|zalo|youtube|print|printer|rss)[\w-]*\.(?:png|gif|svg|jpe?g)|"
    r"(?:^data:|/(?:icons?|emoticons?|smil(?:ies|eys)|spacer|blank|pixel|arrow|bullet)[/._-]|"
    r"no[_-]?image\.|(?:spacer|blank|pixel|transparent)\.(?:gif|png)|"
    r"(?:^|[/_-])(?:ajax-?)?(?:load(?:ing|er)|lazy-?load|placeholder|spinner)[\w-]*\.(?:gif|svg|png))",
    re.I,
)
# Where the loaders of a page keep the address; before `src`, where a placeholder may stand.
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src", "data-url", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")
SMALL = 40  # pixels: an icon


def image_source(element: etree._Element) -> str | None:
    """Return the address of a picture as it stands in the page; None for decoration.

    That of a lazy loader comes before a placeholder; where there is none, the largest of its set, or that of the
    `picture` around it.
    """
    for name in ("width", "height"):
        size = (element.get(name) or "").removesuffix("px")
        if size.isdigit() and int(size) <= SMALL:
            return None
    for name in _LAZY:
        if (source := element.get(name, "").strip()) and not _DECORATION.search(source):
            return source
    return next((source for source in _of_sets(element) if source and not _DECORATION.search(source)), None)


def _of_sets(element: etree._Element) -> Iterator[str]:
    holders = [element]
    # The parser does not know `source` for an empty element, and puts what follows into it.
    for ancestor in islice(element.iterancestors(), 4):
        if ancestor.tag == "picture":
            holders += ancestor.iter("source")
        if ancestor.tag != "source":
            break
    for holder in holders:
        for name in _SETS:
            yield _largest(holder.get(name) or "")


def _largest(candidates: str) -> str:
    """Return the address of the largest picture of a `srcset`; "" of an empty one."""
    found = [(float(size or 1), address) for address, size in _CANDIDATE.findall(candidates)]
    return max(found, key=lambda candidate: candidate[0])[1] if found else ""
