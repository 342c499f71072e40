"""Doorway pages: an address that carries another one, search phrases one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from portal_archive.integrity.finding import DOORWAY, finding, together
from portal_archive.integrity.hosts import BRAND
from portal_archive.integrity.passages import Passage, Texts
from portal_archive.integrity.words import NAMES, SELLS
from portal_archive.model.page import Finding

# «/x.php?ID=ab/brand.shtml»: a page name inside a parameter, below two or three random letters.
_CARRIED = re.compile(
    r"[?&][\w\[\]-]{1,12}=(?:[a-z0-9]{1,6}/)+[\w%.+-]+\.(?:s?html?|asp|aspx|php|jsp|xml|shtm)(?:$|[&#])", re.I
)
_SHTML = re.compile(r"\.php[?/].*\.shtml?(?:$|[&#?])", re.I)
_PART = re.compile(r"[^,;|/•·–\n-]+")
_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS = 60
_MOST_DIFFERENT = 250  # words: a text with more of them says something


def find_doorway_address(url: str) -> list[Finding]:
    """Return a finding where an address carries the address of another page; the field is "url"."""
    plain = unquote(url)
    match = _CARRIED.search(plain) or _SHTML.search(plain)
    if match is None:
        return []
    words = " ".join(_WORD.findall(match[0].lower()))
    known = SELLS.within(words) or NAMES.within(words) or BRAND.search(words)
    carried = match[0].rstrip("&#?")
    start = max(url.find(carried), 0)
    end = start + len(carried) if carried in url else len(url)
    return [
        finding(
            DOORWAY, together((0.6, 0.5 if known else 0.0)), url, "url", start, end,
            "The address carries the name of another page, as doorways do.",
            "Địa chỉ chứa tên một trang khác, kiểu trang mồi cho máy tìm kiếm.",
        )
    ]  # fmt: skip


def find_doorway_text(texts: Texts) -> Iterator[Finding]:
    """Yield a finding where the text is search phrases instead of sentences."""
    for passage in texts.passages:
        if passage.field == "title" and _is_list_of_phrases(passage):
            yield _phrases(passage, 0, len(passage.text), 0.7)
        elif passage.field == "body":
            yield from _repeated(passage)


def _is_list_of_phrases(title: Passage) -> bool:
    parts = [part for part in _PART.findall(title.folded) if part.strip()]
    if len(parts) < 3 or len(title.folded_words) > 8 * len(parts):
        return False
    lexicons = (SELLS, NAMES)
    return sum(len(lexicon.spans(title.folded, title.vocabulary)) for lexicon in lexicons) >= 2


def _repeated(body: Passage) -> list[Finding]:
    """Find a text that says the same few words over and over."""
    words = body.folded_words
    if len(words) < _LEAST_WORDS or len(body.vocabulary) >= min(0.45 * len(words), _MOST_DIFFERENT):
        return []
    triples = Counter(zip(words, words[1:], words[2:], strict=False))
    triple, most = triples.most_common(1)[0]
    start = body.folded.find(" ".join(triple))
    if most < 6 or most * 3 <= 0.12 * len(words) or start < 0:
        return []
    known = SELLS.within(body.folded) or NAMES.within(body.folded)
    return [_phrases(body, start, start + len(" ".join(triple)), together((0.5, 0.4 if known else 0.0)))]


def _phrases(passage: Passage, start: int, end: int, score: float) -> Finding:
    return finding(
        DOORWAY, score, passage.text, passage.field, start, end,
        "Search phrases instead of sentences.", "Các cụm từ tìm kiếm thay cho câu văn.",
    )  # fmt: skip
