"""What the head and the address of a page call it."""

from __future__ import annotations

import re
from collections import Counter as Multiset
from itertools import islice
from urllib.parse import unquote

from portal_archive.reading import labels
from portal_archive.reading.markup.document import Document
from portal_archive.vietnamese.folding import fold

_SITE_SUFFIX = re.compile(r"\s+(?:[|»:>]{1,2}|[-–—])\s+")
_BAR = re.compile(r"\s+[|»:>]{1,2}\s+")
_DASH = re.compile(r"(\s+[-–—]\s+(?!\d))")
MAX_TITLE = 300
SHORT = 35  # characters: the name of a section is no longer
_ENDINGS = ("html", "htm", "aspx", "php", "jsp")
_MAX_HEAD = 1000  # characters of a title in the head
_MAX_CUTS = 8  # a title has no more parts


def page_titles(document: Document) -> list[str]:
    """Return what the head may mean as title: Open Graph's, all of ``title``, and its beginnings and ends."""
    found: list[str] = []
    if og := document.meta("og:title"):
        found.append(og)
    if whole := document.head_title():
        whole = whole[:_MAX_HEAD]
        cuts = [match.span() for match in islice(_SITE_SUFFIX.finditer(whole), _MAX_CUTS)]
        # "Title - Site" or "Site | Title": a title may itself contain a dash, so longer ones come first.
        found += [whole, *(whole[:start] for start, _ in reversed(cuts)), *(whole[end:] for _, end in cuts)]
    return [title.strip() for title in found if title.strip()]


def title_of_head(document: Document) -> str | None:
    """Return the title where only the head has it: Open Graph's, or ``title`` without the name of the site."""
    if og := document.meta("og:title"):
        return None if is_brand(document, fold(og)) else og
    parts = _BAR.split((document.head_title() or "")[:_MAX_HEAD])
    title = max((part for part in parts if not is_brand(document, fold(part))), key=len, default="")
    if len(parts) == 1:
        pieces = _DASH.split(title)  # with the dashes between them
        title = "".join(
            pieces[2:] if is_brand(document, fold(pieces[0])) else pieces[: max(1, len(pieces) - 2)]
        )
    return title if 20 <= len(title) <= MAX_TITLE and not is_brand(document, fold(title)) else None


def is_named_otherwise(document: Document) -> bool:
    """Tell whether the head names the site or a section where the address is that of an article.

    A short name that has nothing of the address is that of a list; a page without a name tells nothing.
    """
    titles = page_titles(document)
    slug = slug_of(document.url)
    if not titles or any(agreement(slug, fold(title)) for title in titles):
        return False
    parts = (part for title in titles for part in _SITE_SUFFIX.split(title))
    return all(len(part) < SHORT or is_brand(document, fold(part)) for part in parts)


_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def _address_words(url: str) -> list[str]:
    """Return the words of the last part of an address that has any; a query may be a path too: `/xem/?/slug/5`."""
    path = url.replace("?/", "/") if "?/" in url else url.split("?")[0]
    for part in islice(reversed(path.rstrip("/").split("/")[3:]), 3):
        name = _NOT_SLUG.sub(" ", fold(unquote(part)[:MAX_TITLE]))
        words = [word for word in name.split() if not word.isdigit() and word not in _ENDINGS]
        if words:
            return words
    return []


def slug_of(url: str) -> str:
    """Return the words of the last part of an address; "" where it has too few to tell a title by."""
    words = _address_words(url)
    return " ".join(words) if len(words) >= 4 else ""


def short_slug(url: str) -> list[str]:
    """Return the words of the last part of an address, all of which its title has; none of a section."""
    words = _address_words(url)
    return words if len(words) >= 2 and " ".join(words) not in labels.folded("section") else []


def words_of(folded: str) -> list[str]:
    """Return the words of a folded text as an address would have them, without numbers."""
    return [word for word in _NOT_SLUG.sub(" ", folded).split() if not word.isdigit()]


def agreement(slug: str, folded: str) -> float:
    """Tell how far a text is what the address was made of; addresses are cut, and drop some characters."""
    known = slug.split()
    words = words_of(folded)
    common = sum((Multiset(words) & Multiset(known)).values())
    if not known or common < 4 or common < 0.8 * len(known) or common < 0.5 * len(words):
        return 0.0
    return common / max(len(known), len(words))


def is_brand(document: Document, folded: str) -> bool:
    """Tell whether a title is the name of the site."""
    site = document.meta("og:site_name")
    return bool(labels.SITE_NAME_START.match(folded)) or (
        site is not None and fold(site).rstrip(" .") == folded
    )
